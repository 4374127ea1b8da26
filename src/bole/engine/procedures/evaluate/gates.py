"""One gate → every exact reason why it does not open, each with the action that clears it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bole.engine.procedures.base import Need
from bole.engine.procedures.evaluate import ballots, bodies, papers, people, state, times
from bole.engine.procedures.evaluate.look import Found, Look, Reason
from bole.engine.procedures.gates import (
    AnswersGate,
    BaseGate,
    ChecksGate,
    ClockGate,
    FactGate,
    HeadcountGate,
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
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import CalendarMissing


def _vote(gate: VoteGate, look: Look) -> Iterator[Found]:
    # engine.decision is built on this package's names: it is imported when first asked.
    from bole.engine.procedures.evaluate.votes import vote

    return vote(gate, look)


EVALUATORS: dict[type[BaseGate], Callable[[Any, Look], Iterator[Found]]] = {
    RulesGate: people.rules,
    PapersGate: papers.papers,
    SignaturesGate: papers.signatures,
    HeadcountGate: people.headcount,
    ResultsGate: ballots.results,
    VoteGate: _vote,
    AnswersGate: bodies.answers,
    ChecksGate: bodies.checks,
    ClockGate: times.elapsed,
    ValidGate: times.valid,
    StepsGate: state.steps,
    PersonsGate: people.persons,
    FactGate: state.fact,
    HoldsGate: state.holds,
    UnchangedGate: state.unchanged,
    MattersGate: state.matters,
}


def evaluate(gate: Any, key: str, look: Look) -> list[Reason]:
    """Every reason why the gate does not open; empty when it is open or its `when` excludes it.

    `key` names the gate in the case; several reasons of one gate get `key#person/target`.
    """
    if gate.when is not None:
        applies = gate.when.holds(look.context.fact)
        if applies is Verdict.NOT_MET:
            return []
        if applies is Verdict.UNKNOWN:
            return [
                undecided(f, key, gate.kind, look) for f in gate.when.unknown(look.context.fact)
            ]
    return reasons(EVALUATORS[type(gate)](gate, look), key, gate.kind, gate.clears, gate)


def undecided(fact: str, key: str, kind: str, look: Look) -> Reason:
    """A branch that cannot be decided because a case fact is not stated."""
    text = Text(
        "未填写“{f}”，无法确定是否适用", "“{f}” is not stated; whether this applies is open"
    )
    return Reason(
        f"{key}#{fact}",
        kind,
        text.fill(f=look.name("fact", fact)),
        "state_fact",
        fact,
        verdict=Verdict.UNKNOWN,
    )


def reasons(
    found: Iterator[Found], key: str, kind: str, clears: str, gate: BaseGate | None = None
) -> list[Reason]:
    """Findings as reasons; an open parameter or a year without a calendar becomes one too.

    `clears` is the action of findings that name none; the gate's own text, action and strength
    come first.
    """
    result: list[Reason] = []
    try:
        for text, extra in found:
            target, person = str(extra.get("target", "")), extra.get("person")
            strength = str(extra.get("strength", "block"))
            action = str(extra.get("action") or clears)
            if gate is not None:
                strength = gate.strength if strength == "block" else strength
                action = gate.clear or action
                if gate.text:
                    text = Text(f"{gate.text.zh}（{text.zh}）", f"{gate.text.en} ({text.en})")
            result.append(
                Reason(
                    "#".join(str(p) for p in (key, target, person) if p not in (None, "")),
                    kind,
                    text,
                    action,
                    target,
                    person,
                    extra.get("verdict", Verdict.NOT_MET),
                    strength,
                )
            )
    except Need as need:
        text = Text("办法未定“{p}”，请先填写", "The scheme leaves “{p}” open; set it first")
        result.append(
            Reason(
                f"{key}#{need.name}",
                kind,
                text.fill(p=need.name),
                "set_parameter",
                need.name,
                verdict=Verdict.UNKNOWN,
            )
        )
    except CalendarMissing as error:
        text = error.problems[0].text
        result.append(
            Reason(
                f"{key}#calendar",
                kind,
                text,
                "set_parameter",
                "calendar",
                verdict=Verdict.UNKNOWN,
            )
        )
    return result
