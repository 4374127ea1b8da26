"""`bole restore FILE`: put a backup in the place of everything."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bole.cli import OK, PROBLEMS, USAGE, django
from bole.engine.errors import BoleError
from bole.engine.text import Text

HELP = Text(
    "用备份替换现有的全部数据；现有数据先另存，恢复后核验纪实。"
    "成功返回0，已恢复但纪实核验有问题返回1，未恢复返回2",
    "replace everything by a backup; the present state is kept aside and the record is verified "
    "afterwards. Exit code 0 done, 1 restored but the record is broken, 2 not restored",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="备份文件 / the backup")
    parser.add_argument("--yes", action="store_true", help="不再询问 / do not ask")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")


def run(args: argparse.Namespace) -> int:
    """Ask, restore, verify."""
    django()
    from bole.record import backups

    try:
        backup = backups.read(args.file)
        if not args.yes and not _confirmed(backup, args.lang):
            text = Text("未恢复，数据没有变动", "Not restored: nothing was changed")
            print(text.say(args.lang), file=sys.stderr)
            return USAGE
        done = backups.restore(args.file)
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    code = OK if done.findings.valid else PROBLEMS
    if args.json:
        facts = {
            "restored": str(args.file),
            "made_at": backup.made_at,
            "aside": str(done.aside),
            "valid": done.findings.valid,
            "texts": [t.as_dict() for t in done.findings.texts()],
        }
        print(json.dumps(facts, ensure_ascii=False))
        return code
    text = Text(
        "已恢复到 {made_at} 的备份；原有数据另存于 {aside}",
        "Restored the backup of {made_at}; the former state lies in {aside}",
    )
    print(text.fill(made_at=backup.made_at, aside=done.aside).say(args.lang))
    for finding in done.findings.texts():
        print(finding.say(args.lang), file=sys.stdout if code == OK else sys.stderr)
    return code


def _confirmed(backup, language: str) -> bool:  # type: ignore[no-untyped-def]
    text = Text(
        "将用 {made_at} 的备份（纪实{entries}条）替换现有的全部数据。请先停止服务。输入 yes 继续：",
        "This replaces everything by the backup of {made_at} ({entries} entries). Stop the "
        "service first. Type yes to go on: ",
    )
    if not sys.stdin.isatty():
        text = Text("请加 --yes 确认", "Confirm with --yes")
        print(text.say(language), file=sys.stderr)
        return False
    print(
        text.fill(made_at=backup.made_at, entries=backup.entries).say(language),
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() == "yes"
