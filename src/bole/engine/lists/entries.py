"""The life of a pool entry: who is in, warned, moved, used or out, and by whose decision."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

Day = datetime.date


class EntryState(StrEnum):
    """States of spec chapter 1 §2.3."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    DECIDED = "decided"
    ACTIVE = "active"
    WARNED = "warned"
    EXIT_PROPOSED = "exit_proposed"
    LEFT = "left"
    MOVED = "moved"
    USED = "used"
    FROZEN = "frozen"


S = EntryState
ARROWS: dict[EntryState, tuple[EntryState, ...]] = {
    S.PROPOSED: (S.CHECKED,),
    S.CHECKED: (S.DECIDED,),
    S.DECIDED: (S.ACTIVE,),
    S.ACTIVE: (S.WARNED, S.EXIT_PROPOSED, S.MOVED, S.USED, S.FROZEN),
    S.WARNED: (S.ACTIVE, S.EXIT_PROPOSED, S.FROZEN),
    S.EXIT_PROPOSED: (S.LEFT, S.ACTIVE, S.WARNED),
    S.FROZEN: (S.ACTIVE, S.WARNED, S.EXIT_PROPOSED),
}
# What only people decide; the product may at most propose it.
BY_PEOPLE = frozenset({S.WARNED, S.LEFT, S.MOVED, S.FROZEN, S.USED})


@dataclass(frozen=True)
class Arrow:
    """One step of an entry: who, when and why; a warning or a freeze ends on a day."""

    before: EntryState
    after: EntryState
    actor: str
    day: Day
    reason: str
    until: Day | None = None
    evidence: str | None = None
    statement: str | None = None


def move(arrow: Arrow, *, proposed_by_program: bool = False) -> EntryState:
    """The new state. Raises `BoleError` with every failing: STATE_ARROW, ACTOR, REASON, BY_PEOPLE,
    UNTIL (warning and freeze end on a day), EVIDENCE, STATEMENT (exit: evidence, and what the
    person said or "declined")."""
    found: list[tuple[str, Text]] = []
    if arrow.after not in ARROWS.get(arrow.before, ()):
        text = Text("不能由“{a}”转为“{b}”", "an entry cannot go from {a} to {b}")
        found.append(("STATE_ARROW", text.fill(a=arrow.before, b=arrow.after)))
    if not arrow.actor.strip():
        found.append(("ACTOR", Text("须写明经办人", "say who does it")))
    if not arrow.reason.strip():
        found.append(("REASON", Text("须写明理由", "give the reason")))
    if proposed_by_program and arrow.after in BY_PEOPLE:
        found.append(
            ("BY_PEOPLE", Text("只能由人决定，系统仅可建议", "people decide this; only propose it"))
        )
    if arrow.after in (S.WARNED, S.FROZEN) and (arrow.until is None or arrow.until < arrow.day):
        found.append(("UNTIL", Text("须写明截止日期", "give the last day, not before today")))
    if arrow.after in (S.WARNED, S.LEFT) and not arrow.evidence:
        found.append(("EVIDENCE", Text("须附依据材料", "attach the evidence")))
    if arrow.after is S.LEFT and not arrow.statement:
        found.append(
            (
                "STATEMENT",
                Text(
                    "须附本人说明或注明放弃", "add the person's statement, or that it was declined"
                ),
            )
        )
    if found:
        raise BoleError([Problem(code, text) for code, text in found])
    return arrow.after
