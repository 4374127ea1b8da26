"""What must have passed, and what must not have run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bole.engine.procedures import clock
from bole.engine.procedures.base import number
from bole.engine.procedures.evaluate.look import Found, Look
from bole.engine.procedures.gates import (
    ClockGate,
    Event,
    Unit,
    ValidGate,
)
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import Length


def _event_name(look: Look, event: Event) -> Text:
    return look.name(*event.target)


def _amount(amount: int, unit: Unit) -> Text:
    return Length(amount, unit).text() if amount else Text("", "")


def _passed_over(look: Look, event: Event) -> bool:
    """Whether the event's step was skipped or does not stand in this case: nothing to count."""
    if event.step is None:
        return False
    record, step = look.state.steps.get(event.step), look.procedure.steps[event.step]
    if record is not None:
        return record.outcome == "skipped"
    return step.when is not None and step.when.holds(look.context.fact) is Verdict.NOT_MET


def _no_date(look: Look, event: Event) -> Found:
    text = Text(
        "“{e}”还没有日期，期限无法计算", "“{e}” has no date yet; the time cannot be counted"
    )
    extra = {"target": event.target[1], "verdict": Verdict.UNKNOWN}
    if event.fact:
        extra["action"] = "state_fact"
    return text.fill(e=_event_name(look, event)), extra


def clock_end(gate: ClockGate, look: Look) -> date | None:
    """The last day on which the clock still holds the step; None while it has not begun.

    Raises `Need` or CalendarMissing when it cannot be counted.
    """
    start = clock.event_day(gate.since, look.state, look.context)
    if start is None:
        return None
    return clock.move(start, number(gate.elapsed, look.parameters), gate.unit, look.context)


def elapsed(gate: ClockGate, look: Look) -> Iterator[Found]:
    """Until when the step must wait."""
    if _passed_over(look, gate.since):
        return
    end, start = clock_end(gate, look), clock.event_day(gate.since, look.state, look.context)
    if start is None or end is None:
        yield _no_date(look, gate.since)
        return
    if look.context.today <= end:
        amount = number(gate.elapsed, look.parameters)
        text = (
            Text(
                "“{e}”自{s}起须满{a}，到{d}期满",
                "“{e}” of {s}: {a} must pass, until the end of {d}",
            )
            if amount
            else Text("“{e}”为{d}，须在该日之后办理", "“{e}” is {d}; this comes after that day")
        )
        yield (
            text.fill(
                e=_event_name(look, gate.since), s=start, a=_amount(amount, gate.unit), d=end
            ),
            {"target": gate.since.target[1]},
        )


def valid(gate: ValidGate, look: Look) -> Iterator[Found]:
    """Whether what it rests on has run out."""
    if _passed_over(look, gate.since):
        return
    start = clock.event_day(gate.since, look.state, look.context)
    if start is None:
        yield _no_date(look, gate.since)
        return
    amount = number(gate.within, look.parameters)
    end = clock.move(start, amount, gate.unit, look.context)
    if look.context.today > end:
        yield (
            Text(
                "“{e}”（{s}）有效期{a}，已于{d}届满", "“{e}” of {s} was valid for {a}, until {d}"
            ).fill(e=_event_name(look, gate.since), s=start, a=_amount(amount, gate.unit), d=end),
            {"target": gate.since.target[1]},
        )
