"""Results that must agree, and several years read together; a missing year is named, never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator
from bole.engine.exact.figures import is_count, not_a_count
from bole.engine.exact.numbers import Number, Quantity, exact, say
from bole.engine.tally.thresholds import Outcome
from bole.engine.text import Text, join


@dataclass(frozen=True)
class Agreement:
    """Who stands in all sources, and who in only some of them (by source)."""

    all: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]


class AgreementRule(BaseModel):
    """Which sources must all carry a person (S1.4: year-end and targeted recommendation)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["agreement"] = "agreement"
    id: str = "agreement"
    sources: tuple[str, ...] = Field(min_length=2)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


def agree(sources: Mapping[str, Sequence[str] | None]) -> Agreement:
    """Persons named in every source, in the order of the first; the others by their sources.

    Raises `BoleError` (SOURCE_MISSING) for a source that was not entered: an empty list says that
    nobody was named, null that nothing is known.
    """
    absent = [name for name, persons in sources.items() if persons is None]
    if absent:
        text = Text("缺少{w}的结果，无法比对", "The result of {w} is missing: nothing to compare")
        raise BoleError(Problem("SOURCE_MISSING", text.fill(w=", ".join(absent))))
    lists = {name: list(dict.fromkeys(persons or ())) for name, persons in sources.items()}
    first, *others = lists.values()
    both = tuple(p for p in first if all(p in o for o in others))
    return Agreement(both, {n: tuple(p for p in ps if p not in both) for n, ps in lists.items()})


class Line(BaseModel):
    """A limit with its comparator, such as "share at least 40%"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Comparator
    value: Quantity | None

    @field_validator("op", mode="before")
    @classmethod
    def _op(cls, value: Any) -> Any:
        return Comparator(value) if isinstance(value, str) else value

    def holds(self, value: Fraction) -> bool:
        """Whether the value keeps to the limit."""
        return self.value is not None and self.op.holds(value, exact(self.value))


class YearsRule(BaseModel):
    """Reading of several yearly results (157.1).

    `concentrated`: the vote share of a year that counts as concentrated; `near_front`: rank ÷ size
    of the same-level group. `least_concentrated`: fewer concentrated years bar. `daily`: the floor
    of the daily excellent rate. Values that the source leaves open are null until entered.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["years"] = "years"
    id: str = "years"
    years: int | None = Field(default=None, ge=1)
    concentrated: Line | None = None
    near_front: Line | None = None
    least_concentrated: int = 2
    daily: Line | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """One yearly result: `share` of the votes, `rank` in a group of `of` of the same level.
    Anything None was not recorded."""

    name: str
    share: Fraction | None
    rank: int | None
    of: int | None

    @property
    def recorded(self) -> bool:
        """Whether the year can be read at all."""
        return self.share is not None and self.rank is not None and bool(self.of)


@dataclass(frozen=True)
class YearsReading:
    """`concentrated`, `near_front`: in how many recorded years; `missing`: names of years."""

    outcome: Outcome
    text: Text
    concentrated: int
    near_front: int
    missing: tuple[str, ...]


def read_years(rule: YearsRule, years: Sequence[Year], daily: Number | None) -> YearsReading:
    """Read the last years together. A bar that stands on what is known (the daily rate) stands;
    no bar and no pass follows from a missing year."""
    for year in years:
        named = (
            (Text("名次", "rank"), year.rank),
            (Text("同层次人数", "size of the group"), year.of),
        )
        if broken := [not_a_count(n, v, year.name) for n, v in named if not is_count(v or 0)]:
            raise BoleError(broken)
        if year.recorded and not 1 <= (year.rank or 0) <= (year.of or 0):
            text = Text("{y}：名次{r}不在{o}人之内", "{y}: rank {r} of {o} cannot be right")
            raise BoleError(Problem("RANK", text.fill(y=year.name, r=year.rank, o=year.of)))
    wanted = rule.years or len(years)
    open_values = [
        name
        for name, value in (
            (Text("“票数集中”的标准", 'the limit of "concentrated"'), rule.concentrated),
            (Text("“名次靠前”的标准", 'the limit of "near the front"'), rule.near_front),
        )
        if value is None or value.value is None
    ]
    if open_values or rule.concentrated is None or rule.near_front is None:
        text = Text("办法未定{w}", "{w} is not settled").fill(w=join(open_values, "、", ", "))
        return YearsReading(Outcome.CANNOT_COMPUTE, text, 0, 0, ())
    known = [y for y in years if y.recorded]
    missing = tuple(y.name for y in years if not y.recorded)
    high = [y for y in known if rule.concentrated.holds(y.share or Fraction(0))]
    front = [y for y in known if rule.near_front.holds(Fraction(y.rank or 0, y.of or 1))]
    both = [y for y in high if y in front]

    def made(outcome: Outcome, text: Text) -> YearsReading:
        return YearsReading(outcome, text, len(high), len(front), missing)

    rate = _daily(rule, daily)
    if rate is not None and rate[0] is Outcome.BLOCKS:
        return made(*rate)
    if missing or len(known) < wanted:
        text = Text(
            "缺{w}（应有{n}年，已有{k}年，其中{c}年票数集中、{b}年集中且名次靠前）。"
            "缺少年份不产生任何限制，由人决定并写明理由。",
            "{w} missing ({k} of {n} years on record, {c} concentrated, {b} of them near the front "
            "too). No bar follows from a missing year; a person decides and writes why.",
        ).fill(
            w="、".join(missing) or wanted - len(known),
            n=max(wanted, len(years)),
            k=len(known),
            c=len(high),
            b=len(both),
        )
        return made(Outcome.CANNOT_COMPUTE, text)
    counts = {"n": len(known), "c": len(high), "f": len(front)}
    if not high and not front:
        text = Text(
            "{n}年票数均分散且名次均不靠前：不列为初步人选",
            "scattered and not near the front in all {n} years: not an initial nominee",
        )
        return made(Outcome.BLOCKS, text.fill(**counts))
    if len(high) < rule.least_concentrated:
        text = Text(
            "{n}年中仅{c}年意见集中：不列入提拔考虑",
            "concentrated in only {c} of {n} years: not considered for promotion",
        )
        return made(Outcome.BLOCKS, text.fill(**counts))
    if rate is not None and rate[0] is not Outcome.NO_BAR:
        return made(*rate)
    text = Text("{n}年中{c}年意见集中", "concentrated in {c} of {n} years").fill(**counts)
    return made(Outcome.NO_BAR, join([text, *([rate[1]] if rate else [])]))


def _daily(rule: YearsRule, daily: Number | None) -> tuple[Outcome, Text] | None:
    if rule.daily is None or rule.daily.value is None:
        return None
    if daily is None:
        return Outcome.CANNOT_COMPUTE, Text(
            "缺少日常测评优秀率", "the daily excellent rate is missing"
        )
    below = exact(daily) < exact(rule.daily.value)
    met = rule.daily.holds(exact(daily))
    text = Text("日常测评优秀率{v}{r}{w}", "daily excellent rate {v} is {r} {w}").fill(
        v=say(daily),
        r=Text("低于", "below") if below else Text("不低于", "not below"),
        w=say(rule.daily.value),
    )
    return (Outcome.NO_BAR if met else Outcome.BLOCKS), text
