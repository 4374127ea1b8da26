"""Reading chapter 2 cases: their parameters in place of the pack's, and their odd spellings."""

from __future__ import annotations

from typing import Any

from bole.engine.exact.comparators import Comparator
from bole.engine.exact.figures import Figures
from bole.engine.exact.numbers import exact
from bole.engine.nomination import Meeting, Part

FIGURES = ("due", "present", "issued", "returned", "valid")


def parameters(case: dict[str, Any]) -> dict[str, Any]:
    """The case's parameters, also those that it gives under its input."""
    given = case.get("input") or {}
    return {
        **(case.get("parameters") or {}),
        **(given.get("parameters") or {}),
        **(case.get("config") or {}),
    }


def figures(row: dict[str, Any], where: str = "") -> Figures:
    return Figures.read({k: row.get(k) for k in FIGURES}, where)


def meeting_of(meeting: Meeting, given: dict[str, Any]) -> Meeting:
    """The pack's meeting with the thresholds that the case states."""
    changes: dict[str, Any] = {}
    for key, prefix in (("quorum", "quorum"), ("passes", "pass")):
        old: Part | None = getattr(meeting, key)
        if any(name.startswith(prefix + "_") for name in given):
            changes[key] = Part(
                op=given.get(f"{prefix}_op", old.op if old else ">="),
                share=exact(given.get(f"{prefix}_fraction", old.share if old else "1/2")),
                of=given.get(f"{prefix}_of", old.of if old else "due"),
            )
    if given.get("difference") is not None:
        changes["difference"] = exact(given["difference"])
    return meeting.model_copy(update=changes)


def op(value: Any, default: Comparator) -> Comparator:
    return default if value is None else Comparator(value)
