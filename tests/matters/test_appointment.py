"""Notice, talk, test, letter, formalities, probation: driven through the actions."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.queries import Look, due
from bole.people.models import Appraisal, Cadre
from bole.record.actions import Signature
from bole.vetting.models import Complaint

D = datetime.date
NOTICE = {
    "proposed_post": "安澜县财政局副局长",
    "places": "本单位、县政府网站",
    "phone": "0000-12380",
    "count_from": "day_after_posting",
}


@pytest.fixture
def cadre_user(user_with, people):
    user = user_with("cadre", username="he")
    people["he"].account = user
    people["he"].save()
    return user


def problems(call, **given):
    with pytest.raises(BoleError) as found:
        call(**given)
    return list(found.value.problems)


def codes(matter, user, day):
    return [f.code for f in Look(matter, user, day).judgement.findings]


def complaint(person: Cadre, by, **changes) -> Complaint:
    values = {"number": "信〔2026〕1号", "channel": "phone", "content": "反映", "concrete": True}
    found = Complaint.objects.create(
        registered_by=by, **{**values, "received_on": D(2026, 11, 4), **changes}
    )
    found.cadres.add(person)
    return found


def posted(officer, people, **changes):
    matter = actions.open_matter(
        actor=officer,
        kind="pre_notice",
        cadre=people["he"],
        values={**NOTICE, **changes},
        on=D(2026, 11, 2),
    )
    return actions.do_move(
        actor=officer,
        matter=matter,
        move="post",
        values={"start": "2026-11-02", "until": "2026-11-09"},
        on=D(2026, 11, 2),
    )


def test_a_notice_runs_its_working_days_and_no_day_less(pack, officer, people):
    pack("matters-appointment")
    matter = posted(officer, people)
    assert matter.due_on == D(2026, 11, 9)
    clear = {"actor": officer, "matter": matter, "move": "finish", "values": {"result": "无反映"}}
    (problem,) = problems(actions.do_move, **clear, on=D(2026, 11, 9))
    assert problem.code == "NOTICE_RUNNING"
    assert "2026-11-09" in problem.text.zh and "2026-11-10" in problem.text.zh
    assert actions.do_move(**clear, on=D(2026, 11, 10)).state == "clear"


def test_a_notice_cannot_be_posted_with_a_short_end_or_an_open_value(pack, officer, people):
    pack("matters-appointment")
    matter = actions.open_matter(
        actor=officer,
        kind="pre_notice",
        cadre=people["he"],
        values={**NOTICE, "count_from": ""},
        on=D(2026, 11, 2),
    )
    given = {"actor": officer, "matter": matter, "move": "post", "on": D(2026, 11, 2)}
    days = {"start": "2026-11-02", "until": "2026-11-06"}
    assert [p.code for p in problems(actions.do_move, **given, values=days)] == ["NOTICE_OPEN"]
    actions.save_fields(
        actor=officer,
        matter=matter,
        values={"count_from": "day_after_posting", "working_days": "3"},
        on=D(2026, 11, 2),
    )
    found = problems(actions.do_move, **given, values=days)
    assert {p.code for p in found} == {"NOTICE_DAYS", "NOTICE_UNTIL"}
    assert "2026-11-09" in " ".join(p.text.zh for p in found)


def test_the_form_of_a_notice_begins_as_if_it_were_posted_today(pack, officer, people):
    from bole.matters.kinds import find_kind
    from bole.matters.queries import draft

    pack("longkou-ballots-last-speaker")
    offer = find_kind("pre_notice", "longkou-ballots-last-speaker")
    town = people["wang"]
    begun = draft(officer, offer, town).begun
    assert begun["places"] == "本单位"
    assert begun["channels"] == "网络、信箱、电话"
    town.secondments.create(kind="挂职", unit_name="信访局", start=D(2026, 1, 5))
    assert draft(officer, offer, town).begun["places"] == "本单位、原单位、挂职单位"


def test_any_open_complaint_holds_the_formalities_and_one_that_affects_goes_back(
    pack, officer, head, people, cadre_user
):
    pack("matters-appointment")
    matter = posted(officer, people)
    vague = complaint(people["he"], officer, concrete=False)
    clear = {"actor": officer, "move": "finish", "values": {"result": "有1件反映"}}
    found = problems(actions.do_move, **clear, matter=matter, on=D(2026, 11, 10))
    assert "书面办结" in found[0].text.zh
    vague.concluded_on, vague.finding = D(2026, 11, 11), "unfounded"
    vague.save()
    serious = complaint(people["he"], officer, number="信〔2026〕2号")
    assert "NOTICE_RUNNING" in codes(matter, officer, D(2026, 11, 12))
    matter = actions.do_move(
        actor=officer, matter=matter, move="hold", reason="信访未办结", on=D(2026, 11, 12)
    )
    serious.concluded_on, serious.finding, serious.effect = D(2026, 11, 16), "founded", "against"
    serious.save()
    found = problems(actions.do_move, **clear, matter=matter, on=D(2026, 11, 17))
    assert "原决定机构" in found[0].text.zh
    back = {"actor": head, "matter": matter, "move": "send_back", "reason": "影响任职"}
    lacking = problems(actions.do_move, **back, on=D(2026, 11, 17))
    assert lacking[0].code == "MOVE_FIELD" and "本人陈述" in lacking[0].text.zh
    actions.do_move(
        actor=officer, matter=matter, move="hear", values={"ground": "属实"}, on=D(2026, 11, 17)
    )
    actions.do_move(
        actor=officer, matter=matter, move="answer", values={"reply": "说明"}, on=D(2026, 11, 17)
    )
    assert actions.do_move(**back, on=D(2026, 11, 18)).state == "sent_back"


def test_an_interruption_starts_the_notice_again_or_lets_it_go_on(pack, officer, people):
    pack("matters-appointment")
    matter = posted(officer, people)
    stop = [{"start": "2026-11-04", "resumed": "2026-11-06", "why": "更正"}]
    actions.do_move(
        actor=officer,
        matter=matter,
        move="interrupt",
        values={"interruptions": stop, "until": "2026-11-09"},
        on=D(2026, 11, 6),
    )
    matter.refresh_from_db()
    assert "NOTICE_OPEN" in codes(matter, officer, D(2026, 11, 6))
    actions.do_move(
        actor=officer,
        matter=matter,
        move="interrupt",
        values={"interruptions": stop, "on_suspension": "restart", "until": "2026-11-13"},
        on=D(2026, 11, 6),
    )
    matter.refresh_from_db()
    assert matter.due_on == D(2026, 11, 13)
    assert codes(matter, officer, D(2026, 11, 16)) == []


def test_the_achievement_form_is_whole_short_and_signed_by_two(
    pack, officer, liaison, people, cadre_user, units, user_with
):
    pack("kuiwen-ballots-achievement-notice")
    Appraisal.objects.create(cadre=people["he"], year=2025, grade="优秀")
    own = user_with("unit_liaison", username="own", unit=units["department"])
    from bole.matters.kinds import find_kind
    from bole.matters.queries import draft

    offer = find_kind("achievement_notice")
    begun = draft(own, offer, people["he"]).begun
    assert begun["appraisal"] == "2025年优秀" and begun["places"] == "本单位、本系统"
    texts = ("proposed_post", "work_in_charge", "duties", "key_tasks", "integrity")
    more = ("shortcomings", "rewards_and_punishments")
    values = {**dict.fromkeys((*texts, *more), "实绩" * 20), **begun, "phone": "12380"}
    matter = actions.open_matter(
        actor=own,
        kind="achievement_notice",
        cadre=people["he"],
        values={**values, "count_from": "day_after_posting"},
    )
    today = matter.opened_on
    assert set(codes(matter, own, today)) == {"NOT_SIGNED", "NOTICE_FILED"}
    actions.save_fields(actor=own, matter=matter, values={"duties": "长" * 200})
    matter.refresh_from_db()
    assert "TOO_LONG" in codes(matter, own, today)
    actions.save_fields(
        actor=own, matter=matter, values={"duties": "分管预算", "filed": today.isoformat()}
    )
    sign = {"matter": matter, "signature": Signature("password", own)}
    actions.do_move(
        actor=cadre_user,
        matter=matter,
        move="person",
        signature=Signature("password", cadre_user),
    )
    actions.do_move(actor=own, move="unit_principal", **sign)
    matter.refresh_from_db()
    assert codes(matter, own, today) == []


def test_every_leader_talks_and_every_note_is_taken(pack, officer, head, people, cadre_user):
    pack("huancui-ballots-questionnaire")
    matter = actions.open_matter(
        actor=officer,
        kind="appointment_talk",
        cadre=people["he"],
        values={
            "post": "副局长",
            "talks": [{"by": "区领导", "held": "2026-11-20"}, {"by": "纪委书记"}],
        },
    )
    given = {
        "actor": head,
        "matter": matter,
        "move": "hold",
        "values": {"content": "廉洁要求", "recorder": "赵强", "statement": "服从"},
    }
    (missing,) = problems(actions.do_move, **given)
    assert missing.code == "NO_TALK" and "纪委书记" in missing.text.zh
    both = [{"by": b, "held": "2026-11-20"} for b in ("区领导", "纪委书记")]
    actions.save_fields(actor=officer, matter=matter, values={"talks": both})
    matter = actions.do_move(**given)
    assert matter.state == "held"
    for user, move in ((cadre_user, "sign_person"), (head, "sign_leader")):
        actions.do_move(actor=user, matter=matter, move=move, signature=Signature("password", user))
    assert actions.do_move(actor=officer, matter=matter, move="close").state == "signed"


def test_a_poor_test_leads_to_a_talk_a_retest_and_then_to_the_body(
    pack, officer, head, people, cadre_user
):
    pack("laixi-ballots-pre-post-test")
    base = {"session": "2026年第三批"}
    good = actions.open_matter(
        actor=officer,
        kind="pre_post_test",
        cadre=people["wang"],
        values={**base, "pass_line": "60"},
    )
    score = {"move": "score", "actor": officer}
    actions.do_move(matter=good, values={"taken": "2026-11-20", "score": "88"}, **score)
    matter = actions.open_matter(
        actor=officer, kind="pre_post_test", cadre=people["he"], values=base
    )
    matter = actions.do_move(matter=matter, values={"taken": "2026-11-20", "score": "55"}, **score)
    assert matter.told.filter(user=cadre_user).exists()
    today = matter.opened_on
    assert codes(matter, officer, today) == ["TEST_CANNOT_COMPUTE"]  # the pass line is open
    assert "第2名，共2人" in str(Look(matter, officer, today).judgement.figures)
    matter.values["pass_line"] = "60"
    matter.save()
    assert codes(matter, officer, today) == ["TEST_TALK_AND_RETEST"]
    talk = {"talk_on": "2026-11-21", "talk_by": "分管副部长"}
    actions.do_move(actor=officer, matter=matter, move="talk", values=talk)
    again = {"retest_on": "2026-11-23", "retest_score": "58"}
    matter = actions.do_move(actor=officer, matter=matter, move="retest", values=again)
    (problem,) = problems(actions.do_move, actor=officer, matter=matter, move="pass")
    assert problem.code == "TEST_SUSPENSION_PREPARED"
    matter = actions.do_move(actor=head, matter=matter, move="prepare")
    suspend = {"actor": head, "matter": matter, "move": "suspend", "reason": "两次不合格"}
    assert problems(actions.do_move, values={"decision": "常委会"}, **suspend)[0].code == (
        "MOVE_FIELD"
    )
    actions.do_move(actor=cadre_user, matter=matter, move="answer", values={"reply": "准备不足"})
    matter = actions.do_move(values={"decision": "常委会2026-11-24"}, **suspend)
    assert matter.state == "suspended"


def test_the_letter_comes_back_at_three_six_and_twelve_months(
    pack, officer, head, people, cadre_user
):
    pack("feixian-ballots-reminder-letter")
    matter = actions.open_matter(
        actor=officer,
        kind="reminder_letter",
        cadre=people["he"],
        values={
            "shortcomings": [{"point": "调研不深"}],
            "demands": "对照改正",
            "office_date": "2025-11-20",
        },
        on=D(2025, 11, 20),
    )
    checks = Look(matter, officer, D(2025, 11, 20)).begun["checks"]
    assert [c["due"] for c in checks] == ["2026-02-20", "2026-05-20", "2026-11-20"]
    issue = {
        "actor": head,
        "matter": matter,
        "move": "issue",
        "values": {"checks": checks},
        "signature": Signature("password", head),
        "on": D(2025, 11, 20),
    }
    assert problems(actions.do_move, **issue)[0].code == "TOO_FEW"
    points = [{"point": "调研不深"}, {"point": "沟通方法需改进"}]
    actions.save_fields(
        actor=officer, matter=matter, values={"shortcomings": points}, on=D(2025, 11, 20)
    )
    matter = actions.do_move(**issue)
    assert matter.due_on == D(2026, 2, 20)
    assert matter.told.filter(user=cadre_user).exists()
    late = [d for d in due(officer, D(2026, 3, 1)) if "提醒函" in d.what]
    assert late[0].when == D(2026, 2, 20)
    actions.do_move(
        actor=cadre_user,
        matter=matter,
        move="answer",
        values={"measures": "每月下村"},
        on=D(2025, 12, 1),
    )
    checks[0]["held"] = "2026-02-20"
    matter = actions.do_move(
        actor=officer, matter=matter, move="ask", values={"checks": checks}, on=D(2026, 2, 20)
    )
    assert matter.due_on == D(2026, 5, 20)
    found = problems(actions.do_move, actor=officer, matter=matter, move="close")
    assert {p.code for p in found} == {"LETTER_OPEN", "TOUCHPOINT"}


START = D(2025, 11, 20)


def on_probation(officer, people, start=START, **changes):
    matter = actions.open_matter(
        actor=officer,
        kind="probation",
        cadre=people["he"],
        values={"post": "副局长", "start": start.isoformat(), **changes},
        on=start,
    )
    begun = Look(matter, officer, start).begun
    values = {k: begun[k] for k in ("until", "touchpoints")}
    return actions.do_move(actor=officer, matter=matter, move="begin", values=values, on=start)


def test_probation_has_its_touchpoints_on_the_first_page_and_ends_when_it_is_over(
    pack, officer, head, people, cadre_user
):
    pack("matters-appointment")
    matter = on_probation(officer, people)
    assert matter.values["until"] == "2026-11-20"
    assert [r["due"] for r in matter.values["touchpoints"]] == [
        "2026-02-20",
        "2026-05-20",
        "2026-11-20",
    ]
    assert [d.when for d in due(officer, D(2026, 2, 20))] == [D(2026, 2, 20)]
    rows = [
        {**r, "held": r["due"], "by": "考核组", "note": "适应较好"}
        for r in matter.values["touchpoints"]
    ]
    matter = actions.do_move(
        actor=officer,
        matter=matter,
        move="touch",
        values={"touchpoints": [rows[0], *matter.values["touchpoints"][1:]]},
        on=D(2026, 2, 20),
    )
    assert matter.due_on == D(2026, 5, 20)
    actions.do_move(
        actor=officer, matter=matter, move="touch", values={"touchpoints": rows}, on=D(2026, 11, 19)
    )
    assess = {"assessment": "称职", "conclusion": "confirm"}
    matter = actions.do_move(
        actor=officer, matter=matter, move="assess", values=assess, on=D(2026, 11, 19)
    )
    confirm = {"actor": head, "matter": matter, "move": "confirm"}
    given = {"values": {"confirmed_by": "部务会"}}
    assert problems(actions.do_move, **confirm, **given, on=D(2026, 11, 19))[0].code == (
        "CONCLUSION_REFUSED"
    )
    matter = actions.do_move(**confirm, **given, on=D(2026, 11, 20))
    assert matter.state == "confirmed"


def test_a_probation_is_extended_or_its_end_is_put_to_the_body_with_the_reply(
    pack, officer, head, people, cadre_user
):
    pack("licang-ballots-applicant-gate")
    matter = on_probation(officer, people, D(2025, 10, 20))
    assert [r["months"] for r in matter.values["touchpoints"]] == ["6", "12"]
    given = {"actor": officer, "matter": matter, "move": "assess"}
    values = {"assessment": "基本称职", "conclusion": "extend"}
    matter = actions.do_move(**given, values=values, on=D(2026, 10, 20))
    extend = {"extension_months": "1", "extended_until": "2026-11-20"}
    matter = actions.do_move(
        actor=head, matter=matter, move="extend", values=extend, reason="再看", on=D(2026, 10, 20)
    )
    assert matter.due_on is not None
    values = {"assessment": "不称职", "conclusion": "end"}
    matter = actions.do_move(**{**given, "matter": matter}, values=values, on=D(2026, 11, 20))
    matter = actions.do_move(
        actor=head,
        matter=matter,
        move="prepare",
        values={"ground": "不能履职"},
        reason="提请",
        on=D(2026, 11, 20),
    )
    look = Look(matter, head, D(2026, 11, 21))
    assert "本人陈述" in str([f.text.zh for f in look.judgement.findings])
    assert "调整任职（275.6）" in str([f.text.zh for f in look.judgement.findings])
    end = {"actor": head, "matter": matter, "move": "end", "reason": "常委会决定"}
    done = {"confirmed_by": "常委会2026-11-22"}
    assert "MOVE_FIELD" in [p.code for p in problems(actions.do_move, **end, values=done)]
    actions.do_move(actor=cadre_user, matter=matter, move="answer", values={"reply": "接受"})
    assert actions.do_move(**end, values=done).state == "ended"


def test_a_trial_asks_for_the_length_that_the_source_leaves_open(pack, officer, people):
    pack("matters-appointment")
    pack("kenli-ballots-trial")
    values = {"post": "科员", "start": "2026-08-03"}
    matter = actions.open_matter(
        actor=officer, kind="trial", scheme="matters-appointment", cadre=people["he"], values=values
    )
    assert codes(matter, officer, matter.opened_on) == ["PROBATION_MISSING"]
    local = actions.open_matter(
        actor=officer,
        kind="trial",
        scheme="kenli-ballots-trial",
        cadre=people["he"],
        values=values,
    )
    assert Look(local, officer, local.opened_on).begun["until"] == "2026-11-03"


def test_follow_up_at_three_six_and_twelve_months_is_told_to_the_person(
    pack, officer, people, cadre_user
):
    pack("laizhou-ballots-three-years")
    start = D(2025, 11, 20)
    matter = actions.open_matter(
        actor=officer,
        kind="follow_up",
        cadre=people["he"],
        values={"post": "副局长", "start": start.isoformat()},
        on=start,
    )
    rows = Look(matter, officer, start).begun["touchpoints"]
    assert [r["months"] for r in rows] == ["3", "6", "12"]
    matter = actions.do_move(
        actor=officer, matter=matter, move="begin", values={"touchpoints": rows}, on=start
    )
    assert matter.due_on == D(2026, 2, 20)
    close = {"actor": officer, "matter": matter, "move": "close"}
    assert problems(actions.do_move, **close, values={"evaluation": "适应"})[0].code == (
        "TOUCHPOINT"
    )


def test_nothing_is_announced_before_the_notice_is_clear(pack, officer, people):
    pack("matters-appointment")
    values = {
        "persons": [people["he"].pk],
        "appointments": "贺伟 任 财政局副局长",
        "office_date": "2026-11-02",
        "document": "安组任〔2026〕9号",
    }
    matter = actions.open_matter(actor=officer, kind="announcement", values=values)
    given = {"actor": officer, "matter": matter, "move": "publish"}
    rest = {"issued": "2026-11-12", "where": "县政府网站"}
    assert problems(actions.do_move, **given, values=rest)[0].code == "NO_NOTICE"
    notice = posted(officer, people)
    assert problems(actions.do_move, **given, values=rest)[0].code == "NOT_CLEAR"
    actions.do_move(
        actor=officer,
        matter=notice,
        move="finish",
        values={"result": "无反映"},
        on=D(2026, 11, 10),
    )
    assert actions.do_move(**given, values=rest).state == "published"


def test_formalities_in_their_order(pack, officer, people):
    pack("licang-ballots-seven-links")
    offered = ["公示", "审计", "谈话", "发文", "送任", "备案"]
    days = ["11-10", "11-11", "11-12", "11-13", "11-16", "11-16"]
    rows = [{"step": s, "done": f"2026-{d}"} for s, d in zip(offered, days, strict=True)]
    matter = actions.open_matter(
        actor=officer,
        kind="formalities",
        cadre=people["he"],
        values={"post": "副局长", "steps": rows[:3]},
    )
    begun = Look(matter, officer, matter.opened_on)
    assert "尚未办理：发文、送任、备案" in str([f.text.zh for f in begun.judgement.findings])
    actions.do_move(actor=officer, matter=matter, move="record", values={"steps": rows})
    matter = actions.do_move(
        actor=officer, matter=matter, move="finish", values={"office_date": "2026-11-02"}
    )
    assert matter.state == "finished"
