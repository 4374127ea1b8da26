"""Service locks (最低服务年限): a trigger starts the clock, the first free day is the day after."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join
from bole.engine.workdays import add_months

Day = datetime.date
ONE = datetime.timedelta(days=1)


class Lock(Model):
    """Who may not do what for how long after which event.

    `who`: the kinds of cadre it binds. `trigger`: the fact that starts it, a day; with
    `term: true` a term (first day, last day), which must end. `forbids`: the acts it blocks; others
    are free. `strength` soft: in principle, a Deviation lets the act pass.
    """

    kind: Literal["lock"] = "lock"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    who: tuple[Id, ...]
    trigger: Id
    trigger_name: Name
    years: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    term: bool = False
    forbids: tuple[Id, ...]
    strength: Literal["hard", "soft"] = "hard"

    @model_validator(mode="after")
    def _length(self) -> Lock:
        if self.term == bool(self.years or self.months):
            raise ValueError(
                "锁定期写 years/months，或写 term: true / a lock has years/months, or term: true"
            )
        return self

    def first_free(self, trigger: Any) -> Day:
        """Start plus the whole period (the last day of a shorter month), or the day after the term.

        Raises `BoleError` (SPELL_ORDER) for a term that ends before it starts.
        """
        if self.term:
            start, end = trigger
            if end < start:
                raise BoleError(
                    Problem(
                        "SPELL_ORDER",
                        Text(
                            "届满日{end}早于起始日{start}", "the term ends ({end}) before {start}"
                        ).fill(start=start, end=end),
                        self.trigger,
                    )
                )
            return Day.fromordinal(end.toordinal() + 1)
        return add_months(trigger, 12 * self.years + self.months)


class LockVerdict(StrEnum):
    """`BLOCKED` may be passed by a Deviation only; `UNKNOWN` waits for the missing date."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    UNKNOWN = "cannot be judged"


@dataclass(frozen=True)
class Hit:
    """One lock that binds the person for this act; no `first_free` while the trigger is missing."""

    lock: Lock
    first_free: Day | None
    blocks: bool | None


@dataclass(frozen=True)
class LockResult:
    """All locks that bind, and the first day on which none of them does."""

    verdict: LockVerdict
    first_free: Day | None
    hits: tuple[Hit, ...]
    text: Text
    needs_deviation: bool = False


def judge_locks(
    locks: Sequence[Lock],
    kind: str | None,
    triggers: Mapping[str, Any],
    act: str,
    day: Day,
    who: str = "",
) -> LockResult:
    """May a person of `kind` do `act` on `day`? Every lock is answered, not only the first.

    `triggers`: by trigger name a day, or (first, last) of a term; absent or None = not on file.
    Raises `BoleError` (KIND_UNKNOWN) for a kind that no lock of the scheme knows.
    """
    known = {name for lock in locks for name in lock.who}
    if kind is None:
        text = Text("{who}人员类别未登记", "the kind of cadre of {who} is missing").fill(who=who)
        return LockResult(LockVerdict.UNKNOWN, None, (), text)
    if kind not in known:
        listed = Text("、".join(sorted(known)), ", ".join(sorted(known)))
        raise BoleError(
            Problem(
                "KIND_UNKNOWN",
                Text(
                    "人员类别“{kind}”不在本办法之列（{known}）",
                    'kind "{kind}" is not one of {known}',
                ).fill(kind=kind, known=listed),
                who,
            )
        )
    hits = []
    for lock in locks:
        if kind not in lock.who or act not in lock.forbids:
            continue
        trigger = triggers.get(lock.trigger)
        if trigger is None or (lock.term and not _is_term(trigger)):
            hits.append(Hit(lock, None, None))
        else:
            free = lock.first_free(trigger)
            hits.append(Hit(lock, free, day < free))
    blocking = [hit for hit in hits if hit.blocks]
    frees = [hit.first_free for hit in hits if hit.first_free is not None]
    if blocking:
        verdict = LockVerdict.BLOCKED
    elif any(hit.blocks is None for hit in hits):
        verdict = LockVerdict.UNKNOWN
    else:
        verdict = LockVerdict.ALLOWED
    said = [_said(hit, day) for hit in hits if hit.blocks is not False]
    text = join(said) if said else Text("没有限制", "no lock stands against it")
    return LockResult(
        verdict,
        None if any(hit.first_free is None for hit in hits) else max(frees, default=None),
        tuple(hits),
        text,
        bool(blocking) and all(hit.lock.strength == "soft" for hit in blocking),
    )


def _is_term(trigger: Any) -> bool:
    """Whether both the first and the last day of a term are there."""
    return isinstance(trigger, tuple) and len(trigger) == 2 and None not in trigger


def _said(hit: Hit, day: Day) -> Text:
    if hit.first_free is None:
        return Text("{t}：{trigger}未登记，无法判断", "{t}: {trigger} is missing").fill(
            t=hit.lock.title, trigger=hit.lock.trigger_name
        )
    return Text(
        "{t}：{day}尚在期内，{free}起不受限", "{t}: {day} is too early; free from {free}"
    ).fill(t=hit.lock.title, day=day, free=hit.first_free)
