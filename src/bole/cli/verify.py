"""`bole verify`: is a package, or the whole record, what it was?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bole.cli import OK, PROBLEMS, USAGE, django
from bole.engine.chain import Anchor, new_key, read_private_key, read_public_key
from bole.engine.chain.anchors import read_anchor_files
from bole.engine.chain.packages import verify_package
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

HELP = Text(
    "核验归档包（不需要数据库），或用 --database 核验数据库中的全部纪实。"
    "有效返回0，有问题返回1并指出第一处，无法读取返回2",
    "verify an archive package (no database needed), or with --database the whole record. "
    "Exit code 0 valid, 1 broken (names the first place), 2 unreadable",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "package", nargs="*", type=Path, help="归档包（zip 或文件夹）/ packages (zip or folder)"
    )
    parser.add_argument(
        "--database", action="store_true", help="核验数据库 / verify the record in the database"
    )
    parser.add_argument("--case", metavar="STREAM", help="只核验一个事项 / one case: case:12")
    parser.add_argument(
        "--anchor",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="库外留存的锚点 / an anchor kept outside",
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="审计员公钥 PEM / the auditor's public key"
    )
    parser.add_argument(
        "--no-papers", action="store_true", help="不读材料文件 / do not read the stored papers"
    )
    parser.add_argument(
        "--new-key",
        type=Path,
        metavar="FILE",
        help="生成审计员密钥：FILE（私钥）和 FILE.pub / make the auditor's key pair",
    )
    parser.add_argument(
        "--sign",
        type=Path,
        metavar="PRIVATE_KEY",
        help="用私钥为 --anchor 文件签名 / sign the --anchor files with this private key",
    )
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")


def run(args: argparse.Namespace) -> int:
    """Verify what was asked for; the worst exit code wins."""
    try:
        if args.new_key:
            return _make_key(args)
        if args.sign:
            return _sign(args)
        anchors = read_anchor_files(args.anchor)
        trusted = read_public_key(_read(args.key), str(args.key)) if args.key else None
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    if not (args.package or args.database or args.case):
        text = Text(
            "请给出归档包，或 --database、--case", "Name a package, or give --database or --case"
        )
        print(text.say(args.lang), file=sys.stderr)
        return USAGE
    results = [_package(path, anchors, trusted) for path in args.package]
    if args.case:
        results.append(_case(args.case))
    if args.database:
        results.append(_database(args, anchors, trusted))
    _print(results, args)
    return max(result["code"] for result in results)


def _package(path: Path, anchors: Sequence[Anchor], trusted: Any) -> dict[str, Any]:
    try:
        report = verify_package(path, anchors=anchors, trusted=trusted)
    except BoleError as error:
        return _result(str(path), USAGE, [p.text for p in error.problems], error.problems)
    broken = report.chain.broken
    return _result(
        str(path),
        OK if report.valid else PROBLEMS,
        report.texts(),
        report.problems,
        stream=report.about["stream"],
        entries=report.chain.count,
        papers=report.papers,
        head=report.chain.head,
        signed_by=report.signed_by,
        broken=broken.as_dict() if broken else None,
    )


def _case(stream: str) -> dict[str, Any]:
    django()
    from bole.record.verification import verify_stream

    report = verify_stream(stream)
    if report.valid and not report.count:
        text = Text("没有事项“{stream}”的纪实", "There are no entries of '{stream}'")
        return _result(stream, USAGE, [text.fill(stream=stream)], [])
    return _result(
        stream,
        OK if report.valid else PROBLEMS,
        [report.text()],
        [],
        entries=report.count,
        head=report.head,
        broken=report.broken.as_dict() if report.broken else None,
    )


def _database(args: argparse.Namespace, anchors: Sequence[Anchor], trusted: Any) -> dict[str, Any]:
    django()
    from django.db import Error

    from bole.record import queries
    from bole.record.verification import verify_database

    try:
        total = queries.head().count
        found = verify_database(
            anchors=anchors,
            trusted=trusted,
            papers=not args.no_papers,
            progress=_progress(total) if sys.stderr.isatty() else None,
        )
    except Error as error:
        text = Text("无法读取数据库：{error}", "The database cannot be read: {error}")
        return _result("database", USAGE, [text.fill(error=str(error).strip())], [])
    broken = found.entries.broken or found.readings.broken
    return _result(
        "database",
        OK if found.valid else PROBLEMS,
        found.texts(),
        found.problems,
        entries=found.entries.count,
        readings=found.readings.count,
        papers=found.papers,
        anchors=found.entries.anchors,
        head=found.entries.head,
        broken=broken.as_dict() if broken else None,
    )


def _progress(total: int) -> Any:
    def show(done: int) -> None:
        share = f" {done * 100 // total}%" if total else ""
        print(f"\r{done}/{total}{share}", end="" if done < total else "\n", file=sys.stderr)

    return show


def _result(
    what: str, code: int, texts: Sequence[Text], problems: Sequence[Problem], **facts: Any
) -> dict[str, Any]:
    return {"what": what, "code": code, "texts": texts, "problems": problems, "facts": facts}


def _print(results: list[dict[str, Any]], args: argparse.Namespace) -> None:
    if args.json:
        states = {OK: "valid", PROBLEMS: "broken", USAGE: "unreadable"}
        document = [
            {
                "what": result["what"],
                "state": states[result["code"]],
                **result["facts"],
                "texts": [t.as_dict() for t in result["texts"]],
                "problems": [p.as_dict() for p in result["problems"]],
            }
            for result in results
        ]
        print(json.dumps(document if len(document) > 1 else document[0], ensure_ascii=False))
        return
    for result in results:
        stream = sys.stdout if result["code"] == OK else sys.stderr
        for text in result["texts"]:
            print(f"{result['what']}: {text.say(args.lang)}", file=stream)


def _make_key(args: argparse.Namespace) -> int:
    public_path = args.new_key.with_name(args.new_key.name + ".pub")
    for path in (args.new_key, public_path):
        if path.exists():
            text = Text("文件已存在，不会覆盖", "The file exists and is not overwritten")
            raise BoleError(Problem("FILE_EXISTS", text, str(path)))
    private, public = new_key()
    try:
        args.new_key.touch(mode=0o600)
        args.new_key.write_bytes(private)
        public_path.write_bytes(public)
    except OSError as error:
        raise _unreadable(args.new_key, error) from error
    name = Anchor("", "", 0, "", "", 0, "", read_public_key(public).public_bytes_raw().hex())
    text = Text(
        "已生成：{private}（私钥，由审计员在库外保管）和 {public}（公钥）。密钥指纹 {fingerprint}，"
        "请抄录留存",
        "Made {private} (private: the auditor keeps it outside the system) and {public}. "
        "Fingerprint {fingerprint}: write it down",
    )
    filled = text.fill(private=args.new_key, public=public_path, fingerprint=name.fingerprint)
    print(filled.say(args.lang))
    return OK


def _sign(args: argparse.Namespace) -> int:
    key = read_private_key(_read(args.sign), where=str(args.sign))
    if not args.anchor:
        text = Text("请用 --anchor 给出要签名的锚点", "Name the anchor to be signed with --anchor")
        raise BoleError(Problem("ANCHOR_MISSING", text))
    for path, anchor in zip(args.anchor, read_anchor_files(args.anchor), strict=True):
        signed = anchor.signed(key)
        path.write_text(signed.to_json(), encoding="utf-8")
        text = Text("已签名：{path}（{key}）", "Signed: {path} ({key})")
        print(text.fill(path=path, key=signed.fingerprint).say(args.lang))
    return OK


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> BoleError:
    text = Text("无法读写：{error}", "Cannot be read or written: {error}")
    return BoleError(Problem("FILE_UNREADABLE", text.fill(error=error.strerror), str(path)))
