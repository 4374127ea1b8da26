"""Pools (后备干部库、人才库): tiers, who fits which, and what is asked where it cannot be told."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bole.engine.lists.bands import AgeBands
from bole.engine.lists.conditions import Condition, Facts, holds, met
from bole.engine.lists.reviews import Reset, Review
from bole.engine.procedures.base import Id, Model, Name, Share, When
from bole.engine.quotas.models import Quota
from bole.engine.quotas.outcome import Outcome
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict, all_of


class Size(Model):
    """How many places a tier has: exact, or about with a width that may still be open."""

    count: int = Field(ge=0)
    about: bool = True
    around: Share | None = None


class Tier(Model):
    """A tier: `applies` tells whose tier it is (a level, a kind); `conditions` who may enter.

    `rule_set` names the pack's rules, in the rule language, that screen the roster for the tier.
    `main_age` is the age a tier is centred on (左右 without a width is shown, not judged).
    """

    id: Id
    title: Name
    size: Size | None = None
    applies: When | None = None
    conditions: tuple[Condition, ...] = ()
    rule_set: Id | None = None
    main_age: int | None = None


class Axis(Model):
    """One way of classing members; `values` empty = to be filled by the organisation."""

    id: Id
    title: Name
    values: dict[Id, Name] = {}
    one: bool = True


class Pool(Model):
    """A pool of a scheme. Empty lists are open in the source and filled by the organisation."""

    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    levels: dict[str, Name] = {}
    channels: dict[Id, Name] = {}
    axes: tuple[Axis, ...] = ()
    age_bands: AgeBands | None = None
    stages: tuple[Name, ...] = ()
    maturity: tuple[Name, ...] = ()
    opinions: tuple[Name, ...] = ()
    vetoes: tuple[Name, ...] = ()
    exit_reasons: tuple[Name, ...] = ()
    quotas: tuple[Quota, ...] = ()
    review: Review | None = None
    reset: Reset | None = None
    size_mode: Literal["free", "fixed", "quota"] = "free"
    notify_member: bool | None = None
    note: Name | None = None


@dataclass(frozen=True)
class TierResult:
    """One tier for one person: does it apply, what fails, what is not on file."""

    tier: Tier
    applies: Verdict
    verdict: Verdict
    failing: tuple[Condition, ...]
    missing: tuple[Condition, ...]


@dataclass(frozen=True)
class Placement:
    """The tiers that a person fits (several are shown, the unit names one) and the outcome."""

    tiers: tuple[Tier, ...]
    outcome: Outcome
    failing: tuple[Condition, ...]
    missing: tuple[Condition, ...]
    results: tuple[TierResult, ...]
    text: Text


def place(pool: Pool, facts: Facts, as_of: datetime.date) -> Placement:
    """Where a person of these facts belongs on `as_of`.

    A tier that does not apply says nothing about the person. One failing condition decides a tier
    even beside unknown ones. Nothing is guessed: a missing fact that decides gives "cannot be
    judged" with the paper that is wanted.
    """
    results = tuple(_tier(tier, facts, as_of) for tier in pool.tiers)
    concerned = [r for r in results if r.applies is not Verdict.NOT_MET]
    fitting = tuple(
        r.tier for r in concerned if r.applies is Verdict.MET and r.verdict is Verdict.MET
    )
    open_ = [r for r in concerned if r.verdict is not Verdict.NOT_MET and r.tier not in fitting]
    failing = _once(c for r in concerned for c in r.failing)
    missing = _once(c for r in open_ for c in r.missing)
    if fitting:
        names = Text("、".join(t.title.zh for t in fitting), ", ".join(t.title.en for t in fitting))
        text = Text("符合{names}条件", "fits {names}").fill(names=names)
        if len(fitting) > 1:
            text = join([text, Text("由单位择一", "the unit names one")])
        return Placement(fitting, Outcome.MET, (), (), results, text)
    if not concerned:
        text = Text("不属于任何层次的范围", "no tier of this pool is for this person")
        return Placement((), Outcome.NOT_MET, (), (), results, text)
    if open_:
        said = [_lacking(c) for c in missing]
        said += [
            Text(
                "{t}：是否属于该层次无法判断", "{t}: whether it is this person's tier is unknown"
            ).fill(t=r.tier.title)
            for r in open_
            if r.applies is Verdict.UNKNOWN
        ]
        return Placement((), Outcome.UNKNOWN, (), missing, results, join(said))
    said = [Text("{t}不符合", "{t} does not fit").fill(t=c.title) for c in failing]
    return Placement((), Outcome.NOT_MET, failing, missing, results, join(said))


@dataclass(frozen=True)
class Proposal:
    """What a review proposes for a member; people decide. `tier` is where a move would lead."""

    kind: Literal["stay", "move", "exit", "ask"]
    tier: Tier | None
    text: Text


def review_member(pool: Pool, tier: str, facts: Facts, as_of: datetime.date) -> Proposal:
    """Propose for a member of `tier`: stay, move to the tier that fits now (a reserve who became a
    section cadre), leave with thanks when none fits, or ask for what is missing.

    Raises KeyError for a tier that the pool does not have.
    """
    own = {t.id: t for t in pool.tiers}[tier]
    placed = place(pool, facts, as_of)
    if own in placed.tiers:
        return Proposal("stay", own, placed.text)
    if placed.tiers:
        text = Text("建议由{a}转入{b}", "a move from {a} to {b} is proposed").fill(
            a=own.title, b=placed.tiers[0].title
        )
        return Proposal("move", placed.tiers[0], text)
    if placed.outcome is Outcome.UNKNOWN:
        return Proposal("ask", None, placed.text)
    thanks = Text("建议出库并致谢", "an exit with thanks is proposed")
    return Proposal("exit", None, join([thanks, placed.text]))


def _tier(tier: Tier, facts: Facts, as_of: datetime.date) -> TierResult:
    verdicts = [(c, met(c, facts, as_of)[0]) for c in tier.conditions]
    return TierResult(
        tier,
        holds(tier.applies, facts),
        all_of(v for _, v in verdicts),
        tuple(c for c, v in verdicts if v is Verdict.NOT_MET),
        tuple(c for c, v in verdicts if v is Verdict.UNKNOWN),
    )


def _once(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    found: dict[str, Condition] = {}
    for condition in conditions:
        found.setdefault(condition.id, condition)
    return tuple(found.values())


def _lacking(condition: Condition) -> Text:
    return condition.missing or Text("{t}：情况未登记", "{t}: not on file").fill(t=condition.title)
