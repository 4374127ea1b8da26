"""Procedures: links, steps, gates as data, and where a running case stands in them."""

from bole.engine.procedures.base import Needed, Param, When
from bole.engine.procedures.check import Finding, validate
from bole.engine.procedures.context import (
    AnswerRecord,
    BallotRecord,
    CaseState,
    CheckRecord,
    Chosen,
    GateContext,
    HeadcountRow,
    HoldRecord,
    PaperRecord,
    Recorded,
    RuleOutcome,
    Signature,
    StepRecord,
    Suspension,
    Written,
)
from bole.engine.procedures.difference import Change, Move, difference, move
from bole.engine.procedures.evaluate import Reason
from bole.engine.procedures.layout import Layout, layout
from bole.engine.procedures.models import Link, Paper, Procedure, Step
from bole.engine.procedures.status import (
    Again,
    CaseStatus,
    Due,
    LinkStatus,
    StepStatus,
    again,
    return_to,
    status,
    steps_after,
)

__all__ = [
    "Again",
    "AnswerRecord",
    "BallotRecord",
    "CaseState",
    "CaseStatus",
    "Change",
    "CheckRecord",
    "Chosen",
    "Due",
    "Finding",
    "GateContext",
    "HeadcountRow",
    "HoldRecord",
    "Layout",
    "Link",
    "LinkStatus",
    "Move",
    "Paper",
    "PaperRecord",
    "Param",
    "Procedure",
    "Reason",
    "Recorded",
    "RuleOutcome",
    "Signature",
    "Step",
    "StepRecord",
    "StepStatus",
    "Suspension",
    "Needed",
    "When",
    "Written",
    "again",
    "difference",
    "layout",
    "move",
    "return_to",
    "status",
    "steps_after",
    "validate",
]
