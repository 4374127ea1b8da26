"""The comparators of the field and the guide figures that follow from them."""

from __future__ import annotations

import math
from enum import StrEnum
from fractions import Fraction

from bole.engine.text import Text


class Comparator(StrEnum):
    """以上/达到/不低于/不少于 = ge; 超过/过半 = gt; 以下(含)/不超过 = le; 低于/不足 = lt."""

    AT_LEAST = "ge"
    ABOVE = "gt"
    AT_MOST = "le"
    BELOW = "lt"
    EQUAL = "eq"

    @classmethod
    def _missing_(cls, value: object) -> Comparator | None:
        return _READ.get(str(value).strip().lower().replace(" ", "_"))

    def holds(self, left: Fraction, right: Fraction) -> bool:
        """Whether `left` stands to `right` as the comparator says; exact."""
        return {
            Comparator.AT_LEAST: left >= right,
            Comparator.ABOVE: left > right,
            Comparator.AT_MOST: left <= right,
            Comparator.BELOW: left < right,
            Comparator.EQUAL: left == right,
        }[self]

    @property
    def words(self) -> Text:
        """The comparator in a sentence: "at least", "more than" …"""
        return _WORDS[self]


_WORDS = {
    Comparator.AT_LEAST: Text("达到", "at least"),
    Comparator.ABOVE: Text("超过", "more than"),
    Comparator.AT_MOST: Text("不超过", "at most"),
    Comparator.BELOW: Text("低于", "below"),
    Comparator.EQUAL: Text("等于", "exactly"),
}
_READ = {
    word: op
    for op, words in {
        Comparator.AT_LEAST: ">= ≥ at_least 以上 达到 不低于 不少于 至少",
        Comparator.ABOVE: "> above more_than over 超过 过半 高于",
        Comparator.AT_MOST: "<= ≤ at_most 以下 不超过 不高于 至多",
        Comparator.BELOW: "< below less_than 低于 不足 不到 不满",
        Comparator.EQUAL: "== = eq 等于",
    }.items()
    for word in words.split()
}


def fewest(op: Comparator, share: Fraction, base: int) -> int:
    """The guide figure shown to users: the smallest count whose share of `base` satisfies `op`.

    More than half of n = floor(n/2)+1; at least two thirds = ceil(2n/3); more than two thirds =
    floor(2n/3)+1; a floor of p = ceil(p·n). For AT_MOST and BELOW every count from zero does.
    """
    if op is Comparator.AT_LEAST:
        return math.ceil(share * base)
    if op is Comparator.ABOVE:
        return math.floor(share * base) + 1
    return 0 if op is not Comparator.EQUAL else math.ceil(share * base)


def most(op: Comparator, share: Fraction, base: int) -> int:
    """The largest count whose share of `base` satisfies `op`: a cap of p = floor(p·n)."""
    if op is Comparator.AT_MOST:
        return math.floor(share * base)
    if op is Comparator.BELOW:
        return math.ceil(share * base) - 1
    return base if op is not Comparator.EQUAL else math.floor(share * base)
