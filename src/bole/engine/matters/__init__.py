"""Matters (事项): forms, ledgers, trackers and notices of any office as kinds in packs."""

from bole.engine.matters.course import (
    Actor,
    ClockStanding,
    Done,
    Matter,
    MoveStanding,
    clocks,
    in_force,
    lapse,
    open_moves,
    state_on,
)
from bole.engine.matters.judgement import (
    Finding,
    Judgement,
    Look,
    Sheet,
    begun,
    judge,
    judged,
    of_problems,
)
from bole.engine.matters.models import AREAS, ROLES, Clock, MatterField, MatterKind, Move, State
from bole.engine.matters.section import every_judge, item_of, read_matters
from bole.engine.matters.values import applies, derived, filled, natives, read_values

__all__ = [
    "AREAS",
    "ROLES",
    "Actor",
    "Clock",
    "ClockStanding",
    "Done",
    "Finding",
    "Judgement",
    "Look",
    "Matter",
    "MatterField",
    "MatterKind",
    "Move",
    "MoveStanding",
    "Sheet",
    "State",
    "applies",
    "begun",
    "clocks",
    "derived",
    "filled",
    "in_force",
    "item_of",
    "judge",
    "judged",
    "every_judge",
    "lapse",
    "natives",
    "of_problems",
    "open_moves",
    "read_matters",
    "read_values",
    "state_on",
]
