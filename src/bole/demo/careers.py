"""Careers: each post gets a holder whose history leads to it; the rest are staff."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from bole.demo import names
from bole.people.models import (
    Appraisal,
    Award,
    Cadre,
    DossierFact,
    Education,
    GradeSpell,
    PostSpell,
    RankSpell,
    Relation,
    Sanction,
    Secondment,
    Title,
    Training,
)
from bole.units.models import GRADE_ORDER, Grade, Post, Unit

GRADES = list(Grade.values)
# Usual length of a stay on each grade in years, (shortest, longest).
STAYS = {
    "staff": (2, 6),
    "unit_deputy": (2, 4),
    "unit_chief": (3, 5),
    "section_deputy": (3, 7),
    "section_chief": (3, 7),
    "division_deputy": (3, 6),
    "division_chief": (2, 5),
}
LOWER_TITLES = {
    "staff": ["科员"],
    "unit_deputy": ["办公室副主任", "业务股副股长"],
    "unit_chief": ["办公室主任", "业务股股长", "人事股股长"],
    "section_deputy": ["副局长", "党组成员、副局长", "副镇长", "党委委员、组织委员"],
    "section_chief": ["党组书记、局长", "党委书记", "党委副书记、镇长"],
    "division_deputy": ["副县长", "县委常委、宣传部部长", "县委常委、政法委书记"],
    "division_chief": ["县委副书记、县长"],
}
RANKS = ["一级科员", "四级主任科员", "三级主任科员", "二级主任科员", "一级主任科员"]
VACANT_SHARE = 0.09


def month(year: int, number: int) -> datetime.date:
    """The first of a month; `number` may run over the year's end."""
    return datetime.date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def before(day: datetime.date, months: int) -> datetime.date:
    """The first of the month that lies `months` earlier."""
    total = day.year * 12 + day.month - 1 - months
    return datetime.date(total // 12, total % 12 + 1, 1)


@dataclass
class Rows:
    """Everything to be written, by model."""

    cadres: list[Cadre] = field(default_factory=list)
    id_numbers: set[str] = field(default_factory=set)
    histories: dict[type, list] = field(default_factory=dict)

    def add(self, model: type, cadre: Cadre, **values) -> None:
        self.histories.setdefault(model, []).append(model(cadre=cadre, **values))

    def write(self) -> None:
        """People first, then their rows with the keys that they got."""
        Cadre.objects.bulk_create(self.cadres, batch_size=500)
        for model, rows in self.histories.items():
            for row in rows:
                row.cadre_id = row.cadre.pk
            model.objects.bulk_create(rows, batch_size=1000)


def build(rng: random.Random, units: list[Unit], today: datetime.date, size: int) -> None:
    """`size` cadres; posts are filled from the top until people run out, the rest are staff."""
    rows = Rows()
    posts = list(Post.objects.select_related("unit").order_by("unit_id", "order"))
    filled = [p for p in posts if p.head or rng.random() > VACANT_SHARE]
    for post in filled[:size]:
        person(rng, rows, units, today, post.unit, post)
    working = [u for u in units if u.kind != "county_leadership"]
    while len(rows.cadres) < size:
        person(rng, rows, units, today, rng.choice(working), None)
    relatives(rng, rows)
    rows.write()


def person(
    rng: random.Random,
    rows: Rows,
    units: list[Unit],
    today: datetime.date,
    unit: Unit,
    post: Post | None,
) -> None:
    """One cadre with a history that ends in `post` (or as staff of `unit`)."""
    grade = post.grade if post else ("staff" if rng.random() < 0.8 else "unit_deputy")
    ladder = GRADES[: GRADE_ORDER[grade] + 1]
    stays = [rng.randint(*(x * 12 for x in STAYS[g])) for g in ladder]
    stays[-1] = rng.randint(4, 12 * (6 if grade != "staff" else 12))
    career = sum(stays)
    entry_age = rng.randint(22, 25)
    birth_year = today.year - entry_age - career // 12 - 1
    oldest = today.year - 59
    if birth_year < oldest:
        scale = (oldest - birth_year) * 12
        stays = [max(24, s - scale // len(stays)) for s in stays]
        career = sum(stays)
        birth_year = today.year - entry_age - career // 12 - 1
    birth = datetime.date(birth_year, rng.randint(1, 12), rng.randint(1, 28))
    sex = (
        "女"
        if rng.random() < (0.3 if grade in ("section_chief", "section_deputy") else 0.42)
        else "男"
    )
    work_start = before(today, career)
    number = len(rows.cadres)
    outside = rng.random() < 0.08
    cadre = Cadre(
        name=names.person_name(rng, sex),
        sex=sex,
        birth=birth,
        birth_precision="day",
        ethnicity=rng.choice(names.ETHNICITIES),
        native_place=(place := rng.choice(names.NATIVE_PLACES)),
        birthplace=place,
        party="" if outside else "中共党员",
        party_joined=None if outside else before(today, max(6, career - rng.randint(-36, 60))),
        work_start=work_start,
        identity={
            "institution": "institution",
            "school": "institution",
            "hospital": "institution",
            "enterprise": "enterprise",
        }.get(unit.kind, "civil_servant"),
        health="健康",
        speciality=rng.choice(["", "", "公文写作", "财务管理", "项目管理", "群众工作"]),
        id_number=names.id_number(rng, birth, sex, number, rows.id_numbers),
    )
    if outside:
        cadre.party = rng.choice(["群众", "民盟", "民建", "农工党", "群众"])
    rows.cadres.append(cadre)
    history(rng, rows, cadre, units, today, unit, post, list(zip(ladder, stays, strict=True)))
    studies(rng, rows, cadre, work_start)
    records(rng, rows, cadre, today)
    family(rng, rows, cadre)


def history(rng, rows, cadre, units, today, unit, post, steps) -> None:
    """Posts and grades from the first working day to now."""
    start = cadre.work_start
    current_unit = rng.choice(units) if rng.random() < 0.6 else unit
    for index, (grade, stay) in enumerate(steps):
        last = index == len(steps) - 1
        end = None if last else before(today, sum(s for _g, s in steps[index + 1 :]))
        rows.add(
            GradeSpell,
            cadre,
            grade=grade,
            start=start,
            end=end,
            source=f"安组任〔{start.year}〕{rng.randint(1, 90)}号",
        )
        pieces = [(start, end)]
        months = stay
        if not last and months >= 48 and rng.random() < 0.5:
            middle = month(start.year, start.month + months // 2)
            pieces = [(start, middle), (middle, end)]
        for piece, (begin, finish) in enumerate(pieces):
            here = unit if last and piece == len(pieces) - 1 else current_unit
            if grade.startswith("division"):
                here = next(u for u in units if u.kind == "county_leadership")
            elif here.kind == "county_leadership" and not last:
                here = rng.choice([u for u in units if u.kind == "department"])
            title = post.title if last and post else rng.choice(LOWER_TITLES[grade])
            leading = grade in (
                "section_deputy",
                "section_chief",
                "division_deputy",
                "division_chief",
            )
            rows.add(
                PostSpell,
                cadre,
                unit=here,
                unit_name=here.name,
                unit_kind=here.kind,
                post=post if last else None,
                title=title,
                grade=grade,
                leading=leading,
                head=bool(last and post and post.head),
                team=leading,
                acting=not last and rng.random() < 0.02,
                grass_roots=here.kind in ("town", "subdistrict", "village"),
                front_line=rng.random() < 0.05,
                start=begin,
                end=finish,
                source=f"安组任〔{begin.year}〕{rng.randint(1, 90)}号",
            )
            current_unit = rng.choice(units) if rng.random() < 0.55 else here
        start = end
    years = max(1, (today - cadre.work_start).days // 365)
    if cadre.identity == "civil_servant":
        top = min(len(RANKS) - 1, years // 4)
        begin = before(today, 12 * min(years, 3) - 2)
        rows.add(RankSpell, cadre, rank=RANKS[top], start=begin, end=None)
    if rng.random() < 0.12:
        begin = before(today, rng.randint(14, 80))
        place = rng.choice([u for u in units if u.kind in ("town", "subdistrict")])
        rows.add(
            Secondment,
            cadre,
            kind=rng.choice(["挂职", "驻村", "一线锻炼"]),
            unit=place,
            unit_name=place.name,
            unit_kind=place.kind,
            front_line=True,
            start=begin,
            end=month(begin.year, begin.month + rng.randint(6, 24)),
        )


def studies(rng, rows, cadre, work_start) -> None:
    """Full-time study before work; for some a second, in-service one."""
    level, degree, years = rng.choices(
        [("大学", "学士", 4), ("大专", "", 3), ("研究生", "硕士", 7)], [70, 18, 12]
    )[0]
    end = datetime.date(work_start.year, 7, 1)
    if end > work_start:
        end = datetime.date(work_start.year - 1, 7, 1)
    rows.add(
        Education,
        cadre,
        level=level,
        degree=degree,
        mode="full_time",
        school=rng.choice(names.SCHOOLS),
        major=rng.choice(names.MAJORS),
        start=datetime.date(end.year - years, 9, 1),
        end=end,
    )
    if level != "研究生" and rng.random() < 0.45:
        begin = work_start.year + rng.randint(2, 8)
        higher = ("大学", "") if level == "大专" else ("在职研究生", "")
        rows.add(
            Education,
            cadre,
            level=higher[0],
            degree=higher[1],
            mode="in_service",
            school=rng.choice(names.SCHOOLS),
            major=rng.choice(names.MAJORS),
            start=datetime.date(begin, 9, 1),
            end=datetime.date(begin + 3, 7, 1),
        )
    if rng.random() < 0.3:
        name, rank = rng.choice([("工程师", "中级"), ("高级会计师", "副高级"), ("农艺师", "中级")])
        rows.add(
            Title, cadre, name=name, level=rank, date=datetime.date(work_start.year + 6, 12, 1)
        )


def records(rng, rows, cadre, today) -> None:
    """Appraisals of up to ten years, trainings, awards, and for a few an adverse item."""
    for year in range(max(cadre.work_start.year + 1, today.year - 10), today.year):
        grade = rng.choices(["优秀", "称职", "基本称职", "不称职"], [180, 805, 13, 2])[0]
        rows.add(Appraisal, cadre, year=year, grade=grade, source=f"{year}年度考核登记表")
        if rng.random() < 0.45:
            begin = datetime.date(year, rng.randint(3, 11), rng.randint(1, 20))
            days = rng.choice([3, 5, 10, 20, 60])
            rows.add(
                Training,
                cadre,
                name=rng.choice(["科级干部进修班", "中青年干部培训班", "乡村振兴专题班"]),
                institution="县委党校",
                kind="脱产",
                start=begin,
                end=begin + datetime.timedelta(days=days),
                days=days,
                hours=days * 8,
            )
    if rng.random() < 0.2:
        rows.add(
            Award,
            cadre,
            name="全县先进工作者",
            level="县级",
            issuer="中共安澜县委",
            date=datetime.date(today.year - rng.randint(1, 8), 2, 1),
        )
    if rng.random() < 0.012:
        day = today - datetime.timedelta(days=rng.randint(30, 900))
        rows.add(
            Sanction,
            cadre,
            category=rng.choice(["sanction", "admonition"]),
            kind=rng.choice(["党内警告", "诫勉", "政务记过"]),
            issuer="安澜县纪委监委",
            date=day,
            effect_from=day,
            effect_until=day + datetime.timedelta(days=365),
            status="confirmed",
            source=f"安纪决〔{day.year}〕{rng.randint(1, 40)}号",
        )
    if rng.random() < 0.25:
        rows.add(
            DossierFact,
            cadre,
            kind="age",
            value=f"{cadre.birth:%Y-%m-%d}",
            page="一类1-1",
            noted_on=today - datetime.timedelta(days=200),
            source="干部履历表",
        )


def family(rng, rows, cadre) -> None:
    """Spouse, child and a parent."""
    other = "女" if cadre.sex == "男" else "男"
    rows.add(
        Relation,
        cadre,
        kinship="妻子" if other == "女" else "丈夫",
        name=names.person_name(rng, other),
        birth=datetime.date(cadre.birth.year + rng.randint(-2, 3), rng.randint(1, 12), 1),
        politics=rng.choice(["群众", "中共党员"]),
        employer=rng.choice(names.EMPLOYERS),
    )
    child_year = cadre.birth.year + rng.randint(25, 30)
    child = rng.choice(["男", "女"])
    rows.add(
        Relation,
        cadre,
        kinship="儿子" if child == "男" else "女儿",
        name=names.person_name(rng, child, cadre.name[0]),
        birth=datetime.date(child_year, rng.randint(1, 12), 1),
        politics="群众",
        employer="学生",
        abroad=rng.random() < 0.01,
    )
    rows.add(
        Relation,
        cadre,
        kinship="父亲",
        name=names.person_name(rng, "男", cadre.name[0]),
        birth=datetime.date(cadre.birth.year - rng.randint(23, 29), rng.randint(1, 12), 1),
        politics="群众",
        employer="农民",
    )


def relatives(rng, rows) -> None:
    """A few cadres are related to each other, so that avoidance has something to find."""
    for _ in range(max(4, len(rows.cadres) // 100)):
        one, two = rng.sample(rows.cadres, 2)
        if one.sex == two.sex:
            words = ("哥哥", "弟弟") if one.sex == "男" else ("姐姐", "妹妹")
            pair = ((one, two, words[1]), (two, one, words[0]))
        else:
            husband, wife = (one, two) if one.sex == "男" else (two, one)
            pair = ((husband, wife, "妻子"), (wife, husband, "丈夫"))
        for person_, relative, kinship in pair:
            rows.add(
                Relation,
                person_,
                kinship=kinship,
                name=relative.name,
                birth=relative.birth,
                birth_precision="day",
                politics=relative.party or "群众",
                employer="安澜县干部",
                related=relative,
            )
