"""Deadlines: a length from an event, what it is due on, and how a doing stands to it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.engine.workdays.calendar import Calendar, CalendarMissing, published
from bole.engine.workdays.days import ONE, add_months, working_days_between

Day = datetime.date
Unit = Literal["working_days", "calendar_days", "weeks", "months", "years"]
OnSuspension = Literal["restart", "continue"]

UNITS: dict[str, Text] = {
    "working_days": Text("个工作日", "working days"),
    "calendar_days": Text("天", "calendar days"),
    "weeks": Text("周", "weeks"),
    "months": Text("个月", "months"),
    "years": Text("年", "years"),
}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in one unit; packs write it `{working_days: 15}`."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        whole = isinstance(self.amount, int) and not isinstance(self.amount, bool)
        if not whole or self.amount < 1 or self.unit not in get_args(Unit):
            text = Text(
                "期限“{amount} {unit}”无法使用：数量须为大于0的整数，单位须为{units}之一",
                "The length '{amount} {unit}' cannot be used: the amount must be a whole number "
                "above 0 and the unit one of {units}",
            )
            names = ", ".join(UNITS)
            raise BoleError(
                Problem("CLK_LENGTH", text.fill(amount=self.amount, unit=self.unit, units=names))
            )

    @classmethod
    def of(cls, data: Mapping[str, int]) -> Length:
        """From the form that packs use: a mapping with exactly one unit."""
        if len(data) != 1:
            text = Text(
                "期限须恰好写一个单位，现有：{units}",
                "A length has exactly one unit; found: {units}",
            )
            raise BoleError(Problem("CLK_LENGTH", text.fill(units=", ".join(data) or "-")))
        ((unit, amount),) = data.items()
        return cls(amount, unit)  # type: ignore[arg-type]  # __post_init__ refuses other units

    def text(self) -> Text:
        """ "15个工作日" / "15 working days"."""
        unit = UNITS[self.unit]
        english = unit.en if self.amount != 1 else unit.en.removesuffix("s")
        return Text(f"{self.amount}{unit.zh}", f"{self.amount} {english}")


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands still from `start` (that day no longer counts) until `resumed`.

    `resumed` is the day on which it runs again: with "continue" it is an ordinary day of the
    count, with "restart" it is the new day 0. None = still suspended.
    """

    start: Day
    resumed: Day | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due. `due` is the last day inside the period, or None with the reason.

    `counted` lists the days that were counted (day units only). When `due` is None,
    `not_before` is the earliest day on which it could fall, if that much is known.
    """

    event: Day | None
    lengths: tuple[Length, ...]
    due: Day | None
    counted: tuple[Day, ...] = ()
    problem: Problem | None = None
    not_before: Day | None = None
    suspended_since: Day | None = None

    @property
    def earliest_after(self) -> Day | None:
        """The first day after the period, e.g. the earliest day for formalities."""
        return self.due + ONE if self.due else None

    def is_over(self, today: Day) -> bool | None:
        """Whether the whole period lies before `today`; None when it cannot be told.

        The last day belongs to the period: on that day it is not over.
        """
        if self.due is None:
            over_impossible = self.not_before is not None and today <= self.not_before
            return False if over_impossible or self.suspended_since else None
        return today > self.due


def deadline(
    event: Day | None,
    length: Length,
    calendar: Calendar | None = None,
    *,
    first_day_counts: bool = False,
    suspensions: Iterable[Suspension] = (),
    on_suspension: OnSuspension = "continue",
    event_name: Text | None = None,
) -> Deadline:
    """The deadline of `length` from `event`; the event's day counts only if the rule says so.

    Working days use `calendar` (the published one unless given). Nothing is guessed: a missing
    event (CHK_FACT), a year without a calendar (CAL_MISSING) or an open suspension
    (CLK_SUSPENDED) gives a Deadline without `due` that says why. Months end on the same day
    number, clamped to the month's end; when the first day counts they end one day earlier.
    Raises BoleError (CLK_ORDER) for a suspension that ends before it starts.
    """
    if event is None:
        name = event_name or Text("起算日", "the starting day")
        text = Text(
            "缺少{name}，无法计算期限，也不视为按时",
            "Missing: {name}. No deadline can be set and nothing counts as in time",
        )
        return Deadline(None, (length,), None, problem=Problem("CHK_FACT", text.fill(name=name)))
    stops = _merged(suspensions)
    if length.unit in ("months", "years"):
        return _by_months(event, length, first_day_counts, stops, on_suspension)
    by_working_days = length.unit == "working_days"
    days = length.amount * 7 if length.unit == "weeks" else length.amount
    known = calendar or published()
    is_counted: Callable[[Day], bool] = (
        known.is_working_day if by_working_days else lambda day: True
    )
    counted: list[Day] = []
    pending = list(stops)
    day = event if first_day_counts else event + ONE
    try:
        while True:
            if pending and day >= pending[0].start:
                stop = pending.pop(0)
                if stop.resumed is None:
                    return _suspended(event, length, counted, stop)
                if on_suspension == "restart":
                    counted = []
                    day = stop.resumed if first_day_counts else stop.resumed + ONE
                else:
                    day = max(day, stop.resumed)
                continue
            if is_counted(day):
                counted.append(day)
                if len(counted) == days:
                    return Deadline(event, (length,), day, tuple(counted))
            day += ONE
    except CalendarMissing as missing:
        return Deadline(
            event, (length,), None, tuple(counted), missing.problems[0], not_before=missing.day
        )


def _by_months(
    event: Day,
    length: Length,
    first_day_counts: bool,
    stops: list[Suspension],
    on_suspension: OnSuspension,
) -> Deadline:
    n = length.amount * (12 if length.unit == "years" else 1)
    shift = ONE if first_day_counts else ONE * 0
    due = add_months(event, n) - shift
    for stop in stops:
        if stop.start > due:
            break
        if stop.resumed is None:
            return _suspended(event, length, [], stop)
        if on_suspension == "restart":
            due = add_months(stop.resumed, n) - shift
        elif stop.resumed > event:
            due += stop.resumed - max(stop.start, event)
    return Deadline(event, (length,), due)


def _suspended(event: Day, length: Length, counted: list[Day], stop: Suspension) -> Deadline:
    text = Text(
        "期限自{start}起中止，恢复之前没有到期日",
        "The clock has stood still since {start}; there is no due date until it runs again",
    ).fill(start=stop.start)
    return Deadline(
        event,
        (length,),
        None,
        tuple(counted),
        Problem("CLK_SUSPENDED", text),
        suspended_since=stop.start,
    )


def _merged(suspensions: Iterable[Suspension]) -> list[Suspension]:
    out: list[Suspension] = []
    for stop in sorted(suspensions, key=lambda s: s.start):
        if stop.resumed is not None and stop.resumed <= stop.start:
            text = Text(
                "恢复日{resumed}须晚于中止日{start}",
                "The clock cannot resume ({resumed}) on or before the day it stopped ({start})",
            )
            raise BoleError(Problem("CLK_ORDER", text.fill(resumed=stop.resumed, start=stop.start)))
        last = out[-1] if out else None
        if last and (last.resumed is None or stop.start <= last.resumed):
            open_end = last.resumed is None or stop.resumed is None
            end = None if open_end else max(last.resumed, stop.resumed)  # type: ignore[type-var]
            out[-1] = Suspension(last.start, end)
        else:
            out.append(stop)
    return out


def earliest(*deadlines: Deadline) -> Deadline:
    """The deadline that falls first, where several clocks run (the earlier is due).

    Decided even beside an unknown one if that cannot fall earlier; otherwise unknown with the
    unknown one's reason.
    """
    known = [d for d in deadlines if d.due]
    unknown = [d for d in deadlines if d.due is None]
    first = min(known, key=lambda d: d.due or Day.max) if known else None
    lengths = tuple(length for d in deadlines for length in d.lengths)
    for other in unknown:
        certain = first and first.due and other.not_before and first.due <= other.not_before
        if not certain:
            return Deadline(
                other.event,
                lengths,
                None,
                problem=other.problem,
                suspended_since=other.suspended_since,
            )
    assert first is not None, "earliest() of no deadlines"
    return Deadline(first.event, lengths, first.due, first.counted)


def latest(*deadlines: Deadline) -> Deadline:
    """The deadline that falls last, e.g. of merged notices; unknown if any of them is."""
    lengths = tuple(length for d in deadlines for length in d.lengths)
    for d in deadlines:
        if d.due is None:
            floors = [x.due or x.not_before for x in deadlines]
            return Deadline(
                d.event,
                lengths,
                None,
                problem=d.problem,
                not_before=max((f for f in floors if f), default=None),
                suspended_since=d.suspended_since,
            )
    last = max(deadlines, key=lambda d: d.due or Day.min)
    return Deadline(last.event, lengths, last.due, last.counted)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a doing stands to its deadline.

    `state`: on_time | late (done), running | overdue (not done yet), suspended, cannot_compute,
    refused. `days` = working days late or left for working-day clocks, calendar days otherwise;
    None when it does not apply or the calendar does not reach.
    """

    state: Literal[
        "on_time", "late", "running", "overdue", "suspended", "cannot_compute", "refused"
    ]
    due: Day | None
    days: int | None = None
    problem: Problem | None = None


def judge(
    clock: Deadline,
    *,
    done: Day | None = None,
    today: Day | None = None,
    calendar: Calendar | None = None,
    done_name: Text | None = None,
    event_name: Text | None = None,
) -> Standing:
    """How the doing on `done` (or the waiting until `today`) stands to a deadline.

    The last day is in time. A doing before its event is refused (CLK_ORDER), never "early".
    Give `done` or `today`; raises ValueError without either.
    """
    moment = done or today
    if moment is None:
        raise ValueError("judge() needs `done` or `today`")
    if done and clock.event and done < clock.event:
        text = Text(
            "{done_name}{done}早于{event_name}{event}，请更正其中之一",
            "{done_name} {done} is before {event_name} {event}; correct one of the two",
        ).fill(
            done=done,
            event=clock.event,
            done_name=done_name or Text("办理日期", "The date of doing"),
            event_name=event_name or Text("起算日期", "the starting date"),
        )
        return Standing("refused", clock.due, problem=Problem("CLK_ORDER", text))
    if clock.due is None:
        if clock.suspended_since:
            return Standing("suspended", None, problem=clock.problem)
        # Beyond the calendar, yet not later than the earliest possible due day: still in time.
        if clock.not_before and moment <= clock.not_before:
            state: Literal["on_time", "running"] = "on_time" if done else "running"
            return Standing(state, None, problem=clock.problem)
        return Standing("cannot_compute", None, problem=clock.problem)
    in_working_days = any(length.unit == "working_days" for length in clock.lengths)
    days: int | None
    try:
        days = (
            abs(working_days_between(clock.due, moment, calendar))
            if in_working_days
            else abs((moment - clock.due).days)
        )
    except CalendarMissing:
        days = None
    if moment <= clock.due:
        return Standing("on_time" if done else "running", clock.due, days)
    return Standing("late" if done else "overdue", clock.due, days)
