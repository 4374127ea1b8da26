"""Motion, headcount, adjustment, delegated plans, lists and papers, driven through the actions."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.matters import actions
from bole.matters.queries import Look
from bole.people.models import PostSpell
from bole.record.actions import Signature
from bole.units.models import HeadcountLine, Post
from tests.matters.conftest import a_case

D = datetime.date
DAY = D(2026, 11, 24)


@pytest.fixture
def posts(units, people):
    """One section chief of two places in the bureau, one of one in the town; zeng and wang hold."""
    found = {}
    for key, unit, title, approved in (
        ("bureau", units["department"], "局长", 1),
        ("deputy", units["department"], "副局长", 2),
        ("town", units["town"], "镇长", 1),
    ):
        grade = "section_deputy" if key == "deputy" else "section_chief"
        found[key] = Post.objects.create(unit=unit, title=title, grade=grade, leading=True)
        HeadcountLine.objects.create(
            unit=unit,
            grade=grade,
            leading=True,
            nature=unit.nature,
            approved=approved,
            valid_from=D(2020, 1, 1),
            basis="三定方案",
        )
    for who, key in (("zeng", "bureau"), ("wang", "town")):
        post = found[key]
        PostSpell.objects.create(
            cadre=people[who],
            unit=post.unit,
            unit_name=post.unit.name,
            post=post,
            title=post.title,
            grade=post.grade,
            leading=True,
            start=D(2021, 3, 1),
        )
    return found


def found(matter, user):
    return [(f.code, f.strength) for f in Look(matter, user, DAY).judgement.findings]


def refused(call, **given):
    with pytest.raises(BoleError) as error:
        call(**given)
    return [p.code for p in error.value.problems]


def test_a_chain_of_moves_balances(pack, officer, head, units, people, posts):
    """Zeng leaves the bureau for the town, Wang the town for the bureau: both lines stay full."""
    pack("matters-motion")
    plan = [
        {"person": people["zeng"].pk, "post": posts["town"].pk},
        {"person": people["wang"].pk, "post": posts["bureau"].pk},
    ]
    values = {"scope": "全县", "mode": "平职交流", "number": 2, "plan": plan}
    matter = actions.open_matter(
        actor=officer,
        kind="headcount_review",
        unit=units["department"],
        values=values,
        on=DAY,
    )
    assert found(matter, officer) == []
    actions.do_move(actor=officer, matter=matter, move="submit", on=DAY)
    same = {"matter": matter, "move": "review", "values": {"section_opinion": "可行"}, "on": DAY}
    sign = Signature("password", officer)
    assert refused(actions.do_move, actor=officer, signature=sign, **same) == ["MOVE_SAME_PERSON"]
    actions.do_move(actor=head, signature=Signature("password", head), **same)
    reply = {"office_opinion": "agree", "office_on": DAY.isoformat()}
    actions.do_move(actor=officer, matter=matter, move="answer", values=reply, on=DAY)
    matter = actions.do_move(actor=officer, matter=matter, move="pass", on=DAY)
    assert matter.state == "passed"


def test_an_entry_into_a_full_line_is_stopped_with_the_numbers(pack, officer, units, people, posts):
    pack("matters-motion")
    plan = [{"person": people["he"].pk, "post": posts["bureau"].pk}]
    matter = actions.open_matter(
        actor=officer,
        kind="headcount_review",
        unit=units["department"],
        values={"scope": "局内", "mode": "推荐", "number": 1, "plan": plan},
        on=DAY,
    )
    judgement = Look(matter, officer, DAY).judgement
    assert [f.code for f in judgement.findings] == ["HC_OVER"]
    assert "核定1，拟配2，超1" in judgement.findings[0].text.zh
    assert judgement.sheets[0].rows[0][1:6] == ("1", "1", "0", "贺伟", "2")


def test_the_adjustment_table_is_read_from_both_sides(pack, officer, people, posts):
    pack("matters-motion")
    plan = [
        {"person": people["zeng"].pk, "post": posts["deputy"].pk},
        {"person": people["he"].pk, "post": posts["bureau"].pk},
    ]
    matter = actions.open_matter(
        actor=officer, kind="adjustment_table", values={"title": "设想一", "plan": plan}, on=DAY
    )
    judgement = Look(matter, officer, DAY).judgement
    by_person, by_post, sheet = judgement.sheets
    assert by_person.rows[0] == ("曾静", "—", "2021-03-01", "安澜县财政局副局长")
    assert by_post.rows[1] == ("安澜县财政局局长", "曾静", "安澜县财政局副局长", "贺伟")
    assert [f.text.zh for f in judgement.findings] == ["曾静离任后贺伟方可到任"]
    assert [row[5] for row in sheet.rows] == ["1", "1"]


def motion(officer, scheme, **values):
    given = {
        "trigger": "vacancy",
        "proposer": "干部科",
        "analysis": "班子缺额一名，结构偏老。",
        **values,
    }
    return actions.open_matter(
        actor=officer,
        kind="motion",
        scheme=scheme,
        case_stream=a_case(),
        values=given,
        on=DAY,
    )


def test_names_wait_for_principles_where_the_scheme_says_so(pack, officer, head, people, posts):
    pack("weicheng-principles-first")
    posts_ = [{"post": posts["deputy"].pk}]
    matter = motion(officer, "weicheng-principles-first", posts=posts_)
    actions.do_move(actor=officer, matter=matter, move="open", on=DAY)
    names = {
        "names_on": DAY.isoformat(),
        "candidates": [{"post": posts["deputy"].pk, "person": people["he"].pk}],
    }
    listing = {"actor": officer, "matter": matter, "move": "list_names", "values": names, "on": DAY}
    assert refused(actions.do_move, **listing) == ["G3"]
    matter.refresh_from_db()
    assert "candidates" not in matter.values, "nothing half written"
    adopted = {"principles": "大抓基层、侧重一线", "principles_on": DAY.isoformat()}
    sign = Signature("password", head)
    actions.do_move(
        actor=head,
        matter=matter,
        move="adopt_principles",
        values=adopted,
        signature=sign,
        on=DAY,
    )
    matter = actions.do_move(**listing)
    assert matter.state == "candidates"


def test_four_no_motions_bar_with_their_reasons(pack, officer, people, posts):
    """042.3: not in the first three by votes, and one problem unresolved."""
    pack("decheng-motion")
    rows = [
        {"post": posts["deputy"].pk, "person": people["he"].pk, "votes": 3},
        {"post": posts["bureau"].pk, "person": people["zeng"].pk, "votes": 9},
        {"post": posts["town"].pk, "person": people["wang"].pk, "votes": 8},
    ]
    clear = {"unit_recommended": True, "front_line": "clear", "problem": "none"}
    unit = people["he"].unit_id
    candidates = [{**row, **clear, "unit": unit} for row in rows]
    candidates[0]["problem"] = "unresolved"
    matter = motion(officer, "decheng-motion", candidates=candidates)
    table = Look(matter, officer, DAY).judgement.sheets[0]
    assert [str(row[1]) for row in table.rows] == ["通过", "不通过"]
    assert "贺伟" in table.rows[1][2].zh
    assert "曾静" not in table.rows[1][2].zh


def test_a_delegated_plan_is_refused_with_every_coded_reason(pack, officer, head, units):
    """001.1, 002.1: no establishment, no vacancy."""
    pack("anqiu-middle")
    posts_ = [{"post": "财务科科长", "number": 1, "approved": 1, "filled": 1, "established": False}]
    matter = actions.open_matter(
        actor=officer,
        kind="delegated_plan",
        scheme="anqiu-middle",
        unit=units["department"],
        values={"posts": posts_, "mode": "推荐", "steps": ["motion"]},
        on=DAY,
    )
    actions.do_move(actor=officer, matter=matter, move="send", on=DAY)
    matter = actions.do_move(
        actor=head, matter=matter, move="give_back", reason="按五个不批退回", on=DAY
    )
    codes = [f["code"] for f in matter.acts.last().judged]
    assert matter.state == "returned"
    assert codes == ["against_establishment", "over", "no_vacancy"]


def test_execution_must_follow_the_approved_plan(pack, officer, head, units):
    """195.1: what differs needs a special report."""
    pack("luozhuang-notify")
    row = {"post": "财务科科长", "number": 1, "approved": 2, "filled": 1, "established": True}
    matter = actions.open_matter(
        actor=officer,
        kind="delegated_plan",
        scheme="luozhuang-notify",
        unit=units["department"],
        values={"posts": [row], "mode": "推荐", "steps": ["recommendation", "decision"]},
        on=D(2026, 3, 2),
    )

    def do(who, move, on, sign=False, **values):
        signature = Signature("password", who) if sign else None
        return actions.do_move(
            actor=who, matter=matter, move=move, values=values, on=on, signature=signature
        )

    do(officer, "send", D(2026, 3, 2))
    do(head, "approve", D(2026, 3, 5), True, review="同意", reply_on="2026-03-05")
    do(officer, "start", D(2026, 3, 6), started_on="2026-03-06")
    steps = [{"step": "recommendation", "on": "2026-03-06"}]
    steps += [{"step": "decision", "on": "2026-03-09"}]
    carried = {"carried_mode": "推荐", "carried_steps": steps}
    wrong = [{"post": "财务科科长", "number": 2}]
    with pytest.raises(BoleError) as error:
        do(officer, "file", D(2026, 3, 20), carried_posts=wrong, **carried)
    assert [p.code for p in error.value.problems] == ["PLAN_CHANGED"]
    right = [{"post": "财务科科长", "number": 1}]
    assert do(officer, "file", D(2026, 3, 20), carried_posts=right, **carried).state == "filed"


def test_lists_side_by_side(pack, officer, people):
    """042.6: three lists; how many agree is open in the source."""
    pack("decheng-motion")
    lists = [
        {"channel": "staff_ballot", "person": people["he"].pk, "rank": 1},
        {"channel": "staff_ballot", "person": people["wang"].pk, "rank": 2},
        {"channel": "committee_report", "person": people["he"].pk, "rank": 1},
    ]
    matter = actions.open_matter(
        actor=officer,
        kind="cross_check",
        scheme="decheng-motion",
        values={"title": "2026", "reported": ["staff_ballot", "committee_report"], "lists": lists},
        on=DAY,
    )
    look = Look(matter, officer, DAY).judgement
    rows = [tuple(map(str, row)) for row in look.sheets[0].rows]
    assert rows == [("贺伟", "2", "1", "1", "—", "—"), ("王芳", "1", "2", "—", "—", "—")]
    assert {f.code for f in look.findings} == {"CHANNEL_OPEN", "CONSISTENT_OPEN"}


def test_a_mode_outside_the_matrix_is_refused_with_those_permitted(pack, officer, people, posts):
    """034.6: heads of towns and departments by leaders' talk or the plenary only."""
    pack("decheng-matrix")
    values = {
        "post": posts["bureau"].pk,
        "unit_kind": "town_or_department",
        "level": "head",
        "mode": "mass",
        "by": "财政局",
        "reasons": "群众公认",
    }
    matter = actions.open_matter(
        actor=officer,
        kind="initial_nomination_matrix",
        scheme="decheng-matrix",
        cadre=people["he"],
        values=values,
        on=DAY,
    )
    accept = {"actor": officer, "matter": matter, "move": "accept", "on": DAY}
    with pytest.raises(BoleError) as error:
        actions.do_move(**accept)
    assert "领导谈话提名、全委（扩大）会议提名" in error.value.problems[0].text.zh
    actions.save_fields(actor=officer, matter=matter, values={"mode": "plenary"}, on=DAY)
    assert actions.do_move(**accept).state == "accepted"


def test_papers_turn_into_one_another_in_their_order(pack, officer, head):
    """091.2: the plan for individual consultation waits for the secretary's consent."""
    pack("guangrao-ballots-five-documents")
    papers = [
        {"paper": "initial", "on": "2026-11-02"},
        {"paper": "preliminary_plan", "on": "2026-11-04"},
        {"paper": "individual_plan", "on": "2026-11-05"},
    ]
    matter = actions.open_matter(
        actor=officer,
        kind="papers_of_consultation",
        scheme="guangrao-ballots-five-documents",
        case_stream=a_case(),
        values={"papers": papers},
        on=DAY,
    )
    stopped = [f.text.zh for f in Look(matter, officer, DAY).judgement.findings]
    assert any("secretary_consent" in s for s in stopped)
    assert any("动议初步建议" in s and "secretary_view" in s for s in stopped)
    sign = Signature("password", officer)
    actions.do_move(actor=officer, matter=matter, move="freeze", signature=sign, on=DAY)
    codes = refused(actions.do_move, actor=head, matter=matter, move="finish", on=DAY)
    assert "PAPER_BEFORE" in codes
