"""Recommendation and nomination: intake, rights, matrices, rounds, meetings, credit, channels."""

from bole.engine.nomination.channels import Channels, Named, cross_check
from bole.engine.nomination.credit import (
    Credit,
    CreditResult,
    CreditRound,
    LaterEvent,
    account,
)
from bole.engine.nomination.intake import (
    Examined,
    Form,
    IntakeRules,
    Recommender,
    RecommenderClass,
    examine,
    may_review,
)
from bole.engine.nomination.matrix import Nomination, NominationMatrix, permit
from bole.engine.nomination.meeting import Meeting, Nominated, Part, nominate, quorum, threshold
from bole.engine.nomination.notices import Notice, Received, announce, received, window
from bole.engine.nomination.rates import Rate, RateResult, RateState, rate
from bole.engine.nomination.rounds import Category, NamedPerson, Round, check_form

__all__ = [
    "Category",
    "Channels",
    "Credit",
    "CreditResult",
    "CreditRound",
    "Examined",
    "Form",
    "IntakeRules",
    "LaterEvent",
    "Meeting",
    "Named",
    "NamedPerson",
    "Nominated",
    "Nomination",
    "NominationMatrix",
    "Notice",
    "Part",
    "Rate",
    "RateResult",
    "RateState",
    "Received",
    "Recommender",
    "RecommenderClass",
    "Round",
    "account",
    "announce",
    "check_form",
    "cross_check",
    "examine",
    "may_review",
    "nominate",
    "permit",
    "quorum",
    "rate",
    "received",
    "threshold",
    "window",
]
