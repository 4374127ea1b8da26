"""What every page's frame needs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bole.web.middleware import kept


@dataclass(frozen=True)
class Room:
    """An entry of the menu, and the permission that opens it; without one it is everybody's."""

    name: str
    url: str
    icon: str
    permission: str = ""


ROOMS = [
    Room(_("Due"), "desk:home", "home"),
    Room(_("Cadres"), "people:list", "users", "people.list"),
    Room(_("Units and headcount"), "units:list", "building-community", "units.read"),
    Room(_("Selection"), "selection:list", "sitemap", "selection.list"),
    Room(_("Matters"), "matters:list", "list-details", "matters.list"),
    Room(_("Ballots"), "ballots:list", "checklist", "ballots.read"),
    Room(_("Vetting"), "vetting:list", "shield-check", "vetting.read"),
    Room(_("Screening"), "screening:home", "filter", "screening.use"),
    Room(_("Schemes"), "schemes:list", "books", "schemes.read"),
    Room(_("Record"), "record:list", "history", "record.read"),
    Room(_("Accounts"), "accounts:list", "key", "accounts.read_users"),
    Room(_("My file"), "people:own", "id", "people.own"),
]


def layout(request: HttpRequest) -> dict[str, object]:
    """The rooms that the user may enter, which room is open, and refused input to be put back."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rooms": []}
    match = request.resolver_match
    here = match.namespace if match else ""
    rooms = [r for r in ROOMS if not r.permission or user.has_perm(r.permission)]
    return {"rooms": rooms, "here": here, "kept_input": kept(request)}
