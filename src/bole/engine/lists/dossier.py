"""Dossier templates (成长档案 …): sections, fields, who fills them and how often."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text


class DossierField(Model):
    """One item; `filled_by` empty = open in the source, every author is accepted."""

    title: Name
    filled_by: tuple[Id, ...] = ()
    every_months: int | None = Field(default=None, ge=1)
    sensitive: bool = False


class Dossier(Model):
    """A template of one place: one person, one file."""

    kind: Literal["dossier"] = "dossier"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    fields: dict[Id, DossierField]
    open_fields: int = 0
    note: Name | None = None


def accept(dossier: Dossier, field: str, author_role: str, document: str | None) -> DossierField:
    """The field that an entry belongs to. Raises `BoleError` with every failing: an item outside
    the template (DOSSIER_FIELD), an author who may not fill it (DOSSIER_AUTHOR), no document
    (DOSSIER_DOCUMENT)."""
    found = []
    template = dossier.fields.get(field)
    if template is None:
        known = Text(
            "、".join(f.title.zh for f in dossier.fields.values()), ", ".join(dossier.fields)
        )
        text = Text(
            "“{f}”不在本档案项目之内（{known}）", "'{f}' is not an item of this file: {known}"
        )
        found.append(Problem("DOSSIER_FIELD", text.fill(f=field, known=known)))
    elif template.filled_by and author_role not in template.filled_by:
        text = Text("{t}由{who}填写，{role}不能填写", "{t} is filled by {who}, not by {role}").fill(
            t=template.title, who=", ".join(template.filled_by), role=author_role
        )
        found.append(Problem("DOSSIER_AUTHOR", text))
    if not document:
        found.append(Problem("DOSSIER_DOCUMENT", Text("须附材料", "attach the document")))
    if found or template is None:
        raise BoleError(found)
    return template
