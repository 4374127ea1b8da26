"""Recommendation rounds (推荐轮次): what each form of a round must name, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.bands import QuotaBands, banded
from bole.engine.ranking import order_faults
from bole.engine.text import Text


class Category(Model):
    """How many names of one category: exact unless `at_most`; `minimum`–`maximum` is a range."""

    title: Name
    number: int | None = Field(default=None, ge=0)
    minimum: int | None = Field(default=None, ge=0)
    maximum: int | None = Field(default=None, ge=0)
    open: bool = False

    @model_validator(mode="after")
    def _size(self) -> Category:
        has_range = self.minimum is not None or self.maximum is not None
        if self.open == (self.number is not None or has_range):
            raise ValueError(
                "写 number 或 minimum/maximum；来源未定的写 open: true / write number, or "
                "minimum and maximum, or open: true"
            )
        return self


class Round(Model):
    """One round of a place.

    `categories`: names by category. `bands`: names by the unit's kind and size. `multiple`: names =
    k × places, exact. `rank_by`: keys on which the names must be a complete order 1…n. `minimums`:
    at least so many with a property, in principle unless `strength` says otherwise.
    """

    kind: Literal["round"] = "round"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    recommenders: tuple[Name, ...] = ()
    every_months: int | None = None
    any_day: bool = False
    steps: tuple[Name, ...] = ()
    disclosure: dict[Id, Name] = {}
    categories: dict[Id, Category] = {}
    bands: QuotaBands | None = None
    multiple: int | None = Field(default=None, ge=1)
    rank_by: dict[Id, Name] = {}
    minimums: dict[Id, Category] = {}
    strength: Literal["warn", "refuse"] = "warn"
    exclusions: dict[Id, Name] = {}
    open_exclusions: int = 0
    standards: tuple[Name, ...] = ()
    opinions: tuple[Name, ...] = ()
    note: Name | None = None


@dataclass(frozen=True)
class NamedPerson:
    """A name on a form: category, ranks by key, and properties that minimums look at."""

    person: str
    category: str | None = None
    ranks: Mapping[str, int | None] | None = None
    properties: Mapping[str, bool | None] | None = None


def check_form(
    a_round: Round,
    names: Sequence[NamedPerson],
    *,
    unit_kind: str | None = None,
    staff: int | None = None,
    places: int | None = None,
) -> list[Problem]:
    """Every failing of one form of the round.

    Codes: REC_TWICE, REC_QUOTA (n given, m wanted or allowed), CATEGORY_UNKNOWN, RANK_DUP,
    RANK_GAP, REC_MINIMUM (a warning where the round's strength is warn), the codes of `banded`.
    """
    people = [n.person for n in names]
    found = [
        Problem("REC_TWICE", Text("{p}被推荐两次", "{p} is named twice").fill(p=person))
        for person in sorted({p for p in people if people.count(p) > 1})
    ]
    if a_round.categories:
        found += _categories(a_round, names)
    if a_round.bands is not None:
        quota = banded(a_round.bands, unit_kind, staff)
        if quota.code is not None:
            found.append(Problem(quota.code, quota.text))
        else:
            found += _count(len(names), quota.number, quota.minimum, quota.maximum, None)
    if a_round.multiple is not None and places is not None:
        found += _count(len(names), a_round.multiple * places, None, None, None)
    for key, title in a_round.rank_by.items():
        found += _ranks(title, [(n.ranks or {}).get(key) for n in names])
    for name, least in a_round.minimums.items():
        found += _minimum(name, least, names)
    return found


def _categories(a_round: Round, names: Sequence[NamedPerson]) -> list[Problem]:
    found = []
    for person in names:
        if person.category not in a_round.categories:
            known = Text(
                "、".join(c.title.zh for c in a_round.categories.values()),
                ", ".join(a_round.categories),
            )
            text = Text("{p}的类别“{c}”不在{k}之内", "{p}: category '{c}' is not one of {k}").fill(
                p=person.person, c=person.category or "—", k=known
            )
            found.append(Problem("CATEGORY_UNKNOWN", text))
    for name, category in a_round.categories.items():
        n = sum(person.category == name for person in names)
        found += _count(n, category.number, category.minimum, category.maximum, category.title)
    return found


def _count(
    n: int, number: int | None, minimum: int | None, maximum: int | None, title: Text | None
) -> list[Problem]:
    low = number if number is not None else minimum
    high = number if number is not None else maximum
    if (low is None or n >= low) and (high is None or n <= high):
        return []
    if number is not None:
        wanted = Text("须为{m}人", "{m} wanted").fill(m=number)
    elif low is None:
        wanted = Text("至多{m}人", "{m} allowed").fill(m=high)
    elif high is None:
        wanted = Text("至少{m}人", "at least {m} wanted").fill(m=low)
    else:
        wanted = Text("须为{a}至{b}人", "{a} to {b} wanted").fill(a=low, b=high)
    name = Text("", "") if title is None else Text("{t}：", "{t}: ").fill(t=title)
    text = Text("{name}推荐{n}人，{wanted}", "{name}{n} names given, {wanted}")
    return [Problem("REC_QUOTA", text.fill(name=name, n=n, wanted=wanted))]


def _ranks(title: Text, ranks: Sequence[int | None]) -> list[Problem]:
    twice, missing = order_faults(ranks)
    found = []
    for rank in twice:
        text = Text("{t}：第{r}位有两人", "{t}: two people share rank {r}").fill(t=title, r=rank)
        found.append(Problem("RANK_DUP", text))
    for rank in missing:
        text = Text("{t}：缺第{r}位", "{t}: rank {r} is missing").fill(t=title, r=rank)
        found.append(Problem("RANK_GAP", text))
    return found


def _minimum(name: str, least: Category, names: Sequence[NamedPerson]) -> list[Problem]:
    wanted = least.number if least.number is not None else least.minimum
    known = [(n.properties or {}).get(name) for n in names]
    if wanted is None or sum(v is True for v in known) >= wanted:
        return []
    if sum(v is not False for v in known) >= wanted:
        text = Text("{t}：有人情况未登记", "{t}: not on file for somebody").fill(t=least.title)
        return [Problem("REC_MINIMUM_UNKNOWN", text)]
    text = Text("{t}：应有{m}人，现有{n}人", "{t}: {m} wanted, {n} named").fill(
        t=least.title, m=wanted, n=sum(v is True for v in known)
    )
    return [Problem("REC_MINIMUM", text)]
