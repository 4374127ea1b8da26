"""`bole read`: what the reader finds in personnel files, without writing anything."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bole.cli import OK, PROBLEMS, USAGE
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.exchange import (
    FileReading,
    PersonFile,
    RosterReading,
    UnitNames,
    as_person,
    read_path,
)

HELP = Text(
    "读取任免审批表（.lrmx/.lrm）、名册（.xlsx）、文件夹或压缩包，显示读到什么、哪些需核对；不写入任何内容。",
    "Read appointment forms (.lrmx/.lrm), rosters (.xlsx), a folder or a zip, and show what was"
    " found and flagged; nothing is written.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `bole read`."""
    parser.add_argument(
        "path", type=Path, metavar="FILE|FOLDER|ZIP", help="文件、文件夹或压缩包 / what to read"
    )
    parser.add_argument(
        "--json", action="store_true", help="标准输出为一个 JSON 文档 / one JSON document on stdout"
    )
    parser.add_argument(
        "--units",
        type=Path,
        metavar="FILE",
        help="已知单位名称，每行一个 / known unit names, one a line",
    )
    parser.add_argument(
        "--pictures", action="store_true", help="JSON 中带上照片（base64） / pictures in the JSON"
    )
    parser.epilog = (
        "退出码 / exit codes: 0 全部正常 all fine; 1 有文件有问题 some file has problems;"
        " 2 没有可读的文件 nothing readable"
    )


def _read_units(path: Path | None) -> UnitNames | None:
    if path is None:
        return None
    try:
        return UnitNames(path.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        text = Text(
            "单位名称文件打不开，或不是 UTF-8 文本：{path}（{error}）",
            "the file of unit names cannot be opened or is not UTF-8: {path} ({error})",
        )
        raise BoleError(
            Problem("UNITS_UNREADABLE", text.fill(path=path, error=type(error).__name__))
        ) from None


def _dicts(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [problem.as_dict() for problem in problems]


def _roster(roster: RosterReading, pictures: bool) -> dict[str, Any]:
    return {
        "sheets": [
            {
                "sheet": sheet.name,
                "title": sheet.title,
                "as_of": sheet.as_of.isoformat() if sheet.as_of else None,
                "as_of_source": sheet.as_of_source,
                "header_rows": list(sheet.header_rows),
                "mapping": [
                    {
                        "column": mapping.letter,
                        "header": mapping.header,
                        "field": mapping.field,
                        "year": mapping.year,
                        "confidence": mapping.confidence,
                        "reason": mapping.reason.as_dict(),
                    }
                    for mapping in sheet.mapping
                ],
                "skipped": [
                    {"row": row, "reason": reason.as_dict()} for row, reason in sheet.skipped
                ],
                "questions": [
                    {
                        "where": question.where,
                        "text": question.text.as_dict(),
                        "choices": list(question.choices),
                    }
                    for question in sheet.questions
                ],
            }
            for sheet in roster.sheets
        ],
        "people": [
            {
                "sheet": person.sheet,
                "row": person.row,
                "ok": not person.problems,
                "person": as_person(person, picture=pictures),
                "flags": _dicts(person.flags),
                "problems": _dicts(person.problems),
            }
            for person in roster.people
        ],
    }


def as_json(reading: FileReading, *, pictures: bool = False) -> dict[str, Any]:
    """One file of `bole read --json`; see docs/files.md."""
    person = reading.person
    out: dict[str, Any] = {
        "file": reading.file,
        "kind": reading.kind,
        "ok": reading.ok,
        "person": as_person(person, picture=pictures) if person else None,
        "flags": _dicts(_file_flags(reading)),
        "problems": _dicts(reading.all_problems()),
    }
    if reading.roster:
        out.update(_roster(reading.roster, pictures))
    return out


def _file_flags(reading: FileReading) -> list[Problem]:
    if reading.roster:
        return [flag for sheet in reading.roster.sheets for flag in sheet.flags]
    return reading.person.flags if reading.person else []


# ---- the table for people ------------------------------------------------------------------


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cell(text: str, width: int) -> str:
    while _width(text) > width:
        text = text[:-2] + "…"
    return text + " " * (width - _width(text))


_HEADINGS = (
    (Text("文件", "file"), 24),
    (Text("姓名", "name"), 10),
    (Text("性别", "sex"), 4),
    (Text("出生", "birth"), 8),
    (Text("现任职务", "present post"), 40),
    (Text("经历", "posts"), 5),
    (Text("核对", "flags"), 5),
    (Text("问题", "problems"), 8),
)
_FEW = 15  # rows of one roster that the table shows


def _row(file: str, person: PersonFile) -> list[str]:
    return [
        file,
        person.name,
        person.sex or "",
        str(person.birth.month_only()) if person.birth else "",
        person.post or "",
        str(len(person.posts)),
        str(len(person.flags)),
        str(len(person.problems)),
    ]


def _table(readings: list[FileReading], language: str) -> str:
    lines = ["  ".join(_cell(text.say(language), width) for text, width in _HEADINGS)]
    lines.append("-" * _width(lines[0]))
    for reading in readings:
        people = reading.people
        for person in people[:_FEW] if reading.roster else people:
            place = reading.file
            if reading.roster:
                row = f":{person.row}"
                place = _cell(reading.file, 24 - len(row)).rstrip() + row
            cells = zip(_row(place, person), _HEADINGS, strict=True)
            lines.append("  ".join(_cell(text, width) for text, (_, width) in cells).rstrip())
        if reading.roster and len(people) > _FEW:
            more = Text("… {file} 另有 {count} 人", "… {count} more people in {file}")
            lines.append(more.fill(file=reading.file, count=len(people) - _FEW).say(language))
        if not people:
            failed = Text("没有读入", "not read").say(language)
            lines.append(f"{_cell(reading.file, 24)}  {failed}")
    for reading in readings:
        problems = reading.all_problems()
        flags = _file_flags(reading)
        if reading.roster:
            flags = flags + [flag for person in reading.people for flag in person.flags]
        if problems or flags:
            lines += ["", reading.file]
            lines += [f"  ✗ {problem.say(language)}" for problem in problems]
            lines += [f"  ? {flag.say(language)}" for flag in flags]
    people_count = sum(len(reading.people) for reading in readings)
    failed_count = sum(not reading.ok for reading in readings)
    summary = Text(
        "共 {files} 个文件，{people} 人；{failed} 个文件有问题（✗），? 为需核对之处。"
        "没有写入任何内容。",
        "{files} files, {people} people; {failed} files have problems (✗), ? asks for a check."
        " Nothing was written.",
    ).fill(files=len(readings), people=people_count, failed=failed_count)
    return "\n".join([*lines, "", summary.say(language)])


def run(args: argparse.Namespace) -> int:
    """Read and print; 0 all fine, 1 some file has problems, 2 nothing readable."""
    language: str = args.lang
    show_progress = sys.stderr.isatty()

    def progress(done: int, total: int, name: str) -> None:
        if show_progress:
            print(f"\r{done}/{total} {_cell(name, 40)}", end="", file=sys.stderr, flush=True)

    readings: list[FileReading] = []
    try:
        units = _read_units(args.units)
        for reading in read_path(args.path, units=units, progress=progress):
            if reading.ignored:
                skipped = Text(
                    "已略过（不是干部文件）：{file}", "skipped (no personnel file): {file}"
                )
                print(skipped.fill(file=reading.file).say(language), file=sys.stderr)
            else:
                readings.append(reading)
    except BoleError as error:
        readings.append(FileReading(args.path.name, "other", problems=list(error.problems)))
    if show_progress:
        print(file=sys.stderr)
    if args.json:
        document = [as_json(reading, pictures=args.pictures) for reading in readings]
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print(_table(readings, language))
    if not any(reading.people for reading in readings):
        nothing = Text("没有可读的干部文件。", "there is no readable personnel file.")
        print(nothing.say(language), file=sys.stderr)
        return USAGE
    return OK if all(reading.ok for reading in readings) else PROBLEMS
