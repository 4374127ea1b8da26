"""Installed schemes."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Router, Schema

from bole.api.shapes import REFUSALS, need
from bole.schemes.queries import current, newest, resolve

router = Router(tags=["schemes"])
Code = Annotated[str, Path(max_length=100, pattern=r"^[\w.-]+$")]


class SchemeOut(Schema):
    code: str
    name_zh: str
    name_en: str
    place: str
    effective_from: datetime.date | None
    effective_to: datetime.date | None
    digest: str
    has_procedure: bool


class SchemeFile(SchemeOut):
    """One scheme with everything that it extends put in."""

    document: dict[str, Any]


@router.get("/schemes", response={200: list[SchemeOut], **REFUSALS})
def schemes(request):
    """The newest version of every installed scheme."""
    need(request, "schemes.read")
    return list(current().order_by("place", "code"))


@router.get("/schemes/{code}", response={200: SchemeFile, **REFUSALS})
def scheme(request, code: Code):
    """The newest version of one scheme, resolved."""
    need(request, "schemes.read")
    version = newest(code)
    if version is None:
        raise Http404
    document = resolve(version).model_dump(mode="json", by_alias=True)
    return {**{f: getattr(version, f) for f in SchemeOut.model_fields}, "document": document}
