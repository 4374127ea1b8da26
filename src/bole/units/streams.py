"""How the record names what this room writes, and who may read it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bole.record import streams


def _title(key: str) -> str:
    from bole.units.models import Unit

    unit = Unit.objects.filter(pk=key).only("name").first()
    return unit.name if unit else key


def _may_read(user: Any, key: str) -> bool:
    from bole.units.queries import visible_units

    return visible_units(user).filter(pk=key).exists()


def register() -> None:
    """Register the streams "unit:<key>" and the names of the actions."""
    streams.register(
        "unit",
        title=_title,
        url=lambda key: reverse("units:detail", args=[key]),
        may_read=_may_read,
    )
    streams.register_actions(
        {
            "unit.add": _("Unit set up"),
            "unit.update": _("Unit changed"),
            "unit.close": _("Unit closed"),
            "post.add": _("Post added"),
            "post.update": _("Post changed"),
            "post.abolish": _("Post abolished"),
            "headcount.add": _("Headcount line added"),
            "headcount.update": _("Headcount line changed"),
            "headcount.verify": _("Headcount line verified"),
            "headcount.end": _("Headcount line ended"),
        }
    )
