"""Who may read and change what about cadres; the rules are registered by the app's start."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import (
    is_cadre,
    is_officer,
    is_unit_liaison,
    plays,
    unit_scope,
)
from bole.people.models import Cadre

# Roles that read cadres of their unit tree, and those that change them.
READERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.AUDITOR,
    Role.UNIT_LIAISON,
    Role.INSPECTOR,
    Role.DISCIPLINE_LIAISON,
    Role.COMMITTEE_MEMBER,
)
LISTERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.AUDITOR,
    Role.UNIT_LIAISON,
)
WRITERS = (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD)

# What is masked until a person with the right asks to see it; every such reading is logged.
SENSITIVE = {
    "id_number": _("ID number"),
    "health": _("Health"),
    "family": _("Family and relations"),
    "sanctions": _("Sanctions and treatments"),
    "picture": _("Picture"),
}
_SHOWN_TO = {
    "id_number": {Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD, Role.AUDITOR},
    "health": {Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD, Role.AUDITOR},
    "family": {
        Role.SECTION_OFFICER,
        Role.DEPARTMENT_HEAD,
        Role.INSPECTOR,
        Role.DISCIPLINE_LIAISON,
        Role.AUDITOR,
    },
    "sanctions": {
        Role.SECTION_OFFICER,
        Role.DEPARTMENT_HEAD,
        Role.INSPECTOR,
        Role.DISCIPLINE_LIAISON,
        Role.AUDITOR,
    },
    "picture": {
        Role.SECTION_OFFICER,
        Role.DEPARTMENT_HEAD,
        Role.INSPECTOR,
        Role.COMMITTEE_MEMBER,
        Role.AUDITOR,
    },
}
# Officers handle these data every day; everybody else writes down why.
_WITHOUT_REASON = {Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD}


def _covers(user: User, cadre: Cadre, roles: tuple[str, ...]) -> bool:
    """Whether a grant of the user in one of the roles covers the cadre's unit."""
    for grant in user.held_grants():
        if grant.role not in roles:
            continue
        if grant.unit_id is None:
            return True
        if cadre.unit_id and cadre.unit.path.startswith(grant.unit.path):
            return True
    return False


@predicate
def is_own_file(user: User, cadre: Cadre | None) -> bool:
    """The cadre's own account, in the role of a cadre."""
    return cadre is not None and cadre.account_id == user.pk and user.plays(Role.CADRE)


@predicate
def covers_for_reading(user: User, cadre: Cadre | None) -> bool:
    return cadre is not None and user.is_active and _covers(user, cadre, READERS)


@predicate
def covers_for_writing(user: User, cadre: Cadre | None) -> bool:
    """Without a cadre: may the user change cadres at all?"""
    return user.is_active and (
        user.plays(*WRITERS) if cadre is None else _covers(user, cadre, WRITERS)
    )


def may_show(user: User, cadre: Cadre, field: str) -> bool:
    """Whether the user may see a sensitive field (`SENSITIVE`) of the cadre when asking."""
    if is_own_file(user, cadre):
        return True
    return _covers(user, cadre, tuple(_SHOWN_TO[field]))


def needs_reason(user: User, cadre: Cadre) -> bool:
    """Whether a reading of a sensitive field must say why."""
    return not is_own_file(user, cadre) and user.roles.isdisjoint(_WITHOUT_REASON)


def readable(user: User, roles: tuple[str, ...] = LISTERS) -> QuerySet[Cadre]:
    """The cadres that the user's grants cover (lists: officers, head, auditor, liaisons)."""
    return Cadre.objects.filter(unit_scope(user, roles, "unit__path"))


def own_or_readable(user: User) -> QuerySet[Cadre]:
    """The cadres whose page the user may open."""
    condition = unit_scope(user, READERS, "unit__path")
    if condition and user.plays(Role.CADRE):
        condition |= Q(account=user)
    return Cadre.objects.filter(condition)


# The audit administrator keeps the record, not cadres' data.
is_auditor = plays(Role.AUDITOR)
_list = is_officer | is_auditor | is_unit_liaison
_read = covers_for_reading | is_own_file


def register() -> None:
    """Give the names that views and actions ask for their rules."""
    add_perm("people.list", _list)
    add_perm("people.read", _read)
    add_perm("people.change", covers_for_writing)
    add_perm("people.import", is_officer)
    add_perm("people.export", is_officer)
    add_perm("people.roster", _list)
    add_perm("people.decide_correction", covers_for_writing)
    add_perm("people.own", is_cadre)
    add_perm("people.correct_own", is_own_file)
    add_perm("people.readings", is_own_file | (covers_for_reading & (is_auditor | is_officer)))
