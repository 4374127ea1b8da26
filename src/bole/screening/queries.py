"""Asking the rules of a scheme about cadres of the database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bole.engine.schemes import Scheme
from bole.engine.screening import Rule, compile_rules, explain
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict
from bole.people.queries import events


@dataclass(frozen=True)
class Answer:
    """What one rule says of one cadre, in a sentence with the values used.

    `question` is set for rules that a named person answers, since no file can.
    """

    cadre: int
    name: str
    rule: str
    verdict: Verdict
    text: Text
    missing: Text | None
    question: Text | None
    reference: str
    strength: str
    verified: bool


def rules_of(scheme: Scheme, rule_set: str, as_of: datetime.date) -> list[Rule]:
    """The rules of a set that hold on a day, for the screening engine."""
    return [
        Rule.from_mapping(r.model_dump(mode="json", by_alias=True))
        for r in scheme.rule_set(rule_set, as_of)
    ]


def outcomes(
    scheme: Scheme,
    rule_set: str,
    parameters: Mapping[str, Any],
    as_of: datetime.date,
    cadres: Iterable[int],
) -> list[Answer]:
    """Every rule of the set that is made for a cadre, for every cadre.

    A cadre for whom no rule is made gets the first one, as met: it was asked.
    """
    people = list(dict.fromkeys(cadres))
    rules = rules_of(scheme, rule_set, as_of)
    questions = {r.id: r.judged for r in rules}
    texts = {r.id: r.text for r in rules}
    found = []
    for person in explain(compile_rules(rules, parameters), events(people), as_of, people):
        made_for = [r for r in person.rules if r.applies is not False] or person.rules[:1]
        for rule in made_for:
            found.append(
                Answer(
                    cadre=person.person,
                    name=person.name or "",
                    rule=rule.rule_id,
                    verdict=Verdict.MET if rule.applies is False else rule.verdict,
                    text=texts[rule.rule_id] + Text("。", ". ") + rule.sentence,
                    missing=join(list(rule.missing), "、", ", ") if rule.missing else None,
                    question=questions[rule.rule_id],
                    reference=rule.reference,
                    strength=rule.strength,
                    verified=rule.verified,
                )
            )
    return found
