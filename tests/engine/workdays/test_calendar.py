from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.workdays import (
    Calendar,
    CalendarMissing,
    YearTable,
    add_months,
    add_working_days,
    add_years,
    count_days,
    is_working_day,
    month_end,
    published,
    within,
    working_days_between,
)

DAYS = st.dates(date(2005, 1, 1), date(2025, 6, 30))
OCTOBER = Calendar.of(
    [f"2024-10-0{i}" for i in range(1, 8)],
    ["2024-09-29", "2024-10-12"],
    first="2024-01-01",
    last="2024-12-31",
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 9, 29), True),  # a Sunday that is worked
        (date(2024, 10, 1), False),
        (date(2024, 10, 8), True),
        (date(2024, 10, 12), True),
        (date(2024, 10, 13), False),
        (date(2026, 10, 10), True),
        (date(2026, 2, 17), False),
    ],
)
def test_published_days(day, worked):
    assert is_working_day(day) is worked


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2024-09-24", 15, "2024-10-18"),
        ("2024-10-18", 5, "2024-10-25"),
        ("2024-09-25", 5, "2024-10-08"),
        ("2024-10-08", -5, "2024-09-25"),
        ("2024-10-05", 0, "2024-10-05"),
    ],
)
def test_add_working_days(day, n, expected):
    assert add_working_days(date.fromisoformat(day), n, OCTOBER) == date.fromisoformat(expected)


def test_beyond_the_known_span_is_unknown_and_says_so():
    end = published().last_known()
    with pytest.raises(CalendarMissing) as caught:
        add_working_days(end - timedelta(days=1), 5)
    text = caught.value.problems[0].text
    assert caught.value.problems[0].code == "CAL_MISSING"
    assert end.isoformat() in text.zh
    assert end.isoformat() in text.en
    assert str(end.year + 1) in text.en
    with pytest.raises(CalendarMissing, match="1999"):
        is_working_day(date(1999, 5, 1))


def test_a_year_can_be_put_in_and_replaced():
    year = published().last_known().year + 1
    new_year = date(year, 1, 1)
    table = YearTable(year, frozenset({new_year}), source="国务院办公厅通知")
    calendar = published().with_years([table])
    assert not calendar.is_working_day(new_year)
    assert calendar.last_known() == date(year, 12, 31)
    corrected = calendar.with_years([YearTable(2024, frozenset({date(2024, 10, 8)}))])
    assert not corrected.is_working_day(date(2024, 10, 8))
    assert corrected.is_working_day(date(2024, 10, 1))


def test_a_gap_between_known_years_stays_unknown():
    year = published().last_known().year + 2
    calendar = published().with_years([YearTable(year, frozenset())])
    assert calendar.covers(date(year, 6, 1))
    with pytest.raises(CalendarMissing):
        calendar.is_working_day(date(year - 1, 6, 1))


def test_bad_tables_are_refused_with_every_reason():
    table = YearTable(
        2030,
        frozenset({date(2031, 1, 1), date(2030, 5, 4)}),
        frozenset({date(2030, 5, 4), date(2030, 5, 6)}),
    )
    with pytest.raises(BoleError) as caught:
        published().with_years([table])
    codes = [p.code for p in caught.value.problems]
    assert codes == ["CAL_YEAR", "CAL_BOTH", "CAL_NOT_WEEKEND"]
    for make in (
        lambda: Calendar.of(["2024-10-01"], ["2024-10-01"]),
        lambda: Calendar.of(["1 October"]),
        lambda: Calendar.of(first="2024-02-01", last="2024-01-01"),
    ):
        with pytest.raises(BoleError):
            make()


@given(DAYS, st.integers(1, 300))
def test_the_nth_working_day_has_n_before_it_and_is_worked(day, n):
    due = add_working_days(day, n)
    assert is_working_day(due)
    assert working_days_between(day, due) == n
    assert working_days_between(due, day) == -n


@given(DAYS, st.integers(1, 100), st.integers(1, 100))
def test_adding_working_days_in_two_steps_is_the_same(day, a, b):
    assert add_working_days(add_working_days(day, a), b) == add_working_days(day, a + b)


@given(DAYS, st.integers(-600, 600))
def test_months_keep_the_day_number_or_clamp(day, n):
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or later == month_end(later.year, later.month)


def test_years_and_windows():
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert within(date(2024, 3, 15), date(2023, 3, 15), years=1)
    assert not within(date(2024, 3, 16), date(2023, 3, 15), years=1)
    assert not within(date(2023, 3, 14), date(2023, 3, 15), years=1)


@pytest.mark.parametrize(
    ("first", "last", "unit", "counts", "days"),
    [
        ("2025-03-03", "2025-03-05", "calendar_days", True, 3),
        ("2025-03-03", "2025-03-05", "calendar_days", False, 2),
        ("2024-09-25", "2024-10-08", "working_days", False, 5),
        ("2024-09-25", "2024-10-08", "working_days", True, 6),
        ("2024-10-01", "2024-10-01", "working_days", True, 0),
    ],
)
def test_count_days(first, last, unit, counts, days):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    assert count_days(first, last, unit=unit, first_day_counts=counts) == days


def test_a_notice_that_ends_before_it_starts_is_refused():
    with pytest.raises(BoleError, match="2025-03-03"):
        count_days(date(2025, 3, 5), date(2025, 3, 3), unit="calendar_days", first_day_counts=True)


def test_every_published_day_agrees_with_the_package():
    calendar = published()
    ((first, last),) = calendar.spans
    for i in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(i)
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
