"""Where a case stands: every step's state, every reason, every due day; pure and repeatable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bole.engine.procedures import clock
from bole.engine.procedures.base import Need, Parameters, number
from bole.engine.procedures.context import CaseState, GateContext, StepRecord
from bole.engine.procedures.evaluate import (
    Found,
    Look,
    Reason,
    clock_end,
    evaluate,
    missing_answer,
    missing_papers,
    missing_results,
    missing_signatures,
    reasons,
    undecided,
)
from bole.engine.procedures.gates import (
    AnswersGate,
    ChecksGate,
    ClockGate,
    FactGate,
    PersonsGate,
    StepsGate,
)
from bole.engine.procedures.models import Deadline, Procedure, Return, Step
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import CalendarMissing

State = Literal[
    "done", "skipped", "not_applicable", "open", "ready", "blocked", "waiting", "suspended"
]
PASSED = ("done", "skipped", "not_applicable")


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due. `state`: running, overdue, met, late, or unknown with the reason."""

    on: date | None
    state: Literal["running", "overdue", "met", "late", "unknown"]
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class StepStatus:
    """One step. `reasons` keep it from beginning, `remaining` from being finished.

    `open`: may be worked on; `ready`: may be finished now; `waiting`: earlier steps first;
    `blocked`: its turn, but a gate stops it. `warnings` go on with a written reason each.
    """

    step: str
    link: str
    state: State
    reasons: tuple[Reason, ...] = ()
    remaining: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    due: Due | None = None
    opens: date | None = None  # the first day after every clock that holds it has run out
    record: StepRecord | None = None
    may_skip: tuple[str, ...] = ()
    may_return: tuple[Return, ...] = ()

    @property
    def may_finish(self) -> bool:
        """Nothing is left to do or to clear."""
        return self.state == "ready"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """A link: done when all its steps are passed, open when one of them can be worked on."""

    link: str
    state: State
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """The whole case; `here` are the steps whose turn it is, in order."""

    steps: dict[str, StepStatus]
    links: dict[str, LinkStatus]
    here: tuple[str, ...]
    finished: bool

    def blocked(self) -> list[StepStatus]:
        """The steps whose turn it is and that a gate stops."""
        return [s for s in self.steps.values() if s.state == "blocked"]

    def overdue(self) -> list[StepStatus]:
        """The steps whose due day is past."""
        return [s for s in self.steps.values() if s.due and s.due.state == "overdue"]


def status(
    procedure: Procedure, state: CaseState, context: GateContext, parameters: Parameters
) -> CaseStatus:
    """Where the case stands on `context.today` under this version of the procedure.

    `parameters` are the scheme's values with the plan's own filled in; one that is still open
    shows as a reason with the action `set_parameter`.
    """
    look = Look(procedure, state, context, parameters)
    found: dict[str, StepStatus] = {}
    for ident in procedure.in_turn:
        found[ident] = _step(procedure.steps[ident], procedure.link_of[ident], look, found)
    steps = {ident: found[ident] for ident in procedure.steps}
    links = {}
    for link in procedure.links:
        mine = [steps[s.id] for s in link.steps]
        counted = [s for s in mine if s.state != "not_applicable"]
        links[link.id] = LinkStatus(
            link.id, _link_state(mine), sum(s.state in PASSED for s in counted), len(counted)
        )
    here = tuple(i for i, s in steps.items() if s.state in ("open", "ready", "blocked"))
    finished = all(s.state in PASSED for s in steps.values())
    return CaseStatus(steps, links, here, finished)


def _link_state(steps: list[StepStatus]) -> State:
    states = [s.state for s in steps]
    if all(s == "not_applicable" for s in states):
        return "not_applicable"
    if all(s in PASSED for s in states):
        return "done"
    for wanted in ("suspended", "ready", "open", "blocked"):
        if wanted in states:
            return wanted
    return "waiting"


def _step(step: Step, link: str, look: Look, before: dict[str, StepStatus]) -> StepStatus:
    record = look.state.steps.get(step.id)
    if record is not None:
        return StepStatus(
            step.id,
            link,
            record.outcome,
            due=_due(step, look, record),
            record=record,
            may_return=_returns(step, look),
        )
    decided = step.when.holds(look.context.fact) if step.when else Verdict.MET
    if decided is Verdict.NOT_MET:
        return StepStatus(step.id, link, "not_applicable")
    waits = _waits(step, look, before)
    found = list(waits)
    if decided is Verdict.UNKNOWN and step.when:
        found += [
            undecided(f, f"{step.id}/when", "fact", look)
            for f in step.when.unknown(look.context.fact)
        ]
    for n, gate in enumerate(step.gates):
        found += evaluate(gate, f"{step.id}/{gate.id or n}", look)
    rest = list(_remaining(step, look))
    stops, warnings = _sort(found, look.state)
    rest_stops, more = _sort(rest, look.state)
    warnings += more
    if any(s.step in (None, step.id) for s in look.state.suspensions):
        state: State = "suspended"
    elif waits:
        state = "waiting"
    elif stops:
        state = "blocked"
    else:
        state = "open" if rest_stops or warnings else "ready"
    skip = step.skip
    may_skip = (
        tuple(skip.by)
        if skip and (skip.when is None or skip.when.holds(look.context.fact) is Verdict.MET)
        else ()
    )
    if state == "suspended":
        stops = [_suspended(step, look), *stops]
    return StepStatus(
        step.id,
        link,
        state,
        tuple(stops),
        tuple(rest_stops),
        tuple(warnings),
        _due(step, look, None),
        _opens(step, look),
        None,
        may_skip,
        _returns(step, look),
    )


def _sort(found: list[Reason], state: CaseState) -> tuple[list[Reason], list[Reason]]:
    """Reasons that stop, and warnings that no written reason has accepted yet; notes go."""
    stops = [r for r in found if r.strength in ("refuse", "block", "hold")]
    warnings = [
        r for r in found if r.strength == "warn" and not state.accepted.get(r.key, "").strip()
    ]
    return stops, warnings


def _waits(step: Step, look: Look, before: dict[str, StepStatus]) -> list[Reason]:
    """The steps to finish first. A step that does not apply or is skipped passes on its own."""
    result: dict[str, Reason] = {}
    todo = list(look.procedure.before[step.id])
    while todo:
        ident = todo.pop(0)
        state = before[ident].state
        if state == "done" or ident in result:
            continue
        if state in PASSED:
            todo += look.procedure.before[ident]
            continue
        name = look.procedure.steps[ident].name
        text = Text("先完成“{s}”", "First finish “{s}”").fill(s=name)
        result[ident] = Reason(f"{step.id}/after#{ident}", "steps", text, "finish_step", ident)
    return list(result.values())


def _suspended(step: Step, look: Look) -> Reason:
    s = next(s for s in look.state.suspensions if s.step in (None, step.id))
    until = Text("，至{d}", ", until {d}").fill(d=s.until) if s.until else Text("", "")
    text = Text("自{d}起暂停：{r}", "Suspended since {d}: {r}").fill(d=s.since, r=s.reason) + until
    return Reason(f"{step.id}/suspended", "suspension", text, "resume_case", step.id)


def _remaining(step: Step, look: Look) -> Iterator[Reason]:
    """What the step itself must bring about, then its `finish` gates."""
    fact = look.context.fact

    def own(name: str, found: Iterator[Found], clears: str = "file_paper") -> list[Reason]:
        return reasons(found, f"{step.id}/{name}", name, clears)

    for ident in step.states:
        gate = FactGate(kind="fact", fact=ident)
        yield from evaluate(gate, f"{step.id}/states", look)
    for ident in step.chooses:
        gate_ = PersonsGate(kind="persons", group=ident, min=1)
        yield from evaluate(gate_, f"{step.id}/chooses", look)
    for task in step.tasks:
        applies = task.when is None or task.when.holds(fact) is not Verdict.NOT_MET
        if task.required and applies and (step.id, task.id) not in look.state.tasks:
            text = Text("未完成：{t}", "Not done: {t}").fill(t=task.name)
            yield Reason(f"{step.id}/task#{task.id}", "tasks", text, "do_task", task.id)
    yield from _unwritten(step, look)
    for ident in step.papers:
        paper = look.procedure.paper[ident]
        yield from own("papers", missing_papers(look, paper))
        yield from own("signatures", missing_signatures(look, paper))
    for ident in step.optional_papers:
        yield from own("signatures", missing_signatures(look, look.procedure.paper[ident]))
    for ask in step.asks:
        if ask.when is None or ask.when.holds(fact) is not Verdict.NOT_MET:
            asked = AnswersGate(
                kind="answers", bodies=[ask.body], wanted="answered", of=ask.for_each
            )
            for person in look.persons(ask.for_each):
                yield from own(
                    "asks",
                    (
                        f
                        for f in missing_answer(look, asked, ask.body, person)
                        if f[1].get("action") == "ask_body"
                    ),
                )
    for check in step.checks:
        if check.when is None or check.when.holds(fact) is not Verdict.NOT_MET:
            every = [
                "clear",
                "clear_with_note",
                "doubt",
                "adverse",
                "not_obtained",
                "not_applicable",
            ]
            gate__ = ChecksGate(
                kind="checks", checks=[check.check], of=check.for_each, accept=every
            )
            yield from evaluate(gate__, f"{step.id}/checks", look)
    for ident in step.ballots:
        yield from own("results", missing_results(look, ident), "enter_results")
    for n, gate___ in enumerate(step.finish):
        yield from evaluate(gate___, f"{step.id}/finish/{gate___.id or n}", look)


def _unwritten(step: Step, look: Look) -> Iterator[Reason]:
    """Record items that are not written, not reviewed, or reviewed by who wrote them."""
    for item in step.records:
        if item.when is not None and item.when.holds(look.context.fact) is Verdict.NOT_MET:
            continue
        entry = look.state.written.get((step.id, item.id))
        if entry is None:
            if not item.required:
                continue
            text, action = Text("纪实未填写：{i}", "Not in the record: {i}"), "write_record"
        elif item.reviewer and entry.reviewer is None:
            text, action = Text("纪实未审核：{i}", "Not reviewed: {i}"), "review_record"
        elif item.reviewer and entry.reviewer == entry.recorder:
            text = Text(
                "纪实的填写人与审核人不能是同一人：{i}", "Written and reviewed by one person: {i}"
            )
            action = "review_record"
        else:
            continue
        key = f"{step.id}/record#{item.id}"
        yield Reason(key, "records", text.fill(i=item.name), action, item.id)


def _due(step: Step, look: Look, record: StepRecord | None) -> Due | None:
    if step.deadline is None:
        return None
    try:
        day = due_day(step.deadline, look)
    except Need as need:
        return Due(
            None,
            "unknown",
            Text("办法未定“{p}”", "the scheme leaves “{p}” open").fill(p=need.name),
        )
    except CalendarMissing as error:
        return Due(None, "unknown", error.problems[0].text)
    if day is None:
        return None  # the clock has not started
    if record is not None:
        return Due(day, "met" if record.on <= day else "late")
    return Due(day, "overdue" if look.context.today > day else "running")


def due_day(deadline: Deadline, look: Look) -> date | None:
    """The last day on which the step is in time, or None while its event has not happened."""
    event = deadline.after or deadline.before
    assert event is not None
    start = clock.event_day(event, look.state, look.context)
    if start is None:
        return None
    amount = number(deadline.within, look.parameters)
    return clock.move(start, amount if deadline.after else -amount, deadline.unit, look.context)


def _opens(step: Step, look: Look) -> date | None:
    """The first day on which no clock of the step's gates stands against it, if that is known."""
    ends = []
    for gate in [*step.gates, *step.finish]:
        if not isinstance(gate, ClockGate) or (
            gate.when and gate.when.holds(look.context.fact) is not Verdict.MET
        ):
            continue
        try:
            ends.append(clock_end(gate, look))
        except (Need, CalendarMissing):
            return None
    known = [end for end in ends if end is not None]
    return max(known) + timedelta(days=1) if known and len(known) == len(ends) else None


def _returns(step: Step, look: Look) -> tuple[Return, ...]:
    return tuple(
        r
        for r in step.returns
        if r.most is None or look.state.returned.get((step.id, r.to), 0) < r.most
    )


def steps_after(procedure: Procedure, step: str) -> list[str]:
    """The step and every step that comes after it by order or by a steps gate."""
    after = {step}
    for ident, it in procedure.steps.items():
        needs = set(procedure.before[ident])
        for gate in [*it.gates, *it.finish]:
            if isinstance(gate, StepsGate):
                needs |= set(gate.steps)
        if needs & after:
            after.add(ident)
    return [s for s in procedure.steps if s in after]


@dataclass(frozen=True, slots=True)
class Again:
    """What a return undoes: steps to do again, and the papers and ballots that no longer count."""

    steps: tuple[str, ...]
    papers: tuple[str, ...]
    ballots: tuple[str, ...]


def again(procedure: Procedure, step: str, to: str) -> Again:
    """What going back from `step` to `to` undoes. Raises ValueError for an undeclared loop.

    The app keeps the old papers and ballots in the record; they only stop to open gates.
    """
    declared = next((r for r in procedure.steps[step].returns if r.to == to), None)
    if declared is None:
        raise ValueError(f"no return from {step} to {to}")
    wanted = {i for start in (to, *declared.also) for i in steps_after(procedure, start)}
    steps = tuple(i for i in procedure.steps if i in wanted)
    if declared.keep_papers:
        return Again(steps, (), ())
    found = [procedure.steps[i] for i in steps]
    return Again(
        steps,
        tuple(dict.fromkeys(p for s in found for p in (*s.papers, *s.optional_papers))),
        tuple(dict.fromkeys(b for s in found for b in s.ballots)),
    )


def return_to(procedure: Procedure, state: CaseState, step: str, to: str) -> CaseState:
    """The state after going back from `step` to `to`; see `again` for what no longer counts.

    Raises ValueError for a loop that the procedure does not declare or that is used up.
    """
    undone = set(again(procedure, step, to).steps)
    declared = next(r for r in procedure.steps[step].returns if r.to == to)
    times = state.returned.get((step, to), 0)
    if declared.most is not None and times >= declared.most:
        raise ValueError(f"the return from {step} to {to} is used up")
    return replace(
        state,
        steps={i: r for i, r in state.steps.items() if i not in undone},
        tasks=frozenset(t for t in state.tasks if t[0] not in undone),
        written={k: v for k, v in state.written.items() if k[0] not in undone},
        accepted={k: v for k, v in state.accepted.items() if k.split("/", 1)[0] not in undone},
        returned={**state.returned, (step, to): times + 1},
    )
