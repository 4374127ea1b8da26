"""A checked expression as Ibis: the one meaning for one person and for a nation.

A number, date or step is a range; a comparison is decided when the whole range agrees, otherwise
null. `and`, `or` and `not` are those of SQL, which are Kleene's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir

from bole.engine.expressions import tree
from bole.engine.facts.dates import Moment
from bole.engine.facts.kinds import UNORDERED
from bole.engine.facts.plan import Columns
from bole.engine.facts.sources import Range

Lookup = Callable[[tree.Node], Range]


@dataclass(frozen=True)
class Compiler:
    """Compiles over one table whose columns `lookup` finds; `m` gives the day."""

    m: Moment
    lookup: Lookup

    def condition(self, node: tree.Node) -> ir.BooleanValue:
        """A condition as a nullable boolean."""
        if isinstance(node, tree.Logic):
            items = [self.condition(i) for i in node.items]
            result = items[0]
            for item in items[1:]:
                result = result & item if node.operator == "and" else result | item
            return result
        if isinstance(node, tree.Not):
            return ~self.condition(node.item)
        if isinstance(node, tree.Compare):
            left, right = self.value(node.left), self.value(node.right)
            if node.left.type.scale is not None and node.operator not in ("==", "!="):
                left, right = _ordered(node.left, left), _ordered(node.right, right)
            return _compare(node.operator, left, right)
        if isinstance(node, tree.Member):
            return self._member(node)
        return self.value(node).low

    def _member(self, node: tree.Member) -> ir.BooleanValue:
        item = self.value(node.item)
        if item.is_exact:
            hit = item.low.isin([_literal(c.value) for c in node.values])
        else:
            tests = [_compare("==", item, Range.exact(_literal(c.value))) for c in node.values]
            hit = tests[0]
            for test in tests[1:]:
                hit = hit | test
        return ~hit if node.negated else hit

    def value(self, node: tree.Node) -> Range:
        """A value as a range."""
        if isinstance(node, tree.Constant):
            return Range.exact(_literal(node.value))
        if isinstance(node, tree.Year):
            return Range.exact(self.m.year(-node.year.back))
        if isinstance(node, tree.Day):
            return Range.exact(self.m.day)
        if isinstance(node, tree.Shift):
            item = self.value(node.item)
            low = _moved(item.low, node)
            return Range(low, low if item.is_exact else _moved(item.high, node))
        if isinstance(node, tree.Arithmetic):
            return _arithmetic(node.operator, self.value(node.left), self.value(node.right))
        if isinstance(node, (tree.Logic, tree.Not, tree.Compare, tree.Member)):
            return Range.exact(self.condition(node))
        return self.lookup(node)


def over_facts(m: Moment, t: ir.Table, columns: Mapping[str, Columns]) -> Compiler:
    """A compiler over a table of derived facts."""

    def lookup(node: tree.Node) -> Range:
        assert isinstance(node, tree.FactNode)
        return columns[node.bound.key].of(t)

    return Compiler(m, lookup)


def row_condition(node: tree.Node, m: Moment, t: ir.Table) -> ir.BooleanValue:
    """A condition on the rows of an event table."""

    def lookup(part: tree.Node) -> Range:
        assert isinstance(part, tree.RowColumn)
        column = t[part.name]
        return Range.exact(part.type.scale.encode(column) if part.type.scale else column)

    return Compiler(m, lookup).condition(node)


def _literal(value: tree.Value) -> Any:
    if isinstance(value, Fraction):
        # A share is one correctly rounded division on both sides, so 2/3 equals 2 of 3.
        return (
            ibis.literal(int(value), "int64")
            if value.denominator == 1
            else ibis.literal(float(value), "float64")
        )
    if isinstance(value, datetime.date):
        return ibis.date(value.year, value.month, value.day)
    return ibis.literal(value)


def _moved(date: ir.DateValue, shift: tree.Shift) -> ir.DateValue:
    by = (
        ibis.interval(days=shift.by.days)
        if shift.by.days
        else ibis.interval(months=shift.by.months)
    )
    return (date + by if shift.sign > 0 else date - by).cast("timestamp").cast("date")


def _ordered(node: tree.Node, value: Range) -> Range:
    # A word outside the order (不定等次) is neither above nor below anything.
    if isinstance(node, tree.Constant):
        return value
    low = value.low.nullif(UNORDERED)
    return Range(low, low if value.is_exact else value.high.nullif(UNORDERED))


def _compare(operator: str, a: Range, b: Range) -> ir.BooleanValue:
    if a.is_exact and b.is_exact:
        plain: dict[str, Callable[[], ir.BooleanValue]] = {
            "==": lambda: a.low == b.low,
            "!=": lambda: a.low != b.low,
            "<": lambda: a.low < b.low,
            "<=": lambda: a.low <= b.low,
            ">": lambda: a.low > b.low,
            ">=": lambda: a.low >= b.low,
        }
        return plain[operator]()
    if operator in (">", ">="):
        return _compare("<" if operator == ">" else "<=", b, a)
    if operator == "<":
        return _decided(a.high < b.low, a.low >= b.high)
    if operator == "<=":
        return _decided(a.high <= b.low, a.low > b.high)
    same = (a.low == a.high) & (b.low == b.high) & (a.low == b.low)
    apart = (a.high < b.low).fill_null(False) | (a.low > b.high)
    return _decided(same, apart) if operator == "==" else _decided(apart, same)


def _decided(yes: ir.BooleanValue, no: ir.BooleanValue) -> ir.BooleanValue:
    return ibis.cases((yes, True), (no, False), else_=ibis.literal(None, "boolean"))


def _arithmetic(operator: str, a: Range, b: Range) -> Range:
    if operator in ("+", "-"):
        low = a.low + b.low if operator == "+" else a.low - b.high
        if a.is_exact and b.is_exact:
            return Range.exact(low)
        return Range(low, a.high + b.high if operator == "+" else a.high - b.low)
    x, y = _sure(a), _sure(b)
    if operator == "*":
        return Range.exact(x * y)
    return Range.exact(x.cast("float64") / y.cast("float64").nullif(0.0))


def _sure(value: Range) -> Any:
    """A product of a range is only known where the range is a single value."""
    if value.is_exact:
        return value.low
    return ibis.ifelse(value.low == value.high, value.low, ibis.literal(None, value.low.type()))
