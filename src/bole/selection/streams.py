"""How the record names cases and what was done in them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bole.engine.procedures.vocabulary import GROUPS, ROLES
from bole.record import streams


def _case(key: str) -> Any:
    from bole.selection.models import Case

    return Case.objects.filter(pk=key).first() if key.isdigit() else None


def _title(key: str) -> str:
    return str(_case(key) or key)


def _may_read(user: Any, key: str) -> bool:
    case = _case(key)
    return case is not None and user.has_perm("selection.read", case)


def register() -> None:
    """Register the streams "case:<id>" and the names of their actions."""
    streams.register(
        "case",
        title=_title,
        url=lambda key: reverse("selection:case", args=[key]),
        may_read=_may_read,
    )
    streams.register_actions(
        {
            "case.open": _("Case opened"),
            "case.state": _("Facts stated"),
            "case.parameters": _("Values set"),
            "case.headcount": _("Headcount sheet made"),
            "case.task": _("Task done"),
            "case.write": _("Record item written"),
            "case.review": _("Record item reviewed"),
            "case.accept": _("Warning answered"),
            "case.finish": _("Step finished"),
            "case.skip": _("Step left out"),
            "case.return": _("Sent back"),
            "case.suspend": _("Suspended"),
            "case.resume": _("Resumed"),
            "case.withdraw": _("Withdrawn"),
            "case.version": _("Moved to another version"),
            "case.close": _("Case closed"),
            "case.choose": _("Person chosen"),
            "case.leave": _("Person taken off"),
            "case.screen": _("Rules checked"),
            "case.judge": _("Rule answered by a person"),
            "case.waive": _("Exception written"),
            "case.paper": _("Paper filed"),
            "case.sign": _("Paper signed"),
            "posts.appoint": _("Appointment written"),
            "batch.open": _("Batch opened"),
        }
    )
    fields = {
        "approved": _("approved"),
        "as_of": _("As of"),
        "case": _("Case"),
        "changes": _("What differs"),
        "decided_on": _("Decided on"),
        "detail": _("Detail"),
        "entering": _("entering"),
        "ended": _("Posts that ended"),
        "filled": _("filled"),
        "from": _("From step"),
        "group": _("Group"),
        "groups": _("Groups"),
        "item": _("Record item"),
        "leaving": _("leaving"),
        "line": _("Headcount line"),
        "met": _("Rule met"),
        "not_met": _("Not met"),
        "number": _("Number"),
        "on": _("Date"),
        "paper": _("Paper"),
        "papers": _("Papers"),
        "persons": _("Persons"),
        "planned": _("planned"),
        "post": _("Post"),
        "posts": _("Posts to fill"),
        "role": _("Role"),
        "rows": _("Lines of the headcount sheet"),
        "rule": _("Rule"),
        "rules": _("Rules"),
        "scheme": _("Scheme"),
        "start": _("Begins"),
        "step": _("Step"),
        "steps": _("Steps"),
        "task": _("Task"),
        "text": _("Text"),
        "to": _("To step"),
        "unit_name": _("Unit"),
        "unknown": _("Not known"),
        "until": _("Until"),
        "verdict": _("Finding"),
        "warning": _("Warning"),
    }
    for room in ("case", "posts", "batch", "scheme"):
        streams.register_fields(fields, room=room)
    streams.register_values({"group": GROUPS, "role": ROLES}, room="case")
