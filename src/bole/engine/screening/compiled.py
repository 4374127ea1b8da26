"""Rules as SQL, compiled once per rule set and shape of the data; the day is bound when it runs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from bole.engine.expressions import tree
from bole.engine.expressions.compile import Compiler, over_facts
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound
from bole.engine.facts.events import IBIS_SCHEMAS
from bole.engine.facts.few import Program
from bole.engine.facts.plan import Columns, Derivation, by_table, derive
from bole.engine.facts.views import Tables, base_tables
from bole.engine.screening.rules import CompiledRule, CompiledRules

Rows = list[dict[str, Any]]
A_FEW = 200  # people; for more, planning a statement pays
# Stands for the day while Ibis compiles; the SQL gets a bound value in its place.
_STAND_IN = datetime.date(998, 7, 6)
_STAND_IN_SQL = "MAKE_DATE(998, 7, 6)"


@dataclass(frozen=True)
class Shape:
    """Which event tables have rows, and for which some people's history was never filled in."""

    tables: frozenset[str]
    unrecorded: frozenset[str] = frozenset()


def applies_column(rule_id: str) -> str:
    """The column that says whether a rule with `when` concerns the person."""
    return f"{rule_id}:applies"


def verdict_expressions(rules: CompiledRules, compiler: Compiler) -> dict[str, ir.BooleanValue]:
    """Whether each rule is met (null = unknown), and the overall verdict of those that block.

    A rule that does not concern a person is met; whether it does has a column of its own.
    """
    out: dict[str, ir.BooleanValue] = {}
    blocking: list[ir.BooleanValue] = []
    unknown = ibis.literal(None, "boolean")
    for compiled in rules.rules:
        rule = compiled.rule
        test = compiled.test
        met = compiler.condition(test) if test is not None else unknown
        if compiled.when is not None:
            concerns = compiler.condition(compiled.when)
            out[applies_column(rule.id)] = concerns
            met = ~concerns | met
        out[rule.id] = met
        if rule.strength not in ("warn", "note"):
            blocking.append(met)
    overall = ibis.literal(True)
    for met in blocking:
        overall = overall & met
    return {"verdict": overall, **out}


def screen_expression(
    rules: CompiledRules,
    events: Mapping[str, ir.Table],
    day: ir.DateValue,
    unrecorded: Mapping[str, ir.Table] | None = None,
    *,
    facts: bool = True,
    conditions: bool = False,
) -> tuple[ir.Table, Derivation]:
    """One row per person: `person`, `name`, `verdict`, the rules, and on request the facts.

    The same expression runs on any Ibis backend. `conditions` adds the single conditions of each
    rule (`<rule>#0` …) for explanations.
    """
    derived = derive(rules.facts, events, day, rules.settings, unrecorded)
    t = derived.table
    compiler = over_facts(Moment(day, rules.settings), t, derived.columns)
    out: dict[str, ir.Value] = {"person": t.person, "name": t.name}
    out.update(verdict_expressions(rules, compiler))
    if conditions:
        for compiled in rules.rules:
            for i, leaf in enumerate(leaves(compiled)):
                out[f"{compiled.rule.id}#{i}"] = compiler.condition(leaf)
    if facts:
        for columns in derived.columns.values():
            out[columns.low] = t[columns.low]
            out[columns.high] = t[columns.high]
    return t.select(**out), derived


def leaves(compiled: CompiledRule) -> list[tree.Node]:
    """The single conditions of `when` and of the rule."""
    return [
        c for n in (compiled.when, compiled.condition) if n is not None for c in tree.conditions(n)
    ]


@dataclass(frozen=True)
class Statement:
    """SQL of DuckDB with the day as `$day`."""

    sql: str
    columns: Mapping[str, Columns]

    @property
    def takes_day(self) -> bool:
        return "$day" in self.sql


@dataclass(frozen=True)
class EvidenceStatement:
    """SQL that marks the rows behind facts; `flags` maps a fact's key to its column."""

    sql: str
    flags: Mapping[str, str]


@dataclass(frozen=True)
class Few:
    """Everything that an explanation needs, as a program for a few people.

    Its table `ANSWERS` is that of `screen_expression` with facts and conditions, with `columns` of
    facts; the others mark evidence, with `flags` by the table's name.
    """

    program: Program
    columns: Mapping[str, Columns]
    flags: Mapping[str, Mapping[str, str]]

    def run(self, events: Mapping[str, pa.Table], day: datetime.date) -> dict[str, Rows]:
        """The rows of each table for all persons of complete event tables."""
        return self.program.run({name: _Lists(events[name]) for name in self.program.tables}, day)


class _Lists(Mapping[str, list[Any]]):
    """The columns of a table as lists, made when asked for."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __getitem__(self, name: str) -> list[Any]:
        found: list[Any] = self.table.column(name).to_pylist()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.column_names)

    def __len__(self) -> int:
        return int(self.table.num_columns)


ANSWERS = "answers"


class _Key:
    """Rules as a key of the cache: equal when they compile to the same SQL."""

    def __init__(self, rules: CompiledRules) -> None:
        self.rules = rules
        self.key = rules.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.key == self.key


def statement(
    rules: CompiledRules, shape: Shape, *, facts: bool = True, conditions: bool = False
) -> Statement:
    """The screening of a rule set as SQL, compiled once."""
    return _statement(_Key(rules), shape, facts, conditions)


@lru_cache(maxsize=256)
def _statement(key: _Key, shape: Shape, facts: bool, conditions: bool) -> Statement:
    expression, derived = screen_expression(
        key.rules,
        _unbound(shape),
        ibis.literal(_STAND_IN),
        _unbound_holes(shape),
        facts=facts,
        conditions=conditions,
    )
    return Statement(_sql(expression), derived.columns)


def facts_statement(facts: tuple[Bound, ...], shape: Shape, settings: Settings) -> Statement:
    """The facts alone as SQL, for a snapshot."""
    key = (tuple(b.key for b in facts), shape, settings)
    if key not in _facts_statements:
        derived = derive(
            facts, _unbound(shape), ibis.literal(_STAND_IN), settings, _unbound_holes(shape)
        )
        if len(_facts_statements) > 64:
            _facts_statements.clear()
        _facts_statements[key] = Statement(_sql(derived.table), derived.columns)
    return _facts_statements[key]


_facts_statements: dict[tuple[tuple[str, ...], Shape, Settings], Statement] = {}


def evidence_statements(rules: CompiledRules, shape: Shape) -> tuple[EvidenceStatement, ...]:
    """For each table the SQL that marks the rows behind the facts of the rules."""
    return _evidence(_Key(rules), shape)


@lru_cache(maxsize=256)
def _evidence(key: _Key, shape: Shape) -> tuple[EvidenceStatement, ...]:
    return tuple(
        EvidenceStatement(_sql(table), flags) for table, flags in _marked(key.rules, shape)
    )


def _marked(rules: CompiledRules, shape: Shape) -> list[tuple[ir.Table, dict[str, str]]]:
    """For each table the rows behind the facts of the rules, and the column of each fact."""
    m = Moment(ibis.literal(_STAND_IN), rules.settings)
    out = []
    for table, facts in by_table({b.key: b for b in rules.facts}, Tables(_unbound(shape), m)):
        (name, *_) = base_tables(next(iter(facts.values())).fact.source.table)
        columns: dict[str, ir.Value] = {
            "person": table.person,
            "row": table["row"],
            "table": table["table"] if "table" in table.columns else ibis.literal(name),
        }
        flags = {key: f"e{i}" for i, key in enumerate(facts)}
        for key, bound in facts.items():
            columns[flags[key]] = bound.fact.source.hit(m, table, bound.args)
        out.append((table.select(**columns), flags))
    return out


# Whatever a person's file holds, the program is the same.
_EVERYTHING = Shape(frozenset(IBIS_SCHEMAS), frozenset(IBIS_SCHEMAS) - {"persons", "unrecorded"})


def few(rules: CompiledRules) -> Few:
    """The rules as a program for a few people, made once; the day is given when it runs."""
    return _few(_Key(rules))


@lru_cache(maxsize=64)
def _few(key: _Key) -> Few:
    expression, derived = screen_expression(
        key.rules,
        _unbound(_EVERYTHING),
        ibis.literal(_STAND_IN),
        _unbound_holes(_EVERYTHING),
        facts=True,
        conditions=True,
    )
    marked = {f"evidence{i}": m for i, m in enumerate(_marked(key.rules, _EVERYTHING))}
    tables = {ANSWERS: expression, **{name: table for name, (table, _) in marked.items()}}
    flags = {name: flags for name, (_, flags) in marked.items()}
    return Few(Program(tables, _STAND_IN), derived.columns, flags)


def _unbound(shape: Shape) -> dict[str, ir.Table]:
    return {
        n: ibis.table(IBIS_SCHEMAS[n], name=n)
        for n in IBIS_SCHEMAS
        if n in shape.tables and n != "unrecorded"
    }


def _unbound_holes(shape: Shape) -> dict[str, ir.Table]:
    holes = ibis.table(IBIS_SCHEMAS["unrecorded"], name="unrecorded")
    return {name: holes.filter(holes["table"] == name) for name in shape.unrecorded}


def _sql(expression: ir.Table) -> str:
    sql = str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
    return sql.replace(_STAND_IN_SQL, "CAST($day AS DATE)")
