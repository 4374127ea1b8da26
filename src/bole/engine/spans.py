"""Ages and spells of service in completed years and months, with unknown ends and odd days.

A birthday itself counts; a spell's last day is included; overlaps count once; "2 years" is reached
on the day before the second anniversary of the first day (spec chapter 1 §2.4).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import add_months, month_end

Day = datetime.date
ONE = datetime.timedelta(days=1)
SHORTEST_MONTH = 28

OddDays = Literal["drop", "thirty_days_are_a_month"]


def day_of(value: Any, name: Text, where: str = "") -> Day:
    """A date from a form: a date or ISO text. Raises `BoleError` (DATE) if there is no such day."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, Day):
        return value
    try:
        return Day.fromisoformat(str(value).strip())
    except ValueError:
        text = Text(
            "{name}：{value}不存在或不是日期（写成 1990-02-28 的样子）",
            "{name}: {value} does not exist or is no date (write it like 1990-02-28)",
        )
        raise BoleError(Problem("DATE", text.fill(name=name, value=value), where)) from None


@dataclass(frozen=True)
class Birth:
    """The days on which a person may have been born; one day when the day is on file."""

    first: Day
    last: Day

    @classmethod
    def of(cls, value: Any, name: Text, where: str = "") -> Birth:
        """From a full date, or a month such as "1985-03" (any day of it). Raises `BoleError`."""
        month = re.fullmatch(r"\s*(\d{4})[-.](\d{1,2})\s*", str(value))
        if month is None:
            day = day_of(value, name, where)
            return cls(day, day)
        year, number = int(month[1]), int(month[2])
        if not 1 <= number <= 12:
            return cls.of(f"{year}-{number:02}-01", name, where)
        return cls(Day(year, number, 1), month_end(year, number))

    def not_after(
        self, other: Day | None, name: Text, where: str, other_name: Text | None = None
    ) -> None:
        """Refuse a birth after `other` (the as-of date, or another event). Raises `BoleError`."""
        if other is None or self.first <= other:
            return
        text = Text(
            "{other_name}{other}早于{name}{birth}，请更正",
            "{other_name} {other} lies before the {name} {birth}; correct one of the two",
        ).fill(
            other_name=other_name or Text("截止日期", "the as-of date"),
            other=other,
            name=name,
            birth=self.first,
        )
        raise BoleError(Problem("DATE_ORDER", text, where))

    def ages(self, on: Day) -> tuple[int, int]:
        """The youngest and oldest age on a day, in completed years; equal when it is certain."""
        return completed_years(self.last, on), completed_years(self.first, on)


def completed_years(start: Day, on: Day) -> int:
    """Whole years from `start` to `on`; the anniversary itself counts (29 February: 1 March)."""
    return on.year - start.year - ((on.month, on.day) < (start.month, start.day))


@dataclass(frozen=True)
class Spell:
    """Days of service, first and last day included; an end that is not on file is `None`.

    `ongoing` marks a spell that is known to run on; without it a missing end is unknown.
    """

    start: Day | None
    end: Day | None
    ongoing: bool = False


@dataclass(frozen=True)
class Block:
    """Spells that touch or overlap, counted once: whole months, and the odd days after them."""

    start: Day
    end: Day

    @property
    def months(self) -> int:
        """Whole months reached by the end of the last day."""
        after = self.end + ONE
        n = (after.year - self.start.year) * 12 + after.month - self.start.month
        return n if add_months(self.start, n) <= after else n - 1

    @property
    def odd_days(self) -> int:
        """Days left over after the whole months."""
        return (self.end + ONE - add_months(self.start, self.months)).days


@dataclass(frozen=True)
class Served:
    """Service against a wanted number of months.

    `months` counts only what is certain; `short_days` = the days still to be served after the last
    block; `missing` names what is not on file or not set ("start", "end", "odd_days").
    """

    verdict: Verdict
    blocks: tuple[Block, ...]
    months: int
    short_days: int
    missing: tuple[str, ...]


def blocks(spells: Iterable[Spell], as_of: Day) -> tuple[Block, ...]:
    """The spells with a known start up to `as_of`, merged where they touch or overlap.

    An ongoing spell runs to `as_of`. Raises `BoleError` (SPELL_ORDER) for an end before the start.
    """
    known: list[tuple[Day, Day]] = []
    for spell in spells:
        end = as_of if spell.ongoing and spell.end is None else spell.end
        if spell.start is None or end is None:
            continue
        if end < spell.start and spell.end is not None:
            text = Text(
                "止日{end}早于起日{start}，请更正",
                "the last day {end} is before the first day {start}; correct one of the two",
            )
            raise BoleError(Problem("SPELL_ORDER", text.fill(start=spell.start, end=end)))
        if spell.start <= as_of:
            known.append((spell.start, min(end, as_of)))
    merged: list[Block] = []
    for start, end in sorted(known):
        if merged and start <= merged[-1].end + ONE:
            merged[-1] = Block(merged[-1].start, max(merged[-1].end, end))
        else:
            merged.append(Block(start, end))
    return tuple(merged)


def served(
    spells: Sequence[Spell], wanted_months: int, as_of: Day, odd_days: OddDays | None = None
) -> Served:
    """Whether the spells reach `wanted_months` by `as_of`.

    Blocks add up in whole months. Days left over in several blocks are added only as `odd_days`
    says; while that is not set they leave the answer open when they could decide it. A missing
    start or end is counted both ways: from nothing to the longest possible.
    """
    sure = blocks(spells, as_of)
    low, high = _months(sure, odd_days)
    holes: list[str] = []
    longest = [Spell(s.start or Day.min, s.end if s.end is not None else as_of) for s in spells]
    if any(s.start is None for s in spells):
        holes.append("start")
    if any(s.end is None and not s.ongoing for s in spells):
        holes.append("end")
    if low >= wanted_months:
        return Served(Verdict.MET, sure, low, 0, ())
    most = _months(blocks(longest, as_of), odd_days)[1] if holes else high
    if most < wanted_months:
        return Served(Verdict.NOT_MET, sure, low, _short(sure, wanted_months, as_of), ())
    if not holes:
        holes.append("odd_days")
    return Served(Verdict.UNKNOWN, sure, low, 0, tuple(holes))


def _months(found: Sequence[Block], odd_days: OddDays | None) -> tuple[int, int]:
    """The months that are certain, and the most that odd days of several blocks could make."""
    whole = sum(block.months for block in found)
    odd = sum(block.odd_days for block in found)
    if odd_days == "thirty_days_are_a_month":
        return whole + odd // 30, whole + odd // 30
    if odd_days == "drop" or len(found) < 2:
        return whole, whole
    return whole, whole + odd // SHORTEST_MONTH


def _short(found: Sequence[Block], wanted_months: int, as_of: Day) -> int:
    """Days that the last block would have to run on; without a block, counted after `as_of`."""
    if not found:
        return (add_months(as_of + ONE, wanted_months) - (as_of + ONE)).days
    *before, last = found
    left = wanted_months - sum(block.months for block in before)
    return (add_months(last.start, left) - ONE - last.end).days
