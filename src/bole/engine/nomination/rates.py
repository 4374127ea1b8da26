"""A rate that stands for or against nomination (优秀率 ≥ 90%), with its denominator printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator
from bole.engine.exact.figures import Base, Figures
from bole.engine.exact.numbers import fixed, percent
from bole.engine.procedures.base import Id, Model, Name, Share
from bole.engine.quotas.counts import need_counts
from bole.engine.text import Text, join


class Rate(Model):
    """`of` stays null where the source names no denominator: it must be chosen."""

    kind: Literal["rate"] = "rate"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    op: Comparator = Comparator.AT_LEAST
    share: Share = Field(ge=0, le=1)
    of: Base | None = None
    strength: Literal["warn", "block", "refuse", "note"] = "warn"


class RateState(StrEnum):
    """`BELOW` goes on with a written reason if the rule warns."""

    MET = "met"
    BELOW = "below"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RateResult:
    """The rate on one denominator, exact; None where nothing was counted."""

    state: RateState
    rate: Fraction | None
    of: Base | None
    text: Text


def rate(rule: Rate, count: int | None, figures: Figures, of: Base | None = None) -> RateResult:
    """`count` favourable votes of the denominator (`of`, else the rule's).

    Raises `BoleError` (BAL_IMPOSSIBLE) when the votes exceed the ballots, on whichever base.
    """
    base = of or rule.of
    need_counts([(rule.title, count)])
    _possible(rule, count, figures)
    if base is None:
        text = Text("{t}：分母未选定", "{t}: choose the denominator first").fill(t=rule.title)
        return RateResult(RateState.UNKNOWN, None, None, text)
    whole = figures.of(base)
    if not whole or count is None:
        text = Text("{t}：没有评价记录", "{t}: no ratings on record").fill(t=rule.title)
        return RateResult(RateState.UNKNOWN, None, base, text)
    value = Fraction(count, whole)
    reached = rule.op.holds(value, rule.share)
    text = Text(
        "{t}：{n}/{w}（{of}）为{p}，{word}{s}", "{t}: {n} of {w} {of} is {p}, {word} {s}"
    ).fill(
        t=rule.title,
        n=count,
        w=whole,
        of=base.words,
        p=fixed(value * 100) + "%",
        s=percent(rule.share),
        word=Text("达到", "reaching") if reached else Text("低于", "below"),
    )
    if not reached and rule.strength == "warn":
        reason = Text("继续办理须书面说明理由", "going on needs a written reason")
        text = join([text, reason])
    return RateResult(RateState.MET if reached else RateState.BELOW, value, base, text)


def _possible(rule: Rate, count: int | None, figures: Figures) -> None:
    chain = [(b, n) for b in (Base.VALID, Base.RETURNED) if (n := figures.of(b)) is not None]
    known = [(rule.title, count), *((b.words, n) for b, n in chain)]
    stated = [(words, n) for words, n in known if n is not None]
    problems = [
        Problem(
            "BAL_IMPOSSIBLE",
            Text(
                "{a}{n}票多于{b}{m}票，请核对计票", "{n} {a} votes exceed {m} {b}; check the count"
            ).fill(a=a, n=n, b=b, m=m),
        )
        for (a, n), (b, m) in zip(stated, stated[1:], strict=False)
        if n > m
    ]
    if problems:
        raise BoleError(problems)
