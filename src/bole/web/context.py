"""What every page's frame needs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bole.accounts.models import ADMINISTRATORS, Role
from bole.web.middleware import kept

STAFF = {
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.AUDITOR,
}


@dataclass(frozen=True)
class Room:
    """An entry of the menu and the roles that see it."""

    name: str
    url: str
    icon: str
    roles: frozenset[str]


ROOMS = [
    Room(_("Due"), "desk:home", "home", frozenset(Role.values)),
    Room(_("Cadres"), "people:list", "users", frozenset(STAFF | {Role.UNIT_LIAISON})),
    Room(
        _("Units and headcount"),
        "units:list",
        "building-community",
        frozenset(STAFF | {Role.UNIT_LIAISON}),
    ),
    Room(
        _("Selection"),
        "selection:list",
        "sitemap",
        frozenset(STAFF | {Role.INSPECTOR, Role.COMMITTEE_MEMBER, Role.DISCIPLINE_LIAISON}),
    ),
    Room(
        _("Matters"),
        "matters:list",
        "list-details",
        frozenset(
            STAFF
            | {Role.INSPECTOR, Role.COMMITTEE_MEMBER, Role.DISCIPLINE_LIAISON}
            | {Role.UNIT_LIAISON, Role.CADRE}
        ),
    ),
    Room(_("Ballots"), "ballots:list", "checklist", frozenset(STAFF | {Role.INSPECTOR})),
    Room(
        _("Vetting"),
        "vetting:list",
        "shield-check",
        frozenset(STAFF | {Role.DISCIPLINE_LIAISON, Role.INSPECTOR}),
    ),
    Room(_("Screening"), "screening:home", "filter", frozenset(STAFF)),
    Room(_("Schemes"), "schemes:list", "books", frozenset(STAFF)),
    Room(
        _("Record"),
        "record:list",
        "history",
        frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR, Role.DEPARTMENT_HEAD}),
    ),
    Room(
        _("Accounts"),
        "accounts:list",
        "key",
        frozenset(ADMINISTRATORS - {Role.AUDIT_ADMINISTRATOR}),
    ),
    Room(_("My file"), "people:own", "id", frozenset({Role.CADRE})),
]


def layout(request: HttpRequest) -> dict[str, object]:
    """The menu of the user's roles, which room is open, and refused input to be put back."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rooms": []}
    match = request.resolver_match
    here = match.namespace if match else ""
    rooms = [r for r in ROOMS if not r.roles.isdisjoint(user.roles)]
    return {"rooms": rooms, "here": here, "kept": kept(request)}
