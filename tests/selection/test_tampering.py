"""A real case, tampered with in the database and in its package: found, and named.

Six kinds of tampering, each in both places. The case is made by the actions of the pages.
"""

from __future__ import annotations

import json
import zipfile

import pytest
from django.db import connection

from bole.engine.chain import seal
from bole.engine.chain.packages import verify_package
from bole.record import guards
from bole.record.archive import archive_case
from bole.record.models import Entry, Paper
from bole.record.sealing import content_of
from bole.record.verification import verify_database, verify_stream
from bole.selection import actions
from tests.selection import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office, go):
    """A case before its inspection, with two papers of its own; another one beside it."""
    bureau = small.bureau(approved=9)
    version, officer = small.pack(), office["section_officer"]
    case = small.open_case(version, small.post(bureau), officer)
    beside = small.open_case(version, small.post(bureau), officer)
    someone = small.cadre("何晴")
    go(case, until="inspect", groups={"proposed": [someone], "candidates": [someone]})
    for number in (1, 2):
        actions.file_paper(
            actor=officer,
            case=case,
            paper="notes",
            cadre=someone,
            name=f"谈话{number}.txt",
            content=f"谈话记录{number}".encode(),
            on=case.started,
        )
        actions.suspend_case(actor=officer, case=beside, reason="等待")
        actions.resume_case(actor=officer, case=beside, reason="继续")
    assert verify_stream(case.stream).valid
    return case


@pytest.fixture
def folder(case, office, tmp_path):
    """The case's package, unpacked."""
    package = tmp_path / "case.zip"
    archive_case(
        actor=office["department_head"], stream=case.stream, destination=package, title=case.title
    )
    assert verify_package(package).valid
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(tmp_path / "open")
    (folder,) = (tmp_path / "open").iterdir()
    return folder


def entries(case) -> list[Entry]:
    return list(Entry.objects.filter(stream=case.stream).order_by("stream_sequence"))


def sql(*statements: str) -> None:
    """With the guards taken away and put back, as a careful forger would."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA foreign_keys = OFF"
            if connection.vendor == "sqlite"
            else "SET CONSTRAINTS ALL DEFERRED"
        )
        for statement in statements:
            cursor.execute(statement)
    guards.install(connection)


DROP = "DELETE FROM record_entrysubject"
SHIFT = (
    "UPDATE record_entry SET sequence = -sequence - 1 WHERE sequence >= {0}",
    "UPDATE record_entry SET sequence = -sequence WHERE sequence < 0",
)


def in_database(what: str, found: list[Entry]) -> None:
    """One kind of tampering with the case's entries in the database."""
    one, two, last = found[2], found[3], found[-1]
    match what:
        case "changed":
            sql(f"UPDATE record_entry SET reason = '另一个理由' WHERE sequence = {one.pk}")
        case "removed":
            sql(DROP, f"DELETE FROM record_entry WHERE sequence = {one.pk}")
        case "inserted":
            # Behind the newest entry, or between two of them with all that follows moved on.
            sql(DROP, *(s.format(two.pk) for s in SHIFT))
            forged = Entry.objects.get(pk=one.pk)
            forged.pk, forged.previous, forged.stream_previous = two.pk, one.hash, "x"
            forged.stream, forged.stream_sequence = "case:999", 1
            forged._state.adding = True
            forged.hash = seal(content_of(forged))
            forged.save()
        case "reordered":
            sql(
                DROP,
                f"UPDATE record_entry SET sequence = -1 WHERE sequence = {one.pk}",
                f"UPDATE record_entry SET sequence = {one.pk} WHERE sequence = {two.pk}",
                f"UPDATE record_entry SET sequence = {two.pk} WHERE sequence = -1",
            )
        case "truncated":
            sql(DROP, f"DELETE FROM record_entry WHERE sequence >= {last.pk}")


@pytest.mark.parametrize("what", ["changed", "removed", "inserted", "reordered", "truncated"])
def test_tampering_with_the_case_in_the_database_is_named(case, what):
    found = entries(case)
    in_database(what, found)
    report = verify_database()
    assert not report.valid
    wanted = {"inserted": found[3].pk, "truncated": found[-1].pk}.get(what, found[2].pk)
    assert (report.entries.broken.kind, report.entries.broken.number) == (what, wanted)
    assert str(wanted) in report.texts()[0].zh


def test_swapped_papers_of_the_case_are_named_in_the_database(case):
    papers = list(Paper.objects.filter(stream=case.stream, name__startswith="谈话").order_by("pk"))
    one, two = (p.path.read_bytes() for p in papers)
    for paper, content in zip(papers, (two, one), strict=True):
        paper.path.chmod(0o640)
        paper.path.write_bytes(content)
    report = verify_stream(case.stream)
    assert not report.valid
    assert report.broken.kind == "paper"
    said = verify_database().texts()[0].zh
    assert "谈话1.txt" in said
    assert "谈话2.txt" in said


def change(rows):
    rows[2]["reason"] = "另一个理由"


def remove(rows):
    del rows[2]


def insert(rows):
    rows.insert(3, dict(rows[2]))


def reorder(rows):
    rows[2], rows[3] = rows[3], rows[2]


def truncate(rows):
    rows.pop()


@pytest.mark.parametrize(
    ("tamper", "kind", "number"),
    [
        (change, "changed", 3),
        (remove, "removed", 3),
        (insert, "inserted", 3),
        (reorder, "reordered", 4),
        (truncate, "truncated", None),
    ],
)
def test_tampering_with_the_case_in_its_package_is_named(folder, tamper, kind, number):
    file = folder / "data/record.ndjson"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    number = number or len(rows)
    tamper(rows)
    text = "".join(
        json.dumps(r, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for r in rows
    )
    file.write_text(text, encoding="utf-8")
    report = verify_package(folder)
    assert not report.valid
    assert (report.chain.broken.kind, report.chain.broken.number) == (kind, number)
    assert str(number) in report.texts()[0].zh


def test_swapped_papers_of_the_case_are_named_in_its_package(folder):
    one, two = sorted(p for p in (folder / "data/papers").iterdir() if "谈话" in p.name)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    report = verify_package(folder)
    assert not report.valid
    assert report.chain.broken.kind == "paper"
    said = report.texts()[0].zh
    assert "谈话1.txt" in said
    assert "谈话2.txt" in said
