"""How long verifying takes: the whole record, and one case's part with its papers.

    python benchmarks/record.py [--entries 1000000] [--database postgres://…]

Fills a database of its own (SQLite in a temporary folder, or the given empty PostgreSQL
database) with sealed entries of cases of 200 entries each, then verifies. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASE = 200  # entries of a case
PAPERS = 200  # papers of the measured case, each of PAPER_BYTES
PAPER_BYTES = 100_000
BATCH = 20_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--database", default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bole-benchmark-") as home:
        os.environ["BOLE_HOME"] = home
        os.environ["DATABASE_URL"] = args.database or f"sqlite:///{home}/bole.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "bole.config.settings"
        sys.path.insert(0, str(ROOT / "src"))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        measure(args.entries)
    return 0


def measure(entries: int) -> None:
    """Fill, verify, print."""
    from django.db import connection, transaction

    from bole.accounts.models import RoleGrant, User
    from bole.record.actions import append, store_paper
    from bole.record.archive import make_anchor
    from bole.record.verification import verify_database, verify_stream

    started = time.perf_counter()
    fill(entries)
    filled = time.perf_counter() - started
    stream = "case:measured"
    with transaction.atomic():
        for i in range(PAPERS):
            content = os.urandom(PAPER_BYTES)
            store_paper(actor=None, stream=stream, name=f"{i}.pdf", content=content)
    appended = []
    for i in range(300):
        begin = time.perf_counter()
        with transaction.atomic():
            append(actor=None, action="selection.step", stream=stream, after={"step": i})
        appended.append(time.perf_counter() - begin)

    auditor = User.objects.create(username="auditor", name="auditor")
    RoleGrant.objects.create(user=auditor, role="auditor")
    begin = time.perf_counter()
    make_anchor(actor=auditor)
    anchored = time.perf_counter() - begin
    begin = time.perf_counter()
    found = verify_database()
    whole = time.perf_counter() - begin
    assert found.valid, found.texts()
    parts = []
    for _ in range(10):
        begin = time.perf_counter()
        report = verify_stream(stream)
        parts.append(time.perf_counter() - begin)
        assert report.valid
    command = [sys.executable, "-m", "bole", "verify", "--database"]
    path = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, check=True, env=path, stdout=subprocess.DEVNULL)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    rows = [
        (
            f"{name}: verify {found.entries.count:,} entries against an anchor",
            f"{whole:.1f} s",
            "≤ 60 s",
        ),
        (
            f"{name}: one case, {report.count} entries, {PAPERS} papers of 100 kB (median of 10)",
            f"{statistics.median(parts):.3f} s",
            "≤ 1 s",
        ),
        (
            f"{name}: append one entry with {entries:,} before it (p95 of 300)",
            f"{statistics.quantiles(appended, n=20)[-1] * 1000:.1f} ms",
            "—",
        ),
        (f"{name}: make an anchor over {entries:,} entries", f"{anchored:.1f} s", "—"),
        (f"{name}: peak memory of `bole verify --database`", f"{memory:.0f} MB", "—"),
    ]
    print(f"# filled in {filled:.0f} s", file=sys.stderr)
    for row in rows:
        print("| " + " | ".join(row) + " |")


def fill(entries: int) -> None:
    """Sealed entries straight into the tables; through `append` it would take an hour."""
    from django.db import connection

    from bole.engine.chain import GENESIS, seal
    from bole.record.models import Entry, EntrySubject, Head
    from bole.record.sealing import content_of

    moment = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    last, tails = GENESIS, {}
    batch: list[Entry] = []

    def flush() -> None:
        Entry.objects.bulk_create(batch)
        EntrySubject.objects.bulk_create(
            EntrySubject(entry_id=e.sequence, ref=e.subjects[0]["ref"]) for e in batch
        )
        batch.clear()

    for i in range(1, entries + 1):
        # Thirty cases run side by side, as in an office.
        stream = f"case:{i // (CASE * 30) * 30 + i % 30}"
        number, previous = tails.get(stream, (0, GENESIS))
        entry = Entry(
            sequence=i,
            stream=stream,
            stream_sequence=number + 1,
            actor_id=i % 40,
            actor_name=f"经办人{i % 40}",
            role="section_officer",
            action="selection.step.done",
            occurred_at=moment + datetime.timedelta(seconds=60 * i),
            written_at=moment + datetime.timedelta(seconds=60 * i + 30),
            subjects=[{"ref": f"people.cadre:{i % 10_000}", "name": "李明远"}],
            before={"step": "democratic-recommendation", "state": "open"},
            after={"step": "democratic-recommendation", "state": "done", "votes": i % 60},
            papers=[],
            signature="password",
            reason="",
            previous=last,
            stream_previous=previous,
        )
        entry.hash = last = seal(content_of(entry))
        tails[stream] = (number + 1, last)
        batch.append(entry)
        if len(batch) == BATCH:
            flush()
    flush()
    Head.objects.update_or_create(name=Head.ENTRIES, defaults={"count": entries, "hash": last})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
