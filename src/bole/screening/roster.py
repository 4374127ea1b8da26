"""The roster held in memory for screening, and the answers of rule sets over it."""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max
from django.utils import timezone

from bole.accounts.models import User
from bole.engine.facts.events import Events, only
from bole.engine.screening import (
    CompiledRules,
    PersonAnswer,
    Population,
    Screening,
    becomes_eligible,
    explain,
    screen,
)
from bole.people.models import Cadre
from bole.people.queries import events
from bole.screening.permissions import screened

MOST_ANSWERS = 24
A_FEW = 100  # people


@dataclass
class Held:
    """Everybody's event tables as they stood at `taken_at`; `version` tells when they are old."""

    version: tuple[object, ...]
    taken_at: datetime.datetime
    events: Events
    population: Population
    answers: OrderedDict[tuple[object, ...], Any] = field(default_factory=OrderedDict)

    def once(self, key: tuple[object, ...], find: Callable[[], Any]) -> Any:
        """The answer of `key`, found at most once while these tables hold."""
        if key not in self.answers:
            self.answers[key] = find()
            while len(self.answers) > MOST_ANSWERS:
                self.answers.popitem(last=False)
        self.answers.move_to_end(key)
        return self.answers[key]


# A DuckDB connection is not for two threads at a time; neither are the answers beside it.
_lock = threading.RLock()
_held: Held | None = None


def version() -> tuple[object, ...]:
    """What changes whenever somebody's file does: the last change and how many people there are."""
    found = Cadre.objects.aggregate(last=Max("updated_at"), people=Count("pk"))
    return found["last"], found["people"]


def held() -> Held:
    """The tables of the database's present state; read again only when a file has changed."""
    global _held
    with _lock:
        now = version()
        if _held is None or _held.version != now:
            # Stamped before reading: a change in between makes the next question read again.
            taken = timezone.now()
            tables = events()
            _held = Held(now, taken, tables, Population(tables, complete_already=True))
        return _held


@dataclass(frozen=True)
class Answered:
    """A screening of the people whom the user may see, and how fresh its tables are."""

    screening: Screening
    taken_at: datetime.datetime


def judge(user: User, rules: CompiledRules, day: datetime.date) -> Answered:
    """The rules over the user's part of the roster as of a day.

    Everybody is judged, since facts such as relatives look at others, and then narrowed.
    """
    with _lock:
        here = held()
        whole: Screening = here.once(
            ("screen", rules.key, _dates(rules), day),
            lambda: screen(rules, here.population, day, facts=False),
        )
    ids = pa.array(list(screened(user).values_list("pk", flat=True)), pa.int64())
    table = whole.table.filter(pc.is_in(whole.table.column("person"), value_set=ids))
    return Answered(Screening(whole.rules, day, table), here.taken_at)


def reasons(rules: CompiledRules, day: datetime.date, people: Sequence[int]) -> list[PersonAnswer]:
    """The answers of some people with sentences and evidence; the caller checks who may ask."""
    if not people:
        return []
    with _lock:
        here = held()
        if len(people) > A_FEW:
            return explain(rules, here.population, day, people)
        # A few people go over the warm desk, with those whom their relations name beside them.
        kin = only(here.events, people)["relations"].column("related_person").drop_null()
        beside = list(dict.fromkeys([*people, *kin.to_pylist()]))[: 2 * A_FEW]
        subset = only(here.events, beside)
        answers = {a.person: a for a in explain(rules, subset, day)}
        return [answers[p] for p in people]


def soon(
    user: User, rules: CompiledRules, day: datetime.date, months: int = 12
) -> dict[int, datetime.date]:
    """Who of the user's people becomes eligible within `months` after the day, and when."""
    mine = set(screened(user).values_list("pk", flat=True))
    with _lock:
        here = held()
        found: dict[int, datetime.date] = here.once(
            ("soon", rules.key, _dates(rules), day, months, frozenset(mine)),
            lambda: becomes_eligible(rules, only(here.events, sorted(mine)), day, months),
        )
    return found


def _dates(rules: CompiledRules) -> tuple[object, ...]:
    """What `rules.key` leaves out and a kept answer still depends on."""
    return tuple((r.rule.effective, r.rule.until, r.rule.strength) for r in rules.rules)
