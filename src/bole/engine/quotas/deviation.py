"""Deviations (原则上的例外): a soft rule passed over, by whom and why, ready for inspection day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bole.engine.errors import Problem
from bole.engine.quotas.outcome import Check, Outcome
from bole.engine.text import Text


@dataclass(frozen=True)
class Deviation:
    """Why a rule that says "in principle" was not kept in one case, and who approved it."""

    rule: str
    subject: str
    reason: str
    approver: str
    day: datetime.date | None


def pass_over(check: Check, deviation: Deviation | None) -> list[Problem]:
    """What still stands against going on; an empty list = the rule is kept or passed over rightly.

    Codes: HARD_RULE (a hard rule has no exception), DEVIATION_MISSING, DEVIATION_RULE (it is about
    another rule), DEVIATION_REASON, DEVIATION_APPROVER, DEVIATION_DAY; QUOTA_UNKNOWN while the rule
    itself cannot be judged.
    """
    if check.outcome is Outcome.UNKNOWN:
        return [Problem("QUOTA_UNKNOWN", check.text)]
    if check.outcome is not Outcome.NOT_MET or not (check.blocks or check.needs_deviation):
        return []
    if check.blocks:
        return [Problem("HARD_RULE", check.text)]
    if deviation is None:
        return [Problem("DEVIATION_MISSING", check.text)]
    if deviation.rule != check.rule:
        text = Text("该例外针对另一条规则“{r}”", "the deviation is about another rule, “{r}”")
        return [Problem("DEVIATION_RULE", text.fill(r=deviation.rule))]
    lacking = (
        (not deviation.reason.strip(), "DEVIATION_REASON", Text("缺理由", "the reason is missing")),
        (
            not deviation.approver.strip(),
            "DEVIATION_APPROVER",
            Text("缺批准人", "the approver is missing"),
        ),
        (deviation.day is None, "DEVIATION_DAY", Text("缺批准日期", "the day is missing")),
    )
    return [Problem(code, text) for lacks, code, text in lacking if lacks]
