"""What the judges of vetting and the record ask: annual grades, events that cost points."""

from __future__ import annotations

import datetime
from typing import Any

from bole.matters.answers import answers
from bole.matters.models import Matter
from bole.people.models import Appraisal


@answers("annual_grades")
def annual_grades(*, id: int | None) -> dict[int, str]:
    """Year → grade of the annual appraisals on file."""
    rows = Appraisal.objects.filter(cadre=id, kind="annual") if id else Appraisal.objects.none()
    return dict(rows.values_list("year", "grade"))


@answers("point_events")
def point_events(*, person: int | None) -> list[dict[str, Any]]:
    """The confirmed `point_event` matters of a person: on, points, state, told."""
    if person is None:
        return []
    rows = Matter.objects.filter(kind="point_event", cadre=person, state__in=["confirmed", "ended"])
    told = set(rows.filter(acts__move="tell").values_list("pk", flat=True))
    return [
        {
            "on": datetime.date.fromisoformat(m.values["on"]) if m.values.get("on") else None,
            "points": int(m.values["points"]) if m.values.get("points") else None,
            "state": "confirmed",
            "told": m.pk in told,
        }
        for m in rows
    ]
