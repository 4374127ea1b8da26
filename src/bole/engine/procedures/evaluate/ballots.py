"""Results entered twice: what lacks before the result of a ballot stands."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.procedures.evaluate.look import Found, Look
from bole.engine.procedures.gates import ResultsGate
from bole.engine.text import Text


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
