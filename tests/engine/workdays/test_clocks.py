from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.workdays import (
    Calendar,
    Length,
    Suspension,
    add_working_days,
    deadline,
    earliest,
    judge,
    latest,
)

D = date.fromisoformat
OCTOBER = Calendar.of(
    [f"2024-10-0{i}" for i in range(1, 8)],
    ["2024-09-29", "2024-10-12"],
    first="2024-01-01",
    last="2024-12-31",
)


def due(event, amount, unit, **options):
    found = deadline(D(event), Length(amount, unit), OCTOBER, **options)
    return found.due and found.due.isoformat()


@pytest.mark.parametrize(
    ("event", "amount", "unit", "options", "expected"),
    [
        ("2024-09-25", 5, "working_days", {}, "2024-10-08"),
        ("2024-09-25", 5, "working_days", {"first_day_counts": True}, "2024-09-30"),
        ("2024-10-01", 1, "working_days", {"first_day_counts": True}, "2024-10-08"),
        ("2024-09-25", 7, "calendar_days", {}, "2024-10-02"),
        ("2024-09-25", 7, "calendar_days", {"first_day_counts": True}, "2024-10-01"),
        ("2024-09-25", 2, "weeks", {}, "2024-10-09"),
        ("2024-01-31", 1, "months", {}, "2024-02-29"),
        ("2024-01-31", 1, "months", {"first_day_counts": True}, "2024-02-28"),
        ("2024-02-29", 1, "years", {}, "2025-02-28"),
    ],
)
def test_due(event, amount, unit, options, expected):
    assert due(event, amount, unit, **options) == expected


@pytest.mark.parametrize(
    ("amount", "unit", "mode", "expected"),
    [
        # posted on the 25th: 26, 27 counted; stands still from the 29th, runs again on the 8th
        (5, "working_days", "continue", "2024-10-10"),
        (5, "working_days", "restart", "2024-10-14"),
        (7, "calendar_days", "continue", "2024-10-11"),
        (7, "calendar_days", "restart", "2024-10-15"),
        (1, "months", "continue", "2024-11-03"),
        (1, "months", "restart", "2024-11-08"),
    ],
)
def test_suspension(amount, unit, mode, expected):
    stops = [Suspension(D("2024-09-29"), D("2024-10-08"))]
    assert due("2024-09-25", amount, unit, suspensions=stops, on_suspension=mode) == expected


def test_a_suspension_after_the_due_day_changes_nothing():
    stops = [Suspension(D("2024-10-09"), None)]
    assert due("2024-09-25", 5, "working_days", suspensions=stops) == "2024-10-08"


def test_an_open_suspension_has_no_due_date():
    stops = [Suspension(D("2024-09-29"), None)]
    for unit in ("working_days", "months"):
        clock = deadline(D("2024-09-25"), Length(5, unit), OCTOBER, suspensions=stops)
        assert clock.due is None
        assert clock.problem.code == "CLK_SUSPENDED"
        assert clock.is_over(D("2025-12-01")) is False
        assert judge(clock, today=D("2025-12-01")).state == "suspended"


def test_overlapping_suspensions_are_one():
    stops = [
        Suspension(D("2024-09-29"), D("2024-10-08")),
        Suspension(D("2024-09-30"), D("2024-10-02")),
    ]
    assert due("2024-09-25", 5, "working_days", suspensions=stops) == "2024-10-10"
    with pytest.raises(BoleError, match="2024-10-01"):
        due("2024-09-25", 5, "months", suspensions=[Suspension(D("2024-10-01"), D("2024-10-01"))])


def test_counted_days_and_the_first_day_after():
    clock = deadline(D("2024-09-25"), Length(5, "working_days"), OCTOBER)
    assert [d.isoformat() for d in clock.counted] == [
        "2024-09-26",
        "2024-09-27",
        "2024-09-29",
        "2024-09-30",
        "2024-10-08",
    ]
    assert clock.earliest_after == D("2024-10-09")
    assert clock.is_over(D("2024-10-08")) is False
    assert clock.is_over(D("2024-10-09")) is True


@pytest.mark.parametrize(
    ("done", "state", "days"),
    [
        ("2024-10-18", "on_time", 0),
        ("2024-10-21", "late", 1),
        ("2024-10-10", "on_time", 7),
        ("2024-09-20", "refused", None),
    ],
)
def test_judging_a_doing(done, state, days):
    clock = deadline(D("2024-09-24"), Length(15, "working_days"), OCTOBER)
    found = judge(clock, done=D(done), calendar=OCTOBER)
    assert (found.state, found.days) == (state, days)
    if state == "refused":
        assert found.problem.code == "CLK_ORDER"
        assert {"2024-09-20", "2024-09-24"} <= set(found.problem.text.en.replace(";", "").split())


def test_waiting_is_overdue_only_after_the_last_day():
    clock = deadline(D("2025-09-01"), Length(9, "calendar_days"))
    assert judge(clock, today=D("2025-09-10")).state == "running"
    assert judge(clock, today=D("2025-09-11")).state == "overdue"
    with pytest.raises(ValueError, match="done"):
        judge(clock)


def test_a_missing_event_is_never_in_time():
    clock = deadline(None, Length(15, "working_days"))
    assert clock.due is None
    assert clock.problem.code == "CHK_FACT"
    assert judge(clock, done=D("2024-10-10")).state == "cannot_compute"
    assert clock.is_over(D("2024-10-10")) is None


def test_beyond_the_calendar_only_what_is_certain_is_said():
    clock = deadline(D("2024-12-25"), Length(10, "working_days"), OCTOBER)
    assert clock.due is None
    assert clock.problem.code == "CAL_MISSING"
    assert clock.not_before == D("2025-01-01")
    assert judge(clock, done=D("2024-12-30"), calendar=OCTOBER).state == "on_time"
    assert judge(clock, done=D("2025-01-10"), calendar=OCTOBER).state == "cannot_compute"
    assert clock.is_over(D("2024-12-31")) is False
    assert clock.is_over(D("2025-02-01")) is None


def test_the_earlier_of_two_clocks():
    event = D("2024-09-24")
    two_weeks = deadline(event, Length(2, "weeks"))
    fifteen = deadline(event, Length(15, "working_days"), OCTOBER)
    both = earliest(two_weeks, fifteen)
    assert both.due == D("2024-10-08")
    assert len(both.lengths) == 2
    assert latest(two_weeks, fifteen).due == D("2024-10-18")


def test_the_earlier_of_a_known_and_an_unknown_clock():
    event = D("2024-12-25")
    unknown = deadline(event, Length(10, "working_days"), OCTOBER)
    assert earliest(deadline(event, Length(3, "calendar_days")), unknown).due == D("2024-12-28")
    open_question = earliest(deadline(event, Length(30, "calendar_days")), unknown)
    assert open_question.due is None
    assert open_question.problem.code == "CAL_MISSING"
    assert latest(deadline(event, Length(3, "calendar_days")), unknown).due is None


@pytest.mark.parametrize("data", [{"working_days": 0}, {"fortnights": 1}, {}, {"weeks": 1.5}])
def test_bad_lengths_are_refused(data):
    with pytest.raises(BoleError) as caught:
        Length.of(data)
    assert caught.value.problems[0].code == "CLK_LENGTH"


def test_lengths_read_and_speak():
    assert Length.of({"working_days": 15}).text().zh == "15个工作日"
    assert Length.of({"weeks": 1}).text().en == "1 week"


@given(st.dates(date(2010, 1, 1), date(2024, 1, 1)), st.integers(1, 60))
def test_a_deadline_is_the_nth_working_day(event, n):
    clock = deadline(event, Length(n, "working_days"))
    assert clock.due == add_working_days(event, n)
    assert len(clock.counted) == n


@given(
    st.dates(date(2010, 1, 1), date(2020, 1, 1)),
    st.integers(1, 30),
    st.integers(1, 20),
    st.integers(1, 40),
    st.sampled_from(["working_days", "calendar_days"]),
)
def test_continuing_counts_no_suspended_day_and_restart_starts_anew(event, n, offset, pause, unit):
    start = event + timedelta(days=offset)
    stop = Suspension(start, start + timedelta(days=pause))
    length = Length(n, unit)
    plain = deadline(event, length)
    going_on = deadline(event, length, suspensions=[stop])
    again = deadline(event, length, suspensions=[stop], on_suspension="restart")
    assert plain.due <= going_on.due
    assert not any(stop.start <= day < stop.resumed for day in going_on.counted)
    if stop.start <= plain.due:
        assert again.due == deadline(stop.resumed, length).due
    else:
        assert plain.due == going_on.due == again.due
