"""Several cadres at once, such as those chosen from a screening, into a group of a case."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from bole.accounts.models import User
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.models import Cadre
from bole.selection.actions.base import refuse
from bole.selection.actions.members import choose, leave
from bole.selection.models import Case, Member


@transaction.atomic
def enter(
    *,
    actor: User,
    case: Case,
    group: str,
    cadres: Sequence[Cadre],
    reason: str,
    on: datetime.date | None = None,
) -> list[Member]:
    """Put every one of the cadres into a group with the same reason, or nobody.

    Each is chosen as one by one (`choose`) and stands in the record by name. Raises BoleError with
    what stands against each.
    """
    if not cadres:
        raise refuse("NOBODY", "没有勾选人员。", "Nobody is ticked.", "people")
    members: list[Member] = []
    problems: list[Problem] = []
    for cadre in cadres:
        try:
            member = choose(actor=actor, case=case, group=group, cadre=cadre, reason=reason, on=on)
        except BoleError as error:
            for problem in error.problems:
                named = Text(f"{cadre.name}：", f"{cadre.name}: ") + problem.text
                problems.append(Problem(problem.code, named, problem.where))
        else:
            members.append(member)
    if problems:
        raise BoleError(problems)
    return members


@transaction.atomic
def take_back(*, actor: User, members: Sequence[Member], reason: str) -> None:
    """Take every one of the members off again; the record keeps that they were there."""
    for member in members:
        leave(actor=actor, member=member, reason=reason)
