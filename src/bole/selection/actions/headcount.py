"""The headcount sheet of a case's plan, and the lines locked while somebody takes a place."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from bole.accounts.models import User
from bole.engine.headcount import Line, Move, RowVerdict, Sheet, judge
from bole.engine.procedures.gates import HeadcountGate
from bole.people.models import Cadre
from bole.record.actions import hold
from bole.selection.actions.base import begin, note, refuse
from bole.selection.context import CaseContext
from bole.selection.models import Case
from bole.units.models import Grade, Nature, Post
from bole.units.queries import LedgerRow, headcount_ledger, held_on

Seat = tuple[Cadre | None, Post]  # who is to take which post; None = not chosen yet


@transaction.atomic
def check_headcount(*, actor: User, case: Case, today: datetime.date | None = None) -> None:
    """Make the headcount sheet of the case's plan: every line that its moves touch, as one.

    Places that other running cases have taken by a sheet that passed are counted; those of the
    same batch with the places that they free.
    """
    look = begin(actor=actor, case=case, today=today)
    seats = _plan(look)
    sheet, moves, others = _judged(look, seats, look.today)
    rows = [
        {
            "line": row.line.name,
            "approved": row.line.approved,
            "filled": row.line.filled or 0,
            "leaving": row.leaving,
            "entering": len(row.entering),
            "planned": row.planned,
            "verdict": str(row.verdict),
            "others": sorted(others.get(row.line.name, ())),
        }
        for row in sheet.rows
    ]
    look.case.headcount = {
        "on": look.today.isoformat(),
        "rows": rows,
        "moves": moves,
        "takes": not any(row.verdict is RowVerdict.OVER for row in sheet.rows),
    }
    look.case.save(update_fields=["headcount"])
    note(look, actor, "headcount", after={"rows": rows}, occurred_at=look.today)


def take_places(look: CaseContext, seats: Sequence[tuple[Cadre, Post]]) -> None:
    """Refuse the appointment of these persons if a line would be over, or a post is held.

    Judged anew on what stands at this moment, with the lines locked until the transaction ends:
    of two cases that want the last place one is refused. A scheme whose headcount gates only warn
    goes by its written reasons instead.
    """
    sheet, _moves, _others = _judged(look, seats, max(look.today, timezone.localdate()))
    for cadre, post in seats:
        spells = post.spells.filter(held_on(look.today), end=None, concurrent=False)
        holder = spells.exclude(cadre=cadre).select_related("cadre").first()
        if holder is not None:
            raise refuse(
                "POST_HELD",
                "“{p}”现由{n}担任，先办理其免职，再任命{c}。",
                "{n} holds “{p}”: end that first, then appoint {c}.",
                p=str(post),
                n=holder.cadre.name,
                c=cadre.name,
            )
    gates = [
        g
        for s in look.procedure.steps.values()
        for g in (*s.gates, *s.finish)
        if isinstance(g, HeadcountGate)
    ]
    over = [row for row in sheet.rows if row.verdict is RowVerdict.OVER]
    if over and (not gates or any(g.stops for g in gates)):
        row = over[0]
        raise refuse(
            "HEADCOUNT_TAKEN",
            "{l}没有空缺：核定{a}，现配{f}，减少{x}，增加{e}，拟配{p}。请重新核对职数。",
            "No place is left on {l}: approved {a}, filled {f}, leaving {x}, entering {e}, "
            "planned {p}. Check the headcount again.",
            l=row.line.name,
            a=row.line.approved,
            f=row.line.filled,
            x=row.leaving,
            e=len(row.entering),
            p=row.planned,
        )
    if look.case.headcount is not None:
        look.case.headcount = {**look.case.headcount, "takes": False}
        look.case.save(update_fields=["headcount"])


def _plan(look: CaseContext) -> list[Seat]:
    """The persons furthest on the way, one for each post; those chosen for a post first."""
    posts = [p.post for p in look.case.posts.select_related("post__unit")]
    chosen = next((look.group(g) for g in ("nominees", "candidates") if look.group(g)), [])
    people = {
        c.pk: c
        for c in Cadre.objects.filter(pk__in=[m.cadre_id for m in chosen]).select_related("unit")
    }
    named = {m.post.post_id: people[m.cadre_id] for m in reversed(chosen) if m.post_id}
    free = [people[m.cadre_id] for m in chosen if not m.post_id]
    return [(named.get(p.pk) or (free.pop(0) if free else None), p) for p in posts]


def _judged(
    look: CaseContext, seats: Sequence[tuple[Cadre | None, Post]], day: datetime.date
) -> tuple[Sheet, list[dict[str, Any]], dict[str, set[str]]]:
    """The sheet, the case's own moves as stored, and line → numbers of other cases counted."""
    units = {p.unit_id: p.unit for _c, p in seats}
    units |= {c.unit_id: c.unit for c, _p in seats if c and c.unit_id}
    _lock(units)
    ledger = headcount_ledger(day, list(units.values()))
    names = _names(ledger)
    lines = {names[id(r)]: _line(names[id(r)], r) for r in ledger if r.leading}
    at = {(r.unit.pk, r.grade): names[id(r)] for r in reversed(ledger) if r.leading}
    moves: list[Move] = []
    stored: list[dict[str, Any]] = []
    for cadre, post in seats:
        target = at.get((post.unit_id, post.grade)) or _name(post.unit.name, post.grade)
        lines.setdefault(target, Line(target, None, 0))
        sources = [r for r in ledger if r.leading and cadre is not None and cadre.pk in r.cadres]
        source = next((r for r in sources if r.unit.pk == cadre.unit_id), None) if cadre else None
        name = names[id(source)] if source else None
        moves.append(Move(cadre.name if cadre else str(post), name, target))
        stored.append(
            {
                "name": cadre.name if cadre else "",
                "unit": post.unit_id,
                "grade": post.grade,
                "from": [source.unit.pk, source.grade] if source else None,
            }
        )
    others: dict[str, set[str]] = {}
    for other in _taken(look.case):
        for move in other.headcount.get("moves", ()):
            target = at.get((move["unit"], move["grade"]))
            same = look.case.batch_id is not None and other.batch_id == look.case.batch_id
            source = at.get(tuple(move["from"])) if move["from"] and same else None
            if target or source:
                moves.append(Move(f"{move['name']}（{other.number}）", source, target))
                for name in {target, source} - {None}:
                    others.setdefault(str(name), set()).add(other.number)
    touched = {m.source for m in moves} | {m.target for m in moves}
    sheet = judge([line for line in lines.values() if line.name in touched], moves)
    return sheet, stored, others


def _taken(case: Case) -> Iterable[Case]:
    """Other running cases whose sheet passed and whose persons are not appointed yet."""
    rows = Case.objects.filter(state=Case.State.RUNNING, headcount__isnull=False)
    return [c for c in rows.exclude(pk=case.pk) if c.headcount.get("takes")]


def _lock(units: Iterable[int]) -> None:
    """Let no other case count or take places of these units until the transaction ends."""
    for unit in sorted(units):
        hold(f"headcount:{unit}")


def _name(unit: str, grade: str) -> str:
    """A line's name as it stays in the record: the office's words, whatever the page's language."""
    with translation.override("zh-hans"):
        return f"{unit}{Grade(grade).label}"


def _names(ledger: Sequence[LedgerRow]) -> dict[int, str]:
    """A name for each row; the establishment stands in it where a unit has several."""
    named = {id(row): _name(row.unit.name, row.grade) for row in ledger}
    with translation.override("zh-hans"):
        seen = Counter(named[id(row)] for row in ledger if row.leading)
        return {
            id(row): f"{named[id(row)]}（{Nature(row.nature).label}）"
            if seen[named[id(row)]] > 1
            else named[id(row)]
            for row in ledger
        }


def _line(name: str, row: LedgerRow) -> Line:
    return Line(name, row.approved, row.filled, row.line.basis if row.line else "")
