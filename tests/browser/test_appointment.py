"""From the notice to the touchpoints of a probation in the pages, each opened from its case.

The case is walked to the decision by the same actions as the pages; what follows is done by the
officer, the head and the discipline liaison, each in a browser of their own.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from bole.demo.county import PASSWORD
from tests.browser.office import CHROMIUM, FLAGS, Person, office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A case decided, with its notice to come; what the office uses beside the regulation.
DECIDED = """
import datetime, json, sys
import django; django.setup()
from django.utils import timezone
from bole.demo import cases
from bole.demo.county import by_role
from bole.schemes.actions import install
from bole.units.models import Post
given = json.loads(sys.argv[1])
post = Post.objects.select_related("unit").get(pk=given["post"])
post.unit.headcount_lines.filter(pk=given["line"]).update(approved=given["approved"])
install(actor=None, name_or_path="matters-appointment")
today = timezone.localdate()
day = today - datetime.timedelta(days=60)
actors = by_role()
case = cases.start(actors, post, day)
walk = cases.walk(case, actors, day, today)
walk.run(until="pre_notice")
person = case.members.get(group="nominees").cadre
print(json.dumps({"case": case.pk, "person": person.pk, "name": person.name}))
"""
CLOSE = """
import json
import django; django.setup()
from django.utils import timezone
from bole.demo.county import by_role
from bole.vetting.actions import conclude_complaint
from bole.vetting.models import Complaint
found = Complaint.objects.get(concluded_on=None)
conclude_complaint(
    actor=by_role()["discipline_liaison"][0], complaint=found, finding="unfounded",
    text="反映不属实", effect="none", feedback="已反馈", on=timezone.localdate(),
)
print(json.dumps(found.number))
"""


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `make test`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


def begin(person: Person, case: int, step: str, title: str) -> None:
    """Press the button beside a step of the case, as it is loaded there."""
    person.go(f"/cases/{case}/?step={step}")
    link = person.page.locator("#step a.list-group-item", has_text=title)
    link.wait_for()
    person.send(link)


def fill(person: Person, **values: str) -> None:
    """Fill fields of the open form and send it."""
    for name, value in values.items():
        field = person.page.locator(f"[name='{name}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    person.send(person.page.locator("main form .btn-primary"))
    wrong = person.page.locator("main form .alert-danger, main form .invalid-feedback")
    assert not wrong.count(), person.text()


def do(person: Person, url: str, move: str, **values: str) -> None:
    """Do a move of a matter, by its button or by its form."""
    person.go(url)
    person.send(person.page.locator("main .btn.w-100", has_text=move).first)
    if "/do/" in person.page.url:
        fill(person, **values)


def test_from_the_notice_to_the_touchpoints(browser, tmp_path):
    with office(tmp_path, datetime.date(2026, 3, 2)) as (place, post):
        case = place.ask(DECIDED, json.dumps(post))
        number, name = case["case"], case["name"]
        officer, head, discipline = (
            Person(browser, place, who) for who in ("officer", "head", "discipline")
        )

        # The notice: everything known stands in the form; the clock is that of working days.
        begin(officer, number, "pre_notice", f"任前公示 · {name}")
        value = officer.page.locator("[name=f_proposed_post]").input_value
        assert value(), "the post comes from the case"
        assert officer.page.locator("[name=cadre]").input_value()
        fill(
            officer,
            f_places="本单位、县政府网站",
            f_phone="0000-12380",
            f_count_from="day_after_posting",
        )
        notice = officer.page.url
        do(officer, notice, "张贴公示")
        assert "公示中" in officer.text() and "2026-03-09" in officer.text()

        # A complaint received meanwhile holds it, until it is closed in writing.
        discipline.go(notice)
        discipline.send(discipline.page.locator("a", has_text="登记公示期间的反映"))
        assert discipline.page.locator("[name=cadres]").input_value()
        fill(discipline, channel="phone", content="反映作风问题")
        place.pass_days(8)  # 2026-03-10
        officer.go(notice)
        assert officer.page.locator("button[disabled]", has_text="公示期满无异议").count()
        assert "书面办结" in officer.text()
        place.ask(CLOSE)
        do(officer, notice, "公示期满无异议", f_result="收到1件反映，查核不属实")
        assert "公示无异议" in officer.text()

        # The talk, the test, the letter.
        begin(officer, number, "appointment_talk", f"任职谈话 · {name}")
        form = {"f_talks-0-by": "部领导", "f_talks-0-held": "2026-03-10"}
        fill(officer, **form)
        talk = officer.page.url
        do(officer, talk, "完成谈话", f_content="肯定成绩，提出要求", f_recorder="赵强")
        do(officer, talk, "谈话对象签字", password=PASSWORD)
        do(head, talk, "谈话人签字", password=PASSWORD)
        do(officer, talk, "归档")
        assert "已签字" in officer.text()
        begin(officer, number, "appointment_talk", f"任前测试 · {name}")
        assert officer.page.locator("[name=f_session]").input_value()
        fill(officer, f_pass_line="60")
        test = officer.page.url
        do(officer, test, "登记成绩", f_taken="2026-03-10", f_score="86")
        assert "第1名，共1人" in officer.text()
        do(officer, test, "确认合格")
        begin(officer, number, "appointment_talk", f"任前提醒函 · {name}")
        point = officer.page.locator("[name='f_shortcomings-0-point']").input_value()
        assert "宏观思考" in point, "the shortcomings come from the inspection report"
        fill(officer, f_demands="对照改正")
        letter = officer.page.url
        do(head, letter, "签发", password=PASSWORD)
        assert "跟踪改正" in head.text()

        # Formalities in order, probation with its touchpoints on the first page.
        begin(officer, number, "document", f"任职手续 · {name}")
        fill(officer)
        assert "尚未办理" in officer.text()
        begin(officer, number, "document", f"试用期 · {name}")
        start = officer.page.locator("[name=f_start]").input_value()
        until = officer.page.locator("[name=f_until]").input_value()
        assert int(until[:4]) == int(start[:4]) + 1 and until[4:] == start[4:]
        fill(officer)
        probation = officer.page.url
        do(officer, probation, "开始试用")
        assert "试用中" in officer.text()
        place.pass_days(100)
        officer.go("/")
        assert f"试用期 · {name}" in officer.text() and f"任前提醒函 · {name}" in officer.text()
        do(
            officer,
            probation,
            "登记回访",
            **{
                "f_touchpoints-0-held": place.day.isoformat(),
                "f_touchpoints-0-note": "适应较快",
            },
        )
        assert "适应较快" in officer.text()
        officer.page.screenshot(path=str(tmp_path / "probation.png"), full_page=True)
        for person in (officer, head, discipline):
            assert not person.errors
