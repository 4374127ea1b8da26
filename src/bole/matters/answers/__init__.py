"""What judges may ask of the house (`look.ask("person", id=12)`): one function for a question.

A module here answers for an area; a room above (selection) registers its own in its `ready()`.
Each answer is plain data; None = not known, which is never the same as "no".
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

ANSWERS: dict[str, Callable[..., Any]] = {}


def answers(question: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function that answers a question."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        ANSWERS[question] = function
        return function

    return register


def ask(question: str, **about: Any) -> Any:
    """The answer; None where no room knows the question."""
    found = ANSWERS.get(question)
    return found(**about) if found else None


def load() -> None:
    """Import every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
