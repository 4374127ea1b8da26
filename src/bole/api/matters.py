"""Matters: kinds, lists, one in full, opening one and doing its moves."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from ninja import Path, Query, Router, Schema

from bole.api.shapes import LARGEST_ID, REFUSALS, Words, need
from bole.matters import actions
from bole.matters.data import as_data, in_full, kind_data
from bole.matters.kinds import offered
from bole.matters.models import Matter
from bole.matters.queries import Look, one, rows
from bole.matters.readings import log_fields
from bole.people.models import Cadre
from bole.record.streams import may_read
from bole.units.models import Unit

router = Router(tags=["matters"])
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
MOST = 500


class MatterOut(Schema):
    """A matter without its values."""

    id: int
    number: str
    kind: str
    area: str
    scheme: str
    title: str
    person: int | None
    unit: int | None
    case: str
    state: str
    state_title: Words
    final: bool
    opened_on: datetime.date
    due_on: datetime.date | None
    overdue: bool
    closed_on: datetime.date | None


class MatterFull(MatterOut):
    """A matter with what was judged and what can be done; sensitive values are masked."""

    values: dict[str, Any]
    masked: list[str]
    findings: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    history: list[dict[str, Any]]


class OpenIn(Schema):
    """What a new matter is about; numbers as texts keep them exact."""

    kind: str
    scheme: str = ""
    person: int | None = None
    unit: int | None = None
    case: str = ""
    values: dict[str, Any] = {}


class MoveIn(Schema):
    """The fields that the move fills, and its reason. Signed moves are done on the pages."""

    values: dict[str, Any] = {}
    reason: str = ""


def _look(request, matter_id: int) -> Look:
    found = one(matter_id)
    look = Look(found, request.user, timezone.localdate()) if found else None
    if look is None or not look.may_read:
        raise Http404
    return look


def _full(request, matter: Matter) -> dict[str, Any]:
    return in_full(_look(request, matter.pk))


@router.get("/matters/kinds", response={200: list[dict[str, Any]], **REFUSALS})
def kinds(request, area: str = ""):
    """Every installed kind, with its fields, states and moves."""
    need(request, "matters.list")
    return [kind_data(o) for o in offered(area)]


@router.get("/matters", response={200: list[MatterOut], **REFUSALS})
def matters(request, area: str = Query(""), kind: str = Query("")):
    """The matters that the user may read, the latest first; at most 500."""
    need(request, "matters.list")
    today = timezone.localdate()
    found = (
        rows(request.user, today, area=area, kind=kind)
        .select_related("scheme")
        .defer("scheme__document")
    )
    return [as_data(m, today) for m in found[:MOST]]


@router.get("/matters/{matter_id}", response={200: MatterFull, **REFUSALS})
def matter(request, matter_id: Id):
    """One matter: values, findings, clocks, and the moves with what stands against each."""
    look = _look(request, matter_id)
    log_fields(look, ())
    return in_full(look)


@router.post("/matters", response={200: MatterFull, **REFUSALS})
def open_matter(request, given: OpenIn):
    """Open a matter as a draft."""
    need(request, "matters.list")
    cadre = Cadre.objects.filter(pk=given.person).first() if given.person else None
    unit = Unit.objects.filter(pk=given.unit).first() if given.unit else None
    if given.case and not may_read(request.user, given.case):
        raise Http404
    opened = actions.open_matter(
        actor=request.user,
        kind=given.kind,
        scheme=given.scheme,
        cadre=cadre,
        unit=unit,
        case_stream=given.case,
        values=given.values,
    )
    return _full(request, opened)


@router.post("/matters/{matter_id}/moves/{move}", response={200: MatterFull, **REFUSALS})
def do_move(request, matter_id: Id, move: str, given: MoveIn):
    """Do a move; 409 with every reason when it is refused."""
    look = _look(request, matter_id)
    done = actions.do_move(
        actor=request.user,
        matter=look.matter,
        move=move,
        values=given.values,
        reason=given.reason,
    )
    return _full(request, done)
