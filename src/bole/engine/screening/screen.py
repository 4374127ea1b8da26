"""Screening a population: one row per person, one column per rule."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bole.engine.facts.events import TABLES, Events, complete
from bole.engine.facts.kinds import Scale
from bole.engine.facts.plan import Columns
from bole.engine.screening import compiled
from bole.engine.screening.compiled import Shape, Statement
from bole.engine.screening.rules import CompiledRules

# `sql()` avoids that copy but plans every statement twice, which costs more.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


class Population:
    """Event tables in an embedded DuckDB, ready for many questions. Not for use by two threads.

    Made from Arrow tables (`Population(events)`), or over a connection whose tables have the names
    and columns of `bole.engine.facts.events.TABLES` (`Population.over(connection)`).
    """

    def __init__(
        self, events: Mapping[str, pa.Table] | None = None, *, complete_already: bool = False
    ) -> None:
        self.connection = duckdb.connect()
        self.shape = Shape(frozenset({"persons"}))
        if events is not None:
            self.replace(dict(events) if complete_already else complete(events))

    @classmethod
    def over(cls, connection: duckdb.DuckDBPyConnection) -> Population:
        """A population whose tables are already in DuckDB; absent tables have no rows."""
        self = cls.__new__(cls)
        self.connection = connection
        there = {r[0] for r in connection.execute("SHOW TABLES").fetchall()}
        with_rows = {
            n
            for n in TABLES
            if n in there and connection.execute(f'SELECT 1 FROM "{n}" LIMIT 1').fetchall()
        }
        holes: set[str] = set()
        if "unrecorded" in with_rows:
            rows = connection.execute('SELECT DISTINCT "table" FROM unrecorded').fetchall()
            holes = {r[0] for r in rows}
        self.shape = Shape(frozenset(with_rows | {"persons"}), frozenset(holes))
        return self

    def replace(self, events: Events) -> None:
        """Other rows in place of the present ones."""
        filled = {n for n, t in events.items() if t.num_rows}
        for name, table in events.items():
            if name in filled or name == "persons":
                self.connection.register(name, table)
        holes = pc.unique(events["unrecorded"].column("table")).to_pylist()
        self.shape = Shape(frozenset(filled | {"persons"}), frozenset(holes))

    def tables(self, names: Collection[str], people: Sequence[int] | None = None) -> Events:
        """These event tables, or the rows of these people in them; the others come out empty."""
        if people is None:
            where, given = "", {}
        else:
            where, given = " WHERE person IN (SELECT unnest($people))", {"people": list(people)}
        return complete(
            {
                name: self.connection.execute(
                    f'SELECT * FROM "{name}"{where}', given
                ).to_arrow_table()
                for name in sorted(self.shape.tables & set(names))
            }
        )

    def run(self, statement: Statement, day: datetime.date) -> pa.Table:
        """The result of a statement on a day."""
        return self.query(statement.sql, day)

    def query(self, sql: str, day: datetime.date) -> pa.Table:
        """The result of SQL that may use `$day`."""
        given = {"day": day} if "$day" in sql else {}
        return self.connection.execute(sql, given).to_arrow_table()

    def rows(self, sql: str, day: datetime.date) -> list[dict[str, Any]]:
        """The same as rows."""
        return list(self.query(sql, day).to_pylist())


@dataclass(frozen=True)
class RuleCount:
    """How many people a rule is met by, not met by, unknown for, or not made for.

    `remaining` = people who meet this rule and every rule before it: the funnel.
    """

    rule_id: str
    met: int
    not_met: int
    unknown: int
    not_applicable: int
    remaining: int


@dataclass(frozen=True)
class Screening:
    """The answer of a rule set for a population on a day.

    `table` has `person`, `name`, `verdict` (all blocking rules; true, false, null = unknown), one
    boolean column per rule named by its id, `<id>:applies` for rules with `when`, and, if asked
    for, one column per fact named `fact:` and its key (null where the value is not certain).
    """

    rules: CompiledRules
    day: datetime.date
    table: pa.Table

    @property
    def ids(self) -> list[str]:
        """The rules that were in force, in order."""
        return [r.rule.id for r in self.rules.rules]

    @cached_property
    def funnel(self) -> list[RuleCount]:
        """Counts per rule, in the order of the rules."""
        out = []
        remaining = pa.chunked_array([pa.array([True] * self.table.num_rows, pa.bool_())])
        for compiled_rule in self.rules.rules:
            rule_id = compiled_rule.rule.id
            met = self.table.column(rule_id)
            concerned = compiled.applies_column(rule_id)
            outside = 0
            counted = met
            if concerned in self.table.column_names:
                does_not = pc.equal(self.table.column(concerned), False)
                outside = pc.sum(does_not).as_py() or 0
                counted = met.filter(pc.invert(pc.fill_null(does_not, False)))
            remaining = pc.and_(remaining, pc.fill_null(met, False))
            out.append(
                RuleCount(
                    rule_id,
                    met=pc.sum(counted).as_py() or 0,
                    not_met=pc.sum(pc.invert(counted)).as_py() or 0,
                    unknown=counted.null_count,
                    not_applicable=outside,
                    remaining=pc.sum(remaining).as_py() or 0,
                )
            )
        return out

    @cached_property
    def one_rule_only(self) -> dict[str, list[int]]:
        """People whom exactly one blocking rule stops, all others being met, by that rule."""
        blocking = [r.rule.id for r in self.rules.rules if r.rule.strength not in ("warn", "note")]
        if not blocking or not self.table.num_rows:
            return {}
        met = sum_of(self.table.column(i) for i in blocking)
        almost = pc.equal(met, len(blocking) - 1)
        out = {}
        for rule_id in blocking:
            fails = pc.equal(self.table.column(rule_id), False)
            chosen = self.table.filter(pc.and_(almost, pc.fill_null(fails, False)))
            if chosen.num_rows:
                out[rule_id] = chosen.column("person").to_pylist()
        return out

    def people(self, verdict: bool | None) -> list[int]:
        """Ids of the people with this overall verdict (None = unknown)."""
        column = self.table.column("verdict")
        chosen = pc.is_null(column) if verdict is None else pc.equal(column, verdict)
        return list(self.table.filter(chosen).column("person").to_pylist())


def sum_of(columns: Iterable[pa.ChunkedArray]) -> pa.ChunkedArray:
    """How many of the booleans are true, row by row."""
    total = None
    for column in columns:
        ones = pc.cast(pc.fill_null(column, False), pa.int32())
        total = ones if total is None else pc.add(total, ones)
    return total


def screen(
    rules: CompiledRules,
    events: Mapping[str, pa.Table] | Population,
    as_of: datetime.date,
    *,
    facts: bool = True,
    conditions: bool = False,
) -> Screening:
    """Judge every person by the rules in force on `as_of`, by the facts as of that day.

    `conditions` adds a column for each single condition of a rule, `<id>#0` and so on.
    """
    active = rules.in_force(as_of)
    if not facts and not isinstance(events, Population):
        events = complete(events)
        if events["persons"].num_rows <= compiled.A_FEW:
            return Screening(active, as_of, _of_few(active, events, as_of, conditions=conditions))
    population = events if isinstance(events, Population) else Population(events)
    statement = compiled.statement(active, population.shape, facts=facts, conditions=conditions)
    table = population.run(statement, as_of)
    return Screening(active, as_of, _named(table, active, statement.columns))


def _of_few(
    rules: CompiledRules, events: Events, day: datetime.date, *, conditions: bool
) -> pa.Table:
    rows = compiled.few(rules).run(events, day)[compiled.ANSWERS]
    columns = {"person": pa.int64(), "name": pa.string(), "verdict": pa.bool_()}
    for rule in rules.rules:
        if rule.when is not None:
            columns[compiled.applies_column(rule.rule.id)] = pa.bool_()
        columns[rule.rule.id] = pa.bool_()
    if conditions:
        for rule in rules.rules:
            for i in range(len(compiled.leaves(rule))):
                columns[f"{rule.rule.id}#{i}"] = pa.bool_()
    return pa.table({n: pa.array([r[n] for r in rows], kind) for n, kind in columns.items()})


def _named(table: pa.Table, rules: CompiledRules, columns: Mapping[str, Columns]) -> pa.Table:
    """Fact columns by their keys, with null where low and high differ and words for steps."""
    scales = {b.key: b.type.scale for b in rules.facts}
    for key, pair in columns.items():
        if pair.low not in table.column_names:
            continue
        value = table.column(pair.low)
        if not pair.exact:
            same = pc.equal(value, table.column(pair.high))
            value = pc.if_else(same, value, pa.scalar(None, value.type))
            table = table.drop_columns([pair.high])
        scale = scales.get(key)
        if scale is not None:
            value = _words(value, scale)
        table = table.drop_columns([pair.low]).append_column(f"fact:{key}", value)
    return table


def _words(codes: pa.ChunkedArray, scale: Scale) -> pa.ChunkedArray:
    first = -1 if scale.outside else 0
    words = pa.array([scale.show(c).zh for c in range(first, len(scale.steps))], pa.string())
    return pc.take(words, pc.subtract(codes, first))
