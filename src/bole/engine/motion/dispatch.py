"""Dispatch selection (选派): eligible, excluded, unknown or not eligible, with all the reasons."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from bole.engine.lists.conditions import Condition, Facts, met
from bole.engine.lists.priorities import Preference
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict


class Dispatch(Model):
    """Who may be sent. `exclusions` bar; `open_exclusions` = how many the source counts, not names.

    `consents` is the chain: person → unit committee → department → standing committee …
    """

    kind: Literal["dispatch"] = "dispatch"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    conditions: tuple[Condition, ...]
    exclusions: tuple[Condition, ...] = ()
    open_exclusions: int = 0
    consents: dict[Id, Name] = {}
    prefer: tuple[Preference, ...] = ()
    opinions: tuple[Name, ...] = ()
    note: Name | None = None


class Standing(StrEnum):
    """In this order: the first that applies is the answer."""

    NOT_ELIGIBLE = "not_eligible"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    ELIGIBLE = "eligible"


@dataclass(frozen=True)
class DispatchResult:
    """One person: all failing conditions, all exclusions that hit, all that is missing."""

    person: str
    standing: Standing
    failing: tuple[Condition, ...]
    excluded_by: tuple[Condition, ...]
    missing: tuple[Condition, ...]
    preferred: tuple[Preference, ...]
    text: Text


def select(
    dispatch: Dispatch, people: Mapping[str, Facts], as_of: datetime.date
) -> list[DispatchResult]:
    """Judge everyone on `as_of`; the eligible come first in the order of the preferences they meet.

    The preference orders, it removes nobody; equal ones keep the order of the input.
    """
    results = [_one(dispatch, name, facts, as_of) for name, facts in people.items()]
    rank = {Standing.ELIGIBLE: 0, Standing.UNKNOWN: 1, Standing.EXCLUDED: 2}

    def key(result: DispatchResult) -> tuple[Any, ...]:
        meets = tuple(p not in result.preferred for p in dispatch.prefer)
        return rank.get(result.standing, 3), meets

    return sorted(results, key=key)


def next_consent(dispatch: Dispatch, given: Mapping[str, bool | None]) -> tuple[str | None, bool]:
    """(who is to be asked next, whether the chain is broken): consents are taken in their order."""
    for name in dispatch.consents:
        if given.get(name) is False:
            return name, True
        if given.get(name) is None:
            return name, False
    return None, False


def _one(dispatch: Dispatch, name: str, facts: Facts, as_of: datetime.date) -> DispatchResult:
    wanted = [(c, met(c, facts, as_of)[0]) for c in dispatch.conditions]
    barred = [(c, met(c, facts, as_of)[0]) for c in dispatch.exclusions]
    failing = _with(wanted, Verdict.NOT_MET)
    hits = _with(barred, Verdict.MET)
    missing = (*_with(wanted, Verdict.UNKNOWN), *_with(barred, Verdict.UNKNOWN))
    if failing:
        standing, said = Standing.NOT_ELIGIBLE, failing
    elif hits:
        standing, said = Standing.EXCLUDED, hits
    elif missing:
        standing, said = Standing.UNKNOWN, missing
    else:
        standing, said = Standing.ELIGIBLE, ()
    words = {
        Standing.NOT_ELIGIBLE: Text("不符合条件", "not eligible"),
        Standing.EXCLUDED: Text("属不选派情形", "excluded"),
        Standing.UNKNOWN: Text("无法判断", "cannot be judged"),
        Standing.ELIGIBLE: Text("符合条件", "eligible"),
    }[standing]
    preferred = tuple(p for p in dispatch.prefer if p.when.holds(facts.get) is Verdict.MET)
    return DispatchResult(
        name,
        standing,
        failing,
        hits,
        missing,
        preferred,
        Text("{p}：{w}", "{p}: {w}").fill(p=name, w=join([words, *(c.title for c in said)])),
    )


def _with(verdicts: Sequence[tuple[Condition, Verdict]], wanted: Verdict) -> tuple[Condition, ...]:
    return tuple(c for c, v in verdicts if v is wanted)
