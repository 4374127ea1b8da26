"""A second round when the votes of the first are not concentrated: asked for, never automatic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bole.engine.exact.comparators import Comparator
from bole.engine.exact.numbers import Quantity, exact, percent, say
from bole.engine.ranking import Cut, cut
from bole.engine.tally.thresholds import Outcome
from bole.engine.text import Text


class RoundRule(BaseModel):
    """When is a round "concentrated": `enough` subjects reach `share` of the valid ballots; who
    enters the next round: the first `admit`. 105.3 leaves both open (null = people settle it)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["round"] = "round"
    id: str = "round"
    op: Comparator = Comparator.ABOVE
    share: Quantity | None = None
    enough: int | None = None
    admit: int | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @field_validator("op", mode="before")
    @classmethod
    def _op(cls, value: Any) -> Any:
        return Comparator(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class RoundReading:
    """`outcome` ORDERS a second round, NO_BAR when concentrated; `next_round` keeps ties open."""

    outcome: Outcome
    text: Text
    next_round: Cut[str] | None = None


def read_round(
    rule: RoundRule, votes: Mapping[str, int], valid: int | None, posts: int
) -> RoundReading:
    """Read the votes of a round on the base "valid ballots"."""
    open_values = [
        name
        for name, value in (
            (Text("“票数集中”的标准", 'the limit of "concentrated"'), rule.share),
            (Text("进入下一轮的人数", "the number admitted to the next round"), rule.admit),
        )
        if value is None
    ]
    if open_values:
        text = Text("办法未定{w}，由人决定", "the scheme does not settle {w}: people decide")
        return RoundReading(Outcome.NOT_SET, text.fill(w=open_values[0]))
    if not valid:
        return RoundReading(
            Outcome.CANNOT_COMPUTE, Text("缺少有效票数", "valid ballots are missing")
        )
    line = exact(rule.share)
    over = [n for n, v in votes.items() if rule.op.holds(Fraction(v, valid), line)]
    wanted = rule.enough if rule.enough is not None else posts
    top = max(votes.values(), default=0)
    text = Text(
        "{n}人{op}有效票{v}的{s}，须有{w}人；最高{t}票，占{p}",
        "{n} reach {op} {s} of {v} valid ballots, {w} are wanted; the highest has {t}, {p}",
    ).fill(
        n=len(over),
        op=rule.op.words,
        v=valid,
        s=say(rule.share if rule.share is not None else line),
        w=wanted,
        t=top,
        p=percent(Fraction(top, valid)),
    )
    if len(over) >= wanted:
        return RoundReading(Outcome.NO_BAR, text)
    return RoundReading(Outcome.ORDERS, text, cut(votes, rule.admit or 0))
