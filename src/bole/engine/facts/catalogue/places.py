"""Facts of where people served: towns, grass roots, front line, secondments."""

from __future__ import annotations

import ibis

from bole.engine.facts.catalogue.career import _pair
from bole.engine.facts.definitions import Argument, Fact
from bole.engine.facts.kinds import BOOL, MONTHS, TIMES, YEARS, Type
from bole.engine.facts.sources import Count, Exists, Spells
from bole.engine.facts.views import is_current
from bole.engine.text import Text

TITLE_SECTION = Text("经历", "Experience")
TOWNS = ["town", "subdistrict", "乡镇", "街道"]

_UNIT_KIND = Argument(
    "kind",
    Text("单位类型", "kind of unit"),
    "choice",
    choices={
        "town": Text("乡镇", "towns"),
        "subdistrict": Text("街道", "subdistricts"),
        "department": Text("机关部门", "departments"),
        "institution": Text("事业单位", "institutions"),
        "enterprise": Text("企业", "enterprises"),
        "village": Text("村（社区）", "villages"),
        "school": Text("学校", "schools"),
        "hospital": Text("医院", "hospitals"),
        "county_leadership": Text("县级领导机关", "county leadership"),
    },
)
_KIND = Argument("kind", Text("种类", "kind"), "text", default="")


FACTS = (
    *_pair(
        "in_towns",
        "乡镇工作",
        "乡镇（街道）工作",
        "in towns",
        "places",
        lambda m, t, a: t.unit_kind.isin(TOWNS),
        reference="396.2; 330.4",
        needs=("unit_kind", "start"),
    ),
    *_pair(
        "at_grass_roots",
        "基层工作",
        "基层工作",
        "at the grass roots",
        "places",
        lambda m, t, a: t.grass_roots,
        reference="R8.1; S3-9.2",
        needs=("grass_roots", "start"),
    ),
    *_pair(
        "on_front_line",
        "一线工作",
        "一线工作",
        "on the front line",
        "places",
        lambda m, t, a: t.front_line,
        reference="150.5; 414.2",
        needs=("front_line", "start"),
    ),
    *_pair(
        "in_unit_kind",
        "在该类单位",
        "在{kind}工作",
        "in {kind}",
        "places",
        lambda m, t, a: t.unit_kind == a["kind"],
        arguments=(_UNIT_KIND,),
        reference="066.1; 070.1",
        needs=("unit_kind", "start"),
    ),
    *_pair(
        "in_town_team",
        "任乡镇班子成员",
        "任乡镇（街道）班子成员",
        "in a town leadership team",
        "posts",
        lambda m, t, a: t.unit_kind.isin(TOWNS) & t.team,
        reference="056.3; 401.3",
        needs=("unit_kind", "team", "start"),
    ),
    Fact(
        "in_town_now",
        "现在乡镇工作",
        Text("现在乡镇（街道）工作", "works in a town at present"),
        BOOL,
        Exists(
            "posts",
            lambda m, t, a: t.unit_kind.isin(TOWNS) & is_current(m, t),
            ("unit_kind", "end"),
            open=True,
        ),
        reference="396.2; 401.3",
    ),
    Fact(
        "years_seconded",
        "挂职年限",
        Text("挂职{kind}年限", "years on secondment {kind}"),
        Type("number", unit=YEARS),
        Spells(
            "secondments",
            lambda m, t, a: t.kind == a["kind"] if a["kind"] else ibis.literal(True),
            "years",
            ("kind", "start"),
            open=False,
        ),
        (_KIND,),
        reference="080.1",
    ),
    Fact(
        "months_seconded",
        "挂职月数",
        Text("挂职{kind}月数", "months on secondment {kind}"),
        Type("number", unit=MONTHS),
        Spells(
            "secondments",
            lambda m, t, a: t.kind == a["kind"] if a["kind"] else ibis.literal(True),
            "months",
            ("kind", "start"),
            open=False,
        ),
        (_KIND,),
        reference="331.7",
    ),
    Fact(
        "secondments",
        "挂职次数",
        Text("挂职{kind}次数", "secondments {kind}"),
        Type("number", unit=TIMES),
        Count(
            "secondments",
            lambda m, t, a: t.kind == a["kind"] if a["kind"] else ibis.literal(True),
            ("kind",),
        ),
        (_KIND,),
        reference="068.6",
    ),
    Fact(
        "on_secondment",
        "正在挂职",
        Text("正在挂职", "on secondment"),
        BOOL,
        Exists("secondments", lambda m, t, a: is_current(m, t), ("end",)),
        reference="269.5",
    ),
)
