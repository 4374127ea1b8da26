"""Other steps, facts of the case, open matters, and what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bole.engine.procedures.base import Bounds
from bole.engine.procedures.evaluate.look import Found, Look, about, of_person, quoted
from bole.engine.procedures.gates import (
    FactGate,
    HoldsGate,
    MattersGate,
    StepsGate,
    UnchangedGate,
)
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


def steps(gate: StepsGate, look: Look) -> Iterator[Found]:
    """Which other steps are not done."""
    for ident in gate.steps:
        step = look.procedure.steps[ident]
        if step.when and step.when.holds(look.context.fact) is Verdict.NOT_MET:
            continue
        record = look.state.steps.get(ident)
        if record is None or (record.outcome == "skipped" and not gate.or_skipped):
            yield (
                Text("“{s}”尚未完成", "“{s}” is not done").fill(s=step.name),
                {"target": ident},
            )


def fact(gate: FactGate, look: Look) -> Iterator[Found]:
    """Whether a fact of the case is stated as wanted."""
    value, name = look.context.fact(gate.fact), look.name("fact", gate.fact)
    if value is None:
        yield (
            Text("未填写“{f}”", "“{f}” is not stated").fill(f=name),
            {"target": gate.fact, "verdict": Verdict.UNKNOWN},
        )
        return
    if gate.wanted is None:
        return
    if isinstance(gate.wanted, Bounds):
        holds = gate.wanted.holds(value) is Verdict.MET
        wanted = Text(
            *[" ".join(f"{k} {v}" for k, v in gate.wanted.model_dump().items() if v is not None)]
            * 2
        )
    else:
        options = gate.wanted if isinstance(gate.wanted, list) else [gate.wanted]
        holds = value in options
        wanted = join([_value(look, gate.fact, o) for o in options], "、", ", ")
    if not holds:
        yield (
            Text("“{f}”为{v}，应为{w}", "“{f}” is {v}, must be {w}").fill(
                f=name, v=_value(look, gate.fact, value), w=wanted
            ),
            {"target": gate.fact},
        )


def _value(look: Look, fact: str, value: Any) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    declared = look.procedure.facts.get(fact)
    if declared and value in declared.choices:
        return declared.choices[value]
    return Text(str(value), str(value))


def holds(gate: HoldsGate, look: Look) -> Iterator[Found]:
    """What is still open that holds the case."""
    for kind in gate.holds:
        for hold in look.context.holds(kind):
            until = (
                Text("（至{d}）", " (until {d})").fill(d=hold.until) if hold.until else Text("", "")
            )
            yield (
                Text("{k}未办结：", "{k} is open: ").fill(k=look.name("hold", kind))
                + hold.text
                + until,
                {"target": kind},
            )


def matters(gate: MattersGate, look: Look) -> Iterator[Found]:
    """Which matters are not there, or not in the state asked for."""
    for kind, wanted in gate.matters.items():
        states = [wanted] if isinstance(wanted, str) else wanted
        records = look.context.matters(kind)
        for person in look.persons(gate.of):
            mine = [r for r in records if person is None or r.person == person.person]
            if any(r.state in states for r in mine):
                continue
            name = next((r.title for r in records if r.title), None) or Text(kind, kind)
            extra = {"target": kind, **about(person)}
            if not mine:
                text = Text("尚未办理“{m}”", "“{m}” has not been opened").fill(m=name)
                yield of_person(person) + text, {**extra, "verdict": Verdict.UNKNOWN}
                continue
            last = mine[-1]
            state = last.state_title or Text(last.state, last.state)
            text = Text("“{m}”现为“{s}”，尚未办结", "“{m}” is “{s}”, not done yet")
            yield of_person(person) + text.fill(m=name, s=state), extra


def unchanged(gate: UnchangedGate, look: Look) -> Iterator[Found]:
    """What differs from the approved paper."""
    changed = look.context.changes(gate.paper)
    if changed:
        yield (
            Text(
                "与已批准的{p}不一致：{items}；须专题报告并经批复",
                "Differs from the approved {p}: {items}; a special report must be approved",
            ).fill(
                p=quoted(look.name("paper", gate.paper)),
                items=Text("、".join(changed), ", ".join(changed)),
            ),
            {"target": gate.paper},
        )
