"""Adverse items of other bodies (负面信息): the effect is computed, never chosen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from bole.engine.text import Text

Day = datetime.date


class Effect(StrEnum):
    """`BAR` is a proposal to the decision body, shown with source and reply beside it."""

    NONE = "none"
    INFORMATION = "information only"
    BAR = "bar"


@dataclass(frozen=True)
class AdverseItem:
    """What a body reported. `effective_until` is the last day that counts; None never bars."""

    id: str
    kind: str
    source: str | None
    occurred_on: Day | None
    reported_on: Day | None
    verification: str | None
    notified_on: Day | None
    effective_from: Day | None
    effective_until: Day | None
    reply: str | None = None
    corrected: bool = False


@dataclass(frozen=True)
class EffectResult:
    """The effect on a day, the reason, and whether selection views may show the item."""

    effect: Effect
    text: Text
    in_selection_views: bool


def effect(item: AdverseItem, day: Day) -> EffectResult:
    """None if unfounded, ended or not begun; a bar only if verified and notified, with an end date,
    and inside the period; otherwise information for the supervision officer only.

    The start of the period is `effective_from`, else the day of the report. The last day counts;
    the next day the item leaves selection views.
    """
    start = item.effective_from or item.reported_on or item.occurred_on
    if item.verification == "unfounded":
        return _none(Text("查核不属实", "unfounded"))
    if item.effective_until is not None and day > item.effective_until:
        return _none(
            Text("影响期已于{d}届满", "the period ended on {d}").fill(d=item.effective_until)
        )
    if start is not None and day < start:
        return _none(Text("影响期自{d}起", "the period begins on {d}").fill(d=start))
    lacking = [
        words
        for lacks, words in (
            (not item.source, Text("来源", "source")),
            (item.occurred_on is None and item.reported_on is None, Text("日期", "date")),
            (item.verification != "verified", Text("查实", "verification")),
            (item.notified_on is None or item.notified_on > day, Text("告知本人", "notice")),
            (item.effective_until is None, Text("截止日期", "end date")),
        )
        if lacks
    ]
    if lacking:
        text = Text("仅供核实，缺：{zh}", "information for verification only; lacks {en}").fill(
            zh="、".join(t.zh for t in lacking), en=", ".join(t.en for t in lacking)
        )
        return EffectResult(Effect.INFORMATION, text, False)
    text = Text(
        "{source}查实并已告知，影响期至{d}，建议不予使用，由决策机构决定",
        "verified by {source} and notified, until {d}: a bar is proposed to the decision body",
    ).fill(source=item.source, d=item.effective_until)
    return EffectResult(Effect.BAR, text, True)


def _none(text: Text) -> EffectResult:
    return EffectResult(Effect.NONE, text, False)
