"""Completed years and spells: against counting day by day."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.spans import Birth, Spell, blocks, completed_years, served
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import add_months

D = datetime.date
NAME = Text("出生日期", "birth date")
DAYS = st.dates(D(2010, 1, 1), D(2020, 12, 31))
ONE = datetime.timedelta(days=1)


@given(DAYS, DAYS)
def test_completed_years_count_birthdays(start, on):
    if on < start:
        return
    birthdays = sum(
        1
        for year in range(start.year + 1, on.year + 1)
        # A 29 February has its birthday on 1 March in a common year.
        if (D(year, start.month, start.day) if _exists(year, start) else D(year, 3, 1)) <= on
    )
    assert completed_years(start, on) == birthdays


def _exists(year: int, day: D) -> bool:
    try:
        D(year, day.month, day.day)
    except ValueError:
        return False
    return True


@given(st.lists(st.tuples(DAYS, st.integers(0, 900)), max_size=5), DAYS)
def test_blocks_hold_every_served_day_once(rows, as_of):
    spells = [Spell(start, start + n * ONE) for start, n in rows]
    days = {start + k * ONE for start, n in rows for k in range(n + 1) if start + k * ONE <= as_of}
    found = blocks(spells, as_of)
    covered = [b.start + k * ONE for b in found for k in range((b.end - b.start).days + 1)]
    assert sorted(days) == covered
    assert all(a.end + ONE < b.start for a, b in zip(found, found[1:], strict=False))


@given(DAYS, st.integers(1, 60))
def test_n_months_are_reached_on_the_day_before(start, months):
    last = add_months(start, months) - ONE
    far = D(2030, 1, 1)
    assert served([Spell(start, last)], months, far).verdict is Verdict.MET
    short = served([Spell(start, last - ONE)], months, far)
    assert (short.verdict, short.short_days) == (Verdict.NOT_MET, 1)


def spell(first, last, ongoing=False):
    def day(text):
        return D.fromisoformat(text) if text else None

    return Spell(day(first), day(last), ongoing)


@pytest.mark.parametrize(
    ("spells", "verdict", "missing"),
    [
        ([("2016-01-01", None)], Verdict.UNKNOWN, ("end",)),
        ([("2019-01-01", None)], Verdict.NOT_MET, ()),
        ([(None, "2017-01-01")], Verdict.UNKNOWN, ("start",)),
        ([("2015-01-01", "2017-12-31"), ("2018-06-01", None)], Verdict.MET, ()),
        ([("2018-01-01", "2018-12-31"), ("2019-02-01", "2020-01-31")], Verdict.MET, ()),
        ([], Verdict.NOT_MET, ()),
    ],
)
def test_what_is_missing_is_counted_both_ways(spells, verdict, missing):
    result = served([spell(*s) for s in spells], 24, D(2020, 6, 30))
    assert (result.verdict, result.missing) == (verdict, missing)


def test_odd_days_of_broken_service_decide_only_as_the_scheme_says():
    broken = [spell("2016-01-01", "2017-01-20"), spell("2018-01-01", "2018-12-15")]
    as_of = D(2020, 1, 1)
    assert served(broken, 24, as_of).missing == ("odd_days",)
    assert served(broken, 24, as_of, "drop").verdict is Verdict.NOT_MET
    assert served(broken, 24, as_of, "thirty_days_are_a_month").verdict is Verdict.MET


def test_an_ongoing_spell_runs_to_the_day():
    assert served([spell("2018-01-01", None, True)], 24, D(2019, 12, 31)).verdict is Verdict.MET


def test_an_end_before_the_start_is_refused():
    with pytest.raises(BoleError):
        blocks([spell("2018-01-02", "2018-01-01")], D(2020, 1, 1))


def test_a_birth_month_gives_a_range_only_where_the_month_decides():
    month = Birth.of("1985-06", NAME)
    assert month.ages(D(2020, 6, 15)) == (34, 35)
    assert month.ages(D(2020, 7, 1)) == (35, 35)


@pytest.mark.parametrize("value", ["1990-02-30", "1990-13", "去年", "1990-1-1"])
def test_days_that_do_not_exist(value):
    with pytest.raises(BoleError):
        Birth.of(value, NAME, "甲")
