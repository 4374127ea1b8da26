"""How much room text takes in 宋体 as Word sets it: hanzi 1 em, Latin letters and digits ½ em.

Word gives no way to measure; these widths are exact for 宋体, and a line that punctuation rules
may shorten is counted one hanzi shorter, so that text fitted here never overflows there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4
SIZES = (14, 13, 12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6)
_WORD = re.compile(r"[!-~]+|\s|.", re.DOTALL)


def em_width(text: str) -> float:
    """Width of one line of `text` in em."""
    return sum(_em(c) for c in text)


def _em(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 1 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def line_count(text: str, size: float, width: float) -> int:
    """Lines that `text` takes at `size` points in `width` points (at least one a paragraph)."""
    room = max(width / size, 1)
    return sum(_lines(paragraph, room) for paragraph in text.split("\n"))


def _lines(paragraph: str, room: float) -> int:
    if em_width(paragraph) <= room:
        return 1
    room = max(room - 1, 1)  # a comma may not begin a line: Word moves a hanzi down with it
    lines, used = 1, 0.0
    for word in _WORD.findall(paragraph):
        wide = em_width(word)
        if used + wide <= room:
            used += wide
        elif wide <= room:
            lines, used = lines + 1, wide
        else:  # a word longer than the line is broken anywhere
            total = used + wide
            whole = int(total // room)
            lines, used = lines + whole, total - whole * room
    return lines


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text with the type size at which it fits; `hidden` characters at its end were cut."""

    text: str
    size: float
    lines: int
    hidden: int = 0


def fit(
    text: str, width: float, height: float, *, sizes: Sequence[float] = SIZES, pitch: float = 1.25
) -> Fitted:
    """The largest of `sizes` (points) at which `text` fits into `width` × `height` points with
    lines `pitch` × size apart; text too long even for the smallest is cut."""
    for size in sizes:
        lines = line_count(text, size, width)
        if lines * pitch * size <= height:
            return Fitted(text, size, lines)
    size = sizes[-1]
    most = max(int(height / (pitch * size)), 1)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if line_count(text[:middle] + "……", size, width) <= most:
            low = middle
        else:
            high = middle - 1
    cut = text[:low] + "……"
    return Fitted(cut, size, line_count(cut, size, width), len(text) - low)
