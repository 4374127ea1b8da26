"""The facts that rules use, for one cadre, each with the rows that it comes from."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import duckdb
import ibis
from django.utils.translation import get_language

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound, YearBack
from bole.engine.facts.events import TABLES
from bole.engine.facts.plan import Columns, derive
from bole.engine.facts.rows import describe
from bole.engine.facts.views import Tables
from bole.people.models import Cadre
from bole.people.queries.events import events

# What an officer looks for first. Facts of masked tables (family, sanctions, health) are not here.
SHOWN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("age", {}),
    ("years_of_work", {}),
    ("years_in_party", {}),
    ("education", {}),
    ("years_at_present_grade", {}),
    ("years_in_post", {}),
    ("years_at_grass_roots", {}),
    ("appraisal", {"year": YearBack(1)}),
    ("appraisal", {"year": YearBack(2)}),
)
# Views of the engine and the history whose rows they hold.
HISTORY_OF = {
    "present_grade": "grades",
    "grade_spells": "grades",
    "present_post": "posts",
    "places": "posts",
}
BASIC = {"age": "birth", "years_of_work": "work_start", "years_in_party": "party_joined"}
_lock = threading.Lock()


@dataclass(frozen=True)
class Row:
    """A source row: a sentence, and where on the page it stands."""

    text: str
    anchor: str = ""


@dataclass
class Fact:
    """A fact as of today: its name, its value in words (or what is missing), its rows."""

    label: str
    value: str
    known: bool
    rows: list[Row] = field(default_factory=list)


class _Sheet:
    """The facts of one day as two prepared statements over tables that hold one person.

    The engine's expressions are compiled once a day; a person then costs loading a few rows and
    running the statements.
    """

    def __init__(self, day: datetime.date) -> None:
        self.bound = [FACTS[name].bind(**given) for name, given in SHOWN]
        self.connection = duckdb.connect()
        # For a few rows the optimizer takes ten times as long as the query itself.
        self.connection.execute("SET threads = 1")
        self.connection.execute("PRAGMA disable_optimizer")
        backend = ibis.duckdb.from_connection(self.connection)
        for name, schema in TABLES.items():
            self.connection.register("empty", schema.empty_table())
            self.connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM empty')
        self.connection.unregister("empty")
        tables = {name: backend.table(name) for name in TABLES}
        holes = tables.pop("unrecorded")
        unrecorded = {n: holes.filter(holes.table == n).select("person") for n in tables}
        today, settings = ibis.literal(day), Settings()
        derivation = derive(self.bound, tables, today, settings, unrecorded)
        self.columns: dict[str, Columns] = dict(derivation.columns)
        moment = Moment(today, settings, "reached")
        views = Tables(tables, moment)
        parts = []
        for number, bound in enumerate(self.bound):
            source = bound.fact.source
            view = None if source.table == "persons" else views.get(source.table)
            if view is not None:
                hit = view.filter(source.hit(moment, view, bound.args).fill_null(False))
                parts.append(hit.select(fact=ibis.literal(number), row=hit.row))
        rows = parts[0].union(*parts[1:])
        self.connection.execute(f"PREPARE facts AS {backend.compile(derivation.table)}")
        self.connection.execute(f"PREPARE sources AS {backend.compile(rows)}")

    def of(self, person: int) -> tuple[dict[str, Any], list[tuple[int, int]], dict[str, Any]]:
        """The fact columns, the (fact, row) pairs, and the event rows by table and key."""
        found = events([person])
        for name, table in found.items():
            self.connection.execute(f'DELETE FROM "{name}"')
            if table.num_rows:
                self.connection.register("rows", table)
                self.connection.execute(f'INSERT INTO "{name}" SELECT * FROM rows')
                self.connection.unregister("rows")
        result = self.connection.execute("EXECUTE facts")
        names = [d[0] for d in result.description]
        values = dict(zip(names, result.fetchone() or (), strict=False))
        pairs = self.connection.execute("EXECUTE sources").fetchall()
        rows = {
            name: {row["row"]: row for row in table.to_pylist()}
            for name, table in found.items()
            if "row" in table.column_names
        }
        return values, pairs, {"persons": found["persons"].to_pylist()[0], **rows}


@lru_cache(maxsize=2)
def _sheet(day: datetime.date) -> _Sheet:
    return _Sheet(day)


def derived_facts(cadre: Cadre, day: datetime.date) -> list[Fact]:
    """The facts of a cadre as of a day, as rules would see them, with their rows.

    A fact that cannot be derived says so; one that month-only dates leave open is a range.
    """
    with _lock:
        sheet = _sheet(day)
        values, pairs, rows = sheet.of(cadre.pk)
    language = get_language() or "zh"
    out = []
    for number, bound in enumerate(sheet.bound):
        columns = sheet.columns[bound.key]
        low, high = values.get(columns.low), values.get(columns.high)
        known = low is not None
        out.append(
            Fact(
                label=bound.label.say(language),
                value=_value(bound, low, high, language),
                known=known,
                rows=_rows(bound, number, pairs, rows, language),
            )
        )
    return out


def _value(bound: Bound, low: Any, high: Any, language: str) -> str:
    english = language.startswith("en")
    if low is None:
        return "not known: no entry" if english else "无法确定：没有相应登记"
    shown = [_one(bound, v, language) for v in (low, high)]
    text = shown[0] if shown[0] == shown[1] else "–".join(shown)
    unit = bound.type.unit
    if unit is None:
        return text
    return f"{text} {unit.en}" if english else f"{text}{unit.zh}"


def _one(bound: Bound, value: Any, language: str) -> str:
    if value is None:
        return "?"
    if bound.type.scale is not None:
        return bound.type.scale.show(int(value)).say(language)
    return str(value)


def _rows(
    bound: Bound,
    number: int,
    pairs: list[tuple[int, int]],
    rows: dict[str, Any],
    language: str,
) -> list[Row]:
    if bound.fact.name in BASIC:
        column = BASIC[bound.fact.name]
        value = rows["persons"].get(column)
        if value is None:
            return []
        precision = rows["persons"].get(f"{column}_precision")
        return [Row(f"{value:%Y.%m}" if precision == "month" else f"{value:%Y.%m.%d}")]
    table = HISTORY_OF.get(bound.fact.source.table, bound.fact.source.table)
    found = []
    for fact, key in pairs:
        row = rows.get(table, {}).get(key)
        if fact == number and row is not None:
            found.append(Row(describe(table, row).say(language), f"{table}-{key}"))
    return found
