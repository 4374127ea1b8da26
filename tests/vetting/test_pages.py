"""Every page of the room, for those who may open it, and closed to the others."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.people.models import Relation, Sanction
from bole.record.models import Reading
from bole.vetting import actions
from bole.vetting.models import AdverseCourse, Check, Complaint, DossierAudit, Opinion, PeriodReport
from tests.vetting.conftest import STREAM, D


@pytest.fixture
def case(officer, zeng, he):
    """A case with one check, a letter, a complaint and a doubt."""
    actions.conclude_check(
        actor=officer, stream=STREAM, check="dossier", cadre=zeng, conclusion="clear"
    )
    letter = actions.ask_body(
        actor=officer,
        stream=STREAM,
        body="discipline",
        cadres=[zeng, he],
        sent_on=D(2026, 3, 2),
        due_on=D(2026, 3, 9),
    )
    complaint = actions.receive_complaint(
        actor=officer,
        stream=STREAM,
        cadres=[zeng],
        channel="letter",
        content="反映秘密内容",
        reporter="秘密人",
        concrete=True,
    )
    doubt = actions.raise_doubt(actor=officer, stream=STREAM, cadre=zeng, text="入党时间两处不一")
    return {"letter": letter, "complaint": complaint, "doubt": doubt}


@pytest.fixture
def pages(case, officer, zeng):
    audit = actions.audit_dossier(actor=officer, stream=STREAM, cadre=zeng, facts=facts())
    item = reported(officer, zeng)
    body = actions.add_body(actor=officer, code="court", name="县法院", since=D(2026, 1, 1))
    of = f"?stream={STREAM}"
    return [
        reverse("vetting:list"),
        reverse("vetting:list") + of,
        reverse("vetting:check") + f"{of}&check=dossier&person={zeng.pk}",
        reverse("vetting:check") + f"{of}&check=avoidance&person={zeng.pk}",
        reverse("vetting:avoidance") + of,
        reverse("vetting:doubt-new") + of,
        reverse("vetting:doubt", args=[case["doubt"].pk]),
        reverse("vetting:opinions"),
        reverse("vetting:opinions") + of + "&state=overdue",
        reverse("vetting:ask") + of,
        reverse("vetting:answer", args=[case["letter"].opinions.first().pk]),
        reverse("vetting:letter", args=[case["letter"].pk]),
        reverse("vetting:complaints") + "?state=open",
        reverse("vetting:complaint-new") + of,
        reverse("vetting:complaint", args=[case["complaint"].pk]),
        reverse("vetting:dossier-new") + f"{of}&cadre={zeng.pk}",
        reverse("vetting:dossier", args=[audit.pk]),
        reverse("vetting:adverse"),
        reverse("vetting:adverse") + "?export=xlsx",
        reverse("vetting:adverse-new"),
        reverse("vetting:adverse-item", args=[item.item_id]),
        reverse("vetting:adverse-notify", args=[item.item_id]),
        reverse("vetting:adverse-reply", args=[item.item_id]),
        reverse("vetting:adverse-lift", args=[item.item_id]),
        reverse("vetting:reports"),
        reverse("vetting:reports") + "?export=xlsx",
        reverse("vetting:report", args=[body.pk, 2026, 3]),
        reverse("vetting:body-new"),
        reverse("vetting:body-end", args=[body.pk]),
    ]


def facts(**verdicts):
    kinds = ("age", "seniority", "party_age", "education", "work", "identity")
    return {k: actions.Fact(verdicts.get(k, "consistent"), ["1980.02"]) for k in kinds}


def reported(actor, cadre):
    return actions.report_adverse(
        actor=actor,
        cadre=cadre,
        category="admonition",
        kind="诫勉",
        issuer="县纪委",
        date=D(2026, 1, 5),
        what="某年某月某事",
        source="某纪〔2026〕1号",
        effect_from=D(2026, 1, 5),
        effect_until=D(2999, 7, 4),
    )


def test_an_officer_opens_every_page(client, officer, pages):
    client.force_login(officer)
    for page in pages:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("role", ["cadre", "committee_member", "system_administrator"])
def test_the_room_is_closed_to_others(client, user_with, pages, role):
    client.force_login(user_with(role))
    for page in pages:
        assert client.get(page).status_code == 403, page


def test_an_inspector_sees_no_case_of_others(client, user_with, pages):
    client.force_login(user_with("inspector"))
    answer = client.get(reverse("vetting:list"))
    assert answer.status_code == 200
    assert STREAM not in answer.content.decode()
    for page in pages[1:]:
        assert client.get(page).status_code == 403, page


def test_a_reading_of_a_complaint_is_logged_and_the_reporter_withheld(client, officer, case, zeng):
    client.force_login(officer)
    page = client.get(reverse("vetting:complaint", args=[case["complaint"].pk])).content.decode()
    assert "反映秘密内容" in page
    assert "秘密人" not in page
    reading = Reading.objects.get()
    assert reading.fields == ["complaint.content"]
    assert reading.ref == f"people.cadre:{zeng.pk}"


def test_the_discipline_liaison_reads_the_reporter(client, discipline, case):
    client.force_login(discipline)
    page = client.get(reverse("vetting:complaint", args=[case["complaint"].pk])).content.decode()
    assert "秘密人" in page
    assert "complaint.reporter" in Reading.objects.get().fields


def test_a_check_is_concluded_on_its_page(client, officer, case, he):
    client.force_login(officer)
    url = reverse("vetting:check") + f"?stream={STREAM}&check=dossier&person={he.pk}"
    sent = {"conclusion": "doubt", "note": "", "on": "2026-03-03", "other": "档案"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert not Check.objects.filter(cadre=he).exists()
    assert client.post(url, {**sent, "note": "缺材料"}).status_code == 302
    check = Check.objects.get(cadre=he)
    assert (check.conclusion, check.evidence) == ("doubt", [{"name": "档案", "digest": ""}])


def test_a_letter_is_asked_and_answered_on_pages(client, officer, case, zeng):
    client.force_login(officer)
    url = reverse("vetting:ask") + f"?stream={STREAM}"
    sent = {"body": "police", "cadres": [zeng.pk], "sent_on": "2026-03-03", "question": "一\n二"}
    assert client.post(url, sent).status_code == 302
    opinion = Opinion.objects.get(letter__body="police")
    assert opinion.letter.number == "安组函〔2026〕2号"
    url = reverse("vetting:answer", args=[opinion.pk])
    sent = {"answer": "no_objection", "signer": "王某", "received_on": "2026-03-05"}
    assert client.post(url, sent).status_code == 302
    opinion.refresh_from_db()
    assert opinion.answer == "no_objection"


def test_a_complaint_is_registered_and_concluded_on_pages(client, discipline, zeng):
    client.force_login(discipline)
    sent = {"cadres": "曾静", "channel": "phone", "content": "某事", "received_on": "2026-03-03"}
    answer = client.post(reverse("vetting:complaint-new"), {**sent, "cadres": "无此人"})
    assert answer.status_code == 422
    assert client.post(reverse("vetting:complaint-new"), sent).status_code == 302
    complaint = Complaint.objects.get()
    assert list(complaint.cadres.all()) == [zeng]
    end = {"finding": "unfounded", "text": "不实", "effect": "none", "on": "2026-03-04"}
    url = reverse("vetting:complaint", args=[complaint.pk])
    assert client.post(url, end).status_code == 302
    complaint.refresh_from_db()
    assert not complaint.open


def test_two_persons_of_one_name_are_told_apart(client, discipline, zeng, bureau):
    twin = type(zeng).objects.create(name="曾静", sex="女", unit=bureau, post_title="科员")
    client.force_login(discipline)
    sent = {"cadres": "曾静", "channel": "phone", "content": "某事", "received_on": "2026-03-03"}
    page = client.post(reverse("vetting:complaint-new"), sent).content.decode()
    assert f"#{twin.pk} 曾静 科员" in page
    sent["cadres"] = f"#{twin.pk}"
    assert client.post(reverse("vetting:complaint-new"), sent).status_code == 302


def test_a_dossier_is_audited_by_two_and_signed(client, officer, second, user_with, zeng, case):
    client.force_login(officer)
    url = reverse("vetting:dossier-new") + f"?stream={STREAM}&cadre={zeng.pk}"
    sent = {"on": "2026-03-03"}
    for kind in facts():
        sent |= {f"{kind}-values": "1980.02", f"{kind}-verdict": "consistent"}
    assert client.post(url, {**sent, "age-values": "1980.02\n1981.02"}).status_code == 422
    assert client.post(url, {**sent, "age-verdict": ""}).status_code == 422
    sent |= {"age-values": "1980.02\n1981.02", "age-verdict": "inconsistent"}
    assert client.post(url, sent).status_code == 302
    audit = DossierAudit.objects.get()
    page = reverse("vetting:dossier", args=[audit.pk])
    verdicts = dict.fromkeys(facts(), "consistent") | {"age": "inconsistent"}
    assert client.post(page, verdicts).status_code == 403  # the first checker
    client.force_login(second)
    assert client.post(page, verdicts).status_code == 422  # no deadline
    assert client.post(page, {**verdicts, "deadline": "2999-01-01"}).status_code == 302
    audit.refresh_from_db()
    assert audit.route == "verify"
    zeng.account = user_with("cadre")
    zeng.save()
    client.force_login(zeng.account)
    assert client.get(page).status_code == 200
    assert client.post(page, {"password": "wrong", "on": "2026-11-24"}).status_code == 422
    sent = {"password": "correct horse", "on": "", "statement": ""}
    audit.refresh_from_db()
    sent["on"] = f"{audit.second_on}"
    assert client.post(page, sent).status_code == 302
    audit.refresh_from_db()
    assert audit.state == "signed"


def test_an_adverse_item_goes_its_way_on_pages(client, officer, second, zeng):
    client.force_login(officer)
    course = reported(officer, zeng)
    pk = course.item_id
    confirm = reverse("vetting:adverse-confirm", args=[pk])
    client.post(confirm)
    assert Sanction.objects.get().status == "reported"  # not told yet
    assert AdverseCourse.objects.get().first_confirmed_by is None
    client.post(reverse("vetting:adverse-notify", args=[pk]), {"on": f"{course.reported_on}"})
    client.post(reverse("vetting:adverse-reply", args=[pk]), {"text": "本人说明"})
    client.post(confirm)
    client.post(confirm)
    assert Sanction.objects.get().status == "reported"  # one person twice
    client.force_login(second)
    client.post(confirm)
    item = Sanction.objects.get()
    assert (item.status, item.reply) == ("confirmed", "本人说明")
    client.post(reverse("vetting:adverse-lift", args=[pk]), {"text": "撤销"})
    assert Sanction.objects.get().status == "lifted"


def test_reports_with_items_and_zero_reports(client, officer):
    body = actions.add_body(actor=officer, code="court", name="县法院", since=D(2026, 1, 1))
    client.force_login(officer)
    url = reverse("vetting:report", args=[body.pk, 2026, 3])
    sent = {"received_on": "2026-04-02"}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {**sent, "zero": "on", "items": "一事"}).status_code == 422
    assert client.post(url, {**sent, "zero": "on"}).status_code == 302
    assert PeriodReport.objects.get().zero
    url = reverse("vetting:report", args=[body.pk, 2026, 4])
    assert client.post(url, {"received_on": "2026-04-30", "items": "一事\n二事"}).status_code == 302
    assert "二事" in client.get(url).content.decode()


def test_the_avoidance_page_shows_relations_only_to_those_who_need_them(
    client, officer, zeng, he, case
):
    Relation.objects.create(cadre=zeng, kinship="弟弟", name="贺伟", related=he)
    client.force_login(officer)
    page = client.get(reverse("vetting:avoidance") + f"?stream={STREAM}").content.decode()
    assert "弟弟" in page
    assert sorted(r.name for r in Reading.objects.all()) == ["曾静", "贺伟"]
