"""Parts that need a rounding, quotas by size, and the ladder below a ratio."""

from __future__ import annotations

import dataclasses
import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import Rounding
from bole.engine.quotas import (
    Deviation,
    Indicator,
    Ladder,
    Outcome,
    Quota,
    QuotaBands,
    Reservation,
    Seat,
    Take,
    banded,
    check,
    may_fill,
    measure,
    next_remedy,
    pass_over,
    taken,
)
from bole.engine.verdict import Verdict


def take(**given) -> Take:
    return Take.model_validate(
        {"id": "t", "title": "三分之一", "share": "1/3", "of_name": "职数"} | given
    )


@given(st.integers(1, 100), st.sampled_from(list(Rounding)))
def test_a_rounded_part_is_next_to_the_exact_one(posts, how):
    result = taken(take(), posts, how)
    assert abs(result.number - Fraction(posts, 3)) < 1
    if how is Rounding.DOWN:
        assert result.number == posts // 3


@pytest.mark.parametrize(
    ("given_", "posts", "number", "outcome"),
    [
        ({}, 10, None, "not decided"),
        ({}, 9, 3, "met"),
        ({"ask_even_when_whole": True}, 9, None, "not decided"),
        ({"rounding": "up"}, 10, 4, "met"),
        ({"rounding": "half_up"}, 8, 3, "met"),
        ({"cap": True, "share": "10%"}, 47, 4, "met"),
        ({"cap": True, "share": "10%"}, 9, 0, "met"),
        ({}, 0, None, "not applicable"),
        ({}, None, None, "cannot be judged"),
    ],
)
def test_taken(given_, posts, number, outcome):
    result = taken(take(**given_), posts)
    assert (result.number, result.outcome) == (number, outcome)


def test_an_undecided_part_shows_the_exact_figure():
    assert "3.33" in taken(take(), 10).text.zh


def test_a_negative_number_of_posts_is_refused():
    with pytest.raises(BoleError):
        taken(take(), -1)


BANDS = QuotaBands.model_validate(
    {
        "id": "b",
        "title": "名额",
        "bands": [
            {"kinds": ["town"], "number": 2},
            {"more_than": 100, "number": 2},
            {"fewer_than": 100, "number": 1},
            {"exactly": 100},
        ],
    }
)
COUNTY = QuotaBands.model_validate(
    {
        "id": "c",
        "title": "名额",
        "bands": [{"at_least": 50, "minimum": 2, "maximum": 3}, {"minimum": 1}],
    }
)


@pytest.mark.parametrize(
    ("kind", "staff", "number", "code"),
    [
        ("town", None, 2, None),
        ("department", 101, 2, None),
        ("department", 99, 1, None),
        ("department", 0, 1, None),
        ("department", 100, None, "BAND_UNDEFINED"),
        ("department", None, None, "STAFF_MISSING"),
        ("department", -5, None, "STAFF_INVALID"),
        (None, 50, None, "KIND_MISSING"),
    ],
)
def test_bands(kind, staff, number, code):
    result = banded(BANDS, kind, staff, "水利局")
    assert (result.number, result.code) == (number, code)
    assert "水利局" in result.text.zh


@pytest.mark.parametrize(("staff", "low", "high"), [(50, 2, 3), (49, 1, None), (51, 2, 3)])
def test_a_bound_of_以上_is_included(staff, low, high):
    result = banded(COUNTY, "department", staff)
    assert (result.minimum, result.maximum) == (low, high)


@given(st.integers(0, 300))
def test_every_size_has_one_answer(staff):
    result = banded(BANDS, "department", staff)
    assert (result.code is None) == (staff != 100)


def ladder() -> Ladder:
    return Ladder.model_validate(
        {
            "id": "l",
            "title": "补配",
            "ratio": {
                "id": "r",
                "title": "占比",
                "group": "young",
                "group_name": "年轻中层",
                "of": "posts",
                "share": "1/4",
            },
            "steps": [
                {"id": "own", "title": "本单位补充", "when": "fit"},
                {"id": "hold", "title": "留位培养", "when": "training"},
                {"id": "exchange", "title": "交流配备"},
            ],
            "none": "无",
        }
    )


@pytest.mark.parametrize(
    ("young", "fit", "training", "step"),
    [
        (2, 0, 0, "无"),
        (1, 1, 5, "本单位补充"),
        (1, 0, 5, "留位培养"),
        (1, 0, 0, "交流配备"),
        (1, None, 5, None),
    ],
)
def test_the_next_rung(young, fit, training, step):
    counts = {"posts": 8, "young": young, "fit": fit, "training": training}
    climbed = next_remedy(ladder(), counts)
    assert (climbed.step.zh if climbed.step else None) == step


def test_no_rung_is_taken_while_the_ratio_is_unknown():
    climbed = next_remedy(ladder(), {"posts": None, "young": 1, "fit": 1, "training": 1})
    assert climbed.step is None and climbed.check.outcome is Outcome.UNKNOWN


INDICATOR = Indicator.model_validate(
    {"id": "i", "title": "占比", "group": "a", "group_name": "青年", "of": "b", "of_name": "班子"}
)


def test_an_indicator_prints_all_four():
    day = datetime.date(2021, 6, 30)
    result = measure(INDICATOR, 20, 101, day, baseline=Fraction(1, 4))
    assert result.share == Fraction(20, 101)
    assert "20/班子101 = 19.80%" in result.text.zh and "-5.20个百分点" in result.text.zh
    assert measure(INDICATOR, 0, 0, day).share is None
    assert measure(INDICATOR, None, 4, day).share is None
    with pytest.raises(BoleError):
        measure(INDICATOR, 5, 4, day)


SEAT = Seat(
    Reservation.model_validate(
        {"id": "s", "title": "预留", "group": "young", "group_name": "年轻干部", "open": True}
    ),
    until=datetime.date(2021, 6, 30),
)


@pytest.mark.parametrize(
    ("change", "in_group", "day", "verdict", "code"),
    [
        ({}, True, 30, Verdict.MET, None),
        ({}, False, 30, Verdict.NOT_MET, "SEAT_RESERVED"),
        ({}, None, 30, Verdict.UNKNOWN, "SEAT_GROUP_UNKNOWN"),
        ({"until": datetime.date(2021, 6, 29)}, False, 30, Verdict.MET, None),
        ({"released": "本年度无合适人选"}, False, 30, Verdict.MET, None),
        ({"filled_by": "张三"}, True, 30, Verdict.NOT_MET, "SEAT_FILLED"),
    ],
)
def test_a_reserved_seat(change, in_group, day, verdict, code):
    seat = dataclasses.replace(SEAT, **change)
    answer, problem = may_fill(seat, in_group, datetime.date(2021, 6, day))
    assert (answer, problem.code if problem else None) == (verdict, code)


SOFT = Quota.model_validate(
    {"id": "q", "title": "比例", "group": "a", "group_name": "甲", "of": "b", "share": "1/2"}
    | {"strength": "soft"}
)
WHY = Deviation("q", "本批次", "无合适人选", "部长", datetime.date(2021, 6, 30))


@pytest.mark.parametrize(
    ("quota", "have", "deviation", "codes"),
    [
        (SOFT, 5, None, []),
        (SOFT, 4, None, ["DEVIATION_MISSING"]),
        (SOFT, 4, WHY, []),
        (SOFT, 4, dataclasses.replace(WHY, reason=" "), ["DEVIATION_REASON"]),
        (
            SOFT,
            4,
            dataclasses.replace(WHY, approver="", day=None),
            ["DEVIATION_APPROVER", "DEVIATION_DAY"],
        ),
        (SOFT, 4, dataclasses.replace(WHY, rule="x"), ["DEVIATION_RULE"]),
        (SOFT.model_copy(update={"strength": "hard"}), 4, WHY, ["HARD_RULE"]),
        (SOFT.model_copy(update={"strength": "preference"}), 4, None, []),
        (SOFT, None, WHY, ["QUOTA_UNKNOWN"]),
    ],
)
def test_a_soft_rule_is_passed_over_only_with_reason_approver_and_day(
    quota, have, deviation, codes
):
    result = check(quota, {"a": have, "b": 10})
    assert [p.code for p in pass_over(result, deviation)] == codes
