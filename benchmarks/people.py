"""10,000 cadres on SQLite: pages in the server, and the import of a roster of 10,000 rows.

    .venv/bin/python benchmarks/people.py [--cadres 10000] [--rounds 40] [--home FOLDER]

Prints a Markdown table: p50 and p95 in milliseconds inside the server (no network, no browser),
queries of one request, and the bytes sent. Targets: p95 ≤ 150 ms, ≤ 15 queries, roster ≤ 15 s.
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KEPT = "--home" in sys.argv
HOME = sys.argv[sys.argv.index("--home") + 1] if KEPT else tempfile.mkdtemp(prefix="bole-bench-")
os.environ["BOLE_HOME"] = HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "bole.config.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

TODAY = datetime.date(2026, 11, 24)


def load(cadres: int) -> None:
    """The demo county, grown to `cadres` people."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    # The hashed names of static files need `collectstatic`; pages are measured without it.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    call_command("migrate", verbosity=0)
    from bole.demo import cases, county

    if county.is_empty():
        county.load(today=TODAY, cadres=cadres)
        cases.load(today=TODAY)


def measure(client, url: str, rounds: int) -> tuple[float, float, int, int]:
    """p50 and p95 in milliseconds, queries and bytes of a page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    count = len(queries)
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    p95 = times[max(0, round(len(times) * 0.95) - 1)]
    return statistics.median(times), p95, count, len(response.content)


def pages(rounds: int) -> None:
    from django.test import Client

    from bole.accounts.models import User
    from bole.people.models import Cadre
    from bole.selection.models import Case
    from bole.units.models import Unit

    client = Client()
    client.force_login(User.objects.get(username="officer"))
    someone = Cadre.objects.filter(grade="section_chief").first()
    above = Unit.objects.get_parent(Unit.objects.filter(kind="town").first()).pk
    urls = {
        "first page": "/",
        "case": f"/cases/{Case.objects.get(state='running', started__lt=TODAY).pk}/",
        "cases": "/cases/",
        "list": "/people/",
        "list, initials": "/people/?q=zj",
        "list, five filters": f"/people/?unit={above}&sex=男&age=45&grade=section_deputy"
        "&education=本科&sort=-grade_since",
        "list, page 100": "/people/?page=100&sort=name",
        "profile": f"/people/{someone.pk}/",
        "facts of a profile": f"/people/{someone.pk}/facts/",
        "units": "/units/",
        "one unit": f"/units/{someone.unit_id}/",
        "headcount": "/units/headcount/",
        "vacancies": "/units/vacancies/",
    }
    print("| page | p50 ms | p95 ms | queries | kB |\n|---|---|---|---|---|")
    for name, url in urls.items():
        p50, p95, queries, size = measure(client, url, rounds)
        print(f"| {name} | {p50:.0f} | {p95:.0f} | {queries} | {size / 1024:.0f} |")


def event_tables() -> None:
    from bole.people.queries import events

    start = time.perf_counter()
    tables = events()
    rows = sum(t.num_rows for t in tables.values())
    print(f"\nevent tables of everybody: {rows} rows in {time.perf_counter() - start:.2f} s")


def memory(when: str) -> None:
    """What this process holds, and has held at most; without the database file that it maps."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    private = sum(int(status[k].split()[0]) for k in ("RssAnon", "RssShmem")) / 1024
    total, most = (int(status[k].split()[0]) / 1024 for k in ("VmRSS", "VmHWM"))
    print(f"memory {when}: {total:.0f} MB, of it its own {private:.0f} MB; peak {most:.0f} MB")


def worker(rounds: int, rows: int) -> None:
    """Pages and an import in a process of its own, as a web worker has them."""
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    from bole.config import wsgi  # noqa: F401  (what gunicorn loads)

    memory("of a worker before its first page")
    pages(rounds)
    print()
    memory("after the pages")
    importing(rows)
    memory("after the import")


def roster(rows: int) -> bytes:
    """A roster of the first cadres as it would come back from the units, half of them unknown."""
    import openpyxl

    from bole.people.models import Cadre

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append(
        [
            "姓名",
            "性别",
            "民族",
            "籍贯",
            "出生年月",
            "参加工作时间",
            "工作单位及职务",
            "任现职时间",
            "近三年考核",
            "身份证号",
        ]
    )
    known = Cadre.objects.order_by("pk")[: rows // 2]
    for cadre in known:
        sheet.append(
            [
                cadre.name,
                cadre.sex,
                "汉族",
                "山东安澜",
                f"{cadre.birth:%Y.%m}",
                f"{cadre.work_start:%Y.%m}",
                cadre.post_title,
                "2023.05",
                "称职、优秀、称职",
                cadre.id_number or "",
            ]
        )
    for n in range(rows - rows // 2):
        sheet.append(
            [
                f"新{n:05d}",
                "女",
                "汉族",
                "山东安澜",
                f"19{70 + n % 30}.0{1 + n % 9}",
                "1998.07",
                "安澜县农业农村局科员",
                "2023.05",
                "称职、优秀、称职",
                "",
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def importing(rows: int) -> None:
    from bole.accounts.models import User
    from bole.people.imports import reading
    from bole.people.imports.write import undo_import, write_import

    actor = User.objects.get(username="officer")
    content = Path(HOME, "roster.xlsx").read_bytes()
    first = reading.start_import(
        actor=actor,
        name="header",
        uploads=[reading.Upload("a.xlsx", Path(HOME, "header.xlsx").read_bytes())],
    )
    reading.step(actor=actor, batch=first)
    reading.accept_proposals(actor=actor, batch=first)  # so that the header is known
    times = {}
    start = time.perf_counter()
    batch = reading.start_import(
        actor=actor, name="roster", uploads=[reading.Upload("名册.xlsx", content)]
    )
    longest = 0.0
    while batch.state == batch.State.READING:
        step = time.perf_counter()
        reading.step(actor=actor, batch=batch)
        longest = max(longest, time.perf_counter() - step)
    times["read and compare"] = time.perf_counter() - start
    start = time.perf_counter()
    written = write_import(actor=actor, batch=batch)
    times["write"] = time.perf_counter() - start
    start = time.perf_counter()
    undo_import(actor=actor, batch=batch)
    times["undo"] = time.perf_counter() - start
    said = ", ".join(f"{k} {v:.1f} s" for k, v in times.items())
    print(f"\nroster of {rows} rows: {said}; {written} persons; longest step {longest:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cadres", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--home", type=Path, help="keep the county there, and use it again")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        worker(args.rounds, args.cadres)
        return
    start = time.perf_counter()
    load(args.cadres)
    print(f"{args.cadres} cadres loaded in {time.perf_counter() - start:.0f} s\n", flush=True)
    Path(HOME, "roster.xlsx").write_bytes(roster(args.cadres))
    Path(HOME, "header.xlsx").write_bytes(roster(2))
    command = [sys.executable, __file__, "--worker", "--home", os.environ["BOLE_HOME"]]
    command += ["--cadres", str(args.cadres), "--rounds", str(args.rounds)]
    subprocess.run(command, check=True)
    event_tables()


if __name__ == "__main__":
    try:
        main()
    finally:
        if not KEPT:
            shutil.rmtree(HOME, ignore_errors=True)
