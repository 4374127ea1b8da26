"""Conditions on the facts of one row: who they apply to, what is wanted, what is excepted."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Literal

from pydantic import Field, model_validator

from bole.engine.exact.numbers import exact, say
from bole.engine.procedures.base import FactValue, Id, Model, Name, When
from bole.engine.quotas.models import Strength
from bole.engine.quotas.outcome import Outcome
from bole.engine.spans import OddDays, Served, Spell, served
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict, all_of


@dataclass(frozen=True)
class Possible:
    """A fact known only to be one of these values, such as an age from a birth month."""

    values: tuple[FactValue, ...]


Facts = Mapping[str, Any]


class Service(Model):
    """At least so many years and months in the spells (or the stated number of years) of a fact."""

    fact: Id
    years: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    odd_days: OddDays | None = None

    @property
    def wanted_months(self) -> int:
        """The wanted service in whole months."""
        return 12 * self.years + self.months


class Condition(Model):
    """One condition with its name in failing lists; either `when` on facts or `service` in spells.

    `missing` is said when a fact that decides is not on file.
    """

    id: Id
    title: Name
    when: When | None = None
    service: Service | None = None
    missing: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        if (self.when is None) == (self.service is None):
            raise ValueError("when 与 service 须且只须写一个 / write exactly one of when, service")
        return self


class ConditionRule(Model):
    """Conditions for those to whom the rule applies; `unless` excepts, and that is recorded."""

    kind: Literal["condition"] = "condition"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    applies: When | None = None
    require: tuple[Condition, ...]
    unless: Condition | None = None
    strength: Strength = "hard"


@dataclass(frozen=True)
class Judged:
    """The outcome with all failing and all unknown conditions; `served` by condition id."""

    outcome: Outcome
    failing: tuple[Condition, ...]
    missing: tuple[Condition, ...]
    served: dict[str, Served]
    text: Text


def holds(when: When | None, facts: Facts) -> Verdict:
    """The condition on the facts; a `Possible` fact decides only if all its values agree."""
    if when is None:
        return Verdict.MET
    open_facts = [n for n in when.names() if isinstance(facts.get(n), Possible)]
    seen = set()
    for values in product(*(facts[name].values for name in open_facts)):
        stated = {**facts, **dict(zip(open_facts, values, strict=True))}
        seen.add(when.holds(lambda name, stated=stated: stated.get(name)))  # type: ignore[misc]
    return seen.pop() if len(seen) == 1 else Verdict.UNKNOWN


def met(condition: Condition, facts: Facts, as_of: datetime.date) -> tuple[Verdict, Served | None]:
    """The verdict of one condition, and the service counted if it asks for service."""
    if condition.service is None:
        return holds(condition.when, facts), None
    value = facts.get(condition.service.fact)
    wanted = condition.service.wanted_months
    if value is None:
        return Verdict.UNKNOWN, None
    if isinstance(value, Sequence) and not isinstance(value, str):
        spells = [v for v in value if isinstance(v, Spell)]
        result = served(spells, wanted, as_of, condition.service.odd_days)
        return result.verdict, result
    return Verdict.of(exact(value) >= Fraction(wanted, 12)), None


def judge(rule: ConditionRule, facts: Facts, as_of: datetime.date) -> Judged:
    """Judge a row: not applicable → met → excepted → unknown → not met, all failing ones listed."""
    counted: dict[str, Served] = {}
    verdicts: list[tuple[Condition, Verdict]] = []
    applies = holds(rule.applies, facts)
    for condition in rule.require:
        verdict, service = met(condition, facts, as_of)
        verdicts.append((condition, verdict))
        if service is not None:
            counted[condition.id] = service
    failing = tuple(c for c, v in verdicts if v is Verdict.NOT_MET)
    missing = tuple(c for c, v in verdicts if v is Verdict.UNKNOWN)
    wanted = all_of(v for _, v in verdicts)
    unless = met(rule.unless, facts, as_of)[0] if rule.unless else Verdict.NOT_MET
    if applies is Verdict.NOT_MET:
        outcome = Outcome.NOT_APPLICABLE
    elif wanted is Verdict.MET:
        outcome = Outcome.MET
    elif unless is Verdict.MET:
        outcome = Outcome.EXCEPTED
    elif Verdict.UNKNOWN in (applies, unless):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.of(wanted)
    text = _said(rule, outcome, failing, missing, counted, applies, facts)
    return Judged(
        outcome,
        failing if outcome is Outcome.NOT_MET else (),
        missing if outcome in (Outcome.UNKNOWN, Outcome.NOT_MET) else (),
        counted,
        text,
    )


def _said(
    rule: ConditionRule,
    outcome: Outcome,
    failing: tuple[Condition, ...],
    missing: tuple[Condition, ...],
    counted: dict[str, Served],
    applies: Verdict,
    facts: Facts,
) -> Text:
    parts = [Text("{t}：{w}", "{t}: {w}").fill(t=rule.title, w=outcome.words)]
    if outcome is Outcome.EXCEPTED and rule.unless is not None:
        parts.append(
            Text("{t}，例外情形已记录", "{t}; the exception is recorded").fill(t=rule.unless.title)
        )
    if outcome is Outcome.NOT_MET:
        parts += [_failed(condition, counted.get(condition.id), facts) for condition in failing]
    if outcome in (Outcome.UNKNOWN, Outcome.NOT_MET):
        parts += [_lacking(condition, counted.get(condition.id)) for condition in missing]
    if outcome is Outcome.UNKNOWN and applies is Verdict.UNKNOWN and rule.applies is not None:
        names = rule.applies.unknown(
            lambda name: None if isinstance(facts.get(name), Possible) else facts.get(name)
        )
        lacking = "、".join(names), ", ".join(names)
        parts.append(Text("缺少：{zh}", "missing: {en}").fill(zh=lacking[0], en=lacking[1]))
    return join(parts)


def _failed(condition: Condition, service: Served | None, facts: Facts) -> Text:
    if service is not None and condition.service is not None:
        return Text(
            "{t}：已满{n}个月，应满{m}个月，还差{d}天",
            "{t}: {n} whole months of {m}, {d} day(s) short",
        ).fill(
            t=condition.title,
            n=service.months,
            m=condition.service.wanted_months,
            d=service.short_days,
        )
    if condition.service is not None:
        value = say(exact(facts[condition.service.fact]))
        return Text("{t}：{v}年，不足", "{t}: {v} years, too short").fill(
            t=condition.title, v=value
        )
    return Text("{t}不符合", "{t} does not fit").fill(t=condition.title)


_HOLES = {
    "end": Text("止日未登记", "the last day is missing"),
    "start": Text("起日未登记", "the first day is missing"),
    "odd_days": Text(
        "分段经历零头天数如何相加未设定", "how odd days of several spells add up is not set"
    ),
}


def _lacking(condition: Condition, service: Served | None) -> Text:
    if service is not None and service.missing:
        holes = [_HOLES[name] for name in service.missing]
        return Text("{t}：{h}", "{t}: {h}").fill(t=condition.title, h=join(holes, "、", ", "))
    if condition.missing is not None:
        return condition.missing
    return Text("{t}：情况未登记", "{t}: not on file").fill(t=condition.title)
