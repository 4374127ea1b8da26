"""Calendar arithmetic on Ibis columns that means the same on every engine.

Differences of years and months count boundaries on DuckDB and whole units on Spark, so nothing
here uses them: a date becomes a whole number (a stamp) that sorts like the date, and lengths are
computed from months and days of two stamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

Reading = Literal["reached", "short", "long"]
LAST, MONTHLY = 2, 1  # flags in the two lowest bits of a stamp


@dataclass(frozen=True)
class Settings:
    """Conventions that a scheme may set; the defaults are those of the specification.

    month_dates: "reached" = the same month counts as reached; "unknown" = when the day of the
    month decides, the answer is unknown. last_day: "included" = the last day of a spell, and the
    day itself, count as served, so two years are reached the day before the second anniversary;
    "excluded" = on the anniversary. odd_days of several blocks: "drop", "thirty_days_are_a_month",
    or "ask" = unknown while they could decide. secondments, acting: whether such service counts.
    """

    month_dates: Literal["reached", "unknown"] = "reached"
    last_day: Literal["included", "excluded"] = "included"
    odd_days: Literal["ask", "drop", "thirty_days_are_a_month"] = "ask"
    secondments: Literal["count", "do_not_count"] = "do_not_count"
    acting: Literal["count", "do_not_count"] = "count"


@dataclass(frozen=True)
class Moment:
    """The day of judgement as an Ibis date, the conventions, and how month-only dates are read."""

    day: ir.DateValue
    settings: Settings
    reading: Reading = "reached"

    def months_back(self, months: int) -> ir.DateValue:
        """The day `months` before, clamped to the month's end."""
        return (self.day - ibis.interval(months=months)).cast("date")

    def year(self, offset: int = 0) -> ir.IntegerValue:
        """The calendar year of the day plus `offset`."""
        return self.day.year().cast("int64") + offset

    def first(
        self, date: ir.DateValue, precision: ir.StringValue, *, long: bool = True
    ) -> ir.DateValue:
        """A possibly month-only date in this reading: first or last day of its month.

        `long` tells whether an earlier date makes the fact larger.
        """
        if self.reading == "reached" or (self.reading == "long") is long:
            return date
        return ibis.ifelse(precision.fill_null("day") == "month", month_end(date), date)


def month_end(date: ir.DateValue) -> ir.DateValue:
    """The last day of the date's month."""
    first = date.truncate("M").cast("date")
    return (first + ibis.interval(months=1) - ibis.interval(days=1)).cast("date")


def month_index(date: ir.DateValue) -> ir.IntegerValue:
    """Months since the year 0."""
    return date.year().cast("int64") * 12 + date.month().cast("int64") - 1


def full_months(start: ir.DateValue, on: ir.DateValue) -> ir.IntegerValue:
    """Completed months from `start` to `on`; the same day of a later month completes it.

    A day that the month lacks is reached on the month's last day.
    """
    lacking = (on.day() < start.day()) & ((on + ibis.interval(days=1)).cast("date").day() != 1)
    return month_index(on) - month_index(start) - lacking.cast("int64")


def full_years(start: ir.DateValue, on: ir.DateValue) -> ir.IntegerValue:
    """Completed years; the anniversary counts, and that of 29 February is 1 March."""
    earlier = on.month() * 32 + on.day() < start.month() * 32 + start.day()
    return on.year().cast("int64") - start.year().cast("int64") - earlier.cast("int64")


def stamp(date: ir.DateValue) -> ir.IntegerValue:
    """A date as a whole number: month index, day, and two free bits for flags."""
    return (month_index(date) * 32 + date.day().cast("int64")) * 4


def stamp_month(code: ir.IntegerValue) -> ir.IntegerValue:
    """The month index of a stamp."""
    return code >> 7


def stamp_day(code: ir.IntegerValue) -> ir.IntegerValue:
    """The day of the month of a stamp."""
    return (code >> 2) & 31


def days_in(month: ir.IntegerValue) -> ir.IntegerValue:
    """The number of days of a month index."""
    of_year = month % 12
    year = (month - of_year) / 12
    year = year.cast("int64")
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    return ibis.cases(
        (of_year.isin([3, 5, 8, 10]), ibis.literal(30, "int64")),
        (of_year == 1, 28 + leap.cast("int64")),
        else_=ibis.literal(31, "int64"),
    )


def months_between(start: ir.IntegerValue, until: ir.IntegerValue) -> ir.IntegerValue:
    """Completed months between two stamps, the second exclusive."""
    lacking = (stamp_day(until) < stamp_day(start)) & ((until & LAST) == 0)
    return stamp_month(until) - stamp_month(start) - lacking.cast("int64")


def odd_days_between(start: ir.IntegerValue, until: ir.IntegerValue) -> ir.IntegerValue:
    """Days left over after the completed months between two stamps."""
    first, last = stamp_day(start), stamp_day(until)
    previous = days_in(stamp_month(until) - 1)
    borrowed = previous - ibis.ifelse(first < previous, first, previous) + last
    return ibis.cases(
        (last >= first, last - first),
        ((until & LAST) != 0, ibis.literal(0, "int64")),
        else_=borrowed,
    )
