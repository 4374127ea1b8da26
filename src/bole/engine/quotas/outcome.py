"""What a quota, a limit or a condition answers, with the numbers that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bole.engine.text import Text
from bole.engine.verdict import Verdict


class Outcome(StrEnum):
    """The answers of chapters 1 and 2; only MET, NOT_MET and UNKNOWN are verdicts of a rule."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "cannot be judged"
    BAND_NOT_SET = "band not set"
    NOT_DECIDED = "not decided"
    NOT_APPLICABLE = "not applicable"
    EXCEPTED = "excepted"

    @property
    def verdict(self) -> Verdict:
        """The three-valued verdict: what does not apply or is excepted stands in nobody's way."""
        return {
            Outcome.NOT_MET: Verdict.NOT_MET,
            Outcome.UNKNOWN: Verdict.UNKNOWN,
            Outcome.BAND_NOT_SET: Verdict.UNKNOWN,
            Outcome.NOT_DECIDED: Verdict.UNKNOWN,
        }.get(self, Verdict.MET)

    @classmethod
    def of(cls, verdict: Verdict) -> Outcome:
        """The outcome that says the same as a verdict."""
        return {
            Verdict.MET: cls.MET,
            Verdict.NOT_MET: cls.NOT_MET,
            Verdict.UNKNOWN: cls.UNKNOWN,
        }[verdict]

    @property
    def words(self) -> Text:
        """The outcome as a page shows it."""
        return _WORDS[self]


_WORDS = {
    Outcome.MET: Text("达到", "met"),
    Outcome.NOT_MET: Text("未达到", "not met"),
    Outcome.UNKNOWN: Text("无法判断", "cannot be judged"),
    Outcome.BAND_NOT_SET: Text("“左右”的幅度未设定", "band not set"),
    Outcome.NOT_DECIDED: Text("取整方式未设定", "not decided"),
    Outcome.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Outcome.EXCEPTED: Text("例外", "excepted"),
}


@dataclass(frozen=True)
class Check:
    """One rule on one team, batch or plan.

    `whole` is the denominator's count (None = not on file), `have` the known members of the
    group, `have_max` known plus unknown, `need` the smallest (for a cap: the largest) count that
    keeps the rule, `gap` = what is missing counted on known members (for a cap: what is over).
    `needs_deviation`: a soft rule is missed, so going on needs a written reason and an approver.
    `blocks`: a hard rule is missed. `missing` names what is not on file.
    """

    rule: str
    outcome: Outcome
    text: Text
    whole: int | None = None
    have: int | None = None
    have_max: int | None = None
    need: int | None = None
    gap: int = 0
    value: int | Fraction | None = None
    missing: tuple[str, ...] = ()
    needs_deviation: bool = False
    blocks: bool = False
    remedy: tuple[str, ...] = field(default=())

    @property
    def share(self) -> Fraction | None:
        """Known members ÷ denominator, exact; None where nothing can be divided."""
        if not self.whole or self.have is None:
            return None
        return Fraction(self.have, self.whole)

    def as_dict(self) -> dict[str, Any]:
        """The check as JSON outputs carry it."""
        out: dict[str, Any] = {
            "rule": self.rule,
            "verdict": str(self.outcome),
            "text": self.text.as_dict(),
            "gap": self.gap,
            "blocks": self.blocks,
            "needs_deviation": self.needs_deviation,
        }
        for name in ("whole", "have", "have_max", "need", "value"):
            value = getattr(self, name)
            if value is not None:
                out[name] = value if isinstance(value, int) else str(value)
        if self.share is not None:
            out["share"] = str(self.share)
        if self.missing:
            out["missing"] = list(self.missing)
        if self.remedy:
            out["remedy"] = list(self.remedy)
        return out
