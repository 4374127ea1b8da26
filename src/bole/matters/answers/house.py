"""Persons, kinship, units, headcount, posts, and other matters."""

from __future__ import annotations

import datetime
from typing import Any

from bole.engine.vetting.kinship import kin_class, path
from bole.matters.answers import answers
from bole.matters.models import Matter
from bole.people.models import Cadre, PostSpell, Relation
from bole.units.models import Post, Unit
from bole.units.queries import headcount_ledger


@answers("person")
def person(*, id: int | None) -> dict[str, Any] | None:
    """id, name, sex, birth, party, grade, grade_since, post_title, unit, unit_name, system."""
    cadre = Cadre.objects.filter(pk=id).select_related("unit").first() if id else None
    if cadre is None:
        return None
    parent = Unit.objects.get_parent(cadre.unit) if cadre.unit else None
    return {
        "id": cadre.pk,
        "name": cadre.name,
        "sex": cadre.sex,
        "birth": cadre.birth,
        "party": cadre.party,
        "grade": cadre.grade,
        "grade_since": cadre.grade_since,
        "post_title": cadre.post_title,
        "unit": cadre.unit_id,
        "unit_name": cadre.unit.name if cadre.unit else None,
        "system": parent.name if parent and parent.kind != "group" else None,
    }


@answers("kinship")
def kinship(*, a: int | None, b: int | None) -> str | None:
    """The class of relation on file between two cadres: spouse, direct, collateral, in_law, other.

    None = none of the two files names the other: it stays to be declared.
    """
    rows = Relation.objects.filter(cadre__in=[a, b], related__in=[a, b]).order_by("id")
    for kin in rows.values_list("kinship", flat=True) if a and b else ():
        steps = path(kin)
        return (kin_class(steps) if steps else None) or "other"
    return None


@answers("unit")
def unit(*, id: int | None) -> dict[str, Any] | None:
    """id, name, kind, staff (cadres in service of the unit and below it)."""
    found = Unit.objects.filter(pk=id).first() if id else None
    if found is None:
        return None
    staff = Cadre.objects.filter(
        unit__path__startswith=found.path, status=Cadre.Status.IN_SERVICE
    ).count()
    return {
        "id": found.pk,
        "name": found.name,
        "kind": found.kind,
        "staff": found.establishment if found.establishment is not None else staff,
    }


@answers("headcount")
def headcount(*, unit: int | None, day: datetime.date) -> list[dict[str, Any]] | None:
    """The lines of a unit: grade, leading, nature, approved (None = not known), filled, vacant."""
    if unit is None:
        return None
    return [
        {
            "grade": row.grade,
            "leading": row.leading,
            "nature": row.nature,
            "approved": row.approved,
            "filled": row.filled,
            "vacant": row.vacant,
        }
        for row in headcount_ledger(day)
        if row.unit.pk == unit
    ]


@answers("post")
def post(*, id: int | None) -> dict[str, Any] | None:
    """id, title, grade, leading, head, unit, unit_name, unit_kind, holders (ids of cadres)."""
    found = Post.objects.filter(pk=id).select_related("unit").first() if id else None
    if found is None:
        return None
    holders = PostSpell.objects.filter(post=found, end=None).values_list("cadre_id", flat=True)
    return {
        "id": found.pk,
        "title": found.title,
        "grade": found.grade,
        "leading": found.leading,
        "head": found.head,
        "unit": found.unit_id,
        "unit_name": found.unit.name,
        "unit_kind": found.unit.kind,
        "holders": list(holders),
    }


@answers("matters")
def matters(
    *,
    kind: str,
    unit: int | None = None,
    person: int | None = None,
    stream: str = "",
    year: int | None = None,
    states: tuple[str, ...] = (),
    values: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Other matters of a kind, oldest first: id, number, state, person, unit, opened,
    closed, values.

    `values` narrows by kept values of top-level fields (`{"recommender": 12}`).
    """
    rows = Matter.objects.filter(kind=kind).order_by("id")
    for key, wanted in (("unit_id", unit), ("cadre_id", person), ("year", year)):
        rows = rows.filter(**{key: wanted}) if wanted is not None else rows
    rows = rows.filter(case_stream=stream) if stream else rows
    rows = rows.filter(state__in=states) if states else rows
    for name, wanted in (values or {}).items():
        rows = rows.filter(**{f"values__{name}": wanted})
    return [
        {
            "id": m.pk,
            "number": m.number,
            "state": m.state,
            "person": m.cadre_id,
            "unit": m.unit_id,
            "opened": m.opened_on,
            "closed": m.closed_on,
            "values": m.values,
        }
        for m in rows
    ]
