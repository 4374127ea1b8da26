"""What stood and what stands: rows kept for an undo, digests that notice later changes."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from bole.people.histories import TABLES
from bole.people.imports.compare import KEYS
from bole.people.models import Cadre

CHUNK = 2000  # keys in one query: well under what any database takes
COPIES = (
    "unit_id",
    "post_title",
    "grade",
    "grade_since",
    "post_since",
    "education_level",
    "pinyin",
    "initials",
    "updated_at",
)
FIELDS = tuple(f.attname for f in Cadre._meta.concrete_fields if f.attname not in COPIES)


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """The keys in pieces that fit into one query."""
    ids = list(ids)
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (datetime.date, Decimal)) else value


def _columns(table: str) -> list[str]:
    return [f.attname for f in TABLES[table]._meta.concrete_fields if f.name != "image"]


def keep(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """For each cadre: the fields, the rows of the tables that an import writes, its pictures."""
    out: dict[int, dict[str, Any]] = {}
    for part in chunks(ids):
        for row in Cadre.objects.filter(pk__in=part).values(*FIELDS):
            out[row["id"]] = {
                "fields": {k: _plain(v) for k, v in row.items()},
                "rows": {t: [] for t in KEYS},
                "pictures": [],
            }
        for table in (*KEYS, "pictures"):
            columns = ["id", "cadre_id"] if table == "pictures" else _columns(table)
            for row in (
                TABLES[table].objects.filter(cadre_id__in=part).order_by("pk").values(*columns)
            ):
                kept = out[row["cadre_id"]]
                if table == "pictures":
                    kept["pictures"].append(row["id"])
                else:
                    kept["rows"][table].append({k: _plain(v) for k, v in row.items()})
    return out


def digests(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """For each cadre a digest of the fields and of every history, to notice a change."""
    out: dict[int, dict[str, str]] = {}
    for part in chunks(ids):
        for row in Cadre.objects.filter(pk__in=part).values_list("pk", *FIELDS):
            out[row[0]] = {"cadre": _digest(row)}
        for table, model in TABLES.items():
            columns = [c for c in _columns(table) if c != "cadre_id"]
            rows = defaultdict(list)
            for row in (
                model.objects.filter(cadre_id__in=part)
                .order_by("cadre_id", "pk")
                .values_list("cadre_id", *columns)
            ):
                rows[row[0]].append(row[1:])
            for pk, found in rows.items():
                out[pk][table] = _digest(found)
    return out


def _digest(value: Any) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
