"""A procedure written from a document by the guide, run as a case through the pages' actions.

The document is the plan 中层干部选拔 of S3-2.1 (nine steps of a justice bureau), the company's of
S3-1.1, and the competition of a subdistrict (S3-10.1, S3-10.2); see docs/procedures.md.
"""

from __future__ import annotations

import datetime

import pytest

from bole.desk.walk import Stuck
from bole.engine.errors import BoleError
from bole.people.models import GradeSpell, PostSpell
from bole.record.archive import archive_case
from bole.record.verification import verify_stream
from bole.schemes.actions import install
from bole.selection import actions
from bole.selection.context import load
from bole.selection.models import Case, Course
from tests.selection import small

D = datetime.date
MONDAY = D(2024, 3, 4)


def codes(error) -> set[str]:
    return {p.code for p in error.value.problems}


def opened(office, code: str, facts=None, parameters=None) -> Case:
    """A case under a shipped pack for one post of a bureau with room."""
    bureau = small.bureau("司法局", approved=3)
    version = install(actor=None, name_or_path=code)
    return small.open_case(
        version,
        small.post(bureau),
        office["section_officer"],
        on=MONDAY,
        facts=facts or {},
        parameters=parameters or {},
    )


def clerk(name: str):
    """A cadre whom no rule of the nine steps stops."""
    found = small.cadre(name)
    found.identity = "civil_servant"
    found.save()
    PostSpell.objects.create(
        cadre=found,
        unit_name="某科",
        title="副科长",
        grade="section_deputy",
        start=D(2019, 1, 7),
    )
    GradeSpell.objects.create(cadre=found, grade="section_deputy", start=D(2019, 1, 7))
    found.educations.create(level="本科", start=D(1998, 9, 1), end=D(2002, 7, 1))
    for year in (2021, 2022, 2023):
        found.appraisals.create(year=year, grade="称职", kind="annual")
    return found


def finished(case: Case) -> list[str]:
    """The steps in the order in which they were finished."""
    done = case.course.filter(kind=Course.Kind.DONE, ended_on=None).order_by("id")
    return list(done.values_list("target", flat=True))


def test_the_nine_steps_of_the_justice_bureau(office, go, tmp_path):
    case = opened(office, "justice-bureau-nine-steps")
    zhang, wang = clerk("张三"), clerk("王五")
    plan = {
        "groups": {"proposed": [zhang, wang], "candidates": [zhang], "nominees": [zhang]},
        "ballots": {
            "recommendation": {"due": 30, "present": 28},
            "targets": {"due": 9, "present": 8, "votes": {"张三": {"agree": 4, "disagree": 4}}},
        },
        "today": D(2024, 6, 3),
    }
    settled = {"over_pick": "void_ballot", "targets_anonymous": True}
    actions.set_parameters(
        actor=office["section_officer"], case=case, values=settled, reason="党组研究确定"
    )
    # The document does not say of whom the majority is counted: bole asks, and decides nothing.
    with pytest.raises(Stuck) as error:
        go(case, **plan)
    assert any("majority_base" in p.text.zh for p in error.value.problems)
    assert finished(case)[-1] == "recommend"
    # Four of eight attending is no majority; the reason says the numbers.
    with pytest.raises(Stuck) as error:
        go(case, parameters={"majority_base": "attending"}, **plan)
    (said,) = {p.text.zh for p in error.value.problems if "张三" in p.text.zh}
    assert "8人中同意4票" in said and "须5票" in said
    # Sent back as the document says, recommended and voted on anew.
    actions.return_step(
        actor=office["committee_member"],
        case=case,
        step="targets",
        to="recommend",
        reason="没有过半数人选，重新推荐",
    )
    plan["ballots"]["targets"]["votes"] = {"张三": {"agree": 6, "disagree": 2}}
    look = go(case, **plan)
    case.refresh_from_db()
    assert case.state == Case.State.FINISHED, look.status.here
    steps = list(look.procedure.steps)
    assert finished(case) == steps
    assert len(steps) == 9
    on = {c.target: c.on for c in case.course.filter(kind=Course.Kind.DONE, ended_on=None)}
    assert (on["notice"] - on["discuss"]).days >= 7
    assert verify_stream(case.stream).valid
    package = tmp_path / "case.zip"
    archive_case(
        actor=office["department_head"], stream=case.stream, destination=package, title="x"
    )
    assert package.stat().st_size > 1000


def test_the_rules_of_the_nine_steps_stop_who_does_not_meet_them(office, go):
    case = opened(office, "justice-bureau-nine-steps", parameters={"majority_base": "due"})
    young = small.cadre("小李")
    young.identity = "institution"
    young.save()
    with pytest.raises(Stuck) as error:
        go(case, groups={"proposed": [young]}, today=D(2024, 6, 3))
    said = " ".join(p.text.zh for p in error.value.problems)
    assert "NS.1" in said
    with pytest.raises(BoleError) as error:
        actions.finish_step(
            actor=office["section_officer"], case=case, step="qualification", on=D(2024, 6, 3)
        )
    assert "GATE_RULES" in codes(error)


def test_the_company_goes_from_the_department_to_the_whole_company(office, go):
    case = opened(office, "company-middle-level", facts={"suitable": False})
    ma = small.cadre("马工")
    settled = {
        "over_pick": "void_ballot",
        "ballots_anonymous": True,
        "assessment_grades": ["好", "较好", "一般", "差"],
    }
    actions.set_parameters(
        actor=office["section_officer"], case=case, values=settled, reason="联席会确定"
    )
    plan = {
        "groups": {"candidates": [ma], "nominees": [ma]},
        "today": D(2024, 6, 3),
    }
    with pytest.raises(Stuck) as error:
        go(case, **plan)
    assert any("有合适人选" in p.text.zh for p in error.value.problems)
    head = office["department_head"]
    actions.return_step(
        actor=head, case=case, step="review", to="meeting", reason="本部门没有合适人选"
    )
    actions.state_facts(actor=head, case=case, facts={"source": "company", "suitable": True})
    look = go(case, **plan)
    case.refresh_from_db()
    assert case.state == Case.State.FINISHED, look.status.here
    assert "company_proposal" in finished(case)


def test_the_subdistrict_competes_for_its_posts(office, go):
    case = opened(office, "subdistrict-competition", facts={"posts": 1})
    people = [small.cadre(n) for n in ("甲某", "乙某", "丙某")]
    look = load(Case.objects.select_related("scheme", "unit").get(pk=case.pk), MONDAY)
    groups = dict.fromkeys(look.procedure.groups, people)
    groups |= {g: people for s in look.procedure.steps.values() for g in s.chooses}
    groups |= {"candidates": people[:1], "nominees": people[:1]}
    open_ = {p: _some(look.scheme.parameters[p]) for p in look.scheme.open_parameters()}
    actions.set_parameters(
        actor=office["section_officer"], case=case, values=open_, reason="领导小组确定"
    )
    facts = {n: _fact(f) for n, f in look.procedure.facts.items() if f.default is None}
    look = go(case, groups=groups, facts=facts, today=D(2025, 6, 2))
    case.refresh_from_db()
    assert case.state == Case.State.FINISHED, look.status.here
    assert finished(case) == [
        i for i, s in look.status.steps.items() if s.state not in ("not_applicable", "skipped")
    ]


def _some(parameter):
    simple = {"int": 2, "days": 5, "number": 10, "fraction": "1/2", "percent": "50%", "bool": True}
    return next(iter(parameter.choices)) if parameter.choices else simple[parameter.type]


def _fact(fact):
    simple = {"bool": True, "int": 1, "date": MONDAY.isoformat(), "text": "—"}
    return next(iter(fact.choices)) if fact.choices else simple[fact.type]
