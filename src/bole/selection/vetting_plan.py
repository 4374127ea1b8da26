"""What vetting has to know of a case: who is in it, which checks and bodies its scheme asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bole.engine.procedures.base import Need, number
from bole.engine.procedures.models import Span
from bole.engine.workdays.clocks import Length
from bole.schemes.queries import resolve
from bole.selection.models import Case
from bole.vetting.plans import Concerned, Plan, register


def case_plan(key: str) -> Plan:
    """The plan of the stream "case:<key>"."""
    case = Case.objects.select_related("scheme").filter(pk=key).first() if key.isdigit() else None
    scheme = resolve(case.scheme) if case else None
    procedure = scheme.procedure if scheme else None
    if case is None or scheme is None or procedure is None:
        return Plan()
    asked: dict[str, set[str]] = defaultdict(set)
    checks: dict[str, None] = {}
    bodies: dict[str, None] = {}
    for step in procedure.steps.values():
        for use in step.checks:
            checks[use.check] = None
            asked[use.for_each or ""].add(use.check)
        for ask in step.asks:
            bodies[ask.body] = None
    people: dict[int | str, Concerned] = {}
    for member in case.members.filter(left_at=None).select_related("cadre", "user"):
        before = people.get(member.person)
        wanted = asked[member.group] | (before.checks or set() if before else set())
        people[member.person] = Concerned(member.cadre, member.user, frozenset(wanted))
    return Plan(
        tuple(people.values()),
        tuple(checks),
        tuple(bodies),
        {**procedure.bodies, **procedure.checks},
        _verification(procedure.verification, scheme.values(case.parameters)),
    )


def _verification(span: Span | None, values: Mapping[str, Any]) -> Length | None:
    """The scheme's time for verifying a complaint; None while it is open."""
    if span is None:
        return None
    try:
        return Length(number(span.within, values), span.unit)
    except Need:
        return None


def tell() -> None:
    """Let vetting ask for the plans of cases."""
    register("case", case_plan)
