"""Whether a meeting may open, or its result counts: the roll of the due, and who came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator, fewest
from bole.engine.exact.figures import Base, is_count, not_a_count
from bole.engine.exact.numbers import Quantity, exact, say
from bole.engine.text import Text


class AttendanceRule(BaseModel):
    """`share` of `base` must be reached; `governs` says what fails: the opening or the result."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["attendance"] = "attendance"
    id: str = "attendance"
    base: Base = Base.DUE
    op: Comparator
    share: Quantity | None
    governs: Literal["opening", "result"] = "opening"
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


class Attendance(StrEnum):
    """The answer of an attendance rule."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_COMPUTE = "cannot_compute"
    NOT_SET = "not_set"


@dataclass(frozen=True, slots=True)
class AttendanceResult:
    """`needed`: the smallest number of persons that satisfies the rule, shown before the vote."""

    state: Attendance
    needed: int | None
    text: Text


def attendance(rule: AttendanceRule, base: int | None, present: int | None) -> AttendanceResult:
    """Read an attendance rule: `present` persons of `base` (members due, or all members).

    More present than due is a sheet that cannot be right and raises `BoleError`.
    """
    if rule.share is None:
        return AttendanceResult(
            Attendance.NOT_SET,
            None,
            Text("办法未设定到会人数要求", "the scheme sets no attendance"),
        )
    named = [(rule.base.words, base), (Base.ATTENDING.words, present)]
    broken = [not_a_count(n, v) for n, v in named if v is not None and not is_count(v)]
    if broken:
        raise BoleError(broken)
    missing = [name for name, value in named if value is None]
    needed = None if base is None else fewest(rule.op, exact(rule.share), base)
    if base is None or present is None:
        text = Text("缺少{what}", "{what} is missing").fill(what=missing[0])
        return AttendanceResult(Attendance.CANNOT_COMPUTE, needed, text)
    if present > base or base <= 0 or present < 0:
        raise BoleError(
            Problem(
                "PRESENT_OVER_DUE",
                Text(
                    "{base}{d}人，到会{p}人：人数不可能成立。",
                    "{p} attending with {d} {base}: that cannot be right.",
                ).fill(base=rule.base.words, d=base, p=present),
            )
        )
    met = needed is not None and present >= needed
    text = Text(
        "{base}{d}人，到会{p}人，{op}{share}须{n}人",
        "{p} of {d} {base} are present; {op} {share}: at least {n} are needed",
    ).fill(
        base=rule.base.words,
        d=base,
        p=present,
        op=rule.op.words,
        share=say(rule.share),
        n=needed,
    )
    return AttendanceResult(Attendance.MET if met else Attendance.NOT_MET, needed, text)


@dataclass(frozen=True, slots=True)
class RollEntry:
    """One person of the roll, frozen when the meeting opens."""

    person: str
    due: bool = True
    present: bool = False
    recused: bool = False
    voter_class: str = ""
    excused: str = ""


@dataclass(frozen=True, slots=True)
class RollCount:
    """Head counts of a roll. `due` counts as the scheme says; both readings of recusal are kept."""

    due: int
    present: int
    recused: int
    due_with_recused: int
    due_without_recused: int


def count_roll(
    roll: Sequence[RollEntry], recused_stay_due: bool | None, listed: Sequence[str] | None = None
) -> RollCount:
    """Count a roll for one item. Whether a recused member stays among the due is the scheme's
    choice (`None` with a recusal raises `BoleError` RECUSAL_BASE with both figures).

    A person marked present who is not due, twice on the roll, or not among `listed` is refused.
    """
    problems = []
    seen: set[str] = set()
    for entry in roll:
        if entry.person in seen:
            problems.append(
                _roll("TWICE_ON_ROLL", "{p}在名册上出现两次", "{p} is twice on the roll", entry)
            )
        seen.add(entry.person)
        if entry.present and not entry.due:
            problems.append(
                _roll(
                    "PRESENT_NOT_DUE",
                    "{p}标为到会，但不在应到名单中",
                    "{p} is marked present but is not among those due",
                    entry,
                )
            )
        if listed is not None and entry.person not in listed:
            problems.append(
                _roll(
                    "NOT_A_MEMBER",
                    "{p}不是该机构的成员",
                    "{p} is not a member of the body",
                    entry,
                )
            )
    if problems:
        raise BoleError(problems)
    due = [e for e in roll if e.due]
    recused = sum(e.recused for e in due)
    with_, without = len(due), len(due) - recused
    if recused and recused_stay_due is None:
        raise BoleError(
            Problem(
                "RECUSAL_BASE",
                Text(
                    "有{r}人回避：应到含回避为{w}人，不含为{o}人；办法须写明取哪个数",
                    "{r} recused: {w} due with them, {o} without; the scheme must say which counts",
                ).fill(r=recused, w=with_, o=without),
            )
        )
    present = sum(e.present and not e.recused for e in due)
    return RollCount(
        with_ if recused_stay_due or not recused else without, present, recused, with_, without
    )


def _roll(code: str, zh: str, en: str, entry: RollEntry) -> Problem:
    return Problem(code, Text(zh, en).fill(p=entry.person))
