"""The gates G1–G10 of a motion case (动议): each can be switched on by a scheme."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bole.engine.headcount.sheet import Sheet
from bole.engine.motion.no_motion import GateState, PersonGate
from bole.engine.motion.per_post import PerPost, PerPostResult, per_post
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join

Day = datetime.date
Strength = Literal["block", "warn", "note"]
GateName = Literal["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"]


class Gate(Model):
    """One gate of a scheme. What it looks at beyond the case stands beside it:

    `triggers` (G1), `per_post` (G6), `checks` by id (G8), `risks` by id (G9), `consult` (G10).
    """

    gate: GateName
    strength: Strength = "block"
    mechanisms: tuple[str, ...] = ()
    triggers: dict[Id, Name] = {}
    checks: dict[Id, Name] = {}
    risks: dict[Id, Name] = {}
    consult: dict[Id, Name] = {}
    per_post: PerPost | None = None


class MotionGates(Model):
    """The gates of a place, in their order."""

    kind: Literal["gates"] = "gates"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class MotionCase:
    """What is on file in a motion case; None or an absent key = not on file.

    `names_first_listed`: the day on which the first candidate was typed. `checks`: by id, the
    conclusion of an early check ("clear", "doubt" …) per person or for the case.
    """

    trigger: str | None = None
    analysis_report: str | None = None
    principles_adopted: Day | None = None
    names_first_listed: Day | None = None
    headcount: Sheet | None = None
    written_recommendations: Mapping[str, bool | None] = field(default_factory=dict)
    candidates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    no_motion: Sequence[PersonGate] = ()
    checks: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    risks: Mapping[str, str | None] = field(default_factory=dict)
    consulted: Mapping[str, Day | None] = field(default_factory=dict)


class Passed(StrEnum):
    """`OPEN` = something is still missing; `STOPPED` = it is there and stands against going on."""

    YES = "passed"
    OPEN = "open"
    STOPPED = "stopped"


@dataclass(frozen=True)
class GateResult:
    """One gate with everything that keeps it from passing."""

    gate: GateName
    state: Passed
    strength: Strength
    reasons: tuple[Text, ...]

    @property
    def holds_the_case(self) -> bool:
        """Whether the case may not go on here (a warning goes on with a written reason)."""
        return self.state is not Passed.YES and self.strength == "block"

    @property
    def text(self) -> Text:
        """The reasons in one sentence."""
        if not self.reasons:
            return Text("{g}通过", "{g} passed").fill(g=self.gate)
        return Text("{g}：{r}", "{g}: {r}").fill(g=self.gate, r=join(list(self.reasons)))


def check_gates(gates: MotionGates, case: MotionCase) -> list[GateResult]:
    """Every gate of the scheme, all at once; a later gate does not wait for an earlier one."""
    results = []
    for gate in gates.gates:
        stopped, missing = _CHECKS[gate.gate](gate, case)
        state = Passed.STOPPED if stopped else Passed.OPEN if missing else Passed.YES
        results.append(GateResult(gate.gate, state, gate.strength, (*stopped, *missing)))
    return results


Found = tuple[list[Text], list[Text]]  # (what stops, what is missing)


def _g1(gate: Gate, case: MotionCase) -> Found:
    if case.trigger is None:
        return [], [Text("未选择动议事由", "no trigger is chosen")]
    if gate.triggers and case.trigger not in gate.triggers:
        known = Text(
            "、".join(t.zh for t in gate.triggers.values()),
            ", ".join(t.en for t in gate.triggers.values()),
        )
        text = Text("“{t}”不是可以动议的事由（{k}）", "'{t}' is no permitted trigger: {k}")
        return [text.fill(t=case.trigger, k=known)], []
    return [], []


def _g2(gate: Gate, case: MotionCase) -> Found:
    if case.analysis_report:
        return [], []
    return [], [Text("缺分析研判报告", "the analysis report is missing")]


def _g3(gate: Gate, case: MotionCase) -> Found:
    if case.principles_adopted is None:
        if case.names_first_listed is not None:
            text = Text(
                "原则未定先列人选（{d}）", "names were listed on {d} before any principles"
            ).fill(d=case.names_first_listed)
            return [text], []
        return [], [
            Text("动议原则未通过，人选页锁定", "principles are not adopted; names are locked")
        ]
    first = case.names_first_listed
    if first is not None and first < case.principles_adopted:
        text = Text(
            "人选{n}列出，早于原则通过日{p}",
            "names were listed on {n}, before the principles of {p}",
        ).fill(n=first, p=case.principles_adopted)
        return [text], []
    return [], []


def _g4(gate: Gate, case: MotionCase) -> Found:
    if case.headcount is None:
        return [], [Text("未作职数预审", "the headcount sheet is missing")]
    return ([], []) if case.headcount.passes else ([case.headcount.text], [])


def _g5(gate: Gate, case: MotionCase) -> Found:
    people = _people(case)
    lacking = [p for p in people if not case.written_recommendations.get(p)]
    if not lacking:
        return [], []
    names = Text("、".join(lacking), ", ".join(lacking))
    return [], [Text("缺书面推荐：{n}", "written recommendation missing: {n}").fill(n=names)]


def _g6(gate: Gate, case: MotionCase) -> Found:
    if not case.candidates:
        return [], [Text("尚未列出人选", "no candidate is listed")]
    if gate.per_post is None:
        return [], []
    result: PerPostResult = per_post(gate.per_post, case.candidates)
    return [p.text for p in result.posts if p.over_by], [p.text for p in result.posts if p.short_by]


def _g7(gate: Gate, case: MotionCase) -> Found:
    judged = {p.person: p for p in case.no_motion}
    stopped = [p.text for p in case.no_motion if p.state is GateState.BARRED]
    missing = [p.text for p in case.no_motion if p.state is GateState.OPEN]
    missing += [
        Text("{p}：未核对不动议情形", "{p}: the no-motion rules were not run").fill(p=person)
        for person in _people(case)
        if person not in judged
    ]
    return stopped, missing


def _g8(gate: Gate, case: MotionCase) -> Found:
    missing = [
        Text("{p}：{c}无结论", "{p}: {c} has no conclusion").fill(p=person, c=title)
        for name, title in gate.checks.items()
        for person in _people(case)
        if case.checks.get(name, {}).get(person) is None
    ]
    stopped = [
        Text("{p}：{c}查实影响使用", "{p}: {c} stands against use").fill(p=person, c=title)
        for name, title in gate.checks.items()
        for person, conclusion in case.checks.get(name, {}).items()
        if conclusion == "adverse"
    ]
    return stopped, missing


def _g9(gate: Gate, case: MotionCase) -> Found:
    wanted = gate.risks or {"risk_note": Text("风险评估", "risk note")}
    return [], [
        Text("风险评估缺：{r}", "the risk note lacks: {r}").fill(r=title)
        for name, title in wanted.items()
        if not case.risks.get(name)
    ]


def _g10(gate: Gate, case: MotionCase) -> Found:
    return [], [
        Text("尚未听取{w}意见", "not yet consulted: {w}").fill(w=title)
        for name, title in gate.consult.items()
        if case.consulted.get(name) is None
    ]


def _people(case: MotionCase) -> list[str]:
    return list(dict.fromkeys(p for people in case.candidates.values() for p in people))


_CHECKS: dict[GateName, Callable[[Gate, MotionCase], Found]] = {
    "G1": _g1,
    "G2": _g2,
    "G3": _g3,
    "G4": _g4,
    "G5": _g5,
    "G6": _g6,
    "G7": _g7,
    "G8": _g8,
    "G9": _g9,
    "G10": _g10,
}
