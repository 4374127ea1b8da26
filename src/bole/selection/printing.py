"""What the papers of a case say: persons, posts and fields put into the office's templates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bole.documents.appointment_docx import to_docx
from bole.documents.appointment_form import from_person_file
from bole.documents.paper_kinds import kind_of
from bole.documents.papers import paper_docx
from bole.engine.procedures import Paper
from bole.people.files import person_file
from bole.people.models import Cadre
from bole.record.queries import office_template
from bole.selection.context import CaseContext

GROUPS = ("nominees", "candidates", "proposed")


def month(day: datetime.date | None) -> str:
    """A month as papers write it."""
    return f"{day.year}年{day.month}月" if day else ""


def person_of(cadre: Cadre, post: str) -> dict[str, str]:
    """What notices and letters say of a person."""
    return {
        "name": cadre.name,
        "sex": cadre.sex,
        "birth": month(cadre.birth),
        "ethnicity": cadre.ethnicity,
        "native_place": cadre.native_place,
        "education": cadre.education_level,
        "party": cadre.party,
        "work_start": month(cadre.work_start),
        "present_post": cadre.post_title,
        "proposed_post": post,
        "removed_post": "",
    }


def print_paper(
    look: CaseContext,
    paper: Paper,
    fields: Mapping[str, Any],
    cadre: Cadre | None,
    day: datetime.date,
) -> tuple[str, bytes]:
    """The file name and the Word file of a paper."""
    name = paper.name.zh.strip("《》")
    posts = "、".join(str(p.post) for p in look.case.posts.select_related("post__unit"))
    if paper.template == "appointment_form" and cadre is not None:
        form = from_person_file(person_file(cadre), on=day)
        return f"{name}-{cadre.name}.docx", to_docx(form).content
    members = next((look.group(g) for g in GROUPS if look.group(g)), [])
    people = [person_of(m.cadre, posts) for m in members if m.cadre_id]
    sections = [
        {"heading": f.name.zh, "paragraphs": str(fields.get(f.id, "")).splitlines()}
        for f in paper.fields
    ]
    data: dict[str, Any] = {
        "title": f"{look.case.title}{name}",
        "persons": [person_of(cadre, posts)] if cadre else people,
        "person": person_of(cadre, posts) if cadre else (people[0] if people else {}),
        "sections": sections,
        "office": "组织部",
        "unit": look.case.unit.name,
        "date": day,
        "signatures": [
            {
                "role": look.procedure.roles[s.role].name.zh
                if s.role in look.procedure.roles
                else _role(s.role or s.all_of or ""),
                "name": "",
            }
            for s in paper.signed_by
        ],
        **{k: v for k, v in fields.items() if v not in ("", None)},
    }
    suffix = f"-{cadre.name}" if cadre else ""
    kind = kind_of(paper.template or "paper").id
    return f"{name}{suffix}.docx", paper_docx(kind, data, office_template(kind)).content


def _role(role: str) -> str:
    from bole.engine.procedures.vocabulary import GROUPS as KNOWN_GROUPS
    from bole.engine.procedures.vocabulary import ROLES

    found = ROLES.get(role) or KNOWN_GROUPS.get(role)
    return found.zh if found else role
