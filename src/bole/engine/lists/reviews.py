"""Review clocks of pools: counted from the anchor, so that short months never drift."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.procedures.base import Model, Name
from bole.engine.quotas.counts import need_counts
from bole.engine.text import Text
from bole.engine.workdays import add_months, add_years

Day = datetime.date


class Review(Model):
    """Every so many months from the anchor, and after the named events."""

    every_months: int | None = Field(default=None, ge=1)
    events: tuple[Name, ...] = ()


class Reset(Model):
    """A central reset between two numbers of years after the start (or the last reset)."""

    after_years: int = Field(ge=1)
    by_years: int = Field(ge=1)

    @model_validator(mode="after")
    def _order(self) -> Reset:
        if self.by_years < self.after_years:
            raise ValueError("by_years 不得小于 after_years / by_years is not below after_years")
        return self


def due_days(anchor: Day, every_months: int, times: int) -> list[Day]:
    """The next `times` review days: the anchor's day number, or the last day of a shorter month."""
    need_counts([(Text("次数", "number of reviews"), times)])
    return [add_months(anchor, every_months * k) for k in range(1, times + 1)]


@dataclass(frozen=True)
class ResetStanding:
    """The window, first and last day included, and where `today` stands."""

    first: Day
    last: Day
    state: Literal["not due", "due", "overdue"]
    text: Text


def reset_standing(
    reset: Reset, start: Day, today: Day, last_reset: Day | None = None
) -> ResetStanding:
    """Counted from the last reset if there was one; overdue from the day after the window."""
    base = last_reset or start
    first, last = add_years(base, reset.after_years), add_years(base, reset.by_years)
    state: Literal["not due", "due", "overdue"]
    state = "not due" if today < first else "due" if today <= last else "overdue"
    words = {
        "not due": Text("未到期", "not due"),
        "due": Text("应办理", "due"),
        "overdue": Text("已逾期", "overdue"),
    }[state]
    text = Text(
        "集中调整应在{first}至{last}之间进行，{words}",
        "the central reset falls between {first} and {last}: {words}",
    ).fill(first=first, last=last, words=words)
    return ResetStanding(first, last, state, text)
