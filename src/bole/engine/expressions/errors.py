"""What the checker refuses, in both languages, with the column and a suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


def refuse(code: str, column: int, zh: str, en: str) -> BoleError:
    """A refusal that points at a column."""
    where = Text("第{column}列：", "column {column}: ").fill(column=column)
    text = where + Text(_safe(zh), _safe(en))
    return BoleError(Problem(code, text))


def near(word: str, known: Iterable[str]) -> tuple[str, str]:
    """ "Did you mean" in both languages, or nothing."""
    found = difflib.get_close_matches(word[:60], list(known), n=3, cutoff=0.5)
    if not found:
        return "", ""
    return f"；是否想写 {'、'.join(found)}？", f"; did you mean {', '.join(found)}?"


def _safe(sentence: str) -> str:
    return sentence.replace("\x00", "␀")
