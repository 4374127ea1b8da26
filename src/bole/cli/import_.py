"""`bole import`: read files, show what would change, write what is confirmed, undo."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bole.cli import OK, PROBLEMS, USAGE, django
from bole.engine.text import Text

HELP = Text(
    "导入任免审批表（.lrmx/.lrm）和名册（.xlsx）：文件、文件夹或压缩包",
    "Import appointment forms (.lrmx/.lrm) and rosters (.xlsx): files, folders or a zip",
)
SUFFIXES = {
    ".lrmx",
    ".lrm",
    ".xlsx",
    ".xlsm",
    ".zip",
    ".pic",
    ".jpg",
    ".jpeg",
    ".png",
    ".bmp",
    ".gif",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="写入：新人和已勾选的差异 / write the new persons and the ticked differences",
    )
    parser.add_argument("--undo", type=int, metavar="ID", help="撤销一次导入 / undo an import")
    parser.add_argument(
        "--user", default="", help="以哪个账号办理（默认：唯一的干部科账号）/ the acting account"
    )
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """0 written or nothing to decide; 1 something could not be read or needs a decision; 2 misuse.

    Without --yes nothing is written: the import waits, and can be confirmed in the browser.
    """
    if args.undo is None and not args.paths:
        print(
            Text("请给出文件或文件夹，或 --undo 编号", "Give files or folders, or --undo ID").say(
                args.lang
            ),
            file=sys.stderr,
        )
        return USAGE
    django()
    from bole.cli.people import acting_user

    actor = acting_user(args.user)
    if args.undo is not None:
        return _undo(args, actor)
    missing = [p for p in args.paths if not p.exists()]
    if missing:
        text = Text("没有这个文件或文件夹：{names}", "no such file or folder: {names}")
        print(text.fill(names="、".join(map(str, missing))).say(args.lang), file=sys.stderr)
        return USAGE
    return _import(args, actor)


def _undo(args: argparse.Namespace, actor: Any) -> int:
    from bole.people.imports.write import undo_import
    from bole.people.models import ImportBatch

    batch = ImportBatch.objects.filter(pk=args.undo).first()
    if batch is None:
        text = Text("没有编号为{id}的导入", "there is no import {id}").fill(id=args.undo)
        print(text.say(args.lang), file=sys.stderr)
        return USAGE
    count = undo_import(actor=actor, batch=batch)
    text = Text("已撤销，{count}人恢复原状", "undone: {count} persons stand as before")
    print(
        json.dumps({"import": batch.pk, "undone": count})
        if args.json
        else text.fill(count=count).say(args.lang)
    )
    return OK


def _uploads(paths: list[Path]) -> list[Any]:
    from bole.people.imports.reading import Upload

    uploads = []
    for path in paths:
        if path.is_file():
            uploads.append(Upload(path.name, path.read_bytes()))
            continue
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in SUFFIXES:
                uploads.append(Upload(str(file.relative_to(path.parent)), file.read_bytes()))
    return uploads


def _import(args: argparse.Namespace, actor: Any) -> int:
    from bole.people.imports import reading
    from bole.people.imports.write import write_import
    from bole.people.models import ImportBatch, ImportFile

    name = args.paths[0].name if len(args.paths) == 1 else f"{args.paths[0].name} …"
    batch = reading.start_import(actor=actor, name=name, uploads=_uploads(args.paths))
    while batch.state == ImportBatch.State.READING:
        reading.step(actor=actor, batch=batch, seconds=2)
        files = batch.files
        if not files.filter(state=ImportFile.State.WAITING).exists():
            reading.accept_proposals(actor=actor, batch=batch)
        done = files.filter(state__in=(ImportFile.State.DONE, ImportFile.State.BROKEN)).count()
        if sys.stderr.isatty():
            said = f"\r{done}/{files.count()} · {batch.items.count()}"
            print(said, end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    written = 0
    report = _report(batch)
    if args.yes:
        batch.items.filter(match="ask").update(chosen=False)
        if batch.items.filter(chosen=True).exists():
            written = write_import(actor=actor, batch=batch)
            batch.refresh_from_db()
    report |= {"import": batch.pk, "state": batch.state, "written": written}
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report, args.lang)
    return PROBLEMS if report["problems"] or report["ask"] else OK


def _report(batch: Any) -> dict[str, Any]:
    items = batch.items.select_related("file")
    problems = [
        {"file": f.name, "row": None, "name": "", **p}
        for f in batch.files.all()
        for p in f.problems
    ]
    counts = {"new": 0, "same": 0, "ask": 0}
    persons = []
    for item in items.defer("found", "before", "after"):
        counts[item.match] = counts.get(item.match, 0) + 1
        problems += [
            {"file": item.file.name, "row": item.row, "name": item.name, **p} for p in item.problems
        ]
        persons.append(
            {
                "name": item.name,
                "file": item.file.name,
                "row": item.row,
                "match": item.match,
                "cadre": item.cadre_id,
                "reason": item.reason,
                "differences": item.differences,
            }
        )
    return {**counts, "problems": problems, "persons": persons}


def _print(report: dict[str, Any], language: str) -> None:
    english = language.startswith("en")
    for problem in report["problems"]:
        place = " ".join(
            str(v)
            for v in (problem["file"], problem["row"], problem["name"], problem["where"])
            if v
        )
        print(f"{place}: {problem['text']['en' if english else 'zh']}", file=sys.stderr)
    for person in report["persons"]:
        if person["match"] == "ask":
            print(f"? {person['name']}: {person['reason']['en' if english else 'zh']}")
        for d in person["differences"]:
            mark = "+" if d["chosen"] else "-"
            print(f"{mark} {person['name']} {d['key']}: {d['stored'] or '∅'} → {d['found']}")
    text = Text(
        "导入{id}：新人{new}，在册{same}，待定{ask}，需核对{count}处，写入{written}人（{state}）",
        "import {id}: {new} new, {same} known, {ask} to decide, {count} remarks, {written} written "
        "({state})",
    )
    print(
        text.fill(
            id=report["import"],
            new=report["new"],
            same=report["same"],
            ask=report["ask"],
            count=len(report["problems"]),
            written=report["written"],
            state=report["state"],
        ).say(language)
    )
