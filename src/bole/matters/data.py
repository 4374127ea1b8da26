"""Matters as plain data, for the command and the API."""

from __future__ import annotations

import datetime
from typing import Any

from bole.engine.text import Text
from bole.matters.kinds import Offered, kind_of
from bole.matters.models import Matter
from bole.matters.queries import Look, title_of


def as_data(matter: Matter, today: datetime.date) -> dict[str, Any]:
    """A matter as the command and the API give it, without its values."""
    kind = kind_of(matter)
    state = getattr(matter, "standing", None) or matter.state
    return {
        "id": matter.pk,
        "number": matter.number,
        "kind": matter.kind,
        "area": matter.area,
        "scheme": matter.scheme.code,
        "title": title_of(matter),
        "person": matter.cadre_id,
        "unit": matter.unit_id,
        "case": matter.case_stream,
        "state": state,
        "state_title": kind.states[state].title.as_dict(),
        "final": kind.states[state].final,
        "opened_on": matter.opened_on,
        "due_on": matter.due_on,
        "overdue": bool(matter.due_on and matter.closed_on is None and matter.due_on < today),
        "closed_on": matter.closed_on,
    }


def in_full(look: Look) -> dict[str, Any]:
    """A matter with values (sensitive ones masked), findings, figures, clocks and moves."""
    hidden = {n for n, f in look.kind.fields.items() if f.sensitive}
    judged = look.judgement
    return {
        **as_data(look.matter, look.day),
        "state": look.state,
        "values": {n: None if n in hidden else v for n, v in look.matter.values.items()},
        "masked": sorted(hidden & set(look.matter.values)),
        "findings": [f.as_dict() for f in judged.findings] if judged else [],
        "figures": [
            {"title": t.as_dict(), "value": v.as_dict() if isinstance(v, Text) else v}
            for t, v in (judged.figures if judged else ())
        ],
        "clocks": [
            {
                "id": c.id,
                "title": c.clock.title.as_dict(),
                "due": c.due,
                "over": c.over,
                "lapses_to": c.clock.lapses_to,
            }
            for c in look.clocks
        ],
        "moves": [
            {
                "id": m.id,
                "title": m.move.title.as_dict(),
                "may": m.may,
                "fills": list(m.move.fills),
                "lacks": list(m.lacks),
                "signed": m.move.sign,
                "reason": m.reason_needed,
                "problems": [p.as_dict() for p in m.problems],
            }
            for m in look.moves
        ],
        "history": [
            {
                "move": a.move,
                "by": str(a.by),
                "on": a.on,
                "state": a.state,
                "reason": a.reason,
                "counts": a.counts,
            }
            for a in look.acts
        ],
    }


def kind_data(offer: Offered) -> dict[str, Any]:
    """A kind that is installed, with its fields, states and moves."""
    kind = offer.kind
    return {
        "kind": offer.code,
        "title": kind.title.as_dict(),
        "area": kind.area,
        "about": kind.about,
        "on_case": kind.on_case,
        "scheme": offer.version.code,
        "place": offer.place,
        "mechanisms": list(kind.mechanisms),
        "fields": {
            n: {"title": f.title.as_dict(), "type": f.type, "required": f.required}
            for n, f in kind.fields.items()
        },
        "states": {n: s.title.as_dict() for n, s in kind.states.items()},
        "moves": {n: m.title.as_dict() for n, m in kind.moves.items()},
    }
