"""Who reads a case and who may do a step: the scheme says which of our roles act for its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import (
    in_scope,
    is_auditor,
    is_head,
    is_officer,
    plays,
)
from bole.engine.procedures import Procedure
from bole.engine.procedures.models import Actor
from bole.schemes.queries import resolve
from bole.selection.models import Case

# The section keeps the case: it records what others did on paper, unless a pack says `alone`.
OFFICE = (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD)


def doers(procedure: Procedure, actors: Iterable[Actor]) -> list[dict[str, Any]]:
    """Who acts, as plain words: the house roles, unit or name of each actor of a step.

    A step without actors is the section's.
    """
    return [
        {
            "holders": list(procedure.holders(a.role)) if a.role else [],
            "unit": a.unit.zh if a.unit else "",
            "named": a.named.zh if a.named else "",
            "alone": a.alone,
        }
        for a in actors
    ] or [{"holders": [Role.SECTION_OFFICER], "unit": "", "named": "", "alone": False}]


def for_roles(procedure: Procedure, roles: Iterable[str]) -> list[dict[str, Any]]:
    """The same for plain roles, such as the recorder of a record item."""
    return doers(procedure, [Actor(role=r) for r in roles])


def may_act(user: User, who: list[dict[str, Any]]) -> bool:
    """Whether the user is one of those who act, or of the section where it may help."""
    return any(is_doer(user, one) or (not one["alone"] and user.plays(*OFFICE)) for one in who)


def is_doer(user: User, one: Mapping[str, Any]) -> bool:
    """Whether the user holds the role, acts for the unit, or is the named person."""
    if one["unit"]:
        return user.is_active and any(
            g.unit is not None and one["unit"] in (g.unit.name, g.unit.code)
            for g in user.held_grants()
        )
    if one["named"]:
        return user.is_active and one["named"] in (user.name, user.username)
    return user.plays(*one["holders"])


def decides(user: User, procedure: Procedure, roles: Iterable[str]) -> bool:
    """Whether the user holds one of the roles; nobody stands in, save the head for the section.

    A role that nobody in the program holds is decided by the department head.
    """
    held: set[str] = set()
    for role in roles:
        found = set(procedure.holders(role)) or {Role.DEPARTMENT_HEAD}
        held |= found | ({Role.DEPARTMENT_HEAD} if Role.SECTION_OFFICER in found else set())
    return user.plays(*held)


def may_sign(user: User, procedure: Procedure, role: str) -> bool:
    """Whether the user signs in that role with the own password; the section signs for nobody."""
    return user.plays(*procedure.holders(role))


@predicate
def is_doer_of_a_step(user: User, case: Case | None) -> bool:
    """A step of the case's scheme names the user, or a unit for which the user acts."""
    procedure = resolve(case.scheme).procedure if case is not None else None
    if procedure is None or not user.is_authenticated:
        return False
    actors = [a for s in procedure.steps.values() for a in s.who if a.unit or a.named]
    return bool(actors) and any(is_doer(user, one) for one in doers(procedure, actors))


@predicate
def is_in_case(user: User, case: Case | None) -> bool:
    """The user belongs to a group of the case, such as its inspection group."""
    if case is None:
        return False
    return case.members.filter(user=user, left_at=None).exists()


@predicate
def has_confidential_part(user: User, case: Case | None) -> bool:
    """Committee members and the discipline liaison read the cases that come before them."""
    return user.plays(Role.COMMITTEE_MEMBER, Role.DISCIPLINE_LIAISON)


@predicate
def is_liaison_of_people(user: User, case: Case | None) -> bool:
    """A unit's liaison officer works on cases of the unit, or of its people."""
    if case is None or not user.plays(Role.UNIT_LIAISON):
        return False
    roles = (Role.UNIT_LIAISON,)
    own = in_scope(Case.objects.filter(pk=case.pk), user, roles, "unit__path")
    people = in_scope(case.members.filter(left_at=None), user, roles, "cadre__unit__path")
    return own.exists() or people.exists()


has_part = has_confidential_part | is_in_case | is_liaison_of_people | is_doer_of_a_step
add_perm("selection.read", is_officer | is_auditor | has_part)
add_perm(
    "selection.list",
    is_officer | is_auditor | plays(Role.INSPECTOR, Role.COMMITTEE_MEMBER, Role.DISCIPLINE_LIAISON),
)
add_perm("selection.open", is_officer)
add_perm("selection.work", is_officer | has_part)
add_perm("selection.templates", is_officer)
add_perm("selection.waive", is_head)
add_perm("selection.withdraw", is_head)
