"""Indicators of the structure board: numerator, denominator, day, change against a baseline."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import fixed
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import need_counts
from bole.engine.text import Text, join


class Indicator(Model):
    """A share that is reported, not judged: `group` (in the rule language: `who`) of `of`."""

    kind: Literal["indicator"] = "indicator"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    group: Id
    group_name: Name
    who: str | None = None
    of: Id
    of_name: Name


@dataclass(frozen=True)
class Measured:
    """The share as it stood on a day; None where nothing can be divided."""

    numerator: int | None
    denominator: int | None
    day: datetime.date
    share: Fraction | None
    change: Fraction | None
    text: Text


def measure(
    indicator: Indicator,
    numerator: int | None,
    denominator: int | None,
    day: datetime.date,
    baseline: Fraction | None = None,
) -> Measured:
    """Measure, and print all four: numerator, denominator, day and the change in points.

    Percentages have two decimals, half up, for display only. Raises `BoleError` (COUNT,
    PART_EXCEEDS_WHOLE).
    """
    need_counts(((indicator.group_name, numerator), (indicator.of_name, denominator)))
    fill = {
        "title": indicator.title,
        "a": indicator.group_name,
        "b": indicator.of_name,
        "n": numerator,
        "d": denominator,
        "day": day,
    }
    if numerator is None or denominator is None:
        text = Text("{title}：{day}数据不全", "{title}: figures of {day} are missing").fill(**fill)
        return Measured(numerator, denominator, day, None, None, text)
    if numerator > denominator:
        text = Text("{a}{n}多于{b}{d}", "{a} {n} is more than {b} {d}").fill(**fill)
        raise BoleError(Problem("PART_EXCEEDS_WHOLE", text))
    if denominator == 0:
        text = Text("{title}：{day}{b}为0", "{title}: {b} is 0 on {day}").fill(**fill)
        return Measured(numerator, denominator, day, None, None, text)
    share = Fraction(numerator, denominator)
    change = None if baseline is None else share - baseline
    text = Text(
        "{title}：{a}{n}/{b}{d} = {p}%（{day}）", "{title}: {a} {n} of {d} {b} = {p}% on {day}"
    ).fill(**fill, p=fixed(share * 100))
    if change is not None:
        sign = "+" if change > 0 else ""
        points = f"{sign}{fixed(change * 100)}"
        text = join([text, Text("较基期{c}个百分点", "{c} points on the baseline").fill(c=points)])
    return Measured(numerator, denominator, day, share, change, text)
