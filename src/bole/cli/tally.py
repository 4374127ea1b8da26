"""`bole tally`: count a plain file and print counts, shares, results and reasons."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bole.cli import OK, PROBLEMS, USAGE
from bole.engine.decision.section import read_section
from bole.engine.errors import BoleError, Problem
from bole.engine.schemes import load
from bole.engine.schemes.faults import problems_of
from bole.engine.schemes.source import Map, Mark, read
from bole.engine.tally.file import TallyFile, tally
from bole.engine.text import Text

HELP = Text(
    "计票：读取票样、选民类别、选票或汇总数、标准，输出票数、比例、结果和理由（JSON）。"
    "计票表不可能成立时返回1",
    "tally a plain file: counts, shares, results and reasons as JSON."
    " Exit code 1 when the sheet cannot be right",
)
MOST_JSON_BYTES = 200_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML / JSON")
    parser.add_argument("--json", action="store_true", help="总是输出 JSON / output is always JSON")


def read_tally(path: Path) -> TallyFile:
    """The file, with what it takes from a scheme put in. Raises `BoleError` by line."""
    data = _json(path) if path.suffix.lower() == ".json" else read(path)
    _from_scheme(data)
    try:
        return TallyFile.model_validate(data)
    except ValidationError as error:
        raise BoleError(problems_of(error, data)) from None


def _json(path: Path) -> Map:
    try:
        if path.stat().st_size > MOST_JSON_BYTES:
            text = Text("文件超过{m}字节", "The file is over {m} bytes").fill(m=MOST_JSON_BYTES)
            raise BoleError(Problem("TOO_BIG", text, path.name))
        data = json.loads(path.read_bytes(), parse_float=Decimal)
    except (OSError, ValueError) as error:
        text = Text("无法读取：{e}", "cannot be read: {e}").fill(e=error)
        raise BoleError(Problem("FILE", text, path.name)) from None
    if not isinstance(data, dict):
        text = Text("最外层应为对象", "the top level must be an object")
        raise BoleError(Problem("FILE", text, path.name))
    marked = Map(data)
    marked.mark, marked.marks = Mark(path.name, 1, 1), {}  # JSON is read without lines
    return marked


_TAKEN = {
    "form": "instruments",
    "electorate": "instruments",
    "attendance": "thresholds",
    "round": "thresholds",
    "thresholds": "thresholds",
    "composites": "scoring",
}


def _from_scheme(data: Map) -> None:
    """Replaces ids by the items of `scheme`, with the `plan`'s values for its parameters."""
    name, plan = data.pop("scheme", None), data.pop("plan", None)
    if name is None:
        return
    scheme = load(str(name))
    values = scheme.values(plan or {})
    sections = {
        s: read_section(s, getattr(scheme, s), values) for s in dict.fromkeys(_TAKEN.values())
    }

    def taken(key: str, id_: Any) -> Any:
        found = sections[_TAKEN[key]].get(str(id_))
        if found is None:
            text = Text("办法“{s}”中没有“{i}”", 'the scheme "{s}" has no "{i}"')
            raise BoleError(Problem("UNKNOWN_ITEM", text.fill(s=name, i=id_), key))
        return found

    for key in _TAKEN:
        value = data.get(key)
        if isinstance(value, str):
            data[key] = taken(key, value)
        elif isinstance(value, list):
            data[key] = [taken(key, v) if isinstance(v, str) else v for v in value]


def run(args: argparse.Namespace) -> int:
    """Tally one file."""
    try:
        file = read_tally(args.file)
    except BoleError as error:
        print(error.say(args.lang), file=sys.stderr)
        return USAGE
    try:
        result = tally(file)
    except BoleError as error:
        result = {"form": file.form.id, "problems": [p.as_dict() for p in error.problems]}
    print(json.dumps(result, ensure_ascii=False, indent=2))
    for problem in result["problems"]:
        print(problem["text"][args.lang], file=sys.stderr)
    return PROBLEMS if result["problems"] else OK
