"""Votes against a share of the meeting, read by engine.decision with the scheme's figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bole.engine.decision.vote import Decided, VoteReading, VoteRule, read_vote
from bole.engine.errors import BoleError
from bole.engine.exact.comparators import fewest
from bole.engine.exact.figures import Base
from bole.engine.procedures.base import Need, Param
from bole.engine.procedures.context import BallotRecord, Chosen, PersonId
from bole.engine.procedures.evaluate.look import Found, Look, about, of_person
from bole.engine.procedures.gates import VoteGate
from bole.engine.tally.attendance import (
    Attendance,
    AttendanceResult,
    AttendanceRule,
    attendance,
)
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


def vote(gate: VoteGate, look: Look) -> Iterator[Found]:
    """Whether the meeting was valid, rightly held, and each person reached the share.

    Read by engine.decision: the scheme's figures, exactly; what was not entered is unknown.
    """
    ballot, name = look.context.ballot(gate.ballot), look.name("ballot", gate.ballot)
    target = {"target": gate.ballot}
    if ballot is None or not ballot.reconciled:
        text = Text(
            "{ballot}尚未进行或结果未核对", "{ballot} has not been held or is not reconciled"
        ).fill(ballot=name)
        need = _needed(gate, look, ballot)
        yield text + Text("：", ": ") + need, {**target, "verdict": Verdict.UNKNOWN}
        return
    try:
        presence = _presence(gate, look, ballot)
    except BoleError as error:
        for problem in error.problems:
            yield (
                Text("{b}：", "{b}: ").fill(b=name) + problem.text,
                {
                    **target,
                    "action": "enter_results",
                },
            )
        return
    if presence is not None and presence.state is not Attendance.MET:
        missing = presence.state is Attendance.CANNOT_COMPUTE
        extra: dict[str, Any] = {**target, "verdict": Verdict.UNKNOWN, "action": "enter_results"}
        yield Text("{b}：", "{b}: ").fill(b=name) + presence.text, extra if missing else target
    if gate.chair_last and ballot.chair_last is not True:
        yield (
            Text(
                "{b}：会议记录未表明主要负责人最后表态",
                "{b}: the minutes do not show that the chair spoke last",
            ).fill(b=name),
            {**target, "verdict": Verdict.of(ballot.chair_last)},
        )
    if gate.secret and ballot.secret is not True:
        yield (
            Text("{b}：须采用无记名投票方式", "{b}: must be a secret ballot").fill(b=name),
            {**target, "verdict": Verdict.of(ballot.secret)},
        )
    for person in look.persons(gate.of):
        yield from _passed(gate, look, ballot, person)


def _presence(gate: VoteGate, look: Look, ballot: BallotRecord | None) -> AttendanceResult | None:
    """The attendance rule read; None where the gate sets none."""
    if gate.present is None:
        return None
    base = Base(gate.present.base(look.parameters))
    op, share = gate.present.compared(look.parameters)
    rule = AttendanceRule(base=base, op=op, share=str(share))
    if ballot is None:
        return attendance(rule, None, None)
    return attendance(rule, getattr(ballot, base.value), ballot.attending)


def _rule(gate: VoteGate, look: Look) -> VoteRule:
    op, share = gate.passes.compared(look.parameters)
    base = Base(gate.passes.base(look.parameters))
    return VoteRule(base=base, op=op, share=str(share), option=gate.option)


def _due(gate: VoteGate, look: Look, ballot: BallotRecord, person: Chosen | None) -> int | None:
    """The denominator for one person; whether who recuses stays due is the scheme's choice."""
    name = gate.passes.base(look.parameters)
    base: int | None = getattr(ballot, name)
    away = ballot.recused.get(person.person, 0) if person is not None and name == "due" else 0
    if base is None or not away:
        return base
    stay: Any = gate.recused_stay_due
    if isinstance(stay, Param):
        name, stay = stay.param, look.parameters.get(stay.param)
        if stay is None:
            raise Need(name)
    return base if stay else base - away


def _reading(
    gate: VoteGate, look: Look, ballot: BallotRecord, person: Chosen | None
) -> VoteReading:
    """One person's vote. Raises BoleError for figures that cannot be right."""
    key: PersonId = person.person if person else ""
    counts: dict[str, int | None] = dict(ballot.votes.get(key, {}))
    counts.setdefault(gate.option, None)
    return read_vote(
        _rule(gate, look),
        base=_due(gate, look, ballot, person),
        present=None,  # attendance is read by its own rule, on its own base
        counts={k: v for k, v in counts.items() if "." not in k},
    )


def _passed(
    gate: VoteGate, look: Look, ballot: BallotRecord, person: Chosen | None
) -> Iterator[Found]:
    name = look.name("ballot", gate.ballot)
    extra = {"target": gate.ballot, **about(person)}
    enter = {**extra, "verdict": Verdict.UNKNOWN, "action": "enter_results"}
    votes = ballot.votes.get(person.person if person else "", {}).get(gate.option)
    if votes is None:
        text = Text("{b}缺少计票结果", "{b} has no count").fill(b=name)
        yield of_person(person) + text, enter
        return
    try:
        found = _reading(gate, look, ballot, person)
    except BoleError as error:
        for problem in error.problems:
            said = Text("{b}：", "{b}: ").fill(b=name) + problem.text
            yield of_person(person) + said, {**enter, "verdict": Verdict.NOT_MET}
        return
    if found.result is not Decided.PASSED:
        said = of_person(person) + Text("{b}：", "{b}: ").fill(b=name) + found.text
        yield (
            said,
            enter
            if found.result is Decided.CANNOT_COMPUTE
            else {
                **extra,
                "action": "reconsider",
            },
        )


def _needed(gate: VoteGate, look: Look, ballot: BallotRecord | None) -> Text:
    """What will be needed, in numbers as soon as it is known who is due."""
    parts: list[Text] = []
    for needed, words in (
        (gate.present, Text("到会", "attending")),
        (gate.passes, Text("同意", "in favour")),
    ):
        if needed is None:
            continue
        op, share = needed.compared(look.parameters)
        base = Base(needed.base(look.parameters))
        count: int | None = getattr(ballot, base.value, None) if ballot else None
        text = Text("{w}须{op}{of}的{s}", "{w}: {op} {s} of the {of}").fill(
            w=words, op=op.words, of=base.words, s=str(share)
        )
        if count is not None:
            text += Text("（{of}{n}，至少{k}）", " ({n} {of}, at least {k})").fill(
                of=base.words, n=count, k=fewest(op, share, count)
            )
        parts.append(text)
    return join(parts, "，", ", ")


def vote_lines(gate: VoteGate, look: Look) -> list[Text]:
    """What a page says of a vote: before it what is needed, after it what was reached, by person.

    Raises `Need` while a figure is open; figures that cannot be right are said as they are.
    """
    ballot = look.context.ballot(gate.ballot)
    if ballot is None or not ballot.reconciled:
        return [_needed(gate, look, ballot)]
    lines: list[Text] = []
    try:
        presence = _presence(gate, look, ballot)
        if presence is not None:
            lines.append(presence.text)
        for person in look.persons(gate.of):
            lines.append(of_person(person) + _reading(gate, look, ballot, person).text)
    except BoleError as error:
        lines += [p.text for p in error.problems]
    return lines
