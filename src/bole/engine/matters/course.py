"""Where a matter stands: which moves are open, what each still lacks, and which clocks run."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bole.engine.errors import Problem
from bole.engine.matters.judgement import Judgement
from bole.engine.matters.models import Clock, MatterKind, Move
from bole.engine.matters.values import fact, missing
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict
from bole.engine.workdays import Calendar, Deadline, deadline

Day = datetime.date


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the history, in order. `move` "" = fields were saved.

    `counts`: the move took effect (enough persons acted). `changed`: a field that had been filled
    got another value; signatures given before do not cover it and are void.
    """

    move: str
    actor: str
    on: Day
    counts: bool = True
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as the engine sees it; `values` as `natives` gives them."""

    state: str
    opened: Day
    values: Mapping[str, Any] = field(default_factory=dict)
    done: Sequence[Done] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work: an id, and the roles and parties that the person plays in the matter."""

    id: str
    parties: frozenset[str]


@dataclass(frozen=True, slots=True)
class MoveStanding:
    """A move from the present state. `problems` empty = it may be done now.

    `entitled`: the actor plays one of the parts that do it. `given` of `wanted` persons acted.
    `lacks`: ids of fields still to be filled (the move's own form asks for those it `fills`).
    """

    id: str
    move: Move
    entitled: bool
    problems: tuple[Problem, ...] = ()
    lacks: tuple[str, ...] = ()
    given: int = 0
    reason_needed: bool = False

    @property
    def may(self) -> bool:
        return self.entitled and not self.problems


@dataclass(frozen=True, slots=True)
class ClockStanding:
    """A clock that runs. `deadline.due` None says why in `deadline.problem`."""

    id: str
    clock: Clock
    deadline: Deadline
    over: bool
    reminds: bool

    @property
    def due(self) -> Day | None:
        return self.deadline.due


def in_force(kind: MatterKind, done: Sequence[Done]) -> list[Done]:
    """The acts that still count: none undone by a later move, no signature under other values."""
    left: list[Done] = []
    for act in done:
        if act.changed:
            left = [d for d in left if not (d.move in kind.moves and kind.moves[d.move].sign)]
        if act.move in kind.moves and act.counts:
            undone = kind.moves[act.move].undoes
            left = [d for d in left if d.move not in undone]
        left.append(act)
    return left


def open_moves(
    kind: MatterKind,
    matter: Matter,
    actor: Actor,
    day: Day,
    judgement: Judgement | None = None,
    *,
    given: Mapping[str, Any] | None = None,
) -> list[MoveStanding]:
    """Every move from the matter's state, with all that still stands against it.

    `given`: values typed with the move itself. Problems:
    MOVE_ROLE, MOVE_FIELD (all missing fields in one), MOVE_AFTER, MOVE_SAME_PERSON, MOVE_TWICE,
    MOVE_BEFORE (dated before an earlier act), and the findings of the judgement that refuse or
    block a move `judged: clear`.
    """
    values = {**matter.values, **(given or {})}
    return [
        _standing(kind, matter, name, move, actor, day, judgement, values)
        for name, move in kind.moves.items()
        if _is_here(kind, matter.state, move)
        and (move.when is None or move.when.holds(lambda n: fact(values, n)) is Verdict.MET)
    ]


def _is_here(kind: MatterKind, state: str, move: Move) -> bool:
    return state in move.from_ if move.from_ else not kind.states[state].final


def _standing(
    kind: MatterKind,
    matter: Matter,
    name: str,
    move: Move,
    actor: Actor,
    day: Day,
    judgement: Judgement | None,
    values: Mapping[str, Any],
) -> MoveStanding:
    acts = in_force(kind, matter.done)
    entitled = not actor.parties.isdisjoint(move.who)
    problems: list[Problem] = []
    if not entitled:
        text = Text("“{m}”由其他人员办理", "“{m}” is done by others").fill(m=move.title)
        problems.append(Problem("MOVE_ROLE", text))
    lacks = missing(kind, kind.needed(move), values)
    if lacks:
        names = [kind.fields[n].title for n in lacks]
        said = Text("、".join(t.zh for t in names), ", ".join(t.en for t in names))
        problems.append(Problem("MOVE_FIELD", Text("还缺：{n}", "missing: {n}").fill(n=said)))
    done = {d.move for d in acts if d.counts}
    waits = [kind.moves[n].title for n in move.after if n not in done]
    if waits:
        said = join(waits, "、", ", ")
        problems.append(Problem("MOVE_AFTER", Text("须先：{n}", "first: {n}").fill(n=said)))
    same = [kind.moves[d.move].title for d in acts if d.move in move.other_than and _by(d, actor)]
    if same:
        text = Text(
            "您已办理“{n}”，须由另一人办理“{m}”",
            "you did “{n}”; another person has to do “{m}”",
        )
        said = join(list(dict.fromkeys(same)), "、", ", ")
        problems.append(Problem("MOVE_SAME_PERSON", text.fill(n=said, m=move.title)))
    part = _part(kind, acts, name)
    if any(_by(d, actor) for d in part) or (move.once and name in done):
        text = Text("“{m}”已经办过", "“{m}” has been done").fill(m=move.title)
        problems.append(Problem("MOVE_TWICE", text))
    last = max([matter.opened, *(d.on for d in matter.done)])
    if day < last:
        text = Text(
            "日期{d}早于前一次办理的{l}", "the day {d} lies before the last act of {l}"
        ).fill(d=day, l=last)
        problems.append(Problem("MOVE_BEFORE", text, "on"))
    judged, wanted = _judged(move, judgement)
    problems += judged
    needs_reason = move.reason or wanted
    return MoveStanding(
        name, move, entitled, tuple(problems), tuple(lacks), len(part), needs_reason
    )


def _by(act: Done, actor: Actor) -> bool:
    return act.actor == actor.id


def _part(kind: MatterKind, acts: Sequence[Done], name: str) -> list[Done]:
    """The persons who have begun a move that several must do, since it last took effect."""
    found: list[Done] = []
    for act in acts:
        if act.counts and (act.move == name or (act.move and kind.moves[act.move].to)):
            found = []
        elif act.move == name:
            found.append(act)
    return found


def _judged(move: Move, judgement: Judgement | None) -> tuple[list[Problem], bool]:
    """What the judgement holds against a move, and whether it wants a written reason."""
    if move.judged is None:
        return [], False
    if judgement is None:
        text = Text("尚未得出核对结果", "there is no judgement yet")
        return [Problem("JUDGE_MISSING", text)], False
    if move.judged == "clear":
        found = [f.problem for f in judgement.findings if f.stops]
        return found, any(f.strength == "warn" for f in judgement.findings)
    # Refusing what the judgement finds in order needs a person's own reason.
    return [], not judgement.stops


def clocks(
    kind: MatterKind, matter: Matter, day: Day, calendar: Calendar | None = None
) -> list[ClockStanding]:
    """The clocks that run in the matter's state, with their last days; ended ones are left out."""
    return [
        _clock(name, clock, matter, day, calendar)
        for name, clock in kind.clocks.items()
        if _runs(kind, clock, matter)
    ]


def _runs(kind: MatterKind, clock: Clock, matter: Matter) -> bool:
    here = matter.state in clock.states if clock.states else not kind.states[matter.state].final
    if not here:
        return False
    acts = [d for d in in_force(kind, matter.done) if d.counts]
    starts = [n for n, d in enumerate(acts) if d.move == clock.since]
    ends = [n for n, d in enumerate(acts) if d.move in clock.until]
    if clock.rows is not None:
        return _pending(clock, matter) is not None
    if clock.since in kind.moves and not starts:
        return False
    if clock.since in kind.fields and matter.values.get(clock.since) is None:
        return False
    return not (ends and (not starts or ends[-1] > starts[-1]))


def _pending(clock: Clock, matter: Matter) -> Day | None:
    """The earliest day among the rows that are not dealt with."""
    rows = matter.values.get(clock.rows or "") or []
    days = [r[clock.since] for r in rows if r.get(clock.since) and not r.get(clock.unless or "")]
    return min(days, default=None)


def _clock(
    name: str, clock: Clock, matter: Matter, day: Day, calendar: Calendar | None
) -> ClockStanding:
    since = matter.values.get(clock.since)
    if clock.rows is not None:
        since = _pending(clock, matter)
    elif clock.since == "opened":
        since = matter.opened
    for act in matter.done:
        if act.move == clock.since and act.counts and clock.rows is None:
            since = act.on
    length = clock.length
    if clock.is_open:
        text = Text("办法未定期限，请先设定", "the scheme leaves the time open; set it")
        found = Deadline(since, (), None, problem=Problem("LENGTH_OPEN", text))
    elif length is None:
        found = Deadline(since, (), since)
    else:
        found = deadline(since, length, calendar)
    over = bool(found.is_over(day))
    left = (found.due - day).days if found.due else None
    reminds = not over and left is not None and left <= clock.reminds_before
    return ClockStanding(name, clock, found, over, reminds)


def lapse(
    kind: MatterKind, matter: Matter, day: Day, calendar: Calendar | None = None
) -> tuple[Day, str] | None:
    """The first clock that makes the matter lapse: its last day and the state; None without one.

    The matter has lapsed when `day` lies after that last day; `state_on` says so.
    """
    found = [
        (c.due, c.clock.lapses_to)
        for c in clocks(kind, matter, day, calendar)
        if c.clock.lapses_to and c.due
    ]
    return min(((d, s) for d, s in found if d and s), default=None)


def state_on(kind: MatterKind, matter: Matter, day: Day, calendar: Calendar | None = None) -> str:
    """The state on a day: the one reached, or the one into which a clock let it lapse."""
    found = lapse(kind, matter, day, calendar)
    return found[1] if found and day > found[0] else matter.state
