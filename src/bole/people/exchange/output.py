"""A `PersonFile` as JSON: the shape of `bole read --json`, documented in docs/files.md."""

from __future__ import annotations

import base64
from typing import Any

from .dates import PartialDate
from .record import COMMUNIST, Education, PersonFile
from .words import grade_name

#: How the forms themselves spell a level, by column. The standard name stands in `level_name`.
_FULL_TIME = {"专科": "大专"}
_IN_SERVICE = {"专科": "大专", "本科": "大学", "研究生": "在职研究生"}


def _month(date: PartialDate | None) -> str | None:
    return date.yyyymm if date else None


def _education(education: Education | None, spelling: dict[str, str]) -> dict[str, Any] | None:
    if education is None:
        return None
    level = education.level
    # A Party school's level is not the state's: it is told in the form's own words.
    own_words = level is None or "党校" in education.level_text
    return {
        "level": education.level_text if own_words else spelling.get(level or "", level),
        "degree": education.degree,
        "school": education.school,
        "major": education.major,
        "start": _month(education.start),
        "end": _month(education.end),
        "level_name": level,
        "level_text": education.level_text,
        "degree_text": education.degree_text,
    }


def as_person(person: PersonFile, *, picture: bool = False) -> dict[str, Any]:
    """The person as plain data. Months are "YYYYMM"; unknown values are null.

    `picture=True` adds the picture in base64; otherwise only its kind and size are told.
    """
    others = person.other_parties
    age = person.age()
    return {
        "name": person.name,
        "sex": person.sex,
        "birth": _month(person.birth),
        "birth_day": person.birth.day if person.birth else None,
        "ethnicity": person.ethnicity,
        "origin": person.native_place,
        "party_date": _month(person.party_joined),
        "other_party": "、".join(others) or None,
        "work_start": _month(person.work_start),
        "health": person.health,
        "full_time": _education(person.full_time, _FULL_TIME),
        "on_job": _education(person.in_service, _IN_SERVICE),
        "posts": [
            {
                "start": _month(row.start),
                "end": _month(row.end),
                "unit": row.unit,
                "title": row.title,
                "grade": grade_name(row.grade),
                "note": row.note,
                "text": row.text,
                "current": row.current,
                "nested": row.nested,
                "concurrent": row.concurrent,
                "grade_code": row.grade,
            }
            for row in person.posts
        ],
        "appraisals": {str(year): grade for year, grade in person.appraisals.items()},
        "family": [
            [
                row.relation,
                row.name,
                _month(row.birth) or row.birth_text,
                row.politics,
                row.employer,
            ]
            for row in person.family
        ],
        "id_number": person.id_number,
        "title": person.professional_title,
        # Beside the fields above:
        "party": person.party,
        "parties": [{"party": m.party, "joined": _month(m.joined)} for m in person.parties],
        "communist": None if person.party is None else person.party == COMMUNIST,
        "birthplace": person.birthplace,
        "speciality": person.speciality,
        "post": person.post,
        "proposed": person.proposed,
        "removed": person.removed,
        "reason": person.reason,
        "grade": person.grade,
        "grade_text": person.grade_text,
        "post_since": _month(person.post_since),
        "grade_since": _month(person.grade_since),
        "studies": [
            {
                "start": _month(row.start),
                "end": _month(row.end),
                "school": row.school,
                "major": row.major,
                "level": row.level,
                "mode": row.mode,
                "kind": row.kind,
                "text": row.text,
                "nested": row.nested,
            }
            for row in person.studies
        ],
        "resume": person.resume,
        "resume_unread": person.unread_resume,
        "awards": person.awards,
        "appraisals_text": person.appraisals_text,
        "reporting_unit": person.reporting_unit,
        "age": (
            {"years": age.years, "against": age.against.isoformat(), "source": age.source}
            if age
            else None
        ),
        "age_date": person.age_date.iso() if person.age_date else None,
        "fill_date": person.fill_date.iso() if person.fill_date else None,
        "filler": person.filler,
        "note": person.note,
        "picture": _picture(person, picture),
        "unknown_tags": [{"name": t.name, "xml": t.xml} for t in person.unknown_tags],
        "sources": {
            name: {"code": source.code, "text": source.text.as_dict()}
            for name, source in person.sources.items()
        },
    }


def _picture(person: PersonFile, with_bytes: bool) -> dict[str, Any] | None:
    if person.picture is None:
        return None
    told: dict[str, Any] = {"kind": person.picture_kind, "bytes": len(person.picture)}
    if with_bytes:
        told["base64"] = base64.b64encode(person.picture).decode("ascii")
    return told
