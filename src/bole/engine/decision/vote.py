"""Ballot decisions: passed only on agree votes over the base that the scheme names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator, fewest
from bole.engine.exact.figures import Base, is_count, not_a_count
from bole.engine.exact.numbers import Quantity, exact, say
from bole.engine.ranking import Cut, cut
from bole.engine.tally.attendance import Attendance, AttendanceRule, attendance
from bole.engine.text import Text


class VoteRule(BaseModel):
    """What passes: `option` votes of `base`. Against, abstain, postpone, blank and absence never
    count as agree. `recused_stay_due`: null = the scheme must choose when somebody recuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["vote"] = "vote"
    id: str = "vote"
    quorum: AttendanceRule | None = None
    base: Base = Base.DUE
    op: Comparator = Comparator.ABOVE
    share: Quantity | None = "1/2"
    option: str = "agree"
    methods: tuple[Literal["voice", "hands", "secret"], ...] = ()
    recused_stay_due: bool | None = None
    postponed_may_return: bool | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @field_validator("base", mode="before")
    @classmethod
    def _base(cls, value: Any) -> Any:
        return Base(value) if isinstance(value, str) else value

    @field_validator("op", mode="before")
    @classmethod
    def _op(cls, value: Any) -> Any:
        return Comparator(value) if isinstance(value, str) else value


class Decided(StrEnum):
    """The reading of a vote. A person or body announces it; nothing follows by itself."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    DOES_NOT_OPEN = "does_not_open"
    CANNOT_COMPUTE = "cannot_compute"


@dataclass(frozen=True)
class VoteReading:
    """`needed` of `base` are shown before the vote; `text` after it."""

    result: Decided
    quorum: Attendance | None
    needed: int | None
    base: int | None
    text: Text
    quorum_text: Text | None = None


def read_vote(
    rule: VoteRule,
    *,
    base: int | None,
    present: int | None,
    counts: Mapping[str, int | None],
) -> VoteReading:
    """Read one vote. `base`: members due (or all members); `counts` per position.

    Raises `BoleError` when the figures cannot be right: more votes than members present, more
    present than due, a count that is no whole number.
    """
    _refuse_impossible(rule, base, present, counts)
    quorum = None if rule.quorum is None else attendance(rule.quorum, base, present)
    state = None if quorum is None else quorum.state
    said = None if quorum is None else quorum.text
    share = None if rule.share is None else exact(rule.share)
    needed = None if base is None or share is None else fewest(rule.op, share, base)
    agree = counts.get(rule.option)

    def made(result: Decided, text: Text) -> VoteReading:
        return VoteReading(result, state, needed, base, text, said)

    if rule.share is None or needed is None or base is None or agree is None:
        what = (
            Text("通过标准", "the pass figure")
            if rule.share is None
            else rule.base.words
            if base is None
            else Text("同意票数", "agree votes")
        )
        text = Text("缺少{w}，不能判定", "{w} missing: no result").fill(w=what)
        return made(Decided.CANNOT_COMPUTE, text)
    if state is Attendance.NOT_MET and said is not None:
        text = said + Text("。会议不得讨论任免事项。", ". Appointments cannot be discussed.")
        return made(Decided.DOES_NOT_OPEN, text)
    if state is Attendance.CANNOT_COMPUTE and said is not None:
        return made(Decided.CANNOT_COMPUTE, said)
    passed = agree >= needed
    text = Text(
        "{base}{d}人中同意{a}票，{op}{s}须{n}票：{r}",
        "{a} of {d} {base} agree, {op} {s} is {n}: {r}",
    ).fill(
        base=rule.base.words,
        d=base,
        a=agree,
        op=rule.op.words,
        s=say(rule.share),
        n=needed,
        r=Text("通过", "passed") if passed else Text("未通过", "not passed"),
    )
    if not passed and Fraction(agree, base) == share:
        text += Text("（恰为{s}，不算通过）", " (exactly {s} is not enough)").fill(
            s=say(rule.share)
        )
    return made(Decided.PASSED if passed else Decided.NOT_PASSED, text)


def _refuse_impossible(
    rule: VoteRule, base: int | None, present: int | None, counts: Mapping[str, int | None]
) -> None:
    named = [(rule.base.words, base), (Base.ATTENDING.words, present)]
    named += [(Text(k, k), v) for k, v in counts.items()]
    problems = [
        not_a_count(name, value)
        for name, value in named
        if value is not None and not is_count(value)
    ]
    if problems:
        raise BoleError(problems)
    cast = sum(v for v in counts.values() if v is not None)
    whole, words = (
        (present, Base.ATTENDING.words) if present is not None else (base, rule.base.words)
    )
    if base is not None and present is not None and present > base:
        text = Text("到会{p}人，多于{w}{d}人。", "{p} attending is more than {d} {w}.")
        problems.append(
            Problem("PRESENT_OVER_DUE", text.fill(p=present, d=base, w=rule.base.words))
        )
    if whole is not None and cast > whole:
        text = Text("各项票数合计{c}票，多于{w}{d}人。", "The votes add to {c}, more than {d} {w}.")
        problems.append(Problem("VOTES_OVER_PRESENT", text.fill(c=cast, d=whole, w=words)))
    if problems:
        raise BoleError(problems)


@dataclass(frozen=True)
class DifferentialReading:
    """A differential vote: who reached the pass figure, cut at the places, ties left open."""

    result: Decided
    needed: int | None
    over: tuple[str, ...]
    cut: Cut[str] | None
    text: Text


def read_differential(
    rule: VoteRule, *, base: int | None, votes: Mapping[str, int | None], places: int
) -> DifferentialReading:
    """Several persons for fewer places (271.4: pass figure and ties are not in the source, so a
    null share is `cannot_compute` and a tie at the last place is left to the body)."""
    missing = [n for n, v in votes.items() if v is None]
    if rule.share is None or base is None or missing:
        what = (
            Text("通过标准", "the pass figure")
            if rule.share is None
            else rule.base.words
            if base is None
            else Text("、".join(missing) + "的票数", "the votes of " + ", ".join(missing))
        )
        text = Text("缺少{w}，不能判定", "{w} missing: no result").fill(w=what)
        return DifferentialReading(Decided.CANNOT_COMPUTE, None, (), None, text)
    for name, count in votes.items():
        if count is not None and count > base:
            text = Text("{n}得{v}票，多于{w}{d}人。", "{n} has {v} votes of {d} {w}.")
            said = text.fill(n=name, v=count, d=base, w=rule.base.words)
            raise BoleError(Problem("VOTES_OVER_PRESENT", said))
    needed = fewest(rule.op, exact(rule.share), base)
    over: Sequence[str] = [n for n, v in votes.items() if v is not None and v >= needed]
    line = cut({n: votes[n] for n in over}, places)
    text = Text(
        "{d}人中须{n}票，达到者{k}人，名额{p}个",
        "{n} of {d} needed, {k} reach it, {p} places",
    ).fill(d=base, n=needed, k=len(over), p=places)
    if line.tied:
        text += Text(
            "；{t}同票，提请会议决定", "; {t} tied at the last place, the meeting decides"
        ).fill(t="、".join(line.tied))
    result = Decided.PASSED if line.sure or line.tied else Decided.NOT_PASSED
    return DifferentialReading(result, needed, tuple(over), line, text)
