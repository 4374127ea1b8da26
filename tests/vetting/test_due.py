"""What is due in vetting, in few queries; and the day until which a complaint is verified."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bole.engine.errors import BoleError
from bole.engine.workdays.clocks import Length
from bole.people.models import Sanction
from bole.vetting import actions, plans, queries
from tests.vetting.conftest import STREAM, D

TODAY = D(2026, 3, 20)


def whats(user) -> list[str]:
    return [d.what for d in queries.due(user, TODAY)]


def report(officer, cadre, kind="诫勉"):
    return actions.report_adverse(
        actor=officer,
        cadre=cadre,
        category=Sanction.Category.ADMONITION,
        kind=kind,
        issuer="县纪委监委",
        date=D(2026, 3, 2),
        what="2026年2月会议迟到",
        source="安纪〔2026〕3号",
        effect_from=D(2026, 3, 2),
        effect_until=D(2026, 9, 1),
        on=D(2026, 3, 3),
    )


def test_everything_that_waits_is_due_in_two_queries(
    zeng, he, officer, second, discipline, django_assert_num_queries
):
    for cadre in (zeng, he):
        actions.ask_body(
            actor=officer,
            stream=STREAM,
            body="police",
            cadres=[cadre],
            sent_on=D(2026, 3, 2),
            due_on=D(2026, 3, 16),
        )
    actions.raise_doubt(
        actor=officer, stream=STREAM, text="任职时间不一", cadre=zeng, due_on=D(2027, 3, 18)
    )
    actions.receive_complaint(
        actor=officer,
        stream=STREAM,
        channel="letter",
        content="反映情况",
        concrete=True,
        received_on=D(2026, 3, 3),
        due_on=D(2026, 3, 30),
    )
    actions.add_body(actor=officer, code="tax", name="县税务局", since=D(2026, 1, 1))
    course = report(officer, zeng)
    officer.roles, officer.held_grants()  # read once for a request
    with CaptureQueriesContext(connection) as used:
        found = whats(officer)
    assert len(used) <= 3, [q["sql"][:80] for q in used]
    assert len(found) == 6
    assert any("公安机关" in w and "曾静" in w for w in found)
    assert any("县税务局" in w for w in found)
    assert any("曾静" in w and "县税务局" not in w for w in found)
    assert course.item.cadre == zeng


def test_an_adverse_item_is_told_answered_and_confirmed_each_in_its_turn(zeng, officer, second):
    course = report(officer, zeng)
    (tell,) = queries.due(officer, TODAY)
    assert tell.when == D(2026, 3, 3)
    actions.notify(actor=officer, course=course, reply_by=D(2026, 3, 17), on=D(2026, 3, 4))
    (reply,) = queries.due(officer, TODAY)
    assert reply.what != tell.what
    assert reply.when == D(2026, 3, 17), "it stands without a reply: due on the last day for it"
    with pytest.raises(BoleError):
        actions.confirm(actor=officer, course=course, on=D(2026, 3, 10))
    actions.reply(actor=officer, course=course, text="情况属实", on=D(2026, 3, 9))
    (confirm,) = queries.due(officer, TODAY)
    assert confirm.what not in (tell.what, reply.what)
    actions.confirm(actor=officer, course=course, on=D(2026, 3, 18))
    assert queries.due(officer, TODAY) == [], "now another person confirms it"
    assert len(queries.due(second, TODAY)) == 1
    actions.confirm(actor=second, course=course, on=D(2026, 3, 18))
    assert queries.due(second, TODAY) == []


@pytest.mark.parametrize("lacking", ["source", "issuer", "what", "kind"])
def test_no_adverse_item_without_its_source_and_ground(zeng, officer, lacking):
    given = {
        "category": Sanction.Category.ADMONITION,
        "kind": "诫勉",
        "issuer": "县纪委监委",
        "date": D(2026, 3, 2),
        "what": "会议迟到",
        "source": "安纪〔2026〕3号",
        "effect_from": D(2026, 3, 2),
        "effect_until": D(2026, 9, 1),
    }
    with pytest.raises(BoleError):
        actions.report_adverse(actor=officer, cadre=zeng, **{**given, lacking: " "})
    with pytest.raises(TypeError):
        actions.report_adverse(
            actor=officer, cadre=zeng, **{k: v for k, v in given.items() if k != "effect_until"}
        )


def receive(officer, **more):
    return actions.receive_complaint(
        actor=officer,
        stream=STREAM,
        channel="letter",
        content="反映情况",
        concrete=True,
        received_on=D(2026, 9, 28),
        **more,
    )


def test_the_day_for_verifying_a_complaint_follows_from_the_scheme(officer, bureau, monkeypatch):
    monkeypatch.setitem(plans._kinds, "case", lambda key: plans.Plan())
    assert receive(officer).due_on is None, "the scheme leaves it open: nothing is invented"
    assert receive(officer, due_on=D(2026, 10, 30)).due_on == D(2026, 10, 30)

    ten = plans.Plan(verification=Length(10, "working_days"))
    monkeypatch.setitem(plans._kinds, "case", lambda key: ten)
    # 28 September, over the holidays of 1 to 7 October 2026 and their make-up days.
    found = receive(officer)
    assert found.due_on == ten.complaint_due(D(2026, 9, 28))
    assert found.due_on > D(2026, 10, 12)
    earlier = D(2026, 10, 9)
    assert receive(officer, due_on=earlier).due_on == earlier
    with pytest.raises(BoleError) as error:
        receive(officer, due_on=D(2026, 12, 1))
    assert {p.code for p in error.value.problems} == {"DUE_LATE"}
    assert f"{found.due_on}" in error.value.problems[0].text.zh
