"""Pools, named lists, records, locks and priorities: who enters, who is held, who comes first."""

from bole.engine.lists.adverse import AdverseItem, Effect, effect
from bole.engine.lists.bands import AgeBand, AgeBands, Banding, about_age, band_of
from bole.engine.lists.conditions import Condition, ConditionRule, Judged, Possible, judge
from bole.engine.lists.dossier import Dossier, DossierField, accept
from bole.engine.lists.entries import Arrow, EntryState, move
from bole.engine.lists.feeds import Feed, Reported, period
from bole.engine.lists.locks import Lock, LockResult, judge_locks
from bole.engine.lists.named import NamedList
from bole.engine.lists.pools import Placement, Pool, Proposal, Tier, place, review_member
from bole.engine.lists.priorities import Candidate, Ordered, Preference, Priority, order
from bole.engine.lists.record import Entry, EntryResult, RecordRules, file_entry, visible
from bole.engine.lists.reviews import Reset, Review, due_days, reset_standing
from bole.engine.lists.stages import change_stage
from bole.engine.lists.types import Intake, Row, RowResult, TypeQuotas, take_in

__all__ = [
    "AdverseItem",
    "AgeBand",
    "AgeBands",
    "Arrow",
    "Banding",
    "Candidate",
    "Condition",
    "ConditionRule",
    "Dossier",
    "DossierField",
    "Effect",
    "Entry",
    "EntryResult",
    "EntryState",
    "Feed",
    "Intake",
    "Judged",
    "Lock",
    "LockResult",
    "NamedList",
    "Ordered",
    "Placement",
    "Pool",
    "Possible",
    "Preference",
    "Priority",
    "Proposal",
    "RecordRules",
    "Reported",
    "Reset",
    "Review",
    "Row",
    "RowResult",
    "Tier",
    "TypeQuotas",
    "about_age",
    "accept",
    "band_of",
    "change_stage",
    "due_days",
    "effect",
    "file_entry",
    "judge",
    "judge_locks",
    "move",
    "order",
    "period",
    "place",
    "reset_standing",
    "review_member",
    "take_in",
    "visible",
]
