"""What stood and what stands: rows kept for an undo, digests that notice later changes."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from bole.people.histories import TABLES
from bole.people.models import Cadre, ImportItem

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


def keep(items: list[ImportItem], cadres: QuerySet[Cadre]) -> None:
    """Note in each item (of a cadre on file) what its chosen differences would overwrite.

    Kept are the fields, the rows that change, and the keys of all rows of the tables that get new
    ones: what an undo finds beyond these keys is what the import added. `cadres` are the cadres
    of the items.
    """
    changing: dict[str, list[int]] = defaultdict(list)
    growing: set[str] = set()
    for item in items:
        for difference in item.differences:
            if difference["chosen"] and difference["kind"] == "change":
                changing[difference["table"]].append(difference["row"])
            elif difference["chosen"] and difference["kind"] in ("add", "picture"):
                growing.add(difference.get("table", "pictures"))
    ids = cadres.order_by().values("pk")
    stood = {row["id"]: row for row in Cadre.objects.filter(pk__in=ids).values(*FIELDS)}
    rows: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for table, keys in changing.items():
        for part in chunks(keys):
            for row in TABLES[table].objects.filter(pk__in=part).values(*_columns(table)):
                rows[row["cadre_id"]][table].append({k: _plain(v) for k, v in row.items()})
    held: dict[int, dict[str, list[int]]] = defaultdict(lambda: {t: [] for t in growing})
    for table in growing:
        found = TABLES[table].objects.filter(cadre_id__in=ids).values_list("cadre_id", "pk")
        for cadre, key in found:
            held[cadre][table].append(key)
    for item in items:
        item.before = {
            "fields": {k: _plain(v) for k, v in stood[item.cadre_id].items()},
            "rows": rows.get(item.cadre_id, {}),
            "held": held[item.cadre_id],
        }


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
