"""Channels side by side (多渠道印证): who is named by how many, with the others kept visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text


class Channels(Model):
    """The channels of a place; `consistent` = named by at least so many, null while open."""

    kind: Literal["channels"] = "channels"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    channels: dict[Id, Name]
    consistent: int | None = Field(default=None, ge=1)
    note: Name | None = None


@dataclass(frozen=True)
class Named:
    """A person with the channels that name and do not name him or her, and the ranks given."""

    person: str
    by: tuple[str, ...]
    not_by: tuple[str, ...]
    ranks: Mapping[str, int]
    consistent: bool | None

    @property
    def text(self) -> Text:
        """One line for the list."""
        said = Text("{p}：{n}个渠道", "{p}: {n} channel(s)").fill(p=self.person, n=len(self.by))
        if self.not_by:
            missing = Text("、".join(self.not_by), ", ".join(self.not_by))
            said += Text("，未见于{m}", ", not in {m}").fill(m=missing)
        return said


def cross_check(channels: Channels, lists: Mapping[str, Sequence[str] | None]) -> list[Named]:
    """Every person named anywhere, most channels first (the order is no ranking among equals).

    `lists`: channel → names from high to low; None = the channel has not reported, which counts as
    neither named nor not named. `consistent` is None while k is not chosen, or while a channel that
    has not reported could still decide. Raises `BoleError` (CHANNEL_UNKNOWN, REC_TWICE).
    """
    problems = []
    for channel, names in lists.items():
        if channel not in channels.channels:
            text = Text("没有“{c}”这一渠道", "there is no channel '{c}'").fill(c=channel)
            problems.append(Problem("CHANNEL_UNKNOWN", text))
        for name in sorted({n for n in names or () if list(names or ()).count(n) > 1}):
            text = Text("{n}在同一名单中出现两次", "{n} is named twice in one list").fill(n=name)
            problems.append(Problem("REC_TWICE", text, channel))
    if problems:
        raise BoleError(problems)
    reported = {c: list(names) for c, names in lists.items() if names is not None}
    waiting = len(lists) - len(reported)
    people = list(dict.fromkeys(name for names in reported.values() for name in names))
    out = []
    for person in people:
        by = tuple(c for c, names in reported.items() if person in names)
        k = channels.consistent
        consistent = (
            None
            if k is None
            else True
            if len(by) >= k
            else None
            if len(by) + waiting >= k
            else False
        )
        out.append(
            Named(
                person,
                by,
                tuple(c for c in reported if c not in by),
                {c: reported[c].index(person) + 1 for c in by},
                consistent,
            )
        )
    return sorted(out, key=lambda named: -len(named.by))
