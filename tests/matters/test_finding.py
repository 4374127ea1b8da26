"""Recommendations, driven through the actions."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.queries import Look
from bole.people.models import Relation
from bole.record.actions import Signature
from bole.record.models import Reading

D = datetime.date
FORM = {
    "written": True,
    "mode": "personal",
    "target": "财政局副局长",
    "reasons": "熟悉财政业务，担当尽责。",
    "relation": "none",
}


@pytest.fixture
def opened(pack, officer, people):
    pack("matters-finding")

    def make(**changes):
        values = {**FORM, "recommender": people["zeng"].pk, **changes}
        return actions.open_matter(
            actor=officer, kind="signed_recommendation", cadre=people["wang"], values=values
        )

    return make


def codes(matter, user, day):
    return [f.code for f in Look(matter, user, day).judgement.findings]


def test_from_intake_to_the_base(opened, officer, head):
    matter = opened()
    assert matter.number == f"荐〔{matter.year}〕1号"
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=officer, matter=matter, move="accept")
    assert [p.code for p in refused.value.problems] == ["REC_SIGN"]
    signature = Signature("password", officer)
    actions.do_move(actor=officer, matter=matter, move="sign_paper", signature=signature)
    matter = actions.do_move(actor=officer, matter=matter, move="accept")
    assert matter.state == "accepted"
    matter = actions.do_move(
        actor=head, matter=matter, move="qualify", values={"review": "资格、档案、考核均无问题"}
    )
    assert matter.state == "qualified"
    assert matter.told.filter(user=officer).count() == 2


def test_every_reason_at_once_in_the_order_of_the_codes(opened, officer, people):
    Relation.objects.create(
        cadre=people["zeng"], kinship="丈夫", name="王芳", related=people["wang"]
    )
    matter = opened(reasons="", relation="")
    assert codes(matter, officer, matter.opened_on) == ["REC_FIELD", "REC_SIGN", "REC_KIN"]
    matter = actions.do_move(actor=officer, matter=matter, move="refuse")
    act = matter.acts.last()
    assert [f["code"] for f in act.judged] == ["REC_FIELD", "REC_SIGN", "REC_KIN"]
    assert matter.state == "refused"


def test_an_oral_recommendation_is_only_noted(opened, officer):
    matter = opened(written=False)
    assert codes(matter, officer, matter.opened_on) == ["REC_ORAL"]


def test_who_signs_may_not_review_and_a_change_voids_the_signature(opened, officer, people):
    account = officer
    people["zeng"].account = account
    people["zeng"].save()
    account.grants.create(role="cadre")
    account.__dict__.pop("_roles", None)
    account.__dict__.pop("_held", None)
    matter = opened()
    signature = Signature("password", account)
    actions.do_move(actor=account, matter=matter, move="sign", signature=signature)
    actions.save_fields(actor=account, matter=matter, values={"reasons": "另写"})
    assert "REC_SIGN" in codes(matter, account, matter.opened_on)
    actions.do_move(actor=account, matter=matter, move="sign", signature=signature)
    matter = actions.do_move(actor=account, matter=matter, move="accept")
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=account, matter=matter, move="qualify", values={"review": "好"})
    assert [p.code for p in refused.value.problems] == ["MOVE_SAME_PERSON"]


def test_a_joint_nomination_counts_distinct_people_without_the_nominee(pack, officer, people):
    pack("decheng-matrix")
    matter = actions.open_matter(
        actor=officer,
        kind="signed_recommendation.joint",
        cadre=people["wang"],
        values={
            "written": True,
            "mode": "joint",
            "signers": [p.pk for p in people.values()],
        },
    )
    found = Look(matter, officer, matter.opened_on).judgement.findings
    assert [f.code for f in found] == ["REC_JOINT"]
    assert "还缺8人" in found[0].text.zh


def test_scope_offices_and_kin_of_a_local_scheme(pack, officer, people):
    pack("zichuan-real-name")
    Relation.objects.create(
        cadre=people["wang"], kinship="表姐", name="曾静", related=people["zeng"]
    )
    values = {
        "written": True,
        "mode": "personal",
        "recommender": people["zeng"].pk,
        "office": "department_head",
        "target": "副科级",
        "familiar_field": "财政",
        "reasons": "实绩突出",
        "virtue_ability": "德才兼备",
        "integrity": "廉洁",
        "relation": "none",
    }
    matter = actions.open_matter(
        actor=officer, kind="signed_recommendation", cadre=people["wang"], values=values
    )
    assert codes(matter, officer, matter.opened_on) == ["REC_SIGN", "REC_SCOPE", "REC_KIN"]


def test_a_unit_sends_its_names_with_quota_order_and_both_signatures(
    pack, units, people, liaison, officer, user_with
):
    pack("muping-ranked")
    discipline = user_with("discipline_liaison", username="discipline")
    matter = actions.open_matter(
        actor=liaison,
        kind="standing_recommendation",
        unit=units["town"],
        values={
            "round": "2026年度考核",
            "meeting_on": "2026-10-20",
            "due": "80",
            "present": "76",
            "studied_on": "2026-10-22",
            "names": [{"person": people["wang"].pk, "excellence": "1", "maturity": "2"}],
        },
    )
    day = matter.opened_on
    found = {f.code: f.text.zh for f in Look(matter, liaison, day).judgement.findings}
    assert set(found) == {"REC_QUOTA", "RANK_GAP", "REC_SIGN"}
    assert "须为2至5人" in found["REC_QUOTA"]
    names = [
        {"person": people["wang"].pk, "excellence": "1", "maturity": "2"},
        {"person": people["he"].pk, "excellence": "2", "maturity": "1"},
    ]
    actions.save_fields(actor=liaison, matter=matter, values={"names": names})
    actions.do_move(
        actor=liaison, matter=matter, move="sign_secretary", signature=Signature("totp", liaison)
    )
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=liaison, matter=matter, move="send")
    assert "纪委书记" in refused.value.problems[0].text.zh
    actions.do_move(
        actor=discipline,
        matter=matter,
        move="sign_discipline",
        signature=Signature("totp", discipline),
    )
    matter = actions.do_move(actor=liaison, matter=matter, move="send")
    assert matter.state == "sent"
    assert not Look(
        matter, user_with("unit_liaison", username="other", unit=units["department"]), day
    ).may_read


def notice(officer, units, sent):
    from bole.units.models import Post

    post = Post.objects.create(unit=units["department"], title="副局长", grade="section_deputy")
    matter = actions.open_matter(
        actor=officer,
        kind="vacancy_notice",
        unit=units["department"],
        values={
            "vacancy_class": "department_deputy",
            "post": post.pk,
            "standard": "任中层正职两年",
        },
        on=sent,
    )
    return post, matter


def test_a_vacancy_is_announced_by_layer_and_what_comes_late_is_refused(
    pack, officer, units, people
):
    pack("dongying-vacancy-notice")
    sent = D(2026, 11, 2)
    _post, matter = notice(officer, units, sent)
    with pytest.raises(BoleError) as refused:
        actions.do_move(
            actor=officer, matter=matter, move="announce", values={"sent": sent}, on=sent
        )
    assert [p.code for p in refused.value.problems] == ["NOTICE_ITEM"]
    actions.save_fields(
        actor=officer, matter=matter, values={"scope": "分管领导、主要负责人"}, on=sent
    )
    matter = actions.do_move(
        actor=officer, matter=matter, move="announce", values={"sent": sent}, on=sent
    )
    assert matter.due_on == D(2026, 11, 9)
    look = Look(matter, officer, sent)
    assert "单位主要负责人" in {t.zh: v for t, v in look.judgement.figures}["预告对象"].zh
    values = {
        **dict.fromkeys(("basics", "political_performance", "integrity", "achievements"), "见表"),
        "written": True,
        "mode": "personal",
        "reasons": "熟悉业务",
        "notice": matter.number,
        "received": "2026-11-10",
    }
    late = actions.open_matter(
        actor=officer, kind="signed_recommendation", cadre=people["wang"], values=values
    )
    assert "REC_LATE" in codes(late, officer, late.opened_on)
    late = actions.save_fields(actor=officer, matter=late, values={"received": "2026-11-09"})
    assert "REC_LATE" not in codes(late, officer, late.opened_on)


def test_a_year_without_the_right_ends_by_itself(pack, officer, head, people, user_with):
    pack("dongying-vacancy-notice")
    person = user_with("cadre", username="zeng")
    people["zeng"].account = person
    people["zeng"].save()
    values = {
        "what": "推荐材料不实",
        "source": "核查报告〔2025〕1号",
        "decided_on": "2025-11-01",
        "from": "2025-11-03",
        "end": "2026-10-31",
    }
    day = D(2025, 11, 1)
    matter = actions.open_matter(
        actor=officer, kind="right_suspension", cadre=people["zeng"], values=values, on=day
    )
    actions.do_move(actor=officer, matter=matter, move="tell", on=day)
    actions.do_move(
        actor=person, matter=matter, move="reply", values={"reply": "情况属实，接受"}, on=day
    )
    sign = Signature("password", head)
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=head, matter=matter, move="decide", signature=sign, on=day)
    assert "2026-11-02" in refused.value.problems[0].text.zh
    # the end was typed wrong: it goes back by a new matter, or is corrected before it is told
    again = actions.open_matter(
        actor=officer,
        kind="right_suspension",
        cadre=people["zeng"],
        values={**values, "end": "2026-11-02"},
        on=day,
    )
    actions.do_move(actor=officer, matter=again, move="tell", on=day)
    again = actions.do_move(actor=head, matter=again, move="decide", signature=sign, on=day)
    assert Look(again, officer, D(2026, 11, 2)).state == "in_force"
    assert Look(again, officer, D(2026, 11, 3)).state == "ended"
    assert person.has_perm("matters.read", again)


def test_the_first_nomination_hangs_on_its_chain(opened, officer, people):
    recommendation = opened()
    values = {
        "nominator": people["he"].pk,
        "nominated_on": str(recommendation.opened_on),
        "recommendation": "荐〔2000〕9号",
        "reasons": "首次提名",
    }
    matter = actions.open_matter(
        actor=officer, kind="first_nomination", cadre=people["wang"], values=values
    )
    look = Look(matter, officer, matter.opened_on)
    assert [f.code for f in look.judgement.findings] == ["CHAIN_PAPER"]
    assert look.judgement.sheets[0].rows[0][3] == recommendation.number
    sign = Signature("password", officer)
    with pytest.raises(BoleError) as refused:
        actions.do_move(actor=officer, matter=matter, move="sign", signature=sign)
    assert [p.code for p in refused.value.problems] == ["REASON_MISSING"]
    actions.save_fields(
        actor=officer, matter=matter, values={"recommendation": recommendation.number}
    )
    matter = actions.do_move(actor=officer, matter=matter, move="sign", signature=sign)
    assert matter.state == "signed"


def test_credit_is_computed_and_only_for_whom_it_concerns(
    pack, officer, head, people, user_with, client
):
    pack("matters-finding")
    pack("licang-credit")
    zeng, he, wang = (people[n].pk for n in ("zeng", "he", "wang"))
    round_ = actions.open_matter(
        actor=officer,
        kind="recommendation_round",
        values={
            "title": "2026年第一次",
            "held_on": "2026-03-01",
            "names_allowed": "2",
            "ballots": [{"recommender": zeng, "named": wang}, {"recommender": he, "named": zeng}],
            "outcomes": [{"named": wang, "outcome": "inspected_and_promoted", "source": "纪要"}],
        },
    )
    once = actions.do_move(actor=officer, matter=round_, move="count")
    assert once.state == "open"  # two persons check it
    assert actions.do_move(actor=head, matter=round_, move="count").state == "counted"
    file = actions.open_matter(
        actor=head,
        kind="recommender_credit",
        scheme="licang-credit",
        cadre=people["zeng"],
        values={"from": "2026-01-01", "until": "2026-10-31"},
    )
    judged = Look(file, head, file.opened_on).judgement
    figures = {t.zh: v for t, v in judged.figures}
    assert figures["信用积分"] == "10"
    assert [f.code for f in judged.findings] == ["CREDIT_OPEN"]  # readings still to be chosen
    assert "王芳" not in str(judged.sheets)  # nobody else's line
    own = user_with("cadre", username="own")
    people["zeng"].account = own
    people["zeng"].save()
    assert own.has_perm("matters.read", file)
    assert not officer.has_perm("matters.read", file)
    client.force_login(head)
    client.get(f"/matters/{file.pk}/")
    assert Reading.objects.get().fields == ["matter.recommender_credit"]
    client.force_login(own)
    assert client.get(f"/matters/{file.pk}/").status_code == 200
    assert Reading.objects.count() == 1
    matter = actions.do_move(actor=head, matter=file, move="feed_back", values={"letter": "见表"})
    matter = actions.do_move(actor=own, matter=matter, move="ask", values={"recheck": "请核对"})
    assert matter.state == "recheck"


def test_a_mode_that_is_not_permitted_is_refused_with_those_that_are(pack, officer, people):
    pack("decheng-matrix")
    values = {
        "unit_kind": "town_or_department",
        "level": "head",
        "mode": "mass",
        "structural": False,
        "reasons": "群众基础好",
    }
    matter = actions.open_matter(
        actor=officer, kind="nomination.matrix", cadre=people["wang"], values=values
    )
    (finding,) = Look(matter, officer, matter.opened_on).judgement.findings
    assert finding.code == "MODE_NOT_ALLOWED"
    assert "领导谈话提名、全委（扩大）会议提名" in finding.text.zh


def test_a_liaison_opens_only_for_the_own_unit(pack, units, people, liaison):
    pack("matters-finding")
    with pytest.raises(PermissionDenied):
        actions.open_matter(actor=liaison, kind="standing_recommendation", unit=units["department"])
    with pytest.raises(PermissionDenied):
        actions.open_matter(
            actor=liaison, kind="signed_recommendation", cadre=people["zeng"], case_stream="case:9"
        )
    assert actions.open_matter(actor=liaison, kind="standing_recommendation", unit=units["town"])
