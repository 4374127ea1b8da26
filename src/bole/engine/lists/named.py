"""Named lists in use (名单运用): a list that every adjustment looks into first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bole.engine.procedures.base import Id, Model, Name


class NamedItem(Model):
    """One item of a list that the source prints."""

    id: Id
    title: Name


class NamedList(Model):
    """A list kept by the organisation.

    `items`: what the source prints; `counted`: how many it says there are, the others being empty
    slots to fill. `tags` mark entries, `columns` stand beside each move as evidence, `fields` are
    the matters that people come from, `call_up` the links at which a case shows the list.
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
    items: tuple[NamedItem, ...] = ()
    counted: int | None = Field(default=None, ge=0)
    note: Name | None = None

    @property
    def empty_slots(self) -> int:
        """Items that the source counts and does not print."""
        return max(0, (self.counted or 0) - len(self.items))
