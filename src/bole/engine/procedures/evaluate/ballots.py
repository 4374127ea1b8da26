"""Results entered twice, and votes against a share of the meeting."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.procedures.base import Needed, Parameters
from bole.engine.procedures.context import (
    BallotRecord,
    Chosen,
    PersonId,
)
from bole.engine.procedures.evaluate.look import Found, Look, about, of_person
from bole.engine.procedures.gates import (
    ResultsGate,
    VoteGate,
)
from bole.engine.text import Text
from bole.engine.verdict import Verdict


def results(gate: ResultsGate, look: Look) -> Iterator[Found]:
    """What lacks before the results of the ballots stand."""
    for ident in gate.ballots:
        yield from missing_results(look, ident)


def missing_results(look: Look, ident: str) -> Iterator[Found]:
    """What lacks before a ballot's result stands: entries, different persons, reconciliation."""
    ballot, name = look.context.ballot(ident), look.name("ballot", ident)
    entries = look.procedure.ballots[ident].entries
    done = ballot.entries if ballot else 0
    target = {"target": ident}
    if ballot is None or done < entries:
        yield (
            Text(
                "{ballot}：应独立录入{n}次，已录入{k}次",
                "{ballot}: {k} of {n} independent entries made",
            ).fill(ballot=name, n=entries, k=done),
            target,
        )
        return
    if len(set(ballot.entered_by)) < min(entries, len(ballot.entered_by) or entries):
        yield (
            Text(
                "{ballot}：各次录入须由不同人员完成",
                "{ballot}: the entries must be made by different persons",
            ).fill(ballot=name),
            target,
        )
    for difference in ballot.differences:
        yield (
            Text("{b}：", "{b}: ").fill(b=name) + difference,
            {**target, "action": "reconcile_results"},
        )
    if not ballot.reconciled and not ballot.differences:
        yield (
            Text("{ballot}：录入结果尚未核对一致", "{ballot}: the entries are not reconciled").fill(
                ballot=name
            ),
            {**target, "action": "reconcile_results"},
        )


BASES = {
    "due": Text("应到", "due"),
    "attending": Text("实到", "attending"),
    "issued": Text("发出", "issued"),
    "returned": Text("收回", "returned"),
    "valid": Text("有效", "valid"),
}


def _base(
    ballot: BallotRecord, threshold: Needed, person: Chosen | None, parameters: Parameters
) -> int | None:
    name = threshold.base(parameters)
    base: int | None = getattr(ballot, name)
    if base is not None and name == "due" and person is not None:
        base -= ballot.recused.get(person.person, 0)
    return base


def vote(gate: VoteGate, look: Look) -> Iterator[Found]:
    """Whether the meeting was valid and each person reached the share."""
    ballot, name = look.context.ballot(gate.ballot), look.name("ballot", gate.ballot)
    if ballot is None or not ballot.reconciled:
        yield (
            Text(
                "{ballot}尚未进行或结果未核对", "{ballot} has not been held or is not reconciled"
            ).fill(ballot=name),
            {"target": gate.ballot, "verdict": Verdict.UNKNOWN},
        )
        return
    target = {"target": gate.ballot}
    if gate.present is not None:
        base, present = _base(ballot, gate.present, None, look.parameters), ballot.attending
        if base is None or present is None:
            yield (
                Text("{b}：缺少应到或实到人数", "{b}: due or attending is missing").fill(b=name),
                {**target, "verdict": Verdict.UNKNOWN, "action": "enter_results"},
            )
        elif present > base:
            yield (
                Text("{b}：实到{p}人多于应到{d}人", "{b}: {p} attending exceed {d} due").fill(
                    b=name, p=present, d=base
                ),
                {**target, "action": "enter_results"},
            )
        elif not gate.present.passes(present, base, look.parameters):
            yield (
                Text(
                    "{b}：应到{d}人，实到{p}人，至少须到{n}人",
                    "{b}: {d} due, {p} attending, at least {n} needed",
                ).fill(b=name, d=base, p=present, n=gate.present.needed(base, look.parameters)),
                target,
            )
    if gate.chair_last and ballot.chair_last is not True:
        yield (
            Text(
                "{b}：会议记录未表明主要负责人最后表态",
                "{b}: the minutes do not show that the chair spoke last",
            ).fill(b=name),
            {**target, "verdict": Verdict.of(ballot.chair_last)},
        )
    for person in look.persons(gate.of):
        yield from _passed(gate, look, ballot, person)


def _passed(
    gate: VoteGate, look: Look, ballot: BallotRecord, person: Chosen | None
) -> Iterator[Found]:
    key: PersonId = person.person if person else ""
    name = look.name("ballot", gate.ballot)
    votes = ballot.votes.get(key, {}).get(gate.option)
    base = _base(ballot, gate.passes, person, look.parameters)
    extra = {"target": gate.ballot, **about(person)}
    if votes is None or base is None:
        yield (
            of_person(person) + Text("{b}缺少计票结果", "{b} has no count").fill(b=name),
            {**extra, "verdict": Verdict.UNKNOWN, "action": "enter_results"},
        )
    elif not gate.passes.passes(votes, base, look.parameters):
        yield (
            of_person(person)
            + Text(
                "{b}同意{v}票，{of}{d}，至少须{n}票",
                "{b}: {v} in favour of {d} {of}, at least {n} needed",
            ).fill(
                b=name,
                v=votes,
                of=BASES[gate.passes.base(look.parameters)],
                d=base,
                n=gate.passes.needed(base, look.parameters),
            ),
            {**extra, "action": "reconsider"},
        )
