"""Reading case rows: words to slugs, dates, and every settable width or share of a case."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.spans import Spell, day_of
from bole.engine.text import Text

DATE = Text("日期", "date")


def slug(value: Any) -> Any:
    """ "town team member" → "town_team_member"; anything that is no text stays."""
    if not isinstance(value, str):
        return value
    return value.strip().lower().replace("-", "_").replace(" ", "_")


def day(value: Any, name: Text = DATE, where: str = "") -> datetime.date | None:
    """A date or None."""
    return None if value is None else day_of(value, name, where)


def spells(rows: Any) -> list[Spell] | None:
    """`[[first, last], …]` as spells; a missing last day is unknown."""
    if rows is None:
        return None
    return [Spell(day(first), day(last)) for first, last in rows]


def settings(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the case itself sets: `config`, `parameters` and scalar settings of its input."""
    return {
        **(case.get("config") or {}),
        **(case.get("parameters") or {}),
        **((case.get("input") or {}).get("config") or {}),
    }


def refused(error: BoleError, **row: Any) -> dict[str, Any]:
    """A row that was not taken, with what is wrong."""
    said = "; ".join(p.say("en") for p in error.problems)
    return {**row, "result": "refused", "verdict": "refused", "tell": said}
