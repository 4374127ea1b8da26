"""A whole case under regulation-2019, its gates, its roles and its record."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.people.models import PostSpell
from bole.record.archive import archive_case
from bole.record.verification import verify_stream
from bole.selection import actions
from bole.selection.context import load
from bole.selection.models import Case, Course
from tests.selection.conftest import START


def codes(error: pytest.ExceptionInfo[BoleError]) -> set[str]:
    return {p.code for p in error.value.problems}


@pytest.mark.slow
def test_a_whole_case_from_motion_to_confirmation(walk, county, tmp_path, client):
    look = walk.run()
    case = Case.objects.get(pk=walk.case.pk)
    assert case.state == Case.State.FINISHED, look.status.here

    # The appointment stands in the histories from the day of the decision on.
    decision = look.ballot("decision").on
    post = case.posts.get().post
    spell = PostSpell.objects.get(post=post, end=None)
    assert (spell.start, spell.cadre_id) == (decision, look.group("nominees")[0].cadre_id)
    ended = spell.cadre.postspells.filter(concurrent=False).exclude(pk=spell.pk)
    assert not ended.filter(end=None).exists()
    assert spell.cadre.gradespells.get(end=None).grade == post.grade

    # Notice: at least five working days between notice and talk.
    steps = {c.target: c.on for c in case.course.filter(kind=Course.Kind.DONE)}
    assert (steps["appointment_talk"] - steps["meeting"]).days >= 7

    # The record is whole, and a package of it verifies without any database.
    assert verify_stream(case.stream).valid
    package = tmp_path / "case.zip"
    archive_case(
        actor=county["department_head"][0], stream=case.stream, destination=package, title="x"
    )
    command = [sys.executable, "-m", "bole", "verify", str(package)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(broken, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith(".ndjson"):
                content = content.replace(b"case.waive", b"case.state", 1).replace(
                    b"case.finish", b"case.state", 1
                )
            new.writestr(info, content)
    command[-1] = str(broken)
    assert subprocess.run(command, capture_output=True).returncode == 1

    # The finished case's pages stand, within their number of queries.
    client.force_login(county["section_officer"][0])
    client.get(reverse("accounts:own"))  # the first page of a session writes the session
    for name in ("case", "outcomes", "facts", "course", "parameters"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(reverse(f"selection:{name}", args=[case.pk]))
        assert response.status_code == 200
        assert len(queries) <= 15, name


def test_a_step_is_blocked_with_every_reason_and_the_button_clears_it(case, county, client):
    officer = county["section_officer"][0]
    client.force_login(officer)
    with pytest.raises(BoleError) as refused:
        actions.finish_step(actor=officer, case=case, step="analysis", on=START)
    assert "GATE_PAPERS" in codes(refused)
    page = client.get(reverse("selection:case", args=[case.pk])).content.decode()
    assert "缺少《综合分析研判报告》" in page
    url = reverse("selection:paper", args=[case.pk, "analysis_report"])
    client.post(
        url,
        {"file_paper": 1, "field_team": "缺一名副职", "field_need": "工作需要", "on": "2025-03-03"},
    )
    client.post(
        reverse("selection:act", args=[case.pk]),
        {"action": "finish", "step": "analysis", "on": "2025-03-03"},
    )
    assert load(case, START).status.steps["analysis"].state == "done"


def test_steps_wait_for_those_before_them(case, county):
    with pytest.raises(BoleError) as refused:
        actions.finish_step(
            actor=county["department_head"][0], case=case, step="work_plan", on=START
        )
    assert "GATE_STEPS" in codes(refused)


def test_nobody_finishes_a_step_of_others_or_tomorrow(case, county):
    member = county["committee_member"][0]
    with pytest.raises(BoleError) as refused:
        actions.finish_step(actor=member, case=case, step="analysis", on=START)
    assert codes(refused) == {"STEP_ROLE"}
    with pytest.raises(BoleError) as refused:
        tomorrow = datetime.date.today() + datetime.timedelta(days=2)
        actions.finish_step(
            actor=county["section_officer"][0], case=case, step="analysis", on=tomorrow
        )
    assert codes(refused) == {"DATE_FUTURE"}


def test_who_has_no_part_reads_and_changes_nothing(case, county, client):
    for role in ("cadre", "inspector", "system_administrator", "unit_liaison"):
        client.force_login(county[role][-1])
        assert client.get(reverse("selection:case", args=[case.pk])).status_code == 403, role
        with pytest.raises(PermissionDenied):
            actions.suspend_case(actor=county[role][-1], case=case, reason="x")


def test_headcount_gate_stops_with_the_numbers(case, county):
    officer = county["section_officer"][0]
    line = case.unit.headcount_lines.get(grade="section_deputy", leading=True)
    line.approved = 0
    line.save()
    actions.write_paper(
        actor=officer,
        case=case,
        paper="analysis_report",
        fields={"team": "x", "need": "y"},
        on=START,
    )
    actions.finish_step(actor=officer, case=case, step="analysis", on=START)
    actions.write_paper(actor=officer, case=case, paper="headcount_sheet", fields={}, on=START)
    actions.check_headcount(actor=officer, case=case, today=START)
    with pytest.raises(BoleError) as refused:
        actions.finish_step(actor=officer, case=case, step="headcount", on=START)
    assert "GATE_HEADCOUNT" in codes(refused)
    row = next(r for r in Case.objects.get(pk=case.pk).headcount["rows"] if r["entering"])
    assert str(row["planned"]) in str(refused.value)


def test_a_paper_is_signed_by_two_different_people(walk, county):
    look = walk.run(until="inspection_report")
    officer = county["section_officer"][0]
    cadre = look.group("candidates")[0].cadre
    paper = actions.write_paper(
        actor=officer,
        case=walk.case,
        paper="integrity_conclusion",
        fields={},
        cadre=cadre,
        on=walk.day,
    )
    actions.sign_paper(
        actor=officer, paper=paper, role="committee_secretary", name="王书记", on=walk.day
    )
    with pytest.raises(BoleError) as refused:
        actions.sign_paper(
            actor=officer, paper=paper, role="discipline_secretary", name="王书记", on=walk.day
        )
    assert codes(refused) == {"SIGN_SAME_PERSON"}
    with pytest.raises(BoleError) as refused:
        actions.sign_paper(
            actor=officer,
            paper=paper,
            role="discipline_secretary",
            name="李书记",
            on=walk.day - datetime.timedelta(days=30),
        )
    assert codes(refused) == {"SIGN_EARLY"}


def test_suspension_and_withdrawal_need_a_reason_and_stop_the_case(case, county):
    officer, head = county["section_officer"][0], county["department_head"][0]
    with pytest.raises(BoleError) as refused:
        actions.suspend_case(actor=officer, case=case, reason=" ")
    assert codes(refused) == {"REASON_EMPTY"}
    actions.suspend_case(actor=officer, case=case, reason="等待机构改革方案")
    assert load(case, datetime.date.today()).status.steps["analysis"].state == "suspended"
    actions.resume_case(actor=officer, case=case, reason="方案已定")
    assert load(case, datetime.date.today()).status.steps["analysis"].state != "suspended"
    with pytest.raises(PermissionDenied):
        actions.withdraw_case(actor=officer, case=case, reason="x")
    actions.withdraw_case(actor=head, case=case, reason="职位撤销")
    with pytest.raises(BoleError) as refused:
        actions.check_headcount(actor=officer, case=Case.objects.get(pk=case.pk))
    assert codes(refused) == {"CASE_CLOSED"}


def test_a_complaint_locks_the_formalities_until_it_is_closed(walk, county):
    from bole.vetting import actions as vetting

    look = walk.run(until="pre_notice")
    cadre = look.group("nominees")[0].cadre
    complaint = vetting.receive_complaint(
        actor=county["discipline_liaison"][0],
        stream=walk.case.stream,
        cadres=[cadre],
        channel="phone",
        content="反映其兼职取酬",
        concrete=True,
        received_on=walk.day,
    )
    held = load(walk.case, walk.day).status.steps["pre_notice"]
    assert any(r.kind == "no_holds" for r in (*held.reasons, *held.remaining))
    vetting.conclude_complaint(
        actor=county["discipline_liaison"][0],
        complaint=complaint,
        finding="unfounded",
        text="查无此事",
        effect="none",
        feedback="已向反映人反馈",
        on=walk.day,
    )
    free = load(walk.case, walk.day).status.steps["pre_notice"]
    assert not any(r.kind == "no_holds" for r in (*free.reasons, *free.remaining))


def test_a_post_is_filled_by_one_case_at_a_time(case, county):
    with pytest.raises(BoleError) as refused:
        actions.open_case(
            actor=county["section_officer"][0],
            posts=[case.posts.get().post],
            scheme=case.scheme,
        )
    assert codes(refused) == {"CASE_POST_TAKEN"}
