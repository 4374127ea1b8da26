"""The facts that rules use, for one cadre, each with the rows that it comes from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ibis
from django.utils.translation import get_language

from bole.engine.facts.catalogue import FACTS
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound, YearBack
from bole.engine.facts.events import IBIS_SCHEMAS
from bole.engine.facts.few import Program
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
# Stands for the day while the program is made.
ANY_DAY = datetime.date(998, 7, 6)


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
    """The facts as a program of the engine, made once; a person then costs reading their rows."""

    def __init__(self) -> None:
        self.bound = [FACTS[name].bind(**given) for name, given in SHOWN]
        tables = {name: ibis.table(schema, name=name) for name, schema in IBIS_SCHEMAS.items()}
        holes = tables.pop("unrecorded")
        unrecorded = {n: holes.filter(holes.table == n) for n in tables}
        today, settings = ibis.literal(ANY_DAY), Settings()
        derivation = derive(self.bound, tables, today, settings, unrecorded)
        self.columns: dict[str, Columns] = dict(derivation.columns)
        moment = Moment(today, settings)
        views = Tables(tables, moment)
        outputs = {"facts": derivation.table}
        for number, bound in enumerate(self.bound):
            source = bound.fact.source
            view = None if source.table == "persons" else views.get(source.table)
            if view is not None:
                hit = view.filter(source.hit(moment, view, bound.args).fill_null(False))
                outputs[str(number)] = hit.select("row")
        self.program = Program(outputs, ANY_DAY)

    def of(
        self, person: int, day: datetime.date
    ) -> tuple[dict[str, Any], list[tuple[int, int]], dict[str, Any]]:
        """The fact columns, the (fact, row) pairs, and the event rows by table and key."""
        found = events([person])
        out = self.program.run({n: found[n].to_pydict() for n in self.program.tables}, day)
        (values,) = out.pop("facts")
        pairs = [(int(number), row["row"]) for number, rows in out.items() for row in rows]
        rows = {
            name: {row["row"]: row for row in table.to_pylist()}
            for name, table in found.items()
            if "row" in table.column_names
        }
        return values, pairs, {"persons": found["persons"].to_pylist()[0], **rows}


@lru_cache(maxsize=1)
def _sheet() -> _Sheet:
    return _Sheet()


def derived_facts(cadre: Cadre, day: datetime.date) -> list[Fact]:
    """The facts of a cadre as of a day, as rules would see them, with their rows.

    A fact that cannot be derived says so; one that month-only dates leave open is a range.
    """
    sheet = _sheet()
    values, pairs, rows = sheet.of(cadre.pk, day)
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
