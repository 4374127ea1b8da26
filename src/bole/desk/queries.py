"""Collects the due items that each room reports, and sorts them into the first page's groups."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bole.accounts.models import User
from bole.web.context import ROOMS as MENU
from bole.web.due import Due

ROOMS = ("selection", "matters", "ballots", "vetting", "people", "units", "record")
ICONS = {room.url.partition(":")[0]: room.icon for room in MENU}
SOON_DAYS = 7

KINDS = {
    "blocked": gettext_lazy("Blocked steps"),
    "step": gettext_lazy("Steps"),
    "matter": gettext_lazy("Matters"),
    "ballot": gettext_lazy("Ballots"),
    "headcount": gettext_lazy("Headcount"),
    "import": gettext_lazy("Imports"),
    "correction": gettext_lazy("Corrections"),
    "reply": gettext_lazy("Replies"),
    "deadline": gettext_lazy("Deadlines"),
}
GROUPS = {
    "blocked": gettext_lazy("Blocked"),
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due within 7 days"),
    "later": gettext_lazy("Later"),
    "undated": gettext_lazy("Without a date"),
}
COLOURS = {"blocked": "red", "overdue": "orange", "soon": "yellow", "later": "blue"}


@dataclass(frozen=True)
class Item:
    """One line of the first page: what a room reported, and how it stands today."""

    due: Due
    room: str
    today: datetime.date

    @property
    def icon(self) -> str:
        return ICONS[self.room]

    @property
    def group(self) -> str:
        """A blocked item stays with the blocked ones, however late it is."""
        days = self.due.days_left(self.today)
        if self.due.blocked:
            return "blocked"
        if days is None:
            return "undated"
        if days < 0:
            return "overdue"
        return "soon" if days <= SOON_DAYS else "later"

    @property
    def left(self) -> str:
        """The days that are left, in words; empty without a date."""
        days = self.due.days_left(self.today)
        if days is None:
            return ""
        if days == 0:
            return _("today")
        if days < 0:
            return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}

    @property
    def colour(self) -> str:
        """How urgent the date is; a blocked item may be late as well."""
        days = self.due.days_left(self.today)
        if days is None:
            return "secondary"
        if days < 0:
            return "orange"
        return "yellow" if days <= SOON_DAYS else "blue"


@dataclass(frozen=True)
class Group:
    """The items of one urgency. `count` ignores the kind filter, `items` obeys it."""

    key: str
    items: list[Item]
    count: int

    @property
    def name(self) -> Any:
        return GROUPS[self.key]

    @property
    def colour(self) -> str:
        return COLOURS.get(self.key, "secondary")


@dataclass(frozen=True)
class Board:
    """The first page: groups with their items, and the kinds that can be chosen."""

    groups: list[Group]
    kinds: list[tuple[str, Any, int]]  # code, label, how many
    chosen: str
    total: int

    @property
    def shown(self) -> int:
        return sum(len(group.items) for group in self.groups)


def due(user: User, today: datetime.date) -> list[Item]:
    """What each room's `queries.due(user, today)` reports: overdue first, undated last."""
    items: list[Item] = []
    for room in ROOMS:
        report = getattr(import_module(f"bole.{room}.queries"), "due", None)
        if report is not None:
            items += [Item(reported, room, today) for reported in report(user, today)]
    return sorted(items, key=lambda i: (i.due.when is None, i.due.when or today, str(i.due.what)))


def board(user: User, today: datetime.date, kind: str = "") -> Board:
    """The first page of a user; `kind` narrows the items to one kind, an unknown one to all."""
    items = due(user, today)
    kinds = Counter(item.due.kind for item in items)
    chosen = kind if kind in kinds else ""
    groups = []
    for key in GROUPS:
        inside = [item for item in items if item.group == key]
        shown = [item for item in inside if chosen in ("", item.due.kind)]
        groups.append(Group(key, shown, len(inside)))
    labels = [(code, KINDS.get(code, code), count) for code, count in kinds.items()]
    order = list(KINDS)
    labels.sort(key=lambda k: (k[0] not in KINDS, order.index(k[0]) if k[0] in KINDS else 0))
    return Board(groups, labels, chosen, len(items))
