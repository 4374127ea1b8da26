"""Runs the golden cases of `tests/cases` as they stand.

An adapter turns a case's `input` into calls of the engines and gives back what they produce, in
the shape of the case's `expect`. It is registered by mechanism id, so another case of the same
mechanism runs through the same adapter.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent.parent / "cases"
Adapter = Callable[[dict[str, Any]], Any]
_adapters: dict[str, Adapter] = {}
_otherwise: list[Adapter] = []

# Words for the reader of the case; they promise nothing that could be computed.
REMARKS = {"note", "must_not", "why", "comment"}
# Sentences that the program says: compared by the facts they carry, not by wording.
SENTENCES = re.compile(r"^(tell|tell_user.*|message|reason_text|says?|explain|explanation)$")


# Sentences too where they are more than a code word ("outcome: passed" is compared as it stands).
FREE_TEXT = {"because", "outcome", "also"}


def adapter(*mechanisms: str) -> Callable[[Adapter], Adapter]:
    """Register an adapter for cases whose first named mechanism is one of these."""

    def register(function: Adapter) -> Adapter:
        for mechanism in mechanisms:
            if mechanism in _adapters:
                raise ValueError(f"two adapters for {mechanism}")
            _adapters[mechanism] = function
        return function

    return register


def otherwise(function: Adapter) -> Adapter:
    """Register the one adapter for mechanisms that have none of their own."""
    _otherwise[:] = [function]
    return function


def load(chapter: int) -> list[dict[str, Any]]:
    """All cases of a chapter's file."""
    (path,) = CASES.glob(f"{chapter}-*.cases.yaml")
    return list(words_as_keys(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]))


def words_as_keys(value: Any) -> Any:
    """YAML 1.1 reads the key `on` as true; as a key it is the word."""
    if isinstance(value, dict):
        return {"on" if k is True else k: words_as_keys(v) for k, v in value.items()}
    return [words_as_keys(v) for v in value] if isinstance(value, list) else value


def adapter_of(case: dict[str, Any]) -> Adapter | None:
    """The adapter of the case's first mechanism that has one, else the one for all others."""
    mechanisms = case.get("mechanisms") or [case["mechanism"]]
    own = (_adapters[m] for m in mechanisms if m in _adapters)
    return next(own, next(iter(_otherwise), None))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)):
        return Fraction(str(value))
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return value.strip()
    return value


def _facts(sentence: str) -> set[str]:
    """Numbers, dates and codes of a sentence: what any wording of it must carry."""
    return set(re.findall(r"\d+(?:[-.:/]\d+)*%?|\b[A-Z][A-Za-z]*\d+\b", sentence))


def compare(expected: Any, produced: Any, path: str = "") -> list[str]:
    """Every difference, with its path; extra produced keys are allowed, missing ones are not."""
    if isinstance(expected, dict):
        if not isinstance(produced, dict):
            return [f"{path}: expected a mapping, produced {produced!r}"]
        out = []
        for key, value in expected.items():
            if key in REMARKS:
                continue
            here = f"{path}.{key}"
            if key not in produced:
                out.append(f"{here}: missing (expected {value!r})")
            elif SENTENCES.match(str(key)) or (
                key in FREE_TEXT and isinstance(value, str) and " " in value
            ):
                out += compare_sentence(value, produced[key], here)
            else:
                out += compare(value, produced[key], here)
        return out
    if isinstance(expected, list):
        if not isinstance(produced, (list, tuple)):
            return [f"{path}: expected a list, produced {produced!r}"]
        out = []
        if len(expected) != len(produced):
            out.append(f"{path}: expected {len(expected)} items, produced {len(produced)}")
        for i, (left, right) in enumerate(zip(expected, produced, strict=False)):
            out += compare(left, right, f"{path}[{i}]")
        return out
    if _plain(expected) != _plain(produced):
        return [f"{path}: expected {expected!r}, produced {produced!r}"]
    return []


def compare_sentence(expected: Any, produced: Any, path: str) -> list[str]:
    """The produced sentence (str or Text) carries each number, date and code of the expected."""
    if isinstance(expected, list):
        if not isinstance(produced, (list, tuple)) or len(expected) != len(produced):
            return [f"{path}: expected {expected!r}, produced {produced!r}"]
        return [
            d
            for i, (e, p) in enumerate(zip(expected, produced, strict=True))
            for d in compare_sentence(e, p, f"{path}[{i}]")
        ]
    said = getattr(produced, "en", produced)
    if not isinstance(said, str) or not said.strip():
        return [f"{path}: no sentence produced (expected {expected!r})"]
    missing = sorted(_facts(str(expected)) - _facts(said))
    return [f"{path}: the sentence {said!r} lacks {missing}"] if missing else []
