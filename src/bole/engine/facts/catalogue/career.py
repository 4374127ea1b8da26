"""Facts of grades, ranks and posts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from bole.engine.facts import dates
from bole.engine.facts.dates import Moment
from bole.engine.facts.definitions import Argument, Fact
from bole.engine.facts.kinds import (
    BOOL,
    DATE,
    GRADE,
    MONTHS,
    POSTS,
    TIMES,
    YEARS,
    Type,
)
from bole.engine.facts.sources import (
    Args,
    Count,
    Derived,
    Exists,
    Extreme,
    Person,
    Spells,
    Where,
)
from bole.engine.facts.views import is_current, post_key, unit_key
from bole.engine.text import Text

TITLE_SECTION = Text("职务职级", "Grades, ranks and posts")

_GRADE = Argument("grade", Text("职务层次", "grade"), "scale", GRADE)
_RANK = Argument("rank", Text("职级", "rank"), "text")
_WITHIN = Argument("months", Text("月数", "months"), "whole")


def _served(m: Moment, t: ir.Table, hit: ir.BooleanValue) -> ir.BooleanValue:
    """Leaves out acting service where the scheme does not count it."""
    if m.settings.acting == "do_not_count" and "acting" in t.columns:
        return hit & ~t.acting.fill_null(False)
    return hit


def _at_grade(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return _served(m, t, GRADE.is_(t.grade, a["grade"]))


def _at_grade_or_above(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return _served(m, t, GRADE.at_least(t.grade, a["grade"]))


def _present(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return _served(m, t, t._code == t._present)


def _marked_now(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    return t._now == 1


def _flag(column: str) -> Where:
    return lambda m, t, a: _served(m, t, t[column])


def _current_and(column: str) -> Where:
    return lambda m, t, a: t[column] & is_current(m, t)


def _promoted(m: Moment, t: ir.Table, a: Args) -> ir.BooleanValue:
    # The first grade on file is an entry, not a promotion.
    return ibis.ifelse(t._before.isnull(), False, t._code > t._before)


def _pair(
    stem: str, chinese: str, zh: str, en: str, table: str, where: Where, **more: object
) -> tuple[Fact, Fact]:
    """The same service in completed years and in completed months."""
    needs = more.pop("needs", ("start",))
    return (
        Fact(
            f"years_{stem}",
            f"{chinese}年限",
            Text(f"{zh}年限", f"years {en}"),
            Type("number", unit=YEARS),
            Spells(table, where, "years", needs),  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        ),
        Fact(
            f"months_{stem}",
            f"{chinese}月数",
            Text(f"{zh}月数", f"months {en}"),
            Type("number", unit=MONTHS),
            Spells(table, where, "months", needs),  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        ),
    )


_PROMOTION = Extreme("promotions", lambda m, t, a: t.start, _promoted, needs=("start", "grade"))

FACTS = (
    Fact(
        "grade",
        "现职务层次",
        Text("现职务层次", "present grade"),
        Type("scale", GRADE),
        Extreme(
            "grade_spells",
            lambda m, t, a: GRADE.encode(t.grade),
            lambda m, t, a: is_current(m, t),
            needs=("grade",),
        ),
        reference="397.1",
        note=Text("有多个现职时取最高", "the highest of the present posts"),
    ),
    Fact(
        "highest_grade",
        "曾任最高层次",
        Text("曾任最高职务层次", "highest grade ever held"),
        Type("scale", GRADE),
        Extreme("grade_spells", lambda m, t, a: GRADE.encode(t.grade), needs=("grade",)),
        reference="144.1",
    ),
    *_pair(
        "at_grade",
        "任职务层次",
        "任{grade}",
        "at the grade of {grade}",
        "grade_spells",
        _at_grade,
        arguments=(_GRADE,),
        reference="R8.3; N8; S3-2.1",
        needs=("grade", "start"),
    ),
    *_pair(
        "at_grade_or_above",
        "任职务层次以上",
        "任{grade}以上",
        "at the grade of {grade} or above",
        "grade_spells",
        _at_grade_or_above,
        arguments=(_GRADE,),
        reference="S3-9.2",
        needs=("grade", "start"),
    ),
    *_pair(
        "at_present_grade",
        "任现层次",
        "任现职务层次",
        "at the present grade",
        "present_grade",
        _present,
        reference="R8.3",
        needs=("grade", "start"),
    ),
    Fact(
        "grade_since",
        "任现层次时间",
        Text("任现职务层次时间", "grade since"),
        DATE,
        Extreme(
            "present_grade",
            lambda m, t, a: t.start,
            _present,
            needs=("grade", "start"),
            lowest=True,
        ),
        reference="glossary 任现级别时间",
        note=Text("首次任该层次的日期", "the first day at that grade"),
    ),
    Fact(
        "last_promotion",
        "最近提拔时间",
        Text("最近一次提拔时间", "date of the last promotion"),
        DATE,
        _PROMOTION,
        reference="R9; 401.3",
    ),
    Fact(
        "months_since_promotion",
        "距最近提拔月数",
        Text("距最近一次提拔月数", "months since the last promotion"),
        Type("number", unit=MONTHS),
        Derived(_PROMOTION, lambda m, date, a: dates.full_months(date, m.day)),
        reference="R9; 401.3",
        note=Text("没有提拔记录的为待定", "unknown where no promotion is on file"),
    ),
    Fact(
        "promoted_within",
        "近期提拔",
        Text("近{months}个月内提拔", "promoted within {months} months"),
        BOOL,
        Exists(
            "promotions",
            lambda m, t, a: _promoted(m, t, a) & (t.start >= m.months_back(a["months"])),
            needs=("start", "grade"),
            open=True,
        ),
        (_WITHIN,),
        reference="R9; 401.3",
    ),
    Fact(
        "promotions",
        "提拔次数",
        Text("提拔次数", "promotions"),
        Type("number", unit=TIMES),
        Count("promotions", _promoted, ("grade", "start"), open=True),
        reference="R9",
    ),
    *_pair(
        "at_rank",
        "任职级",
        "任{rank}",
        "at the rank of {rank}",
        "ranks",
        lambda m, t, a: t["rank"] == a["rank"],
        arguments=(_RANK,),
        reference="058.2; 职级晋升",
        needs=("rank", "start"),
    ),
    Fact(
        "holds_rank",
        "现任职级",
        Text("现任{rank}", "holds the rank of {rank}"),
        BOOL,
        Exists(
            "ranks",
            lambda m, t, a: (t["rank"] == a["rank"]) & is_current(m, t),
            needs=("rank", "end"),
        ),
        (_RANK,),
        reference="124.2",
    ),
    Fact(
        "posts_held",
        "任该层次职务数",
        Text("任{grade}职务个数", "posts held at the grade of {grade}"),
        Type("number", unit=POSTS),
        Count("posts", _at_grade, ("grade",), open=True, distinct=post_key),
        (_GRADE,),
        reference="R8.2",
        note=Text("同一单位同一职务分段记载的算一个", "rows of one title in one unit are one post"),
    ),
    Fact(
        "posts_now",
        "现任职务数",
        Text("现任职务个数", "posts held at present"),
        Type("number", unit=POSTS),
        Count("posts", lambda m, t, a: is_current(m, t), ("end",), open=True, distinct=post_key),
        reference="283.9",
    ),
    Fact(
        "units_served",
        "任职单位数",
        Text("任职单位个数", "units served in"),
        Type("number", unit=POSTS),
        Count("posts", lambda m, t, a: ibis.literal(True), open=True, distinct=unit_key),
        reference="S1.12",
    ),
    *_pair(
        "in_post",
        "任现职",
        "任现职",
        "in the present post",
        "present_post",
        _marked_now,
        reference="S1.12; 312.2",
    ),
    Fact(
        "post_since",
        "任现职时间",
        Text("任现职时间", "post since"),
        DATE,
        Extreme("present_post", lambda m, t, a: t.start, _marked_now, ("start",), lowest=True),
        reference="glossary 任现职时间",
    ),
    *_pair(
        "in_unit",
        "在现单位",
        "在现单位任职",
        "in the present unit",
        "present_unit",
        _marked_now,
        reference="S1.12; 312.2",
    ),
    *_pair(
        "in_leading_posts",
        "任领导职务",
        "任领导职务",
        "in leading posts",
        "posts",
        _flag("leading"),
        reference="S3-9.2",
        needs=("leading", "start"),
    ),
    *_pair(
        "as_head",
        "任正职",
        "任单位正职",
        "as head of a unit",
        "posts",
        _flag("head"),
        reference="S1.5",
        needs=("head", "start"),
    ),
    *_pair(
        "in_team",
        "任班子成员",
        "任领导班子成员",
        "in a leadership team",
        "posts",
        _flag("team"),
        reference="401.3",
        needs=("team", "start"),
    ),
    Fact(
        "leading_now",
        "现任领导职务",
        Text("现任领导职务", "in a leading post at present"),
        BOOL,
        Exists("posts", _current_and("leading"), ("leading", "end"), open=True),
    ),
    Fact(
        "head_now",
        "现任正职",
        Text("现任单位正职", "head of a unit at present"),
        BOOL,
        Exists("posts", _current_and("head"), ("head", "end"), open=True),
        reference="170.8",
    ),
    Fact(
        "team_now",
        "现为班子成员",
        Text("现为领导班子成员", "in a leadership team at present"),
        BOOL,
        Exists("posts", _current_and("team"), ("team", "end"), open=True),
        reference="401.3",
    ),
    Fact(
        "acting_now",
        "现代理职务",
        Text("现为代理", "acting at present"),
        BOOL,
        Exists("posts", _current_and("acting"), ("acting", "end"), open=True),
    ),
    Fact(
        "unit",
        "现单位编号",
        Text("现单位编号", "number of the present unit"),
        Type("number"),
        Person(lambda m, p, a: p.unit, ("unit",)),
    ),
    Fact(
        "has_held_title",
        "曾任职务",
        Text("曾任职务含“{word}”", "has held a post titled “{word}”"),
        BOOL,
        Exists("posts", lambda m, t, a: t.title.contains(a["word"]), ("title",), open=True),
        (Argument("word", Text("职务名称", "title"), "text"),),
        reference="056.3; S3-9.2",
    ),
)
