"""Who reads a case and who may do a step: the scheme names the roles, this maps them to ours."""

from __future__ import annotations

from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import (
    in_scope,
    is_auditor,
    is_head,
    is_officer,
    plays,
)
from bole.selection.models import Case

# The roles of a procedure that are offices outside the program act through these users.
HOLDERS: dict[str, tuple[str, ...]] = {
    "section_officer": (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD),
    "department_head": (Role.DEPARTMENT_HEAD,),
    "inspector": (Role.INSPECTOR,),
    "inspection_leader": (Role.INSPECTOR,),
    "committee_member": (Role.COMMITTEE_MEMBER,),
    "committee_secretary": (Role.COMMITTEE_MEMBER,),
    "discipline_secretary": (Role.DISCIPLINE_LIAISON,),
    "discipline_liaison": (Role.DISCIPLINE_LIAISON,),
    "chair": (Role.COMMITTEE_MEMBER,),
    "unit_liaison": (Role.UNIT_LIAISON,),
    "unit_head": (Role.UNIT_LIAISON,),
    "unit_committee": (Role.UNIT_LIAISON, Role.DISCIPLINE_LIAISON),
    "cadre": (Role.CADRE,),
    "auditor": (Role.AUDITOR,),
}
OFFICE = (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD)


def holders(role: str) -> tuple[str, ...]:
    """The roles of users who act for a role of the procedure; the office acts for the others."""
    return HOLDERS.get(role, OFFICE)


def may_act(user: User, roles: list[str]) -> bool:
    """Whether the user acts for one of the procedure's roles; the office may always help."""
    wanted = {r for role in roles or ["section_officer"] for r in holders(role)}
    return user.plays(*wanted, *OFFICE)


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


add_perm(
    "selection.read",
    is_officer | is_auditor | has_confidential_part | is_in_case | is_liaison_of_people,
)
add_perm(
    "selection.list",
    is_officer | is_auditor | plays(Role.INSPECTOR, Role.COMMITTEE_MEMBER, Role.DISCIPLINE_LIAISON),
)
add_perm("selection.open", is_officer)
add_perm("selection.work", is_officer | has_confidential_part | is_in_case | is_liaison_of_people)
add_perm("selection.waive", is_head)
add_perm("selection.withdraw", is_head)
