"""The turns of a case: branches, parallel steps, skips, second rounds, suspension, new versions."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.selection import actions
from bole.selection.context import load
from bole.selection.models import Case
from tests.selection import small

PACK = """\
id: turns
name: 各种走法
place: 县
parameters:
  days: {label: 公示天数, type: days, default: 3}
instruments:
  recommendation:
    title: 推荐票
    anonymous: true
    over_pick: void_category
    items:
      - {id: pick, kind: agree, options: [{id: agree, text: 同意}, {id: disagree, text: 不同意}]}
procedure:
  name: 程序
  facts:
    posts: {name: 职位数, type: int, default: 1}
    kind:
      name: 类型
      type: choice
      default: promotion
      choices: {promotion: 提拔, lateral: 平职, exceptional: 破格}
  ballots:
    recommendation: {name: 民主推荐}
  papers:
    - {id: plan, name: 方案, fields: [{id: why, name: 理由}]}
    - {id: report, name: 推荐报告}
    - {id: approval, name: 上级批复, brought: true}
    - {id: notes, name: 谈话记录}
  links:
    - id: first
      name: 推荐
      steps:
        - {id: plan, name: 方案, papers: [plan], chooses: [proposed]}
        - {id: meeting, name: 会议推荐, parallel: recommend, ballots: [recommendation]}
        - {id: talks, name: 谈话推荐, parallel: recommend, papers: [notes]}
        - id: candidates
          name: 确定考察对象
          gates: [{kind: results, ballots: [recommendation]}]
          chooses: [candidates]
          papers: [report]
          returns:
            - {to: meeting, also: [talks], reason: 推荐结果不集中, by: [department_head], most: 1}
        - id: above
          name: 报上级
          when: {kind: exceptional}
          finish: [{kind: papers, papers: [approval]}]
    - id: second
      name: 任职
      steps:
        - id: notice
          name: 公示
          skip: {by: [department_head], reason: 平职不公示, when: {kind: lateral}}
        - {id: end, name: 结束}
"""


def codes(error) -> set[str]:
    return {p.code for p in error.value.problems}


@pytest.fixture
def started(office):
    """`started(kind=…)`: a case at its first step, with two people proposed."""
    bureau = small.bureau()
    version = small.pack(PACK)

    def start(**facts) -> Case:
        case = small.open_case(version, small.post(bureau), office["section_officer"], facts=facts)
        case.people = [small.cadre(f"人{case.pk}甲"), small.cadre(f"人{case.pk}乙")]
        return case

    return start


def until(go, case, step):
    return go(
        case,
        until=step,
        groups={"proposed": case.people, "candidates": case.people[:1]},
    )


def finish(office, case, *steps):
    for step in steps:
        actions.finish_step(actor=office["section_officer"], case=case, step=step, on=case.started)


def states(case) -> dict[str, str]:
    look = load(Case.objects.select_related("scheme", "unit").get(pk=case.pk), case.started)
    return {i: s.state for i, s in look.status.steps.items()}


def test_branches_go_by_the_type_of_the_case(office, started, go):
    promotion, exceptional = started(), started(kind="exceptional")
    assert states(promotion)["above"] == "not_applicable"
    assert states(exceptional)["above"] == "waiting"
    until(go, exceptional, "above")
    with pytest.raises(BoleError) as error:
        finish(office, exceptional, "above")
    assert "GATE_PAPERS" in codes(error)
    until(go, promotion, "notice")
    # A fact that changes the branch in the middle is seen at once.
    actions.state_facts(
        actor=office["section_officer"], case=promotion, facts={"kind": "exceptional"}
    )
    assert states(promotion)["above"] == "open"
    assert states(promotion)["notice"] == "waiting"


def test_parallel_steps_run_side_by_side_and_the_next_waits_for_both(office, started, go):
    case = started()
    until(go, case, "meeting")
    now = states(case)
    assert (now["meeting"], now["talks"], now["candidates"]) == ("open", "open", "waiting")
    officer = office["section_officer"]
    actions.write_paper(actor=officer, case=case, paper="notes", fields={}, on=case.started)
    finish(office, case, "talks")
    assert states(case)["candidates"] == "waiting"


def test_a_step_is_left_out_only_as_the_scheme_says(office, started, go):
    promotion, lateral = started(), started(kind="lateral")
    until(go, promotion, "notice")
    until(go, lateral, "notice")
    head = office["department_head"]
    with pytest.raises(BoleError) as error:
        actions.skip_step(actor=head, case=promotion, step="notice", reason="简化")
    assert codes(error) == {"STEP_NO_SKIP"}
    with pytest.raises(BoleError) as error:
        actions.skip_step(actor=head, case=lateral, step="notice", reason=" ")
    assert codes(error) == {"REASON_EMPTY"}
    actions.skip_step(actor=head, case=lateral, step="notice", reason="平职调整")
    assert states(lateral)["notice"] == "skipped"
    assert load(lateral, lateral.started).status.here == ("end",)


def test_a_second_recommendation_asks_for_new_ballots_and_papers(office, started, go):
    case = started()
    until(go, case, "notice")
    officer, head = office["section_officer"], office["department_head"]
    with pytest.raises(BoleError) as error:
        actions.return_step(
            actor=officer, case=case, step="candidates", to="meeting", reason="不集中"
        )
    assert codes(error) == {"STEP_ROLE"}
    actions.return_step(
        actor=head, case=case, step="candidates", to="meeting", reason="推荐结果不集中"
    )
    now = states(case)
    assert (now["plan"], now["meeting"], now["talks"]) == ("done", "open", "open")
    look = load(Case.objects.select_related("scheme", "unit").get(pk=case.pk), case.started)
    # What was counted and written for the first round opens nothing any more, but is kept.
    assert look.ballot("recommendation") is None
    assert not look.papers("notes")
    assert case.papers.filter(code="notes").count() == 1
    with pytest.raises(BoleError) as error:
        finish(office, case, "meeting")
    assert "GATE_RESULTS" in codes(error)
    # The list of candidates is open again, the plan's list is not.
    other = case.people[1]
    with pytest.raises(BoleError) as error:
        actions.choose(actor=officer, case=case, group="proposed", cadre=other, reason="x")
    assert codes(error) == {"GROUP_CLOSED"}
    actions.choose(actor=officer, case=case, group="candidates", cadre=other, reason="第二轮推荐")
    # Only one second round is declared.
    with pytest.raises(BoleError) as error:
        actions.return_step(
            actor=head, case=case, step="candidates", to="meeting", reason="再来一次"
        )
    assert codes(error) == {"RETURN_NOT_DECLARED"}


def test_one_step_or_the_whole_case_stands_still(office, started, go):
    case = started()
    until(go, case, "meeting")
    officer = office["section_officer"]
    stop = case.started + datetime.timedelta(days=9)
    actions.suspend_case(actor=officer, case=case, step="talks", reason="等人", until=stop)
    now = states(case)
    assert (now["talks"], now["meeting"]) == ("suspended", "open")
    look = load(Case.objects.select_related("scheme", "unit").get(pk=case.pk), case.started)
    (why,) = [r for r in look.status.steps["talks"].reasons if r.kind == "suspension"]
    assert "等人" in why.text.zh and f"{stop}" in why.text.zh
    with pytest.raises(BoleError) as error:
        finish(office, case, "talks")
    assert "GATE_SUSPENSION" in codes(error)
    actions.suspend_case(actor=officer, case=case, reason="机构改革")
    assert states(case)["meeting"] == "suspended"
    actions.resume_case(actor=officer, case=case, reason="继续")
    assert states(case)["meeting"] == "open"
    assert states(case)["talks"] == "suspended", "the step still stands"
    actions.resume_case(actor=officer, case=case, step="talks", reason="人已到")
    assert states(case)["talks"] == "open"
    with pytest.raises(BoleError) as error:
        actions.suspend_case(actor=officer, case=case, step="nothing", reason="x")
    assert codes(error) == {"STEP_UNKNOWN"}


def test_a_case_keeps_its_version_until_it_is_moved_and_the_difference_is_shown(
    office, started, go, client
):
    case = started()
    until(go, case, "notice")
    text = PACK.replace(
        "        - {id: talks, name: 谈话推荐, parallel: recommend, papers: [notes]}\n",
        "        - {id: talks, name: 谈话推荐, parallel: recommend, papers: [notes, approval]}\n"
        "        - {id: forum, name: 座谈推荐, parallel: recommend}\n",
    ).replace("{id: end, name: 结束}", "{id: end, name: 办结}")
    new = small.pack(text)
    now = states(case)
    assert now["talks"] == "done" and "forum" not in now, "a new version changes nothing by itself"

    head = office["department_head"]
    client.force_login(office["section_officer"])
    url = reverse("selection:version", args=[case.pk])
    assert client.get(url).status_code == 404, "the section shows it to the head"
    client.force_login(head)
    page = client.get(url).content.decode()
    for words in ("座谈推荐", "谈话推荐", "办结"):
        assert words in page
    client.post(url, {"reason": "按新办法办理"})
    case = Case.objects.get(pk=case.pk)
    assert case.scheme == new
    now = states(case)
    assert now["talks"] == "open", "it asks for more: to be looked at again"
    assert now["forum"] == "ready"
    assert now["plan"] == "done"
    with pytest.raises(BoleError) as error:
        actions.move_version(actor=head, case=case, scheme=small.pack(), reason="x")
    assert codes(error) == {"VERSION_OTHER"}


def test_the_case_page_draws_links_steps_and_where_it_is(office, started, go, client):
    case = started(kind="exceptional")
    until(go, case, "above")
    client.force_login(office["section_officer"])
    page = client.get(reverse("selection:case", args=[case.pk])).content.decode()
    for state in ("done", "open", "waiting"):
        assert f"step-{state}" in page
    for words in ("推荐", "任职", "会议推荐", "报上级"):
        assert words in page
