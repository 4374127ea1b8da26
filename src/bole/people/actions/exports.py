"""Taking cadres' forms out: logged as a reading of everything that a form holds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people import permissions
from bole.people.exchange.lrmx_write import write_lrmx
from bole.people.exchange.record import PersonFile
from bole.people.files import person_files
from bole.record.actions import append, log_readings

MOST_AT_ONCE = 2000
MEDIA = {
    "lrmx": "application/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Export:
    """A file to hand out."""

    name: str
    content: bytes
    media_type: str


def _docx(person: PersonFile) -> bytes:
    from bole.documents import appointment_docx, appointment_form

    form = appointment_form.from_person_file(person, timezone.localdate())
    return appointment_docx.to_docx(form).content


def _pdf(person: PersonFile) -> bytes:
    from bole.documents import appointment_form

    form = appointment_form.from_person_file(person, timezone.localdate())
    return appointment_form.to_pdf(form).content


KINDS: dict[str, tuple[str, Callable[[PersonFile], bytes]]] = {
    "lrmx": ("lrmx", write_lrmx),
    "form-docx": ("docx", _docx),
    "form-pdf": ("pdf", _pdf),
}


@transaction.atomic
def export_forms(*, actor: User, kind: str, ids: list[int], reason: str = "") -> Export:
    """The forms of the chosen cadres as .lrmx, .docx or .pdf: one file, or a zip of several.

    Forms hold ID number, family, health, picture and sanctions: each is logged as a reading of
    all of them. Raises BoleError for nobody, too many, or cadres outside of the actor's units.
    """
    require(actor, "people.export")
    if kind not in KINDS or not ids:
        text = Text("请先选择要导出的干部。", "Choose the cadres to export first.")
        raise BoleError(Problem("EXPORT_EMPTY", text))
    if len(ids) > MOST_AT_ONCE:
        text = Text(
            "一次最多导出{limit}人，请分批。", "At most {limit} persons at once: export in parts."
        )
        raise BoleError(Problem("EXPORT_MANY", text.fill(limit=MOST_AT_ONCE)))
    reach = permissions.readable(actor, permissions.WRITERS)
    cadres = list(reach.filter(pk__in=ids).only("pk", "name").order_by("pk"))
    if len(cadres) < len(set(ids)):
        text = Text(
            "所选干部有{count}人不在你的管理范围内。",
            "{count} of the chosen cadres lie outside of the units that you manage.",
        ).fill(count=len(set(ids)) - len(cadres))
        raise BoleError(Problem("EXPORT_SCOPE", text))
    suffix, make = KINDS[kind]
    files = []
    for number, person in enumerate(person_files(c.pk for c in cadres), 1):
        prefix = f"{number:03d}" if len(cadres) > 1 else ""
        files.append((f"{prefix}{safe_name(person.name)}.{suffix}", make(person)))
    log_readings(
        actor=actor,
        subjects=cadres,
        fields=list(permissions.SENSITIVE),
        reason=reason or f"export {kind}",
    )
    append(
        actor=actor,
        action="people.export",
        stream="office",
        subject=cadres,
        after={"kind": kind, "count": len(cadres)},
        reason=reason,
    )
    if len(files) == 1:
        return Export(files[0][0], files[0][1], MEDIA[suffix])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return Export(f"{kind}-{timezone.localdate():%Y%m%d}.zip", archive.getvalue(), MEDIA["zip"])


def safe_name(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r'[\\/:*?"<>|\s]+', "", name) or "cadre"


@transaction.atomic
def record_roster(*, actor: User, columns: list[str], count: int) -> None:
    """Note in the record that a roster was taken out; its columns hold no sensitive field."""
    require(actor, "people.roster")
    append(
        actor=actor,
        action="people.roster",
        stream="office",
        after={"columns": columns, "count": count},
    )
