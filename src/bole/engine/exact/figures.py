"""The denominators of the field. A share without its base named does not exist in bole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeGuard

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


class Base(StrEnum):
    """Whom or what a share is counted on."""

    DUE = "due"
    ATTENDING = "attending"
    MEMBERS = "members"
    ISSUED = "issued"
    NOT_RETURNED = "not_returned"
    RETURNED = "returned"
    VALID = "valid"
    VOID = "void"
    INTERVIEWEES = "interviewees"
    RATED = "rated"
    PERSONS = "persons"

    @classmethod
    def _missing_(cls, value: object) -> Base | None:
        return _READ.get(str(value).strip().lower().replace(" ", "_"))

    @property
    def words(self) -> Text:
        """The base in a sentence: "valid ballots", "members due" …"""
        return _WORDS[self]


_WORDS = {
    Base.DUE: Text("应到人数", "due"),
    Base.ATTENDING: Text("实到人数", "attending"),
    Base.MEMBERS: Text("全体成员", "members"),
    Base.ISSUED: Text("发出票", "ballots issued"),
    Base.NOT_RETURNED: Text("未收回票", "ballots not returned"),
    Base.RETURNED: Text("收回票", "ballots returned"),
    Base.VALID: Text("有效票", "valid ballots"),
    Base.VOID: Text("无效票", "void ballots"),
    Base.INTERVIEWEES: Text("谈话人数", "interviewees"),
    Base.RATED: Text("作出评价的票", "ballots that rated"),
    Base.PERSONS: Text("参评人数", "persons rated"),
}
_READ = {
    word: base
    for base, words in {
        Base.DUE: "应到 应到会 应到人数 members_due persons_due",
        Base.ATTENDING: "实到 到会 实到人数 present attendance attended persons_attending",
        Base.MEMBERS: "全体成员 委员 全体委员 all_members members_of_the_body",
        Base.ISSUED: "发出 发出票 ballots_issued printed",
        Base.NOT_RETURNED: "未收回",
        Base.RETURNED: "收回 收回票 ballots_returned returned_ballots",
        Base.VALID: "有效 有效票 valid_ballots ballots valid_votes",
        Base.VOID: "无效 无效票 废票 void_ballots invalid",
        Base.INTERVIEWEES: "谈话 谈话人数 interviewed talks",
        Base.RATED: "评价 those_who_know 了解者",
        Base.PERSONS: "参评人数 persons_rated",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True)
class Figures:
    """The head counts of one meeting, sheet or class; a figure that was not entered is absent.

    Never filled with zero: a rule on an absent figure answers "cannot compute" and names it.
    """

    counts: Mapping[Base, int] = field(default_factory=dict)
    where: str = ""

    @classmethod
    def read(cls, row: Mapping[str, Any], where: str = "") -> Figures:
        """The figures among the keys of `row` (null = not entered). Raises `BoleError` (COUNT)."""
        counts: dict[Base, int] = {}
        problems = []
        for key, value in row.items():
            try:
                base = Base(key)
            except ValueError:
                continue
            if value is None:
                continue
            if not is_count(value):
                problems.append(not_a_count(base.words, value, where))
            else:
                counts[base] = value
        if problems:
            raise BoleError(problems)
        return cls(counts, where)

    def of(self, base: Base) -> int | None:
        """The figure, or None when it was not entered."""
        return self.counts.get(base)

    def __iter__(self) -> Iterator[Base]:
        return iter(self.counts)

    def with_(self, **counts: int) -> Figures:
        """The same figures with some set."""
        return Figures({**self.counts, **{Base(k): v for k, v in counts.items()}}, self.where)


def is_count(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number from 0 up."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def not_a_count(name: Text, value: Any, where: str = "") -> Problem:
    """The problem of a count that is negative, broken or not a number."""
    return Problem(
        "COUNT",
        Text(
            "{name}应为不小于0的整数，填写的是“{value}”",
            '{name} must be a whole number from 0 up; entered: "{value}"',
        ).fill(name=name, value=value),
        where,
    )
