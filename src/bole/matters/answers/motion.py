"""What the judges of motion ask: the headcount lines of a plan, since when a post is held."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from bole.matters.answers import answers
from bole.people.models import Cadre, PostSpell
from bole.units.models import Grade, Post
from bole.units.queries import LedgerRow, headcount_ledger, held_on


@answers("plan")
def plan(*, seats: Sequence[tuple[int | None, int, bool]], day: datetime.date) -> dict[str, Any]:
    """The lines that seats (person, post, keeps the old post) touch, and source and target of each.

    `lines`: (name, approved, filled, basis) of the ledger on `day`; `moves`: names of the line
    that the person leaves (None = holds no leading post of a line) and of the one entered.
    """
    posts = Post.objects.select_related("unit").in_bulk([p for _c, p, _k in seats])
    people = Cadre.objects.select_related("unit").in_bulk([c for c, _p, _k in seats if c])
    units = {p.unit_id: p.unit for p in posts.values()}
    units |= {c.unit_id: c.unit for c in people.values() if c.unit_id}
    ledger = headcount_ledger(day, list(units.values()))
    lines: dict[str, tuple[str, int | None, int | None, str]] = {}
    moves = []
    for cadre, post, _keeps in seats:
        place = posts.get(post)
        target = _row(ledger, place) if place else None
        source = _source(ledger, people.get(cadre)) if cadre else None
        names = []
        for row in (source, target):
            name = _name(row, ledger) if row else None
            if row and name:
                basis = row.line.basis if row.line else ""
                lines[name] = (name, row.approved, row.filled, basis)
            names.append(name)
        if place and target is None:  # a post for whose level the unit has no line at all
            names[1] = (
                f"{place.unit.name} {Grade(place.grade).label if place.grade else ''}".strip()
            )
            lines[names[1]] = (names[1], None, 0, "")
        moves.append({"source": names[0], "target": names[1]})
    return {"lines": list(lines.values()), "moves": moves}


def _row(ledger: Sequence[LedgerRow], post: Post) -> LedgerRow | None:
    rows = [r for r in ledger if r.unit.pk == post.unit_id and r.grade == post.grade]
    same = [r for r in rows if r.leading == post.leading]
    return next((r for r in same if r.nature == post.unit.nature), same[0] if same else None)


def _source(ledger: Sequence[LedgerRow], cadre: Cadre | None) -> LedgerRow | None:
    rows = [r for r in ledger if cadre is not None and cadre.pk in r.cadres]
    own = [r for r in rows if cadre is not None and r.unit.pk == cadre.unit_id]
    return next((r for r in own if r.leading), own[0] if own else None)


def _name(row: LedgerRow, ledger: Sequence[LedgerRow]) -> str:
    """Unit and level; kind and establishment stand in it where the unit has several such lines."""
    level = str(Grade(row.grade).label)
    alike = [r for r in ledger if (r.unit.pk, r.grade) == (row.unit.pk, row.grade)]
    if len({r.leading for r in alike}) > 1:
        level += "领导" if row.leading else "非领导"
    if len({r.nature for r in alike if r.leading == row.leading}) > 1:
        level += f"（{row.nature}）"
    return f"{row.unit.name} {level}"


@answers("post_since")
def post_since(*, id: int, day: datetime.date) -> datetime.date | None:
    """The day since which the person holds the main post of that day; None = not on file."""
    spells = PostSpell.objects.filter(held_on(day), cadre=id, concurrent=False)
    return spells.order_by("-start").values_list("start", flat=True).first()


@answers("dispatch_facts")
def dispatch_facts(*, id: int, day: datetime.date) -> dict[str, Any] | None:
    """Facts of one person by the words that packs of dispatch use; absent = not on file."""
    cadre = Cadre.objects.filter(pk=id).first()
    if cadre is None:
        return None
    facts: dict[str, Any] = {"identity": cadre.identity or None, "grade": cadre.grade or None}
    if cadre.birth is not None:
        born = cadre.birth
        had = (day.month, day.day) >= (born.month, born.day)
        if cadre.birth_precision == "day" or day.month != born.month:  # else it may be either
            facts["age"] = day.year - born.year - (0 if had else 1)
    facts["in_post"] = cadre.status == Cadre.Status.IN_SERVICE
    return {k: v for k, v in facts.items() if v is not None}
