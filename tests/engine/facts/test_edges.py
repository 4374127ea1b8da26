"""Edges that the conventions name, as a table of cases."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.engine.facts.events import from_people
from tests.engine.facts.test_against_reference import facts_of

Day = datetime.date
JUNE = Day(2020, 6, 30)


def town(start, end=None, **more):
    return {"unit_kind": "town", "start": start, "end": end, **more}


@pytest.mark.parametrize(
    ("posts", "as_of", "settings", "months"),
    [
        ([town("2015-07-01", "2017-06-30")], JUNE, {}, (24, 24)),
        ([town("2015-07-02", "2017-06-30")], JUNE, {}, (23, 23)),
        ([town("2016-01-01", "2017-06-30"), town("2017-01-01", "2017-12-31")], JUNE, {}, (24, 24)),
        ([town("2018-07-01")], JUNE, {}, (24, 24)),
        ([town("2018-07-01")], Day(2020, 6, 29), {}, (23, 23)),
        ([town("2018-06-30")], JUNE, {"last_day": "excluded"}, (24, 24)),
        ([town("2018-07-01")], JUNE, {"last_day": "excluded"}, (23, 23)),
        # Month-only dates: the same month counts as reached, not the day before.
        ([town("2018-07")], JUNE, {}, (23, 23)),
        ([town("2018-06")], Day(2020, 6, 1), {}, (24, 24)),
        ([town("2016-07", "2018-07")], JUNE, {}, (24, 24)),
        ([town("2016-07-15", "2018-07")], JUNE, {}, (24, 24)),
        ([town("2016-07", "2018-07"), town("2018-08-01", "2019-07-31")], JUNE, {}, (36, 36)),
        ([town("2018-07")], JUNE, {"month_dates": "unknown"}, (23, 24)),
        # A future post is no post yet, a null start leaves everything open, an end that nobody
        # knows counts both ways.
        ([town("2010-01-01", "2010-12-31"), town("2021-01-01")], JUNE, {}, (12, 12)),
        ([town("2010-01-01", "2010-12-31"), town(None)], JUNE, {}, (12, None)),
        ([town("2020-01-01", None, end_precision="unknown")], JUNE, {}, (0, 7)),
        # 29 February: the month's last day stands for the day that does not exist.
        ([town("2016-02-29", "2017-02-27")], JUNE, {}, (12, 12)),
        ([town("2016-02-29", "2017-02-26")], JUNE, {}, (11, 11)),
    ],
)
def test_months_in_towns(posts, as_of, settings, months):
    got, _ = facts_of({"posts": posts}, as_of, "months_in_towns >= 1", **settings)
    assert got["months_in_towns"] == months


def test_secondments_count_only_if_the_scheme_says_so():
    person = {
        "posts": [{"unit_kind": "department", "start": "2010-01-01"}],
        "secondments": [{"unit_kind": "town", "start": "2018-01-01", "end": "2018-12-31"}],
    }
    got, _ = facts_of(person, JUNE, "months_in_towns >= 1")
    assert got["months_in_towns"] == (0, 0)
    got, answer = facts_of(person, JUNE, "months_in_towns >= 1", secondments="count")
    assert got["months_in_towns"] == (12, 12)
    (evidence,) = answer.rules[0].facts[0].evidence
    assert (evidence.table, evidence.row) == ("secondments", 1)


def test_grades_on_file_go_before_the_grades_of_posts():
    person = {
        "posts": [{"grade": "section_chief", "start": "2010-01-01"}],
        "grades": [{"grade": "正科级", "start": "2018-07-01"}],
    }
    got, _ = facts_of(person, JUNE, "years_at_grade('section_chief') >= 2")
    assert got["years_at_grade('正科级')"] == (2, 2)


def test_a_promotion_is_a_step_above_everything_before():
    person = {
        "posts": [
            {"grade": "staff", "start": "2010-01-01", "end": "2014-12-31"},
            {"grade": "section_deputy", "start": "2015-01-01", "end": "2019-06-30"},
            {"grade": "section_deputy", "start": "2019-07-01"},
        ]
    }
    got, _ = facts_of(
        person, JUNE, "promotions == 1", "last_promotion == '2015-01-01'", "promoted_within(12)"
    )
    assert got["promotions"] == (1, 1)
    assert got["last_promotion"] == (Day(2015, 1, 1),) * 2
    assert got["promoted_within(12)"] == (False, False)


def test_effect_period_includes_its_last_day_and_only_confirmed_items_count():
    def under(day, **more):
        row = {
            "category": "sanction",
            "status": "confirmed",
            "date": "2019-01-01",
            "effect_from": "2019-01-01",
            "effect_until": "2020-06-30",
            **more,
        }
        return facts_of({"sanctions": [row]}, day, "under_sanction")[0]["under_sanction('any')"][0]

    assert under(JUNE) is True
    assert under(Day(2020, 7, 1)) is False
    assert under(JUNE, status="reported") is False
    assert under(JUNE, effect_until=None) is None


def test_an_empty_list_says_none_and_a_missing_one_says_not_recorded():
    got, _ = facts_of({"sanctions": []}, JUNE, "under_sanction")
    assert got["under_sanction('any')"] == (False, False)
    got, answer = facts_of({}, JUNE, "under_sanction")
    assert got["under_sanction('any')"] == (None, None)
    assert answer.rules[0].missing[0].zh == "处分处理（未填写）"


def test_same_post_in_two_rows_is_one_post():
    person = {
        "posts": [
            {"unit_name": "甲局", "title": "局长", "start": "2015-07-01", "end": "2017-06-30"},
            {"unit_name": "甲局", "title": "局长", "start": "2017-07-01"},
            {"unit_name": "乙局", "title": "副局长", "start": "2012-01-01", "end": "2015-06-30"},
        ]
    }
    got, _ = facts_of(person, JUNE, "years_in_post >= 5", "units_served >= 2", "posts_now == 1")
    assert got["years_in_post"] == (5, 5)
    assert got["units_served"] == (2, 2)
    assert got["posts_now"] == (1, 1)


def test_an_aggregate_without_a_condition_takes_every_row():
    person = {
        "posts": [
            {"unit_kind": "town", "start": "2015-07-01", "end": "2017-06-30"},
            {"unit_kind": "department", "start": "2017-07-01"},
        ],
        "secondments": [{"kind": "援疆", "start": "2016-01-01", "end": "2016-12-31"}],
        "talks": [],
    }
    got, _ = facts_of(
        person, JUNE, "count(posts) == 2", "years(posts) >= 5", "secondments >= 1", "exists(talks)"
    )
    assert got["count(posts)"] == (2, 2)
    assert got["years(posts)"] == (5, 5)
    assert got["secondments('')"] == (1, 1)
    assert got["exists(talks)"] == (False, False)


@pytest.mark.parametrize(
    ("person", "code", "where"),
    [
        ({"birth": "1990-02-30"}, "VALUE", "[0] 甲.birth"),
        (
            {"birth": "1999-01-01", "work_start": "1998-09-01"},
            "WORK_BEFORE_BIRTH",
            "[0] 甲.work_start",
        ),
        ({"sex": "x"}, "VALUE", "[0] 甲.sex"),
        ({"colour": "x"}, "FIELD_UNKNOWN", "[0] 甲.colour"),
        (
            {"posts": [{"start": "2020-01-02", "end": "2020-01-01"}]},
            "END_BEFORE_START",
            "[0] 甲.posts[0].end",
        ),
        ({"posts": {}}, "ROWS_SHAPE", "[0] 甲.posts"),
        ({"posts": ["x"]}, "ROW_SHAPE", "[0] 甲.posts[0]"),
        ({"appraisals": [{"year": "2019"}]}, "VALUE", "[0] 甲.appraisals[0].year"),
    ],
)
def test_bad_rows_are_named(person, code, where):
    with pytest.raises(BoleError) as caught:
        from_people([{"name": "甲", **person}])
    assert [(p.code, p.where) for p in caught.value.problems] == [(code, where)]
