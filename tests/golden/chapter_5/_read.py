"""Reading chapter 5 cases: tables of columns and rows, dates, yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bole.engine.vetting.base import Answer
from bole.engine.workdays import Calendar

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table as mappings by column."""
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def day(value: Any) -> date | None:
    """A date of the case."""
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def yes(value: Any) -> Any:
    """yes and no as truth values; what is missing stays missing."""
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def calendar(data: Mapping[str, Any]) -> Calendar | None:
    """The case's own calendar."""
    given = data.get("calendar")
    if given is None:
        return None
    weekend = [WEEKDAYS.index(d) for d in given.get("weekend", ["Sat", "Sun"])]
    return Calendar.of(
        given.get("days_off", ()), given.get("make_up_working_days", ()), weekend=weekend
    )


def shown(answer: Answer, **more: Any) -> dict[str, Any]:
    """The answer as the cases write it."""
    out = {k: v.isoformat() if isinstance(v, date) else v for k, v in answer.values.items()}
    return {**more, **out, "tell_user": answer.text.en}
