"""Reads what the cases of this chapter write: tables, words for bases and limits, pack items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from bole.engine.decision import read_section
from bole.engine.errors import BoleError
from bole.engine.exact import Base, Comparator
from bole.engine.schemes import files, load
from bole.engine.schemes.models import Scheme
from bole.engine.scoring import Line

Item = TypeVar("Item")


class NoItem(AssertionError):
    """No pack holds such a rule for the mechanisms of the case."""


@cache
def _schemes() -> tuple[Scheme, ...]:
    return tuple(load(p) for p in files() if p.name.startswith("ballots-"))


def items(
    section: str, kind: type[Item], *mechanisms: str, **values: Any
) -> list[tuple[str, Item]]:
    """The items of a kind that cite one of the mechanisms, in the order of the mechanisms.

    `values`: what the case's organisation entered for open parameters of the pack.
    """
    found: dict[int, tuple[str, Item]] = {}
    for mechanism in mechanisms:
        for scheme in _schemes():
            if mechanism not in scheme.sources:
                continue
            plan = {k: v for k, v in values.items() if k in scheme.parameters}
            given = {**scheme.values(), **plan}
            for key, item in read_section(section, getattr(scheme, section), given).items():
                cited = getattr(item, "mechanisms", ())
                if isinstance(item, kind) and mechanism in cited:
                    found.setdefault(hash((scheme.id, key)), (mechanism, item))
    return list(found.values())


def item(section: str, kind: type[Item], *mechanisms: str, **values: Any) -> Item:
    """The first such item."""
    found = items(section, kind, *mechanisms, **values)
    if not found:
        raise NoItem(f"no pack holds a {kind.__name__} that cites one of {mechanisms}")
    return found[0][1]


def mechanisms(case: Mapping[str, Any]) -> list[str]:
    return list(case.get("mechanisms") or [case["mechanism"]])


def rows(table: Any) -> list[dict[str, Any]]:
    """A table as rows of named cells, from `columns` and `rows` or from a list of mappings."""
    if isinstance(table, Mapping) and "rows" in table:
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return [dict(row) for row in table]


def subject_of(row: Mapping[str, Any]) -> tuple[str, Any]:
    """The first cell names the subject."""
    return next(iter(row.items()))


_BASE_WORDS = {
    Base.INTERVIEWEES: r"interview",
    Base.VALID: r"valid",
    Base.ATTENDING: r"attend|present",
    Base.RETURNED: r"returned",
    Base.ISSUED: r"issued",
    Base.MEMBERS: r"all members|of the body",
    Base.DUE: r"\bdue\b",
}


def bases_in(text: str | None) -> list[Base]:
    """The bases that a sentence names, in its order."""
    if not text:
        return []
    hits = [(m.start(), b) for b, w in _BASE_WORDS.items() if (m := re.search(w, text))]
    return [b for _, b in sorted(hits, key=lambda h: h[0])]


def figure(row: Mapping[str, Any], base: Base | None) -> int | None:
    """The head count of a base among the cells of a row, whatever its column is called."""
    if base is None:
        return None
    for key, value in row.items():
        if re.search(_BASE_WORDS.get(base, r"(?!)"), key.replace("_", " ")):
            return value
    if base is Base.VALID and "of_ballots" in row:
        return row["of_ballots"]
    return None


_PARTS = {"half": "1/2", "third": "1/3", "quarter": "1/4", "fifth": "1/5", "tenth": "1/10"}


def limit_in(text: str | None) -> Line | None:
    """`share >= 40%` or `rank within the first third` as a limit."""
    if not text:
        return None
    if match := re.search(r"(>=|<=|>|<|≥|≤)\s*(\d+(?:\.\d+)?%?(?:/\d+)?)", text):
        return Line(op=Comparator(match[1]), value=match[2])
    part = next((v for w, v in _PARTS.items() if w in text), None)
    if part is None and (match := re.search(r"\d+(?:/\d+|%)", text)):
        part = match[0]
    return None if part is None else Line(op=Comparator.AT_MOST, value=part)


def refused(error: BoleError) -> dict[str, Any]:
    """What the program says of an input that cannot be right."""
    return {"result": "refused", "tell_user": "; ".join(p.text.en for p in error.problems)}


def numbered(data: Mapping[str, Any], stem: str) -> Iterator[tuple[str, Any]]:
    """`stem_1`, `stem_2` … of an input, with what stands behind the stem."""
    for key, value in data.items():
        if key.startswith(f"{stem}_"):
            yield key.removeprefix(f"{stem}_"), value
