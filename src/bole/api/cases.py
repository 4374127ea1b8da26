"""Selection cases, where they stand, and their record."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from ninja import Path, Router, Schema

from bole.api.shapes import LARGEST_ID, REFUSALS, need
from bole.record.permissions import may_read_stream
from bole.record.queries import entries_of
from bole.selection.models import Case
from bole.selection.queries import visible, with_standing

router = Router(tags=["cases"])
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class CaseOut(Schema):
    """A case; `standing` says of a running one which steps are next and what blocks them."""

    id: int
    number: str
    title: str
    unit: str
    scheme: str
    state: str
    standing: dict[str, Any]


class EntryOut(Schema):
    """An entry of the record as it was sealed."""

    sequence: int
    stream_sequence: int
    written_at: datetime.datetime
    occurred_at: datetime.datetime
    actor: str
    action: str
    before: Any
    after: Any
    reason: str
    hash: str


def _shown(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "unit": case.unit.name if case.unit else "",
        "scheme": case.scheme.code,
        "state": case.state,
        "standing": case.standing or {},
    }


def _case(request, case_id: int) -> Case:
    case = visible(request.user).filter(pk=case_id).first()
    if case is None or not request.user.has_perm("selection.read", case):
        raise Http404
    return case


@router.get("/cases", response={200: list[CaseOut], **REFUSALS})
def cases(request):
    """The cases that the user may read, the latest first; at most 500."""
    need(request, "selection.list")
    rows = list(visible(request.user).order_by("-pk")[:500])
    return [_shown(c) for c in with_standing(rows, timezone.localdate())]


@router.get("/cases/{case_id}", response={200: CaseOut, **REFUSALS})
def case(request, case_id: Id):
    """One case with where it stands today."""
    return _shown(with_standing([_case(request, case_id)], timezone.localdate())[0])


@router.get("/cases/{case_id}/record", response={200: list[EntryOut], **REFUSALS})
def record(request, case_id: Id):
    """The record of a case, in order."""
    found = _case(request, case_id)
    if not may_read_stream(request.user, found.stream):
        raise Http404
    return [
        {
            "sequence": e.sequence,
            "stream_sequence": e.stream_sequence,
            "written_at": e.written_at,
            "occurred_at": e.occurred_at,
            "actor": e.actor_name,
            "action": e.action,
            "before": e.before,
            "after": e.after,
            "reason": e.reason,
            "hash": e.hash,
        }
        for e in entries_of(found.stream)
    ]
