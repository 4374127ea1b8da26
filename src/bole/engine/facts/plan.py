"""From event tables to one row of facts per person, each table read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.expr.datatypes import DataType

from bole.engine.facts import sources
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound
from bole.engine.facts.events import IBIS_SCHEMAS
from bole.engine.facts.sources import Person, Range
from bole.engine.facts.views import Tables, base_tables


@dataclass(frozen=True)
class Columns:
    """The columns of a fact: one if it is exact, a lower and an upper bound otherwise."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def of(self, t: ir.Table) -> Range:
        low = t[self.low]
        return Range.exact(low) if self.exact else Range(low, t[self.high])


@dataclass(frozen=True)
class Derivation:
    """One row per person: `person`, `name` and the columns of each fact, by the fact's key."""

    table: ir.Table
    columns: Mapping[str, Columns]


def derive(
    facts: Iterable[Bound],
    events: Mapping[str, ir.Table],
    day: ir.DateValue,
    settings: Settings,
    unrecorded: Mapping[str, ir.Table] | None = None,
) -> Derivation:
    """The facts of every person of `events["persons"]` as of `day`.

    `events` maps names of event tables to Ibis tables of one backend; an absent one has no rows.
    `unrecorded` maps table names to tables with the `person`s for whom that history was never
    filled in: their facts of it are null. Each table is grouped once for all facts of it.
    """
    wanted = {b.key: b for b in facts}
    readings = _readings(wanted, settings)
    base = events["persons"]
    got: dict[tuple[str, str], dict[str, str]] = {}
    for reading in sorted({r for rs in readings.values() for r in rs}):
        m = Moment(day, settings, reading)  # type: ignore[arg-type]
        asked = {k: b for k, b in wanted.items() if reading in readings[k]}
        for i, (table, mine) in enumerate(by_table(asked, Tables(events, m))):
            grouped, names = _grouped(table, mine, m, f"{reading[0]}{i}")
            got.update({(reading, key): aggregates for key, aggregates in names.items()})
            base = _beside(base, grouped, f"{reading[0]}{i}")
    base, holes = _mark_holes(base, wanted, unrecorded or {})
    out: dict[str, ir.Value] = {"person": base.person, "name": base.name}
    columns: dict[str, Columns] = {}
    for i, (key, bound) in enumerate(wanted.items()):
        value = _value(bound, base, got, readings[key], day, settings)
        for hole in holes.get(key, ()):
            low = ibis.ifelse(base[hole].notnull(), ibis.literal(None, value.low.type()), value.low)
            high = (
                low
                if value.is_exact
                else ibis.ifelse(
                    base[hole].notnull(), ibis.literal(None, value.high.type()), value.high
                )
            )
            value = Range(low, high)
        columns[key] = Columns(f"f{i}", f"f{i}" if value.is_exact else f"f{i}_high")
        for column, bound_value in ((columns[key].low, value.low), (columns[key].high, value.high)):
            # Dates computed with intervals come out as timestamps on some engines, and a cast of
            # what Ibis takes for a date already would be left out.
            date = bound.type.kind == "date"
            out[column] = bound_value.cast("timestamp").cast("date") if date else bound_value
    return Derivation(base.select(**out), columns)


def _readings(wanted: Mapping[str, Bound], settings: Settings) -> dict[str, tuple[str, ...]]:
    """Month-only dates are read once, or as short and as long as they can be."""
    twice = settings.month_dates == "unknown"
    out: dict[str, tuple[str, ...]] = {}
    for key, bound in wanted.items():
        source = bound.fact.source
        dated = isinstance(source, sources.Spells) or (isinstance(source, Person) and source.dated)
        out[key] = ("long", "short") if twice and dated else ("reached",)
    return out


def by_table(facts: Mapping[str, Bound], tables: Tables) -> list[tuple[ir.Table, dict[str, Bound]]]:
    """The facts by the table or view that they are drawn from; equal views are one.

    Facts of the person, and of tables without any row, are left out.
    """
    out: list[tuple[ir.Table, dict[str, Bound]]] = []
    for name in sorted({b.fact.source.table for b in facts.values()} - {"persons"}):
        table = tables.get(name)
        if table is None:
            continue
        mine = {k: b for k, b in facts.items() if b.fact.source.table == name}
        # Without grades on file, for instance, their spells are the posts: one pass does for both.
        same = next((group for known, group in out if known.equals(table)), None)
        if same is None:
            out.append((table, mine))
        else:
            same.update(mine)
    return out


def hit_of(bound: Bound, m: Moment, table: ir.Table) -> ir.BooleanValue:
    """The rows behind a fact, as a column even where the fact takes every row."""
    hit = bound.fact.source.hit(m, table, bound.args)
    if isinstance(hit.op(), ops.InValues):
        # `x IN (…) IS NULL` is written without brackets, which Spark cannot read.
        return hit & ibis.literal(True)
    return hit if hit.op().shape.is_columnar() else ibis.ifelse(table.person.isnull(), hit, hit)


def _grouped(
    table: ir.Table, mine: Mapping[str, Bound], m: Moment, prefix: str
) -> tuple[ir.Table, dict[str, dict[str, str]]]:
    """One row per person with the aggregates of these facts, equal ones computed once."""
    spells = {k: b for k, b in mine.items() if isinstance(b.fact.source, sources.Spells)}
    others = {k: b for k, b in mine.items() if k not in spells}
    measures: dict[str, dict[str, ir.Value]] = {}
    if spells:
        hits: dict[str, ir.BooleanValue] = {}
        same: dict[str, str] = {}  # years and months of the same service share their windows
        for i, (key, bound) in enumerate(spells.items()):
            hit = hit_of(bound, m, table)
            twin = next((n for n, h in hits.items() if h.equals(hit)), None)
            same[key] = twin or f"s{i}"
            hits.setdefault(same[key], hit)
        # Windows carry every column along that they are given: only those that others still need.
        kept = _columns(table, [v for b in others.values() for v in _measures(b, m, table)])
        table, sums = sources.spell_windows(sources.spell_columns(table, hits, kept, m), hits, m)
        measures = {key: sums[same[key]] for key in spells}
    for key, bound in others.items():
        source = bound.fact.source
        measures[key] = source.measures(m, table, hit_of(bound, m, table), bound.args)
    aggregates: dict[str, ir.Value] = {}
    names: dict[str, dict[str, str]] = {}
    for key, values in measures.items():
        names[key] = {}
        for label, value in values.items():
            known = next((c for c, v in aggregates.items() if v.equals(value)), None)
            column = known or f"{prefix}_{len(aggregates)}"
            aggregates[column] = value
            names[key][label] = column
    return table.group_by("person").aggregate(**aggregates), names


def _measures(bound: Bound, m: Moment, table: ir.Table) -> list[ir.Value]:
    source = bound.fact.source
    return list(source.measures(m, table, hit_of(bound, m, table), bound.args).values())


def _columns(table: ir.Table, values: list[ir.Value]) -> list[str]:
    """The columns of the table that the values look at."""
    found = {f.name for v in values for f in v.op().find(ops.Field) if f.rel == table.op()}
    return sorted(found - {"person"})


def _beside(base: ir.Table, more: ir.Table, name: str) -> ir.Table:
    """The columns of `more`, one row per person, beside those of `base`.

    Keys with names of their own keep all joins in one flat statement.
    """
    more = more.rename({f"{name}_person": "person"})
    return base.left_join(more, base.person == more[f"{name}_person"])


def _value(
    bound: Bound,
    base: ir.Table,
    got: Mapping[tuple[str, str], Mapping[str, str]],
    readings: tuple[str, ...],
    day: ir.DateValue,
    settings: Settings,
) -> Range:
    source = bound.fact.source
    values = {}
    for reading in readings:
        m = Moment(day, settings, reading)  # type: ignore[arg-type]
        names = got.get((reading, bound.key))
        empty = {} if names or source.table == "persons" else _types(bound, m)

        def column(
            label: str,
            names: Mapping[str, str] | None = names,
            empty: Mapping[str, DataType] = empty,
        ) -> ir.Value:
            if names:
                return base[names[label]]
            # A bare NULL would turn `== 0` into a test for null; inside a case it does not.
            nothing = ibis.literal(None, empty[label])
            return ibis.cases((base.person.isnull(), nothing), else_=nothing)

        values[reading] = source.value(m, base, column, bound.args)
    if len(values) == 1:
        return next(iter(values.values()))
    falls = isinstance(source, Person) and source.falls
    least, most = ("long", "short") if falls else ("short", "long")
    return Range(values[least].low, values[most].high)


def _types(bound: Bound, m: Moment) -> dict[str, DataType]:
    """The types of the aggregates of a fact whose table has no row at all."""
    source = bound.fact.source
    if isinstance(source, sources.Spells):
        names = ("months", "loose", "boundless", "extra", "odd", "blocks")
        return dict.fromkeys(names, ibis.dtype("int64"))
    tables = Tables({n: ibis.table(s, name=n) for n, s in IBIS_SCHEMAS.items()}, m)
    table = tables.get(source.table)
    assert table is not None
    measures = source.measures(m, table, hit_of(bound, m, table), bound.args)
    return {k: v.type() for k, v in measures.items()}


def _mark_holes(
    base: ir.Table, wanted: Mapping[str, Bound], unrecorded: Mapping[str, ir.Table]
) -> tuple[ir.Table, dict[str, list[str]]]:
    holes: dict[str, list[str]] = {}
    for name in sorted(unrecorded):
        touched = [k for k, b in wanted.items() if name in holds_back(b)]
        if not touched:
            continue
        column = f"hole_{name}"
        marks = unrecorded[name].select("person").distinct().mutate(**{column: True})
        base = _beside(base, marks, column)
        for key in touched:
            holes.setdefault(key, []).append(column)
    return base, holes


def holds_back(bound: Bound) -> tuple[str, ...]:
    """The histories whose absence makes the fact unknown."""
    table = bound.fact.source.table
    return () if table == "persons" else base_tables(table)[:1]
