"""Saves the pictures in docs/screenshots/ from a demo server of its own, with a real Chromium.

    python tools/screenshots.py                 the six main pages, Chinese, 1440 px
    python tools/screenshots.py --look FOLDER   also every page in English and at 390 px, to look at
    python tools/screenshots.py --home FOLDER   with a demo that was loaded there before

The server, its database and its papers lie in a temporary folder and go with it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PICTURES = ROOT / "docs" / "screenshots"
LIMIT = 300_000  # bytes of one picture
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
# name → (account, address; "list address > pattern" follows the first link that fits)
PAGES = {
    "first-page": ("officer", "/"),
    "cadres": ("officer", "/people/?q="),
    "cadre": ("officer", r"/people/ > /people/\d+/$"),
    "case": ("officer", r"/ > /cases/\d+/\?step="),  # the first blocked step
    "ballots": ("officer", r"/ballots/ > /ballots/\d+/$"),
    "headcount": ("officer", "/units/headcount/"),
}
MORE = {
    "sign-in": ("", "/accounts/sign-in/"),
    "units": ("officer", "/units/"),
    "unit": ("officer", r"/units/ > /units/\d+/$"),
    "vacancies": ("officer", "/units/vacancies/"),
    "imports": ("officer", "/people/imports/"),
    "cases": ("officer", "/cases/"),
    "meetings": ("officer", "/ballots/"),
    "vetting": ("officer", "/vetting/"),
    "screening": ("officer", "/screening/"),
    "schemes": ("officer", "/schemes/"),
    "scheme": ("officer", r"/schemes/ > /schemes/[\w-]+/$"),
    "own-file": ("cadre", "/people/own/"),
    "record": ("audit", "/record/"),
    "audit": ("audit", "/record/audit/"),
    "accounts": ("security", "/accounts/"),
    "account": ("security", r"/accounts/ > /accounts/\d+/$"),
    "own-account": ("member", "/accounts/own/"),
    "first-page-member": ("member", "/"),
    "first-page-system": ("system", "/"),
}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def prepare(home: Path, cases: bool) -> None:
    """Migrate and load the demo county into `home`, unless it stands there."""
    environment = {**os.environ, "BOLE_HOME": str(home)}
    manage = [BIN / "python", ROOT / "manage.py"]
    demo = [BIN / "bole", "demo", "--if-empty"]
    for command in (
        [*manage, "migrate", "--verbosity", "0"],
        [*manage, "messages", "--compile"],
        [*manage, "collectstatic", "--noinput", "--verbosity", "0"],
        demo if cases else [*demo, "--no-cases"],
    ):
        subprocess.run(command, check=True, env=environment, cwd=ROOT)


@contextmanager
def server(home: Path) -> Iterator[str]:
    """The address of a server on `home`."""
    port = free_port()
    process = subprocess.Popen(
        [BIN / "gunicorn", "bole.config.wsgi", "--bind", f"127.0.0.1:{port}"]
        + ["--worker-class", "gthread", "--threads", "4", "--log-level", "error"],
        env={**os.environ, "BOLE_HOME": str(home)},
        cwd=ROOT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(120):
            try:
                urllib.request.urlopen(f"{address}/accounts/sign-in/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def signed_in(browser: Browser, address: str, account: str, language: str, width: int) -> Page:
    """A page of a new browser context; `account` empty = nobody signed in."""
    from bole.demo.county import PASSWORD

    context = browser.new_context(viewport={"width": width, "height": 1000}, locale=language)
    context.add_cookies([{"name": "bole_language", "value": language, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"  script error: {error}"))
    page.on(
        "console",
        lambda m: print(f"  console: {m.text} {page.url}") if m.type == "error" else None,
    )
    if account:
        page.goto(f"{address}/accounts/sign-in/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{address}/")
    return page


def visit(page: Page, address: str, target: str) -> bool:
    """Open the page, following a link of a list where the target says so."""
    start, _arrow, pattern = target.partition(" > ")
    page.goto(address + start)
    if pattern:
        for link in page.locator("main a[href]").all():
            href = link.get_attribute("href") or ""
            if re.search(pattern, href):
                page.goto(address + href)
                break
        else:
            return False
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)  # charts are drawn, requests for later parts are under way
    page.wait_for_selector(".htmx-request", state="detached", timeout=30_000)
    return True


def check_width(page: Page, name: str) -> None:
    """Say which page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        print(f"  {name}: {wide} px wider than the window")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--look", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--no-cases", action="store_true")
    given = parser.parse_args()
    home = given.home or Path(tempfile.mkdtemp(prefix="bole-pictures-"))
    os.environ["BOLE_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
    import django

    django.setup()
    failed = False
    try:
        prepare(home, not given.no_cases)
        with server(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            PICTURES.mkdir(parents=True, exist_ok=True)
            looks = [("zh-hans", 1440, PICTURES, PAGES)]
            if given.look:
                given.look.mkdir(parents=True, exist_ok=True)
                looks = [
                    *([] if given.only else looks),
                    ("zh-hans", 1440, given.look, PAGES | MORE if given.only else MORE),
                    ("en", 1440, given.look, PAGES | MORE),
                    ("zh-hans", 390, given.look, PAGES | MORE),
                ]
            for language, width, folder, pages in looks:
                wanted = {n: p for n, p in pages.items() if not given.only or n in given.only}
                for account in sorted({account for account, _target in wanted.values()}):
                    page = signed_in(browser, address, account, language, width)
                    for name, (owner, target) in wanted.items():
                        if owner != account:
                            continue
                        if not visit(page, address, target):
                            print(f"  {name}: nothing to show on {target}")
                            continue
                        check_width(page, f"{name} {language} {width}")
                        main_look = folder == PICTURES
                        file = folder / (
                            f"{name}.png" if main_look else f"{name}-{language}-{width}.png"
                        )
                        page.screenshot(path=file, full_page=not main_look)
                        if main_look and file.stat().st_size > LIMIT:
                            print(f"  {file.name}: {file.stat().st_size} bytes")
                            failed = True
                    page.context.close()
            browser.close()
    finally:
        if not given.home:
            shutil.rmtree(home, ignore_errors=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
