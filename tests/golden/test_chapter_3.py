"""Chapter 3 with a value taken out or made impossible: named, never a crash, never zero."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.golden import harness, test_golden  # noqa: F401  (imports register the adapters)

CASES = harness.load(3)


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _numbers(inner, (*path, i))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path


def _with(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(data)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


# Cells that name a line instead of counting something.
NAMES = {"line", "ballot", "setup_check_for_unit_of", "posts", "names_allowed", "open_complaints"}


def _is_name(case: dict[str, Any], path: tuple[Any, ...]) -> bool:
    table = case["input"]
    for step in path[:-2]:
        table = table[step]
        if isinstance(table, dict) and "columns" in table:
            break
    columns = table.get("columns") if isinstance(table, dict) else None
    cell = columns[path[-1]] if columns and isinstance(path[-1], int) else path[-1]
    return str(cell) in NAMES


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_any_value_may_be_missing(case):
    run = harness.adapter_of(case)
    for path in _numbers(case["input"]):
        if not _is_name(case, path):
            run({**case, "input": _with(case["input"], path, None)})


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
@pytest.mark.parametrize("broken", [-1, 10**6, "many"])
def test_any_value_may_be_impossible(case, broken):
    run = harness.adapter_of(case)
    for path in _numbers(case["input"]):
        if not _is_name(case, path):
            run({**case, "input": _with(case["input"], path, broken)})
