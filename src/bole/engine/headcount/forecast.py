"""What known exits (retirement, end of term) will leave vacant on a line by a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bole.engine.headcount.sheet import Line
from bole.engine.text import Text

Day = datetime.date


@dataclass(frozen=True)
class Exit:
    """A person who is known to leave the line on a day (the last day in post)."""

    person: str
    last_day: Day


@dataclass(frozen=True)
class Forecast:
    """The line at the end of `until`; None where a figure is not on file."""

    line: Line
    until: Day
    leaving: tuple[Exit, ...]
    filled: int | None
    vacant: int | None
    over: int | None
    text: Text


def forecast(line: Line, exits: Sequence[Exit], until: Day) -> Forecast:
    """Filled, vacant and over at the end of `until` if nobody else comes or goes.

    A person leaving with the last day `until` is gone at its end. Nobody is subtracted below zero.
    """
    leaving = tuple(e for e in exits if e.last_day <= until)
    filled = None if line.filled is None else max(0, line.filled - len(leaving))
    vacant: int | None = None
    over: int | None = None
    if filled is not None and line.approved is not None:
        vacant, over = max(0, line.approved - filled), max(0, filled - line.approved)
    if vacant is None:
        text = Text("{l}：职数或现配未登记，不预测", "{l}: figures are missing, no forecast").fill(
            l=line.name
        )
    else:
        text = Text(
            "{l}：至{d}离任{n}人，空缺{v}个，超配{o}个",
            "{l}: {n} leave by {d}; {v} vacant, {o} over",
        ).fill(l=line.name, d=until, n=len(leaving), v=vacant, o=over)
    return Forecast(line, until, leaving, filled, vacant, over, text)
