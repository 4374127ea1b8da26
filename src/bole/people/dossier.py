"""The six dossier facts (三龄两历一身份): what the file and the dossier say, what differs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bole.engine.text import Text
from bole.people.exchange.dates import parse_date
from bole.people.exchange.identity import read_id
from bole.people.forms import write_date
from bole.people.models import Cadre, DossierFact, Identity

SCHOOL_AGE = 16  # nobody's work starts earlier
PARTY_AGE = 18  # 党章: an applicant is at least 18


@dataclass
class Fact:
    """One of the six facts: the value on file, those of the dossier, and what contradicts."""

    kind: str
    label: Any
    value: str
    noted: list[DossierFact] = field(default_factory=list)
    flags: list[Text] = field(default_factory=list)


def six_facts(
    cadre: Cadre,
    noted: list[DossierFact],
    posts: list[Any],
    studies: list[Any],
    *,
    with_id_number: bool = True,
) -> list[Fact]:
    """The six facts of a cadre with every contradiction that the data show.

    `noted` are the facts found in the dossier; `posts` and `studies` rows of the histories.
    `with_id_number=False` keeps what the ID number would reveal out of the sentences, for
    readers who do not have the right to it: then only *that* it differs is said.
    """
    facts = {
        "age": Fact("age", "", write_date(cadre.birth, cadre.birth_precision)),
        "seniority": Fact(
            "seniority", "", write_date(cadre.work_start, cadre.work_start_precision)
        ),
        "party_age": Fact(
            "party_age", "", write_date(cadre.party_joined, cadre.party_joined_precision)
        ),
        "education": Fact("education", "", cadre.education_level),
        "work": Fact("work", "", _("%(count)s posts") % {"count": len(posts)}),
        "identity": Fact("identity", "", str(cadre.get_identity_display())),
    }
    for kind, label in DossierFact.Kind.choices:
        facts[kind].label = label
    for row in noted:
        facts[row.kind].noted.append(row)
    _dates(facts)
    _identity_number(cadre, facts["age"], with_id_number)
    _order(cadre, facts, posts)
    _education(cadre, facts["education"], studies)
    _work(facts["work"], posts)
    identity = facts["identity"]
    labels = {str(v) for v, _label in Identity.choices if v == cadre.identity}
    for row in identity.noted:
        if cadre.identity and row.value not in labels | {identity.value, CHINESE[cadre.identity]}:
            identity.flags.append(_differs(identity.value, row))
    return list(facts.values())


CHINESE = {
    "civil_servant": "公务员",
    "reference_managed": "参公人员",
    "institution": "事业人员",
    "enterprise": "企业人员",
    "village_official": "村干部",
    "other": "其他",
}


def _differs(stands: str, row: DossierFact) -> Text:
    return Text(
        "登记为{stands}，档案{page}记载为{value}",
        "on file {stands}, the dossier {page} says {value}",
    ).fill(stands=stands or "—", page=row.page, value=row.value)


def _dates(facts: dict[str, Fact]) -> None:
    for kind in ("age", "seniority", "party_age"):
        fact = facts[kind]
        stands = parse_date(fact.value) if fact.value else None
        for row in fact.noted:
            found = parse_date(row.value)
            if found is None:
                if row.value != fact.value:
                    fact.flags.append(_differs(fact.value, row))
            elif (
                stands is None
                or not stands.same_month(found)
                or (stands.day and found.day and stands.day != found.day)
            ):
                fact.flags.append(_differs(fact.value, row))
        values = {row.value for row in fact.noted}
        if len(values) > 1:
            text = Text(
                "档案中有{count}种记载：{values}", "the dossier gives {count} values: {values}"
            )
            fact.flags.append(text.fill(count=len(values), values="、".join(sorted(values))))


def _identity_number(cadre: Cadre, fact: Fact, shown: bool) -> None:
    if not cadre.id_number:
        return
    number = read_id(cadre.id_number)
    if not number.valid:
        fact.flags.append(Text("身份证号校验不通过", "the ID number fails its check digit"))
        return
    if cadre.birth and number.birth:
        stands = parse_date(fact.value)
        if stands and (
            not stands.same_month(number.birth) or (stands.day and stands.day != number.birth.day)
        ):
            text = Text(
                "登记的出生日期{stands}与身份证号不一致",
                "the birth date on file {stands} is not that of the ID number",
            )
            if shown:
                text += Text("（身份证号为{number}）", " ({number})")
            fact.flags.append(text.fill(stands=fact.value, number=str(number.birth)))
    if number.sex and cadre.sex and number.sex != cadre.sex:
        fact.flags.append(
            Text("登记的性别与身份证号不一致", "the sex on file is not that of the ID number")
        )


def _years(earlier: datetime.date, later: datetime.date) -> int:
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def _order(cadre: Cadre, facts: dict[str, Fact], posts: list[Any]) -> None:
    if cadre.birth and cadre.work_start and _years(cadre.birth, cadre.work_start) < SCHOOL_AGE:
        text = Text("参加工作时不满{age}周岁", "younger than {age} at the start of work").fill(
            age=SCHOOL_AGE
        )
        facts["seniority"].flags.append(text)
    if cadre.birth and cadre.party_joined and _years(cadre.birth, cadre.party_joined) < PARTY_AGE:
        text = Text("入党时不满{age}周岁", "younger than {age} when joining the Party")
        facts["party_age"].flags.append(text.fill(age=PARTY_AGE))
    first = min((p.start for p in posts if p.start), default=None)
    if first and cadre.work_start and _month(first) != _month(cadre.work_start):
        text = Text(
            "首段任职起于{first}，与参加工作时间{start}不一致",
            "the first post begins in {first}, work start on file is {start}",
        )
        facts["seniority"].flags.append(
            text.fill(first=f"{first:%Y.%m}", start=facts["seniority"].value)
        )


def _month(day: datetime.date) -> tuple[int, int]:
    return day.year, day.month


def _education(cadre: Cadre, fact: Fact, studies: list[Any]) -> None:
    for row in fact.noted:
        stated = {s.level for s in studies} | {s.degree for s in studies} | {fact.value}
        if not any(word and word in row.value for word in stated):
            fact.flags.append(_differs(fact.value, row))
    for study in studies:
        if study.end and cadre.birth and _years(cadre.birth, study.end) < 12:
            text = Text("{school}毕业时间有误", "the end of the study at {school} cannot be")
            fact.flags.append(text.fill(school=study.school))
        if study.flagged:
            fact.flags.append(Text(study.flagged, study.flagged))
    if not studies:
        fact.flags.append(Text("没有学习经历记录", "no study is on file"))


def _work(fact: Fact, posts: list[Any]) -> None:
    """Gaps of more than a month between posts, main posts that overlap, rows to be checked."""
    main = [p for p in posts if p.start and not p.concurrent]
    reached: datetime.date | None = None
    for post in main:
        if reached is not None:
            gap = (post.start.year - reached.year) * 12 + post.start.month - reached.month
            if gap > 1:
                text = Text(
                    "{until}至{start}之间经历不连贯（相隔{months}个月）",
                    "nothing on file between {until} and {start} ({months} months)",
                ).fill(until=f"{reached:%Y.%m}", start=f"{post.start:%Y.%m}", months=gap)
                fact.flags.append(text)
        end = post.end or datetime.date.max
        reached = end if reached is None else max(reached, end)
    for post in posts:
        if post.flagged:
            fact.flags.append(
                Text(f"{post.title}：{post.flagged}", f"{post.title}: {post.flagged}")
            )
    if not posts:
        fact.flags.append(Text("没有工作经历记录", "no post is on file"))
