"""How the record names matters and what was done with them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bole.record import streams


def _matter(key: str) -> Any:
    from bole.matters.models import Matter

    rows = Matter.objects.select_related("scheme", "unit", "cadre__unit")
    return rows.filter(pk=key).first() if key.isdigit() else None


def _title(key: str) -> str:
    from bole.matters.queries import title_of

    found = _matter(key)
    return title_of(found) if found else key


def _may_read(user: Any, key: str) -> bool:
    found = _matter(key)
    return found is not None and user.has_perm("matters.read", found)


def register() -> None:
    """Register the streams "matter:<id>" and the names of their actions."""
    streams.register(
        "matter",
        title=_title,
        url=lambda key: reverse("matters:matter", args=[key]),
        may_read=_may_read,
    )
    streams.register_actions(
        {
            "matter.open": _("Matter opened"),
            "matter.save": _("Matter: fields saved"),
            "matter.move": _("Matter: act"),
            "matter.attach": _("Matter: paper attached"),
        }
    )
    streams.register_fields(
        {
            "kind": pgettext_lazy("matter", "Kind"),
            "move": _("Act"),
            "matter": _("Matter"),
            "values": _("Digest of the values"),
            "fields": _("Fields"),
            "findings": _("Findings"),
            "to": _("New state"),
        }
    )
