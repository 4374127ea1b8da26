"""Facts of appraisals, awards, sanctions and checks."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from bole.engine.facts.dates import Moment
from bole.engine.facts.definitions import Argument, Fact, year_of
from bole.engine.facts.kinds import APPRAISAL, AWARD, BOOL, DATE, TIMES, YEARS, Type
from bole.engine.facts.sources import (
    Args,
    Count,
    Exists,
    Extreme,
    Got,
    Range,
    Where,
)
from bole.engine.text import Text

TITLE_SECTION = Text("考核奖惩", "Appraisals, awards and sanctions")

_GRADE = Argument("grade", Text("考核等次", "appraisal grade"), "scale", APPRAISAL)
_LAST = Argument("last", Text("年数", "years"), "whole")
_YEAR = Argument("year", Text("年度", "year"), "year")
_WITHIN = Argument("months", Text("月数", "months"), "whole")
_CATEGORY = Argument(
    "category",
    Text("类别", "category"),
    "choice",
    choices={
        "any": Text("处分处理", "sanction or treatment"),
        "sanction": Text("处分", "sanction"),
        "treatment": Text("组织处理", "treatment"),
        "admonition": Text("诫勉", "admonition"),
        "accountability": Text("问责", "accountability"),
    },
    default="any",
)


def _annual(t: ir.Table) -> ir.BooleanValue:
    return t.kind.fill_null("annual") == "annual"


def _in_window(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    """Annual appraisals of the last complete years: the year of the day does not count yet."""
    return _annual(t) & (t.year >= m.year(-a["last"])) & (t.year <= m.year(-1))


@dataclass(frozen=True)
class Years:
    """The number of the last years that were graded so; years without a result widen the range.

    A year before the person's first full year of work is not asked for.
    """

    of: Where
    needs: tuple[str, ...] = ("grade",)
    table: str = "appraisals"

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return _in_window(m, t, args) & self.of(m, t, args)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        none = ibis.literal(None, "int64")
        graded = _in_window(m, t, args) & t.grade.notnull()
        return {
            "sure": ibis.ifelse(hit.fill_null(False), t.year, none).nunique().cast("int64"),
            "seen": ibis.ifelse(graded, t.year, none).nunique().cast("int64"),
        }

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        sure, seen = got("sure").fill_null(0), got("seen").fill_null(0)
        return Range(sure, sure + _missing_years(m, p, args["last"], seen))


_REMEMBERED = 15  # the longest run of years that a streak tells


@dataclass(frozen=True)
class Streak:
    """Years running with the grade, up to last year; a year without a result leaves it open.

    Years are bits of a whole number, last year the lowest, so that no order of rows is needed.
    """

    of: Where
    needs: tuple[str, ...] = ("grade",)
    table: str = "appraisals"

    def hit(self, m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        return self._seen(m, t) & self.of(m, t, args)

    def _seen(self, m: Moment, t: ir.Table) -> ir.BooleanValue:
        return _annual(t) & (t.year <= m.year(-1)) & (t.year > m.year(-1) - _REMEMBERED)

    def measures(
        self, m: Moment, t: ir.Table, hit: ir.BooleanValue, args: Args
    ) -> dict[str, ir.Value]:
        back = m.year(-1) - t.year

        def years(condition: ir.BooleanValue) -> ir.IntegerValue:
            # One highest value for each year: an `or` over bits does not exist on Spark.
            sure = condition.fill_null(False)
            bits = [ibis.ifelse(sure & (back == k), 1 << k, 0).max() for k in range(_REMEMBERED)]
            total = bits[0]
            for bit in bits[1:]:
                total = total + bit
            return total.cast("int64")

        return {"for": years(hit), "against": years(self._seen(m, t) & ~hit)}

    def value(self, m: Moment, p: ir.Table, got: Got, args: Args) -> Range:
        against = got("against").fill_null(0)
        known = got("for").fill_null(0) & ((1 << _REMEMBERED) - 1 - against)
        possible = (1 << _REMEMBERED) - 1 - against
        low, most = _run(known), _run(possible)
        begun = m.year(-1) - p.work_start.year().cast("int64")
        cap = ibis.ifelse(begun > low, begun, low)
        return Range(low, ibis.ifelse((cap < most).fill_null(False), cap, most))


def _run(years: ir.IntegerValue) -> ir.IntegerValue:
    """How many of the lowest bits are set without a gap."""
    runs = [
        ibis.ifelse((years & ((1 << k) - 1)) == (1 << k) - 1, 1, 0)
        for k in range(1, _REMEMBERED + 1)
    ]
    total = runs[0]
    for run in runs[1:]:
        total = total + run
    return total.cast("int64")


def _missing_years(m: Moment, p: ir.Table, last: int, seen: ir.IntegerValue) -> ir.IntegerValue:
    full_years = m.year(-1) - p.work_start.year().cast("int64")
    due = ibis.least(full_years.fill_null(last), last)
    return ibis.greatest(due - seen, 0).cast("int64")


def _confirmed(t: ir.Table, a: Args) -> ir.BooleanValue:
    hit = t.status.fill_null("reported") == "confirmed"
    return hit if a["category"] == "any" else hit & (t.category == a["category"])


def _in_effect(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    # The last day of the period still counts (spec 1 §5.9).
    return _confirmed(t, a) & (t.effect_from <= m.day) & (t.effect_until >= m.day)


FACTS = (
    Fact(
        "appraisal",
        "年度考核",
        Text("{year}年度考核结果", "annual appraisal of {year}"),
        Type("scale", APPRAISAL),
        Extreme(
            "appraisals",
            lambda m, t, a: APPRAISAL.encode(t.grade),
            lambda m, t, a: _annual(t) & (t.year == year_of(m, a["year"])),
            needs=("grade",),
            lowest=True,
        ),
        (_YEAR,),
        reference="R24（3）; 272.1",
        note=Text(
            "last_year 为上一年度；不定等次不参加高低比较",
            "last_year is the year before the day; 不定等次 is neither higher nor lower",
        ),
    ),
    Fact(
        "appraisals_graded",
        "近年考核等次次数",
        Text("近{last}年年度考核{grade}次数", "times {grade} in the last {last} annual appraisals"),
        Type("number", unit=TIMES),
        Years(lambda m, t, a: APPRAISAL.is_(t.grade, a["grade"])),
        (_GRADE, _LAST),
        reference="S3-2.1; 321.3",
    ),
    Fact(
        "appraisals_at_least",
        "近年考核以上次数",
        Text(
            "近{last}年年度考核{grade}以上次数",
            "times {grade} or better in the last {last} annual appraisals",
        ),
        Type("number", unit=TIMES),
        Years(lambda m, t, a: APPRAISAL.at_least(t.grade, a["grade"])),
        (_GRADE, _LAST),
        reference="S3-2.1; S3-9.2",
    ),
    Fact(
        "appraisals_at_most",
        "近年考核以下次数",
        Text(
            "近{last}年年度考核{grade}以下次数",
            "times {grade} or worse in the last {last} annual appraisals",
        ),
        Type("number", unit=TIMES),
        Years(
            lambda m, t, a: t.grade.isin(APPRAISAL.spellings(range(a["grade"] + 1))),
        ),
        (_GRADE, _LAST),
        reference="199.1; 272.1",
    ),
    Fact(
        "appraisal_streak",
        "连续考核年数",
        Text("连续年度考核{grade}年数", "years running graded {grade}"),
        Type("number", unit=YEARS),
        Streak(lambda m, t, a: APPRAISAL.is_(t.grade, a["grade"])),
        (_GRADE,),
        reference="316.4; 100.3",
    ),
    Fact(
        "appraisal_streak_at_least",
        "连续考核以上年数",
        Text("连续年度考核{grade}以上年数", "years running graded {grade} or better"),
        Type("number", unit=YEARS),
        Streak(lambda m, t, a: APPRAISAL.at_least(t.grade, a["grade"])),
        (_GRADE,),
        reference="S3-2.1",
    ),
    Fact(
        "awards_within",
        "近期奖励次数",
        Text("近{months}个月{level}以上奖励次数", "awards of {level} or above in {months} months"),
        Type("number", unit=TIMES),
        Count(
            "awards",
            lambda m, t, a: (
                AWARD.at_least(t.level, a["level"]) & (t.date >= m.months_back(a["months"]))
            ),
            ("level", "date"),
        ),
        (Argument("level", Text("层级", "level"), "scale", AWARD), _WITHIN),
        reference="321.3",
    ),
    Fact(
        "has_award",
        "获得奖励",
        Text("获得过{level}以上奖励", "has an award of {level} or above"),
        BOOL,
        Exists("awards", lambda m, t, a: AWARD.at_least(t.level, a["level"]), ("level",)),
        (Argument("level", Text("层级", "level"), "scale", AWARD),),
        reference="321.3",
    ),
    Fact(
        "under_sanction",
        "处于影响期",
        Text("处于{category}影响期", "in the effect period of a {category}"),
        BOOL,
        Exists("sanctions", _in_effect, ("effect_from", "effect_until", "category")),
        (_CATEGORY,),
        reference="R24（6）; spec 1 §5.9",
        note=Text(
            "只计已确认的；截止日当天仍在影响期", "only confirmed ones; the last day still counts"
        ),
    ),
    Fact(
        "sanction_until",
        "影响期截止",
        Text("{category}影响期截止", "end of the effect period of the {category}"),
        DATE,
        Extreme(
            "sanctions",
            lambda m, t, a: t.effect_until,
            lambda m, t, a: _confirmed(t, a),
            ("effect_until", "category"),
        ),
        (_CATEGORY,),
        reference="R24（6）",
    ),
    Fact(
        "sanctions_within",
        "近期处分次数",
        Text("近{months}个月{category}次数", "times {category} in {months} months"),
        Type("number", unit=TIMES),
        Count(
            "sanctions",
            lambda m, t, a: _confirmed(t, a) & (t.date >= m.months_back(a["months"])),
            ("date", "category"),
        ),
        (_WITHIN, _CATEGORY),
        reference="170.8; Rx",
    ),
    Fact(
        "check_passed",
        "审核通过",
        Text("近{months}个月“{kind}”审核通过", "check “{kind}” passed within {months} months"),
        BOOL,
        Exists(
            "checks",
            lambda m, t, a: (
                (t.kind == a["kind"])
                & (t.date >= m.months_back(a["months"]))
                & t.result.isin(["passed", "通过", "合格", "无影响"])
            ),
            ("date", "result"),
        ),
        (Argument("kind", Text("审核", "check"), "text"), _WITHIN),
        reference="R30",
    ),
)
