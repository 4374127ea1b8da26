"""Answers of bodies and conclusions of checks."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.procedures import clock
from bole.engine.procedures.base import number
from bole.engine.procedures.context import (
    Chosen,
)
from bole.engine.procedures.evaluate.look import Found, Look, about, of_person
from bole.engine.procedures.gates import (
    AnswersGate,
    ChecksGate,
)
from bole.engine.procedures.vocabulary import CONCLUSIONS
from bole.engine.text import Text
from bole.engine.verdict import Verdict


def answers(gate: AnswersGate, look: Look) -> Iterator[Found]:
    """Which bodies have not answered, or object."""
    for body in gate.bodies:
        for person in look.persons(gate.of):
            yield from missing_answer(look, gate, body, person)


def missing_answer(
    look: Look, gate: AnswersGate, body: str, person: Chosen | None
) -> Iterator[Found]:
    """Whether the body's answer stands: asked, answered, no objection, or silent long enough."""
    name = look.name("body", body)
    extra = {"target": body, **about(person)}
    records = [
        a
        for a in look.context.answers(body)
        if person is None or a.person is None or a.person == person.person
    ]
    if not records:
        yield (
            of_person(person)
            + Text("尚未征求{body}意见", "The {body} has not been asked").fill(body=name),
            {**extra, "action": "ask_body", "verdict": Verdict.UNKNOWN},
        )
        return
    last = records[-1]
    if last.answer is not None:
        if gate.wanted == "no_objection" and last.answer not in (
            "no_objection",
            "information",
            "agreed",
        ):
            yield (
                of_person(person)
                + Text(
                    "{body}有不同意见，须作出处理决定", "The {body} objects; decide and record"
                ).fill(body=name),
                {**extra, "action": "resolve_hold"},
            )
        return
    silent_until = None
    if gate.silence_after is not None and last.asked is not None:
        wait = number(gate.silence_after, look.parameters)
        silent_until = clock.move(last.asked, wait, gate.silence_unit, look.context)
        if look.context.today > silent_until:
            return  # no answer in the stated time counts as agreement
    since = (
        Text("（{d}发函", " (asked on {d}").fill(d=last.asked) if last.asked else Text("（", " (")
    )
    until = (
        Text("，至{u}未复视为同意）", "; no answer by {u} counts as agreement)").fill(
            u=silent_until
        )
        if silent_until
        else Text("）", ")")
    )
    yield (
        of_person(person)
        + Text("{body}尚未回复", "The {body} has not answered").fill(body=name)
        + since
        + until,
        {**extra, "verdict": Verdict.UNKNOWN},
    )


def checks(gate: ChecksGate, look: Look) -> Iterator[Found]:
    """Which checks are open, in doubt, adverse or run out, per person."""
    for check in gate.checks:
        name = look.name("check", check)
        records = look.context.checks(check)
        for person in look.persons(gate.of):
            mine = [r for r in records if person is None or r.person == person.person]
            extra = {"target": check, **about(person)}
            last = mine[-1] if mine else None
            if last is None or last.conclusion is None:
                yield (
                    of_person(person)
                    + Text("{check}尚无结论", "{check} has no conclusion").fill(check=name),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )
            elif last.valid_until is not None and look.context.today > last.valid_until:
                yield (
                    of_person(person)
                    + Text(
                        "{check}的结论已于{d}过期", "the conclusion of the {check} ended on {d}"
                    ).fill(check=name, d=last.valid_until),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )
            elif last.conclusion not in gate.accept:
                yield (
                    of_person(person)
                    + Text("{check}结论为“{c}”", "{check} concluded “{c}”").fill(
                        check=name,
                        c=CONCLUSIONS.get(last.conclusion, Text(last.conclusion, last.conclusion)),
                    ),
                    extra,
                )
            elif not last.evidence:
                yield (
                    of_person(person)
                    + Text("{check}缺少佐证材料", "{check} has no evidence").fill(check=name),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )
