"""An office with a real server and a clock of its own, and the people who work in its pages."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from bole.demo.county import ACCOUNTS, PASSWORD
from tests.ballots.hall import ROOT, Hall

CHROMIUM = "/usr/bin/chromium"
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
# A small county, its scheme, and a vacant deputy post whose approved headcount is not on file.
PREPARE = """
import json, sys
import django; django.setup()
from django.utils import timezone
from bole.demo import county
from bole.demo.cases import open_posts
from bole.schemes.actions import install
county.load(today=timezone.localdate(), cadres=420)
install(actor=None, name_or_path="regulation-2019")
(post,) = open_posts(timezone.localdate(), 1)
line = post.unit.headcount_lines.get(grade=post.grade, leading=True, nature=post.unit.nature)
approved, line.approved = line.approved, None
line.save()
found = {"post": post.pk, "title": post.title, "line": line.pk, "approved": approved}
print(json.dumps(found))
"""
# Persons whom no rule stops, each with a name of their own; the first gets the cadre's account.
PEOPLE = """
import json, sys
import django; django.setup()
from django.utils import timezone
from bole.accounts.models import User
from bole.demo.cases import suitable
from bole.people.models import Cadre
from bole.selection.models import Case
case = Case.objects.select_related("scheme", "unit").get(pk=sys.argv[1])
people = suitable(case, timezone.localdate())
account = User.objects.get(username="cadre")
Cadre.objects.filter(account=account).update(account=None)
Cadre.objects.filter(pk=people[0].pk).update(account=account)
print(json.dumps([{"pk": c.pk, "name": c.name} for c in people]))
"""


class Office(Hall):
    """A server over a database of its own; `day` is today in its pages and its record."""

    def __init__(self, home: Path) -> None:
        environment = {
            **os.environ,
            "BOLE_HOME": str(home),
            "DATABASE_URL": f"sqlite:///{home}/bole.sqlite3",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        environment.pop("BOLE_ENV", None)
        super().__init__(environment, home, threads=4, workers=1)
        self.environment["DJANGO_SETTINGS_MODULE"] = "tests.browser.clock_settings"

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat((self.home / "day").read_text())

    @day.setter
    def day(self, day: datetime.date) -> None:
        (self.home / "day").write_text(day.isoformat())

    def pass_days(self, days: int) -> None:
        """Let days pass, weekends or not."""
        self.day += datetime.timedelta(days=days)


@contextlib.contextmanager
def office(home: Path, day: datetime.date) -> Iterator[tuple[Office, dict[str, Any]]]:
    """A running office on `day`, with the vacant post that its case is about."""
    place = Office(home)
    place.day = day
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=place.environment, check=True)
    post = place.ask(PREPARE)
    place.start()
    try:
        yield place, post
    finally:
        place.kill()


class Person:
    """Somebody at a desk, in a browser context of their own, signed in."""

    def __init__(self, browser: Browser, place: Office, account: str) -> None:
        self.context = browser.new_context(
            locale="zh-CN", accept_downloads=True, viewport={"width": 1440, "height": 1000}
        )
        self.place, self.account = place, account
        self.name = {a: name for a, name, _role in ACCOUNTS}[account]
        self.errors: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.go("/")
        self.page.fill("[name=username]", account)
        self.page.fill("[name=password]", PASSWORD)
        self.send(self.page.locator("form:has([name=password]) button"))
        assert "sign-in" not in self.page.url, self.text("[role=alert]")

    def go(self, address: str) -> None:
        """Open an address of the office."""
        answer = self.page.goto(address if "://" in address else self.place.url + address)
        assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"

    def text(self, where: str = "main") -> str:
        """What stands there, as it is read."""
        return " ".join(self.page.locator(where).all_inner_texts())

    def send(self, button: Locator) -> None:
        """Press a button or link that opens another page, and wait for that page."""
        with self.page.expect_navigation():
            button.click()

    def refused(self, button: Locator) -> str:
        """Press a button whose action is refused; what the page says."""
        self.send(button)
        return self.text("[role=alert], .invalid-feedback, #messages")

    def download(self, button: Locator, folder: Path) -> Path:
        """Press a button that hands out a file."""
        with self.page.expect_download() as given:
            button.click()
        path = folder / given.value.suggested_filename
        given.value.save_as(path)
        return path

    def number(self) -> int:
        """The number in the address of the open page."""
        found = re.findall(r"/(\d+)/", self.page.url)
        return int(found[-1])
