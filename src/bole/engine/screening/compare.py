"""What changes: between two days or two rule sets, and who becomes eligible when."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from bole.engine.facts.events import Events, complete, only
from bole.engine.screening.desk import desk
from bole.engine.screening.explain import A_FEW
from bole.engine.screening.rules import CompiledRules
from bole.engine.screening.screen import Population, Screening, screen


@dataclass(frozen=True)
class Change:
    """A person whose overall verdict differs; `rules` maps rule ids to (before, after).

    A rule that one of the two sets does not have is None there, as is an unknown answer.
    """

    person: int
    name: str | None
    before: bool | None
    after: bool | None
    rules: Mapping[str, tuple[bool | None, bool | None]]


@dataclass(frozen=True)
class Comparison:
    """Who enters (becomes met), who leaves (is no longer met), and whose other answer differs."""

    enter: tuple[Change, ...]
    leave: tuple[Change, ...]
    other: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare(before: Screening, after: Screening) -> Comparison:
    """The differences of two screenings of the same people, person by person with the rules."""
    left = {r["person"]: r for r in before.table.select(_columns(before)).to_pylist()}
    enter: list[Change] = []
    leave: list[Change] = []
    other: list[Change] = []
    ids = list(dict.fromkeys([*before.ids, *after.ids]))
    for row in after.table.select(_columns(after)).to_pylist():
        old = left.pop(row["person"], {})
        _sort(row["person"], row["name"], old, row, ids, enter, leave, other)
    for person, old in left.items():
        _sort(person, old["name"], old, {}, ids, enter, leave, other)
    return Comparison(
        tuple(enter),
        tuple(leave),
        tuple(other),
        tuple(i for i in before.ids if i not in after.ids),
        tuple(i for i in after.ids if i not in before.ids),
    )


def _columns(screening: Screening) -> list[str]:
    return ["person", "name", "verdict", *screening.ids]


def _sort(
    person: int,
    name: str | None,
    old: Mapping[str, bool | None],
    new: Mapping[str, bool | None],
    ids: list[str],
    enter: list[Change],
    leave: list[Change],
    other: list[Change],
) -> None:
    before, after = old.get("verdict"), new.get("verdict")
    if before is after:
        return
    changed = {i: (old.get(i), new.get(i)) for i in ids if old.get(i) is not new.get(i)}
    change = Change(person, name, before, after, changed)
    (enter if after else leave if before else other).append(change)


def becomes_eligible(
    rules: CompiledRules,
    events: Mapping[str, pa.Table],
    as_of: datetime.date,
    months: int = 12,
) -> dict[int, datetime.date]:
    """People not eligible on `as_of` who will be within `months`, if nothing else changes.

    Maps each to the first such day. Each day a month further on is judged; inside the month
    in which a person becomes eligible the day is found by halving. Somebody who is eligible only
    for days between two looks (a month apart) is not found.
    """
    tables = complete(events)
    now = screen(rules, tables, as_of, facts=False)
    waiting = [p for verdict in (False, None) for p in now.people(verdict)]
    out: dict[int, datetime.date] = {}
    before = as_of
    for ahead in range(1, months + 1):
        if not waiting:
            break
        then = _later(as_of, ahead)
        rest = only(tables, waiting)
        judge = _judge(rules, rest)
        reached = judge(then)
        _halve(rules, rest, before, then, reached, out)
        waiting = [p for p in waiting if p not in out]
        before = then
    return out


def _judge(rules: CompiledRules, events: Events) -> Callable[[datetime.date], list[int]]:
    # A warm desk plans a question about a few people many times faster than a new population.
    population: Population
    if events["persons"].num_rows <= A_FEW:
        population = desk()
        population.replace(events)
    else:
        population = Population(events, complete_already=True)

    def eligible(day: datetime.date) -> list[int]:
        table = screen(rules, population, day, facts=False).table
        chosen = table.filter(pc.fill_null(table.column("verdict"), False))
        return list(chosen.column("person").to_pylist())

    return eligible


def _halve(
    rules: CompiledRules,
    events: Events,
    not_yet: datetime.date,
    reached: datetime.date,
    people: list[int],
    out: dict[int, datetime.date],
) -> None:
    """The first day after `not_yet` up to `reached` for each of the people."""
    if not people:
        return
    if (reached - not_yet).days <= 1:
        out.update(dict.fromkeys(people, reached))
        return
    middle = not_yet + (reached - not_yet) // 2
    mine = only(events, people)
    already = set(_judge(rules, mine)(middle))
    _halve(rules, mine, not_yet, middle, [p for p in people if p in already], out)
    _halve(rules, mine, middle, reached, [p for p in people if p not in already], out)


def _later(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))
