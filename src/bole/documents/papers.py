"""Papers filled from Word templates that the office can change: letters, notices, minutes …

The PDF is printed from the filled Word file, so a changed template changes both.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import ChainableUndefined
from jinja2.sandbox import SandboxedEnvironment

from bole.documents.docx_reader import open_docx
from bole.documents.make_templates import FOLDER
from bole.documents.paper_kinds import KINDS, PERSON, Field, PaperKind, kind_of
from bole.documents.pdf import CONTROL
from bole.documents.pdf_writer import docx_to_pdf
from bole.documents.printed import Printed
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

BLANK = "＿" * 6
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BLOCK = re.compile(r"\{%-?(?:p|tr|tc|r)?\s*(for|if|endfor|endif)\b")
_UNKNOWN = Text(
    "模板标签“{name}”不存在{hint}。本文书可用的标签：{known}",
    "the template tag “{name}” does not exist{hint}. Tags of this paper: {known}",
)
_HINT = Text("，是否应为“{near}”", "; is “{near}” meant?")
_NOT_CLOSED = Text(
    "模板标签没有写完整：“{tag}”，双花括号或 {{% %}} 须成对",
    "a template tag is not closed: “{tag}”; braces come in pairs",
)
_SYNTAX = Text(
    "模板标签“{tag}”写法有误：{reason}", "the template tag “{tag}” cannot be read: {reason}"
)
_UNPAIRED = Text(
    "模板标签“{tag}”没有配对的“{partner}”",
    "the template tag “{tag}” has no “{partner}” to go with it",
)
_FAILED = Text("模板无法填写：{reason}", "the template cannot be filled: {reason}")
_EMPTY = Text(
    "“{label}”未填，纸面上留了空线", "“{label}” is empty; a line to write on is printed instead"
)


def default_template(template: str) -> bytes:
    """The template that ships for a kind of paper, to be changed by an office in Word or WPS."""
    return (FOLDER / f"{kind_of(template).id}.docx").read_bytes()


def _printable(value: Any) -> Any:
    """Values as they stand on paper: dates 2026年11月24日, nothing that Word cannot hold."""
    if isinstance(value, Text):
        return value.zh
    if isinstance(value, datetime):
        return f"{value.year}年{value.month}月{value.day}日{value.hour}时{value.minute:02d}分"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    if value is None:
        return ""
    return CONTROL.sub("", value) if isinstance(value, str) else value


def _completed(value: Any, sample: Any) -> Any:
    """Parts that rows or persons lack, as empty text."""
    if isinstance(sample, list) and isinstance(value, list) and sample:
        return [_completed(item, sample[0]) for item in value]
    if isinstance(sample, Mapping) and isinstance(value, Mapping):
        blank = dict.fromkeys(PERSON if "present_post" in sample else sample, "")
        return {**blank, **{k: v for k, v in value.items() if v is not None}}
    return value


def _context(kind: PaperKind, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    context = {key: _printable(value) for key, value in data.items()}
    context["title"] = context.get("title") or kind.name.zh
    problems = []
    for field in kind.fields:
        value = context.get(field.name, "")
        if value in ("", [], {}):
            if field.needed:
                problems.append(
                    Problem("PAPER_FIELD_EMPTY", _EMPTY.fill(label=field.label), field.name)
                )
            context[field.name] = _blank(field)
        else:
            context[field.name] = _completed(value, field.sample)
    return context, problems


def _blank(field: Field) -> Any:
    if isinstance(field.sample, list):
        return []
    if isinstance(field.sample, Mapping):
        return dict.fromkeys(field.sample, BLANK)
    return BLANK if field.needed else ""


def _environment(used: dict[str, None]) -> SandboxedEnvironment:
    """Jinja without a way out of the template, and with a memory of tags that do not exist."""

    class Unknown(ChainableUndefined):
        def _note(self) -> None:
            used[str(self._undefined_name)] = None

        def __str__(self) -> str:
            self._note()
            return ""

        def __iter__(self) -> Iterator[Any]:
            self._note()
            return iter(())

        def __bool__(self) -> bool:
            self._note()
            return False

    return SandboxedEnvironment(undefined=Unknown, autoescape=True)


def _paragraphs(content: bytes) -> Iterator[tuple[str, str]]:
    """(place, text) of every paragraph: 第3段; 第1个表格第2行第3格; 页眉页脚."""
    source = open_docx(content)
    number = tables = 0
    for element in source.element.body.iterchildren():
        if element.tag == qn("w:p"):
            number += 1
            yield f"第{number}段", _text_of(element)
        elif element.tag == qn("w:tbl"):
            tables += 1
            for r, row in enumerate(element.iterchildren(qn("w:tr")), 1):
                for c, cell in enumerate(row.iterchildren(qn("w:tc")), 1):
                    place = f"第{tables}个表格第{r}行第{c}格"
                    yield place, "\n".join(_text_of(p) for p in cell.iter(qn("w:p")))
    for section in source.sections:
        for part in (section.header, section.footer):
            for paragraph in part.paragraphs:
                yield "页眉页脚", paragraph.text


def _text_of(paragraph: Any) -> str:
    return "".join(t.text or "" for t in paragraph.iter(qn("w:t")))


def _faults(content: bytes) -> Iterator[Problem]:
    """Tags that are not closed, cannot be read or have no partner, each with its place."""
    environment = _environment({})
    opened: list[tuple[str, str, str]] = []
    for place, text in _paragraphs(content):
        rest = _TAG.sub("", text)
        if re.search(r"\{\{|\}\}|\{%|%\}", rest):
            yield Problem("TEMPLATE_TAG_OPEN", _NOT_CLOSED.fill(tag=rest.strip()[:40]), place)
        for tag in _TAG.findall(text):
            if tag.startswith("{{"):
                try:
                    environment.compile_expression(re.sub(r"^\{\{-?r?\s|-?\}\}$", "", tag))
                except TemplateSyntaxError as error:
                    reason = error.message or ""
                    yield Problem(
                        "TEMPLATE_TAG_SYNTAX", _SYNTAX.fill(tag=tag, reason=reason), place
                    )
            word = _BLOCK.match(tag)
            if word and not word[1].startswith("end"):
                opened.append((word[1], tag, place))
            elif word:
                begins = word[1].removeprefix("end")
                if opened and opened[-1][0] == begins:
                    opened.pop()
                else:
                    unpaired = _UNPAIRED.fill(tag=tag, partner=begins)
                    yield Problem("TEMPLATE_TAG_UNPAIRED", unpaired, place)
    for begins, tag, place in opened:
        unpaired = _UNPAIRED.fill(tag=tag, partner=f"end{begins}")
        yield Problem("TEMPLATE_TAG_UNPAIRED", unpaired, place)


def _names(kind: PaperKind, context: Mapping[str, Any]) -> list[str]:
    """Every tag of the kind, nested ones as `person.name`."""
    names = []
    for name in dict.fromkeys((*(f.name for f in kind.fields), *context)):
        field = kind.field(name)
        sample = field.sample if field else context[name]
        first = sample[0] if isinstance(sample, list) and sample else sample
        names += [f"{name}.{part}" for part in first] if isinstance(first, Mapping) else [name]
    return names


def _unknown(
    kind: PaperKind, context: Mapping[str, Any], content: bytes, used: Mapping[str, None]
) -> Iterator[Problem]:
    known = _names(kind, context)
    short = {name.rsplit(".", 1)[-1]: name for name in known} | {n.split(".")[0]: n for n in known}
    for name in used:
        near = difflib.get_close_matches(name, short, 1)
        hint = _HINT.fill(near=near[0]) if near else Text("", "")
        text = _UNKNOWN.fill(name=name, hint=hint, known="、".join(known))
        word = re.compile(rf"\b{re.escape(name)}\b")
        places = [
            place
            for place, words in _paragraphs(content)
            if any(word.search(tag) for tag in _TAG.findall(words))
        ]
        for place in places or [""]:
            yield Problem("TEMPLATE_TAG_UNKNOWN", text, place)


def _filled(kind: PaperKind, context: dict[str, Any], content: bytes) -> bytes:
    faults = list(_faults(content))
    if faults:
        raise BoleError(faults)
    used: dict[str, None] = {}
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render(context, _environment(used), autoescape=True)
    except UndefinedError as error:
        raise BoleError(
            Problem("TEMPLATE_FAILED", _FAILED.fill(reason=error.message or ""))
        ) from error
    except (TemplateError, ValueError, TypeError, ArithmeticError) as error:
        raise BoleError(Problem("TEMPLATE_FAILED", _FAILED.fill(reason=str(error)))) from error
    if used:
        raise BoleError(list(_unknown(kind, context, content, used)))
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def check_template(template: str, content: bytes) -> list[Problem]:
    """What is wrong with an office's template for a kind of paper; empty when it can be used.

    Each problem names the tag and its place: `TEMPLATE_TAG_UNKNOWN`, `TEMPLATE_TAG_OPEN`,
    `TEMPLATE_TAG_SYNTAX`, `TEMPLATE_TAG_UNPAIRED`, `TEMPLATE_FAILED`, `DOCX_UNREADABLE`.
    """
    kind = kind_of(template)
    try:
        _filled(kind, kind.samples(), content)
    except BoleError as error:
        return list(error.problems)
    return []


def paper_docx(template: str, data: Mapping[str, Any], content: bytes | None = None) -> Printed:
    """A paper as a Word file. `content` is the office's own template, else the default is used.

    `data` has the fields of `paper_kinds.kind_of(template)` and any others that the office's
    template uses; dates are written 2026年11月24日. Problems: `PAPER_FIELD_EMPTY`. Raises
    `BoleError` with the problems of `check_template` when the template itself is wrong.
    """
    kind = kind_of(template)
    context, problems = _context(kind, data)
    return Printed(_filled(kind, context, content or default_template(template)), tuple(problems))


def paper_pdf(template: str, data: Mapping[str, Any], content: bytes | None = None) -> Printed:
    """The same paper as a PDF; further problems: `PDF_LEFT_OUT`, `FONT_MISSING`."""
    word = paper_docx(template, data, content)
    printed = docx_to_pdf(word.content)
    return Printed(printed.content, (*word.problems, *printed.problems))


__all__ = ["KINDS", "check_template", "default_template", "paper_docx", "paper_pdf"]
