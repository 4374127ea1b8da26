"""Packs on the page: the engine's text as HTML, and a procedure as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bole.engine.procedures import Param, Procedure, layout
from bole.engine.schemes import Scheme
from bole.engine.schemes.words import Reader

# Measures of the picture, in its own units.
WIDTH, HEIGHT, GAP_X, GAP_Y, HEAD = 132, 46, 22, 26, 40
LETTERS = 9  # full-width letters in a line of a box
LINES = 2


def html(lines: Iterable[str]) -> SafeString:
    """The little Markdown that `Reader` writes: headings, lists of two levels, bold, code."""
    out: list[str] = []
    depth = 0
    for line in lines:
        level = 0
        if line.startswith("- "):
            level = 1
        elif line.startswith("  - "):
            level = 2
        while depth > level:
            out.append("</li></ul>")
            depth -= 1
        if level:
            if depth == level:
                out.append("</li>")
            while depth < level:
                out.append("<ul>")
                depth += 1
            out.append(f"<li>{_inline(line.lstrip()[2:])}")
        elif line.startswith("### "):
            out.append(f"<h4>{_inline(line[4:])}</h4>")
        elif line.startswith("## "):
            out.append(f"<h3>{_inline(line[3:])}</h3>")
        elif line.strip():
            out.append(f"<p>{_inline(line.lstrip('> '))}</p>")
    out.append("</li></ul>" * depth)
    # Every piece of text went through escape() in _inline.
    return mark_safe("".join(out))  # noqa: S308


def _inline(text: str) -> str:
    safe = str(escape(text))
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", safe)


def value(scheme: Scheme, parameter: str, language: str) -> str:
    """A parameter's value in words; that it is open where the source gives none."""
    return Reader(scheme, language).value(Param(param=parameter))


def other_parts(scheme: Scheme, language: str) -> SafeString:
    """The sections of other engines in words."""
    return html(Reader(scheme, language).sections())


def steps(scheme: Scheme, language: str) -> list[dict[str, object]]:
    """Each step with its number, link and what it asks, for the table beside the picture."""
    if scheme.procedure is None:
        return []
    reader = Reader(scheme, language)
    found: list[dict[str, object]] = []
    for n, link in enumerate(scheme.procedure.links, 1):
        for m, step in enumerate(link.steps, 1):
            lines = [
                line.removeprefix("  ")
                for line in list(reader.step(scheme.procedure, step, f"{n}.{m}"))[1:]
            ]
            found.append(
                {
                    "id": step.id,
                    "number": f"{n}.{m}",
                    "link": link.name.say(language),
                    "name": step.name.say(language),
                    "key": step.key_node,
                    "branch": step.when is not None,
                    "reference": step.reference,
                    "verified": step.verified,
                    "text": html(lines),
                }
            )
    return found


@dataclass(frozen=True)
class Box:
    """A step of the picture; `lines` are its words broken to fit, each with its place."""

    id: str
    name: str
    x: int
    y: int
    key: bool
    branch: bool
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Picture:
    """The procedure: links across, steps down, arrows for order, dashes for ways back."""

    width: int
    height: int
    lanes: tuple[tuple[str, int, int], ...]  # name, x, width
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]  # path, kind


def picture(procedure: Procedure, language: str) -> Picture:
    """The picture of a procedure; boxes link to the steps of the table beside it."""
    found = layout(procedure)
    across, down = WIDTH + GAP_X, HEIGHT + GAP_Y
    at = {n.id: (n.column * across + GAP_X // 2, HEAD + n.row * down) for n in found.nodes}
    boxes = tuple(
        Box(
            n.id,
            n.name.say(language),
            *at[n.id],
            n.key_node,
            n.branch,
            _broken(n.name.say(language), *at[n.id]),
        )
        for n in found.nodes
    )
    arrows = tuple((_path(at[e.source], at[e.target], e.kind), e.kind) for e in found.edges)
    lanes = tuple(
        (
            lane.name.say(language)[: LETTERS * lane.width + 1],
            lane.column * across,
            lane.width * across,
        )
        for lane in found.lanes
    )
    return Picture(found.columns * across, HEAD + found.rows * down + GAP_Y, lanes, boxes, arrows)


def _path(start: tuple[int, int], end: tuple[int, int], kind: str) -> str:
    """A line between two boxes, bent in the gaps so that it does not cross them."""
    (x1, y1), (x2, y2) = start, end
    half = WIDTH // 2
    if kind == "return":
        low = y1 + HEIGHT + 9
        return f"M{x1 + half - 14} {y1 + HEIGHT}V{low}H{x2 - 6}V{y2 + HEIGHT - 10}H{x2}"
    if x1 == x2:
        return f"M{x1 + half} {y1 + HEIGHT}V{y2}"
    if y2 > y1 and abs(x2 - x1) < 3 * WIDTH and x2 < x1:
        middle = y2 - GAP_Y // 2
        return f"M{x1 + half} {y1 + HEIGHT}V{middle}H{x2 + half}V{y2}"
    side = x2 - GAP_X // 2
    low = y1 + HEIGHT + GAP_Y // 2
    return f"M{x1 + half} {y1 + HEIGHT}V{low}H{side}V{y2 + HEIGHT // 2}H{x2}"


def _wide(letter: str) -> float:
    return 1.0 if ord(letter) > 0x2E7F else 0.55


def _broken(name: str, x: int, y: int) -> tuple[tuple[str, int], ...]:
    """At most two lines that fit a box; what does not fit is cut with an ellipsis."""
    lines, line, width = [], "", 0.0
    words = re.findall(r"[ -~]+? |[!-~]+|.", name)
    for word in words:
        size = sum(map(_wide, word))
        if width + size > LETTERS and line:
            lines.append(line.strip())
            line, width = "", 0.0
        line, width = line + word, width + size
    lines.append(line.strip())
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: LETTERS * 2 - 2].rstrip() + "…"]
    top = y + HEIGHT // 2 + 5 - (len(lines) - 1) * 8
    return tuple((text, top + i * 16) for i, text in enumerate(lines))
