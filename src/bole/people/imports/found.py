"""What a file says about a person, in the shape of our tables (plain data, kept as JSON).

    {"fields": {"name": …, "birth": "1973-08-01", "birth_precision": "month", …},
     "rows": {"posts": [{"start": …, "unit_name": …, …}], "education": […], …},
     "picture": {"media_type": "image/jpeg", "data": "<base64>"} | None,
     "unknown_tags": […], "form": {…}}
A field that the file does not carry, or leaves empty, is absent: it never empties ours.
"""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from typing import Any

from bole.people.exchange.dates import PartialDate
from bole.people.exchange.posts import UnitNames, split_post
from bole.people.exchange.record import Education, PersonFile
from bole.units.models import Post, Unit

MEDIA = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "bmp": "image/bmp"}


@dataclass(frozen=True)
class Places:
    """The units and posts that texts are matched with: by full or short name, never by guess."""

    names: UnitNames
    units: dict[str, tuple[int, str]]  # name → key, kind
    posts: dict[tuple[int, str], dict[str, Any]]  # (unit, title) → what the post says

    @classmethod
    def load(cls) -> Places:
        """Read the open units and the posts that stand."""
        units: dict[str, tuple[int, str]] = {}
        twice: set[str] = set()
        for pk, name, short, kind in Unit.objects.filter(closed_on=None).values_list(
            "pk", "name", "short_name", "kind"
        ):
            for text in {name, short} - {""}:
                if text in units:
                    twice.add(text)
                units[text] = (pk, kind)
        for text in twice:  # two units of one name: the text does not say which
            del units[text]
        posts = {
            (p["unit_id"], p["title"]): p
            for p in Post.objects.filter(abolished_on=None).values(
                "pk", "unit_id", "title", "grade", "leading", "head", "team"
            )
        }
        return cls(UnitNames(units), units, posts)


def _dated(out: dict[str, Any], key: str, date: PartialDate | None, *, exact: bool = True) -> None:
    if date is not None:
        out[key] = date.iso()
        if exact:
            out[f"{key}_precision"] = date.precision


def as_found(person: PersonFile, places: Places) -> dict[str, Any]:
    """The person as our tables would hold it."""
    rows: dict[str, list[dict[str, Any]]] = {
        "posts": _posts(person, places),
        "grades": _grades(person),
        "education": _education(person),
        "appraisals": [
            {"year": year, "kind": "annual", "grade": grade}
            for year, grade in person.appraisals.items()
        ],
        "trainings": _trainings(person),
        "relations": _relations(person),
        "titles": [{"name": person.professional_title[:60]}] if person.professional_title else [],
    }
    picture = None
    if person.picture:
        picture = {
            "media_type": MEDIA.get(person.picture_kind or "", "image/jpeg"),
            "data": base64.b64encode(person.picture).decode(),
        }
    form: dict[str, Any] = {}
    if person.source_format != "xlsx":
        form = {
            "texts": {k: v for k, v in person.texts.items() if k != "ZhaoPian"},
            "tag_order": list(person.tag_order),
            "attributes": person.attributes,
        }
    return {
        "fields": _fields(person),
        "rows": {table: found for table, found in rows.items() if found},
        "picture": picture,
        "unknown_tags": [dataclasses.asdict(tag) for tag in person.unknown_tags],
        "form": form,
    }


def _fields(person: PersonFile) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "native_place": person.native_place,
        "birthplace": person.birthplace,
        "party": person.party,
        "health": person.health,
        "speciality": person.speciality,
        "id_number": person.id_number if person.id_number and len(person.id_number) == 18 else None,
        "resume_text": person.resume,
        "awards_text": person.awards,
    }
    if len(person.parties) > 1 or (person.texts.get("RuDangShiJian") and not person.party_joined):
        fields["party_text"] = person.texts.get("RuDangShiJian", "").strip()
    _dated(fields, "birth", person.birth)
    _dated(fields, "party_joined", person.party_joined)
    _dated(fields, "work_start", person.work_start)
    return {key: value for key, value in fields.items() if value not in (None, "")}


def _at(places: Places, unit_name: str, title: str) -> dict[str, Any]:
    """Unit and post that the names point to, with what the post says."""
    unit = places.units.get(unit_name)
    if unit is None:
        return {}
    out: dict[str, Any] = {"unit_id": unit[0], "unit_kind": unit[1]}
    post = places.posts.get((unit[0], title))
    if post is not None:
        out |= {
            "post_id": post["pk"],
            "grade": post["grade"],
            "leading": post["leading"],
            "head": post["head"],
            "team": post["team"],
        }
    return out


def _posts(person: PersonFile, places: Places) -> list[dict[str, Any]]:
    found = []
    for row in person.posts:
        spell: dict[str, Any] = {
            "unit_name": (row.unit or "")[:120],
            "title": row.title[:120],
            **_at(places, row.unit or "", row.title),
        }
        if row.grade:
            spell["grade"] = row.grade
        if row.nested or row.concurrent:
            spell["concurrent"] = True
        if row.unit is None:
            spell["flagged"] = "单位与职务未能分开"
        if row.end is None and not row.current:
            spell["flagged"] = "截止时间不明"
            spell["end_unknown"] = True
        _dated(spell, "start", row.start)
        _dated(spell, "end", row.end)
        found.append(spell)
    if not found and person.post:
        found = _present_post(person, places)
    return found


def _present_post(person: PersonFile, places: Places) -> list[dict[str, Any]]:
    """The present post of a roster: a text and the month since when."""
    reading = split_post(person.post or "", places.names)
    found = []
    for n, part in enumerate(reading.posts):
        spell: dict[str, Any] = {
            "unit_name": (part.unit or "")[:120],
            "title": part.title[:120],
            **_at(places, part.unit or "", part.title),
        }
        if reading.grade or person.grade:
            spell["grade"] = reading.grade or person.grade
        if part.concurrent:
            spell["concurrent"] = True
        if not reading.certain or part.unit is None:
            spell["flagged"] = "单位与职务未能分开"
        if n == 0 or not part.concurrent:
            _dated(spell, "start", person.post_since)
        found.append(spell)
    return found


def _grades(person: PersonFile) -> list[dict[str, Any]]:
    if not person.grade or person.grade_since is None:
        return []
    row: dict[str, Any] = {"grade": person.grade}
    _dated(row, "start", person.grade_since)
    return [row]


def _course(course: Education, mode: str) -> dict[str, Any] | None:
    level = course.level or course.level_text
    if not level:
        return None
    row: dict[str, Any] = {
        "level": level[:20],
        "degree": course.degree,
        "mode": mode,
        "school": course.school[:80],
        "major": course.major[:60],
    }
    if course.level is None:
        row["flagged"] = "学历原文未能识别"
    _dated(row, "start", course.start)
    _dated(row, "end", course.end)
    return row


def _education(person: PersonFile) -> list[dict[str, Any]]:
    found = []
    for course, mode in ((person.full_time, "full_time"), (person.in_service, "in_service")):
        row = _course(course, mode) if course else None
        if row:
            found.append(row)
    known = {(row["school"], row["major"]) for row in found}
    for study in person.studies:
        if study.kind != "study" or not study.level or (study.school, study.major) in known:
            continue
        row = {
            "level": study.level,
            "degree": "",
            "mode": study.mode or "",
            "school": study.school[:80],
            "major": study.major[:60],
        }
        _dated(row, "start", study.start)
        _dated(row, "end", study.end)
        found.append(row)
    return found


def _trainings(person: PersonFile) -> list[dict[str, Any]]:
    found = []
    for study in person.studies:
        if study.kind == "training":
            row: dict[str, Any] = {
                "name": (study.text or study.school)[:120],
                "institution": study.school[:100],
            }
            _dated(row, "start", study.start, exact=False)
            _dated(row, "end", study.end, exact=False)
            found.append(row)
    return found


def _relations(person: PersonFile) -> list[dict[str, Any]]:
    found = []
    for member in person.family:
        row: dict[str, Any] = {
            "kinship": member.relation[:20],
            "name": member.name[:60],
            "politics": member.politics[:30],
            "employer": member.employer[:200],
        }
        if member.birth is None and member.birth_text:
            row["flagged"] = f"出生年月原文：{member.birth_text}"[:200]
        _dated(row, "birth", member.birth)
        found.append(row)
    return found
