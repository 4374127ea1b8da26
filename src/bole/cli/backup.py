"""`bole backup FILE`: database and papers in one file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bole.cli import OK, USAGE, django
from bole.engine.errors import BoleError
from bole.engine.text import Text

HELP = Text(
    "把数据库和材料备份到一个文件（系统可继续运行）。成功返回0，未能备份返回2",
    "back up database and papers into one file, while the system works. "
    "Exit code 0 done, 2 not done",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="备份文件（zip，不得已存在）/ the file to write")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 / print JSON")


def run(args: argparse.Namespace) -> int:
    """Write the backup and say what it holds."""
    django()
    from django.db import Error

    from bole.record.backups import back_up

    try:
        backup = back_up(args.file)
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    except Error as error:
        text = Text("无法读取数据库：{error}", "The database cannot be read: {error}")
        print(text.fill(error=str(error).strip()).say(args.lang), file=sys.stderr)
        return USAGE
    size = args.file.stat().st_size
    if args.json:
        facts = {"file": str(args.file), "size": size, "entries": backup.entries}
        print(json.dumps(facts | {"head": backup.head, "files": len(backup.files)}))
        return OK
    text = Text(
        "已备份到 {file}（{size:.1f} MB）：纪实{entries}条，文件{files}个。"
        "备份含全部人员信息，请妥善保管",
        "Backed up to {file} ({size:.1f} MB): {entries} entries, {files} files. It holds "
        "everyone's data: keep it safe",
    )
    filled = text.fill(
        file=args.file, size=size / 1e6, entries=backup.entries, files=len(backup.files)
    )
    print(filled.say(args.lang))
    return OK
