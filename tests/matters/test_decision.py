"""Consultation, gates, the meeting, chains: driven through the actions, each gate at once."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.models import Matter
from bole.matters.queries import Look
from bole.record.actions import Signature
from bole.record.models import Entry

D = datetime.date
TODAY = D(2026, 11, 24)


def codes(matter, user, day=TODAY):
    return [f.code for f in Look(matter, user, day).judgement.findings]


def said(matter, user, day=TODAY):
    return " ".join(f.text.zh for f in Look(matter, user, day).judgement.findings)


def refused(call, **given):
    with pytest.raises(BoleError) as found:
        call(**given)
    return [p.code for p in found.value.problems]


def test_consultation_waits_for_every_reply_and_for_those_in_writing(pack, officer, head):
    pack("lingcheng-ballots-written-reply")
    bodies = ["党委分管领导", "人大分管领导", "政府分管领导", "政协分管领导", "须批复的上级部门"]
    rows = [{"body": b} for b in bodies]
    matter = actions.open_matter(
        actor=officer,
        kind="consultation",
        values={"matter": "调整一批干部", "superior_opinion_needed": True, "replies": rows},
    )
    matter = actions.do_move(actor=officer, matter=matter, move="ask")
    replied = [{**r, "replied": "2026-11-20", "form": "individual"} for r in rows]
    actions.do_move(
        actor=officer, matter=matter, move="record", values={"replies": replied[:3] + rows[3:]}
    )
    matter.refresh_from_db()
    assert "政协分管领导" in said(matter, head)
    assert "须批复的上级部门" in said(matter, head)
    assert "党委分管领导" not in said(matter, head)
    actions.do_move(actor=officer, matter=matter, move="record", values={"replies": replied})
    matter.refresh_from_db()
    assert "须书面答复" in said(matter, head)
    written = [*replied[:4], {**replied[4], "form": "written"}]
    actions.do_move(actor=officer, matter=matter, move="record", values={"replies": written})
    matter = actions.do_move(
        actor=head, matter=matter, move="complete", values={"summary": "各方意见一致"}
    )
    assert matter.state == "agreed"
    assert Look(matter, head, TODAY).judgement.figures[0][1] == "5/5"


def test_a_fact_that_decides_who_is_asked_must_be_known(pack, officer, head):
    pack("zibo-ballots-full-committee")
    rows = [{"body": "统战部", "replied": "2026-11-20", "form": "written"}]
    matter = actions.open_matter(
        actor=officer, kind="consultation", values={"matter": "党外人选", "replies": rows}
    )
    assert "未记载" in said(matter, head)
    actions.save_fields(actor=officer, matter=matter, values={"non_party": False})
    matter.refresh_from_db()
    assert codes(matter, head) == []


def test_who_disagrees_is_named_and_needs_a_reason(pack, officer, head):
    pack("matters-decision")
    rows = [{"body": "分管领导", "replied": "2026-11-20", "opinion": "disagree", "asked": None}]
    matter = actions.open_matter(
        actor=officer, kind="consultation", values={"matter": "x", "replies": rows}
    )
    matter = actions.do_move(actor=officer, matter=matter, move="ask")
    given = {"actor": head, "matter": matter, "move": "complete", "values": {"summary": "有分歧"}}
    assert refused(actions.do_move, **given) == ["REASON_MISSING"]
    assert actions.do_move(**given, reason="经沟通后仍建议提交").state == "agreed"


def test_all_gates_that_fail_are_shown_at_once_and_none_is_overridden(pack, officer, head, people):
    pack("changyi-ballots-five-gates")
    matter = actions.open_matter(
        actor=officer,
        kind="agenda_check",
        cadre=people["wang"],
        values={
            "due": "9",
            "present": "5",
            "gates": [{"no": "1", "met": False, "source": "未考察"}],
        },
    )
    found = Look(matter, head, TODAY).judgement
    assert [f.code for f in found.findings] == ["GATE"] * 5
    assert "第1项" in found.findings[0].text.zh and "组织部" in found.findings[0].text.zh
    assert len(found.sheets[0].rows) == 5
    problems = refused(actions.do_move, actor=officer, matter=matter, move="submit")
    assert problems == ["GATE"] * 5
    rows = [{"no": str(n), "met": True, "source": "已核"} for n in (1, 3, 4, 5)]
    actions.save_fields(actor=officer, matter=matter, values={"gates": rows, "present": "6"})
    matter = actions.do_move(actor=officer, matter=matter, move="submit")
    assert matter.state == "submitted"


def test_held_back_and_checked_again(pack, officer, head, people):
    pack("zoucheng-ballots-four-no-studies")
    matter = actions.open_matter(
        actor=officer,
        kind="agenda_check",
        cadre=people["wang"],
        values={"due": "9", "present": "6"},  # 6 of 9 is not above two thirds
    )
    assert "GATE" in codes(matter, head)
    matter = actions.do_move(actor=head, matter=matter, move="hold")
    assert matter.state == "held"
    matter = actions.do_move(actor=officer, matter=matter, move="recheck")
    assert matter.state == "checking"


ROLL = [{"member": n, "present": True} for n in ("周书记", "甲", "乙", "丙", "丁", "戊")] + [
    {"member": n, "present": False} for n in ("己", "庚", "辛")
]
ROLL[0] = {**ROLL[0], "principal": True}
ORDER = ("甲", "乙", "丙", "丁", "戊", "周书记")


def meeting(officer, people, kind="decision_meeting", **changes):
    values = {
        "body": "县委常委会",
        "held": "2026-11-20",
        "mode": "hands",
        "roll": ROLL,
        "votes": [
            {
                "person": people["wang"].pk,
                "on_agenda": True,
                "agree": "5",
                "disagree": "1",
                "postpone": "0",
            }
        ],
        "statements": [{"member": n, "position": "agree"} for n in ORDER],
        **changes,
    }
    return actions.open_matter(actor=officer, kind=kind, values=values)


def test_the_meeting_needs_a_quorum_the_principal_last_and_more_than_half_of_those_due(
    pack, officer, head, people, user_with
):
    pack("matters-decision")
    member = user_with("committee_member", username="member")
    matter = meeting(officer, people)
    look = Look(matter, head, TODAY)
    figures = {t.zh: (v if isinstance(v, str) else v.zh) for t, v in look.judgement.figures}
    assert figures["通过所需"] == "应到9人，须5票"
    assert figures["到会人数要求"] == "须到6人，已达到"
    assert look.judgement.findings == ()
    assert "通过" in look.judgement.sheets[0].rows[0][5].zh
    # The principal before others, a silent member, an item off the agenda: all at once.
    votes = [{**matter.values["votes"][0], "on_agenda": False}]
    early = [{"member": n, "position": "agree"} for n in ("周书记", "甲", "乙", "丙", "丁")]
    actions.save_fields(actor=officer, matter=matter, values={"votes": votes, "statements": early})
    matter.refresh_from_db()
    assert {"AD_HOC", "NO_POSITION", "PRINCIPAL_NOT_LAST"} == set(codes(matter, head))
    assert set(refused(actions.do_move, actor=officer, matter=matter, move="record")) == {
        "AD_HOC",
        "NO_POSITION",
        "PRINCIPAL_NOT_LAST",
    }
    right = [{"member": n, "position": "agree"} for n in ORDER]
    votes = [{**votes[0], "on_agenda": True}]
    actions.save_fields(actor=officer, matter=matter, values={"votes": votes, "statements": right})
    matter = actions.do_move(actor=officer, matter=matter, move="record")
    seal = {"announced": True, "ballots_sealed": "密1号", "sealed_with": "档案室"}
    given = {"matter": matter, "move": "seal", "values": seal}
    assert refused(actions.do_move, actor=officer, **given) == ["MOVE_AFTER"]
    actions.do_move(
        actor=member, matter=matter, move="sign_principal", signature=Signature("password", member)
    )
    actions.do_move(
        actor=officer, matter=matter, move="sign_recorder", signature=Signature("password", officer)
    )
    matter = actions.do_move(actor=officer, **given)
    assert matter.state == "sealed"
    # What was said is not in the record: only its digest is.
    assert "同意" not in str(list(Entry.objects.filter(stream=matter.stream).values("after")))


def test_too_few_present_and_it_does_not_open(pack, officer, head, people):
    pack("matters-decision")
    roll = [{**r, "present": n < 5} for n, r in enumerate(ROLL)]
    votes = [{"person": people["wang"].pk, "on_agenda": True, "agree": "5"}]
    matter = meeting(officer, people, roll=roll, votes=votes)
    assert "QUORUM" in codes(matter, head)
    assert "须到6人，未达到" in str(Look(matter, head, TODAY).judgement.figures)


def test_more_votes_than_members_who_may_vote_are_refused(pack, officer, head, people):
    pack("matters-decision")
    votes = [{"person": people["wang"].pk, "on_agenda": True, "agree": "6", "recused": "甲"}]
    spoke = [{"member": n, "position": "agree"} for n in ORDER if n != "甲"]
    matter = meeting(officer, people, votes=votes, statements=spoke)
    assert set(codes(matter, head)) == {"VOTES_OVER", "RECUSED_DUE"}


def test_recusal_shows_both_figures_where_the_scheme_does_not_choose(pack, officer, head, people):
    pack("matters-decision")
    votes = [{"person": people["wang"].pk, "on_agenda": True, "agree": "5", "recused": "甲"}]
    spoke = [{"member": n, "position": "agree"} for n in ORDER if n != "甲"]
    matter = meeting(officer, people, votes=votes, statements=spoke)
    assert codes(matter, head) == ["RECUSED_DUE"]
    assert "计入须5票，不计入须5票" in said(matter, head)


def test_a_secret_ballot_asks_for_statements_and_never_for_positions(pack, officer, head, people):
    pack("lingcheng-ballots-written-reply")
    spoke = [{"member": n} for n in ORDER]
    matter = meeting(officer, people, mode="secret", statements=spoke)
    assert codes(matter, head) == []
    assert "应到9人，须5票" in str(Look(matter, head, TODAY).judgement.figures)
    actions.save_fields(actor=officer, matter=matter, values={"mode": "hands"})
    matter.refresh_from_db()
    assert "MODE" in codes(matter, head)


def test_a_differential_vote_leaves_the_tie_to_the_meeting(pack, officer, head, people):
    pack("matters-decision")
    votes = [
        {"person": people[n].pk, "on_agenda": True, "agree": a}
        for n, a in (("wang", "6"), ("he", "5"), ("zeng", "5"))
    ]
    matter = meeting(officer, people, votes=votes, posts="2")
    assert codes(matter, head) == ["VOTE_TIED"]
    figures = str(Look(matter, head, TODAY).judgement.figures)
    assert "王芳" in figures and "同票" in figures
    assert Look(matter, head, TODAY).moves[0].reason_needed


def test_an_open_pass_figure_gives_no_result(pack, officer, head, people):
    pack("licang-ballots-four-twos")
    matter = meeting(officer, people)
    assert "VOTE_OPEN" in codes(matter, head)
    assert "缺少" in said(matter, head)


def test_half_of_the_full_committee_objecting_is_not_more_than_half(pack, officer, head, people):
    pack("some-county-ballots-two-agree")
    votes = [{"person": people["wang"].pk, "on_agenda": True, "agree": "4", "disagree": "5"}]
    roll = [{"member": f"委员{n}", "present": True, "principal": n == 0} for n in range(10)]
    spoke = [{"member": f"委员{n}"} for n in (*range(1, 10), 0)]
    matter = meeting(
        officer, people, "full_committee", roll=roll, votes=votes, statements=spoke, mode="secret"
    )
    text = Look(matter, head, TODAY).judgement.sheets[0].rows[0][5].zh
    assert "可继续作为拟任人选" in text
    votes[0]["disagree"] = "6"
    actions.save_fields(actor=officer, matter=matter, values={"votes": votes})
    matter.refresh_from_db()
    assert "不再作为拟任人选" in Look(matter, head, TODAY).judgement.sheets[0].rows[0][5].zh


def test_what_must_be_explained_is_asked_for_each_person(pack, officer, head, people):
    pack("huancui-ballots-questionnaire")
    rows = [{"person": people["wang"].pk, "what": "破格理由"}]
    matter = meeting(officer, people, explanations=rows)
    assert codes(matter, head) == ["EXPLAIN_UNKNOWN"]
    rows = [{**rows[0], "applies": True}]
    actions.save_fields(actor=officer, matter=matter, values={"explanations": rows})
    matter.refresh_from_db()
    assert codes(matter, head) == ["NOT_EXPLAINED"]


def test_a_chain_is_locked_in_its_order(pack, officer, head):
    pack("wucheng-ballots-secondment-chain")
    names = ["书记专题会", "小组会", "常委会"]
    rows = [{"step": n} for n in names]
    matter = actions.open_matter(
        actor=officer, kind="procedure_chain", values={"subject": "挂职干部", "steps": rows}
    )
    assert "尚未办理：书记专题会、小组会、常委会" in said(matter, head)
    late = [{"step": "小组会", "done": "2026-11-03"}, rows[0], rows[2]]
    actions.do_move(actor=officer, matter=matter, move="record", values={"steps": late})
    matter.refresh_from_db()
    assert "CHAIN_ORDER" in codes(matter, head)
    days = ["2026-11-05", "2026-11-03", "2026-11-06"]
    dated = [{**r, "done": d} for r, d in zip(rows, days, strict=True)]
    actions.do_move(actor=officer, matter=matter, move="record", values={"steps": dated})
    matter.refresh_from_db()
    assert codes(matter, head) == ["CHAIN_DATES"]
    good = [{**r, "done": f"2026-11-0{n}"} for n, r in enumerate(rows, 3)]
    actions.do_move(actor=officer, matter=matter, move="record", values={"steps": good})
    matter = actions.do_move(actor=officer, matter=matter, move="finish")
    assert matter.state == "finished"


def test_without_pre_approval_nothing_follows(pack, officer, head, people):
    pack("yantai-health-ballots-pre-approval")
    rows = [
        {"step": "最终意见", "done": "2026-11-02"},
        {"step": "上级任前预批", "done": "2026-11-05", "result": "disagree"},
        {"step": "公示", "done": "2026-11-06"},
    ]
    matter = actions.open_matter(
        actor=officer,
        kind="approval",
        cadre=people["he"],
        values={"post": "科主任", "reason": "拟任", "steps": rows},
    )
    matter = actions.do_move(actor=officer, matter=matter, move="ask")
    assert {"CHAIN_REFUSED", "CHAIN_ORDER"} <= set(codes(matter, head))
    matter = actions.do_move(actor=officer, matter=matter, move="refuse")
    assert matter.state == "refused"


def test_direct_decisions_and_too_few_applicants(pack, officer, head, people):
    pack("tancheng-ballots-middle-level")
    pack("tancheng-ballots-yishu-shuangtui")
    matter = actions.open_matter(
        actor=officer,
        kind="direct_decision",
        cadre=people["he"],
        values={"case_kind": "promotion", "post": "科长", "reasons": "工作需要"},
    )
    given = {"actor": officer, "matter": matter, "values": {"decided": "2026-11-20"}}
    assert refused(actions.do_move, move="decide", **given) == ["DIRECT_NOT"]
    actions.save_fields(actor=officer, matter=matter, values={"case_kind": "same_rank_transfer"})
    assert actions.do_move(move="decide", **given).state == "decided"
    few = actions.open_matter(
        actor=officer,
        kind="enough_applicants",
        values={"subject": "竞聘", "posts": "3", "passed": "3"},
    )
    assert codes(few, head) == ["APPLICANTS"]
    assert "职位减至2个" in said(few, head)


def test_findings_of_the_self_check_are_closed_one_by_one(pack, officer, head):
    pack("matters-decision")
    rows = [{"what": "公示范围不全", "due": "2026-11-10"}]
    matter = actions.open_matter(
        actor=officer,
        kind="self_check",
        values={
            "batch": "2026年第二批",
            "procedure": True,
            "orientation": True,
            "fair": True,
            "basis": "查阅全部材料",
            "findings": rows,
        },
    )
    matter = actions.do_move(actor=officer, matter=matter, move="report")
    assert matter.due_on == D(2026, 11, 10)
    assert Look(matter, head, TODAY).clocks[0].over
    assert refused(actions.do_move, actor=head, matter=matter, move="close") == ["ROWS_OPEN"]
    rows = [{**rows[0], "done": "2026-11-20", "how": "补充张贴"}]
    matter = actions.do_move(actor=officer, matter=matter, move="record", values={"findings": rows})
    assert matter.due_on is None
    assert actions.do_move(actor=head, matter=matter, move="close").state == "closed"
    assert Matter.objects.get(pk=matter.pk).closed_on
