"""Vacancy notices (空缺岗位预告) and the window in which recommendations are in time."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text
from bole.engine.workdays import Calendar, Deadline, Length, deadline, judge

Day = datetime.date


class NoticeLayer(Model):
    """Who is told of which posts, and how."""

    classes: tuple[Id, ...]
    to: tuple[Name, ...]
    by: tuple[Name, ...]


class Notice(Model):
    """What a notice carries, whom it reaches, and how long answers are taken.

    The notice day is day 0; the last day counts until its end. `items` are what it must state.
    """

    kind: Literal["notice"] = "notice"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    amount: int | None = Field(default=None, ge=1)
    unit: Literal["working_days", "calendar_days"] = "working_days"
    items: dict[Id, Name] = {}
    layers: tuple[NoticeLayer, ...] = ()

    def length(self) -> Length | None:
        """The answering time; None where the source gives none."""
        return None if self.amount is None else Length(self.amount, self.unit)


def announce(notice: Notice, filled: Collection[str]) -> Problem | None:
    """NOTICE_ITEM with every item that is still empty; None when the notice may go out."""
    missing = [title for name, title in notice.items.items() if name not in filled]
    if not missing:
        return None
    text = Text("预告缺：{zh}", "the notice lacks: {en}").fill(
        zh="、".join(t.zh for t in missing), en=", ".join(t.en for t in missing)
    )
    return Problem("NOTICE_ITEM", text)


@dataclass(frozen=True)
class Received:
    """On time, late (REC_LATE), refused (before the notice), or not computed with the reason."""

    state: Literal["on_time", "late", "refused", "not_computed"]
    problem: Problem | None


def window(notice: Notice, sent: Day | None, calendar: Calendar | None = None) -> Deadline:
    """The last day for answers, or a Deadline without one that says why (CAL_MISSING …)."""
    length = notice.length()
    if length is None:
        text = Text(
            "办法未定答复期限，请先设定", "the scheme leaves the answering time open; set it"
        )
        return Deadline(sent, (), None, problem=Problem("LENGTH_OPEN", text))
    name = Text("预告日期", "the day of the notice")
    return deadline(sent, length, calendar, event_name=name)


def received(due: Deadline, day: Day, calendar: Calendar | None = None) -> Received:
    """How an item that came on `day` stands to the window."""
    standing = judge(due, done=day, calendar=calendar)
    if standing.state == "late":
        text = Text("{d}截止，{r}收到", "replies were due on {d}; received on {r}").fill(
            d=due.due, r=day
        )
        return Received("late", Problem("REC_LATE", text))
    if standing.state == "on_time":
        return Received("on_time", None)
    if standing.state == "refused":
        return Received("refused", standing.problem)
    return Received("not_computed", due.problem)
