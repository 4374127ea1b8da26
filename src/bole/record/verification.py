"""Checks the record in the database: chains, heads, anchors, papers, guards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.db.models import Max

from bole.engine.chain import (
    READINGS,
    STREAM,
    Anchor,
    Break,
    Report,
    Sealed,
    file_digest,
    verify_chain,
)
from bole.engine.errors import Problem
from bole.engine.text import Text
from bole.record import guards, queries
from bole.record.models import AnchorRecord, Entry, Head, Paper, Reading
from bole.record.sealing import reading_content

CHUNK = 5000
WINDOW = 5_000  # entries read at a time
_decode = json.JSONDecoder().raw_decode
COLUMNS = (
    "action, actor_id, actor_name, role, after, before, corrects, occurred_at, papers, previous, "
    "reason, sequence, signature, stream, stream_previous, stream_sequence, subjects, written_at, "
    "hash"
)


@dataclass
class Findings:
    """What the verification of the database found, the broken chain first."""

    entries: Report
    readings: Report
    problems: list[Problem] = field(default_factory=list)
    papers: int = 0

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.entries.valid and self.readings.valid and not self.problems

    def texts(self) -> list[Text]:
        """The sentences for people: what is broken, or that everything is valid."""
        out = []
        if self.entries.broken:
            out.append(self.entries.broken.text())
        if self.readings.broken:
            log = Text("查阅日志：", "Log of readings: ")
            out.append(log + self.readings.broken.text())
        out += [Text(p.say("zh"), p.say("en")) for p in self.problems]
        return out or [
            Text(
                "有效：共{entries}条纪实、{readings}条查阅记录、{papers}份材料，与{anchors}个锚点"
                "相符；链头{head}…",
                "Valid: {entries} entries, {readings} readings, {papers} papers, in agreement with "
                "{anchors} anchors; head {head}…",
            ).fill(
                entries=self.entries.count,
                readings=self.readings.count,
                papers=self.papers,
                anchors=self.entries.anchors,
                head=self.entries.head[:16],
            )
        ]


def verify_database(
    *,
    anchors: Sequence[Anchor] = (),
    trusted: Ed25519PublicKey | None = None,
    papers: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Findings:
    """Check everything that the record holds, while it goes on being written.

    `anchors` are those kept outside the database; the stored ones are always used. `trusted` is
    the auditor's public key, with which every given anchor must be signed. `papers` False leaves
    out reading the stored files. Memory does not grow with the number of entries.
    """
    problems: list[Problem] = []
    stored = [stored_anchor(row) for row in AnchorRecord.objects.order_by("size")]
    for anchor in stored:
        if problem := anchor.problem():
            problems.append(Problem(problem.code, problem.text, f"锚点 {anchor.made_at}"))
    for anchor in anchors:
        if problem := anchor.problem(trusted):
            problems.append(Problem(problem.code, problem.text, f"锚点 {anchor.made_at}"))
    witnesses = [*stored, *anchors]

    head = queries.head()
    kept: set[int] = set()
    rows = _with_subjects(_entries(head.count), head.count, problems, kept)
    entries = verify_chain(
        rows,
        anchors=witnesses,
        size=head.count,
        head=head.hash,
        check_streams=True,
        progress=progress,
    )
    entries = _beyond_head(entries, Entry, Head.ENTRIES)
    reading_head = queries.head(Head.READINGS)
    readings = verify_chain(
        _readings(reading_head.count),
        READINGS,
        anchors=[
            replace(a, size=a.readings, head=a.readings_head, root="")
            for a in witnesses
            if a.readings
        ],
        size=reading_head.count,
        head=reading_head.hash,
    )
    readings = _beyond_head(readings, Reading, Head.READINGS)
    findings = Findings(entries, readings, problems)
    if entries.valid:
        _check_papers(findings, kept, head.count, read_files=papers)
    for name in guards.missing(connection):
        text = Text(
            "数据库缺少防改保护{name}；请查明由谁何时移除，并运行 manage.py migrate 恢复",
            "The database lacks the guard {name}; find out who removed it and when, and run "
            "manage.py migrate to put it back",
        )
        problems.append(Problem("GUARD_MISSING", text.fill(name=name)))
    return findings


def verify_stream(stream: str) -> Report:
    """Check one case's part of the record and its papers, for its page."""
    report = verify_chain(_entries(stream=stream), STREAM)
    if report.broken:
        return report
    for paper in Paper.objects.filter(stream=stream).order_by("entry_number"):
        if detail := _wrong_file(paper):
            number = (
                Entry.objects.filter(sequence=paper.entry_number)
                .values_list("stream_sequence", flat=True)
                .first()
            ) or 0
            return replace(report, broken=Break("paper", number, detail))
    return report


def stored_anchor(row: AnchorRecord) -> Anchor:
    """An anchor row as the engine knows it."""
    names = ("office", "made_at", "size", "head", "root", "readings", "readings_head")
    return Anchor(*(getattr(row, name) for name in names), row.key, row.signature)


def _entries(upto: int | None = None, stream: str | None = None) -> Iterator[Sealed]:
    """Entries in order, straight from the tables: a million in well under a minute."""
    sql = f"SELECT {_columns()} FROM record_entry WHERE "
    if stream is None:
        rows = _windows(sql + "{range} ORDER BY sequence", "sequence", upto or 0)
    else:
        rows = _rows(sql + "stream = %s ORDER BY stream_sequence", [stream])
    loads = _loads
    for (
        action, actor, name, role, after, before, corrects, occurred, papers, previous, reason,
        sequence, signature, of, stream_previous, stream_sequence, subjects, written, found,
    ) in rows:  # fmt: skip
        yield (
            {
                "action": action,
                "actor": {"id": actor, "name": name, "role": role},
                "after": loads(after),
                "before": loads(before),
                "corrects": corrects,
                "occurred_at": _time(occurred),
                "papers": loads(papers),
                "previous": previous,
                "reason": reason,
                "sequence": sequence,
                "signature": signature,
                "stream": of,
                "stream_previous": stream_previous,
                "stream_sequence": stream_sequence,
                "subjects": loads(subjects),
                "written_at": _time(written),
            },
            found,
        )


def _columns() -> str:
    """The columns, with moments as text: parsing a million of them would take longer than all."""
    columns = COLUMNS
    for name in ("occurred_at", "written_at"):
        text = f"CAST({name} AS TEXT)"
        if connection.vendor == "postgresql":
            text = f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        columns = columns.replace(name, text)
    return columns


def _windows(sql: str, key: str, upto: int) -> Iterator[tuple[Any, ...]]:
    """Rows in windows of the key up to `upto`; a cursor held open would copy the whole table."""
    for start in range(0, max(upto, 1), WINDOW):
        end = min(start + WINDOW, upto)
        # The first window has no lower end: a row numbered 0 or below was not written by us.
        where = f"{key} > %s AND {key} <= %s" if start else f"{key} <= %s"
        yield from _rows(sql.format(range=where), [start, end] if start else [end])


def _rows(sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(WINDOW):
            yield from rows


def _loads(text: str | None) -> Any:
    if text is None:
        return None
    if text == "[]":
        return []
    try:
        value, end = _decode(text)
    except (ValueError, TypeError, RecursionError):
        return {"unreadable": str(text)}  # its seal will not fit
    return value if end == len(text) else {"unreadable": text}


def _time(value: str) -> str:
    """A stored moment as it is sealed; SQLite keeps "2026-03-01 08:00:00[.123456]" in UTC."""
    if len(value) == 26:
        return f"{value[:10]}T{value[11:]}Z"
    if len(value) == 19:
        return f"{value[:10]}T{value[11:]}.000000Z"
    return value


def _with_subjects(
    entries: Iterator[Sealed], upto: int, problems: list[Problem], kept: set[int]
) -> Iterator[Sealed]:
    """Passes entries on; compares the index of subjects and collects entries that store papers."""
    sql = "SELECT entry_id, ref FROM record_entrysubject WHERE {range} ORDER BY entry_id"
    index = _windows(sql, "entry_id", upto)
    groups = groupby(index, key=lambda row: row[0])
    number, rows = next(groups, (None, iter(())))
    agreed = True
    for entry in entries:
        content = entry[0]
        sequence = content["sequence"]
        found: set[str] = set()
        while number is not None and number <= sequence:
            refs = {row[1] for row in rows}
            found = refs if number == sequence else found
            agreed = agreed and number == sequence
            number, rows = next(groups, (None, iter(())))
        subjects = content["subjects"]
        if agreed and (found or subjects):
            try:
                agreed = found == {s["ref"] for s in subjects}
            except (TypeError, KeyError):
                agreed = True  # the entry itself is broken: the chain names it
            if not agreed:
                text = Text(
                    "第{number}条的对象索引被改动，按人查询会漏掉或多出此条",
                    "The index of subjects of entry {number} was changed: looking up by person "
                    "would miss or add it",
                )
                problems.append(Problem("INDEX_CHANGED", text.fill(number=sequence)))
        if content["action"] == "paper.store":
            kept.add(sequence)
        yield entry


def _readings(upto: int) -> Iterator[Sealed]:
    rows = Reading.objects.filter(sequence__lte=upto).order_by("sequence")
    for reading in rows.iterator(CHUNK):
        yield reading_content(reading), reading.hash


def _beyond_head(report: Report, model: type[Entry] | type[Reading], name: str) -> Report:
    """Rows after the head were not written by the program (the head only grows meanwhile)."""
    last = model.objects.aggregate(n=Max("sequence"))["n"] or 0
    count = queries.head(name).count
    if report.broken or last <= count:
        return report
    text = Text("链头登记为{count}条，其后另有记录", "the head registers {count} entries").fill(
        count=count
    )
    return replace(report, broken=Break("inserted", count + 1, text))


def _check_papers(findings: Findings, kept: set[int], upto: int, *, read_files: bool) -> None:
    """Every paper row fits its entry, every storing entry has its row, every file its digest."""
    rows = Paper.objects.filter(entry_number__lte=upto).order_by("entry_number")
    for paper, entry in _with_entries(rows.iterator(CHUNK)):
        findings.papers += 1
        number = paper.entry_number
        sealed = {"name": paper.name, "digest": paper.digest}
        known = number in kept and entry is not None and sealed in entry.papers
        if not known or entry.stream != paper.stream or entry.after["version"] != paper.version:
            text = Text(
                "材料“{name}”的登记与第{number}条纪实不符：登记被改动或材料被调换",
                "The listing of the paper '{name}' does not fit entry {number}: it was changed or "
                "swapped",
            )
            findings.problems.append(
                Problem("PAPER_LISTING", text.fill(name=paper.name, number=number))
            )
        elif read_files and (detail := _wrong_file(paper)):
            text = Text("第{number}条：", "Entry {number}: ").fill(number=number) + detail
            findings.problems.append(Problem("PAPER_FILE", text))
        kept.discard(number)
    for number in sorted(kept):
        text = Text(
            "第{number}条纪实所存材料的登记被删除",
            "The listing of the paper stored by entry {number} was removed",
        )
        findings.problems.append(Problem("PAPER_REMOVED", text.fill(number=number)))


def _with_entries(papers: Iterator[Paper]) -> Iterator[tuple[Paper, Entry | None]]:
    while chunk := list(islice(papers, 500)):
        entries = Entry.objects.only("papers", "after", "stream").in_bulk(
            [paper.entry_number for paper in chunk]
        )
        for paper in chunk:
            yield paper, entries.get(paper.entry_number)


def _wrong_file(paper: Paper) -> Text | None:
    try:
        real = file_digest(paper.path)
    except OSError:
        return Text("材料“{name}”的文件缺失", "the file of the paper '{name}' is missing").fill(
            name=paper.name
        )
    if real == paper.digest:
        return None
    other = Paper.objects.filter(digest=real).first()
    if other:
        return Text(
            "材料“{name}”的文件被调换为“{other}”的内容",
            "the file of the paper '{name}' was swapped: it holds the content of '{other}'",
        ).fill(name=paper.name, other=other.name)
    return Text("材料“{name}”的文件内容被改动", "the file of the paper '{name}' was changed").fill(
        name=paper.name
    )
