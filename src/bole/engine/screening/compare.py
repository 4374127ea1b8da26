"""What changes: between two days or two rule sets, and who becomes eligible when."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from bole.engine.expressions import tree
from bole.engine.facts.events import Events, complete, only
from bole.engine.screening.compiled import leaves
from bole.engine.screening.rules import CompiledRules
from bole.engine.screening.screen import Screening, screen


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

    Maps each to the first such day, also where it is followed by days without. Looks lie a month
    apart; between two of them only those are judged further, by halving, for whom the conditions
    could all hold on one day, given their answers on both. So a single condition may change once
    between two looks; one that holds for days inside a month only (`as_of == …`) is not found.
    """
    search = _Search(complete(events))
    now = search.look(rules.in_force(as_of), as_of)
    search.waiting = now.answers.column("person").filter(pc.invert(now.met))
    for first, last, active in _periods(rules, as_of, _later(as_of, months)):
        before = search.look(active, first)
        search.note(before)
        for day in _looks(as_of, months, first, last):
            after = search.look(active, day)
            search.between(before, after)
            before = after
    return search.found


def _looks(
    as_of: datetime.date, months: int, first: datetime.date, last: datetime.date
) -> list[datetime.date]:
    """The days a month apart after `first`, and `last`."""
    monthly = [_later(as_of, ahead) for ahead in range(1, months + 1)]
    return [d for d in dict.fromkeys([*(m for m in monthly if m < last), last]) if d > first]


def _periods(
    rules: CompiledRules, as_of: datetime.date, last: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date, CompiledRules]]:
    """The days after `as_of`, cut where a rule begins or ends: first and last day, its rules."""
    one = datetime.timedelta(days=1)
    cuts = {as_of + one}
    for rule in (r.rule for r in rules.rules):
        cuts |= {d for d in (rule.effective, rule.until and rule.until + one) if d is not None}
    starts = sorted(d for d in cuts if as_of < d <= last)
    for start, following in zip(starts, [*starts[1:], last + one], strict=True):
        yield start, following - one, rules.in_force(start)


@dataclass(frozen=True)
class _Look:
    """Answers on a day in the order of persons: the verdict, and each single condition."""

    rules: CompiledRules
    day: datetime.date
    answers: pa.Table

    @property
    def met(self) -> pa.ChunkedArray:
        return pc.fill_null(self.answers.column("verdict"), False)

    def only(self, people: pa.Array | pa.ChunkedArray) -> _Look:
        """The same of some people."""
        keep = pc.is_in(self.answers.column("person"), value_set=people)
        return _Look(self.rules, self.day, self.answers.filter(keep))


class _Search:
    """Looks for first days of eligibility among `waiting`; `found` has them by person."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.waiting = events["persons"].column("person")
        self.found: dict[int, datetime.date] = {}

    def look(
        self, rules: CompiledRules, day: datetime.date, people: pa.ChunkedArray | None = None
    ) -> _Look:
        """The answers of these people, or of all who wait, on a day."""
        people = self.waiting if people is None else people
        events = self.events
        if len(people) < events["persons"].num_rows:
            events = only(events, people)
        answers = screen(rules, events, day, facts=False, conditions=True).table
        return _Look(rules, day, answers.sort_by("person"))

    def note(self, look: _Look) -> None:
        """Keep whoever of those who wait is eligible on that day."""
        met = look.answers.column("person").filter(look.met)
        self.found.update(dict.fromkeys(met.to_pylist(), look.day))
        self.waiting = self.waiting.filter(pc.invert(pc.is_in(self.waiting, value_set=met)))

    def between(self, before: _Look, after: _Look) -> None:
        """The first days after `before`, on which none of them is eligible, up to `after`."""
        both = before.only(self.waiting).answers.column("person")
        after = after.only(both)
        before = before.only(after.answers.column("person"))
        people = after.answers.column("person").filter(_possible(before, after))
        if not len(people):
            return
        days = (after.day - before.day).days
        if days <= 1:
            self.note(after.only(people))
            return
        middle = self.look(after.rules, before.day + datetime.timedelta(days=days // 2), people)
        self.between(before, middle)
        self.between(middle, after)


def _possible(before: _Look, after: _Look) -> pa.ChunkedArray:
    """Who may be eligible on a day from one look to the other."""
    may = pc.is_valid(after.answers.column("person"))
    for compiled_rule in after.rules.rules:
        rule, condition = compiled_rule.rule, compiled_rule.condition
        if rule.strength in ("warn", "note"):
            continue
        if condition is None:
            return pc.and_(may, False)  # nobody knows what it asks
        names = iter(f"{rule.id}#{i}" for i in range(len(leaves(compiled_rule))))
        not_asked = None
        if compiled_rule.when is not None:
            not_asked = _may_be(compiled_rule.when, False, names, before, after)
        met = _may_be(condition, rule.bar is None, names, before, after)
        may = pc.and_(may, met if not_asked is None else pc.or_(not_asked, met))
    return may


def _may_be(
    node: tree.Node, value: bool, names: Iterator[str], before: _Look, after: _Look
) -> pa.ChunkedArray:
    """For whom a condition may have the value if each single one keeps to one of its two answers.

    `names` gives the columns of the single conditions in their order.
    """
    if isinstance(node, tree.Not):
        return _may_be(node.item, not value, names, before, after)
    if isinstance(node, tree.Logic):
        parts = [_may_be(item, value, names, before, after) for item in node.items]
        every = (node.operator == "and") is value
        return reduce(pc.and_ if every else pc.or_, parts)
    name = next(names)
    first, second = (
        pc.fill_null(pc.equal(look.answers.column(name), value), False) for look in (before, after)
    )
    return pc.or_(first, second)


def _later(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))
