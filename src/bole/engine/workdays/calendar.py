"""Which days are worked: published holidays and make-up days, and tables for other years."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

Day = datetime.date
SATURDAY, SUNDAY = 5, 6  # as date.weekday() numbers them


class CalendarMissing(BoleError):
    """A day was asked for that the calendar knows nothing about (code CAL_MISSING)."""

    def __init__(self, day: Day, last_known: Day | None) -> None:
        self.day = day
        self.last_known = last_known
        if last_known is None:
            text = Text(
                "工作日历没有{year}年的放假安排，无法判断{day}是否为工作日；"
                "请先录入{year}年的放假和调休安排",
                "The working-day calendar has no table for {year}, so it cannot tell whether {day} "
                "is a working day; enter the holidays and make-up days of {year} first",
            )
        else:
            text = Text(
                "工作日历止于{last}，没有{year}年的放假安排，无法计算到期日；"
                "请先录入{year}年的放假和调休安排",
                "The working-day calendar ends on {last}; load the year {year} (holidays and "
                "make-up days) to get the due date",
            )
        super().__init__(
            Problem("CAL_MISSING", text.fill(year=day.year, day=day, last=last_known or ""))
        )


@dataclass(frozen=True, slots=True)
class YearTable:
    """Holidays and make-up days of one year, as the yearly notice of the State Council lists them.

    `days_off` may include weekend days that fall inside a holiday; `make_up` are the Saturdays and
    Sundays that are worked; `source` names the notice.
    """

    year: int
    days_off: frozenset[Day]
    make_up: frozenset[Day] = frozenset()
    source: str = ""

    def problems(self) -> list[Problem]:
        """Everything wrong with the table; an empty list when it can be used."""
        found = []
        for day in sorted(self.days_off | self.make_up):
            if day.year != self.year:
                text = Text("{day}不在{year}年", "{day} is not in {year}")
                found.append(Problem("CAL_YEAR", text.fill(day=day, year=self.year)))
        for day in sorted(self.days_off & self.make_up):
            text = Text(
                "{day}既列为放假又列为调休上班，请删去其一",
                "{day} is listed both as a day off and as a make-up working day; remove one",
            )
            found.append(Problem("CAL_BOTH", text.fill(day=day)))
        for day in sorted(self.make_up):
            if day.weekday() not in (SATURDAY, SUNDAY):
                text = Text(
                    "{day}不是周末，本来就是工作日，不应列为调休上班",
                    "{day} is not on a weekend; it is a working day already, not a make-up day",
                )
                found.append(Problem("CAL_NOT_WEEKEND", text.fill(day=day)))
        return found


@dataclass(frozen=True)
class Calendar:
    """A working-day calendar over the spans of days that it knows.

    A day is worked if it is a make-up day, or neither a weekend day nor a day off.
    `spans` are (first, last) pairs, both inclusive; `None` means that the table holds everywhere.
    """

    days_off: frozenset[Day] = frozenset()
    make_up: frozenset[Day] = frozenset()
    spans: tuple[tuple[Day, Day], ...] | None = None
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    @classmethod
    def of(
        cls,
        days_off: Iterable[Day | str] = (),
        make_up: Iterable[Day | str] = (),
        *,
        first: Day | str | None = None,
        last: Day | str | None = None,
        weekend: Iterable[int] = (SATURDAY, SUNDAY),
    ) -> Calendar:
        """A calendar from lists of days (dates or ISO strings), known from `first` to `last`.

        Raises BoleError if a day is listed both ways or the span ends before it starts.
        """
        off, worked = frozenset(map(_day, days_off)), frozenset(map(_day, make_up))
        if both := sorted(off & worked):
            text = Text(
                "{day}既列为放假又列为调休上班，请删去其一",
                "{day} is listed both as a day off and as a make-up working day; remove one",
            )
            raise BoleError([Problem("CAL_BOTH", text.fill(day=day)) for day in both])
        spans = None
        if first is not None or last is not None:
            start = _day(first) if first is not None else Day.min
            end = _day(last) if last is not None else Day.max
            if end < start:
                text = Text(
                    "日历的止日{end}早于起日{start}",
                    "The calendar ends ({end}) before it starts ({start})",
                )
                raise BoleError(Problem("CLK_ORDER", text.fill(start=start, end=end)))
            spans = ((start, end),)
        return cls(off, worked, spans, frozenset(weekend))

    def with_years(self, tables: Iterable[YearTable]) -> Calendar:
        """This calendar with whole years put in or replaced.

        Raises BoleError with every problem of every table.
        """
        tables = list(tables)
        if problems := [p for table in tables for p in table.problems()]:
            raise BoleError(problems)
        replaced = {table.year for table in tables}
        off = {d for d in self.days_off if d.year not in replaced}
        worked = {d for d in self.make_up if d.year not in replaced}
        spans = list(self.spans) if self.spans is not None else None
        for table in tables:
            off |= table.days_off
            worked |= table.make_up
            if spans is not None:
                spans.append((Day(table.year, 1, 1), Day(table.year, 12, 31)))
        return Calendar(
            frozenset(off),
            frozenset(worked),
            None if spans is None else _merged(spans),
            self.weekend,
        )

    def covers(self, day: Day) -> bool:
        """Whether the calendar knows this day."""
        return self.spans is None or any(first <= day <= last for first, last in self.spans)

    def last_known(self) -> Day | None:
        """The last day that the calendar knows; None if it holds everywhere or knows nothing."""
        return max(last for _, last in self.spans) if self.spans else None

    def is_working_day(self, day: Day) -> bool:
        """Whether `day` is worked. Raises CalendarMissing outside the known span."""
        if not self.covers(day):
            last = self.last_known()
            raise CalendarMissing(day, last if last is not None and last < day else None)
        if day in self.make_up:
            return True
        return day.weekday() not in self.weekend and day not in self.days_off


def _day(value: Day | str) -> Day:
    if isinstance(value, str):
        try:
            return Day.fromisoformat(value)
        except ValueError:
            text = Text(
                "“{value}”不是日期，请写成 2026-10-01 的样子",
                "'{value}' is not a date; write it like 2026-10-01",
            )
            raise BoleError(Problem("DATE_FORMAT", text.fill(value=value))) from None
    return value.date() if isinstance(value, datetime.datetime) else value


def _merged(spans: Iterable[tuple[Day, Day]]) -> tuple[tuple[Day, Day], ...]:
    out: list[tuple[Day, Day]] = []
    for first, last in sorted(spans):
        if out and first.toordinal() <= out[-1][1].toordinal() + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


@cache
def published() -> Calendar:
    """The calendar of the years published so far (package chinesecalendar, from 2004 on)."""
    from chinese_calendar.constants import holidays, workdays

    return Calendar(
        frozenset(holidays),
        frozenset(day for day in workdays if day.weekday() in (SATURDAY, SUNDAY)),
        ((Day(min(holidays).year, 1, 1), Day(max(holidays).year, 12, 31)),),
    )
