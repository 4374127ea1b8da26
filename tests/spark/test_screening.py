"""The same expressions on a local Spark give the answers of DuckDB; traps are in `test_traps`."""

from __future__ import annotations

import datetime
import random

import duckdb
import ibis
import pytest

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.dates import Settings
from bole.engine.facts.events import IBIS_SCHEMAS, from_people
from bole.engine.facts.plan import derive
from bole.engine.screening import Rule, compile_rules, screen
from bole.engine.screening.compiled import screen_expression
from tests.engine.facts.histories import bind, of_tables, somebody
from tests.spark.conftest import rows

pytestmark = pytest.mark.spark
AS_OF = datetime.date(2020, 2, 29)
RULES = [
    ("age", "age <= 35"),
    ("tenure", "years_at_grade('section_chief') >= 2"),
    ("towns", "months_in_towns >= 24 or years_in_unit_kind('village') >= 1"),
    ("grades", "appraisals_at_least('称职', 3) >= 3"),
    ("promoted", "not promoted_within(12) and last_promotion <= as_of - years(1)"),
    ("free", "not under_sanction"),
    ("study", "education('full_time') >= '本科'"),
    ("rows", "count(appraisals, grade == '优秀', last=3) >= 1"),
    ("trained", "total(trainings, days, kind == '党校') * 2 / 3 >= 1.5"),
]


@pytest.fixture(scope="module")
def population():
    dice = random.Random(20191124)
    events, _ = from_people([somebody(dice, n) for n in range(1, 61)])
    return events


@pytest.fixture(scope="module")
def on_spark(spark, population, tmp_path_factory):
    import pyarrow.parquet

    home = tmp_path_factory.mktemp("events")
    connection = ibis.pyspark.connect(spark)
    tables = {}
    for name, table in population.items():
        if table.num_rows:
            pyarrow.parquet.write_table(table, home / f"{name}.parquet")
            spark.read.parquet(str(home / f"{name}.parquet")).createOrReplaceTempView(name)
            tables[name] = ibis.table(IBIS_SCHEMAS[name], name=name)
    holes = tables.pop("unrecorded")
    names = set(population["unrecorded"].column("table").to_pylist())
    return connection, tables, {n: holes.filter(holes["table"] == n) for n in names}


def test_rules_answer_alike(spark, on_spark, population):
    _, tables, holes = on_spark
    rules = compile_rules([Rule.from_mapping({"id": i, "text": i, "require": e}) for i, e in RULES])
    expression, _ = screen_expression(rules, tables, ibis.literal(AS_OF), holes, facts=False)
    there = rows(spark, expression)
    here = sorted(
        screen(rules, population, AS_OF, facts=False).table.to_pylist(), key=lambda r: r["person"]
    )
    assert there == here
    answers = {a for r in here for k, a in r.items() if k in dict(RULES)}
    assert answers == {True, False, None}


# Grouped as the tables are, because Spark plans a hundred facts at once very slowly.
GROUPS = {
    "person": (of_tables("persons"), Settings()),
    "vague": (
        [bind(FACTS[n]) for n in ("age", "months_to_age", "months_in_towns", "years_at_grade")],
        Settings(month_dates="unknown", secondments="count", odd_days="thirty_days_are_a_month"),
    ),
    "grades": (of_tables("grade_spells", "present_grade"), Settings(odd_days="drop")),
    "promotions": (of_tables("promotions", "present_post", "present_unit"), Settings()),
    "conduct": (of_tables("appraisals", "sanctions", "awards", "education"), Settings()),
    "growth": (of_tables("trainings", "talks", "points", "kin", "relations"), Settings()),
}


@pytest.mark.parametrize("group", GROUPS)
def test_facts_are_the_same_numbers(spark, on_spark, population, group):
    _, tables, holes = on_spark
    facts, settings = GROUPS[group]
    derived = derive(facts, tables, ibis.literal(AS_OF), settings, holes)
    there = rows(spark, derived.table)
    connection = duckdb.connect()
    for name, table in population.items():
        connection.register(name, table)
    sql = str(ibis.to_sql(derived.table, dialect="duckdb"))
    here = sorted(connection.sql(sql).to_arrow_table().to_pylist(), key=lambda r: r["person"])
    for left, right in zip(here, there, strict=True):
        for key, columns in derived.columns.items():
            for column in (columns.low, columns.high):
                assert left[column] == right[column], (left["person"], key)
