"""What stood and what stands: rows kept for an undo, digests that notice later changes."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

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


def keep(cadres: QuerySet[Cadre]) -> dict[int, dict[str, Any]]:
    """For each cadre: the fields, the rows of the tables that an import writes, its pictures."""
    out: dict[int, dict[str, Any]] = {}
    ids = cadres.order_by().values("pk")
    for row in Cadre.objects.filter(pk__in=ids).values(*FIELDS):
        out[row["id"]] = {
            "fields": {k: _plain(v) for k, v in row.items()},
            "rows": {t: [] for t in KEYS},
            "pictures": [],
        }
    for table in (*KEYS, "pictures"):
        columns = ["id", "cadre_id"] if table == "pictures" else _columns(table)
        rows = TABLES[table].objects.filter(cadre_id__in=ids).order_by("pk")
        for row in rows.values(*columns):
            kept = out[row["cadre_id"]]
            if table == "pictures":
                kept["pictures"].append(row["id"])
            else:
                kept["rows"][table].append({k: _plain(v) for k, v in row.items()})
    return out


def digests(cadres: QuerySet[Cadre]) -> dict[int, dict[str, str]]:
    """For each cadre a digest of the fields and of every history, to notice a change.

    Read as the database gives it: only compared with digests of the same database.
    """
    out: dict[int, dict[str, str]] = {}
    ids = cadres.order_by().values("pk")
    for row in _raw(Cadre.objects.filter(pk__in=ids).order_by("pk").values_list("pk", *FIELDS)):
        out[row[0]] = {"cadre": _digest(row)}
    for table, model in TABLES.items():
        columns = [c for c in _columns(table) if c != "cadre_id"]
        rows = model.objects.filter(cadre_id__in=ids).order_by("cadre_id", "pk")
        found = _raw(rows.values_list("cadre_id", *columns))
        for pk, group in groupby(found, key=itemgetter(0)):
            out[pk][table] = _digest([row[1:] for row in group])
    return out


def _raw(rows: QuerySet) -> list[tuple]:
    """The rows without Django's conversions, which cost most of the time."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
