"""Notes who was shown what of a matter."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from bole.matters.queries import Look
from bole.record.actions import log_readings


def log_fields(look: Look, names: Iterable[str]) -> None:
    """Log the reading of fields by id; of the matter as such where its kind is `logged`."""
    fields = [f"matter.{look.matter.kind}.{n}" for n in sorted(names)]
    if look.kind.logged and "person" not in look.actor.parties:
        fields.append(f"matter.{look.matter.kind}")
    if not fields:
        return
    subject = look.matter.cadre or look.matter
    with transaction.atomic():
        log_readings(actor=look.user, subjects=[subject], fields=fields, reason=look.matter.number)
