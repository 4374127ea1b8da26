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

# Measures of the picture, in its own units; letters are sized as in schemes.css.
WIDTH, GAP_X, GAP_Y, PAD = 132, 22, 26, 6
STEP_SIZE, LANE_SIZE = 13, 14
LINE = 16
LINES = 3


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


Lines = tuple[tuple[str, int], ...]  # words and the y of their baseline


@dataclass(frozen=True)
class Box:
    """A step of the picture; `lines` are its words broken to fit."""

    id: str
    name: str
    x: int
    y: int
    key: bool
    branch: bool
    lines: Lines


@dataclass(frozen=True)
class LaneBox:
    """A link of the picture: its columns, and its name broken to fit above them."""

    name: str
    x: int
    width: int
    lines: Lines


@dataclass(frozen=True)
class Picture:
    """The procedure: links across, steps down, arrows for order, dashes for ways back."""

    width: int
    height: int
    box_width: int
    box_height: int
    lanes: tuple[LaneBox, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]  # path, kind


def picture(procedure: Procedure, language: str) -> Picture:
    """The picture of a procedure; boxes link to the steps of the table beside it.

    Boxes and the room for the links' names are as high as the longest name needs.
    """
    found = layout(procedure)
    across = WIDTH + GAP_X
    steps = {n.id: fitted(n.name.say(language), WIDTH - 2 * PAD, STEP_SIZE) for n in found.nodes}
    links = [
        fitted(lane.name.say(language), lane.width * across - 4 * PAD, LANE_SIZE)
        for lane in found.lanes
    ]
    high = max(map(len, steps.values())) * LINE + 14
    head = max(map(len, links)) * LINE + 2 * PAD + 8
    down = high + GAP_Y
    at = {n.id: (n.column * across + GAP_X // 2, head + n.row * down) for n in found.nodes}
    boxes = tuple(
        Box(
            n.id,
            n.name.say(language),
            *at[n.id],
            n.key_node,
            n.branch,
            _stacked(steps[n.id], at[n.id][1] + (high - len(steps[n.id]) * LINE) // 2),
        )
        for n in found.nodes
    )
    arrows = tuple((_path(at[e.source], at[e.target], e.kind, high), e.kind) for e in found.edges)
    lanes = tuple(
        LaneBox(
            lane.name.say(language), lane.column * across, lane.width * across, _stacked(lines, PAD)
        )
        for lane, lines in zip(found.lanes, links, strict=True)
    )
    bottom = head + found.rows * down + GAP_Y
    return Picture(found.columns * across, bottom, WIDTH, high, lanes, boxes, arrows)


def _path(start: tuple[int, int], end: tuple[int, int], kind: str, high: int) -> str:
    """A line between two boxes, bent in the gaps so that it does not cross them."""
    (x1, y1), (x2, y2) = start, end
    half = WIDTH // 2
    if kind == "return":
        low = y1 + high + 9
        return f"M{x1 + half - 14} {y1 + high}V{low}H{x2 - 6}V{y2 + high - 10}H{x2}"
    if x1 == x2:
        return f"M{x1 + half} {y1 + high}V{y2}"
    if y2 > y1 and abs(x2 - x1) < 3 * WIDTH and x2 < x1:
        middle = y2 - GAP_Y // 2
        return f"M{x1 + half} {y1 + high}V{middle}H{x2 + half}V{y2}"
    side = x2 - GAP_X // 2
    low = y1 + high + GAP_Y // 2
    return f"M{x1 + half} {y1 + high}V{low}H{side}V{y2 + high // 2}H{x2}"


def width_of(text: str, size: int) -> float:
    """The width of a text in the picture's units, set at `size`; a little on the wide side."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    if ord(letter) > 0x2E7F or letter in "“”‘’…—":
        return 1.0
    if letter in "iljI.,:;'|!()[] ":
        return 0.34
    if letter in "mwMW@%":
        return 0.92
    return 0.7 if letter.isupper() else 0.58


def fitted(name: str, room: int, size: int) -> tuple[str, ...]:
    """The name in at most `LINES` lines of that room; what does not fit ends in an ellipsis.

    Latin words stay whole unless one alone is wider than the room; closing marks begin no line.
    """
    lines, line = [], ""
    for word in re.findall(r"[!-~]+ ?|[^!-~ ][，。、；：）》”]*| ", name):
        if line and width_of((line + word).rstrip(), size) > room:
            lines.append(line.rstrip())
            line = ""
        while width_of(word.rstrip(), size) > room:
            cut = max(n for n in range(1, len(word)) if n == 1 or width_of(word[:n], size) <= room)
            lines.append(word[:cut])
            word = word[cut:]
        line += word
    lines.append(line.rstrip())
    if len(lines) > LINES:
        last = " ".join(lines[LINES - 1 :]) if name.isascii() else "".join(lines[LINES - 1 :])
        while last and width_of(last + "…", size) > room:
            last = last[:-1].rstrip()
        lines = [*lines[: LINES - 1], last + "…"]
    return tuple(lines)


def _stacked(lines: tuple[str, ...], top: int) -> Lines:
    return tuple((text, top + i * LINE + 12) for i, text in enumerate(lines))
