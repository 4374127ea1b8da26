"""Who acts: roles as the pack maps them, units, named persons; and who stands in for whom."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.engine.procedures.models import Procedure
from bole.record.actions import Signature
from bole.selection import actions, queries
from bole.selection.context import load
from tests.selection import small

PACK = """\
id: doers
name: 承办
place: 县
procedure:
  name: 程序
  roles:
    hr: {name: 人力资源部, same_as: section_officer}
    party_group: {name: 党组, same_as: [committee_member, discipline_liaison]}
    chair: {name: 主持人, same_as: unit_liaison}
    outside: {name: 上级机关}
  papers:
    - {id: form, name: 审批表, signed_by: [chair, party_group]}
  links:
    - id: l
      name: 环节
      steps:
        - {id: by_role, name: 党组研究, who: party_group}
        - {id: alone, name: 党组自办, who: {role: party_group, alone: true}}
        - {id: by_unit, name: 用人单位办理, who: {unit: 教育局, alone: true}}
        - {id: by_name, name: 指定人办理, who: [{named: 王处长, alone: true}]}
        - id: tasks
          name: 分工
          who: hr
          tasks: [{id: hers, name: 纪检核查, who: [discipline_liaison]}]
          records: [{id: entry, name: 情况, recorder: hr, reviewer: department_head}]
          papers: [form]
          skip: {by: [department_head], reason: 不需要}
        - {id: end, name: 结束, who: outside}
"""


def codes(error) -> set[str]:
    return {p.code for p in error.value.problems}


@pytest.fixture
def case(office):
    bureau = small.bureau()
    version = small.pack(PACK)
    return small.open_case(version, small.post(bureau), office["section_officer"])


def refused(case, who, step) -> set[str]:
    with pytest.raises(BoleError) as error:
        actions.finish_step(actor=who, case=case, step=step, on=case.started)
    return codes(error)


def test_the_pack_says_which_roles_of_the_house_act():
    procedure = Procedure.model_validate(
        {
            "name": "程序",
            "roles": {
                "a": {"name": "甲", "same_as": "b"},
                "b": {"name": "乙", "same_as": ["inspector", "committee_member"]},
                "chair": {"name": "丙", "same_as": ["department_head"]},
                "ring": {"name": "丁", "same_as": "ring"},
                "nobody": {"name": "戊"},
            },
            "links": [{"id": "l", "name": "环", "steps": [{"id": "s", "name": "步"}]}],
        }
    )
    assert procedure.holders("a") == ("inspector", "committee_member")
    assert procedure.holders("chair") == ("department_head",), "the pack comes first"
    assert procedure.holders("committee_secretary") == ("committee_member",), "then common sense"
    assert procedure.holders("inspector") == ("inspector",)
    assert procedure.holders("nobody") == ()
    assert procedure.holders("ring") == ("ring",)


def test_a_role_of_the_pack_is_played_by_the_roles_that_it_names(case, office):
    actions.finish_step(
        actor=office["discipline_liaison"], case=case, step="by_role", on=case.started
    )
    # `alone`: the section does not do it for them.
    assert refused(case, office["section_officer"], "alone") == {"STEP_ROLE"}
    actions.finish_step(actor=office["committee_member"], case=case, step="alone", on=case.started)


def test_a_unit_and_a_named_person_act(case, office, client):
    head = office["department_head"]
    for step in ("by_role", "alone"):
        actions.finish_step(actor=office["committee_member"], case=case, step=step, on=case.started)
    stranger = small.user("cadre", "别人")
    clerk = small.user("cadre", "局里的人", unit=case.unit)
    assert refused(case, head, "by_unit") == {"STEP_ROLE"}
    with pytest.raises(PermissionDenied):
        actions.finish_step(actor=stranger, case=case, step="by_unit", on=case.started)
    # It stands on the first page of who acts for the unit, and the case can be read.
    queries.with_standing([case], case.started)
    assert [d.what for d in queries.due(clerk, case.started)]
    client.force_login(clerk)
    assert client.get(reverse("selection:case", args=[case.pk])).status_code == 200
    actions.finish_step(actor=clerk, case=case, step="by_unit", on=case.started)

    named = small.user("", "王处长")
    assert refused(case, head, "by_name") == {"STEP_ROLE"}
    actions.finish_step(actor=named, case=case, step="by_name", on=case.started)
    assert load(case, case.started).status.here == ("tasks",)


def test_tasks_records_and_skips_have_their_own_people(case, office):
    officer, head = office["section_officer"], office["department_head"]
    for step, who in (("by_role", "committee_member"), ("alone", "committee_member")):
        actions.finish_step(actor=office[who], case=case, step=step, on=case.started)
    clerk = small.user("cadre", "局里的人", unit=case.unit)
    actions.finish_step(actor=clerk, case=case, step="by_unit", on=case.started)
    actions.finish_step(actor=small.user("", "王处长"), case=case, step="by_name", on=case.started)
    actions.do_task(
        actor=office["discipline_liaison"], case=case, step="tasks", task="hers", on=case.started
    )
    with pytest.raises(BoleError) as error:
        actions.write_record(
            actor=office["committee_member"], case=case, step="tasks", item="entry", text="x"
        )
    assert codes(error) == {"STEP_ROLE"}
    actions.write_record(actor=officer, case=case, step="tasks", item="entry", text="已谈话")
    with pytest.raises(BoleError) as error:
        actions.skip_step(actor=officer, case=case, step="tasks", reason="不需要")
    assert codes(error) == {"STEP_ROLE"}, "only the head may leave it out"
    actions.skip_step(actor=head, case=case, step="tasks", reason="不需要", on=case.started)
    # A role that nobody in the program holds is recorded by the section.
    actions.finish_step(actor=officer, case=case, step="end", on=case.started)
    case.refresh_from_db()
    assert case.state == "finished"


def test_the_section_signs_with_a_password_for_nobody(case, office):
    officer = office["section_officer"]
    paper = actions.write_paper(actor=officer, case=case, paper="form", fields={}, on=case.started)
    with pytest.raises(BoleError) as error:
        actions.sign_paper(
            actor=officer,
            paper=paper,
            role="party_group",
            signature=Signature("password", officer),
            on=case.started,
        )
    assert codes(error) == {"SIGN_ROLE"}
    member = office["committee_member"]
    actions.sign_paper(
        actor=member,
        paper=paper,
        role="party_group",
        signature=Signature("password", member),
        on=case.started,
    )
