"""A row of a history as a line that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bole.engine.facts.events import COLUMN_LABELS, TABLE_LABELS
from bole.engine.facts.kinds import EDUCATION, GRADE
from bole.engine.text import Text

_PARTS: dict[str, tuple[str, ...]] = {
    "posts": ("unit_name", "title", "grade"),
    "grades": ("grade",),
    "ranks": ("rank",),
    "education": ("mode", "level", "degree", "school", "major"),
    "appraisals": ("year", "grade"),
    "awards": ("date", "name", "level"),
    "sanctions": ("kind", "issuer", "date"),
    "trainings": ("name", "days", "hours"),
    "relations": ("kinship", "employer"),
    "secondments": ("kind", "unit_name"),
    "recommendations": ("meeting_date", "kind", "votes", "valid", "rank"),
    "talks": ("date", "kind"),
    "pools": ("pool", "tier"),
    "points": ("date", "account", "points", "reason"),
    "titles": ("date", "name", "level"),
    "checks": ("date", "kind", "result"),
}
_SPANS = {
    "sanctions": ("effect_from", "effect_until"),
    "pools": ("entered", "left"),
}
_WORDS = {
    "full_time": Text("全日制", "full time"),
    "in_service": Text("在职", "in service"),
}


def describe(table: str, row: Mapping[str, Any]) -> Text:
    """The row in one line: its dates, then what it says."""
    parts = [_span(table, row)] if _has_span(table, row) else []
    for column in _PARTS.get(table, ()):
        value = row.get(column)
        if value is not None:
            parts.append(_word(table, column, value))
    return Text(" ".join(p.zh for p in parts if p.zh), " ".join(p.en for p in parts if p.en))


def place(table: str, number: Any, columns: tuple[str, ...] = ()) -> Text:
    """Where in the file: "任职经历第3条的开始时间"."""
    label = TABLE_LABELS[table]
    text = Text(f"{label.zh}第{number}条", f"{label.en} row {number}")
    if not columns:
        return text
    names = [COLUMN_LABELS.get(c, Text(c, c)) for c in columns]
    return text + Text("的" + "、".join(n.zh for n in names), ": " + ", ".join(n.en for n in names))


def _has_span(table: str, row: Mapping[str, Any]) -> bool:
    first, last = _SPANS.get(table, ("start", "end"))
    return row.get(first) is not None or row.get(last) is not None


def _span(table: str, row: Mapping[str, Any]) -> Text:
    first, last = _SPANS.get(table, ("start", "end"))
    start, end = _date(row, first), _date(row, last)
    if row.get(f"{last}_precision") == "unknown" or row.get(last) is None and table == "sanctions":
        return Text(f"{start}—？", f"{start}–?")
    return Text(f"{start}—{end or '至今'}", f"{start}–{end or 'now'}")


def _date(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    if value is None:
        return "？" if column in ("start", "effect_from", "entered") else ""
    return f"{value:%Y-%m}" if row.get(f"{column}_precision") == "month" else f"{value:%Y-%m-%d}"


def _word(table: str, column: str, value: Any) -> Text:
    if column == "grade" and table in ("posts", "grades"):
        code = GRADE.code(value)
        return GRADE.show(code) if code is not None else Text(value, value)
    if column == "level" and table == "education":
        code = EDUCATION.code(value)
        return EDUCATION.show(code) if code is not None else Text(value, value)
    if column == "year":
        return Text(f"{value}年度", str(value))
    if column == "days":
        return Text(f"{value:g}天", f"{value:g} days")
    if column == "hours":
        return Text(f"{value:g}学时", f"{value:g} hours")
    if column == "votes":
        return Text(f"得票{value}", f"{value} votes")
    if column == "valid":
        return Text(f"有效票{value}", f"of {value} valid")
    if column == "rank" and table == "recommendations":
        return Text(f"第{value}名", f"place {value}")
    if column == "points":
        return Text(f"{value:+g}分", f"{value:+g} points")
    return _WORDS.get(str(value), Text(str(value), str(value)))
