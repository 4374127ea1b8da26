"""The Chinese working-day calendar, and the clocks that run on it.

Rules common to all clocks (spec chapter 5 §2.11): the day of the event is day 0; the n-th working
day is counted strictly after it; the last day belongs to the period until it ends. A calendar is
asked only about years that it knows: beyond them the answer is *unknown*, never a guess.
"""

from bole.engine.workdays.calendar import Calendar, CalendarMissing, YearTable, published
from bole.engine.workdays.clocks import (
    Deadline,
    Length,
    Standing,
    Suspension,
    deadline,
    earliest,
    judge,
    latest,
)
from bole.engine.workdays.days import (
    add_months,
    add_working_days,
    add_years,
    count_days,
    is_working_day,
    month_end,
    within,
    working_days_between,
)

__all__ = [
    "Calendar",
    "CalendarMissing",
    "Deadline",
    "Length",
    "Standing",
    "Suspension",
    "YearTable",
    "add_months",
    "add_working_days",
    "add_years",
    "count_days",
    "deadline",
    "earliest",
    "is_working_day",
    "judge",
    "latest",
    "month_end",
    "published",
    "within",
    "working_days_between",
]
