"""Rules as SQL, compiled once per rule set and shape of the data; the day is bound when it runs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from bole.engine.expressions import tree
from bole.engine.expressions.compile import Compiler, over_facts
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound
from bole.engine.facts.events import IBIS_SCHEMAS
from bole.engine.facts.plan import Columns, Derivation, derive
from bole.engine.facts.views import Tables, base_tables
from bole.engine.screening.rules import CompiledRule, CompiledRules

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
    if facts or conditions:
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
    table: str
    flags: Mapping[str, str]


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
    rules = key.rules
    m = Moment(ibis.literal(_STAND_IN), rules.settings)
    tables = Tables(_unbound(shape), m)
    out = []
    for name in sorted({b.fact.source.table for b in rules.facts} - {"persons"}):
        table = tables.get(name)
        if table is None:
            continue
        flags: dict[str, str] = {}
        columns: dict[str, ir.Value] = {
            "person": table.person,
            "row": table["row"],
            "table": table["table"]
            if "table" in table.columns
            else ibis.literal(base_tables(name)[0]),
        }
        for bound in rules.facts:
            if bound.fact.source.table == name:
                flags[bound.key] = f"e{len(flags)}"
                columns[flags[bound.key]] = bound.fact.source.hit(m, table, bound.args)
        out.append(EvidenceStatement(_sql(table.select(**columns)), name, flags))
    return tuple(out)


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
