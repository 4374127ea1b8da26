"""Names of checks and bodies for pages and letters: the vocabulary, else the code itself."""

from __future__ import annotations

from bole.engine.procedures.vocabulary import BODIES, CHECKS
from bole.engine.text import Text


def check_name(code: str) -> Text:
    """What a check is called."""
    return CHECKS.get(code, Text(code, code))


def body_name(code: str) -> Text:
    """What a body is called."""
    return BODIES.get(code, Text(code, code))
