"""The roster held in memory for screening, and the answers of rule sets over it."""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
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
MANY = 500


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
_phase = ""


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
            with _doing("reading"):
                tables = events()
            _held = Held(now, taken, tables, Population(tables, complete_already=True))
        return _held


@dataclass(frozen=True)
class Answered:
    """A screening of the people whom the user may see, and how fresh its tables are.

    In `whole`, rules that a person judges are unknown for all whom they concern, and so is the
    overall verdict of those who meet all others. `by_files` leaves such rules out.
    """

    whole: Screening
    taken_at: datetime.datetime

    @cached_property
    def by_files(self) -> Screening:
        """What the files answer: the same people, without the rules that a person judges."""
        whole = self.whole
        rules = CompiledRules(
            tuple(r for r in whole.rules.rules if r.rule.judged is None),
            whole.rules.parameters,
            whole.rules.settings,
        )
        if len(rules.rules) == len(whole.rules.rules):
            return whole
        verdict = pa.chunked_array([pa.repeat(pa.scalar(True), whole.table.num_rows)])
        for one in rules.rules:
            if one.rule.strength not in ("warn", "note"):
                verdict = pc.and_kleene(verdict, whole.table.column(one.rule.id))
        place = whole.table.column_names.index("verdict")
        table = whole.table.set_column(place, "verdict", verdict)
        return Screening(rules, whole.day, table)

    @cached_property
    def questions(self) -> dict[str, pa.ChunkedArray]:
        """For each rule in force that a person judges, whom it concerns, row by row.

        Where the file leaves open whether it does, it does.
        """
        return {
            r.rule.id: pc.is_null(self.whole.table.column(r.rule.id))
            for r in self.whole.rules.rules
            if r.rule.judged is not None
        }


def known(rules: CompiledRules, day: datetime.date) -> bool:
    """Whether the answer lies ready: nothing has to be read or judged first."""
    here = _held  # without the lock: whoever asks does not want to wait
    return here is not None and here.version == version() and _key(rules, day) in here.answers


def is_long() -> bool:
    """Whether judging everybody takes long enough to show that it goes on."""
    return Cadre.objects.count() > MANY


def phase() -> str:
    """What is being done at this moment in this process: reading, judging, or nothing."""
    return _phase


@contextmanager
def _doing(what: str) -> Iterator[None]:
    global _phase
    before, _phase = _phase, what
    try:
        yield
    finally:
        _phase = before


def judge(user: User, rules: CompiledRules, day: datetime.date) -> Answered:
    """The rules over the user's part of the roster as of a day.

    Everybody is judged, since facts such as relatives look at others, and then narrowed.
    """
    with _lock:
        here = held()
        with _doing("judging"):
            whole: Screening = here.once(
                _key(rules, day), lambda: screen(rules, here.population, day, facts=False)
            )
    ids = pa.array(list(screened(user).values_list("pk", flat=True)), pa.int64())
    table = whole.table.filter(pc.is_in(whole.table.column("person"), value_set=ids))
    return Answered(Screening(whole.rules, day, table), here.taken_at)


def _key(rules: CompiledRules, day: datetime.date) -> tuple[object, ...]:
    return "screen", rules.key, _dates(rules), day


def reasons(rules: CompiledRules, day: datetime.date, people: Sequence[int]) -> list[PersonAnswer]:
    """The answers of some people with sentences and evidence; the caller checks who may ask."""
    if not people:
        return []
    with _lock:
        return explain(rules, held().population, day, people)


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
    return tuple(
        (r.rule.effective, r.rule.until, r.rule.strength, r.rule.judged) for r in rules.rules
    )
