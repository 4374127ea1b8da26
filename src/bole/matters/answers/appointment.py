"""What the judges of appointments ask of the files: appraisals, awards, where a person works."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from bole.matters.answers import answers
from bole.people.models import Appraisal, Award, Cadre, Sanction, Secondment


@answers("achievements")
def achievements(*, person: int, since: int) -> dict[str, str]:
    """Appraisals of the years from `since` on, awards and sanctions in force, as one writes them.

    Nothing on file gives no key: it stays to be written.
    """
    years = Appraisal.objects.filter(cadre=person, kind="annual", year__gte=since)
    grades = [f"{a.year}年{a.grade}" for a in years.order_by("year")]
    awards = Award.objects.filter(cadre=person, date__gte=datetime.date(since, 1, 1))
    lines = [f"{a.date.year}年获{a.name}" for a in awards.order_by("date") if a.date]
    sanctions = Sanction.objects.filter(cadre=person, status=Sanction.Status.CONFIRMED)
    lines += [f"{s.date.year}年受{s.kind}" for s in sanctions.filter(date__year__gte=since)]
    found = {"appraisal": "、".join(grades), "rewards_and_punishments": "、".join(lines)}
    return {k: v for k, v in found.items() if v}


@answers("place_facts")
def place_facts(*, person: int) -> list[str]:
    """The words of `places` in packs that hold for the person: subordinate_unit, seconded."""
    cadre = Cadre.objects.filter(pk=person).select_related("unit").first()
    if cadre is None:
        return []
    found = []
    parent = cadre.unit.get_parent() if cadre.unit else None
    if parent is not None and parent.kind != "group":
        found.append("subordinate_unit")
    today = timezone.localdate()
    away = Secondment.objects.filter(Q(end=None) | Q(end__gte=today), cadre=cadre, start__lte=today)
    return [*found, "seconded"] if away.exists() else found
