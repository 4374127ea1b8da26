"""A whole selection in the pages, walked by five people, each in a browser of their own.

The office's clock is the test's: the case begins in March 2024 and ends when the probation of a
year is over. Every reason that the case page gives is cleared by the button that stands beside
it; what the button opens is filled in as that person would.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bole.demo.county import PASSWORD
from tests.browser.office import CHROMIUM, FLAGS, PEOPLE, Office, Person, office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START = datetime.date(2024, 3, 4)
SIGNERS = {  # who signs as what: an account by its password, others on the paper original
    "section_officer": ["officer", "许科员"],
    "department_head": ["head"],
    "inspection_group": ["inspector", "inspector2"],
    "committee_secretary": ["member"],
    "discipline_secretary": ["discipline"],
    "dossier_auditor": ["officer"],
    "reviewer": ["汪复核"],
    "chair": ["member"],
    "recorder": ["金记录"],
}
BALLOTS = {  # ballot → channel, classes with the number due, how many came
    "talk_recommendation": ("talk", [("谈话对象", 20)], [20]),
    "meeting_recommendation": ("meeting", [("县级领导", 12), ("部门负责人", 40)], [11, 38]),
    "assessment": ("meeting", [("单位干部", 30)], [28]),
    "decision": ("meeting", [("县委常委", 11)], [10]),
}
KINDS = {  # what must have been done in the pages at least once
    "paper",
    "brought",
    "signed by password",
    "signed on paper",
    "choose proposed",
    "choose inspection_group",
    "judged",
    "exception",
    "warning",
    "headcount number",
    "ballot talk",
    "ballot meeting",
    "differing entries",
    "asked",
    "answered",
    "checked",
    "fact",
    "finish",
}


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `make test`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Walk:
    """The case on its way: `groups` says who is chosen, `case` is the number in its address."""

    def __init__(self, place: Office, people: dict[str, Person], folder: Path) -> None:
        self.place, self.people, self.folder = place, people, folder
        self.groups: dict[str, list[dict]] = {}
        self.case = 0
        self.kinds: set[str] = set()  # what was done at least once
        self.step = ""  # the step that is being done
        self.post: dict = {}

    def at(self, who: str, step: str) -> Person:
        """A person in front of a step."""
        person = self.people[who]
        person.go(f"/cases/{self.case}/?step={step}")
        return person

    def reasons(self, person: Person) -> list[tuple[str, str]]:
        """(sentence, label of its button) of the step that is shown."""
        rows = person.page.locator("li.reason")
        return [
            (
                row.locator("span").first.inner_text(),
                " ".join(row.locator(".btn").all_inner_texts()),
            )
            for row in rows.all()
        ]

    def finish(self, who: str, step: str) -> None:
        """Clear every reason by its button, answer every warning, finish the step."""
        self.step = step
        for _round in range(20):
            person = self.at(who, step)
            pressed = person.page.locator("li.reason form .btn")
            links = person.page.locator("li.reason a.btn").evaluate_all(
                "links => links.map(link => [link.href, link.innerText])"
            )
            warnings = person.page.locator("#warnings form")
            if links:
                for address, label in dict(links).items():
                    person.go(address)
                    self.fill_in(person, label)
            elif pressed.count():
                self.clear(person, pressed.first)
            elif warnings.count():
                warnings.first.locator("[name=reason]").fill("经集体研究，理由充分。")
                person.send(warnings.first.locator("button"))
                self.kinds.add("warning")
            else:
                break
        assert not self.reasons(person), self.reasons(person)
        person.send(person.page.locator("form:has([name=action][value=finish]) button"))
        done = person.page.locator("#messages .alert-success")
        assert done.count(), person.text()
        self.kinds.add("finish")

    def clear(self, person: Person, button) -> None:
        """What one button asks for."""
        label = button.inner_text()
        form = button.locator("xpath=ancestor::form")
        if form.count():
            text = form.locator("[name=reason]")
            if text.count():
                text.fill("自党委会议决定之日起计算。")
            person.send(button)
            self.kinds.add(label)
            return
        person.send(button)
        self.fill_in(person, label)

    def fill_in(self, person: Person, label: str) -> None:
        """What the page that a button opened asks for."""
        path = person.page.url.removeprefix(self.place.url)
        if "/papers/" in path:
            self.paper(person)
        elif "/groups/" in path:
            self.choose(person)
        elif "/outcomes/" in path:
            self.answer_rules()
        elif "/ballots/" in path:
            self.hold(person)
        elif "/facts/" in path:
            person.page.select_option("[name=probation_result]", "confirmed")
            person.send(person.page.locator("main form .btn-primary"))
            self.kinds.add("fact")
        elif "/parameters/" in path:
            self.parameters(person)
        elif path.startswith("/vetting/"):
            self.vet(person, label)
        elif path.startswith("/units/"):
            self.approve_headcount(person)
        else:
            raise AssertionError(f"{label} → {path}")

    # --- what the buttons open -------------------------------------------------------------

    def paper(self, person: Person) -> None:
        """File the paper, printed or brought; else sign it in every role that is missing."""
        page, address = person.page, person.page.url
        if (
            not page.locator("[name=sign_paper]").count()
            or not page.locator("[name='sign-role']").count()
        ):
            for field in page.locator("textarea[name^=field_]").all():
                field.fill("情况属实，见所附材料。")
            if "discipline_reply" in address:
                page.set_input_files(
                    "[name=file]",
                    {"name": "回复.txt", "mimeType": "text/plain", "buffer": "无异议".encode()},
                )
                self.kinds.add("brought")
            person.send(page.locator("[name=file_paper]"))
            assert page.locator("#messages .alert-success").count(), person.text()
            self.kinds.add("paper")
            return
        roles = page.locator("[name='sign-role'] option").evaluate_all("o => o.map(x => x.value)")
        for role in roles:
            for name in SIGNERS[role]:
                who = self.people.get(name, person)
                who.go(address)
                if f" {who.name if name in self.people else name} " in self.signed(who):
                    continue
                who.page.select_option("[name='sign-role']", role)
                if name in self.people:
                    who.page.fill("[name='sign-password']", PASSWORD)
                    self.kinds.add("signed by password")
                else:
                    who.page.fill("[name='sign-name']", name)
                    self.kinds.add("signed on paper")
                who.send(who.page.locator("[name=sign_paper]"))
                assert who.page.locator("#messages .alert-success").count(), who.text()

    def signed(self, person: Person) -> str:
        """Who has signed the paper that is shown."""
        return person.text("main .col-lg-5 .list-group-item")

    def choose_in(self, person: Person, group: str) -> None:
        """Go to a group by the link of its card, and choose its people."""
        person.send(person.page.locator(f"a[href='/cases/{self.case}/groups/{group}/']").first)
        self.choose(person)

    def choose(self, person: Person) -> None:
        """Choose everybody of the plan who is not on the list."""
        page = person.page
        group = re.search(r"/groups/(\w+)/", page.url)[1]
        for wanted in self.groups[group]:
            if wanted["name"] in person.text(".list-group-item > .d-flex"):
                continue
            form = page.locator(f"form:has([name=cadre][value='#{wanted['pk']}'])")
            if not form.count():
                form = page.locator("form.card")
                if form.locator("select[name=user]").count():
                    form.locator("[name=user]").select_option(label=wanted["name"])
                else:
                    form.locator("[name=cadre]").fill(f"{wanted['name']} #{wanted['pk']}")
            form.locator("[name=reason]").fill("德才素质和岗位要求相符，群众基础较好。")
            person.send(form.locator("button"))
            assert wanted["name"] in person.text(".list-group-item > .d-flex"), person.text()
        self.kinds.add(f"choose {group}")

    def answer_rules(self) -> None:
        """The department head answers what no file can answer, and writes the exceptions."""
        head = self.people["head"]
        head.go(f"/cases/{self.case}/outcomes/")
        while True:
            forms = head.page.locator("details[open] form:has([name=action][value=judge])")
            if forms.count():
                forms.first.locator("[name=reason]").fill("经核查有关材料认定。")
                head.send(forms.first.locator("[name=met][value=yes]"))
                self.kinds.add("judged")
                continue
            waive = head.page.locator("details:not([open]) form:has([name=action][value=waive])")
            if not waive.count():
                return
            waive.first.locator("xpath=ancestor::details").locator("summary").click()
            waive = head.page.locator("details[open] form:has([name=action][value=waive])")
            waive.first.locator("[name=reason]").fill("一般要求，实绩突出，经集体研究同意。")
            head.send(waive.first.locator("button"))
            self.kinds.add("exception")

    def parameters(self, person: Person) -> None:
        """Set what the scheme leaves open."""
        person.page.select_option("[name=over_pick]", "void_category")
        person.page.fill("[name=reason]", "按本县推荐工作惯例确定。")
        person.send(person.page.locator("main form .btn-primary"))
        self.kinds.add("parameter")

    def approve_headcount(self, person: Person) -> None:
        """Fill in the approved number that the ledger lacks, then make the sheet anew."""
        post = self.post
        row = person.page.locator(f"tr:has(a[href$='/lines/{post['line']}/'])")
        assert "?" in row.inner_text()
        row.locator("[data-bs-toggle=dropdown]").click()
        person.send(row.locator(f"a[href$='/lines/{post['line']}/']"))
        person.page.fill("[name=approved]", str(post["approved"]))
        person.send(person.page.locator("main form .btn-primary"))
        person = self.at(person.account, self.step)
        person.send(person.page.locator("form:has([name=action][value=headcount]) button").last)
        self.kinds.add("headcount number")

    def vet(self, person: Person, label: str) -> None:
        """At the desk of the case: ask, record the answer, conclude a check."""
        page, desk = person.page, person.page.url
        if label == "发函征求意见":
            person.send(page.locator("a[href*='/vetting/opinions/ask/']"))
            page.select_option("[name=body]", "discipline")
            for box in page.locator("[name=cadres]").all():
                box.check()
            person.send(page.locator("main form .btn-primary"))
            self.kinds.add("asked")
        elif label == "登记回复":
            liaison = self.people["discipline"]
            liaison.go(desk.removeprefix(self.place.url))
            while (
                waiting := liaison.page.locator("a.badge.bg-blue-lt[href*='/opinions/']")
            ).count():
                liaison.send(waiting.first)
                liaison.page.locator("[name=answer][value=no_objection]").check()
                liaison.page.fill("[name=signer]", "郑书记")
                liaison.send(liaison.page.locator("main form .btn-primary"))
            self.kinds.add("answered")
        else:
            early = "check=avoidance" if self.step == "inspection_group" else "check="
            cells = page.locator(f"a.badge.bg-blue-lt[href*='{early}']")
            for address in cells.evaluate_all("cells => cells.map(c => c.href)"):
                own = "discipline_opinion" in address or "complaints" in address
                who = self.people["discipline" if own else person.account]
                who.go(address)
                who.page.locator("[name=conclusion][value=clear]").check()
                who.page.fill("[name=other]", "核查记录")
                who.send(who.page.locator("main form .btn-primary"))
                assert who.page.locator("#messages .alert-success").count(), who.text()
            self.kinds.add("checked")

    # --- paper ballots -------------------------------------------------------------------

    def hold(self, person: Person) -> None:
        """Hold a ballot on paper: roll, printed ballots, two entries, two signatures."""
        address = person.page.url
        person = self.people["officer"]  # the section prepares every ballot
        person.go(address)
        page = person.page
        ballot = re.search(r"/ballots/(\w+)/", page.url)[1]
        channel, classes, present = BALLOTS[ballot]
        page.select_option("[name=channel]", channel)
        page.fill("[name=classes]", "\n".join(f"{name} {due}" for name, due in classes))
        person.send(page.locator("main form .btn-primary"))
        meeting = page.url.removeprefix(self.place.url)
        person.send(page.locator("a[href$='/attendance/']"))
        for number, came in enumerate(present, 1):
            page.fill(f"[name=attending-c{number}]", str(came))
        person.send(page.locator("main form .btn-primary"))
        person.send(page.locator("form[action$='/freeze/'] button"))
        printed = person.download(page.locator("a[href$='/print/ballots/']"), self.folder)
        assert printed.read_bytes().startswith(b"%PDF")
        person.send(page.locator("form[action$='/open/'] button"))
        if ballot == "decision":
            person.send(page.locator("a[href$='/conduct/']"))
            page.fill("[name=principal]", "县委书记")
            order = [*(f"委员{n}" for n in range(1, present[0])), "县委书记"]
            page.fill("[name=order]", "\n".join(order))
            person.send(page.locator("main form .btn-primary"))
        person.send(page.locator("form[action$='/close/'] button"))
        one, two = self.people["officer"], self.people["inspector"]
        if ballot == "meeting_recommendation":
            self.err_and_correct(one, two, meeting, present)
        self.enter(one, meeting, present)
        self.enter(two, meeting, present)
        for who, role in ((one, "counter"), (two, "monitor")):
            who.go(meeting)
            assert not who.page.locator("h2:text-is('结果')").count()
            who.page.select_option("form[action$='/sign/'] [name=role]", role)
            who.page.fill("form[action$='/sign/'] [name=password]", PASSWORD)
            who.send(who.page.locator("form[action$='/sign/'] button"))
        assert two.page.locator("h2:text-is('结果')").count(), two.text()
        self.kinds.add(f"ballot {channel}")

    def err_and_correct(self, one: Person, two: Person, meeting: str, present: list[int]) -> None:
        """A sheet that does not add up is refused; two entries that differ are shown as such."""
        said = self.enter(one, meeting, present, void=1)
        assert "有效" in said and "收回" in said, said
        self.enter(one, meeting, present)
        self.enter(two, meeting, present, less=1)
        two.go(meeting)
        warning = two.text("[role=alert]")
        assert "第一次录入5，第二次录入4" in warning, warning
        assert not two.page.locator("form[action$='/sign/']").count()
        self.kinds.add("differing entries")

    def enter(
        self, who: Person, meeting: str, present: list[int], *, void: int = 0, less: int = 0
    ) -> str:
        """One count sheet, by itself; what the page says afterwards."""
        who.go(f"{meeting}sheet/")
        page = who.page
        for number, came in enumerate(present, 1):
            figures = {"issued": came, "not_returned": 0, "returned": came, "void": void}
            for name, value in (figures | {"valid": came}).items():
                page.fill(f"[name=c{number}-{name}]", str(value))
            section = page.locator("main form section").nth(number - 1)
            for place, row in enumerate(section.locator("tbody tr").all()):
                cells = row.locator("input").all()
                if len(cells) == 1:
                    votes = [[came // 2, came // 4, came // 8][place] - (less if not place else 0)]
                else:
                    votes = [came - 1, 1, *([0] * (len(cells) - 2))]
                for cell, vote in zip(cells, votes, strict=True):
                    cell.fill(str(vote))
        who.send(page.locator("main form .btn-primary"))
        return who.text("#messages")


@pytest.fixture(scope="module")
def walk(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("office")
    with office(home, START) as (place, post):
        names = ("officer", "head", "inspector", "inspector2", "member", "discipline")
        found = Walk(place, {n: Person(browser, place, n) for n in names}, home)
        found.post = post
        yield found


def open_case(walk: Walk) -> None:
    """The officer opens a case for the vacant post, and finds persons whom no rule stops."""
    officer = walk.people["officer"]
    officer.go("/cases/")
    officer.send(officer.page.locator("a[href='/cases/new/']"))
    officer.page.select_option("[name=posts]", str(walk.post["post"]))
    officer.send(officer.page.locator("main form .btn-primary"))
    walk.case = officer.number()
    people = walk.place.ask(PEOPLE, str(walk.case))
    inspectors = [{"pk": 0, "name": n} for n in ("陈组长", "孙考察员")]
    walk.groups = {
        "proposed": people,
        "candidates": people[:1],
        "inspection_group": inspectors,
        "nominees": people[:1],
    }


def one_candidate_is_enough(walk: Walk) -> None:
    """More candidates than posts are asked for, unless the head states that opinion agrees."""
    head = walk.at("head", "candidates")
    walk.choose_in(head, "candidates")
    walk.at("head", "candidates")
    assert any("应多于职位数1" in sentence for sentence, _label in walk.reasons(head))
    head.send(head.page.locator(f"a[href='/cases/{walk.case}/facts/']").first)
    head.page.locator("[name=opinion_concentrated]").check()
    head.send(head.page.locator("main form .btn-primary"))
    walk.at("head", "candidates")
    assert not any("应多于职位数1" in sentence for sentence, _label in walk.reasons(head))


def the_headcount_gate_blocks(walk: Walk) -> None:
    """The approved number is not on file: the step says so, and its button leads to the ledger."""
    officer = walk.at("officer", "headcount")
    walk.step = "headcount"
    for _paper_then_sheet in range(2):
        walk.clear(officer, officer.page.locator("li.reason .btn").first)
        officer = walk.at("officer", "headcount")
    ((sentence, label),) = walk.reasons(officer)
    assert "没有记录" in sentence and label == "补充所缺信息"
    assert officer.page.locator("form:has([name=action][value=finish]) button").is_disabled()
    walk.clear(officer, officer.page.locator("li.reason .btn").first)


def a_complaint_locks_and_is_closed(walk: Walk) -> None:
    """During the notice the liaison registers a complaint; nothing goes on until it is closed."""
    place, officer = walk.place, walk.people["officer"]
    liaison, nominee = walk.people["discipline"], walk.groups["nominees"][0]["name"]
    walk.step = "pre_notice"
    walk.at("officer", "pre_notice")
    walk.clear(officer, officer.page.locator("li.reason .btn").first)  # the notice is put up
    place.pass_days(2)
    liaison.go(f"/cases/{walk.case}/vetting/")
    liaison.send(liaison.page.locator("a[href*='/complaints/new/']"))
    liaison.page.fill("[name=cadres]", nominee)
    liaison.page.select_option("[name=channel]", index=1)
    liaison.page.fill("[name=content]", "反映其违规兼职取酬。")
    liaison.page.locator("[name=concrete]").check()
    liaison.send(liaison.page.locator("main form .btn-primary"))
    assert liaison.page.locator("#messages .alert-success").count(), liaison.text()
    place.pass_days(8)  # the notice has run out, and still nothing goes on
    walk.at("officer", "pre_notice")
    walk.clear(officer, officer.page.locator("li.reason .btn").first)  # its result
    walk.at("officer", "pre_notice")
    ((sentence, label),) = walk.reasons(officer)
    assert "信访" in sentence and label == "办结该情况", sentence
    assert officer.page.locator("form:has([name=action][value=finish]) button").is_disabled()
    officer.send(officer.page.locator("li.reason .btn"))
    assert "信访" in officer.text("[role=alert]")
    liaison.go("/")  # the first page leads there
    liaison.send(liaison.page.locator("main a[href*='/vetting/complaints/']").first)
    liaison.page.locator("[name=finding][value=unfounded]").check()
    liaison.page.fill("[name=text]", "经核查，查无此事。")
    liaison.page.locator("[name=effect][value=none]").check()
    liaison.page.fill("[name=feedback]", "已向反映人反馈。")
    liaison.send(liaison.page.locator("main form .btn-primary"))
    assert liaison.page.locator("#messages .alert-success").count(), liaison.text()
    place.pass_days(1)
    walk.finish("officer", "pre_notice")


def the_probation_runs_a_year(walk: Walk) -> None:
    """Before its day the assessment is blocked, with the day on which it opens."""
    inspector = walk.at("inspector", "probation_assessment")
    reasons = " ".join(sentence for sentence, _label in walk.reasons(inspector))
    assert "须满12个月" in reasons and "2025-" in reasons, reasons
    walk.place.pass_days(366)
    walk.finish("inspector", "probation_assessment")
    walk.finish("head", "probation_decision")
    head = walk.people["head"]
    head.go(f"/cases/{walk.case}/")
    assert "办结 2025-" in head.text(".alert-info")


def the_cadre_reads_the_new_post(walk: Walk, browser) -> None:
    """The appointment stands in the cadre's own file from the day of the decision on."""
    cadre = Person(browser, walk.place, "cadre")
    cadre.go("/people/own/")
    title = walk.post["title"]
    assert title in cadre.text(), title
    assert not cadre.errors


def verify(package: Path) -> tuple[int, str]:
    """`bole verify` as an auditor elsewhere runs it: exit code and what it says."""
    command = [sys.executable, "-m", "bole", "verify", str(package)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def tampered(package: Path, copy: Path) -> int:
    """A copy in which the complaint ended otherwise, its checksums mended; the entry's number."""
    with zipfile.ZipFile(package) as old:
        content = {name: old.read(name) for name in old.namelist()}
    record = next(n for n in content if n.endswith("record.ndjson"))
    lines = content[record].splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"complaint.conclude"' in line)
    lines[at] = lines[at].replace(b"unfounded", b"confirmed")
    content[record] = b"".join(lines)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        name = next(n for n in content if n.endswith(f"/{manifest}"))
        root = name.removesuffix(manifest)
        listed = [line.split(maxsplit=1)[1] for line in content[name].decode().splitlines()]
        sums = [f"{hashlib.sha256(content[root + f]).hexdigest()}  {f}\n" for f in listed]
        content[name] = "".join(sums).encode()
    with zipfile.ZipFile(copy, "w") as new:
        for name, data in content.items():
            new.writestr(name, data)
    return at + 1


def the_package_verifies(walk: Walk, folder: Path) -> None:
    """The head downloads the archive package; it is valid, and a changed copy is found."""
    head = walk.people["head"]
    head.go(f"/cases/{walk.case}/")
    head.send(head.page.locator("a[href*='/record/of/']"))
    package = head.download(head.page.locator("form[action$='/package/'] button"), folder)
    code, said = verify(package)
    assert code == 0, said
    copy = folder / "copy.zip"
    number = tampered(package, copy)
    code, said = verify(copy)
    assert code == 1 and f"第{number}条（complaint.conclude" in said, said


def test_a_whole_case_in_the_pages(walk, browser, tmp_path):
    place = walk.place

    def done(who: str, *steps: str) -> None:
        for step in steps:
            walk.finish(who, step)

    open_case(walk)
    done("officer", "analysis")
    the_headcount_gate_blocks(walk)
    done("officer", "headcount", "proposal", "screening")
    done("head", "motion_consultation", "work_plan")
    place.pass_days(2)
    done("officer", "recommend_talk", "recommend_meeting", "recommend_results")
    place.pass_days(1)
    one_candidate_is_enough(walk)
    done("head", "candidates", "inspection_group")
    done("inspector", "inspection_notice", "inspection_talks", "assessment")
    done("officer", "four_musts")
    done("discipline", "integrity")
    place.pass_days(2)
    done("inspector", "inspection_report")
    done("head", "deliberation_consultation")
    done("officer", "agenda")
    done("member", "meeting")
    a_complaint_locks_and_is_closed(walk)
    done("head", "appointment_talk")
    done("officer", "document")
    the_probation_runs_a_year(walk)
    the_cadre_reads_the_new_post(walk, browser)
    the_package_verifies(walk, tmp_path)
    assert walk.kinds >= KINDS, KINDS - walk.kinds
    assert not [e for p in walk.people.values() for e in p.errors]
