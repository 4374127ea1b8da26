"""Voter classes: separate tallies, weights with their formula, and classes too small to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bole.engine.exact.numbers import Quantity, exact
from bole.engine.procedures.base import Name
from bole.engine.text import Text


class Formula(StrEnum):
    """The two formulas for class weights; a pack must name one."""

    POOLED = "pooled"  # Σ w·votes ÷ Σ w·ballots
    BY_CLASS = "by_class"  # Σ w·class share ÷ Σ w


class SmallClass(StrEnum):
    """What happens to a class under the minimum size: nobody may read a single vote."""

    MERGE = "merge"
    SUPPRESS = "suppress"


class VoterClass(BaseModel):
    """A class of voters. `weight`: null = none stated, so no weighted figure exists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: Name | None = None
    weight: Quantity | None = None
    who: str = ""

    @field_validator("weight")
    @classmethod
    def _positive(cls, value: Any) -> Any:
        if value is not None and exact(value) < 0:
            raise ValueError("权重不得小于0 / a weight is not below 0")
        return value

    @property
    def label(self) -> Text:
        """The class's name."""
        return self.text or Text(self.id, self.id)


class Electorate(BaseModel):
    """The classes of one meeting, in the order in which neighbours may be merged.

    `minimum_size`: the smallest number of ballots shown by itself; null = open, the meeting asks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["electorate"] = "electorate"
    id: str = "electorate"
    classes: tuple[VoterClass, ...] = Field(default=())
    formula: Formula | None = None
    minimum_size: int | None = Field(default=None, ge=1)
    small: SmallClass = SmallClass.MERGE
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Electorate:
        ids = [c.id for c in self.classes]
        if len(set(ids)) != len(ids):
            raise ValueError("类别重复 / a class stands twice")
        return self

    def label(self, class_id: str) -> Text:
        """The name of a class, also of one that is not listed."""
        return next((c.label for c in self.classes if c.id == class_id), Text(class_id, class_id))


def weighted_share(
    electorate: Electorate, votes: Mapping[str, int], ballots: Mapping[str, int]
) -> tuple[Fraction | None, list[Text]]:
    """The weighted share of a count, or None with the names of what is missing.

    `ballots`: the base per class (valid ballots, say). A class that cast none is left out of the
    BY_CLASS mean, because it has no share; its weight is left out with it.
    """
    missing = [
        Text("“{c}”的权重", 'the weight of "{c}"').fill(c=c.label)
        for c in electorate.classes
        if c.weight is None
    ]
    if electorate.formula is None:
        missing.append(Text("加权公式", "the formula of the class weights"))
    missing += [
        Text("“{c}”的票数", 'the ballots of "{c}"').fill(c=c.label)
        for c in electorate.classes
        if c.id not in ballots
    ]
    if missing or not electorate.classes:
        return None, missing
    counted = [(exact(c.weight), votes.get(c.id, 0), ballots[c.id]) for c in electorate.classes]
    if electorate.formula is Formula.POOLED:
        whole = sum((w * b for w, _, b in counted), Fraction(0))
        part = sum((w * v for w, v, _ in counted), Fraction(0))
    else:
        whole = sum((w for w, _, b in counted if b), Fraction(0))
        part = sum((w * Fraction(v, b) for w, v, b in counted if b), Fraction(0))
    if not whole:
        return None, [Text("有票的类别", "a class with ballots and a weight")]
    return part / whole, []


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a table by class: one class, several merged, or one not shown (`hidden`)."""

    classes: tuple[str, ...]
    ballots: int
    hidden: bool = False


def columns(electorate: Electorate, ballots: Mapping[str, int]) -> list[Shown]:
    """Which classes may be shown apart, given the ballots of each.

    MERGE joins a class under the minimum with its smaller neighbour until every column is large
    enough (one column under the minimum is hidden). SUPPRESS hides small classes, and hides the
    next smallest too while the hidden ones together are under the minimum, because the total minus
    the others would give them away. A class without ballots is never a danger and stays.
    """
    order = [c.id for c in electorate.classes] + sorted(
        set(ballots) - {c.id for c in electorate.classes}
    )
    groups = [Shown((c,), ballots.get(c, 0)) for c in order]
    least = electorate.minimum_size
    if least is None:
        return groups
    if electorate.small is SmallClass.SUPPRESS:
        return _suppress(groups, least)
    while (small := _first_small(groups, least)) is not None and len(groups) > 1:
        at = groups.index(small)
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(groups)]
        other = min(beside, key=lambda i: (groups[i].ballots, i))
        low, high = min(at, other), max(at, other)
        joined = Shown(
            groups[low].classes + groups[high].classes, groups[low].ballots + groups[high].ballots
        )
        groups[low : high + 1] = [joined]
    return [
        Shown(g.classes, g.ballots, hidden=0 < g.ballots < least) if g.ballots < least else g
        for g in groups
    ]


def _first_small(groups: Sequence[Shown], least: int) -> Shown | None:
    small = [g for g in groups if 0 < g.ballots < least]
    return min(small, key=lambda g: g.ballots) if small else None


def _suppress(groups: list[Shown], least: int) -> list[Shown]:
    hidden = {g for g in groups if 0 < g.ballots < least}
    while hidden and sum(g.ballots for g in hidden) < least:
        rest = [g for g in groups if g.ballots and g not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda g: g.ballots))
    return [Shown(g.classes, g.ballots, g in hidden) for g in groups]


def by_column(shown: Sequence[Shown], counts: Mapping[str, int]) -> list[int | None]:
    """The counts of the classes in the order of `shown`; None where a column is hidden."""
    return [None if s.hidden else sum(counts.get(c, 0) for c in s.classes) for s in shown]
