"""What pages keep, show and print: refused input, votes before and after, templates, names."""

from __future__ import annotations

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bole.documents.papers import default_template
from bole.record import streams
from bole.record.models import Entry, Paper
from bole.selection import actions
from bole.selection.models import Case
from tests.selection import small


@pytest.fixture
def case(office):
    bureau = small.bureau(approved=3)
    return small.open_case(small.pack(), small.post(bureau), office["section_officer"])


def test_what_was_typed_into_a_refused_form_is_on_the_page_again(case, office, client):
    client.force_login(office["section_officer"])
    page = reverse("selection:group", args=[case.pk, "proposed"])
    someone = small.cadre("何晴")
    typed = {"cadre": f"#{someone.pk}", "reason": "熟悉教育工作，<b>群众公认</b>"}
    client.post(page, typed, headers={"referer": f"http://testserver{page}"})
    # The same person twice is refused; the reason stands on the page to be put back.
    answer = client.post(page, typed, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    shown = client.get(page)
    assert shown.context["kept_input"]["data"]["reason"] == [typed["reason"]]
    assert shown.context["kept_input"]["form"] == page
    text = shown.content.decode()
    assert 'id="kept-input"' in text
    assert "<b>群众公认" not in text, "what was typed is data on the page, never markup"
    assert client.get(page).context["kept_input"] is None, "once"


def test_forms_beside_the_page_keep_their_input_and_secrets_are_not_kept(case, office, client):
    client.force_login(office["section_officer"])
    page = reverse("selection:case", args=[case.pk])
    act = reverse("selection:act", args=[case.pk])
    client.post(
        act,
        {"action": "skip", "step": "headcount", "reason": "本次不需要", "password": "secret"},
        headers={"referer": f"http://testserver{page}?step=headcount"},
    )
    other = client.get(reverse("selection:course", args=[case.pk]))
    assert other.context["kept_input"] is None, "not on another page"
    client.post(
        act,
        {"action": "skip", "step": "headcount", "reason": "本次不需要", "password": "secret"},
        headers={"referer": f"http://testserver{page}?step=headcount"},
    )
    kept = client.get(f"{page}?step=headcount").context["kept_input"]
    assert kept["data"]["reason"] == ["本次不需要"]
    assert "password" not in kept["data"]
    assert kept["form"] == act


def test_a_vote_says_what_it_needs_before_and_what_it_got_after(case, office, go, client):
    someone = small.cadre("何晴")
    people = {g: [someone] for g in ("proposed", "candidates", "nominees")}
    facts = {"decided_on": case.started.isoformat()}
    go(case, until="meeting", groups=people, facts=facts)
    client.force_login(office["committee_member"])
    url = reverse("selection:case", args=[case.pk]) + "?step=meeting"
    page = client.get(url).content.decode()
    assert "到会须达到应到人数的2/3" in page
    assert "同意须超过应到人数的1/2" in page
    given = {"due": 11, "present": 10, "votes": {"何晴": {"agree": 7, "disagree": 3}}}
    go(case, until="document", groups=people, facts=facts, ballots={"decision": given})
    page = client.get(url).content.decode()
    assert "11人" in page
    assert "何晴：应到人数11人中同意7票，超过1/2须6票：通过" in page


def test_an_office_prints_from_its_own_template(case, office, client):
    client.force_login(office["section_officer"])
    url = reverse("selection:templates")
    assert client.get(url).status_code == 200
    shipped = client.get(url, {"kind": "paper"})
    assert shipped.content == default_template("paper")
    wrong = docx.Document(io.BytesIO(shipped.content))
    wrong.add_paragraph("{{ shortcomngs }}")

    def upload(document):
        file = io.BytesIO()
        document.save(file)
        upload = SimpleUploadedFile("t.docx", file.getvalue())
        return client.post(
            url, {"kind": "paper", "file": upload}, headers={"referer": f"http://testserver{url}"}
        )

    upload(wrong)
    assert not Paper.objects.filter(kind="template:paper").exists()
    assert "shortcomngs" in client.get(url).content.decode()
    right = docx.Document(io.BytesIO(shipped.content))
    right.add_paragraph("安澜县委组织部专用")
    upload(right)
    paper = actions.write_paper(
        actor=office["section_officer"], case=case, paper="form", fields={}, on=case.started
    )
    printed = docx.Document(io.BytesIO(paper.file.path.read_bytes()))
    assert "安澜县委组织部专用" in [p.text for p in printed.paragraphs]
    pdf = client.get(reverse("selection:file", args=[case.pk, paper.pk]), {"format": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    client.force_login(office["inspector"])
    assert client.get(url).status_code == 403


def test_a_paper_prints_what_was_filled_in(office):
    text = small.PACK.replace(
        "signed_by: [chair, recorder]}", "signed_by: [chair, recorder], fields: [主要不足]}"
    )
    bureau = small.bureau()
    case = small.open_case(small.pack(text), small.post(bureau), office["section_officer"])
    paper = actions.write_paper(
        actor=office["section_officer"],
        case=case,
        paper="form",
        fields={"主要不足": "与群众沟通不够\n统筹还需加强"},
        on=case.started,
    )
    printed = docx.Document(io.BytesIO(paper.file.path.read_bytes()))
    words = [p.text for p in printed.paragraphs]
    for wanted in ("主要不足", "与群众沟通不够", "统筹还需加强"):
        assert wanted in words


def test_the_record_names_what_the_case_wrote(case, office, go, client):
    someone = small.cadre("何晴")
    go(case, until="inspect", groups={"proposed": [someone], "candidates": [someone]})
    officer = office["section_officer"]
    actions.state_facts(actor=officer, case=case, facts={"posts": 1})
    actions.set_parameters(actor=officer, case=case, values={"share": "2/3"}, reason="从严")
    actions.suspend_case(actor=officer, case=case, step="inspect", reason="等待")
    # Every key that a case writes into its record has a name of its own.
    unnamed = set()
    for entry in Entry.objects.filter(stream=case.stream, action__startswith="case."):
        for part in (entry.before, entry.after):
            unnamed |= {
                k for k in part or {} if k.isascii() and streams.field_label(k, "case") == k
            }
    assert not unnamed
    stated = Entry.objects.get(stream=case.stream, action="case.state")
    assert stated.after == {"职位数": 1}
    page = client
    page.force_login(office["auditor"])
    shown = page.get(reverse("record:entry", args=[stated.pk])).content.decode()
    assert "职位数" in shown


def test_a_batch_is_opened_once_and_recorded(office, client):
    client.force_login(office["section_officer"])
    url = reverse("selection:batch-new")
    typed = {"name": "2026年第一批", "opened_on": "2026-03-02", "note": ""}
    client.post(url, typed)
    assert Entry.objects.filter(action="batch.open").count() == 1
    client.post(url, typed)
    assert Entry.objects.filter(action="batch.open").count() == 1
    assert not Case.objects.exists()
