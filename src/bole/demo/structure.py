"""The units of 安澜县, their posts and approved headcount."""

from __future__ import annotations

import datetime
import random

from bole.units.models import HeadcountLine, Post, Unit

DEPARTMENTS = [
    "县委办公室",
    "县委组织部",
    "县委宣传部",
    "县委统战部",
    "县委政法委",
    "县委编办",
    "县纪委监委机关",
    "县人大常委会机关",
    "县政协机关",
    "县政府办公室",
    "县发展和改革局",
    "县教育和体育局",
    "县科学技术局",
    "县工业和信息化局",
    "县公安局",
    "县民政局",
    "县司法局",
    "县财政局",
    "县人力资源和社会保障局",
    "县自然资源局",
    "县住房和城乡建设局",
    "县交通运输局",
    "县水利局",
    "县农业农村局",
    "县商务局",
    "县文化和旅游局",
    "县卫生健康局",
    "县退役军人事务局",
    "县应急管理局",
    "县审计局",
    "县市场监督管理局",
    "县统计局",
    "县医疗保障局",
    "县信访局",
    "县行政审批服务局",
    "县综合行政执法局",
    "县总工会",
    "团县委",
    "县妇联",
    "县工商联",
]
TOWNS = [
    "沙岗镇",
    "云台镇",
    "双河镇",
    "石桥镇",
    "柳林镇",
    "青山镇",
    "白塔镇",
    "龙泉镇",
    "河口镇",
    "桃园镇",
    "柳林乡",
    "南坪乡",
]
SUBDISTRICTS = ["清源街道", "北岭街道", "城东街道"]
INSTITUTIONS = [
    "县大数据中心",
    "县投资促进中心",
    "县畜牧兽医服务中心",
    "县公路事业发展中心",
    "县供销合作社",
    "县融媒体中心",
    "县委党校",
    "县档案馆",
    "县机关事务服务中心",
    "县黄河河务服务中心",
]
SCHOOLS = ["县第一中学", "县第二中学", "县职业中专", "县实验小学"]
HOSPITALS = ["县人民医院", "县中医院", "县妇幼保健院"]
ENTERPRISES = ["县城市建设投资公司", "县水务集团", "县国有资产运营公司", "县粮食集团"]

TOWN_POSTS = [
    ("党委书记", "section_chief", True),
    ("党委副书记、镇长", "section_chief", False),
    ("人大主席", "section_chief", False),
    ("党委副书记、政法委员", "section_deputy", False),
    ("党委委员、纪委书记", "section_deputy", False),
    ("党委委员、组织委员", "section_deputy", False),
    ("党委委员、宣传委员", "section_deputy", False),
    ("党委委员、副镇长", "section_deputy", False),
    ("副镇长", "section_deputy", False),
    ("党政办公室主任", "unit_chief", False),
    ("经济发展办公室主任", "unit_chief", False),
    ("社会事务办公室主任", "unit_chief", False),
    ("党政办公室副主任", "unit_deputy", False),
]
DEPARTMENT_POSTS = [
    ("党组书记、局长", "section_chief", True),
    ("党组副书记、副局长", "section_deputy", False),
    ("党组成员、副局长", "section_deputy", False),
    ("副局长", "section_deputy", False),
    ("办公室主任", "unit_chief", False),
    ("人事股股长", "unit_chief", False),
    ("业务股股长", "unit_chief", False),
    ("办公室副主任", "unit_deputy", False),
]
HEADS = {
    "县委组织部": "部长",
    "县委宣传部": "部长",
    "县委统战部": "部长",
    "县委政法委": "书记",
    "县委办公室": "主任",
    "县政府办公室": "主任",
}
LEADERS = [
    ("县委书记", "division_chief", True),
    ("县委副书记、县长", "division_chief", False),
    ("县委副书记", "division_deputy", False),
    ("县委常委、常务副县长", "division_deputy", False),
    ("县委常委、组织部部长", "division_deputy", False),
    ("县委常委、纪委书记", "division_deputy", False),
    ("副县长", "division_deputy", False),
]
GRADES_WITH_HEADCOUNT = ("division_chief", "division_deputy", "section_chief", "section_deputy")


def _posts(kind: str, name: str) -> list[tuple[str, str, bool]]:
    if kind in ("town", "subdistrict"):
        office = "主任" if kind == "subdistrict" else ("乡长" if name.endswith("乡") else "镇长")
        posts = [(t.replace("镇长", office), g, h) for t, g, h in TOWN_POSTS]
        return (
            [(t.replace("党委", "党工委"), g, h) for t, g, h in posts]
            if (kind == "subdistrict")
            else posts
        )
    if kind == "county_leadership":
        return LEADERS
    if kind in ("school", "hospital", "enterprise"):
        head = {"school": "校长", "hospital": "院长", "enterprise": "总经理"}[kind]
        return [
            (f"党委书记、{head}", "section_deputy", True),
            (f"副{head}", "unit_chief", False),
            ("办公室主任", "unit_deputy", False),
        ]
    head = HEADS.get(name.removeprefix("安澜"), "主任" if kind == "institution" else "局长")
    deputy = f"副{head}"
    return [
        (t.replace("副局长", deputy).replace("局长", head), g, h) for t, g, h in DEPARTMENT_POSTS
    ]


def build(rng: random.Random, today: datetime.date) -> list[Unit]:
    """About 80 units as a tree, with posts and headcount; some lines open or exceeded."""
    county = Unit.objects.add_root(
        instance=Unit(code="A", name="安澜县", short_name="安澜", kind="group")
    )
    groups = [
        ("A01", "县领导", "group", [("县级领导班子", "county_leadership")]),
        ("A02", "县直部门", "group", [(n, "department") for n in DEPARTMENTS]),
        (
            "A03",
            "乡镇街道",
            "group",
            [(n, "town") for n in TOWNS] + [(n, "subdistrict") for n in SUBDISTRICTS],
        ),
        (
            "A04",
            "事业单位和企业",
            "group",
            [(n, "institution") for n in INSTITUTIONS]
            + [(n, "school") for n in SCHOOLS]
            + [(n, "hospital") for n in HOSPITALS]
            + [(n, "enterprise") for n in ENTERPRISES],
        ),
    ]
    natures = {"institution": "institution", "school": "institution", "hospital": "institution"}
    natures["enterprise"] = "enterprise"
    units = []
    for code, name, kind, members in groups:
        group = Unit.objects.add_child(
            Unit.objects.get(pk=county.pk), instance=Unit(code=code, name=name, kind=kind)
        )
        for number, (short, member_kind) in enumerate(members, 1):
            full = f"安澜{short}" if short.startswith("县") else f"安澜县{short}"
            if short == "团县委":
                full = "共青团安澜县委"
            units.append(
                Unit.objects.add_child(
                    Unit.objects.get(pk=group.pk),
                    instance=Unit(
                        code=f"{code}{number:02d}",
                        name=full,
                        short_name=short,
                        kind=member_kind,
                        nature=natures.get(member_kind, "administrative"),
                        place="安澜县",
                        establishment=rng.randint(12, 45),
                        dual_managed=short in ("县公安局", "县审计局"),
                        comanaged_by="安澜市公安局" if short == "县公安局" else "",
                    ),
                )
            )
    posts, lines = [], []
    start = today.replace(year=today.year - 5, month=1, day=1)
    for unit in units:
        counts: dict[str, int] = {}
        for order, (title, grade, head) in enumerate(_posts(unit.kind, unit.name)):
            leading = grade not in ("unit_chief", "unit_deputy")
            posts.append(
                Post(
                    unit=unit,
                    title=title,
                    grade=grade,
                    leading=leading,
                    head=head,
                    team=leading,
                    elected=title.endswith(("镇长", "乡长", "人大主席", "县长")),
                    order=order,
                )
            )
            counts[grade] = counts.get(grade, 0) + 1
        for grade in GRADES_WITH_HEADCOUNT:
            if grade in counts:
                missing = rng.random() < 0.03
                lines.append(
                    HeadcountLine(
                        unit=unit,
                        grade=grade,
                        nature=unit.nature,
                        approved=None if missing else counts[grade] - (rng.random() < 0.04),
                        basis="" if missing else f"安编发〔{start.year}〕{rng.randint(3, 60)}号",
                        valid_from=start,
                        verified_by="" if missing else "县委编办",
                        verified_on=None if missing else start,
                    )
                )
    Post.objects.bulk_create(posts)
    HeadcountLine.objects.bulk_create(lines)
    return units
