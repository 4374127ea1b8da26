"""No-motion rules (不动议): who is barred from this motion, and what keeps the gate open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.procedures.base import FactValue, Id, Model, Name, When
from bole.engine.quotas.counts import need_counts
from bole.engine.ranking import competition_ranks
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


class NoMotionRule(Model):
    """A bar: either `bar` holds of the person's facts, or the person is not in the first `top` by
    `votes` within the group (competition ranks: everyone with rank ≤ top is in)."""

    id: Id
    title: Name
    bar: When | None = None
    votes: Id | None = None
    within: Id | None = None
    top: int | None = Field(default=None, ge=1)
    missing: Id
    clears: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> NoMotionRule:
        if (self.bar is None) == (self.votes is None) or (self.votes is None) != (self.top is None):
            raise ValueError("写 bar，或写 votes 和 top / write bar, or votes and top")
        return self

    @property
    def code(self) -> str:
        """The bar as it is listed: `votes_not_top_3`."""
        return self.id if self.top is None else f"{self.id}_{self.top}"


class NoMotion(Model):
    """The rules of a place. A bar stands for this motion only and lifts when it is cleared."""

    kind: Literal["no_motion"] = "no_motion"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    rules: tuple[NoMotionRule, ...]
    strength: Literal["block", "warn"] = "block"


class GateState(StrEnum):
    """`OPEN` = something is missing: nobody is barred, and the gate is not passed."""

    CLEAR = "clear"
    BARRED = "barred"
    OPEN = "open"


@dataclass(frozen=True)
class Person:
    """A person with the facts that the rules look at; an absent fact is not on file."""

    name: str
    facts: Mapping[str, FactValue | None]


@dataclass(frozen=True)
class PersonGate:
    """All bars, all that is missing, and the ranks that were used."""

    person: str
    state: GateState
    bars: tuple[str, ...]
    todo: tuple[str, ...]
    ranks: Mapping[str, int]
    text: Text


def gate(no_motion: NoMotion, people: Sequence[Person]) -> list[PersonGate]:
    """Judge everyone; ranks are among the people of the same group whose votes are on file.

    A missing vote is no bar to its owner and moves nobody else; it is listed as a to-do. Raises
    `BoleError` (COUNT) for votes that are no count.
    """
    for rule in no_motion.rules:
        if rule.votes is not None:
            words = Text(rule.votes, rule.votes)
            for person in people:
                need_counts([(words, person.facts.get(rule.votes))], person.name)
    ranks = {rule.id: _ranks(rule, people) for rule in no_motion.rules if rule.votes is not None}
    return [_gate(no_motion, person, ranks) for person in people]


def _gate(
    no_motion: NoMotion, person: Person, ranks: Mapping[str, Mapping[str, int]]
) -> PersonGate:
    bars: list[str] = []
    todo: list[str] = []
    said: list[Text] = []
    own: dict[str, int] = {}
    for rule in no_motion.rules:
        if rule.bar is not None:
            verdict = rule.bar.holds(person.facts.get)
        else:
            assert rule.top is not None
            rank = ranks[rule.id].get(person.name)
            if rank is not None:
                own[rule.id] = rank
            verdict = Verdict.of(None if rank is None else rank > rule.top)
        if verdict is Verdict.MET:
            bars.append(rule.code)
            said.append(rule.title)
            if rule.id in own:
                said[-1] += Text("（第{r}位）", " (rank {r})").fill(r=own[rule.id])
            if rule.clears is not None:
                said.append(rule.clears)
        elif verdict is Verdict.UNKNOWN:
            todo.append(rule.missing)
            said.append(
                Text(
                    "“{t}”无法判断，缺材料，门未关闭", "{t}: not on record, the gate stays open"
                ).fill(t=rule.title)
            )
    state = GateState.BARRED if bars else GateState.OPEN if todo else GateState.CLEAR
    text = Text("{p}：{s}", "{p}: {s}").fill(
        p=person.name, s=join(said) if said else Text("无不动议情形", "clear")
    )
    return PersonGate(person.name, state, tuple(bars), tuple(todo), own, text)


def _ranks(rule: NoMotionRule, people: Sequence[Person]) -> dict[str, int]:
    assert rule.votes is not None
    groups: dict[FactValue | None, dict[str, FactValue | None]] = {}
    for person in people:
        group = person.facts.get(rule.within) if rule.within else None
        # Without its group a person has nobody to be ranked among.
        votes = None if rule.within and group is None else person.facts.get(rule.votes)
        groups.setdefault(group, {})[person.name] = votes
    out: dict[str, int] = {}
    for votes_by_name in groups.values():
        out.update(competition_ranks(votes_by_name))
    return out
