"""The same expressions on a local Spark give the answers of DuckDB, traps included.

Year and month differences, counts without a match, first and last of an order, and differences of
dates mean other things on Spark; the facts avoid them all, and this holds both to it.
"""

from __future__ import annotations

import datetime
import os
import random

import duckdb
import ibis
import pytest

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.dates import Settings
from bole.engine.facts.definitions import YearBack
from bole.engine.facts.events import IBIS_SCHEMAS, from_people
from bole.engine.facts.plan import derive
from bole.engine.screening import Rule, compile_rules, screen
from bole.engine.screening.compiled import screen_expression

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


def some_day(dice, low=2005, high=2021):
    if dice.random() < 0.1:
        return dice.choice(["2012-02-29", "2016-02-29", "2019-02-28", "2020-02-29", "2018-01-31"])
    return f"{dice.randint(low, high)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def somebody(dice, number):
    posts = []
    for _ in range(dice.randint(0, 5)):
        start, end = sorted([some_day(dice), some_day(dice)])
        posts.append(
            {
                "start": dice.choice([start, start, start[:7], None]),
                "end": dice.choice([end, end, None]),
                "unit_kind": dice.choice(["town", "department", "village", None]),
                "unit_name": dice.choice("甲乙丙"),
                "title": dice.choice(["科员", "局长"]),
                "grade": dice.choice(["staff", "section_deputy", "section_chief", None]),
                "leading": dice.choice([True, False, None]),
                "concurrent": dice.random() < 0.2,
            }
        )
    return {
        "person": number,
        "name": f"人{number}",
        "sex": dice.choice("男女"),
        "birth": dice.choice([f"{dice.randint(1970, 1995)}-03-01", "1984-02-29", "1985-02", None]),
        "work_start": dice.choice([some_day(dice, 2005, 2019), None]),
        "posts": posts,
        "appraisals": [
            {"year": y, "grade": dice.choice(["优秀", "称职", "基本称职", "不定等次"])}
            for y in range(2014, 2020)
            if dice.random() < 0.85
        ],
        "education": [
            {
                "level": dice.choice(["大专", "本科", "研究生"]),
                "mode": dice.choice(["full_time", None]),
            }
            for _ in range(dice.randint(0, 2))
        ],
        "sanctions": [
            {
                "category": "sanction",
                "status": "confirmed",
                "date": "2019-01-01",
                "effect_from": "2019-01-01",
                "effect_until": dice.choice(["2020-02-28", "2020-02-29", None]),
            }
            for _ in range(dice.randint(0, 1))
        ],
        "trainings": [
            {"end": some_day(dice), "days": 2.5, "kind": "党校"} for _ in range(dice.randint(0, 2))
        ],
        "talks": [{"date": some_day(dice), "kind": "谈心"} for _ in range(dice.randint(0, 2))],
        **({} if dice.random() < 0.2 else {"points": [{"date": "2019-05-05", "points": 0.1}] * 3}),
    }


@pytest.fixture(scope="module")
def population():
    dice = random.Random(20191124)
    events, _ = from_people([somebody(dice, n) for n in range(1, 61)])
    return events


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    pyspark = pytest.importorskip("pyspark")
    os.environ.setdefault("PYSPARK_PYTHON", os.sys.executable)
    home = tmp_path_factory.mktemp("spark")
    session = (
        pyspark.sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.warehouse.dir", str(home))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


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


def rows(spark, expression):
    sql = str(ibis.to_sql(expression, dialect="pyspark"))
    return sorted((r.asDict() for r in spark.sql(sql).collect()), key=lambda r: r["person"])


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


def bind(fact):
    given = {"scale": 1, "whole": 36, "year": YearBack(1), "text": "党校"}
    return fact.bind(
        **{
            a.name: given[a.kind] if a.kind in given else next(iter(a.choices))
            for a in fact.arguments
            if a.required
        }
    )


def of_tables(*names):
    return [bind(f) for f in FACTS.values() if f.source.table in names]


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
