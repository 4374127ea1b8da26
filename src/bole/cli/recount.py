"""`bole recount`: recount a published ballot package offline."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bole.cli import OK, PROBLEMS, USAGE
from bole.engine.ballotbox import RecountReport, read_tracker, recount, show_tracker
from bole.engine.chain import read_public_key
from bole.engine.errors import BoleError
from bole.engine.tally import Electorate, tabulate
from bole.engine.tally.electorate import VoterClass
from bole.engine.text import Text

HELP = Text(
    "重新计票：离线核对选票包的每个查票码、根、签名和结果；有出入时指出第一处并返回1",
    "recount a ballot package offline: every tracker, the root, signatures and the result."
    " Exit code 1 names the first thing wrong",
)
AGREES = Text(
    "核对无误：《{t}》共{n}张票，根{r}…，结果与公布的一致",
    "Agrees: '{t}', {n} ballots, root {r}…, the result is the one stated",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("package", type=Path, help="选票包（zip）/ ballot package (zip)")
    parser.add_argument("--tracker", metavar="CODE", help="查找自己的选票 / find one's own ballot")
    parser.add_argument("--root", metavar="HEX", help="会上宣布的根 / the root announced")
    parser.add_argument(
        "--key", type=Path, metavar="PEM", help="须有此公钥的签名 / a key that must have signed"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")


def run(args: argparse.Namespace) -> int:
    """Recount one package."""
    try:
        tracker = read_tracker(args.tracker) if args.tracker else None
        key = read_public_key(args.key) if args.key else None

        def progress(number: int) -> None:
            print(f"… {number}", file=sys.stderr)

        report = recount(
            args.package,
            tracker=tracker,
            trusted=key,
            root=args.root,
            progress=progress if sys.stderr.isatty() else None,
        )
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    if args.json:
        print(json.dumps(_document(report), ensure_ascii=False, indent=2))
    else:
        _print(report, args.lang)
    if report.problem is not None:
        print(report.problem.say(args.lang), file=sys.stderr)
        return PROBLEMS
    if tracker and report.found is None:
        text = Text("没有查票码为{t}的选票", "no ballot with the tracker {t}")
        print(text.fill(t=show_tracker(tracker)).say(args.lang), file=sys.stderr)
        return PROBLEMS
    return OK


def _lines(report: RecountReport) -> list[dict[str, Any]]:
    """The table, by the classes under which the ballots were published."""
    if report.form is None or not report.valid:
        return []
    classes = tuple(VoterClass(id=c) for c in sorted(report.count.returned))
    electorate = Electorate(classes=classes)
    table = tabulate(report.form, report.count, electorate, report.subjects)
    return [line.as_dict() for line in table.lines] + [m.as_dict() for m in table.means]


def _document(report: RecountReport) -> dict[str, Any]:
    return {
        "valid": report.valid,
        "meeting": report.meeting,
        "title": report.title,
        "ballots": report.ballots,
        "on_paper": report.on_paper,
        "root": report.root,
        "returned": dict(report.count.returned),
        "void": dict(report.count.void_reasons),
        "signed_by": report.signed_by,
        "names_only": report.names_only,
        "found": report.found,
        "problem": None if report.problem is None else report.problem.as_dict(),
        "lines": _lines(report),
    }


def _print(report: RecountReport, language: str) -> None:
    if report.valid:
        text = AGREES.fill(t=report.title, n=report.ballots, r=report.root[:16])
        print(text.say(language))
        if report.on_paper:
            text = Text(
                "其中另有纸质票{n}张，票数由计票单给出，未含在选票清单中",
                "{n} paper ballots are counted with them, as the count sheets state",
            )
            print(text.fill(n=report.on_paper).say(language))
        for line in _lines(report):
            figures = (
                f"{line['votes']}/{line['of']} = {line['percent']}"
                if "votes" in line
                else f"{line['mean']} ({line['rated']})"
            )
            name = " · ".join(str(line[k]) for k in ("item", "subject", "option") if line.get(k))
            print(f"  {name}: {figures}")
    if report.found is not None:
        print(json.dumps(report.found, ensure_ascii=False))
