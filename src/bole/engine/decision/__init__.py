"""Deliberation and after: votes, gates, conduct of the meeting, notices, probation."""

from bole.engine.decision.conduct import ConductRule, ItemMinutes, Statement, check_minutes
from bole.engine.decision.gates import Gate, GateSet, GatesReading, next_opening, read_gates
from bole.engine.decision.notices import (
    Attempt,
    Complaint,
    ComplaintReading,
    ComplaintState,
    NoticeRule,
    may_issue,
    merged,
    places,
    read_complaints,
    run_notice,
)
from bole.engine.decision.probation import (
    ConclusionReading,
    ConclusionState,
    ProbationDates,
    ProbationRule,
    probation_dates,
    read_conclusion,
)
from bole.engine.decision.section import SECTIONS, read_section, resolved
from bole.engine.decision.vote import (
    Decided,
    DifferentialReading,
    VoteReading,
    VoteRule,
    read_differential,
    read_vote,
)

__all__ = [
    "SECTIONS",
    "Attempt",
    "Complaint",
    "ComplaintReading",
    "ComplaintState",
    "ConclusionReading",
    "ConclusionState",
    "ConductRule",
    "Decided",
    "DifferentialReading",
    "Gate",
    "GateSet",
    "GatesReading",
    "ItemMinutes",
    "NoticeRule",
    "ProbationDates",
    "ProbationRule",
    "Statement",
    "VoteReading",
    "VoteRule",
    "check_minutes",
    "may_issue",
    "merged",
    "next_opening",
    "places",
    "probation_dates",
    "read_complaints",
    "read_conclusion",
    "read_differential",
    "read_gates",
    "read_section",
    "read_vote",
    "resolved",
    "run_notice",
]
