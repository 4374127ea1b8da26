"""Whole numbers of people, posts and votes: what is accepted, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import not_a_count
from bole.engine.text import Text


def is_count(value: Any) -> TypeGuard[int]:
    """Whether `value` is a whole number from 0 up (True and False are no numbers here)."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def count_problems(figures: Iterable[tuple[Text, Any]], where: str = "") -> list[Problem]:
    """One problem (COUNT) for each figure that was given and is no count; None is not given."""
    return [
        not_a_count(name, value, where)
        for name, value in figures
        if value is not None and not is_count(value)
    ]


def need_counts(figures: Iterable[tuple[Text, Any]], where: str = "") -> None:
    """Raise `BoleError` with every problem of `count_problems`."""
    if problems := count_problems(figures, where):
        raise BoleError(problems)
