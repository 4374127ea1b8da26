"""The ledger's rows and the vacancies by class."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.headcount import (
    Change,
    Exit,
    Line,
    Post,
    RedLine,
    VacancyClasses,
    forecast,
    ledger_rows,
    vacancies,
)

RED = RedLine.model_validate(
    {"id": "r", "title": "红线", "overstaffed": "blocked", "approval": "编办"}
)


def row(authorised, filled, entering, leaving, approval=None):
    change = Change("水利局", "副科", authorised, filled, entering, leaving, approval)
    return ledger_rows(RED, [change])[0]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5), st.integers(0, 5))
def test_allowed_exactly_when_not_above_the_line(authorised, filled, entering, leaving):
    if leaving > filled + entering:
        with pytest.raises(BoleError):
            row(authorised, filled, entering, leaving)
        return
    result = row(authorised, filled, entering, leaving)
    assert result.after == filled + entering - leaving
    assert result.allowed == (result.after <= authorised)
    assert result.over == max(0, result.after - authorised)
    assert result.free == max(0, authorised - result.after)


@pytest.mark.parametrize(
    ("figures", "allowed", "state"),
    [
        ((4, 4, 1, 1), True, "full"),
        ((4, 4, 1, 0), False, "over"),
        ((None, 1, 1, 0), False, "unknown"),
        ((4, None, 1, 0), False, "unknown"),
        ((4, 3, None, 0), False, "unknown"),
        ((5, 3, 1, 0), True, "free"),
    ],
)
def test_states(figures, allowed, state):
    result = row(*figures)
    assert (result.allowed, result.state) == (allowed, state)


def test_a_paper_of_the_establishment_office_lets_a_row_pass_and_is_named():
    result = row(4, 4, 1, 0, approval="编发〔2021〕3号")
    assert result.allowed and result.over == 1
    assert "编发〔2021〕3号" in result.text.zh


CLASSES = VacancyClasses.model_validate(
    {"id": "v", "title": "台账", "classes": {"head": "正职", "deputy": "副职"}}
)


def test_over_is_no_negative_vacancy_and_unknown_stays_apart():
    result = vacancies(
        CLASSES,
        [
            Post("东镇", "deputy", 8, 6),
            Post("西镇", "deputy", 8, 9),
            Post("档案馆", "deputy", None, 1),
            Post("水利局", "deputy", 3, None),
        ],
    )
    assert result.by_class == {"head": 0, "deputy": 2}
    assert [(o.unit, o.by) for o in result.over] == [("西镇", 1)]
    assert [p.unit for p in result.unknown] == ["档案馆", "水利局"]
    assert "超配1人" in result.text.zh


def test_a_class_outside_the_ledger_is_refused_with_the_known_ones():
    with pytest.raises(BoleError) as refused:
        vacancies(CLASSES, [Post("东镇", "third", 1, 0)])
    assert "正职、副职" in refused.value.problems[0].text.zh


@pytest.mark.parametrize(
    ("approved", "filled", "until", "vacant", "over"),
    [
        (4, 4, 30, 1, 0),
        (4, 4, 29, 0, 0),
        (3, 5, 30, 0, 1),
        (None, 4, 30, None, None),
        (4, None, 30, None, None),
    ],
)
def test_known_exits_are_foreseen(approved, filled, until, vacant, over):
    exits = [Exit("张三", datetime.date(2021, 6, 30)), Exit("李四", datetime.date(2022, 6, 30))]
    result = forecast(Line("副局长", approved, filled), exits, datetime.date(2021, 6, until))
    assert (result.vacant, result.over) == (vacant, over)
