"""How the record names what this room writes, and who may read it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bole.people.histories import HISTORIES
from bole.record import streams


def _cadre_title(key: str) -> str:
    from bole.people.models import Cadre

    cadre = Cadre.objects.filter(pk=key).only("name").first()
    return cadre.name if cadre else key


def _may_read_cadre(user: Any, key: str) -> bool:
    from bole.people.models import Cadre

    cadre = Cadre.objects.select_related("unit").filter(pk=key).first()
    return cadre is not None and user.has_perm("people.readings", cadre)


def _import_title(key: str) -> str:
    from bole.people.models import ImportBatch

    batch = ImportBatch.objects.filter(pk=key).only("name").first()
    return batch.name if batch else key


def register() -> None:
    """Register the streams "cadre:<key>" and "import:<key>" and the names of the actions."""
    streams.register(
        "cadre",
        title=_cadre_title,
        url=lambda key: reverse("people:detail", args=[key]),
        may_read=_may_read_cadre,
    )
    streams.register(
        "import",
        title=_import_title,
        url=lambda key: reverse("people:import", args=[key]),
        may_read=lambda user, _key: user.has_perm("people.import"),
    )
    rows = {}
    for table, kind in HISTORIES.items():
        rows[f"{table}.add"] = _with(kind.label, _("added"))
        rows[f"{table}.edit"] = _with(kind.label, _("changed"))
        rows[f"{table}.remove"] = _with(kind.label, _("removed"))
    streams.register_actions(
        {
            "cadre.create": _("File of a cadre opened"),
            "cadre.update": _("Basic facts changed"),
            "cadre.account": _("Account of the cadre linked"),
            "pictures.add": _("Picture added"),
            "sanctions.reply": _("Reply to an adverse item"),
            "correction.ask": _("Correction asked for"),
            "correction.accept": _("Correction accepted"),
            "correction.return": _("Correction returned"),
            "people.export": _("Forms exported"),
            "people.roster": _("Roster exported"),
            "import.start": _("Import started"),
            "import.write": _("Import written"),
            "import.undo": _("Import undone"),
            "import.discard": _("Import discarded"),
            **rows,
        }
    )


def _with(label: Any, verb: Any) -> Any:
    from django.utils.text import format_lazy

    return format_lazy("{}: {}", label, verb)
