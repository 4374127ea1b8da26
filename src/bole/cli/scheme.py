"""`bole scheme`: check, show, compare, walk and list packs; no database is needed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bole.cli import OK, PROBLEMS, USAGE
from bole.engine.errors import BoleError
from bole.engine.procedures.walk import Stuck, Walk
from bole.engine.schemes import Scheme, load, load_all
from bole.engine.schemes.coverage import coverage_markdown
from bole.engine.schemes.difference import difference
from bole.engine.schemes.schema import to_json_schema
from bole.engine.schemes.words import as_text
from bole.engine.text import Text

HELP = Text(
    "办法：检查、查看、比较、试走、列出，导出编辑器用的 JSON Schema，生成覆盖情况表。",
    "Schemes: check, show, compare, walk dry, list, JSON Schema for editors, coverage table.",
)

FILES = Text("办法文件（或办法编号）", "pack files (or scheme ids)")
COMMANDS = {
    "check": Text("检查办法文件，逐行列出全部问题", "check packs; every error by line"),
    "show": Text("像文件一样阅读一个办法", "read a scheme as a person would"),
    "diff": Text("比较两个办法或两个版本", "compare two schemes or versions"),
    "walk": Text("试走程序，直到办结或走不通", "walk the procedure dry to its end"),
    "list": Text("列出已安装的办法", "list the installed schemes"),
    "schema": Text("输出 JSON Schema，供编辑器补全和检查", "print the JSON Schema for editors"),
    "coverage": Text("生成机制覆盖情况表", "print the table of mechanisms carried"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands of `bole scheme`."""
    subs = parser.add_subparsers(dest="scheme_command", metavar="COMMAND", required=True)

    def add(name: str) -> argparse.ArgumentParser:
        said = f"{COMMANDS[name].zh} / {COMMANDS[name].en}"
        sub = subs.add_parser(name, help=said, description=said)
        sub.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
        return sub

    both = f"{FILES.zh} / {FILES.en}"
    check = add("check")
    check.add_argument("files", nargs="*", metavar="FILE", help=both)
    check.add_argument("--json", action="store_true")
    show = add("show")
    show.add_argument("scheme", metavar="FILE|ID", help=both)
    show.add_argument("--json", action="store_true")
    diff = add("diff")
    diff.add_argument("a", metavar="A")
    diff.add_argument("b", metavar="B")
    diff.add_argument("--json", action="store_true")
    walk = add("walk")
    walk.add_argument("scheme", metavar="FILE|ID", help=both)
    walk.add_argument("--from", dest="day", type=date.fromisoformat, default=date(2024, 3, 4))
    walk.add_argument("--fact", action="append", default=[], metavar="NAME=VALUE")
    walk.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE")
    walk.add_argument("--json", action="store_true")
    listed = add("list")
    listed.add_argument("--place", default="")
    listed.add_argument("--json", action="store_true")
    add("schema")
    coverage = add("coverage")
    coverage.add_argument("--write", metavar="FILE", type=Path)


def run(args: argparse.Namespace) -> int:
    """Runs one sub-command; exit code 1 when something is wrong with a pack."""
    return int(globals()[f"_{args.scheme_command}"](args))


def _print(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def _say(text: Text, args: argparse.Namespace) -> None:
    print(text.say(args.lang), file=sys.stderr)


def _check(args: argparse.Namespace) -> int:
    if not args.files:
        schemes, found = load_all(expressions=True)
        problems = {name: list(p) for name, p in found.items()}
        count = len(schemes)
    else:
        problems, count = {}, 0
        for name in args.files:
            try:
                load(name, expressions=True)
                count += 1
            except BoleError as error:
                problems[name] = list(error.problems)
    if args.json:
        _print(
            {
                "valid": count,
                "problems": {n: [p.as_dict() for p in ps] for n, ps in problems.items()},
            }
        )
    for found_here in problems.values():
        for problem in found_here:
            print(problem.say(args.lang), file=sys.stderr)
    total = sum(map(len, problems.values()))
    text = Text("{n}个办法有效；{m}处问题", "{n} scheme(s) valid; {m} problem(s)")
    _say(text.fill(n=count, m=total), args)
    return PROBLEMS if problems else OK


def _show(args: argparse.Namespace) -> int:
    scheme = load(args.scheme)
    if args.json:
        _print({**scheme.model_dump(mode="json", by_alias=True), "digest": scheme.digest})
    else:
        print(as_text(scheme, args.lang), end="")
    return OK


def _diff(args: argparse.Namespace) -> int:
    found = difference(load(args.a), load(args.b))
    if args.json:
        _print([d.as_dict() for d in found])
    else:
        for d in found:
            print(d.text.say(args.lang))
    if not found:
        _say(Text("没有不同", "No difference"), args)
    return OK


def _pairs(given: list[str]) -> dict[str, Any]:
    """NAME=VALUE as typed values: true, false, whole numbers, dates, else text."""
    pairs: dict[str, Any] = {}
    for one in given:
        name, _, value = one.partition("=")
        words: dict[str, Any] = {"true": True, "false": False}
        if value in words:
            pairs[name] = words[value]
        elif value.lstrip("-").isdigit():
            pairs[name] = int(value)
        else:
            try:
                pairs[name] = date.fromisoformat(value)
            except ValueError:
                pairs[name] = value
    return pairs


def _walk(args: argparse.Namespace) -> int:
    scheme = load(args.scheme)
    if scheme.procedure is None:
        _say(Text("该办法没有程序", "The scheme has no procedure"), args)
        return USAGE
    walk = Walk(scheme.procedure, scheme.values(_pairs(args.set)), args.day, _pairs(args.fact))
    stuck: Stuck | None = None
    try:
        walk.complete()
    except Stuck as error:
        stuck = error
    done = [(r.on, i) for i, r in walk.state.steps.items()]
    left = [i for i, s in walk.status().steps.items() if s.state == "not_applicable"]
    if args.json:
        _print(
            {
                "finished": stuck is None,
                "steps": [{"step": i, "on": d} for d, i in done],
                "not_applicable": left,
                "problems": [p.as_dict() for p in stuck.problems] if stuck else [],
            }
        )
    else:
        for day, step in done:
            print(f"{day}  {scheme.procedure.steps[step].name.say(args.lang)}")
    if stuck:
        _say(Text("走不通：", "Stuck:"), args)
        print(stuck.say(args.lang), file=sys.stderr)
        return PROBLEMS
    text = Text("共{n}步办结，{m}步不适用", "{n} steps done, {m} not applicable")
    _say(text.fill(n=len(done), m=len(left)), args)
    return OK


def _list(args: argparse.Namespace) -> int:
    schemes, problems = load_all()
    shown = [s for s in schemes if args.place in s.place]
    if args.json:
        _print([_summary(s) for s in shown])
    else:
        for s in shown:
            steps = len(s.procedure.steps) if s.procedure else 0
            said = Text("{r}条规则 {s}步", "{r} rules, {s} steps")
            line = said.fill(r=len(s.all_rules), s=steps).say(args.lang)
            print(f"{s.id}\t{s.place}\t{s.name.say(args.lang)}\t{line}")
    for found in problems.values():
        for problem in found:
            print(problem.say(args.lang), file=sys.stderr)
    return PROBLEMS if problems else OK


def _summary(scheme: Scheme) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "name": scheme.name.as_dict(),
        "place": scheme.place,
        "version": scheme.version,
        "effective_from": scheme.effective_from,
        "effective_until": scheme.effective_until,
        "rules": len(scheme.all_rules),
        "steps": len(scheme.procedure.steps) if scheme.procedure else 0,
        "sources": scheme.sources,
        "digest": scheme.digest,
    }


def _schema(args: argparse.Namespace) -> int:
    _print(to_json_schema())
    return OK


def _coverage(args: argparse.Namespace) -> int:
    text = coverage_markdown()
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return OK
