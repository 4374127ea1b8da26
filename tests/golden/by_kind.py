"""Cases of mechanisms without an adapter of their own: the kind of rule in the pack reads them.

A family is registered by the kind of rule (`@kind(Quota)`). A case of any mechanism that a pack
cites finds the pack's rules; the first whose family the input fits answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bole.engine.decision import read_section
from bole.engine.errors import BoleError
from bole.engine.schemes import files, load
from tests.golden import harness
from tests.golden.packs import SECTIONS

RULED = ("thresholds", "scoring", "decision", "notices", "instruments")
Family = Callable[[Any, dict[str, Any]], Any]
_families: dict[type, Family] = {}


class NotMine(Exception):
    """The input is of another shape than this family reads."""


def kind(*types: type) -> Callable[[Family], Family]:
    """Register a family for cases of rules of these types."""

    def register(function: Family) -> Family:
        for one in types:
            if one in _families:
                raise ValueError(f"two families for {one}")
            _families[one] = function
        return function

    return register


def plan_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the case's organisation entered, wherever the case writes it."""
    given = case.get("input") or {}
    inner = given if isinstance(given, Mapping) else {}
    return {
        **(case.get("parameters") or {}),
        **(inner.get("parameters") or {}),
        **(case.get("config") or {}),
        **(inner.get("config") or {}),
    }


@cache
def _texts() -> tuple[tuple[Path, str], ...]:
    return tuple((path, path.read_text(encoding="utf-8")) for path in files())


@cache
def _plain(path: Path) -> tuple[Any, ...]:
    scheme = load(path)
    return tuple(
        item
        for section, adapter in SECTIONS.items()
        for item in adapter.validate_python(getattr(scheme, section)).values()
    )


def cited(mechanism: str, plan: Mapping[str, Any]) -> Iterator[Any]:
    """Every item of every pack that cites the mechanism, with the case's values in it."""
    for path, text in _texts():
        if f'"{mechanism}"' not in text:
            continue
        yield from (i for i in _plain(path) if mechanism in i.mechanisms)
        scheme = load(path)
        values = {**scheme.values(), **{k: v for k, v in plan.items() if k in scheme.parameters}}
        for section in RULED:
            for item in read_section(section, getattr(scheme, section), values).values():
                if mechanism in getattr(item, "mechanisms", ()):
                    yield item


def mechanisms(case: Mapping[str, Any]) -> list[str]:
    return list(case.get("mechanisms") or [case["mechanism"]])


def run(case: dict[str, Any]) -> Any:
    """The answer of the first rule whose family the input fits."""
    tried = []
    found = [i for m in mechanisms(case) for i in cited(m, plan_of(case)) if type(i) in _families]
    # First the rules whose own names stand in the input, then those that it may mean.
    for guess in (0, 1, 2):
        for item in found:
            alone = sum(type(i) is type(item) for i in found) == 1
            try:
                return _families[type(item)](item, {**case, "guess": guess, "alone": alone})
            except NotMine as error:
                tried.append(f"{type(item).__name__} {getattr(item, 'id', '')}: {error}")
            except BoleError as error:
                return refused(error)
    raise AssertionError(f"no rule reads the input of {mechanisms(case)}: {tried or 'none found'}")


harness.otherwise(run)


def refused(error: BoleError, **row: Any) -> dict[str, Any]:
    """What the program says of an input that cannot be right."""
    said = "; ".join(p.say("en") for p in error.problems)
    return {
        **row,
        "result": "refused",
        "verdict": "refused",
        "state": "refused",
        "codes": [p.code for p in error.problems],
        "error": error.problems[0].code,
        "tell": said,
        "tell_user": said,
    }


def rows_of(table: Any) -> list[dict[str, Any]] | None:
    """A table as rows of named cells; None for anything that is no table."""
    if isinstance(table, Mapping) and "columns" in table and "rows" in table:
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    if isinstance(table, list) and table and all(isinstance(r, Mapping) for r in table):
        return [dict(row) for row in table]
    return None


def tables(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every table of an input by its name."""
    own = rows_of(data)
    found = {"rows": own} if own is not None else {}
    for name, value in data.items():
        if own is None or name not in ("columns", "rows"):
            rows = rows_of(value)
            if rows is not None:
                found[name] = rows
    return found


def each(case: Mapping[str, Any], read: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Every row of the case's tables through `read`; one table gives its list, several a mapping.

    A row's first cell names it. An input without a table is one row.
    """
    data = case["input"]
    found = tables(data)
    if not found:
        return _row(dict(data), read)
    out = {name: [_row(row, read) for row in rows] for name, rows in found.items()}
    return next(iter(out.values())) if len(out) == 1 else out


def _row(row: dict[str, Any], read: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    name = next(iter(row), None)
    subject = {name: row[name]} if name and isinstance(row[name], (str, int)) else {}
    try:
        return {**subject, **read(row)}
    except BoleError as error:
        return refused(error, **subject)


def first(row: Mapping[str, Any], *names: str) -> Any:
    """The cell of the first of these columns that the row has, or of one that begins so."""
    for name in names:
        if name in row:
            return row[name]
    for name in names:
        found = next((k for k in row if str(k).startswith(name)), None)
        if found is not None:
            return row[found]
    return None


def has(row: Mapping[str, Any], *names: str) -> bool:
    """Whether the row has such a column, filled in or not."""
    return any(n in row or any(str(k).startswith(n) for k in row) for n in names)


def said(text: Any) -> dict[str, Any]:
    """One sentence under the keys at which cases expect one."""
    return {"tell": text.en, "tell_user": text.en, "because": text.en}


def problems(found: list[Any], good: str = "accepted") -> dict[str, Any]:
    """A list of problems as an answer: all codes and all sentences at once."""
    told = "; ".join(p.say("en") for p in found)
    answer = "refused" if found else good
    return {
        "result": answer,
        "state": answer,
        "accepted": not found,
        "codes": [p.code for p in found],
        "tell": told,
        "tell_user": told,
    }
