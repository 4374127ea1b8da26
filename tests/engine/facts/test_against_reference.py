"""Random histories: the compiled facts and the slow reading of the conventions agree."""

from __future__ import annotations

import datetime
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bole.engine.facts.events import from_people
from bole.engine.screening import Rule, compile_rules, compiled, explain
from tests.engine.facts import reference

Day = datetime.date
FIRST, LAST = Day(2010, 1, 1), Day(2022, 12, 31)
days = st.one_of(
    st.dates(FIRST, LAST),
    st.sampled_from(
        [Day(2012, 2, 29), Day(2016, 2, 29), Day(2015, 2, 28), Day(2015, 1, 31), Day(2015, 3, 1)]
    ),
)


@st.composite
def spells(draw):
    out = []
    for _ in range(draw(st.integers(1, 5))):
        start = draw(days)
        length = draw(st.one_of(st.none(), st.integers(0, 900)))
        end = None if length is None else start + datetime.timedelta(days=length)
        town = draw(st.booleans())
        out.append({"start": start, "end": end, "unit_kind": "town" if town else "department"})
    return out


def facts_of(person, as_of, *expressions, **parameters):
    rules = [
        Rule.from_mapping({"id": f"r{i}", "text": e, "require": e})
        for i, e in enumerate(expressions)
    ]
    events, _ = from_people([{"person": 1, "name": "甲", **person}])
    compiled_rules = compile_rules(rules, parameters)
    (answer,) = explain(compiled_rules, events, as_of)
    with patch.object(compiled, "A_FEW", 0):  # as a whole population is judged
        assert explain(compiled_rules, events, as_of) == [answer]
    return {f.key: (f.low, f.high) for r in answer.rules for f in r.facts}, answer


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spells(), days, st.sampled_from(["ask", "drop", "thirty_days_are_a_month"]))
def test_service_counts_overlaps_once(posts, as_of, odd_days):
    got, _ = facts_of(
        {"posts": posts}, as_of, "months_in_towns >= 1", "years_in_towns >= 1", odd_days=odd_days
    )
    begun = [p for p in posts if p["start"] <= as_of]
    if not begun:
        assert got["months_in_towns"] == (None, None)
        return
    towns = [p for p in begun if p["unit_kind"] == "town"]
    low, high = reference.served_months(towns, as_of, odd_days)
    assert got["months_in_towns"] == (low, high)
    assert got["years_in_towns"] == (low // 12, high // 12)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(st.dates(Day(1960, 1, 1), Day(2000, 1, 1)), st.just(Day(1988, 2, 29))),
    st.one_of(days, st.just(Day(2015, 2, 28)), st.just(Day(2015, 3, 1))),
    st.booleans(),
)
def test_age_with_month_only_dates(birth, as_of, month_only):
    if not month_only:
        got, _ = facts_of({"birth": birth}, as_of, "age >= 1")
        assert got["age"] == (reference.age(birth, as_of),) * 2
        return
    month = f"{birth:%Y-%m}"
    first = birth.replace(day=1)
    last = reference.add_months(first, 1) - reference.ONE
    got, _ = facts_of({"birth": month}, as_of, "age >= 1")
    assert got["age"] == (reference.age(first, as_of),) * 2
    got, _ = facts_of({"birth": month}, as_of, "age >= 1", month_dates="unknown")
    assert got["age"] == (reference.age(last, as_of), reference.age(first, as_of))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(["优秀", "称职", "基本称职", "不称职", "不定等次", None]),
        min_size=5,
        max_size=5,
    )
)
def test_appraisals_leave_missing_years_open(grades):
    rows = [{"year": 2019 - i, "grade": g} for i, g in enumerate(grades) if g is not None]
    got, _ = facts_of(
        {"work_start": Day(2005, 7, 1), "appraisals": rows},
        Day(2020, 6, 30),
        "appraisals_graded('优秀', 3) >= 1",
        "appraisal_streak('优秀') >= 1",
        "appraisal(last_year) == '优秀'",
    )
    last = grades[:3]
    sure = last.count("优秀")
    assert got["appraisals_graded('优秀', 3)"] == (sure, sure + last.count(None))
    low, high = got["appraisal_streak('优秀')"]
    known = dict(zip(range(2019, 2014, -1), grades, strict=True))
    assert low == reference.streak(known, 2019, {"优秀"})
    best = {y: g or "优秀" for y, g in known.items()}
    hoped = reference.streak(best, 2019, {"优秀"})
    assert high == hoped if hoped < 5 else high >= 5
