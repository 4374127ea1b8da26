"""A cadre on file as a `PersonFile`, for the forms and files that offices exchange.

What did not change since the last form was read keeps the words of that form; what changed is
composed from the histories. Nothing is left out: unknown tags and their order are kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from bole.people.current import EDUCATION_ORDER
from bole.people.exchange.assemble import assemble
from bole.people.exchange.dates import PartialDate
from bole.people.exchange.record import (
    Education,
    FamilyRow,
    PartyMembership,
    PersonFile,
    PostRow,
    StudyRow,
    UnknownTag,
)
from bole.people.exchange.resume import compose_resume
from bole.people.exchange.words import read_level
from bole.people.models import Cadre

APPRAISALS_PRINTED = 3  # the form shows the last three years
PREFETCHED = (
    "postspells",
    "educations",
    "appraisals",
    "relations",
    "titles",
    "awards",
    "sanctions",
    "pictures",
)


def person_files(ids: Iterable[int]) -> Iterator[PersonFile]:
    """The files of several cadres, in the order of their ids, 200 at a time."""
    ids = list(ids)
    for start in range(0, len(ids), 200):
        part = ids[start : start + 200]
        found = Cadre.objects.filter(pk__in=part).prefetch_related(*PREFETCHED).in_bulk()
        for pk in part:
            if pk in found:
                yield person_file(found[pk])


def partial(value: datetime.date | None, precision: str) -> PartialDate | None:
    """A stored date with its precision as files write it."""
    if value is None or precision == "unknown":
        return None
    return PartialDate(value.year, value.month, value.day if precision == "day" else None)


def person_file(cadre: Cadre) -> PersonFile:
    """The file of one cadre (histories prefetched, or read here)."""
    base = _last_form(cadre)
    person = base
    person.name = cadre.name
    person.sex = cadre.sex or None
    person.birth = _kept(base.birth, partial(cadre.birth, cadre.birth_precision))
    person.ethnicity = cadre.ethnicity or None
    person.native_place = cadre.native_place
    person.birthplace = cadre.birthplace
    person.work_start = _kept(
        base.work_start, partial(cadre.work_start, cadre.work_start_precision)
    )
    person.health = cadre.health
    person.speciality = cadre.speciality
    person.id_number = cadre.id_number
    _party(cadre, person)
    titles = [t.name for t in cadre.titles.all()]
    if person.professional_title not in titles or len(titles) != 1:
        person.professional_title = "、".join(titles)
    _studies(cadre, person)
    _posts(cadre, person)
    _appraisals(cadre, person)
    _family(cadre, person)
    person.awards = cadre.awards_text or _awards(cadre)
    pictures = sorted(cadre.pictures.all(), key=lambda p: p.pk)
    if pictures:
        person.picture = bytes(pictures[-1].image)
        person.picture_kind = pictures[-1].media_type.removeprefix("image/").replace("jpeg", "jpg")
    return person


def _last_form(cadre: Cadre) -> PersonFile:
    """The last form that was read, from its own words; an empty file if there was none."""
    form = cadre.form or {}
    person = assemble(form.get("texts", {}), [], "lrmx") if form.get("texts") else PersonFile()
    person.tag_order = tuple(form.get("tag_order", ()))
    person.attributes = form.get("attributes", {})
    person.unknown_tags = [UnknownTag(**tag) for tag in cadre.unknown_tags]
    person.problems, person.flags = [], []
    return person


def _kept(read: PartialDate | None, stored: PartialDate | None) -> PartialDate | None:
    """The stored date; as it was read when both say the same month and the day is not newer."""
    if read and stored and read.same_month(stored) and stored.day in (None, read.day):
        return read
    return stored


def _party(cadre: Cadre, person: PersonFile) -> None:
    joined = partial(cadre.party_joined, cadre.party_joined_precision)
    same = (person.party or "") == cadre.party and (
        person.party_joined == joined or _kept(person.party_joined, joined) is person.party_joined
    )
    person.party = cadre.party or None
    person.party_joined = joined
    if not same or not person.parties:
        member = PartyMembership(cadre.party, joined) if cadre.party else None
        person.parties = (member,) if member and cadre.party != "群众" else ()


def _course(row: Any, read: Education | None) -> Education:
    level = read_level(row.level) or row.level
    fresh = Education(
        level=level,
        degree=row.degree,
        school=row.school,
        major=row.major,
        start=partial(row.start, row.start_precision),
        end=partial(row.end, row.end_precision),
        level_text=row.level,
        degree_text=row.degree,
        school_text=f"{row.school}{row.major}{'专业' if row.major else ''}",
        degree_school_text="",
    )
    if read and (read.level, read.degree, read.school, read.major) == (
        level,
        row.degree,
        row.school,
        row.major,
    ):
        return read
    return fresh


def _studies(cadre: Cadre, person: PersonFile) -> None:
    rows = list(cadre.educations.all())

    def rank(row: Any) -> tuple:
        order = (
            EDUCATION_ORDER.index(row.level)
            if row.level in EDUCATION_ORDER
            else len(EDUCATION_ORDER)
        )
        return order, -(row.end.toordinal() if row.end else 0)

    for mode in ("full_time", "in_service"):
        of_mode = sorted((r for r in rows if r.mode == mode), key=rank)
        best = _course(of_mode[0], getattr(person, mode)) if of_mode else None
        setattr(person, mode, best)
    known = {(s.school, s.major) for s in person.studies}
    for row in rows:
        if row.start and (row.school, row.major) not in known:
            person.studies.append(
                StudyRow(
                    start=partial(row.start, row.start_precision),
                    end=partial(row.end, row.end_precision),
                    school=row.school,
                    major=row.major,
                    level=read_level(row.level),
                    mode=row.mode or None,
                )
            )


def _month(date: PartialDate | None) -> str:
    return date.yyyymm if date else ""


def _posts(cadre: Cadre, person: PersonFile) -> None:
    """The posts as the form told them; rows that changed, or are new, as the histories say."""
    told = {(_month(p.start), p.unit or "", p.title): p for p in person.posts}
    before = list(person.posts)
    rows: list[PostRow] = []
    for spell in sorted(cadre.postspells.all(), key=lambda s: (s.start or datetime.date.min, s.pk)):
        start = partial(spell.start, spell.start_precision)
        end = partial(spell.end, spell.end_precision)
        current = spell.end is None
        old = told.get((_month(start), spell.unit_name, spell.title))
        if old and _month(old.end) == _month(end) and (old.current == current or not end):
            rows.append(old)
            continue
        rows.append(
            PostRow(
                start,
                end,
                spell.unit_name or None,
                spell.title,
                grade=spell.grade or None,
                current=current,
                nested=bool(old and old.nested),
                concurrent=spell.concurrent and not (old and old.nested),
            )
        )
    if {id(r) for r in rows} == {id(r) for r in before}:
        person.posts = before
        return
    person.posts = rows
    person.resume = compose_resume(person.posts, person.studies)
    person.post = cadre.post_title


def _appraisals(cadre: Cadre, person: PersonFile) -> None:
    grades = {a.year: a.grade for a in cadre.appraisals.all() if a.kind == "annual"}
    if grades == person.appraisals and person.appraisals_text:
        return
    if person.appraisals and all(grades.get(y) == g for y, g in person.appraisals.items()):
        newest = max(grades)
        if newest in person.appraisals:
            return  # the form shows the last years only; the older ones stay in the histories
    person.appraisals = dict(sorted(grades.items())[-APPRAISALS_PRINTED:])
    person.appraisals_text = "；".join(
        f"{year}年年度考核{grade}" for year, grade in person.appraisals.items()
    ) + ("。" if person.appraisals else "")


def _family(cadre: Cadre, person: PersonFile) -> None:
    person.family = []
    for row in cadre.relations.all():
        text = row.flagged.removeprefix("出生年月原文：") if "原文：" in row.flagged else ""
        birth = partial(row.birth, row.birth_precision)
        person.family.append(
            FamilyRow(row.kinship, row.name, birth, row.politics, row.employer, text)
        )


def _awards(cadre: Cadre) -> str:
    lines = [
        (a.date or datetime.date.min, f"{a.date:%Y.%m}  获{a.name}" if a.date else f"获{a.name}")
        for a in cadre.awards.all()
    ]
    lines += [
        (s.date, f"{s.date:%Y.%m}  受{s.issuer}{s.kind}")
        for s in cadre.sanctions.all()
        if s.status != "reported"
    ]
    return "\n".join(text for _day, text in sorted(lines))
