"""Days on which something is due or may begin, counted by the case's working-day calendar."""

from __future__ import annotations

from datetime import date, timedelta

from bole.engine.procedures.context import CaseState, GateContext
from bole.engine.procedures.gates import Event, Unit
from bole.engine.workdays import add_months, add_working_days


def move(day: date, amount: int, unit: Unit, context: GateContext) -> date:
    """`amount` units after `day`; negative: before. The day itself is day 0.

    Raises CalendarMissing where working days are asked for a year that the calendar lacks.
    """
    if unit == "working_days":
        return add_working_days(day, amount, context.calendar)
    if unit in ("calendar_days", "weeks"):
        return day + timedelta(days=amount * (7 if unit == "weeks" else 1))
    return add_months(day, amount * (12 if unit == "years" else 1))


def event_day(event: Event, state: CaseState, context: GateContext) -> date | None:
    """The day on which the event happened, or None."""
    kind, name = event.target
    if kind == "step":
        record = state.steps.get(name)
        return record.on if record and record.outcome == "done" else None
    if kind == "paper":
        return max((paper.on for paper in context.papers(name)), default=None)
    if kind == "ballot":
        ballot = context.ballot(name)
        return ballot.on if ballot else None
    value = context.fact(name)
    return value if isinstance(value, date) else None
