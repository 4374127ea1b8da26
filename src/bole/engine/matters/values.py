"""Values of a matter: read by field, kept as JSON, given to judges as exact values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from bole.engine.errors import Problem
from bole.engine.matters.models import Column, MatterField, MatterKind
from bole.engine.procedures.base import FactValue
from bole.engine.text import Text
from bole.engine.verdict import Verdict

EMPTY: tuple[object, ...] = (None, "", [], {}, ())
_WRONG: dict[str, Text] = {
    "number": Text("须为数字", "must be a number"),
    "date": Text("须为日期，如 2026-11-24", "must be a date such as 2026-11-24"),
    "choice": Text("须为给出的选项之一", "must be one of the choices"),
    "choices": Text("须为给出的选项", "must be of the choices"),
    "yes_no": Text("须为是或否", "must be yes or no"),
    "person": Text("须为干部的编号", "must be the number of a cadre"),
    "persons": Text("须为干部编号的列表", "must be a list of numbers of cadres"),
    "unit": Text("须为单位的编号", "must be the number of a unit"),
    "post": Text("须为职位的编号", "must be the number of a post"),
    "file": Text("须为已存材料的编号", "must be numbers of stored papers"),
    "table": Text("须为若干行", "must be rows"),
    "text": Text("须为文字", "must be text"),
    "long_text": Text("须为文字", "must be text"),
}


def filled(value: object) -> bool:
    """Whether a field holds something; False and 0 do."""
    return value not in EMPTY if not isinstance(value, str) else bool(value.strip())


def read_values(
    kind: MatterKind, raw: Mapping[str, object]
) -> tuple[dict[str, Any], list[Problem]]:
    """The values as they are kept, and what is wrong with them; empty ones are left out.

    Numbers become decimal texts, dates ISO texts, so that nothing passes through a float.
    Codes: FIELD_UNKNOWN, FIELD_VALUE, FIELD_RANGE, each at its field.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in raw.items():
        field = kind.fields.get(name)
        if field is None:
            text = Text("没有字段“{n}”", "there is no field “{n}”").fill(n=name)
            problems.append(Problem("FIELD_UNKNOWN", text, name))
        elif filled(given):
            value, wrong = _read(field, given, name)
            problems += wrong
            if not wrong and filled(value):
                values[name] = value
    return values, problems


def _read(field: Column, given: object, where: str) -> tuple[Any, list[Problem]]:
    if isinstance(field, MatterField) and field.type == "table":
        return _table(field, given, where)
    try:
        value = _simple(field, given)
    except (ValueError, TypeError, InvalidOperation):
        return None, [_fault("FIELD_VALUE", field, _WRONG[field.type], where)]
    size = Decimal(len(value)) if field.type == "persons" else None
    if field.type == "number":
        size = Decimal(value)
    if size is not None and (
        (field.least is not None and size < field.least)
        or (field.most is not None and size > field.most)
    ):
        text = Text("须在{a}至{b}之间", "must lie between {a} and {b}").fill(
            a="—" if field.least is None else field.least,
            b="—" if field.most is None else field.most,
        )
        return value, [_fault("FIELD_RANGE", field, text, where)]
    return value, []


def _fault(code: str, field: Column, text: Text, where: str) -> Problem:
    said = Text("“{t}”{x}", "“{t}” {x}").fill(t=field.title, x=text)
    return Problem(code, said, where)


def _simple(field: Column, given: object) -> Any:
    match field.type:
        case "text" | "long_text":
            if not isinstance(given, str):
                raise TypeError
            return given.strip()
        case "number":
            if isinstance(given, (bool, float)):
                raise TypeError
            number = Decimal(str(given).strip())
            if not number.is_finite():
                raise ValueError
            return format(number.normalize(), "f")
        case "date":
            if isinstance(given, datetime.datetime):
                raise TypeError
            if isinstance(given, datetime.date):
                return given.isoformat()
            return datetime.date.fromisoformat(str(given).strip()).isoformat()
        case "choice":
            if given not in field.choices:
                raise ValueError
            return given
        case "choices":
            chosen = [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]
            if any(c not in field.choices for c in chosen):
                raise ValueError
            return [c for c in field.choices if c in chosen]
        case "yes_no":
            yes_no = {"yes": True, "no": False, "true": True, "false": False}
            if isinstance(given, bool):
                return given
            return yes_no[str(given).lower()] if str(given).lower() in yes_no else _raise()
        case "persons" | "file":
            many = given if isinstance(given, (list, tuple)) else [given]
            return list(dict.fromkeys(_key(g) for g in many))
    return _key(given)


def _raise() -> Any:
    raise ValueError


def _key(given: object) -> int:
    if isinstance(given, (bool, float)):
        raise TypeError
    number = int(str(given))
    if number < 1:
        raise ValueError
    return number


def _table(field: MatterField, given: object, where: str) -> tuple[Any, list[Problem]]:
    if not isinstance(given, (list, tuple)) or not all(isinstance(r, Mapping) for r in given):
        return None, [_fault("FIELD_VALUE", field, _WRONG["table"], where)]
    rows, problems = [], []
    for n, row in enumerate(given, 1):
        kept: dict[str, Any] = {}
        for name, cell in row.items():
            place = f"{where}.{n}.{name}"
            column = field.columns.get(name)
            if column is None:
                text = Text("没有列“{n}”", "there is no column “{n}”").fill(n=name)
                problems.append(Problem("FIELD_UNKNOWN", text, place))
            elif filled(cell):
                value, wrong = _read(column, cell, place)
                problems += wrong
                kept[name] = value
        if kept:
            rows.append(kept)
            for name, column in field.columns.items():
                if column.required and name not in kept:
                    text = Text("第{n}行未填", "is empty in row {n}").fill(n=n)
                    problems.append(_fault("FIELD_VALUE", column, text, f"{where}.{n}.{name}"))
    return rows, problems


def native(field: Column, kept: Any) -> Any:
    """A kept value as judges and clocks take it: Decimal, date; None where nothing is filled."""
    if not filled(kept):
        return None
    if field.type == "number":
        return Decimal(kept)
    if field.type == "date":
        return datetime.date.fromisoformat(kept)
    if isinstance(field, MatterField) and field.type == "table":
        return [{c: native(field.columns[c], v) for c, v in row.items()} for row in kept]
    return kept


def natives(kind: MatterKind, kept: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a matter as exact values; fields that do not apply are left out."""
    values = {n: native(f, kept.get(n)) for n, f in kind.fields.items() if filled(kept.get(n))}
    return {n: v for n, v in values.items() if applies(kind, n, values)}


def fact(values: Mapping[str, Any], name: str) -> FactValue | None:
    """A value as `When` reads it; a list is no single fact."""
    value = values.get(name)
    return value if isinstance(value, (bool, int, str, Decimal, datetime.date)) else None


def applies(kind: MatterKind, name: str, values: Mapping[str, Any]) -> bool:
    """Whether a field is asked for, as far as the other fields say; unknown counts as not yet."""
    when = kind.fields[name].when
    return when is None or when.holds(lambda n: fact(values, n)) is Verdict.MET


def missing(kind: MatterKind, names: tuple[str, ...], values: Mapping[str, Any]) -> list[str]:
    """Which of the fields apply and are not filled."""
    return [n for n in names if applies(kind, n, values) and not filled(values.get(n))]


def derived(kind: MatterKind, values: Mapping[str, Any]) -> dict[str, Fraction | None]:
    """The computed numbers, exact; None where a source is missing or a share has no whole."""
    found: dict[str, Fraction | None] = {}

    def number(source: str) -> Fraction | None:
        if source in found:
            return found[source]
        name, _dot, column = source.partition(".")
        value = values.get(name)
        if not column:
            return None if value is None else Fraction(value)
        if not value:
            return None
        cells = [row.get(column) for row in value]
        return None if None in cells else sum((Fraction(c) for c in cells), Fraction(0))

    for name, how in kind.derived.items():
        if how.count is not None:
            value = values.get(how.count)
            found[name] = None if value is None else Fraction(len(value))
            continue
        parts = [number(s) for s in how.sum or how.share or how.difference or ()]
        known = [p for p in parts if p is not None]
        if len(known) < len(parts):
            found[name] = None
        elif how.sum is not None:
            found[name] = sum(known, Fraction(0))
        elif how.share is not None:
            found[name] = known[0] / known[1] if known[1] else None
        else:
            found[name] = known[0] - known[1]
    return found
