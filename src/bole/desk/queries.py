"""Collects the due items that each room reports."""

from __future__ import annotations

import datetime
from importlib import import_module

from bole.accounts.models import User
from bole.web.due import Due

ROOMS = ("selection", "ballots", "vetting", "people", "units", "record")


def due(user: User, today: datetime.date) -> list[Due]:
    """What each room's `queries.due(user, today)` reports: overdue first, undated last."""
    items: list[Due] = []
    for room in ROOMS:
        report = getattr(import_module(f"bole.{room}.queries"), "due", None)
        if report is not None:
            items += report(user, today)
    return sorted(items, key=lambda d: (d.when is None, d.when or today, str(d.what)))
