"""Three-valued answers: met, not met, or unknown because something is missing (Kleene)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """The answer of a rule. UNKNOWN never counts as a pass and never as a fault."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Verdict:
        """True, False or None (missing) as a verdict."""
        if value is None:
            return cls.UNKNOWN
        return cls.MET if value else cls.NOT_MET


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if all are met; one that is not met decides even beside unknown ones; empty is met."""
    seen = set(verdicts)
    if Verdict.NOT_MET in seen:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if one is met, even beside unknown ones; empty is not met."""
    seen = set(verdicts)
    if Verdict.MET in seen:
        return Verdict.MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.NOT_MET


def negate(verdict: Verdict) -> Verdict:
    """The opposite; unknown stays unknown."""
    return {
        Verdict.MET: Verdict.NOT_MET,
        Verdict.NOT_MET: Verdict.MET,
        Verdict.UNKNOWN: Verdict.UNKNOWN,
    }[verdict]
