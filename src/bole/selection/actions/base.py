"""What every action of a case begins and ends with."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.procedures import Step, StepStatus
from bole.engine.text import Text
from bole.record.actions import append, hold
from bole.selection import context as contexts
from bole.selection.models import Case
from bole.selection.permissions import doers, for_roles, may_act


def refuse(code: str, zh: str, en: str, where: str = "", **values: Any) -> BoleError:
    """One refusal, ready to raise."""
    return BoleError(Problem(code, Text(zh, en).fill(**values), where))


def locked(case: Case | int) -> Case:
    """The case, locked until the transaction ends: two actions never pass a gate together.

    Vetting and ballots hold the same stream, so that what they write is seen whole or not at all.
    """
    pk = case if isinstance(case, int) else case.pk
    hold(f"case:{pk}")
    return Case.objects.select_for_update(of=("self",)).select_related("scheme", "unit").get(pk=pk)


def begin(
    *, actor: User, case: Case | int, today: datetime.date | None = None
) -> contexts.CaseContext:
    """Lock the case and read it; refuses when it is closed or the actor has no part in it."""
    case = locked(case)
    require(actor, "selection.work", case)
    if case.state != Case.State.RUNNING:
        raise refuse(
            "CASE_CLOSED",
            "该事项已结束，不能再办理；如需更正，请在纪实中登记更正。",
            "The case is closed; correct it in the record if something is wrong.",
        )
    return contexts.load(case, today or timezone.localdate())


def step_of(look: contexts.CaseContext, step: str) -> Step:
    """The step of the procedure."""
    found = look.procedure.steps.get(step)
    if found is None:
        raise refuse("STEP_UNKNOWN", "没有步骤“{s}”", "There is no step “{s}”", s=step)
    return found


def may_do(
    look: contexts.CaseContext, actor: User, step: Step, roles: Iterable[str | None] = ()
) -> None:
    """Refuse unless the actor is one of those who do the step (or hold one of `roles`)."""
    named = [r for r in roles if r]
    who = for_roles(look.procedure, named) if named else doers(look.procedure, step.who)
    if not may_act(actor, who):
        raise refuse(
            "STEP_ROLE",
            "“{s}”由其他人员办理，您没有这一角色。",
            "“{s}” is done by others; you do not have that role.",
            s=step.name,
        )


def at_turn(look: contexts.CaseContext, step: str) -> StepStatus:
    """The step's status, refused unless its turn has come (it may still have things to do)."""
    status = look.status.steps[step]
    if status.state in ("waiting", "suspended", "not_applicable", "blocked"):
        raise BoleError(
            [Problem("STEP_" + status.state.upper(), r.text) for r in status.reasons]
            or Problem(
                "STEP_" + status.state.upper(),
                Text("“{s}”现在不能办理", "“{s}” cannot be done now").fill(
                    s=look.procedure.steps[step].name
                ),
            )
        )
    return status


def note(look: contexts.CaseContext, actor: User, action: str, **values: Any):
    """Append to the case's record."""
    return append(actor=actor, action=f"case.{action}", stream=look.case.stream, **values)


__all__ = ["at_turn", "begin", "hold", "locked", "may_do", "note", "refuse", "step_of"]
