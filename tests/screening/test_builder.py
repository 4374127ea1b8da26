"""Rows of the browser become rules of the rule language."""

from __future__ import annotations

import pytest

from bole.engine.errors import BoleError
from bole.engine.facts import catalogue
from bole.screening.builder import Conditions, Group, Row

AGE = Row("age", {}, "<=", "45")
GRADE = Row("years_at_grade", {"grade": "副科级"}, ">=", "3")
PARTY = Row("party_member", {}, "no")
WOMAN = Row("sex", {}, "in", "女、男")
APPRAISAL = Row("appraisal", {"year": "last_year"}, ">=", "称职")


@pytest.mark.parametrize(
    ("join", "groups", "expected"),
    [
        ("and", [("and", [AGE, GRADE])], ["age <= 45", "years_at_grade(grade='副科级') >= 3"]),
        ("and", [("or", [AGE, PARTY])], ["age <= 45 or (not party_member)"]),
        (
            "or",
            [("and", [AGE, WOMAN]), ("or", [APPRAISAL])],
            ["(age <= 45 and sex in ['女', '男']) or (appraisal(year=last_year) >= '称职')"],
        ),
        (
            "and",
            [("and", [AGE]), ("or", [WOMAN, GRADE])],
            ["age <= 45", "sex in ['女', '男'] or years_at_grade(grade='副科级') >= 3"],
        ),
    ],
)
def test_rows_as_rules(join, groups, expected):
    made = Conditions(join, [Group(j, rows) for j, rows in groups])
    rules = made.rules()
    assert [r["require"] for r in rules] == expected
    assert all(r["text"]["zh"] and r["text"]["en"] for r in rules)
    assert Conditions.from_data(made.as_data()).rules() == rules


@pytest.mark.parametrize(
    "row",
    [
        Row(),
        Row("no_such_fact"),
        Row("age", {}, ">=", ""),
        Row("age", {}, ">=", "__import__('os')"),
        Row("years_at_grade", {}, ">=", "3"),
        Row("years_at_grade", {"grade": "皇帝"}, ">=", "3"),
        Row("training_days", {"months": "x"}, ">=", "3"),
        Row("birth_date", {}, ">=", "昨天"),
        Row("grade", {}, ">=", "x' or True or 'y"),
    ],
)
def test_faulty_rows_say_where(row):
    with pytest.raises(BoleError) as error:
        Conditions("and", [Group("and", [AGE, row])]).rules()
    assert "第1组第2行" in error.value.say("zh") and row.problem is not None


def test_buttons_change_rows():
    made = Conditions()
    for what in ("add-group", "add-row-0", "add-row-9", "nonsense", "drop-row-0-0", "drop-x-1"):
        made.change(what)
    assert [len(g.rows) for g in made.groups] == [1, 1]
    made.change("drop-group-1")
    made.change("drop-group-0")
    assert len(made.groups) == 1 and len(made.groups[0].rows) == 1


def test_every_fact_has_comparisons():
    assert all(Row(name).operators for name in catalogue.FACTS)
