"""Checked expressions: every node knows its type and the column where it stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from bole.engine.facts.definitions import Bound, YearBack
from bole.engine.facts.kinds import Type

Value = bool | Fraction | str | datetime.date


@dataclass(frozen=True)
class Node:
    """A part of an expression; `column` counts from 1."""

    type: Type
    column: int


@dataclass(frozen=True)
class Constant(Node):
    """A literal; `name` is the parameter that it came from. A step of a scale is its code."""

    value: Value
    name: str = ""


@dataclass(frozen=True)
class Day(Node):
    """The day of judgement, moved by whole months or days."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class Year(Node):
    """A calendar year counted back from the day."""

    year: YearBack


@dataclass(frozen=True)
class Duration(Node):
    """A length of time that a date can be moved by."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class FactNode(Node):
    """A fact of the catalogue, or an aggregate over a person's rows."""

    bound: Bound


@dataclass(frozen=True)
class RowColumn(Node):
    """A column of the table that an aggregate runs over."""

    name: str


@dataclass(frozen=True)
class Shift(Node):
    """A date moved by a duration; `sign` is 1 or -1."""

    item: Node
    by: Duration
    sign: int


@dataclass(frozen=True)
class Compare(Node):
    """`operator` is one of == != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Member(Node):
    """Whether the item is one of the values."""

    item: Node
    values: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True)
class Logic(Node):
    """All (`and`) or any (`or`) of the items."""

    operator: str
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    """The opposite."""

    item: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """`operator` is one of + - * /."""

    operator: str
    left: Node
    right: Node


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node."""
    if isinstance(node, (Compare, Arithmetic)):
        return (node.left, node.right)
    if isinstance(node, Logic):
        return node.items
    if isinstance(node, (Not, Shift)):
        return (node.item,)
    if isinstance(node, Member):
        return (node.item, *node.values)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts(node: Node) -> list[Bound]:
    """The facts that the expression uses, in order, each once."""
    found = {n.bound.key: n.bound for n in walk(node) if isinstance(n, FactNode)}
    return list(found.values())


def parameters(node: Node) -> list[str]:
    """The parameters that the expression uses."""
    return sorted({n.name for n in walk(node) if isinstance(n, Constant) and n.name})


def conditions(node: Node) -> list[Node]:
    """The single conditions that `and`, `or` and `not` join: what an explanation goes through."""
    if isinstance(node, (Logic, Not)):
        return [leaf for child in children(node) for leaf in conditions(child)]
    return [node]
