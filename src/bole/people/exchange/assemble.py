"""From the texts of an appointment form to a `PersonFile`; .lrmx and .lrm share this.

Keys are the tags of the .lrmx form. Rules that look across fields live here: what the identity
number says against what the form says, years of appraisals against the date of filling, the
months of an education against the résumé.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bole.engine.errors import Problem
from bole.engine.text import Text

from .appraisals import read_appraisals
from .dates import PartialDate, parse_date
from .education import read_education
from .identity import IdNumber, read_id
from .posts import UnitNames, split_post
from .record import COMMUNIST, Education, FamilyRow, Format, PersonFile, Source, StudyRow
from .resume import read_resume, settle_modes
from .words import (
    clean,
    one_line,
    read_grade,
    read_name,
    read_party,
    read_people,
    read_sex,
    unescape_by_hand,
)

#: What the form prints beside each field; problems name the field by it.
LABELS = {
    "XingMing": "姓名",
    "XingBie": "性别",
    "ChuShengNianYue": "出生年月",
    "MinZu": "民族",
    "JiGuan": "籍贯",
    "ChuShengDi": "出生地",
    "RuDangShiJian": "入党时间",
    "CanJiaGongZuoShiJian": "参加工作时间",
    "JianKangZhuangKuang": "健康状况",
    "ZhuanYeJiShuZhiWu": "专业技术职务",
    "ShuXiZhuanYeYouHeZhuanChang": "熟悉专业有何专长",
    "QuanRiZhiJiaoYu": "全日制教育",
    "ZaiZhiJiaoYu": "在职教育",
    "XianRenZhiWu": "现任职务",
    "NiRenZhiWu": "拟任职务",
    "NiMianZhiWu": "拟免职务",
    "JianLi": "简历",
    "JiangChengQingKuang": "奖惩情况",
    "NianDuKaoHeJieGuo": "年度考核结果",
    "RenMianLiYou": "任免理由",
    "JiaTingChengYuan": "家庭主要成员及重要社会关系",
    "ChengBaoDanWei": "呈报单位",
    "JiSuanNianLingShiJian": "计算年龄时间",
    "TianBiaoShiJian": "填表时间",
    "TianBiaoRen": "填表人",
    "ShenFenZheng": "身份证号",
    "ZhaoPian": "照片",
}

#: Tags whose text is the value: tag → attribute of `PersonFile`.
PLAIN = {
    "JiGuan": "native_place",
    "ChuShengDi": "birthplace",
    "JianKangZhuangKuang": "health",
    "ZhuanYeJiShuZhiWu": "professional_title",
    "ShuXiZhuanYeYouHeZhuanChang": "speciality",
    "XianRenZhiWu": "post",
    "NiRenZhiWu": "proposed",
    "NiMianZhiWu": "removed",
    "JiangChengQingKuang": "awards",
    "RenMianLiYou": "reason",
    "ChengBaoDanWei": "reporting_unit",
    "TianBiaoRen": "filler",
    "Version": "version",
}
#: Tags whose text is a date.
DATES = {
    "CanJiaGongZuoShiJian": "work_start",
    "JiSuanNianLingShiJian": "age_date",
    "TianBiaoShiJian": "fill_date",
}
EDUCATION = {"QuanRiZhiJiaoYu": "full_time", "ZaiZhiJiaoYu": "in_service"}
EDUCATION_PARTS = ("XueLi", "XueWei", "XueLi_BiYeYuanXiaoXi", "XueWei_BiYeYuanXiaoXi")

LONGEST_FIELD = 100_000  # characters of any one field

FROM_ID = Source("id_number", Text("由身份证号推得", "derived from the identity number"))
FROM_RESUME = Source(
    "resume", Text("取自简历中同一学校的一项", "from the résumé item of the school")
)


def bounded(text: str) -> str:
    """A field's text, refused by its caller's flag when longer than any form can print."""
    return text if len(text) <= LONGEST_FIELD else text[:LONGEST_FIELD]


def assemble(
    texts: Mapping[str, str],
    family: list[FamilyRow],
    source_format: Format,
    units: UnitNames | None = None,
) -> PersonFile:
    """Read the texts of one form. A tag that is absent leaves its value None (unknown)."""
    person = PersonFile(source_format=source_format)
    kept: dict[str, str] = {}
    for tag, text in texts.items():
        if len(text) > LONGEST_FIELD:
            person.problems.append(
                Problem(
                    "FIELD_TOO_LONG",
                    Text(
                        "有{count}字，超过{limit}字，只读入前{limit}字",
                        "has {count} characters, more than {limit}; only the first ones were read",
                    ).fill(count=len(text), limit=LONGEST_FIELD),
                    LABELS.get(tag, tag),
                )
            )
        kept[tag] = bounded(text)
        if clean(text):
            person.texts[tag] = bounded(text)
    plain = {tag: clean(unescape_by_hand(text)) for tag, text in kept.items()}
    _read_plain(plain, person)
    identity = read_identity(plain.get("ShenFenZheng", ""), person)
    settle_birth_and_sex(plain.get("ChuShengNianYue", ""), identity, person)
    settle_party(plain.get("RuDangShiJian", ""), person)
    _read_dates(plain, person)
    _read_education(plain, person)
    _read_resume(plain.get("JianLi", ""), units, person)
    _read_appraisals(plain.get("NianDuKaoHeJieGuo"), person)
    _check_post(person)
    person.family = family
    for row in family:
        if row.birth_text and row.birth is None:
            person.flag(
                "FAMILY_BIRTH",
                Text(
                    "{relation}{name}的出生日期“{text}”读不出，已按原文保留",
                    "the birth date “{text}” of {relation} {name} cannot be read; kept as written",
                ).fill(relation=row.relation, name=row.name, text=row.birth_text[:20]),
                LABELS["JiaTingChengYuan"],
            )
    return person


def _read_plain(plain: Mapping[str, str], person: PersonFile) -> None:
    person.name = read_name(plain.get("XingMing", ""))
    if not person.name:
        person.problems.append(
            Problem(
                "NAME_MISSING",
                Text("没有姓名，无法认定是谁", "there is no name; nobody can be recognised by it"),
                LABELS["XingMing"],
            )
        )
    for tag, attribute in PLAIN.items():
        if tag in plain:
            setattr(person, attribute, plain[tag])
    if sex := plain.get("XingBie"):
        person.sex = read_sex(sex)
        if person.sex is None:
            person.flag(
                "SEX_UNREADABLE",
                Text("“{text}”不是男或女", "“{text}” is neither 男 nor 女").fill(text=sex[:20]),
                LABELS["XingBie"],
            )
    if people := plain.get("MinZu"):
        person.ethnicity, known = read_people(people)
        if not known:
            person.flag(
                "ETHNICITY_UNKNOWN",
                Text(
                    "“{text}”不在56个民族之列，已按原文保留",
                    "“{text}” is not one of the 56 peoples; kept as written",
                ).fill(text=people[:20]),
                LABELS["MinZu"],
            )


def read_identity(text: str, person: PersonFile) -> IdNumber | None:
    """Read the identity number into `person`; None unless it is valid."""
    if not clean(text):
        return None
    identity = read_id(text[:60])
    person.id_number = identity.number
    if identity.problem:
        person.flags.append(identity.problem)
        return None
    if identity.extended:
        person.sources["id_number"] = Source(
            "id_extended",
            Text("由15位号{given}升为18位", "extended from the 15 digits {given}").fill(
                given=clean(text)
            ),
        )
    return identity


def settle_birth_and_sex(text: str, identity: IdNumber | None, person: PersonFile) -> None:
    """Read the birth date and hold it, and the sex, against the identity number.

    A date that agrees with the number takes the day from it; one that cannot be read is recovered
    from it; one that contradicts it stays as the form says and is flagged.
    """
    where = LABELS["ChuShengNianYue"]
    birth = parse_date(text) if text else None
    if identity is None or identity.birth is None:
        person.birth = birth
        if text and birth is None:
            person.flag(
                "BIRTH_UNREADABLE",
                Text(
                    "“{text}”不是可读的出生日期，也没有有效的身份证号可推算，已按原文保留",
                    "“{text}” is no readable birth date and there is no valid identity number"
                    " to take it from; kept as written",
                ).fill(text=text[:20]),
                where,
            )
        return
    if birth is None:
        person.birth = identity.birth
        person.sources["birth"] = FROM_ID
        if text:
            person.flag(
                "BIRTH_RECOVERED",
                Text(
                    "“{text}”不是可读的出生日期，已按身份证号{number}取{birth}，请核对",
                    "“{text}” is no readable birth date; {birth} was taken from identity number"
                    " {number}, please check",
                ).fill(text=text[:20], number=identity.number, birth=identity.birth),
                where,
            )
    elif not birth.same_month(identity.birth) or (birth.day and birth != identity.birth):
        person.birth = birth
        person.flag(
            "BIRTH_CONTRADICTS_ID",
            Text(
                "出生日期{birth}与身份证号中的{number}不一致，未改动，请核对原件",
                "birth {birth} differs from {number} in the identity number; left as it is,"
                " check the original",
            ).fill(birth=birth, number=identity.birth),
            where,
        )
    else:
        person.birth = identity.birth
        if birth.day is None:
            person.sources["birth_day"] = FROM_ID
    if person.sex is None:
        person.sex = identity.sex
        person.sources["sex"] = FROM_ID
    elif person.sex != identity.sex:
        person.flag(
            "SEX_CONTRADICTS_ID",
            Text(
                "性别{sex}与身份证号（{other}）不一致，未改动，请核对原件",
                "sex {sex} differs from the identity number ({other}); left as it is,"
                " check the original",
            ).fill(sex=person.sex, other=identity.sex),
            LABELS["XingBie"],
        )


def settle_party(text: str, person: PersonFile) -> None:
    """Read 入党时间 into the memberships, the party and the month of joining."""
    reading = read_party(text)
    person.parties = reading.memberships
    communist = next((m for m in reading.memberships if m.party == COMMUNIST), None)
    if communist:
        person.party, person.party_joined = COMMUNIST, communist.joined
    elif reading.memberships:
        person.party = reading.memberships[0].party
    for unread in reading.unread:
        person.flag(
            "PARTY_UNREAD",
            Text(
                "“{text}”不能确定是哪个党派、何时加入，已按原文保留",
                "which party “{text}” means and since when is not certain; kept as written",
            ).fill(text=unread[:40]),
            LABELS["RuDangShiJian"],
        )


def _read_dates(plain: Mapping[str, str], person: PersonFile) -> None:
    for tag, attribute in DATES.items():
        text = plain.get(tag, "")
        date = parse_date(text) if text else None
        setattr(person, attribute, date)
        if text and date is None:
            person.flag(
                "DATE_UNREADABLE",
                Text(
                    "“{text}”不是可读的日期，已按原文保留",
                    "“{text}” is no readable date; kept as written",
                ).fill(text=text[:20]),
                LABELS[tag],
            )
    if person.birth and person.work_start and person.work_start.year - person.birth.year < 10:
        person.flag(
            "WORK_START_TOO_EARLY",
            Text(
                "参加工作时间{start}距出生{birth}不满10年，请核对",
                "work start {start} is less than 10 years after birth {birth}; please check",
            ).fill(start=person.work_start, birth=person.birth),
            LABELS["CanJiaGongZuoShiJian"],
        )


def _read_education(plain: Mapping[str, str], person: PersonFile) -> None:
    for prefix, attribute in EDUCATION.items():
        parts = [one_line(plain.get(f"{prefix}_{part}", "")) for part in EDUCATION_PARTS]
        education = read_education(*parts)
        setattr(person, attribute, education)
        if education and education.level is None and education.level_text:
            person.flag(
                "LEVEL_UNKNOWN",
                Text(
                    "“{text}”不是可读的学历，已按原文保留",
                    "“{text}” is no readable level of education; kept as written",
                ).fill(text=education.level_text[:20]),
                LABELS[prefix],
            )


def _read_resume(text: str, units: UnitNames | None, person: PersonFile) -> None:
    person.resume = text
    reading = read_resume(text, units)
    person.posts = reading.posts
    person.studies = settle_modes(reading.studies, person.work_start)
    person.unread_resume = reading.unread
    person.flags += reading.flags
    date_educations(person)


def date_educations(person: PersonFile) -> None:
    """Give the form's educations the months of their résumé items."""
    for attribute, other in (("full_time", "in_service"), ("in_service", "full_time")):
        education: Education | None = getattr(person, attribute)
        if education is None:
            continue
        item = _study_of(education, person.studies, other)
        if item and item.start:
            setattr(person, attribute, replace(education, start=item.start, end=item.end))
            person.sources[f"{attribute}.start"] = FROM_RESUME


def _study_of(education: Education, studies: list[StudyRow], other_mode: str) -> StudyRow | None:
    same = [
        s
        for s in studies
        if s.kind == "study" and s.mode != other_mode and s.school == education.school
    ]
    exact = [s for s in same if s.major == education.major]
    # Two courses at one school that no major tells apart: leave it open.
    found = exact or (same if not education.major or all(not s.major for s in same) else [])
    return found[-1] if len(found) == 1 or exact else None


def _read_appraisals(text: str | None, person: PersonFile) -> None:
    person.appraisals_text = text
    stated = person.fill_date or person.age_date
    on: datetime.date | None = stated.first_day() if stated else None
    reading = read_appraisals(text or "", on)
    person.appraisals = dict(sorted(reading.grades.items()))
    person.flags += reading.flags
    for year in reading.span_years:
        person.sources[f"appraisals.{year}"] = counted_back(on, text or "")


@lru_cache(maxsize=1024)
def counted_back(on: datetime.date | None, text: str) -> Source:
    """The source of a year that was counted back from a date."""
    return Source(
        "counted_back",
        Text("由“{text}”自{on}推算", "counted back from {on} by “{text}”").fill(
            text=text[:30], on=on.isoformat() if on else ""
        ),
    )


def _check_post(person: PersonFile) -> None:
    """Flag a present post that the résumé does not end with."""
    current = [row for row in person.posts if row.current]
    if not current or not person.post:
        return

    def bare(text: str) -> str:
        return re.sub(r"[\s（(][^（()）]*[)）]|\s", "", text)

    said = {bare(row.text) for row in current}
    if bare(person.post) not in said and bare(person.post) != "、".join(
        bare(row.text) for row in current if not row.concurrent
    ):
        person.flag(
            "POST_NOT_IN_RESUME",
            Text(
                "现任职务“{post}”与简历最后一项“{last}”不一致，请核对",
                "the present post “{post}” differs from the last résumé item “{last}”;"
                " please check",
            ).fill(post=person.post[:40], last=current[-1].text[:40]),
            LABELS["XianRenZhiWu"],
        )


def read_family_row(
    parts: Sequence[str], extra: tuple[tuple[str, str], ...] = ()
) -> FamilyRow | None:
    """A family row from relation, name, birth, politics, employer; None if all are empty."""
    texts = [clean(unescape_by_hand(part)) for part in parts]
    if not any(texts) and not any(clean(text) for _, text in extra):
        return None
    date = parse_date(texts[2]) if texts[2] else None
    return FamilyRow(
        one_line(texts[0]), read_name(texts[1]), date, texts[3], texts[4], texts[2], extra
    )


def add_post_grade(person: PersonFile) -> None:
    """Set the grade where the present post's brackets name it outright."""
    if person.grade is None and person.post:
        person.grade = split_post(person.post).grade
    if person.grade is None and person.grade_text:
        person.grade = read_grade(person.grade_text)


def same_date(text: str, date: PartialDate | None) -> bool:
    """True if `text` says the month of `date` and does not contradict its day."""
    said = parse_date(text)
    if said is None or date is None:
        return said is None and date is None
    return said.same_month(date) and said.day in (None, date.day)
