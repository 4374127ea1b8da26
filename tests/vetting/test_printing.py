"""Forms on paper: the dossier confirmation that the person signs, the joint-review sheet."""

from __future__ import annotations

import io

import docx
import pytest
from django.urls import reverse

from bole.documents.papers import default_template
from bole.engine.vetting import dossier
from bole.record.actions import store_paper
from bole.record.models import Reading
from bole.vetting import actions, printing
from tests.vetting.conftest import STREAM, D


def words(content: bytes) -> str:
    """All text of a Word file, tables included."""
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.fixture
def audit(zeng, officer, second):
    facts = {
        kind: actions.Fact("consistent", ["1973-08-25"], f"第{n}页")
        for n, kind in enumerate(dossier.FACTS, 1)
    }
    facts["age"] = actions.Fact("inconsistent", ["1973-08-25", "1974-08-25"], "第1页", "两处不一")
    found = actions.audit_dossier(
        actor=officer, stream=STREAM, cadre=zeng, facts=facts, on=D(2026, 3, 2)
    )
    return actions.recheck_dossier(
        actor=second,
        audit=found,
        verdicts={kind: fact.verdict for kind, fact in facts.items()},
        deadline=D(2026, 3, 31),
        on=D(2026, 3, 3),
    )


def test_the_confirmation_form_says_what_both_checks_found(audit):
    name, content = printing.dossier_form(audit, "docx")
    assert name == "干部人事档案审核确认表-曾静.docx"
    said = words(content)
    for wanted in (
        "曾静",
        "出生时间",
        "1973-08-25；1974-08-25",
        "不一致",
        "两处不一",
        "组织核实认定",
        "2026年3月31日",
        "officer 2026年3月2日",
        "second 2026年3月3日",
    ):
        assert wanted in said, wanted
    name, content = printing.dossier_form(audit, "pdf")
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF")


def test_the_form_is_printed_by_who_may_read_it_and_logged(
    audit, client, officer, user_with, discipline
):
    url = reverse("vetting:dossier-form", args=[audit.pk])
    client.force_login(officer)
    assert client.get(url).status_code == 200
    assert Reading.objects.exists()
    assert client.get(url, {"format": "pdf"})["Content-Type"] == "application/pdf"
    client.force_login(user_with("inspector"))
    assert client.get(url).status_code == 403


def test_the_joint_review_sheet_has_a_line_for_each_body_and_person(
    zeng, he, officer, discipline, client
):
    for body, people in (("police", [zeng, he]), ("court", [zeng])):
        actions.ask_body(
            actor=officer, stream=STREAM, body=body, cadres=people, sent_on=D(2026, 3, 2)
        )
    actions.record_answer(
        actor=officer,
        stream=STREAM,
        body="police",
        cadre=zeng,
        answer="no_objection",
        signer="周所长",
        received_on=D(2026, 3, 5),
    )
    _name, content = printing.joint_review(STREAM, "docx")
    document = docx.Document(io.BytesIO(content))
    rows = [[c.text for c in r.cells] for r in document.tables[-1].rows]
    assert ["公安机关", "曾静", "无不同意见", "周所长", "2026年3月5日"] in rows
    assert ["公安机关", "贺伟", "", "", ""] in rows, "to be signed by hand"
    assert sum(r[0] == "法院" for r in rows) == 2
    client.force_login(officer)
    answer = client.get(reverse("vetting:joint-review"), {"stream": STREAM, "format": "pdf"})
    assert answer.content.startswith(b"%PDF")


def test_the_office_s_own_template_is_used(audit, officer):
    own = docx.Document(io.BytesIO(default_template("dossier_confirmation")))
    own.add_paragraph("一式三份")
    file = io.BytesIO()
    own.save(file)
    store_paper(
        actor=officer,
        stream="office",
        name="t.docx",
        content=file.getvalue(),
        kind="template:dossier_confirmation",
    )
    assert "一式三份" in words(printing.dossier_form(audit, "docx")[1])
