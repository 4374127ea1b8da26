"""What means one thing on DuckDB and another on Spark, each with answers written out by hand.

Differences of years and months count boundaries there and whole units here; a filtered count
without a match is 0 there and NULL here; first, last and collect have no order; a date minus a
date is no duration. The facts use none of them, so both engines, and the plain Python that
answers for a few people, must give these answers.
"""

from __future__ import annotations

import datetime

import ibis
import pytest

from bole.engine.facts.events import IBIS_SCHEMAS, from_people
from bole.engine.screening import Rule, compile_rules, compiled, explain, screen
from bole.engine.screening.compiled import screen_expression
from tests.spark.conftest import rows

pytestmark = pytest.mark.spark
AS_OF = datetime.date(2020, 2, 28)
TRAPS = {
    # By boundaries 20 January and 10 March are two months apart, by whole ones one.
    "years and months are whole": (
        {
            "birth": "1990-03-01",
            "work_start": "2018-12-31",
            "posts": [{"unit_kind": "town", "start": "2019-01-20", "end": "2019-03-10"}],
        },
        {
            "age == 29": True,
            "age_months == 359": True,
            "months_of_work == 13": True,
            "years_of_work == 1": True,
            "months_in_towns == 1": True,
            "years_in_towns == 0": True,
        },
    ),
    # Nothing matches, nothing is on file, nobody filled it in: 0, 0, unknown.
    "a count without a match is nought": (
        {
            "posts": [{"unit_kind": "department", "start": "2019-01-01"}],
            "awards": [{"level": "县级", "date": "2019-01-01"}],
            "talks": [],
        },
        {
            "count(awards, level == '省级') == 0": True,
            "count(talks) == 0": True,
            "count(posts, unit_kind == 'town') == 0": True,
            "awards_within('省级', 12) == 0": True,
            "count(titles) == 0": None,
            "exists(awards, level == '省级')": False,
            "total(trainings, days) == 0": None,
        },
    ),
    # Rows stand in no order: the latest and the earliest are found by their dates.
    "first and last need no order of rows": (
        {
            "talks": [
                {"date": d, "kind": "谈心"} for d in ("2019-05-01", "2019-11-30", "2018-01-01")
            ],
            "posts": [
                {"grade": "section_deputy", "start": "2017-01-01"},
                {"grade": "staff", "start": "2012-01-01", "end": "2016-12-31"},
            ],
            "appraisals": [
                {"year": y, "grade": g} for y, g in ((2019, "优秀"), (2017, "称职"), (2018, "优秀"))
            ],
        },
        {
            "latest(talks, date) == '2019-11-30'": True,
            "earliest(talks, date) == '2018-01-01'": True,
            "last_promotion == '2017-01-01'": True,
            "grade == 'section_deputy'": True,
            "appraisal_streak('优秀') == 2": True,
        },
    ),
    # Lengths of time are months and days moved from a date, also over the end of February.
    "a date minus a date is never asked for": (
        {
            "birth": "1984-02-29",
            "talks": [{"date": "2019-08-28", "kind": "谈心"}],
            "trainings": [{"end": "2015-02-28", "days": 3}, {"end": "2015-02-27", "days": 4}],
        },
        {
            "latest(talks, date) >= as_of - months(6)": True,
            "latest(talks, date) >= as_of - days(184)": True,
            "latest(talks, date) >= as_of - days(183)": False,
            "training_days(60) == 3": True,
            "age == 35": True,
            "birth_date + years(36) <= as_of": False,
        },
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_both_engines_give_the_answers_written_here(spark, tmp_path, trap):
    import pyarrow.parquet

    person, expected = TRAPS[trap]
    # Somebody with nothing at all beside them: a person without rows must not change the others.
    events, _ = from_people(
        [{"person": 1, "name": "甲", "sex": "男", **person}, {"person": 2, "name": "乙"}]
    )
    rules = compile_rules(
        [
            Rule.from_mapping({"id": f"r{i}", "text": e, "require": e})
            for i, e in enumerate(expected)
        ]
    )
    tables = {}
    for name, table in events.items():
        if table.num_rows:
            pyarrow.parquet.write_table(table, tmp_path / f"{name}.parquet")
            spark.read.parquet(str(tmp_path / f"{name}.parquet")).createOrReplaceTempView(
                f"trap_{name}"
            )
            tables[name] = ibis.table(IBIS_SCHEMAS[name], name=f"trap_{name}")
    holes = tables.pop("unrecorded")
    names = set(events["unrecorded"].column("table").to_pylist())
    unrecorded = {n: holes.filter(holes["table"] == n) for n in names}
    expression, _ = screen_expression(rules, tables, ibis.literal(AS_OF), unrecorded, facts=False)

    def answers(row):
        return {e: row[f"r{i}"] for i, e in enumerate(expected)}

    on_spark = rows(spark, expression)
    on_duckdb = screen(rules, events, AS_OF).table.sort_by("person").to_pylist()
    in_python = compiled.few(rules).run(events, AS_OF)[compiled.ANSWERS]
    assert answers(on_duckdb[0]) == expected
    assert answers(on_spark[0]) == expected
    assert answers(in_python[0]) == expected
    assert [answers(r) for r in on_spark] == [answers(r) for r in on_duckdb]
    explained = explain(rules, events, AS_OF, [1])[0]
    assert [r.rule_id for r in explained.rules] == [f"r{i}" for i in range(len(expected))]
