"""Cadres, units and headcount."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from bole.api.shapes import LARGEST_ID, REFUSALS, need
from bole.people import permissions
from bole.people.actions import show_sensitive
from bole.people.histories import HISTORIES
from bole.people.models import Cadre
from bole.people.queries.cadres import search
from bole.units.queries import headcount_ledger, visible_units

router = Router(tags=["people and units"])
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PLAIN = (
    "id", "name", "sex", "birth", "birth_precision", "ethnicity", "native_place", "party",
    "work_start", "identity", "education_level", "post_title", "grade", "grade_since",
    "post_since", "status", "unit_id",
)  # fmt: skip


class CadreOut(Schema):
    """The plain facts of a cadre; sensitive fields are not among them."""

    id: int
    name: str
    sex: str
    birth: datetime.date | None
    birth_precision: str
    ethnicity: str
    native_place: str
    party: str
    work_start: datetime.date | None
    identity: str
    education_level: str
    post_title: str
    grade: str
    grade_since: datetime.date | None
    post_since: datetime.date | None
    status: str
    unit_id: int | None


class CadreList(Schema):
    count: int
    items: list[CadreOut]


class CadreFile(CadreOut):
    """One cadre: histories, the sensitive fields that were asked for, and those still masked."""

    histories: dict[str, list[dict[str, Any]]]
    shown: dict[str, Any]
    masked: list[str]


class UnitOut(Schema):
    id: int
    code: str
    name: str
    kind: str
    depth: int


class HeadcountOut(Schema):
    """A line of the headcount ledger; null = not known, which is not zero."""

    unit_id: int
    unit: str
    grade: str
    leading: bool
    nature: str
    approved: int | None
    filled: int
    vacant: int | None
    over: int | None
    state: str


@router.get("/cadres", response={200: CadreList, **REFUSALS})
def cadres(
    request,
    q: Annotated[str, Query(max_length=100)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
):
    """The cadres that the user may list; `q` searches name, pinyin, unit and post."""
    need(request, "people.list")
    rows = permissions.readable(request.user)
    if q.strip():
        rows = search(rows, q.replace("\x00", ""))
    found = rows.order_by("pk").values(*PLAIN)[offset : offset + limit]
    return {"count": rows.count(), "items": list(found)}


class ShowQuery(Schema):
    """Sensitive fields to be shown: id_number, health, family, sanctions; and why."""

    show: list[str] = Field(default_factory=list, max_length=5)
    reason: str = Field(default="", max_length=500)


@router.get("/cadres/{cadre_id}", response={200: CadreFile, **REFUSALS})
def cadre(request, cadre_id: Id, query: Query[ShowQuery]):
    """One file. Each sensitive field is masked until asked for; each such reading is logged."""
    row = Cadre.objects.select_related("unit").filter(pk=cadre_id).first()
    if row is None or not request.user.has_perm("people.read", row):
        raise Http404
    shown = {}
    for field in dict.fromkeys(query.show):
        show_sensitive(actor=request.user, cadre=row, field=field, reason=query.reason)
        shown[field] = _sensitive(row, field)
    histories = {key: _rows(kind, row) for key, kind in HISTORIES.items() if not kind.sensitive}
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "histories": histories,
        "shown": shown,
        "masked": [f for f in permissions.SENSITIVE if f not in shown],
    }


def _rows(kind, cadre: Cadre) -> list[dict[str, Any]]:
    """The rows of one history, without what only the house itself uses."""
    return list(kind.model.objects.filter(cadre=cadre).order_by("pk").values())


def _sensitive(cadre: Cadre, field: str) -> Any:
    tables = {"family": "relations", "sanctions": "sanctions"}
    if field in tables:
        return _rows(HISTORIES[tables[field]], cadre)
    if field == "picture":
        return hasattr(cadre, "picture")
    return getattr(cadre, field)


@router.get("/units", response={200: list[UnitOut], **REFUSALS})
def units(request):
    """The open units of the user's part of the tree, in its order."""
    need(request, "units.read")
    return list(visible_units(request.user).values("id", "code", "name", "kind", "depth"))


class LedgerQuery(Schema):
    """The day (default today) and the unit whose tree is meant (default all)."""

    as_of: datetime.date | None = None
    unit: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


@router.get("/headcount", response={200: list[HeadcountOut], **REFUSALS})
def headcount(request, query: Query[LedgerQuery]):
    """Approved, filled, vacant and over per unit and level on a day."""
    need(request, "units.read")
    found = visible_units(request.user)
    if query.unit is not None:
        top = found.filter(pk=query.unit).first()
        if top is None:
            raise Http404
        found = found.filter(path__startswith=top.path)
    day = query.as_of or timezone.localdate()
    return [
        {
            "unit_id": r.unit.pk,
            "unit": r.unit.name,
            "grade": r.grade,
            "leading": r.leading,
            "nature": r.nature,
            "approved": r.approved,
            "filled": r.filled,
            "vacant": r.vacant,
            "over": r.over,
            "state": r.state,
        }
        for r in headcount_ledger(day, found)
    ]
