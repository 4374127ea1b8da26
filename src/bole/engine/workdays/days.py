"""Adding and counting days, months and years."""

from __future__ import annotations

import calendar as months
import datetime
from typing import Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.engine.workdays.calendar import Calendar, published

Day = datetime.date
ONE = datetime.timedelta(days=1)


def is_working_day(day: Day, calendar: Calendar | None = None) -> bool:
    """Whether `day` is worked; the published calendar unless another is given.

    Raises CalendarMissing for a day that the calendar does not know.
    """
    return (calendar or published()).is_working_day(day)


def add_working_days(day: Day, n: int, calendar: Calendar | None = None) -> Day:
    """The n-th working day strictly after `day` (`day` = day 0, worked or not).

    A negative n counts backwards (strictly before); 0 is `day` itself.
    Raises CalendarMissing when the count leaves the known span.
    """
    calendar = calendar or published()
    step = ONE if n > 0 else -ONE
    left = abs(n)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


def working_days_between(start: Day, end: Day, calendar: Calendar | None = None) -> int:
    """Working days strictly after `start` up to and including `end`.

    The inverse of `add_working_days`: between d and add_working_days(d, n) there are n.
    Negative when `end` is before `start`. Raises CalendarMissing.
    """
    calendar = calendar or published()
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(
        calendar.is_working_day(Day.fromordinal(i))
        for i in range(start.toordinal() + 1, end.toordinal() + 1)
    )


def month_end(year: int, month: int) -> Day:
    """The last calendar day of a month."""
    return Day(year, month, months.monthrange(year, month)[1])


def add_months(day: Day, n: int) -> Day:
    """The same day number n months later, or the month's last day if it has no such day."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    return Day(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add_years(day: Day, n: int) -> Day:
    """The same day n years later; 29 February becomes 28 February."""
    return add_months(day, 12 * n)


def within(day: Day, start: Day, *, years: int = 0, months: int = 0) -> bool:
    """Whether `day` lies in the window from `start` to `start` + length, both ends included."""
    return start <= day <= add_months(start, 12 * years + months)


def count_days(
    first: Day,
    last: Day,
    *,
    unit: Literal["working_days", "calendar_days"],
    first_day_counts: bool,
    calendar: Calendar | None = None,
) -> int:
    """How many days a notice ran from `first` to `last`; the last day always counts.

    `first_day_counts` says whether the day of posting is one of them.
    Raises BoleError (CLK_ORDER) if it ends before it starts, CalendarMissing for unknown years.
    """
    if last < first:
        text = Text(
            "结束日{last}早于开始日{first}，请更正其中之一",
            "It ends ({last}) before it starts ({first}); correct one of the two",
        )
        raise BoleError(Problem("CLK_ORDER", text.fill(first=first, last=last)))
    start = first - ONE if first_day_counts else first
    if unit == "calendar_days":
        return (last - start).days
    return working_days_between(start, last, calendar)
