"""Forms of vetting on paper, from the office's templates: dossier confirmation, joint review."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from bole.documents.papers import paper_docx, paper_pdf
from bole.engine.vetting import dossier
from bole.people.models import Cadre
from bole.record import streams
from bole.record.archive import office_name
from bole.record.queries import office_template
from bole.vetting.models import DossierAudit, DossierFinding, Opinion
from bole.vetting.plans import plan_of
from bole.vetting.queries import people_of

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
VERDICTS = {
    DossierFinding.Verdict.CONSISTENT: "一致",
    DossierFinding.Verdict.INCONSISTENT: "不一致",
    DossierFinding.Verdict.ALTERATION: "涉嫌涂改",
    DossierFinding.Verdict.MISSING: "材料缺失",
    DossierFinding.Verdict.UNCLEAR: "不清楚",
}
ANSWERS = {
    Opinion.Answer.NO_OBJECTION: "无不同意见",
    Opinion.Answer.INFORMATION: "提供情况",
    Opinion.Answer.OBJECTION: "有不同意见",
    Opinion.Answer.CANNOT_ANSWER: "无法答复",
}


def person(cadre: Cadre) -> dict[str, str]:
    """What a form says of a person."""

    def month(day: datetime.date | None) -> str:
        return f"{day.year}年{day.month}月" if day else ""

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
        "proposed_post": "",
        "removed_post": "",
    }


def _printed(kind: str, data: dict[str, Any], form: str) -> bytes:
    """The form as "docx" or "pdf", from the office's own template if it has one."""
    printer = paper_pdf if form == "pdf" else paper_docx
    return printer(kind, data, office_template(kind)).content


def _day(day: datetime.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def dossier_form(audit: DossierAudit, form: str) -> tuple[str, bytes]:
    """File name and content of the confirmation form that the person signs."""
    case = streams.title(audit.stream) if audit.stream else ""
    data = {
        "person": person(audit.cadre),
        "case": case,
        "facts": [
            {
                "fact": dossier.FACTS[f.kind].zh,
                "stated": "；".join(f.values),
                "page": f.page,
                "first": VERDICTS.get(f.first, ""),
                "second": VERDICTS.get(f.second, ""),
                "note": f.note,
            }
            for f in audit.findings.all()
        ],
        "route": "；".join(dossier.ROUTES[r].zh for r in audit.routes),
        "deadline": _day(audit.deadline),
        "first": f"{audit.first_by} {_day(audit.first_on)}",
        "second": f"{audit.second_by} {_day(audit.second_on)}" if audit.second_by else "",
        "statement": audit.statement,
        "signed": _day(audit.signed_on),
        "office": office_name(),
        "date": audit.second_on or audit.first_on,
    }
    name = f"干部人事档案审核确认表-{audit.cadre.name}.{form}"
    return name, _printed("dossier_confirmation", data, form)


def joint_review(stream: str, form: str) -> tuple[str, bytes]:
    """The joint-review sheet of a case: a line for each body and person, to be signed.

    What a body has answered already stands in its line; the others are empty.
    """
    plan = plan_of(stream)
    people = [c.cadre for c in people_of(stream, plan) if c.cadre]
    said: dict[tuple[str, int | None], Opinion] = {}
    opinions = Opinion.objects.filter(letter__stream=stream).select_related("letter")
    names = {code: plan.body_name(code).zh for code in plan.bodies}
    for opinion in opinions.order_by("pk"):
        said[opinion.letter.body, opinion.cadre_id] = opinion
        names.setdefault(opinion.letter.body, opinion.letter.body_name.zh)
    lines = []
    for code, name in names.items():
        for cadre in people:
            answer = said.get((code, cadre.pk)) or said.get((code, None))
            lines.append(
                {
                    "body": name,
                    "person": cadre.name,
                    "opinion": ANSWERS.get(answer.answer, "") if answer else "",
                    "signer": answer.signer if answer else "",
                    "day": _day(answer.received_on) if answer else "",
                }
            )
    data = {
        "case": streams.title(stream),
        "persons": [person(c) for c in people],
        "lines": lines,
        "office": office_name(),
        "date": timezone.localdate(),
    }
    return f"干部联审表.{form}", _printed("joint_review", data, form)
