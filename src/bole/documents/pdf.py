"""Typst: a template of ours and plain data become a PDF.

Data travels as JSON and is placed as text; it is never read as markup, so no name, résumé or
unit can change the page or open a file. Fonts are the shipped ones: every machine prints alike,
and nothing is loaded from outside.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bole.documents.glyphs import font_folders, missing_characters
from bole.documents.printed import Printed
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

TEMPLATES = Path(__file__).parent / "typst"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_NO_TEMPLATE = Text("没有打印模板“{name}”", "there is no print template “{name}”")
_FAILED = Text(
    "打印“{name}”时排版失败：{reason}。请把此提示和所打印的内容交给系统管理员",
    "setting “{name}” failed: {reason}. Give this message and the content to the administrator",
)
TEXT_CUT = Text(
    "“{field}”内容过长，最小字号也排不下，已截去末尾 {hidden} 字；请精简内容或另附页",
    "“{field}” is too long even in the smallest type; its last {hidden} characters are cut off. "
    "Shorten it or attach a page",
)
_local = threading.local()


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def _compiler(name: str) -> typst.Compiler:
    """The compiler of a template, kept per thread: a second form is set in milliseconds."""
    folders = tuple(font_folders())
    kept: dict[tuple[str, tuple[Path, ...]], typst.Compiler]
    kept = _local.__dict__.setdefault("compilers", {})
    key = (name, folders)
    if key not in kept:
        path = TEMPLATES / f"{name}.typ"
        if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
            raise BoleError(Problem("TEMPLATE_UNKNOWN", _NO_TEMPLATE.fill(name=name)))
        kept[key] = typst.Compiler(input=str(path), root=str(TEMPLATES), font_paths=_fonts(folders))
    return kept[key]


def clean(text: str) -> str:
    """Text as it may be printed: no control or direction marks, one kind of line end."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "  "))


def _cleaned(value: Any, texts: list[str]) -> Any:
    if isinstance(value, str):
        texts.append(value)
        return clean(value)
    if isinstance(value, Mapping):
        # Keys that end in "svg" hold pictures of our own making.
        return {k: v if k.endswith("svg") else _cleaned(v, texts) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item, texts) for item in value]
    return value


def _cuts(compiler: typst.Compiler) -> Iterator[Problem]:
    for fit in json.loads(compiler.query("<fit>", field="value")):
        if fit["hidden"] > 0:
            filled = TEXT_CUT.fill(field=fit["field"], hidden=fit["hidden"])
            yield Problem("TEXT_CUT", filled, fit["field"])


def render_checked(name: str, data: Mapping[str, Any], *, tagged: bool = True) -> Printed:
    """Set `typst/<name>.typ` with `data` (JSON values) and say what could not be printed in full.

    `tagged` PDFs can be read aloud by a screen reader; without tags they are far smaller.
    Raises `BoleError` `TEMPLATE_UNKNOWN` or `TYPESETTING_FAILED`.
    """
    texts: list[str] = []
    compiler = _compiler(name)
    inputs = {"data": json.dumps(_cleaned(data, texts), ensure_ascii=False)}
    try:
        content = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=tagged)
        problems = list(_cuts(compiler))
    except typst.TypstError as error:
        reason = str(error.message or error)
        raise BoleError(
            Problem("TYPESETTING_FAILED", _FAILED.fill(name=name, reason=reason))
        ) from error
    assert isinstance(content, bytes)
    return Printed(content, tuple(problems + missing_characters("".join(texts))))


def pictures(name: str, data: Mapping[str, Any]) -> list[bytes]:
    """Every page as SVG. Raises as `render_checked`."""
    compiler = _compiler(name)
    inputs = {"data": json.dumps(_cleaned(data, []), ensure_ascii=False)}
    try:
        pages = compiler.compile(format="svg", sys_inputs=inputs)
    except typst.TypstError as error:
        said = _FAILED.fill(name=name, reason=str(error.message or error))
        raise BoleError(Problem("TYPESETTING_FAILED", said)) from error
    return [pages] if isinstance(pages, bytes) else [p for p in pages or () if p]


def render(name: str, data: Mapping[str, Any]) -> bytes:
    """`render_checked` for callers to whom the finished PDF is enough."""
    return render_checked(name, data).content


def fits(name: str) -> list[dict[str, Any]]:
    """How each fitted cell of the form last set in this thread was set: field, size, lines,
    height and room in points, characters hidden. For tests and for the preview page."""
    return json.loads(_compiler(name).query("<fit>", field="value"))  # type: ignore[no-any-return]
