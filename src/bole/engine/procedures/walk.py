"""A dry run of a procedure: what a case would show, day by day, before any case uses the pack.

Cases beside a pack are walks; `Walk.complete` supplies by itself whatever a step asks for, so that
every pack can be shown to reach its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Bounds, FactValue, Parameters, number, ratio
from bole.engine.procedures.context import (
    AnswerRecord,
    BallotRecord,
    CaseState,
    CheckRecord,
    Chosen,
    HeadcountRow,
    HoldRecord,
    PaperRecord,
    PersonId,
    Recorded,
    RuleOutcome,
    Signature,
    StepRecord,
    Suspension,
    Written,
)
from bole.engine.procedures.gates import FactGate, PersonsGate, RulesGate, VoteGate
from bole.engine.procedures.models import Paper, Procedure, Step
from bole.engine.procedures.status import CaseStatus, again, return_to, status
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import Calendar


class Stuck(BoleError):
    """A step could not be finished; the problems are its reasons."""


class Walk:
    """A case that exists only here. Every verb is what a person does on the day `today`."""

    def __init__(
        self,
        procedure: Procedure,
        parameters: Parameters,
        day: date,
        facts: Mapping[str, FactValue] | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        self.procedure = procedure
        self.parameters = parameters
        stated = {
            n: f.default
            for n, f in procedure.facts.items()
            if f.default is not None and not any(n in s.states for s in procedure.steps.values())
        }
        self.case = Recorded(today=day, facts={**stated, **(facts or {})}, calendar=calendar)
        self.state = CaseState(started=day)
        self._people = 0

    # -- looking -------------------------------------------------------------------------------

    def status(self) -> CaseStatus:
        """Where the case stands today."""
        return status(self.procedure, self.state, self.case, self.parameters)

    # -- what people do ------------------------------------------------------------------------

    def go_on(self, day: date) -> None:
        """It is now a later day. Raises ValueError for an earlier one."""
        if day < self.case.today:
            raise ValueError(f"{day} is before {self.case.today}")
        self.case.today = day

    def state_fact(self, name: str, value: FactValue | None) -> None:
        """States a fact of the case; None takes it back."""
        facts = dict(self.case.facts)
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
        self.case.facts = facts

    def choose(self, group: str, people: Sequence[Chosen]) -> None:
        """Who belongs to the group from now on."""
        self.case.groups = {**self.case.groups, group: tuple(people)}

    def file(
        self,
        paper: str,
        person: PersonId | None = None,
        signatures: Iterable[Signature] = (),
        missing: Iterable[str] = (),
    ) -> None:
        """Files a paper as of today."""
        record = PaperRecord(paper, self.case.today, person, tuple(signatures), tuple(missing))
        self.case.filed = [*self.case.filed, record]

    def sign(self, paper: str, signature: Signature, person: PersonId | None = None) -> None:
        """Adds a signature to the last filed paper of that id and person."""
        filed = list(self.case.filed)
        for n in range(len(filed) - 1, -1, -1):
            if filed[n].paper == paper and (person is None or filed[n].person == person):
                filed[n] = replace(filed[n], signatures=(*filed[n].signatures, signature))
                self.case.filed = filed
                return
        raise ValueError(f"{paper} is not filed")

    def count(self, ballot: BallotRecord) -> None:
        """Enters the result of a ballot; a new one takes the place of the old."""
        self.case.ballots = {**self.case.ballots, ballot.ballot: ballot}

    def ask(self, body: str, person: PersonId | None = None) -> None:
        """Asks a body for its opinion today."""
        self.case.replies = [
            *self.case.replies,
            AnswerRecord(body, self.case.today, None, None, person),
        ]

    def answer(self, body: str, answer: str, person: PersonId | None = None) -> None:
        """Records a body's answer to what it was asked."""
        asked = next(
            (a.asked for a in reversed(self.case.replies) if a.body == body and a.person == person),
            None,
        )
        record = AnswerRecord(body, asked, self.case.today, answer, person)
        self.case.replies = [*self.case.replies, record]

    def conclude(
        self, check: str, conclusion: str, person: PersonId | None = None, evidence: bool = True
    ) -> None:
        """Concludes a check of a person."""
        record = CheckRecord(check, person, conclusion, self.case.today, evidence)
        self.case.concluded = [*self.case.concluded, record]

    def judge(self, rule_set: str, outcomes: Sequence[RuleOutcome]) -> None:
        """What the rules said about the people."""
        self.case.outcomes = {**self.case.outcomes, rule_set: tuple(outcomes)}

    def headcount(self, rows: Sequence[HeadcountRow]) -> None:
        """The headcount sheet of the plan."""
        self.case.rows = tuple(rows)

    def hold(self, kind: str, text: Text) -> None:
        """Something opens that holds the case."""
        self.case.open_holds = [*self.case.open_holds, HoldRecord(kind, text)]

    def release(self, kind: str) -> None:
        """What held the case is closed."""
        self.case.open_holds = [h for h in self.case.open_holds if h.kind != kind]

    def change(self, paper: str, items: Sequence[str]) -> None:
        """The content of an approved paper is changed; no items: as approved again."""
        self.case.differing = {**self.case.differing, paper: tuple(items)}

    def tick(self, step: str, task: str) -> None:
        """A task of a step is done."""
        self.state = replace(self.state, tasks=self.state.tasks | {(step, task)})

    def write(self, step: str, item: str, by: PersonId, reviewer: PersonId | None = None) -> None:
        """Writes a record item, and says who reviewed it."""
        entry = Written(by, reviewer)
        self.state = replace(self.state, written={**self.state.written, (step, item): entry})

    def accept(self, key: str, reason: str) -> None:
        """A written reason for going on in spite of a warning."""
        self.state = replace(self.state, accepted={**self.state.accepted, key: reason})

    def finish(self, step: str) -> None:
        """Finishes a step. Raises Stuck with every reason when it is not ready."""
        found = self.status().steps[step]
        if not found.may_finish:
            raise Stuck(
                [
                    Problem(r.action.upper(), r.text, step)
                    for r in (*found.reasons, *found.remaining, *found.warnings)
                ]
                or [
                    Problem("NOT_OPEN", Text(f"状态：{found.state}", f"state: {found.state}"), step)
                ]
            )
        self._record(StepRecord(step, self.case.today))

    def skip(self, step: str, by: str, reason: str) -> None:
        """Leaves a step out. Raises ValueError where the role may not, or without a reason."""
        found = self.status().steps[step]
        if by not in found.may_skip or not reason.strip() or found.state in ("done", "skipped"):
            raise ValueError(f"{by} may not skip {step}")
        self._record(StepRecord(step, self.case.today, "skipped", by, reason))

    def go_back(self, step: str, to: str) -> None:
        """Uses a declared return; papers and ballots of what is done again no longer count."""
        undone = again(self.procedure, step, to)
        self.case.filed = [p for p in self.case.filed if p.paper not in undone.papers]
        self.case.ballots = {k: v for k, v in self.case.ballots.items() if k not in undone.ballots}
        self.state = return_to(self.procedure, self.state, step, to)

    def suspend(self, reason: str, step: str | None = None) -> None:
        """The case, or one step, stands still from today."""
        suspension = Suspension(self.case.today, reason, step)
        self.state = replace(self.state, suspensions=(*self.state.suspensions, suspension))

    def resume(self) -> None:
        """Everything goes on."""
        self.state = replace(self.state, suspensions=())

    def _record(self, record: StepRecord) -> None:
        self.state = replace(self.state, steps={**self.state.steps, record.step: record})

    # -- supplying by itself -------------------------------------------------------------------

    def complete(self, step: str | None = None, most_days: int = 4000) -> None:
        """Supplies all that the step (or every step to the end) asks for, and finishes it.

        Days pass where a clock asks for it. Raises Stuck where supplying does not help.
        """
        last = self.case.today + timedelta(days=most_days)
        while True:
            now = self.status()
            todo = [step] if step else [i for i in now.here if now.steps[i].state != "suspended"]
            if step and now.steps[step].state in ("done", "skipped", "not_applicable"):
                return
            if not step and now.finished:
                return
            if not todo:
                raise Stuck(Problem("NO_STEP", Text("没有可办的步骤", "no step can be worked on")))
            before = len(self.state.steps)
            for ident in todo:
                self._supply(ident)
                found = self.status().steps[ident]
                if found.may_finish:
                    self._record(StepRecord(ident, self.case.today))
            if len(self.state.steps) > before:
                continue
            opens = [s.opens for i, s in self.status().steps.items() if i in todo and s.opens]
            later = [d for d in opens if d > self.case.today]
            if not later or min(later) > last:
                self.finish(todo[0])
                return
            self.go_on(min(later))

    def _supply(self, ident: str) -> None:
        """One round of doing what each reason asks for; what can be done is done in order."""
        step = self.procedure.steps[ident]
        for name in step.states:
            if self.case.fact(name) is None:
                self.state_fact(name, self._value(name, step))
        for gate in (*step.gates, *step.finish):
            if isinstance(gate, FactGate) and self.case.fact(gate.fact) is None:
                self.state_fact(gate.fact, self._value(gate.fact, step))
            if isinstance(gate, RulesGate) and self.case.rules(gate.rules, gate.of) is None:
                self.judge(gate.rules, ())
        for group in step.chooses:
            if not self.case.persons(group):
                self.choose(group, self._members(group))
        if self.case.rows is None:
            self.headcount([HeadcountRow("一", 1, 0, 0, 1)])
        for task in step.tasks:
            self.tick(ident, task.id)
        for item in step.records:
            self.write(ident, item.id, "recorder", "reviewer")
        for paper in (*step.papers, *self._brought(step)):
            self._paper(self.procedure.paper[paper])
        for ask in step.asks:
            for person in self._each(ask.for_each):
                self.ask(ask.body, person)
                self.answer(ask.body, "no_objection", person)
        for check in step.checks:
            for person in self._each(check.for_each):
                self.conclude(check.check, "clear", person)
        for ballot in step.ballots:
            self._ballot(ballot)

    def _each(self, group: str | None) -> list[PersonId | None]:
        return [p.person for p in self.case.persons(group)] if group else [None]

    def _brought(self, step: Step) -> list[str]:
        wanted = {p for g in (*step.gates, *step.finish) for p in getattr(g, "papers", [])}
        return [p for p in wanted if self.procedure.paper[p].brought]

    def _new(self, name: str) -> Chosen:
        self._people += 1
        return Chosen(self._people, f"{name}{self._people}", "符合条件")

    def _members(self, group: str) -> list[Chosen]:
        """People enough for every gate that looks at the group; nominees come from candidates."""
        posts = self.case.fact("posts")
        places = posts if isinstance(posts, int) and not isinstance(posts, bool) else 1
        least, most, apart = 1, 10_000, False
        for it in self.procedure.steps.values():
            for gate in (*it.gates, *it.finish):
                if isinstance(gate, PersonsGate) and gate.group == group:
                    low, high = self._bounds(gate, places)
                    least, most = max(least, low), min(most, high)
                    apart = apart or bool(gate.apart_from)
        if not apart:
            for chosen in reversed(list(self.case.groups.values())):
                if chosen and group in ("nominees", "appointed"):
                    return list(chosen[: max(1, min(places, len(chosen)))])
                if least <= len(chosen) <= most and group == "candidates":
                    return list(chosen)
        return [self._new(group) for _ in range(least)]

    def _bounds(self, gate: PersonsGate, places: int) -> tuple[int, int]:
        """The fewest and the most persons that one gate lets through."""
        least, most = 1, 10_000
        if gate.min is not None:
            least = number(gate.min, self.parameters)
        if gate.max is not None:
            most = number(gate.max, self.parameters)
        if gate.more_than_posts:
            least = max(least, places + 1)
        if gate.per_post_min is not None:
            share = ratio(gate.per_post_min, self.parameters) * places
            least = max(least, -(-share.numerator // share.denominator))
        if gate.per_post_max is not None:
            share = ratio(gate.per_post_max, self.parameters) * places
            most = min(most, share.numerator // share.denominator)
        return least, most

    def _value(self, name: str, step: Step) -> FactValue:
        """A value for the fact that lets the step's own gates open."""
        for gate in (*step.gates, *step.finish):
            if isinstance(gate, FactGate) and gate.fact == name and gate.wanted is not None:
                wanted = gate.wanted[0] if isinstance(gate.wanted, list) else gate.wanted
                if not isinstance(wanted, Bounds):
                    return wanted
                for bound, add in (
                    (wanted.at_least, 0),
                    (wanted.more_than, 1),
                    (wanted.at_most, 0),
                    (wanted.less_than, -1),
                ):
                    if isinstance(bound, int):
                        return bound + add
        fact = self.procedure.facts[name]
        if fact.default is not None:
            return fact.default
        simple: dict[str, Callable[[], FactValue]] = {
            "choice": lambda: next(iter(fact.choices)),
            "bool": lambda: True,
            "int": lambda: 1,
            "date": lambda: self.case.today,
            "text": lambda: "—",
        }
        return simple[fact.type]()

    def _paper(self, paper: Paper) -> None:
        if paper.conditional and paper.conditional.holds(self.case.fact) is not Verdict.MET:
            return
        for person in self._each(paper.for_each):
            filed = [p for p in self.case.papers(paper.id) if person in (None, p.person)]
            for _ in range(paper.count - len(filed)):
                self.file(paper.id, person, self._signatures(paper))

    def _signatures(self, paper: Paper) -> list[Signature]:
        signatures = []
        for n, signer in enumerate(paper.signed_by):
            if signer.all_of:
                signatures += [
                    Signature(signer.all_of, p.person, p.name, self.case.today, signer.seal)
                    for p in self.case.persons(signer.all_of)
                ]
            elif signer.role:
                signatures += [
                    Signature(
                        signer.role,
                        f"{signer.role}/{n}/{k}",
                        signer.role,
                        self.case.today,
                        signer.seal,
                    )
                    for k in range(signer.count)
                ]
        return signatures

    def _ballot(self, ident: str) -> None:
        """A meeting of 13 at which everybody agrees; enough for any threshold below all."""
        if self.case.ballot(ident) is not None:
            return
        options = {
            g.option
            for s in self.procedure.steps.values()
            for g in (*s.gates, *s.finish)
            if isinstance(g, VoteGate) and g.ballot == ident
        } or {"agree"}
        keys: list[PersonId] = [p.person for g in self.case.groups.values() for p in g]
        entries = self.procedure.ballots[ident].entries
        self.count(
            BallotRecord(
                ident,
                self.case.today,
                entries,
                tuple(range(entries)),
                (),
                True,
                13,
                13,
                13,
                13,
                13,
                {k: dict.fromkeys(options, 13) for k in ["", *keys]},
                True,
            )
        )
