"""What an import would change: field by field, row by row, against what is stored."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bole.people.forms import write_date
from bole.people.histories import HISTORIES
from bole.people.models import Cadre, ImportItem, Picture

# Changing one of these over a value on file must be ticked by hand.
IDENTIFYING = ("name", "sex", "birth", "id_number")
DATES = ("birth", "party_joined", "work_start")
TEXTS = ("resume_text", "awards_text", "party_text")

# How rows of a table are recognised as the same: (what makes them equal, what makes them alike).
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "posts": (("start", "unit_name", "title"), ("start", "title")),
    "grades": (("grade",), ("grade",)),
    "education": (("mode", "level", "school", "major"), ("mode", "level")),
    "appraisals": (("year", "kind"), ("year", "kind")),
    "trainings": (("start", "name"), ("start", "name")),
    "relations": (("kinship", "name"), ("kinship", "name")),
    "titles": (("name",), ("name",)),
}
CONTENT: dict[str, tuple[str, ...]] = {
    "posts": ("start", "end", "unit_name", "title", "grade", "concurrent"),
    "grades": ("grade", "start", "end"),
    "education": ("level", "degree", "mode", "school", "major", "start", "end"),
    "appraisals": ("year", "kind", "grade"),
    "trainings": ("name", "institution", "start", "end"),
    "relations": ("kinship", "name", "birth", "politics", "employer"),
    "titles": ("name", "level"),
}


class Stored:
    """The cadres of a chunk with the rows that an import could touch, read in bulk."""

    def __init__(self, cadre_ids: Iterable[int], tables: Iterable[str]) -> None:
        ids = list(cadre_ids)
        self.cadres = {
            c["id"]: c
            for c in Cadre.objects.filter(pk__in=ids).values(
                "id",
                "name",
                "sex",
                *DATES,
                *[f"{d}_precision" for d in DATES],
                "ethnicity",
                "native_place",
                "birthplace",
                "party",
                "party_text",
                "health",
                "speciality",
                "id_number",
                "resume_text",
                "awards_text",
            )
        }
        self.rows: dict[str, dict[int, list[dict[str, Any]]]] = {}
        for table in tables:
            model = HISTORIES[table].model
            fields = [f.attname for f in model._meta.concrete_fields if f.name not in ("image",)]
            found = defaultdict(list)
            for row in model.objects.filter(cadre_id__in=ids).order_by("pk").values(*fields):
                found[row["cadre_id"]].append(row)
            self.rows[table] = found
        self.pictures = set(
            Picture.objects.filter(cadre_id__in=ids).values_list("cadre_id", flat=True)
        )


def plain(value: Any) -> Any:
    """A stored value as `found` writes it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def differences(found: dict[str, Any], cadre: int | None, stored: Stored) -> list[dict[str, Any]]:
    """Every difference between a file and what is stored about a cadre (None = new person).

    Each is {"key", "kind": field|add|change|picture, "stored", "found", "chosen", …}. Stored rows
    that the file does not mention stay as they are; an empty field of the file changes nothing;
    a month in the file does not replace a day on file.
    """
    if cadre is None:
        return []
    out = _field_differences(found["fields"], stored.cadres[cadre])
    for table, rows in found["rows"].items():
        out += _row_differences(table, rows, stored.rows.get(table, {}).get(cadre, []))
    if found.get("picture") and cadre not in stored.pictures:
        out.append({"key": "picture", "kind": "picture", "stored": "", "found": "", "chosen": True})
    return out


def _field_differences(fields: dict[str, Any], stands: dict[str, Any]) -> list[dict[str, Any]]:
    out = []
    for name, value in fields.items():
        if name.endswith("_precision"):
            continue
        now = plain(stands[name])
        if now == value and (
            name not in DATES
            or stands[f"{name}_precision"] == fields.get(f"{name}_precision")
            or fields.get(f"{name}_precision") == "month"
        ):
            continue
        month_only = name in DATES and fields.get(f"{name}_precision") == "month"
        if month_only and now and now[:7] == value[:7]:
            continue
        if name in TEXTS and _bare(str(now or "")) == _bare(value):
            continue
        out.append(
            {
                "key": f"fields.{name}",
                "kind": "field",
                "stored": show(name, stands.get(name), stands.get(f"{name}_precision")),
                "found": show(name, value, fields.get(f"{name}_precision")),
                "chosen": not now or name not in IDENTIFYING,
            }
        )
    return out


def _bare(text: str) -> str:
    return "".join(text.split())


def show(name: str, value: Any, precision: str | None) -> str:
    """A field's value as the officer reads it."""
    if value in (None, ""):
        return ""
    if name in DATES:
        day = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
        return write_date(day, precision or "day")
    return str(value)


def _key(row: dict[str, Any], names: tuple[str, ...]) -> tuple:
    """Rows are compared by month: the day is often known in one place only."""
    return tuple(
        str(plain(row.get(n)) or "")[:7] if n in ("start", "end", "birth") else row.get(n) or ""
        for n in names
    )


def _row_differences(
    table: str, rows: list[dict[str, Any]], stands: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    same, alike = KEYS[table]
    left = list(stands)
    out = []
    for place, row in enumerate(rows):
        match = _take(left, row, same) or _take(left, row, alike)
        if match is None:
            out.append(
                {
                    "key": f"{table}.{place}",
                    "kind": "add",
                    "table": table,
                    "place": place,
                    "stored": "",
                    "found": describe(table, row),
                    "chosen": True,
                }
            )
            continue
        changed = [
            n
            for n in CONTENT[table]
            if row.get(n) not in (None, "", False) and _key(row, (n,)) != _key(match, (n,))
        ]
        if changed:
            out.append(
                {
                    "key": f"{table}.{place}",
                    "kind": "change",
                    "table": table,
                    "place": place,
                    "row": match["id"],
                    "fields": changed,
                    "stored": describe(table, match),
                    "found": describe(table, {**match, **{n: row[n] for n in changed}}),
                    # What fills a gap is taken; what contradicts a row on file is asked.
                    "chosen": all(match.get(n) in (None, "", False) for n in changed),
                }
            )
    return out


def _take(
    left: list[dict[str, Any]], row: dict[str, Any], names: tuple[str, ...]
) -> dict[str, Any] | None:
    wanted = _key(row, names)
    for stored in left:
        if _key(stored, names) == wanted:
            left.remove(stored)
            return stored
    return None


def describe(table: str, row: dict[str, Any]) -> str:
    """A row in one line, for the difference: choices by their label."""
    model = HISTORIES[table].model
    parts = []
    for name in CONTENT[table]:
        value = row.get(name)
        if value in (None, "", False, "annual"):
            continue
        field = model._meta.get_field(name)
        if isinstance(value, bool):
            value = field.verbose_name
        elif field.choices:
            value = dict(field.flatchoices).get(value, value)
        elif field.get_internal_type() == "DateField":
            day = value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
            value = write_date(day, row.get(f"{name}_precision") or "month")
        parts.append(str(value))
    return " ".join(parts)


def compare(items: list[ImportItem]) -> None:
    """Set the differences of recognised items, read in bulk."""
    ids = [i.cadre_id for i in items if i.cadre_id]
    tables = {t for i in items for t in i.found.get("rows", {})}
    stored = Stored(ids, tables)
    for item in items:
        item.differences = differences(item.found, item.cadre_id, stored)
