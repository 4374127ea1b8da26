"""The few ways in which a fact arises from rows: from the person, by counting, by adding up time.

A value is a `Range`: what is certain, and what is possible. A number whose rows are all complete
has low = high (the same object); an unknown bound is null. Comparisons are decided only when the
whole range agrees, so a gap in the file never turns into a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import ibis
import ibis.expr.types as ir

from bole.engine.facts import dates
from bole.engine.facts.dates import Moment

Args = Mapping[str, Any]
Where = Callable[[Moment, ir.Table, Args], ir.BooleanValue]
Got = Callable[[str], ir.Value]


class Range(NamedTuple):
    """The certain and the possible value; `low is high` for an exact one."""

    low: Any
    high: Any

    @classmethod
    def exact(cls, value: Any) -> Range:
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        return self.low is self.high


class Source(Protocol):
    """How a fact is computed from one table; see the classes below."""

    @property
    def table(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        """The rows behind the fact; null where the row does not say."""
        ...

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        """Aggregates per person."""
        ...

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        """The fact from the person's columns and aggregates (null when there is no row)."""
        ...


def everything(m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
    """All rows."""
    return ibis.literal(True)


def _count(condition: ir.BooleanValue) -> ir.IntegerValue:
    # A sum of 0 and 1: a filtered count without a match is 0 here and NULL there.
    return _whole_sum(ibis.ifelse(condition.fill_null(False), 1, 0))


def _whole_sum(number: ir.IntegerValue) -> ir.IntegerValue:
    # DuckDB adds whole numbers up to 128 bits, slowly, and Arrow hands those out as decimals.
    return number.cast("float64").sum().cast("int64")


def _never_null(value: ir.Value) -> ir.Value:
    return value.fill_null(0)


@dataclass(frozen=True)
class Person:
    """A fact of the person's own row; null when a column that it needs is missing.

    `dated` marks values that move with month-only dates; `falls` those that fall as time passes.
    """

    of: Callable[[Moment, ir.Table, Args], ir.Value]
    needs: tuple[str, ...]
    dated: bool = False
    falls: bool = False
    table: str = "persons"

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return ibis.literal(True)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        return {}

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        return Range.exact(self.of(m, p, args))


@dataclass(frozen=True)
class Count:
    """The number of rows; rows that do not say whether they count widen the range.

    With `distinct` different values of that column are counted instead of rows. An `open` table is
    one that everybody has rows in: without any, the number is unknown.
    """

    table: str
    where: Where
    needs: tuple[str, ...] = ()
    open: bool = False
    distinct: Callable[[ir.Table], ir.Value] | None = None

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.where(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        loose = hit.isnull()
        if self.distinct is None:
            sure = _count(hit)
        else:
            column = self.distinct(t)
            sure = ibis.ifelse(
                hit.fill_null(False), column, ibis.literal(None, column.type())
            ).nunique()
            loose = loose | (hit & column.isnull()).fill_null(False)
        return {"sure": sure.cast("int64"), "loose": _count(loose)}

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        sure, loose = got("sure"), got("loose")
        if not self.open:
            sure, loose = _never_null(sure), _never_null(loose)
        return Range(sure, sure + loose)


@dataclass(frozen=True)
class Exists:
    """Whether there is such a row; unknown if none is sure but one may be."""

    table: str
    where: Where
    needs: tuple[str, ...] = ()
    open: bool = False

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.where(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        return {
            "sure": ibis.ifelse(hit.fill_null(False), 1, 0).max(),
            "loose": ibis.ifelse(hit.isnull(), 1, 0).max(),
        }

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        sure, loose = got("sure"), got("loose")
        if not self.open:
            sure, loose = _never_null(sure), _never_null(loose)
        return Range.exact(
            ibis.cases((sure == 1, True), (loose == 0, False), else_=ibis.literal(None, "bool"))
        )


@dataclass(frozen=True)
class All:
    """Whether every row of a kind fulfils a condition; not so when there is no row of the kind."""

    table: str
    of: Where
    where: Where
    needs: tuple[str, ...] = ()
    open: bool = False

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.of(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        holds = self.where(m, t, args)
        return {
            "against": ibis.ifelse((hit & ~holds).fill_null(False), 1, 0).max(),
            "loose": ibis.ifelse(
                hit.isnull() | (hit & holds.isnull()).fill_null(False), 1, 0
            ).max(),
            "sure": ibis.ifelse(hit.fill_null(False), 1, 0).max(),
        }

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        against, loose, sure = got("against"), got("loose"), got("sure")
        if not self.open:
            against, loose, sure = map(_never_null, (against, loose, sure))
        return Range.exact(
            ibis.cases(
                (against == 1, False),
                (loose == 1, ibis.literal(None, "bool")),
                (sure == 1, True),
                (sure == 0, False),
                else_=ibis.literal(None, "bool"),
            )
        )


@dataclass(frozen=True)
class Total:
    """The sum of a column over rows; without its number a row leaves the sum open.

    `rising` = the numbers are never negative, so that the sum of the known ones is certain.
    """

    table: str
    column: str | Callable[[Moment, ir.Table, Args], ir.NumericValue]
    where: Where
    needs: tuple[str, ...] = ()
    rising: bool = True

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.where(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        number = t[self.column] if isinstance(self.column, str) else self.column(m, t, args)
        # Added as decimals: ten times 0.1 is 1.
        number = number.cast("decimal(18, 4)")
        sure = hit.fill_null(False)
        return {
            "sum": ibis.ifelse(sure, number, ibis.literal(None, number.type()))
            .sum()
            .cast("float64"),
            "loose": _count(hit.isnull() | (sure & number.isnull())),
        }

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        total, loose = got("sum").fill_null(0.0), got("loose").fill_null(0)
        known = ibis.ifelse(loose == 0, total, ibis.literal(None, "float64"))
        return Range(total if self.rising else known, known)


@dataclass(frozen=True)
class Extreme:
    """The highest (or lowest) value among rows: a step, a date, a number.

    Without a row it is null, or `absent` if nothing on file means that (no title, no degree); an
    `open` table without any row says nothing at all.
    """

    table: str
    of: Callable[[Moment, ir.Table, Args], ir.Value]
    where: Where = everything
    needs: tuple[str, ...] = ()
    lowest: bool = False
    absent: int | None = None
    open: bool = False

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.where(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        value = self.of(m, t, args)
        sure = hit.fill_null(False)
        picked = ibis.ifelse(sure, value, ibis.literal(None, value.type()))
        return {
            "best": picked.min() if self.lowest else picked.max(),
            "loose": _count(hit.isnull() | (sure & value.isnull())),
        }

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        best, loose = got("best"), got("loose")
        if not self.open:
            loose = loose.fill_null(0)
        if self.absent is not None:
            best = ibis.ifelse(loose.notnull() & best.isnull(), self.absent, best)
        known = ibis.ifelse(loose == 0, best, ibis.literal(None, best.type()))
        # What is sure can only be surpassed by rows that do not say.
        return Range(known, best) if self.lowest else Range(best, known)


@dataclass(frozen=True)
class Derived:
    """A fact computed from the extreme of rows, such as months since the latest date."""

    base: Extreme
    then: Callable[[Moment, ir.Value, Args], ir.Value]

    @property
    def table(self) -> str:
        return self.base.table

    @property
    def needs(self) -> tuple[str, ...]:
        return self.base.needs

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.base.hit(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        return self.base.measures(m, t, hit, args)

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        low, high = self.base.value(m, p, got, args)
        if low is high:
            return Range.exact(self.then(m, low, args))
        # A later date is a shorter time since, and the other way round.
        return Range(self.then(m, high, args), self.then(m, low, args))


@dataclass(frozen=True)
class Spells:
    """Time served in completed months or years: overlaps count once, touching spells join.

    Needs the columns of `spell_columns` and the windows `_prev`, `_island` of this fact. A row
    that may count, or whose dates are incomplete, widens the range by the longest it can be.
    """

    table: str
    where: Where
    unit: str  # "years" | "months"
    needs: tuple[str, ...] = ()
    open: bool = True

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self.where(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        raise NotImplementedError("plan.py adds the windows of spells")

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        if not self.open:
            given = got

            def got(name: str) -> ir.Value:
                return given(name).fill_null(0)

        months, loose = got("months"), got("loose")
        low = high = months
        if m.settings.odd_days != "drop":
            odd = ibis.ifelse(got("blocks") > 1, got("odd"), 0)
            if m.settings.odd_days == "ask":
                low, high = months + _whole(odd, 31), months + _whole(odd, 28)
            else:
                low = high = months + _whole(odd, 30)
        high = ibis.cases(
            (loose == 0, high),
            (got("boundless") == 0, high + got("extra")),
            else_=ibis.literal(None, "int64"),
        )
        if self.unit == "years":
            return Range(_whole(low, 12), _whole(high, 12))
        return Range(low, high)


def _whole(number: ir.NumericValue, by: int) -> ir.IntegerValue:
    # Numbers of months are never negative; `//` is exact on both engines for such sizes.
    return (number // by).cast("int64")


def spell_columns(
    t: ir.Table, hits: Mapping[str, ir.BooleanValue], kept: Sequence[str], m: Moment
) -> ir.Table:
    """The spells as stamps (`until` is exclusive and never after the day), hits and kept columns.

    A month-only start served "until the same month" must not be helped by the last day, so it is
    counted from the second; a month-only end reaches to the end of its month (see docs/facts.md).
    """
    included = m.settings.last_day == "included"
    reached = m.settings.month_dates == "reached"
    one = ibis.interval(days=1)

    def after(date: ir.DateValue) -> ir.DateValue:
        return (date + one).cast("date") if included else date

    today = after(m.day)
    end = after(m.first(t.end, t.end_precision, long=False))
    monthly = t.end_precision.fill_null("day") == "month"
    if reached:
        end = ibis.ifelse(monthly, dates.month_end(t.end), end)
    t = t.select(
        "person",
        *kept,
        _start=m.first(t.start, t.start_precision),
        _late=ibis.ifelse(t.start_precision.fill_null("day") == "month", 4, 0).cast("int64"),
        _end=ibis.ifelse(end < today, end, today).fill_null(today),
        _joins=(monthly & (end < today)).fill_null(False),
        _vague=t.end_precision.fill_null("day") == "unknown",
        **{f"{k}_hit": hit for k, hit in hits.items()},
    )
    begin = dates.stamp(t._start)
    joins = ibis.ifelse(t._joins, dates.MONTHLY, 0).cast("int64") if reached else 0
    return t.select(
        "person",
        *kept,
        "_vague",
        _begin=begin,
        _from=begin + t._late if included and reached else begin,
        _until=dates.stamp(t._end) + _last_flag(t._end) + joins,
        **{f"{k}_hit": t[f"{k}_hit"] for k in hits},
    )


def _last_flag(date: ir.DateValue) -> ir.IntegerValue:
    last = (date + ibis.interval(days=1)).cast("date").day() == 1
    return ibis.ifelse(last, dates.LAST, 0).cast("int64")


def spell_windows(
    t: ir.Table, hits: Mapping[str, ir.BooleanValue], m: Moment
) -> tuple[ir.Table, dict[str, dict[str, ir.Value]]]:
    """Adds two passes of windows for several facts at once; returns their aggregates by key.

    First pass: how far the spells before this one reach. Second pass: where the block began to
    which it belongs. A row then adds what it makes the block longer, so plain sums give the total.
    """
    before = ibis.window(group_by="person", order_by="_begin", rows=(None, -1))
    so_far = ibis.window(group_by="person", order_by="_begin", rows=(None, 0))
    none = ibis.literal(None, "int64")
    t = t.mutate(
        **{
            f"{k}_ok": (t[f"{k}_hit"] & ~t._vague & (t._until > t._begin)).fill_null(False)
            for k in hits
        }
    )
    t = t.mutate(
        **{f"{k}_prev": ibis.ifelse(t[f"{k}_ok"], t._until, none).max().over(before) for k in hits}
    )
    t = t.mutate(
        **{f"{k}_new": t[f"{k}_ok"] & _starts_block(t[f"{k}_prev"], t._begin) for k in hits}
    )
    t = t.mutate(
        **{
            f"{k}_island": ibis.ifelse(t[f"{k}_new"], t._from, none).max().over(so_far)
            for k in hits
        }
    )
    return t, {k: _spell_sums(t, k, m) for k in hits}


def _starts_block(previous: ir.IntegerValue, begin: ir.IntegerValue) -> ir.BooleanValue:
    next_first = (dates.stamp_month(previous) + 1) * 128 + 4
    joins = (begin >> 2 <= previous >> 2) | (
        ((previous & dates.MONTHLY) != 0) & (begin == next_first)
    )
    return previous.isnull() | ~joins


def _spell_sums(t: ir.Table, key: str, m: Moment) -> dict[str, ir.Value]:
    hit, ok, new = t[f"{key}_hit"], t[f"{key}_ok"], t[f"{key}_new"]
    previous, island = t[f"{key}_prev"], t[f"{key}_island"]

    def added(length: Callable[[Any, Any], ir.IntegerValue]) -> ir.IntegerValue:
        grown = ok & (new | (t._until > previous))
        already = ibis.ifelse(new, 0, length(island, previous))
        return _whole_sum(ibis.ifelse(grown, length(island, t._until) - already, 0))

    loose = hit.isnull() | (hit & (t._begin.isnull() | t._vague))
    spread = dates.stamp_month(t._until) - dates.stamp_month(t._begin) + 1
    sums = {
        "months": added(dates.months_between),
        "loose": _count(loose),
        "boundless": ibis.ifelse((loose & t._begin.isnull()).fill_null(False), 1, 0).max(),
        "extra": _whole_sum(ibis.ifelse(loose.fill_null(False), spread, 0)),
    }
    if m.settings.odd_days != "drop":
        sums["odd"] = added(dates.odd_days_between)
        sums["blocks"] = _count(new)
    return sums
