"""Types with fixed numbers (四型 …): one primary type per person; a full type takes nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import count_problems
from bole.engine.text import Text


class TypeQuota(Model):
    """One type and its number of people; None = no limit set."""

    title: Name
    places: int | None = None


class TypeQuotas(Model):
    """The types of a base. `exact` numbers are limits; a base of "about" has none."""

    kind: Literal["types"] = "types"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    types: dict[Id, TypeQuota]


@dataclass(frozen=True)
class Row:
    """A person proposed for entry, with the types that the unit named."""

    row: int | str
    types: tuple[Any, ...]


@dataclass(frozen=True)
class RowResult:
    """Entered, or refused with the reason."""

    row: int | str
    entered: bool
    problem: Problem | None

    @property
    def text(self) -> Text:
        """The reason, or that the person entered."""
        return self.problem.text if self.problem else Text("入库", "entered")


@dataclass(frozen=True)
class Intake:
    """The rows in the order given, and the numbers held afterwards."""

    rows: tuple[RowResult, ...]
    held: dict[str, int]

    @property
    def total(self) -> int:
        """Everyone held."""
        return sum(self.held.values())


def take_in(quotas: TypeQuotas, held: Mapping[str, int | None], rows: Sequence[Row]) -> Intake:
    """Enter the rows one after another; a row that is refused changes nothing.

    Codes: TYPE_PRIMARY (not exactly one), TYPE_UNKNOWN, TYPE_FULL, TYPE_HELD (the number held is
    not on file). Raises `BoleError` (COUNT, TYPE_UNKNOWN, HELD_ABOVE_QUOTA) for a wrong `held`.
    """
    now = _checked(quotas, held)
    results = []
    for row in rows:
        problem = _refusal(quotas, now, row)
        if problem is None:
            now[row.types[0]] = (now[row.types[0]] or 0) + 1
        results.append(RowResult(row.row, problem is None, problem))
    return Intake(tuple(results), {name: n for name, n in now.items() if n is not None})


def _refusal(quotas: TypeQuotas, now: Mapping[str, int | None], row: Row) -> Problem | None:
    where = Text("第{row}行“类型”", "row {row}, field type").fill(row=row.row)
    names = ", ".join(quotas.types)
    known = Text("、".join(t.title.zh for t in quotas.types.values()), names)
    strange = [t for t in row.types if t not in quotas.types]
    if strange:
        return Problem(
            "TYPE_UNKNOWN",
            Text(
                "{where}：“{value}”不是{known}之一", "{where}: '{value}' is not one of {known}"
            ).fill(where=where, value=", ".join(map(str, strange)), known=known),
        )
    if len(row.types) != 1:
        return Problem(
            "TYPE_PRIMARY",
            Text("{where}：须且只须一个主类型", "{where}: exactly one primary type").fill(
                where=where
            ),
        )
    (name,) = row.types
    places, held = quotas.types[name].places, now.get(name)
    title = Text(quotas.types[name].title.zh, name)
    if held is None:
        return Problem(
            "TYPE_HELD",
            Text("{t}现有人数未登记，不能入库", "{t}: the number held is not on file").fill(
                t=title
            ),
        )
    if places is not None and held >= places:
        return Problem(
            "TYPE_FULL",
            Text(
                "{t}已满（{held}/{places}），请先提出出库",
                "{t} is full, {held} of {places}; propose an exit first",
            ).fill(t=title, held=held, places=places),
        )
    return None


def _checked(quotas: TypeQuotas, held: Mapping[str, int | None]) -> dict[str, int | None]:
    problems = []
    for name, value in held.items():
        if name not in quotas.types:
            text = Text("没有“{name}”这一类型", "there is no type '{name}'").fill(name=name)
            problems.append(Problem("TYPE_UNKNOWN", text))
            continue
        title, places = quotas.types[name].title, quotas.types[name].places
        if value is None:
            continue
        if wrong := count_problems([(title, value)]):
            problems += wrong
        elif places is not None and value > places:
            text = Text(
                "{t}现有{held}人，超过名额{places}人，请先核对",
                "{t}: {held} held are more than the quota {places}; correct it first",
            ).fill(t=title, held=value, places=places)
            problems.append(Problem("HELD_ABOVE_QUOTA", text))
    if problems:
        raise BoleError(problems)
    return {name: held.get(name, 0) for name in quotas.types}
