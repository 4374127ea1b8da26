"""Named predicates over users; apps combine them in their own permissions.py."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from rules import predicate

from bole.accounts.models import Role, User


def plays(*roles: str):
    """A predicate: the user holds one of the roles."""

    @predicate(name="plays_" + "_or_".join(roles))
    def has_role(user: User) -> bool:
        return user.is_authenticated and user.plays(*roles)

    return has_role


is_officer = plays(Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD)
is_head = plays(Role.DEPARTMENT_HEAD)
is_inspector = plays(Role.INSPECTOR)
is_member = plays(Role.COMMITTEE_MEMBER)
is_discipline_liaison = plays(Role.DISCIPLINE_LIAISON)
is_unit_liaison = plays(Role.UNIT_LIAISON)
is_auditor = plays(Role.AUDITOR, Role.AUDIT_ADMINISTRATOR)
is_cadre = plays(Role.CADRE)
is_system_administrator = plays(Role.SYSTEM_ADMINISTRATOR)
is_security_administrator = plays(Role.SECURITY_ADMINISTRATOR)


def require(user: User, permission: str, subject=None) -> None:
    """Refuse the action unless the user has the permission (registered with `rules`)."""
    if not user.has_perm(permission, subject):
        raise PermissionDenied(permission)


def unit_scope(user: User, roles: tuple[str, ...], path: str = "path") -> Q:
    """A condition on unit paths that the user's grants in `roles` cover.

    `path` is the lookup from the filtered model to `Unit.path` (e.g. "unit__path").
    A grant without a unit covers everything; no grant covers nothing.
    """
    grants = [g for g in user.held_grants() if g.role in roles]
    if any(g.unit_id is None for g in grants):
        return Q()
    condition = Q(pk__in=[])
    for grant in grants:
        condition |= Q(**{f"{path}__startswith": grant.unit.path})
    return condition


def in_scope(queryset: QuerySet, user: User, roles: tuple[str, ...], path: str) -> QuerySet:
    """The rows of `queryset` whose unit the user's grants cover."""
    return queryset.filter(unit_scope(user, roles, path))
