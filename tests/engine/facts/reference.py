"""A plain, slow reading of the conventions, against which the compiled facts are held."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

Day = datetime.date
ONE = datetime.timedelta(days=1)


def add_months(day: Day, months: int) -> Day:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return Day(year, month + 1, min(day.day, last))


def full_months(start: Day, until: Day) -> int:
    """The largest n with start + n months not after `until`, found by counting."""
    months = 0
    while add_months(start, months + 1) <= until:
        months += 1
    return months


def age(birth: Day, on: Day) -> int:
    years = 0
    while True:
        year = birth.year + years + 1
        try:
            birthday = birth.replace(year=year)
        except ValueError:
            birthday = Day(year, 3, 1)
        if birthday > on:
            return years
        years += 1


def served_days(spells: list[dict[str, Any]], as_of: Day) -> set[Day]:
    """Every single day served, for spells known to the day."""
    days: set[Day] = set()
    for spell in spells:
        day = spell["start"]
        end = min(spell["end"] or as_of, as_of)
        while day <= end:
            days.add(day)
            day += ONE
    return days


def blocks(days: set[Day]) -> list[tuple[Day, Day]]:
    """Unbroken runs of days: first day and the day after the last."""
    out: list[tuple[Day, Day]] = []
    for day in sorted(days):
        if out and out[-1][1] == day:
            out[-1] = (out[-1][0], day + ONE)
        else:
            out.append((day, day + ONE))
    return out


def served_months(spells: list[dict[str, Any]], as_of: Day, odd_days: str) -> tuple[int, int]:
    """Whole months of all blocks; odd days of several blocks as the convention says."""
    months = odd = 0
    found = blocks(served_days(spells, as_of))
    for start, until in found:
        n = full_months(start, until)
        months += n
        odd += (until - add_months(start, n)).days
    if len(found) < 2 or odd_days == "drop":
        return months, months
    if odd_days == "thirty_days_are_a_month":
        return months + odd // 30, months + odd // 30
    return months + odd // 31, months + odd // 28


def streak(grades: dict[int, str], last: int, wanted: set[str]) -> int:
    """Years running up to `last` with one of the grades, on complete records."""
    n = 0
    while grades.get(last - n) in wanted:
        n += 1
    return n
