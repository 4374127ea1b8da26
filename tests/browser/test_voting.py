"""Sixty phones in one hall, in a real Chromium: three classes, and everything that goes wrong."""

from __future__ import annotations

import random
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from bole.engine.ballotbox import new_nonce, recount
from tests.ballots.hall import hall

pytestmark = pytest.mark.browser
SIZES = {"leaders": 12, "middle": 18, "staff": 30}
NAMES = ["贾平", "易安", "邴原"]
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
CHROMIUM = "/usr/bin/chromium"
MOST_BYTES = 100 * 1024


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium: run `make test`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with hall(tmp_path_factory.mktemp("hall"), threads=8) as found:
        yield found


class Phone:
    """One voter's phone: 320 px wide, in one of two languages."""

    def __init__(self, browser, place, code: str, group: str, english: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": 320, "height": 568}, locale="en-US" if english else "zh-CN"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.url, self.code, self.group = place.url + "/ballots/v/", code, group
        self.choice = random.sample(NAMES, random.randint(0, 2))
        self.trust = random.choice([None, 0, 1, 2])

    def scan(self, code: str = "") -> None:
        """The QR code opens the address with the code behind #."""
        self.page.goto(f"{self.url}#{code or self.code}")

    def type_in(self, code: str) -> None:
        self.page.goto(self.url)
        self.page.fill("#code", code)
        self.page.click("button.main")

    def fill_in(self) -> None:
        self.page.wait_for_selector("#ballot-form")
        for name in self.choice:
            self.page.get_by_label(name).check()
        if self.trust is not None:
            self.page.locator("fieldset").nth(1).locator("input").nth(self.trust).check()
        self.page.click("#ballot-form button.main")
        self.page.wait_for_selector("#cast-form")

    def cast(self) -> None:
        self.page.click("#cast-form button.main")

    def tracker(self) -> str:
        return self.page.locator("#tracker").inner_text().replace("-", "")

    def refused(self) -> str:
        return self.page.locator("[role=alert]").inner_text()


def lose_the_first_answer(phone: Phone) -> list[int]:
    """The server gets the ballot, the phone gets no answer, once; the statuses that were lost."""
    lost: list[int] = []

    def lose(route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    phone.page.route("**/ballots/v/", lose)
    return lost


def test_sixty_phones_vote_and_the_tally_is_their_ballots(browser, place, tmp_path):
    random.seed(5)
    meeting = place.prepare(SIZES)
    foreign = place.prepare({"other": 6}, opened=False)["codes"]["other"]
    phones = [
        Phone(browser, place, code, group, english=i % 5 == 0)
        for group, codes in meeting["codes"].items()
        for i, code in enumerate(codes)
    ]
    random.shuffle(phones)
    trackers: dict[str, Phone] = {}

    weighed = phones[0]
    loaded: list[int] = []
    weighed.page.on("response", lambda r: loaded.append(len(r.body())))
    for number, phone in enumerate(phones):
        if number in (3, 4):  # a wrong code first
            phone.type_in("ABCDEFGHJKLM")
            assert "没有这个投票码" in phone.refused() or "no such code" in phone.refused()
        if number in (5, 6):  # a slip of another meeting, which has not begun
            phone.scan(foreign[number - 5])
            assert "尚未开始" in phone.refused() or "not begun" in phone.refused()
        if number in (30, 31):  # somebody else's slip, already used
            phone.scan(phones[number - 20].code)
            assert "投过票" in phone.refused() or "has voted" in phone.refused()
        if number % 2:
            phone.scan()
        else:
            phone.type_in(phone.code.lower())
        if number in (7, 8, 9):  # over-picking: the phone takes the third tick away and says why
            phone.page.wait_for_selector("#ballot-form")
            for name in NAMES:
                phone.page.get_by_label(name).click()
            assert phone.page.locator("fieldset").nth(0).locator(":checked").count() == 2
            assert "2" in phone.page.locator("#say").inner_text()
            for name in NAMES[:2]:
                phone.page.get_by_label(name).uncheck()
        if number == 10:  # and the server refuses it, whatever the phone did
            over = {"step": "cast", "code": phone.code, "nonce": new_nonce()}
            over["answers"] = '{"names": ["贾平", "易安", "邴原"]}'
            assert "至多2人" in phone.page.evaluate(
                "async d => (await fetch('/ballots/v/', {method: 'POST',"
                " body: new URLSearchParams({...d, lang: 'zh-hans'})})).text()",
                over,
            )
        phone.fill_in()
        if number in (12, 13):  # no connection in the middle: the ballot waits in the phone
            phone.context.set_offline(True)
            phone.cast()
            phone.page.wait_for_function("document.getElementById('say').textContent.length > 20")
            phone.context.set_offline(False)
        elif number in (14, 15):  # the ballot arrives, the answer is lost: the phone asks again
            lost = lose_the_first_answer(phone)
            phone.cast()
            phone.page.wait_for_selector("#tracker")
            assert lost == [200]
        else:
            phone.cast()
        phone.page.wait_for_selector("#tracker")
        trackers[phone.tracker()] = phone
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert not phone.context.cookies()
        if number in (20, 21, 22):  # a second time
            phone.page.goto("about:blank")  # the phone opens the address anew
            phone.scan()
            assert "投过票" in phone.refused() or "has voted" in phone.refused()
        if number == 40:
            screen = urllib.request.urlopen(f"{phone.url}screen/{meeting['uid']}/").read().decode()
            assert '<span id="used">41</span> / 60' in screen
        phone.context.close()
    assert 0 < sum(loaded) <= 2 * MOST_BYTES  # four pages of one voter
    assert max(loaded) <= MOST_BYTES // 4

    package = tmp_path / "package.zip"
    finished = place.finish(meeting["meeting"], package)
    votes = Counter((p.group, name) for p in phones for name in p.choice)
    counted = {
        (group, subject): n
        for item, subject, _option, per_class in finished["result"]["cells"]
        if item == "names"
        for group, n in per_class.items()
    }
    assert counted == votes
    assert finished["result"]["returned"] == SIZES
    assert {t for _c, _a, t, _n in finished["ballots"]} == set(trackers)
    for group, answers, tracker, _nonce in finished["ballots"]:
        assert trackers[tracker].group == group
        assert sorted(answers.get("names", [])) == sorted(trackers[tracker].choice)
    report = recount(package, root=finished["root"])
    assert report.valid and report.ballots == 60
    with pytest.raises(urllib.error.HTTPError):  # closed: nobody votes any more
        data = urllib.parse.urlencode({"code": phones[0].code, "step": "ballot"}).encode()
        urllib.request.urlopen(phones[0].url, data)


def test_tablet_and_screen_reader(browser, place):
    """Kiosk: back to the code by itself. Every field has a name; the first error is read out."""
    meeting = place.prepare({"one": 3})
    context = browser.new_context(viewport={"width": 820, "height": 1180}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{place.url}/ballots/v/?kiosk=1")
    page.fill("#code", meeting["codes"]["one"][0])
    page.keyboard.press("Enter")
    page.wait_for_selector("#ballot-form")
    nameless = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]),textarea')]"
        ".filter(f => !f.labels.length).length"
    )
    assert nameless == 0 and page.locator("fieldset > legend").count() == 2
    small = page.evaluate(
        "[...document.querySelectorAll('.box,button')].filter(b => b.offsetHeight)"
        ".filter(b => b.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    page.get_by_label("易安").check()
    page.click("[data-language]")  # the other language: nothing is lost
    page.wait_for_selector("text=Secret ballot")
    assert page.get_by_label("易安").is_checked()
    page.click("#ballot-form button.main")
    page.click("#cast-form button.main")
    page.wait_for_selector("#tracker")
    page.click("a.main")
    assert page.locator("#code").input_value() == ""
    assert "kiosk=1" in page.url
    context.close()


CONTRAST = """
() => {
  const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
  const low = [];
  for (const e of document.querySelectorAll("main *")) {
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!e.offsetHeight || !words) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(e.className + " " + e.textContent.trim().slice(0, 30) + " " + ratio);
  }
  return low;
}
"""


@pytest.mark.parametrize(
    ("english", "dark"), [(False, False), (True, False), (False, True)], ids=["zh", "en", "dark"]
)
def test_a_voter_with_large_type_on_the_smallest_phone(browser, place, english, dark):
    """Type twice as large at 320 px: everything is reached, read and taken back without help."""
    meeting = place.prepare({"one": 3}, mixed=True)
    context = browser.new_context(
        viewport={"width": 320, "height": 568},
        locale="en-US" if english else "zh-CN",
        color_scheme="dark" if dark else "light",
    )
    context.add_init_script(
        "addEventListener('DOMContentLoaded',"
        " () => { document.documentElement.style.fontSize = '200%'; })"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(CONTRAST) == []

    page.goto(f"{place.url}/ballots/v/#{meeting['codes']['one'][0]}")
    page.wait_for_selector("#ballot-form")
    fits()
    first = page.locator("fieldset").nth(0)
    agree, disagree = (first.locator("input[type=radio]").nth(n) for n in (0, 1))
    reason = first.locator("textarea")
    assert not reason.is_visible()
    disagree.check()
    assert reason.is_visible() and first.locator("[data-clear]").is_visible()
    fits()
    agree.check()
    assert not reason.is_visible()
    first.locator("[data-clear]").click()  # touched by mistake: taken back
    assert not agree.is_checked() and not disagree.is_checked()
    disagree.check()
    page.click("#ballot-form button.main")  # without the reason: refused, nothing is lost
    page.wait_for_selector("[role=alert]")
    assert ("reason" if english else "理由") in page.locator("[role=alert]").inner_text()
    assert page.locator("fieldset").nth(0).locator("input[type=radio]").nth(1).is_checked()
    fits()
    page.locator("fieldset").nth(0).locator("textarea").fill("作风不实 / says much, does little")
    page.click("#ballot-form button.main")
    page.wait_for_selector("#cast-form")
    said = page.locator("main").inner_text()
    assert "作风不实" in said and ("not cast yet" if english else "尚未投出") in said
    fits()
    page.click("#cast-form button.plain")  # look again: still there
    page.wait_for_selector("#ballot-form")
    assert "作风" in page.locator("fieldset").nth(0).locator("textarea").input_value()
    page.click("#ballot-form button.main")
    page.click("#cast-form button.main")
    page.wait_for_selector("#tracker")
    fits()
    context.close()


def test_phones_paper_and_a_lost_slip_in_one_meeting(browser, place, tmp_path):
    """A slip changed for paper or replaced votes on no phone; the sum is phones and papers."""
    meeting = place.prepare({"a": 12}, mixed=True)
    codes = meeting["codes"]["a"]
    paper, lost = codes[:5], codes[5]
    place.slips(meeting["meeting"], [("paper", c) for c in paper])
    (new,) = place.slips(meeting["meeting"], [("lost", lost)])
    for number, code in enumerate((paper[0], lost)):
        phone = Phone(browser, place, code, "a", english=False)
        phone.scan()
        phone.page.wait_for_selector("[role=alert]")
        assert ("纸质" if number == 0 else "新票条") in phone.refused()
        phone.context.close()
    for code in [*codes[6:], new]:
        phone = Phone(browser, place, code, "a", english=False)
        phone.scan()
        phone.page.wait_for_selector("#ballot-form")
        phone.page.locator("fieldset").nth(0).locator("input[type=radio]").nth(0).check()
        phone.page.click("#ballot-form button.main")
        phone.page.wait_for_selector("#cast-form")
        phone.cast()
        phone.page.wait_for_selector("#tracker")
        phone.context.close()
    package = tmp_path / "package.zip"
    finished = place.finish(meeting["meeting"], package)
    assert finished["result"]["returned"] == {"a": 12}
    assert finished["result"]["paper"]["returned"] == {"a": 5}
    report = recount(package, root=finished["root"])
    assert report.valid and (report.ballots, report.on_paper) == (7, 5)
