"""For a few people the facts are computed in plain Python: with the answers of DuckDB."""

from __future__ import annotations

import datetime
import random

import duckdb
import ibis
import pytest

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.dates import Settings
from bole.engine.facts.events import IBIS_SCHEMAS, TABLES, from_people
from bole.engine.facts.few import Program
from bole.engine.facts.plan import derive
from tests.engine.facts.histories import bind, somebody

ANY_DAY = datetime.date(998, 7, 6)
DAYS = [datetime.date(2020, 2, 29), datetime.date(2019, 12, 31), datetime.date(2021, 3, 1)]
SETTINGS = [
    Settings(),
    Settings("unknown", "excluded", "thirty_days_are_a_month", "count", "do_not_count"),
    Settings("reached", "excluded", "drop", "count"),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=["usual", "strict", "plain"])
def test_every_fact_is_the_same_number(settings):
    dice = random.Random(20200229)
    events, _ = from_people([somebody(dice, n) for n in range(1, 121)])
    tables = {n: ibis.table(s, name=n) for n, s in IBIS_SCHEMAS.items()}
    holes = tables.pop("unrecorded")
    unrecorded = {n: holes.filter(holes["table"] == n) for n in tables if n != "persons"}
    derived = derive(
        [bind(f) for f in FACTS.values()], tables, ibis.literal(ANY_DAY), settings, unrecorded
    )
    program = Program({"facts": derived.table}, ANY_DAY)
    connection = duckdb.connect()
    connection.execute("PRAGMA disable_optimizer")  # planning a hundred facts takes seconds
    for name, table in events.items():
        connection.register(name, table)
    sql = str(ibis.to_sql(derived.table, dialect="duckdb"))
    assert "MAKE_DATE(998, 7, 6)" in sql
    columns = {n: events[n].to_pydict() for n in program.tables}
    assert program.tables == set(TABLES)
    seen = set()
    for day in DAYS:
        there = connection.sql(sql.replace("MAKE_DATE(998, 7, 6)", f"DATE '{day}'"))
        theirs = {r["person"]: r for r in there.to_arrow_table().to_pylist()}
        ours = {r["person"]: r for r in program.run(columns, day)["facts"]}
        assert set(ours) == set(theirs)
        for person, row in theirs.items():
            for key, pair in derived.columns.items():
                for column in (pair.low, pair.high):
                    assert ours[person][column] == row[column], (person, key, day)
                if row[pair.low] is not None:
                    seen.add(key)
    # A fact that is null for everybody would prove nothing.
    assert seen == set(derived.columns)


def test_an_operation_that_no_fact_uses_is_refused():
    table = ibis.table({"person": "int64", "name": "string"}, name="persons")
    with pytest.raises(NotImplementedError):
        Program({"x": table.mutate(x=table.name.reverse())}, ANY_DAY)
    with pytest.raises(NotImplementedError):
        Program({"x": table.inner_join(table.view(), "person").select("person")}, ANY_DAY)
