"""Checks, opinions, complaints and doubts: what they refuse, what they hold, what they record."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from bole.engine.errors import BoleError
from bole.people.models import Sanction
from bole.record.models import Entry
from bole.vetting import actions
from bole.vetting.models import Check, Letter
from bole.vetting.queries import of_stream
from tests.vetting.conftest import STREAM, D


def codes(caught):
    return [p.code for p in caught.value.problems]


def test_the_newest_conclusion_counts_and_the_older_stays(officer, zeng):
    for conclusion, note in (("doubt", "两处记载不一"), ("clear", "")):
        actions.conclude_check(
            actor=officer,
            stream=STREAM,
            check="dossier",
            cadre=zeng,
            conclusion=conclusion,
            note=note,
            evidence=["档案审核表"],
        )
    found = of_stream(STREAM).checks
    assert [(c.check, c.person, c.conclusion, c.evidence) for c in found] == [
        ("dossier", zeng.pk, "doubt", True),
        ("dossier", zeng.pk, "clear", True),
    ]
    entries = Entry.objects.filter(stream=STREAM)
    assert [e.action for e in entries] == ["vetting.check"] * 2
    assert "两处记载不一" not in str(entries.values_list("after", flat=True))


def test_a_user_is_named_by_u_and_avoidance_needs_no_paper(officer, second):
    actions.conclude_check(
        actor=officer, stream=STREAM, check="avoidance", user=second, conclusion="clear"
    )
    (check,) = of_stream(STREAM).checks
    assert check.person == f"u{second.pk}"
    assert check.evidence


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"conclusion": "adverse"}, "NOTE_MISSING"),
        ({"conclusion": "nothing"}, "CONCLUSION"),
        ({"conclusion": "clear", "on": D(2999, 1, 1)}, "DATE_AHEAD"),
        (
            {"conclusion": "clear", "on": D(2026, 3, 2), "valid_until": D(2026, 3, 1)},
            "DATE_ORDER",
        ),
    ],
)
def test_what_a_conclusion_refuses(officer, zeng, values, code):
    with pytest.raises(BoleError) as caught:
        actions.conclude_check(actor=officer, stream=STREAM, check="dossier", cadre=zeng, **values)
    assert codes(caught) == [code]
    assert not Check.objects.exists()
    assert not Entry.objects.exists()


def test_nobody_checks_oneself(officer, zeng):
    zeng.account = officer
    zeng.save()
    with pytest.raises(BoleError) as caught:
        actions.conclude_check(
            actor=officer, stream=STREAM, check="dossier", cadre=zeng, conclusion="clear"
        )
    assert codes(caught) == ["OWN_CHECK"]


@pytest.mark.parametrize("role", ["unit_liaison", "auditor", "cadre", "committee_member"])
def test_who_may_not_conclude(user_with, zeng, role):
    with pytest.raises(PermissionDenied):
        actions.conclude_check(
            actor=user_with(role), stream=STREAM, check="dossier", cadre=zeng, conclusion="clear"
        )


def test_letters_are_numbered_and_answered_per_person(officer, zeng, he):
    asked = D(2026, 3, 2)
    letter = actions.ask_body(
        actor=officer, stream=STREAM, body="discipline", cadres=[zeng, he], sent_on=asked
    )
    second = actions.ask_body(actor=officer, stream=STREAM, body="superior", sent_on=asked)
    assert [letter.number, second.number] == ["安组函〔2026〕1号", "安组函〔2026〕2号"]
    assert letter.paper.size > 5000
    actions.record_answer(
        actor=officer,
        stream=STREAM,
        body="discipline",
        cadre=zeng,
        answer="no_objection",
        signer="李伟",
        received_on=D(2026, 3, 6),
    )
    answers = {(a.body, a.person): (a.asked, a.answer) for a in of_stream(STREAM).answers}
    assert answers == {
        ("discipline", zeng.pk): (asked, "no_objection"),
        ("discipline", he.pk): (asked, None),
        ("superior", None): (asked, None),
    }
    with pytest.raises(BoleError) as caught:
        actions.ask_body(actor=officer, stream=STREAM, body="discipline", cadres=[he])
    assert codes(caught) == ["ASKED_TWICE"]
    assert "贺伟" in str(caught.value)


def test_an_answer_needs_a_letter_and_cannot_come_before_it(officer, zeng):
    with pytest.raises(BoleError) as caught:
        actions.record_answer(
            actor=officer, stream=STREAM, body="police", cadre=zeng, answer="no_objection"
        )
    assert codes(caught) == ["NOT_ASKED"]
    actions.ask_body(
        actor=officer, stream=STREAM, body="police", cadres=[zeng], sent_on=D(2026, 3, 2)
    )
    with pytest.raises(BoleError) as caught:
        actions.record_answer(
            actor=officer,
            stream=STREAM,
            body="police",
            cadre=zeng,
            answer="no_objection",
            received_on=D(2026, 3, 1),
        )
    assert codes(caught) == ["DATE_ORDER"]


def test_a_concrete_complaint_holds_every_case_of_the_person(officer, zeng):
    complaint = actions.receive_complaint(
        actor=officer, cadres=[zeng], channel="letter", content="反映某项目招标", concrete=True
    )
    assert of_stream("case:99").holds == []
    (hold,) = of_stream("case:99", cadres=[zeng.pk]).holds
    assert hold.kind == "complaint"
    assert complaint.number in hold.text.zh
    assert "招标" not in hold.text.zh
    actions.conclude_complaint(
        actor=officer,
        complaint=complaint,
        finding="unfounded",
        text="查无此事",
        effect="none",
        feedback="",
    )
    assert of_stream("case:99", cadres=[zeng.pk]).holds == []


def test_a_vague_complaint_holds_nothing(officer, zeng):
    actions.receive_complaint(
        actor=officer, stream=STREAM, cadres=[zeng], channel="phone", content="不好", concrete=False
    )
    assert of_stream(STREAM, cadres=[zeng.pk]).holds == []


def test_a_founded_complaint_concludes_the_check_as_adverse(officer, zeng):
    complaint = actions.receive_complaint(
        actor=officer,
        stream=STREAM,
        cadres=[zeng],
        channel="visit",
        content="反映事项",
        concrete=True,
        reporter="某人",
    )
    end = {"finding": "founded", "text": "属实", "effect": "against"}
    with pytest.raises(BoleError) as caught:
        actions.conclude_complaint(actor=officer, complaint=complaint, feedback="", **end)
    assert codes(caught) == ["FEEDBACK_MISSING"]
    actions.conclude_complaint(actor=officer, complaint=complaint, feedback="已当面答复", **end)
    found = of_stream(STREAM)
    assert [(c.check, c.conclusion) for c in found.checks] == [("complaints", "adverse")]
    assert found.holds == []
    with pytest.raises(BoleError) as caught:
        actions.conclude_complaint(actor=officer, complaint=complaint, feedback="x", **end)
    assert codes(caught) == ["COMPLAINT_CLOSED"]


def test_a_doubt_holds_until_it_is_cleared(officer, second, zeng):
    doubt = actions.raise_doubt(
        actor=officer, stream=STREAM, cadre=zeng, text="入党时间待核", check="dossier"
    )
    assert [h.kind for h in of_stream(STREAM, cadres=[zeng.pk]).holds] == ["doubt"]
    assert of_stream(STREAM, cadres=[]).holds == []  # the person left the case
    actions.clear_doubt(actor=second, doubt=doubt, state="unresolved", outcome="尚无材料")
    assert len(of_stream(STREAM).holds) == 1
    actions.clear_doubt(actor=second, doubt=doubt, state="confirmed_effect", outcome="查实")
    found = of_stream(STREAM)
    assert found.holds == []
    assert [(c.check, c.conclusion) for c in found.checks] == [("dossier", "adverse")]


def test_effect_periods_hold_while_they_run(zeng):
    for status, until in (
        ("confirmed", D(2026, 6, 30)),
        ("reported", D(2026, 12, 31)),
        ("confirmed", None),
    ):
        Sanction.objects.create(
            cadre=zeng,
            category="sanction",
            kind="警告",
            issuer="县纪委",
            date=D(2026, 1, 1),
            effect_from=D(2026, 1, 1),
            effect_until=until,
            status=status,
        )
    on_the_last_day = of_stream(STREAM, cadres=[zeng.pk], today=D(2026, 6, 30)).holds
    assert [h.until for h in on_the_last_day] == [D(2026, 6, 30), None]
    after = of_stream(STREAM, cadres=[zeng.pk], today=D(2026, 7, 1)).holds
    assert [h.until for h in after] == [None]
    assert "未登记" in after[0].text.zh


def test_three_queries(officer, zeng, django_assert_num_queries):
    actions.conclude_check(
        actor=officer, stream=STREAM, check="dossier", cadre=zeng, conclusion="clear"
    )
    actions.ask_body(actor=officer, stream=STREAM, body="police", cadres=[zeng])
    actions.receive_complaint(
        actor=officer, stream=STREAM, channel="letter", content="x", concrete=True
    )
    with django_assert_num_queries(3):
        of_stream(STREAM)


def test_an_action_that_fails_leaves_nothing(officer, zeng, monkeypatch):
    def broken(**_):
        raise OSError("disk full")

    monkeypatch.setattr("bole.vetting.actions.opinions.append", broken)
    with pytest.raises(OSError):
        actions.ask_body(actor=officer, stream=STREAM, body="police", cadres=[zeng])
    assert not Letter.objects.exists()
    assert not Entry.objects.exists()
