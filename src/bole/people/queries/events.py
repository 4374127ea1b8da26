"""The event tables of the engine, read from the database in one consistent pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from bole.engine.facts.events import TABLES as SCHEMAS
from bole.engine.facts.events import Events, complete
from bole.people.models import (
    Appraisal,
    Award,
    Cadre,
    Education,
    GradeSpell,
    PostSpell,
    RankSpell,
    Relation,
    Sanction,
    Secondment,
    Title,
    Training,
)

# Columns whose field has another name; every other column is the field of the same name.
# None: no table of ours holds it.
_DOCUMENT = {"document": "source"}
_UNIT_KIND = {
    "unit_kind": Coalesce(NullIf(F("unit_kind"), Value("")), F("unit__kind")),
    "unit": "unit_id",
}
MODELS: dict[str, tuple[type[Model], dict[str, Any]]] = {
    "persons": (Cadre, {"unit": "unit_id", "unit_kind": "unit__kind"}),
    "posts": (PostSpell, {**_UNIT_KIND, **_DOCUMENT}),
    "grades": (GradeSpell, _DOCUMENT),
    "ranks": (RankSpell, _DOCUMENT),
    "education": (Education, {}),
    "appraisals": (Appraisal, _DOCUMENT),
    "awards": (Award, _DOCUMENT),
    "sanctions": (Sanction, _DOCUMENT),
    "trainings": (Training, {}),
    "relations": (Relation, {"unit": "unit_id", "related_person": "related_id", "title": None}),
    "secondments": (Secondment, _UNIT_KIND),
    "titles": (Title, {}),
}
# Nobody is without these: when a person has no row, they were not recorded. For the others
# (awards, sanctions, ranks …) no row means that there was none.
EVERYBODY_HAS = ("posts", "grades", "education", "appraisals", "relations")
# What other rooms keep: unrecorded until the caller adds it with `add`.
KEPT_ELSEWHERE = ("recommendations", "talks", "pools", "points", "checks")


def events(people: QuerySet | Collection[int] | None = None) -> Events:
    """The histories as the tables that the engine derives facts from.

    `people` narrows to some cadres (a queryset of `Cadre`, or ids); None = everybody in the
    database. All tables are read in one transaction, so that they describe one moment. Tables
    that other rooms keep (votes, talks, pools, points, checks) are empty and marked unrecorded,
    so that a rule which needs them is unknown until the caller adds them (`add`).
    """
    if people is not None and not isinstance(people, QuerySet):
        people = list(people)
    with _one_moment():
        found = {
            name: _read(name, model, renamed, people) for name, (model, renamed) in MODELS.items()
        }
    everybody = found["persons"]["person"]
    missing = [
        (name, everybody.filter(pc.invert(pc.is_in(everybody, found[name]["person"]))))
        for name in EVERYBODY_HAS
    ] + [(name, everybody) for name in KEPT_ELSEWHERE]
    found["unrecorded"] = pa.table(
        {
            "person": pa.chunked_array([c for _n, p in missing for c in p.chunks], pa.int64()),
            "table": pa.chunked_array(
                [pa.repeat(pa.scalar(name), len(people)) for name, people in missing], pa.string()
            ),
        }
    )
    return complete(found)


def add(events: Events, name: str, table: pa.Table) -> Events:
    """The events with a table that another room keeps; it counts as recorded for everybody."""
    unrecorded = events["unrecorded"]
    return complete(
        {
            **events,
            name: table,
            "unrecorded": unrecorded.filter(pc.not_equal(unrecorded["table"], name)),
        }
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """A read transaction that sees one state and, on SQLite, keeps no writer waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            connection.connection.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _read(
    name: str, model: type[Model], renamed: dict[str, Any], people: QuerySet | list[int] | None
) -> pa.Table:
    owner = "pk" if model is Cadre else "cadre_id"
    renamed = {"person": owner, "row": "pk", **renamed}
    fields = {f.name: renamed.get(f.name, f.name) for f in SCHEMAS[name]}
    fields = {column: field for column, field in fields.items() if field is not None}
    rows = model._default_manager.order_by(owner, "pk")
    few = isinstance(people, list) and len(people) <= 500
    if isinstance(people, QuerySet):
        rows = rows.filter(**{f"{owner}__in": people.order_by().values("pk")})
    elif few:
        rows = rows.filter(**{f"{owner}__in": people})
    computed = {
        f"{column}_column": field.copy()
        for column, field in fields.items()
        if not isinstance(field, str)
    }
    rows = rows.annotate(**computed).values_list(
        *[f if isinstance(f, str) else f"{column}_column" for column, f in fields.items()]
    )
    found: list[tuple] = []
    try:
        # Straight from the cursor: Django's own conversion of a million dates takes seconds.
        sql, params = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
    except EmptyResultSet:
        pass
    columns = list(zip(*found, strict=True)) if found else [()] * len(fields)
    table = pa.table(
        {
            column: _array(values, SCHEMAS[name].field(column).type)
            for column, values in zip(fields, columns, strict=True)
        }
    )
    if isinstance(people, list) and not few:
        table = table.filter(pc.is_in(table["person"], pa.array(people, pa.int64())))
    return table


def _array(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """A column; an empty text is null; SQLite gives dates as text, flags as 0 and 1."""
    sample = next((v for v in values if v is not None), None)
    if type_ == pa.string():
        column = pa.array(values, type_)
        return pc.if_else(pc.equal(column, ""), pa.scalar(None, type_), column)
    if type_ == pa.date32() and isinstance(sample, str):
        return pc.cast(pa.array(values, pa.string()), type_)
    if type_ == pa.bool_() and isinstance(sample, int) and not isinstance(sample, bool):
        return pc.cast(pa.array(values, pa.int8()), type_)
    if type_ == pa.float64() and sample is not None and not isinstance(sample, float):
        return pa.array([None if v is None else float(v) for v in values], type_)
    return pa.array(values, type_)
