"""Facts of the person: age, service, Party standing, identity, education, titles, family."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from bole.engine.facts import dates
from bole.engine.facts.dates import Moment
from bole.engine.facts.definitions import Argument, Fact
from bole.engine.facts.kinds import (
    BOOL,
    DATE,
    DEGREE,
    EDUCATION,
    MONTHS,
    TEXT,
    TITLE,
    YEARS,
    YEARS_OLD,
    Type,
)
from bole.engine.facts.sources import All, Args, Exists, Extreme, Person
from bole.engine.text import Text

TITLE_SECTION = Text("人员基本情况", "The person")


def _since(column: str, m: Moment, p: ir.Table, *, long: bool = True) -> ir.DateValue:
    precision = f"{column}_precision"
    date = p[column]
    return m.first(date, p[precision], long=long) if precision in p.columns else date


def _years(column: str) -> Person:
    def of(m: Moment, p: ir.Table, args: Args) -> ir.IntegerValue:
        since = _since(column, m, p)
        # A date after the day is an error of the file, not an age below nought.
        return ibis.ifelse(
            since <= m.day, dates.full_years(since, m.day), ibis.literal(None, "int64")
        )

    return Person(of, (column,), dated=True)


def _months(column: str) -> Person:
    def of(m: Moment, p: ir.Table, args: Args) -> ir.IntegerValue:
        since = _since(column, m, p)
        return ibis.ifelse(
            since <= m.day, dates.full_months(since, m.day), ibis.literal(None, "int64")
        )

    return Person(of, (column,), dated=True)


def _age_months(m: Moment, p: ir.Table, args: Args) -> ir.IntegerValue:
    birth = _since("birth", m, p)
    return ibis.ifelse(birth <= m.day, dates.full_months(birth, m.day), ibis.literal(None, "int64"))


def _months_to_age(m: Moment, p: ir.Table, args: Args) -> ir.IntegerValue:
    return args["age"] * 12 - _age_months(m, p, args)


def _months_to_retirement(m: Moment, p: ir.Table, args: Args) -> ir.IntegerValue:
    limit = p.sex.cases(
        ("男", args["men"]), ("女", args["women"]), else_=ibis.literal(None, "int64")
    )
    return limit.cast("int64") * 12 - _age_months(m, p, args)


def _mode(t: ir.Table, args: Args) -> ir.BooleanValue:
    return t["mode"] == args["mode"] if args["mode"] != "any" else ibis.literal(True)


_MODE = Argument(
    "mode",
    Text("学习形式", "mode of study"),
    "choice",
    choices={
        "any": Text("", "any mode of study"),
        "full_time": Text("全日制", "full time"),
        "in_service": Text("在职", "in service"),
    },
    default="any",
)
SPOUSE = ["配偶", "丈夫", "妻子", "爱人"]
CHILDREN = ["儿子", "女儿", "长子", "次子", "长女", "次女", "三子", "三女", "子女", "养子", "养女"]


FACTS = (
    Fact(
        "age",
        "年龄",
        Text("年龄", "age"),
        Type("number", unit=YEARS_OLD),
        _years("birth"),
        reference="spec 1 §2.4.1; 2 §5.7",
        note=Text(
            "周岁，生日当天即满；2月29日出生的，平年3月1日满",
            "completed years, the birthday counts; born on 29 February: 1 March in common years",
        ),
    ),
    Fact(
        "age_months",
        "年龄月数",
        Text("年龄（月）", "age in months"),
        Type("number", unit=MONTHS),
        Person(_age_months, ("birth",), dated=True),
        reference="spec 2 §2.12",
    ),
    Fact(
        "birth_date",
        "出生日期",
        Text("出生年月", "birth date"),
        DATE,
        Person(lambda m, p, a: _since("birth", m, p, long=False), ("birth",), dated=True),
        reference="spec 6 §3.2",
        note=Text("85后写作 birth_date >= '1985-01-01'", "post-85 is birth_date >= '1985-01-01'"),
    ),
    Fact(
        "months_to_age",
        "距年龄月数",
        Text("距{age}岁月数", "months to the age of {age}"),
        Type("number", unit=MONTHS),
        Person(_months_to_age, ("birth",), dated=True, falls=True),
        (Argument("age", Text("年龄", "age"), "whole"),),
        reference="spec 1 §3.3",
    ),
    Fact(
        "months_to_retirement",
        "距退休月数",
        Text(
            "距退休月数（男{men}岁、女{women}岁）",
            "months to retirement (men {men}, women {women})",
        ),
        Type("number", unit=MONTHS),
        Person(_months_to_retirement, ("birth", "sex"), dated=True, falls=True),
        (
            Argument("men", Text("男", "men"), "whole"),
            Argument("women", Text("女", "women"), "whole"),
        ),
        reference="384.6",
    ),
    Fact("sex", "性别", Text("性别", "sex"), TEXT, Person(lambda m, p, a: p.sex, ("sex",))),
    Fact(
        "ethnicity",
        "民族",
        Text("民族", "ethnicity"),
        TEXT,
        Person(lambda m, p, a: p.ethnicity, ("ethnicity",)),
        reference="443.2",
    ),
    Fact(
        "ethnic_minority",
        "少数民族",
        Text("少数民族", "ethnic minority"),
        BOOL,
        Person(lambda m, p, a: ~p.ethnicity.isin(["汉族", "汉"]), ("ethnicity",)),
        reference="443.1",
    ),
    Fact(
        "political_status",
        "政治面貌",
        Text("政治面貌", "political status"),
        TEXT,
        Person(lambda m, p, a: p.party, ("party",)),
    ),
    Fact(
        "party_member",
        "中共党员",
        Text("中共党员", "Party member"),
        BOOL,
        Person(lambda m, p, a: p.party.isin(["中共党员", "中共预备党员", "预备党员"]), ("party",)),
        reference="080.1",
    ),
    Fact(
        "years_in_party",
        "党龄",
        Text("党龄", "years in the Party"),
        Type("number", unit=YEARS),
        _years("party_joined"),
        reference="spec 1 §2.2",
    ),
    Fact(
        "identity",
        "人员身份",
        Text("人员身份", "personnel identity"),
        TEXT,
        Person(lambda m, p, a: p.identity, ("identity",)),
        reference="S3-2.1",
    ),
    Fact(
        "health",
        "健康状况",
        Text("健康状况", "health"),
        TEXT,
        Person(lambda m, p, a: p.health, ("health",)),
        reference="S3-9.2",
    ),
    Fact(
        "unit_kind",
        "单位类型",
        Text("现单位类型", "kind of the present unit"),
        TEXT,
        Person(lambda m, p, a: p.unit_kind, ("unit_kind",)),
        reference="396.2",
    ),
    Fact(
        "years_of_work",
        "工龄",
        Text("工龄", "years of work"),
        Type("number", unit=YEARS),
        _years("work_start"),
        reference="R8.1; 233.1",
    ),
    Fact(
        "months_of_work",
        "工龄月数",
        Text("工龄（月）", "months of work"),
        Type("number", unit=MONTHS),
        _months("work_start"),
        reference="131.1",
    ),
    Fact(
        "education",
        "学历",
        Text("{mode}最高学历", "highest education, {mode}"),
        Type("scale", EDUCATION),
        Extreme(
            "education",
            lambda m, t, a: EDUCATION.encode(t.level),
            lambda m, t, a: _mode(t, a) & EDUCATION.encode(t.level).notnull(),
            needs=("mode", "level"),
        ),
        (_MODE,),
        reference="R8.4; 397.1",
        note=Text(
            "学习形式缺失的学历可能使结果为待定；可写 education('full_time') >= '本科'",
            "an entry without its mode of study may leave the answer open; "
            "write education('full_time') >= '本科'",
        ),
    ),
    Fact(
        "degree",
        "学位",
        Text("{mode}最高学位", "highest degree, {mode}"),
        Type("scale", DEGREE),
        Extreme(
            "education",
            lambda m, t, a: DEGREE.encode(t.degree),
            lambda m, t, a: DEGREE.encode(t.degree).notnull() & _mode(t, a),
            needs=("mode",),
            absent=0,
            open=True,
        ),
        (_MODE,),
        reference="397.1",
    ),
    Fact(
        "has_degree",
        "有学位",
        Text("有{mode}{level}及以上学位", "has a degree of {level} or above, {mode}"),
        BOOL,
        Exists(
            "education",
            lambda m, t, a: DEGREE.at_least(t.degree.fill_null(""), a["level"]) & _mode(t, a),
            needs=("mode",),
            open=True,
        ),
        (Argument("level", Text("学位", "degree"), "scale", DEGREE), _MODE),
        reference="403.2",
    ),
    Fact(
        "studied",
        "所学专业",
        Text("所学专业含“{word}”", "studied a subject containing “{word}”"),
        BOOL,
        Exists(
            "education",
            lambda m, t, a: t.major.contains(a["word"]) & _mode(t, a),
            needs=("major", "mode"),
            open=True,
        ),
        (Argument("word", Text("专业", "subject"), "text"), _MODE),
        reference="405.1",
    ),
    Fact(
        "professional_title",
        "职称层级",
        Text("最高职称层级", "highest professional title"),
        Type("scale", TITLE),
        Extreme("titles", lambda m, t, a: TITLE.encode(t.level), needs=("level",), absent=0),
        reference="384.1",
    ),
    Fact(
        "has_title",
        "有职称",
        Text("有{level}及以上职称", "has a professional title of {level} or above"),
        BOOL,
        Exists("titles", lambda m, t, a: TITLE.at_least(t.level, a["level"]), needs=("level",)),
        (Argument("level", Text("职称", "title"), "scale", TITLE),),
        reference="070.1",
    ),
    Fact(
        "has_spouse",
        "有配偶",
        Text("有配偶", "has a spouse"),
        BOOL,
        Exists("relations", lambda m, t, a: t.kinship.isin(SPOUSE), needs=("kinship",), open=True),
        reference="R24（5）",
    ),
    Fact(
        "spouse_abroad",
        "配偶移居国外",
        Text("配偶已移居国（境）外", "spouse settled abroad"),
        BOOL,
        Exists(
            "relations",
            lambda m, t, a: t.kinship.isin(SPOUSE) & t.abroad,
            needs=("kinship", "abroad"),
            open=True,
        ),
        reference="R24（5）",
    ),
    Fact(
        "all_children_abroad",
        "子女均移居国外",
        Text("子女均已移居国（境）外", "all children settled abroad"),
        BOOL,
        All(
            "relations",
            lambda m, t, a: t.kinship.isin(CHILDREN),
            lambda m, t, a: t.abroad,
            needs=("kinship", "abroad"),
            open=True,
        ),
        reference="R24（5）",
    ),
    Fact(
        "relatives_in_unit",
        "本单位有亲属",
        Text("本单位有亲属", "has a relative in the same unit"),
        BOOL,
        Exists("kin", lambda m, t, a: (t.unit == t._own_unit).fill_null(False), open=True),
        reference="169.2",
        note=Text("只比对已关联单位的亲属", "only relatives linked to a unit are compared"),
    ),
)
