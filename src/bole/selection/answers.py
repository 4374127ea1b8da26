"""What the cases answer when a matter's judge asks (see `bole.matters.answers`)."""

from __future__ import annotations

from typing import Any

from bole.engine.procedures.vocabulary import GROUPS
from bole.engine.text import Text
from bole.matters.answers import answers
from bole.selection.models import Case, Member

STATES = {
    Case.State.RUNNING: Text("办理中", "running"),
    Case.State.FINISHED: Text("已办结", "finished"),
    Case.State.WITHDRAWN: Text("已撤回", "withdrawn"),
}


@answers("case_course")
def case_course(*, person: int | None) -> list[dict[str, Any]]:
    """The groups of cases in which a cadre was placed: on, what, who placed, state of the case."""
    rows = Member.objects.filter(cadre_id=person).select_related("case", "added_by")
    return [
        {
            "on": row.added_at.date(),
            "what": GROUPS.get(row.group, Text(row.group, row.group))
            + Text(f"（{row.case.title}）", f" ({row.case.title})"),
            "who": str(row.added_by),
            "number": row.case.number,
            "state": STATES.get(row.case.state, Text(row.case.state, row.case.state)),
        }
        for row in rows
    ]
