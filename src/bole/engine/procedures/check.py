"""Is a procedure sound? Unknown references, unreachable steps, cycles, gates without a key."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bole.engine.procedures.base import Param, When
from bole.engine.procedures.gates import (
    AnswersGate,
    ChecksGate,
    ClockGate,
    Event,
    FactGate,
    HoldsGate,
    MattersGate,
    PapersGate,
    PersonsGate,
    ResultsGate,
    RulesGate,
    SignaturesGate,
    StepsGate,
    UnchangedGate,
    ValidGate,
    VoteGate,
)
from bole.engine.procedures.models import Procedure, Step
from bole.engine.procedures.vocabulary import ACTIONS, BODIES, CHECKS, CONCLUSIONS, GROUPS, ROLES
from bole.engine.text import Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a procedure, at a path of keys and indexes inside it."""

    path: Path
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Place:
    """A step with its path."""

    step: Step
    path: Path


def validate(
    procedure: Procedure,
    rule_sets: Iterable[str] = (),
    parameters: Iterable[str] = (),
    instruments: Iterable[str] | None = None,
) -> list[Finding]:
    """Every fault of the procedure. `rule_sets` and `parameters` are the scheme's names.

    A gate without a way to clear it: nothing at or before its step (in order) brings about what
    it asks for.
    """
    return sorted(
        _Check(procedure, set(rule_sets), set(parameters), instruments).findings(),
        key=lambda f: [str(p).zfill(6) if isinstance(p, int) else p for p in f.path],
    )


class _Check:
    def __init__(
        self,
        procedure: Procedure,
        rule_sets: set[str],
        parameters: set[str],
        instruments: Iterable[str] | None,
    ) -> None:
        self.p = procedure
        self.rule_sets = rule_sets
        self.parameters = parameters
        self.instruments = None if instruments is None else set(instruments)
        self.places = [
            Place(step, ("links", n, "steps", m))
            for n, link in enumerate(procedure.links)
            for m, step in enumerate(link.steps)
        ]
        self.known: dict[str, set[str]] = {
            "role": set(ROLES) | set(procedure.roles),
            "group": set(GROUPS) | set(procedure.groups),
            "body": set(BODIES) | set(procedure.bodies),
            "check": set(CHECKS) | set(procedure.checks),
            "hold": set(procedure.holds),
            "ballot": set(procedure.ballots),
            "paper": set(procedure.paper),
            "step": set(procedure.steps),
            "fact": set(procedure.facts),
            "rules": rule_sets,
        }
        self.ancestors = self._ancestors()

    def findings(self) -> Iterator[Finding]:
        twice = list(self._twice())
        yield from twice
        yield from self._papers()
        for name, use in self.p.ballots.items():
            if (
                use.instrument
                and self.instruments is not None
                and (use.instrument not in self.instruments)
            ):
                yield _unknown(
                    ("ballots", name, "instrument"), "instrument", use.instrument, self.instruments
                )
        for name, role in self.p.roles.items():
            for n, same in enumerate(role.same_as):
                if same not in self.known["role"]:
                    yield _unknown(("roles", name, "same_as", n), "role", same, self.known["role"])
        if not twice:
            yield from self._cycles()
        for place in self.places:
            yield from self._step(place)
        if self.p.verification:
            yield from self._param(("verification", "within"), self.p.verification.within)
        for n, event in enumerate(self.p.special_events):
            yield from self._when(("special_events", n, "when"), event.when)

    # -- ids -------------------------------------------------------------------------------

    def _twice(self) -> Iterator[Finding]:
        text = Text("编号“{id}”重复", "The id “{id}” stands twice")
        for count, paths in (
            (Counter(s.step.id for s in self.places), [(s.step.id, s.path) for s in self.places]),
            (
                Counter(link.id for link in self.p.links),
                [(link.id, ("links", n)) for n, link in enumerate(self.p.links)],
            ),
            (
                Counter(paper.id for paper in self.p.papers),
                [(paper.id, ("papers", n)) for n, paper in enumerate(self.p.papers)],
            ),
        ):
            seen: set[str] = set()
            for ident, path in paths:
                if count[ident] > 1 and ident in seen:
                    yield Finding((*path, "id"), "ID_TWICE", text.fill(id=ident))
                seen.add(ident)

    def _ref(self, path: Path, kind: str, name: str) -> Iterator[Finding]:
        if name not in self.known[kind]:
            yield _unknown(path, kind, name, self.known[kind])

    def _refs(self, path: Path, kind: str, names: Iterable[str]) -> Iterator[Finding]:
        for n, name in enumerate(names):
            yield from self._ref((*path, n), kind, name)

    def _param(self, path: Path, value: Any) -> Iterator[Finding]:
        if isinstance(value, Param) and value.param not in self.parameters:
            yield _unknown((*path, "param"), "parameter", value.param, self.parameters)

    def _when(self, path: Path, when: When | None) -> Iterator[Finding]:
        for name in sorted(when.names() if when else ()):
            if name not in self.p.facts:
                yield _unknown((*path, name), "fact", name, self.known["fact"])
                continue
            fact = self.p.facts[name]
            wanted = (when.facts if when else {}).get(name)
            options = wanted if isinstance(wanted, list) else [wanted]
            for option in options:
                if fact.choices and isinstance(option, str) and option not in fact.choices:
                    yield _unknown((*path, name), "choice", option, set(fact.choices))

    def _event(self, path: Path, event: Event | None) -> Iterator[Finding]:
        if event is not None:
            kind, name = event.target
            yield from self._ref((*path, kind), kind, name)

    # -- parts -----------------------------------------------------------------------------

    def _papers(self) -> Iterator[Finding]:
        used = {i for s in self.places for i in (*s.step.papers, *s.step.optional_papers)}
        for n, paper in enumerate(self.p.papers):
            path: Path = ("papers", n)
            for m, signer in enumerate(paper.signed_by):
                if signer.role:
                    yield from self._ref((*path, "signed_by", m), "role", signer.role)
                if signer.all_of:
                    yield from self._ref((*path, "signed_by", m), "group", signer.all_of)
            if paper.for_each:
                yield from self._ref((*path, "for_each"), "group", paper.for_each)
            yield from self._when((*path, "conditional"), paper.conditional)
            if paper.id not in used and not paper.brought:
                yield Finding(
                    path,
                    "PAPER_UNUSED",
                    Text(
                        "没有步骤产生材料“{p}”；由外部提供的写 brought: true",
                        "No step produces “{p}”; write brought: true if it comes from outside",
                    ).fill(p=paper.id),
                )

    def _step(self, place: Place) -> Iterator[Finding]:
        step, path = place.step, place.path
        for n, actor in enumerate(step.who):
            if actor.role:
                yield from self._ref((*path, "who", n), "role", actor.role)
        for n, task in enumerate(step.tasks):
            yield from self._refs((*path, "tasks", n, "who"), "role", task.who)
            yield from self._when((*path, "tasks", n, "when"), task.when)
        yield from self._refs((*path, "after"), "step", step.after or ())
        yield from self._refs((*path, "papers"), "paper", step.papers)
        yield from self._refs((*path, "optional_papers"), "paper", step.optional_papers)
        yield from self._refs((*path, "ballots"), "ballot", step.ballots)
        yield from self._refs((*path, "chooses"), "group", step.chooses)
        yield from self._refs((*path, "states"), "fact", step.states)
        yield from self._refs((*path, "informs"), "role", step.informs)
        for n, ask in enumerate(step.asks):
            yield from self._ref((*path, "asks", n), "body", ask.body)
            if ask.for_each:
                yield from self._ref((*path, "asks", n), "group", ask.for_each)
            yield from self._when((*path, "asks", n), ask.when)
        for n, check in enumerate(step.checks):
            yield from self._ref((*path, "checks", n), "check", check.check)
            if check.for_each:
                yield from self._ref((*path, "checks", n), "group", check.for_each)
            yield from self._when((*path, "checks", n), check.when)
            yield from self._refs((*path, "checks", n, "evidence"), "paper", check.evidence)
        yield from self._records(place)
        yield from self._when((*path, "when"), step.when)
        if step.deadline:
            yield from self._param((*path, "deadline", "within"), step.deadline.within)
            yield from self._event((*path, "deadline", "after"), step.deadline.after)
            yield from self._event((*path, "deadline", "before"), step.deadline.before)
        if step.skip:
            yield from self._refs((*path, "skip", "by"), "role", step.skip.by)
            yield from self._when((*path, "skip", "when"), step.skip.when)
        for n, back in enumerate(step.returns):
            yield from self._ref((*path, "returns", n, "to"), "step", back.to)
            yield from self._refs((*path, "returns", n, "also"), "step", back.also)
            yield from self._refs((*path, "returns", n, "by"), "role", back.by)
            if (
                back.to in self.p.steps
                and back.to != step.id
                and (back.to not in self.ancestors[step.id])
            ):
                yield Finding(
                    (*path, "returns", n, "to"),
                    "RETURN_FORWARD",
                    Text(
                        "“{a}”不在“{b}”之前，不能退回",
                        "“{a}” does not come before “{b}”: no return",
                    ).fill(a=back.to, b=step.id),
                )
        for key in ("gates", "finish"):
            for n, gate in enumerate(getattr(step, key)):
                yield from self._gate((*path, key, n), gate, step, finish=key == "finish")

    def _records(self, place: Place) -> Iterator[Finding]:
        for n, item in enumerate(place.step.records):
            path = (*place.path, "records", n)
            for key in ("recorder", "reviewer"):
                if role := getattr(item, key):
                    yield from self._ref((*path, key), "role", role)
            if item.recorder and item.recorder == item.reviewer:
                yield Finding(
                    (*path, "reviewer"),
                    "SAME_ROLE",
                    Text("填写与审核不能是同一角色", "Who fills in and who reviews must differ"),
                )
            yield from self._when((*path, "when"), item.when)

    # -- gates -----------------------------------------------------------------------------

    def _gate(self, path: Path, gate: Any, step: Step, *, finish: bool) -> Iterator[Finding]:
        yield from self._when((*path, "when"), gate.when)
        if gate.clear and gate.clear not in ACTIONS:
            yield _unknown((*path, "clear"), "action", gate.clear, set(ACTIONS))
        refs, group = _references(gate)
        bad = False
        for kind, name, sub in refs:
            found = list(self._ref((*path, *sub), kind, name))
            bad = bad or bool(found)
            yield from found
        if group:
            yield from self._ref(
                (*path, "group" if isinstance(gate, PersonsGate) else "of"), "group", group
            )
        for key in (
            "min",
            "max",
            "per_post_min",
            "per_post_max",
            "elapsed",
            "within",
            "silence_after",
            "recused_stay_due",
        ):
            yield from self._param((*path, key), getattr(gate, key, None))
        for key in ("present", "passes"):
            if threshold := getattr(gate, key, None):
                for side in ("at_least", "more_than", "of"):
                    yield from self._param((*path, key, side), getattr(threshold, side))
        if isinstance(gate, PersonsGate):
            yield from self._refs((*path, "apart_from"), "group", gate.apart_from)
            yield from self._when((*path, "unless"), gate.unless)
        if isinstance(gate, ChecksGate):
            for n, conclusion in enumerate(gate.accept):
                if conclusion not in CONCLUSIONS:
                    yield _unknown((*path, "accept", n), "conclusion", conclusion, set(CONCLUSIONS))
        if isinstance(gate, FactGate) and gate.fact in self.p.facts:
            yield from self._choice((*path, "is"), gate)
        if bad:
            return
        for kind, name, sub in refs:
            if kind in ("rules", "hold"):
                continue
            if not self._provided(kind, name, step, finish):
                yield Finding(
                    (*path, *sub),
                    "GATE_NO_KEY",
                    Text(
                        "“{step}”之前没有步骤产生“{name}”，此关口无法打开",
                        "No step before “{step}” brings about “{name}”: this gate can never open",
                    ).fill(step=step.id, name=name),
                )

    def _choice(self, path: Path, gate: FactGate) -> Iterator[Finding]:
        choices = self.p.facts[gate.fact].choices
        options = gate.wanted if isinstance(gate.wanted, list) else [gate.wanted]
        for option in options:
            if choices and isinstance(option, str) and option not in choices:
                yield _unknown(path, "choice", option, set(choices))

    def _provided(self, kind: str, name: str, step: Step, finish: bool) -> bool:
        """Whether something at or before the step brings about what the gate asks for."""
        earlier = [self.p.steps[i] for i in self.ancestors[step.id]]
        if finish:
            earlier.append(step)
        if kind == "step":
            return any(s.id == name for s in earlier if s is not step)
        if kind == "paper":
            return self.p.paper[name].brought or any(
                name in (*s.papers, *s.optional_papers) for s in earlier
            )
        if kind == "fact":
            # A case fact that no step states is stated when the case is opened.
            stated = [s for s in self.p.steps.values() if name in s.states]
            return not stated or any(s in earlier for s in stated)
        if kind == "group":
            return any(name in s.chooses for s in earlier)
        if kind == "ballot":
            return any(name in s.ballots for s in earlier)
        if kind == "body":
            return any(a.body == name for s in earlier for a in s.asks)
        return any(c.check == name for s in earlier for c in s.checks)

    # -- order -----------------------------------------------------------------------------

    def _edges(self) -> dict[str, set[str]]:
        edges: dict[str, set[str]] = {}
        for ident, step in self.p.steps.items():
            edges[ident] = {i for i in self.p.before[ident] if i in self.p.steps}
            for gate in step.gates:
                if isinstance(gate, StepsGate):
                    edges[ident] |= {i for i in gate.steps if i in self.p.steps}
        return edges

    def _ancestors(self) -> dict[str, set[str]]:
        edges, result = self._edges(), {}
        for ident in edges:
            seen: set[str] = set()
            todo = list(edges[ident])
            while todo:
                one = todo.pop()
                if one not in seen:
                    seen.add(one)
                    todo += edges[one]
            result[ident] = seen
        return result

    def _cycles(self) -> Iterator[Finding]:
        for place in self.places:
            if place.step.id in self.ancestors.get(place.step.id, ()):
                ring = sorted(
                    i for i in self.ancestors[place.step.id] if place.step.id in self.ancestors[i]
                )
                yield Finding(
                    (*place.path, "after" if place.step.after else "gates"),
                    "CYCLE",
                    Text(
                        "步骤互相等待，永远无法到达：{ring}；回头路请写 returns",
                        "Steps wait for each other, never reached: {ring}; write a loop as returns",
                    ).fill(ring="、".join(ring)),
                )


def _references(gate: Any) -> tuple[list[tuple[str, str, Path]], str | None]:
    """What the gate refers to (kind, id, path below the gate), and the group it looks at."""
    if isinstance(gate, RulesGate):
        return [("rules", gate.rules, ("rules",))], gate.of
    if isinstance(gate, (PapersGate, SignaturesGate)):
        return [("paper", p, ("papers", n)) for n, p in enumerate(gate.papers)], None
    if isinstance(gate, ResultsGate):
        return [("ballot", b, ("ballots", n)) for n, b in enumerate(gate.ballots)], None
    if isinstance(gate, VoteGate):
        return [("ballot", gate.ballot, ("ballot",))], gate.of
    if isinstance(gate, AnswersGate):
        return [("body", b, ("bodies", n)) for n, b in enumerate(gate.bodies)], gate.of
    if isinstance(gate, ChecksGate):
        return [("check", c, ("checks", n)) for n, c in enumerate(gate.checks)], gate.of
    if isinstance(gate, (ClockGate, ValidGate)):
        kind, name = gate.since.target
        return [(kind, name, ("since", kind))], None
    if isinstance(gate, StepsGate):
        return [("step", s, ("steps", n)) for n, s in enumerate(gate.steps)], None
    if isinstance(gate, PersonsGate):
        return [("group", gate.group, ("group",))], None
    if isinstance(gate, FactGate):
        return [("fact", gate.fact, ("fact",))], None
    if isinstance(gate, HoldsGate):
        return [("hold", h, ("holds", n)) for n, h in enumerate(gate.holds)], None
    if isinstance(gate, MattersGate):
        return [], gate.of
    if isinstance(gate, UnchangedGate):
        return [("paper", gate.paper, ("paper",))], None
    return [], None


KINDS = {
    "role": Text("角色", "role"),
    "group": Text("人员组", "group"),
    "body": Text("征求意见单位", "body"),
    "check": Text("审核项目", "check"),
    "hold": Text("暂缓情形", "hold"),
    "ballot": Text("投票", "ballot"),
    "paper": Text("材料", "paper"),
    "step": Text("步骤", "step"),
    "fact": Text("事项情况", "case fact"),
    "rules": Text("规则集", "rule set"),
    "parameter": Text("参数", "parameter"),
    "action": Text("操作", "action"),
    "choice": Text("选项", "choice"),
    "conclusion": Text("结论", "conclusion"),
    "instrument": Text("票样", "instrument"),
}


def _unknown(path: Path, kind: str, name: str, known: Iterable[str]) -> Finding:
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = Text(f"，是否为“{near[0]}”？", f"; is “{near[0]}” meant?") if near else Text("", "")
    return Finding(
        path,
        "UNKNOWN_NAME",
        Text("没有名为“{name}”的{kind}", "There is no {kind} “{name}”").fill(
            name=name, kind=KINDS[kind]
        )
        + hint,
    )
