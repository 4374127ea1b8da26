"""Reads a pack's YAML with the place of every key, safely and exactly.

No anchors or aliases, no tags, no key twice, bounded size and depth. Decimals stay exact; `yes`
and `no` are words, only `true` and `false` are truth values; `12:30` is a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

MOST_BYTES = 2_000_000
MOST_NODES = 100_000
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Map(dict[str, Any]):
    """A mapping that knows where it and each of its keys stand."""

    mark: Mark
    marks: dict[str, Mark]


class Seq(list[Any]):
    """A list that knows where it and each of its items stand."""

    mark: Mark
    marks: list[Mark]


# libyaml where the wheel has it; it gives the same nodes and marks about ten times as fast.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Composes nodes only; scalars are read by `_scalar`."""


_Loader.yaml_implicit_resolvers = {}
_INT = re.compile(r"[-+]?(0|[1-9]\d*)$")
_DECIMAL = re.compile(r"[-+]?\d+\.\d+$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read(path: Path) -> Map:
    """The pack as plain data with marks. Raises BoleError naming file, line and column."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            text = Text(
                "文件有{n}字节，超过{m}字节，不予读取",
                "The file has {n} bytes; at most {m} are read",
            )
            raise BoleError(Problem("TOO_BIG", text.fill(n=size, m=MOST_BYTES), path.name))
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        text = Text("无法读取文件：{e}", "The file cannot be read: {e}")
        raise BoleError(Problem("FILE", text.fill(e=error.strerror or error), str(path))) from None
    except UnicodeDecodeError:
        text = Text(
            "文件不是 UTF-8 编码，请另存为 UTF-8", "The file is not UTF-8; save it as UTF-8"
        )
        raise BoleError(Problem("ENCODING", text, path.name)) from None
    return parse(content, path.name)


def parse(content: str, file: str = "<text>") -> Map:
    """YAML text as plain data with marks; its top level must be a mapping."""
    if len(content) > MOST_BYTES:
        text = Text("文本太长", "The text is too long")
        raise BoleError(Problem("TOO_BIG", text, file))
    try:
        _events(content, file)
        node = yaml.compose(content, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        where = f"{file}:{at.line + 1}:{at.column + 1}" if at else file
        text = Text("YAML 写法有误：{e}", "The YAML is not well formed: {e}")
        said = " ".join(p for p in (error.context, error.problem) if p)
        raise BoleError(Problem("YAML", text.fill(e=said), where)) from None
    except yaml.YAMLError as error:
        text = Text("YAML 中有不允许的字符：{e}", "The YAML holds a forbidden character: {e}")
        raise BoleError(Problem("YAML", text.fill(e=str(error).splitlines()[0]), file)) from None
    if not isinstance(node, MappingNode):
        text = Text("办法文件的最外层应为“键: 值”", "A pack is a mapping of keys at its top level")
        raise BoleError(Problem("YAML_TOP", text, f"{file}:1:1"))
    problems: list[Problem] = []
    data = _build(node, file, problems)
    if problems:
        raise BoleError(problems)
    assert isinstance(data, Map)
    return data


def _events(content: str, file: str) -> None:
    """Refuses, before anything is built, what could grow without bound."""
    depth = 0
    for count, event in enumerate(yaml.parse(content, Loader=_Loader)):
        start = event.start_mark
        where = f"{file}:{start.line + 1}:{start.column + 1}" if start else file
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            text = Text("不允许使用锚点和引用（& *）", "Anchors and aliases (& *) are not allowed")
            raise BoleError(Problem("YAML_ALIAS", text, where))
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            text = Text("不允许使用标签 {t}", "The tag {t} is not allowed").fill(t=tag)
            raise BoleError(Problem("YAML_TAG", text, where))
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MOST_DEPTH or count > MOST_NODES:
            text = Text("内容过深或过长", "The content is too deep or too long")
            raise BoleError(Problem("TOO_BIG", text, where))


def _mark(node: Node, file: str) -> Mark:
    return Mark(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _build(node: Node, file: str, problems: list[Problem]) -> Any:
    if isinstance(node, MappingNode):
        result, result.mark, result.marks = Map(), _mark(node, file), {}
        for key_node, value_node in node.value:
            where = _mark(key_node, file)
            if not isinstance(key_node, ScalarNode):
                text = Text("键必须是一个词", "A key must be a word")
                problems.append(Problem("YAML_KEY", text, str(where)))
                continue
            key = str(key_node.value)
            if key in result:
                text = Text(
                    "键“{k}”重复（先见于第{n}行）", "The key “{k}” stands twice (first on line {n})"
                ).fill(k=key, n=result.marks[key].line)
                problems.append(Problem("YAML_TWICE", text, str(where)))
                continue
            result.marks[key] = where
            result[key] = _build(value_node, file, problems)
        return result
    if isinstance(node, SequenceNode):
        items = Seq(_build(n, file, problems) for n in node.value)
        items.mark, items.marks = _mark(node, file), [_mark(n, file) for n in node.value]
        return items
    assert isinstance(node, ScalarNode)
    return _scalar(node, file, problems)


def _scalar(node: ScalarNode, file: str, problems: list[Problem]) -> Any:
    value = str(node.value)
    if node.style:  # quoted or block text; a plain one has none ("" from libyaml)
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INT.match(value):
        return int(value) if len(value) < 20 else value
    if _DECIMAL.match(value):
        return Decimal(value)
    if _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            text = Text("没有{v}这一天", "There is no day {v}").fill(v=value)
            problems.append(Problem("DATE", text, str(_mark(node, file))))
    return value


def place(data: Any, path: tuple[str | int, ...]) -> str:
    """Where the value at `path` stands, as `file:line:column`.

    Path parts that are not in the data (union tags, defaults) are passed over, so that the
    nearest enclosing key answers.
    """
    mark = getattr(data, "mark", None)
    for part in path:
        if isinstance(data, Map) and str(part) in data:
            mark = data.marks.get(str(part), mark)
            data = data[str(part)]
        elif isinstance(data, Seq) and isinstance(part, int) and part < len(data):
            mark = data.marks[part] if part < len(data.marks) else mark
            data = data[part]
    return str(mark) if mark else ""
