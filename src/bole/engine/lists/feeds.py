"""Feeds of supervision bodies (定期报送): a zero report counts, the silent are chased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import need_counts
from bole.engine.text import Text, join


class Feed(Model):
    """Bodies that report adverse items every so many months; `open_*` = counted, not printed."""

    kind: Literal["feed"] = "feed"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    bodies: dict[Id, Name] = {}
    open_bodies: int = 0
    every_months: int | None = Field(default=None, ge=1)
    at_once: tuple[Name, ...] = ()
    aspects: tuple[Name, ...] = ()
    items: tuple[Name, ...] = ()
    open_items: int = 0
    note: Name | None = None


@dataclass(frozen=True)
class Reported:
    """One period: how many items came, who reported nothing to report, who was silent."""

    items: int
    zero: tuple[str, ...]
    silent: tuple[str, ...]
    text: Text


def period(feed: Feed, reports: Mapping[str, int | None]) -> Reported:
    """The period's state; `reports`: body → number of items, 0 = a zero report, None = silent.

    Raises `BoleError` (BODY_UNKNOWN, COUNT).
    """
    strange = [name for name in reports if name not in feed.bodies]
    if strange:
        known = Text("、".join(b.zh for b in feed.bodies.values()), ", ".join(feed.bodies))
        text = Text("“{n}”不是报送单位（{k}）", "'{n}' is not a reporting body: {k}")
        raise BoleError([Problem("BODY_UNKNOWN", text.fill(n=name, k=known)) for name in strange])
    need_counts((feed.bodies[name], n) for name, n in reports.items())
    zero = tuple(name for name in feed.bodies if reports.get(name) == 0)
    silent = tuple(name for name in feed.bodies if reports.get(name) is None)
    total = sum(n or 0 for n in reports.values())
    said = [
        Text("收到{n}条，零报告{z}家", "{n} item(s), {z} zero report(s)").fill(n=total, z=len(zero))
    ]
    if silent:
        names = Text(
            "、".join(feed.bodies[s].zh for s in silent),
            ", ".join(feed.bodies[s].en for s in silent),
        )
        said.append(Text("未报送：{n}，请催报", "no report from {n}: chase them").fill(n=names))
    return Reported(total, zero, silent, join(said))
