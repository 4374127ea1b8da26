"""The pages of matters: lists, forms that keep what was typed, moves, papers, print."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bole.matters import actions
from bole.matters.models import Matter
from bole.record.models import Reading
from bole.record.queries import entries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(pack, sign_in):
    pack("matters-finding")
    return sign_in("section_officer", username="officer")


FORM = {
    "cadre": "王芳",
    "f_written": "yes",
    "f_mode": "personal",
    "f_recommender": "曾静",
    "f_target": "财政局副局长",
    "f_reasons": "熟悉财政业务",
    "f_relation": "none",
    "on": "2026-11-02",
}


def test_a_recommendation_from_the_form_to_the_base(office, people, sign_in):
    assert "署名推荐" in office.get(reverse("matters:choose")).content.decode()
    url = reverse("matters:new", args=["signed_recommendation"])
    assert office.get(url).status_code == 200
    page = office.post(url, {**FORM, "f_recommender": "无此人"})
    assert page.status_code == 422
    assert "熟悉财政业务" in page.content.decode()  # what was typed is kept
    assert not Matter.objects.exists()
    office.post(url, {**FORM, "f_form": SimpleUploadedFile("推荐表.pdf", b"%PDF-1.4")})
    matter = Matter.objects.get()
    page = office.get(reverse("matters:matter", args=[matter.pk])).content.decode()
    assert "缺推荐人签字" in page
    assert "推荐表.pdf" in page
    move = reverse("matters:move", args=[matter.pk, "sign_paper"])
    assert office.get(move).status_code == 200
    assert office.post(move, {"password": "wrong"}).status_code == 422
    assert office.post(move, {"password": "correct horse"}).status_code == 302
    office.post(reverse("matters:move", args=[matter.pk, "accept"]))
    office.post(
        reverse("matters:move", args=[matter.pk, "qualify"]),
        {"f_review": "无问题", "f_relation": "none"},
    )
    matter.refresh_from_db()
    assert matter.state == "qualified"
    assert "审核合格" in office.get(reverse("matters:list")).content.decode()
    exported = office.get(reverse("matters:list"), {"export": "csv"})
    assert matter.number in exported.content.decode("utf-8-sig")


def test_paper_and_print(office, people, officer):
    matter = actions.open_matter(
        actor=officer,
        kind="signed_recommendation",
        cadre=people["wang"],
        values={"written": True, "mode": "self", "target": "副镇长", "reasons": "本人自荐"},
    )
    actions.attach(
        actor=officer, matter=matter, field="form", name="自荐表.pdf", content=b"%PDF-1.4"
    )
    matter.refresh_from_db()
    (paper,) = matter.values["form"]
    answer = office.get(reverse("matters:paper", args=[matter.pk, paper]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = office.get(reverse("matters:print", args=[matter.pk, form]))
        assert answer.content.startswith(start)
    assert not Reading.objects.exists()


def test_only_who_may_reads_it(office, people, officer, client, user_with):
    matter = actions.open_matter(
        actor=officer, kind="signed_recommendation", cadre=people["wang"], values={}
    )
    client.force_login(user_with("inspector"))
    assert client.get(reverse("matters:matter", args=[matter.pk])).status_code == 403
    assert matter.number not in client.get(reverse("matters:list")).content.decode()


def test_a_case_shows_its_matters_and_its_gates_read_them(pack, office, people, officer, units):
    import datetime

    from bole.selection.context import load
    from bole.selection.models import Case

    case = Case.objects.create(
        number="A-1",
        title="选拔任用副局长",
        scheme=pack("regulation-2019"),
        unit=units["department"],
        started=datetime.date(2026, 11, 2),
        opened_by=officer,
    )
    address = reverse("selection:case", args=[case.pk])
    assert "尚无挂在本任用事项上" in office.get(address).content.decode()
    new = reverse("matters:new", args=["first_nomination"])
    values = {"cadre": "王芳", "f_nominated_on": "2026-11-02", "on": "2026-11-02"}
    office.post(f"{new}?case={case.stream}", values)
    matter = Matter.objects.get()
    assert matter.case_stream == case.stream
    assert matter.number in office.get(address).content.decode()
    (record,) = load(case, datetime.date(2026, 11, 24)).matters("first_nomination")
    assert (record.state, record.person) == ("draft", people["wang"].pk)
    entries = [e.action for e in entries_of(case.stream)]
    assert entries == ["matter.open"]
