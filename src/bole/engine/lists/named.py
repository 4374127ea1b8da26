"""Named lists in use (名单运用): a list that every adjustment looks into first."""

from __future__ import annotations

from typing import Literal

from bole.engine.procedures.base import Id, Model, Name


class NamedList(Model):
    """A list kept by the organisation; empty `tags` are open in the source.

    `call_up`: the links at which a case shows it. `columns`: what stands beside each move as
    evidence. `fields`: the matters that people come from.
    """

    kind: Literal["named"] = "named"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    call_up: tuple[Literal["motion", "inspection"], ...] = ()
    fields: tuple[Name, ...] = ()
    tags: tuple[Name, ...] = ()
    columns: tuple[Name, ...] = ()
    entered_by: tuple[Name, ...] = ()
    open_items: int = 0
    note: Name | None = None
