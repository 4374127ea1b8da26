"""Vetting, the record and accountability as matters, driven through the actions."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.queries import Look
from bole.record.actions import Signature
from tests.matters.conftest import a_case

D = datetime.date
DAY = D(2026, 11, 24)


def sign(user):
    return Signature("password", user)


def stopped(**given):
    with pytest.raises(BoleError) as error:
        actions.do_move(**given)
    return error.value.problems


def figures(matter, user, day=DAY):
    found = Look(matter, user, day).judgement
    return {t.zh: str(v) for t, v in found.figures}


@pytest.fixture
def discipline(user_with):
    return user_with("discipline_liaison", username="discipline")


@pytest.fixture
def own(user_with, people):
    """The account of Wang, whom things are about."""
    user = user_with("cadre", username="wang")
    people["wang"].account = user
    people["wang"].save(update_fields=["account"])
    return user


def test_one_person_cannot_sign_a_conclusion_twice(pack, officer, people):
    pack("matters-vetting")
    values = {
        "kind": ["integrity"],
        "organisation": "青石镇党委",
        "occasion": "提拔",
        "text": "廉洁自律，未发现问题，同意推荐。",
        "concluding": True,
        "text_date": "2026-11-02",
        "first": people["zeng"].pk,
        "first_role": "party_secretary",
        "first_on": "2026-11-03",
        "second": people["zeng"].pk,
        "second_role": "discipline_secretary",
        "second_on": "2026-11-01",
    }
    matter = actions.open_matter(
        actor=officer, kind="certificate", cadre=people["wang"], values=values, on=DAY
    )
    accept = {"actor": officer, "matter": matter, "move": "accept", "on": DAY}
    said = [p.text.zh for p in stopped(**accept, signature=sign(officer))]
    assert any("同一人" in s for s in said)
    assert any("早于文本日期" in s for s in said)
    right = {"second": people["he"].pk, "second_on": "2026-11-04"}
    actions.save_fields(actor=officer, matter=matter, values=right, on=DAY)
    assert actions.do_move(**accept, signature=sign(officer)).state == "accepted"


def test_an_admonition_is_told_answered_concluded_by_another_and_ends_by_itself(
    pack, officer, head, own, people
):
    pack("matters-vetting")
    values = {
        "measure": "admonition",
        "what": "2026年9月三次无故缺席专题会议",
        "happened_on": "2026-09-20",
        "source": "县纪委监委 安纪函〔2026〕12号",
        "until": "2027-05-20",
    }
    matter = actions.open_matter(
        actor=officer, kind="adverse_lead", cadre=people["wang"], values=values, on=DAY
    )
    early = {"actor": head, "matter": matter, "move": "confirm", "values": {"decision": "诫勉"}}
    with pytest.raises(BoleError):
        actions.do_move(**early, signature=sign(head), on=DAY)
    actions.do_move(actor=officer, matter=matter, move="tell", signature=sign(officer), on=DAY)
    actions.do_move(
        actor=own, matter=matter, move="answer", values={"reply": "两次有请假记录"}, on=DAY
    )
    matter = actions.do_move(**early, signature=sign(head), on=DAY)
    assert matter.state == "confirmed"
    assert Look(matter, officer, D(2027, 5, 20)).state == "confirmed"
    assert Look(matter, officer, D(2027, 5, 21)).state == "ended"


def test_points_count_only_what_was_told_and_confirmed_by_two(
    pack, officer, head, discipline, people
):
    """446.2: whole points, levels by bands, a new period begins at zero."""
    pack("matters-vetting")
    pack("zibo-supervision-points")
    values = {
        "what": "迟报个人有关事项",
        "on": "2026-06-01",
        "source": "抽查核实结果",
        "points": 3,
        "until": "2027-12-31",
    }
    event = actions.open_matter(
        actor=officer, kind="point_event", cadre=people["wang"], values=values, on=DAY
    )
    account = actions.open_matter(
        actor=officer,
        kind="points_account",
        scheme="zibo-supervision-points",
        cadre=people["wang"],
        values={"from": "2026-01-01", "until": "2028-01-01"},
        on=DAY,
    )
    assert figures(account, officer)["累计扣分"] == "0"
    actions.do_move(actor=officer, matter=event, move="tell", on=DAY)
    paper = {"reply": "情况属实"}
    actions.do_move(actor=officer, matter=event, move="answer_on_paper", values=paper, on=DAY)
    confirm = {"matter": event, "move": "confirm", "on": DAY}
    actions.do_move(actor=officer, signature=sign(officer), **confirm)
    assert figures(account, officer)["累计扣分"] == "0", "one person is not two"
    actions.do_move(actor=discipline, signature=sign(discipline), **confirm)
    assert figures(account, officer)["累计扣分"] == "3"


def test_the_archive_clock_runs_from_the_document_and_the_report_from_the_deadline(
    pack, officer, head
):
    """433.1, 433.2: 15 working days, then 5 from the deadline."""
    pack("zibo-archive-clock")
    matter = actions.open_matter(
        actor=officer,
        kind="archive_clock",
        scheme="zibo-archive-clock",
        case_stream=a_case(),
        values={"issued": "2024-09-24"},
        on=D(2024, 9, 25),
    )
    found = figures(matter, officer, D(2024, 10, 1))
    assert (found["归档截止"], found["汇报截止"]) == ("2024-10-18", "2024-10-25")
    filing = {"matter": matter, "move": "file", "on": D(2024, 10, 21)}
    values = {"filed": "2024-09-20", "keeper": "李敏"}
    wrong = stopped(actor=officer, values=values, signature=sign(officer), **filing)
    assert "早于文件日期" in wrong[0].text.zh
    late = {"filed": "2024-10-21", "keeper": "李敏"}
    with pytest.raises(BoleError):  # late filing wants a written reason
        actions.do_move(actor=officer, values=late, signature=sign(officer), **filing)
    matter = actions.do_move(
        actor=officer, values=late, signature=sign(officer), reason="补签材料", **filing
    )
    assert figures(matter, head)["归档逾期（工作日）"] == "1"


def test_a_tracker_closes_only_when_every_measure_is_accepted(pack, officer, head, units, people):
    """000.1: problem, measure, unit and person, deadline, acceptance, evaluation."""
    pack("anqiu-rectification")
    measure = {
        "problem": "P1",
        "measure": "修订纪实办法",
        "unit": units["department"].pk,
        "person": people["he"].pk,
        "deadline": "2026-11-20",
        "state": "submitted",
    }
    matter = actions.open_matter(
        actor=officer,
        kind="rectification",
        scheme="anqiu-rectification",
        values={
            "title": "选人用人专项检查",
            "problems": [{"problem": "P1"}, {"problem": "P2"}],
            "measures": [measure],
        },
        on=D(2026, 11, 1),
    )
    assert figures(matter, officer)["逾期"] == "1"
    evaluation = {"evaluated": True, "evaluation": "成效明显"}
    actions.do_move(
        actor=head,
        matter=matter,
        move="evaluate",
        values=evaluation,
        signature=sign(head),
        on=DAY,
    )
    close = {"actor": head, "matter": matter, "move": "close", "on": DAY}
    said = " ".join(p.text.zh for p in stopped(**close, signature=sign(head)))
    assert "P2" in said and "P1" in said
    done = {**measure, "state": "accepted"}
    both = [done, {**done, "problem": "P2", "measure": "开展培训"}]
    actions.save_fields(actor=officer, matter=matter, values={"measures": both}, on=DAY)
    problems = stopped(**close, signature=sign(head))
    assert [p.code for p in problems] == ["MOVE_AFTER"], "what changed is evaluated again"
    actions.do_move(actor=head, matter=matter, move="evaluate", signature=sign(head), on=DAY)
    assert actions.do_move(**close, signature=sign(head)).state == "closed"


def test_accountability_needs_both_bodies_and_the_statement(
    pack, officer, head, discipline, own, people
):
    pack("matters-record")
    values = {
        "seat": "nominator",
        "promoted_on": "2025-12-01",
        "situation": "提名前有严重问题应知未知",
        "class": "leading",
        "facts": "提名时未核对信访结论",
        "source": "巡察反馈意见",
        "found_on": "2026-10-08",
        "until": "2027-10-08",
    }
    matter = actions.open_matter(
        actor=officer, kind="accountability", cadre=people["wang"], values=values, on=DAY
    )

    def do(user, move, signed=True, **values):
        signature = sign(user) if signed else None
        return actions.do_move(
            actor=user, matter=matter, move=move, values=values, signature=signature, on=DAY
        )

    do(officer, "tell")
    do(own, "state", signed=False, statement="当时信访件尚未登记")
    decide = {"measure": "criticism"}
    problems = stopped(
        actor=head, matter=matter, move="decide", values=decide, signature=sign(head), on=DAY
    )
    assert {p.code for p in problems} == {"MOVE_FIELD", "MOVE_AFTER"}
    do(discipline, "confirm", finding="双方一致认定")
    assert do(head, "decide", measure="criticism").state == "decided"
    assert Look(matter, own, DAY).may_read


def test_a_list_is_matched_by_what_counts_and_open_slots_match_nobody(pack, officer, head, people):
    """241.2: three confirmed, unexpired events; a slot without text applies to nobody."""
    pack("qingdao-no-promotion-list")
    matter = actions.open_matter(
        actor=officer,
        kind="catalogue_check",
        scheme="qingdao-no-promotion-list",
        cadre=people["wang"],
        values={},
        on=DAY,
    )
    sheet = Look(matter, officer, DAY).judgement.sheets[0]
    assert sheet.rows
    assert all(str(row[2]) != "符合该情形" for row in sheet.rows)


def test_a_digest_that_does_not_add_up_is_not_signed(pack, officer, head):
    """456.2: 226 collected, 197 placed."""
    pack("matters-record")
    values = {"period": "2026年10月", "collected": 226, "listed": 150, "filed": 47}
    matter = actions.open_matter(actor=officer, kind="digest", values=values, on=DAY)
    problems = stopped(actor=head, matter=matter, move="sign", signature=sign(head), on=DAY)
    assert "29" in problems[0].text.zh
