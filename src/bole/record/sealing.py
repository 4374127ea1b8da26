"""What exactly is sealed: rows of the record as the content of chain entries, and back."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise

from bole.engine.text import Text
from bole.record.models import Entry, Reading

UTC = datetime.UTC


def stamp(moment: datetime.datetime) -> str:
    """A moment as it is sealed: UTC with microseconds, "2026-03-01T08:00:00.000000Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def reference(subject: Model) -> str:
    """How the record points to a row of any table: "people.cadre:12"."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def plain(value: Any) -> Any:
    """A value as the record keeps it; dates, decimals and fractions become text.

    Floats are left alone and refused later: their printed form differs between programs.
    """
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime.datetime):
        return stamp(value) if value.tzinfo else value.isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, Fraction, UUID, Promise)):
        return str(value)
    if isinstance(value, Text):
        return value.as_dict()
    if isinstance(value, Model):
        return {"ref": reference(value), "name": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(dataclasses.asdict(value))
    return value


def content_of(entry: Entry) -> dict[str, Any]:
    """Everything of an entry that its hash seals (docs/record.md)."""
    return {
        "action": entry.action,
        "actor": {"id": entry.actor_id, "name": entry.actor_name, "role": entry.role},
        "after": entry.after,
        "before": entry.before,
        "corrects": entry.corrects,
        "occurred_at": stamp(entry.occurred_at),
        "papers": entry.papers,
        "previous": entry.previous,
        "reason": entry.reason,
        "sequence": entry.sequence,
        "signature": entry.signature,
        "stream": entry.stream,
        "stream_previous": entry.stream_previous,
        "stream_sequence": entry.stream_sequence,
        "subjects": entry.subjects,
        "written_at": stamp(entry.written_at),
    }


def reading_content(reading: Reading) -> dict[str, Any]:
    """Everything of a reading that its hash seals."""
    return {
        "at": stamp(reading.at),
        "fields": reading.fields,
        "name": reading.name,
        "previous": reading.previous,
        "reader": {"id": reading.reader_id, "name": reading.reader_name},
        "reason": reading.reason,
        "ref": reading.ref,
        "sequence": reading.sequence,
    }
