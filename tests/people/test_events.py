"""The event tables are what the engine's own reader makes of the same histories."""

from __future__ import annotations

import pytest

from bole.engine.facts.events import TABLES, from_people
from bole.people.models import Cadre
from bole.people.queries import add, events
from bole.people.queries.events import EVERYBODY_HAS, KEPT_ELSEWHERE, MODELS


def as_people() -> list[dict]:
    """Everybody as the JSON of `bole screen --people`, read row by row with the ORM."""
    people = []
    for cadre in Cadre.objects.order_by("pk"):
        person = {"person": cadre.pk}
        for name, (model, renamed) in MODELS.items():
            fields = [f.name for f in TABLES[name] if f.name not in ("person", "row")]
            rows = [cadre] if model is Cadre else model.objects.filter(cadre=cadre).order_by("pk")
            found = []
            for row in rows:
                values = {} if model is Cadre else {"row": row.pk}
                for column in fields:
                    field = renamed.get(column, column)
                    if field is None:
                        continue
                    if column == "unit_kind":
                        own = getattr(row, "unit_kind", "")
                        values[column] = own or (row.unit.kind if row.unit else None)
                    elif isinstance(field, str):
                        value = getattr(row, field)
                        values[column] = None if value == "" else value
                found.append(values)
            if model is Cadre:
                person |= found[0]
            elif found or name not in EVERYBODY_HAS:
                person[name] = [{k: _json(v) for k, v in row.items()} for row in found]
        people.append({k: _json(v) for k, v in person.items()})
    return people


def _json(value):
    from decimal import Decimal

    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("chosen", ["all", "ids", "many ids", "queryset", "nobody"])
def test_events_equal_what_the_engine_reads(cadre, others, chosen):
    everybody = list(Cadre.objects.values_list("pk", flat=True))
    people = {
        "all": None,
        "ids": [cadre.pk],
        "many ids": [cadre.pk] * 600,
        "queryset": Cadre.objects.filter(status="in_service"),
        "nobody": [],
    }[chosen]
    wanted = {
        "all": everybody,
        "ids": [cadre.pk],
        "many ids": [cadre.pk],
        "queryset": list(Cadre.objects.filter(status="in_service").values_list("pk", flat=True)),
        "nobody": [],
    }[chosen]
    found = events(people)
    expected, _ids = from_people([p for p in as_people() if p["person"] in wanted])
    for name, schema in TABLES.items():
        assert found[name].schema.equals(schema), name
        keys = [(c, "ascending") for c in ("person", "row", "table") if c in schema.names]
        ours, theirs = found[name].sort_by(keys), expected[name].sort_by(keys)
        if name in ("persons", "unrecorded"):
            assert ours.to_pylist() == theirs.to_pylist(), name
        else:
            assert ours.to_pylist() == theirs.to_pylist(), name


def test_a_table_that_another_room_adds_is_recorded(cadre):
    import pyarrow as pa

    found = events()
    assert {r["table"] for r in found["unrecorded"].to_pylist()} >= set(KEPT_ELSEWHERE)
    talks = pa.table({"person": [cadre.pk], "row": [1], "date": [None], "kind": ["谈话调研"]})
    full = add(found, "talks", talks.cast(TABLES["talks"]))
    assert full["talks"].num_rows == 1
    assert "talks" not in {r["table"] for r in full["unrecorded"].to_pylist()}


@pytest.mark.django_db(transaction=True)
def test_reading_outside_of_a_transaction_leaves_none_open(django_user_model):
    from django.db import connection

    Cadre.objects.create(name="林一", sex="男")
    assert events()["persons"].num_rows == 1
    assert not connection.in_atomic_block
    Cadre.objects.create(name="林二", sex="男")
    assert events()["persons"].num_rows == 2


def test_number_of_queries(cadre, others, django_assert_num_queries):
    with django_assert_num_queries(len(MODELS)):
        events()
