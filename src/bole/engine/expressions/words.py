"""Conditions and values in words, Chinese and English."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bole.engine.expressions import tree
from bole.engine.facts.events import COLUMN_LABELS
from bole.engine.facts.kinds import Type
from bole.engine.text import Text

_OPERATORS = {
    "==": Text("为", "is"),
    "!=": Text("不为", "is not"),
    "<": Text("小于", "below"),
    "<=": Text("不大于", "at most"),
    ">": Text("大于", "above"),
    ">=": Text("不小于", "at least"),
}
_DATES = {
    "<": Text("早于", "before"),
    "<=": Text("不晚于", "not after"),
    ">": Text("晚于", "after"),
    ">=": Text("不早于", "not before"),
}
_STEPS = {
    "<": Text("低于", "below"),
    "<=": Text("不高于", "not above"),
    ">": Text("高于", "above"),
    ">=": Text("不低于", "not below"),
}
_ARITHMETIC = {
    "+": Text("加", "plus"),
    "-": Text("减", "minus"),
    "*": Text("乘", "times"),
    "/": Text("除以", "divided by"),
}
UNKNOWN = Text("不详", "not known")


def condition(
    node: tree.Node, values: Mapping[str, Text] | None = None, day: datetime.date | None = None
) -> Text:
    """A condition in words; with `values` (by fact key) each fact is followed by its value."""
    values = values or {}
    if isinstance(node, tree.Logic):
        link = Text("，且", " and ") if node.operator == "and" else Text("，或", " or ")
        out = _inside(node.items[0], node, values, day)
        for item in node.items[1:]:
            out = out + link + _inside(item, node, values, day)
        return out
    if isinstance(node, tree.Not):
        return Text("不是（", "not (") + condition(node.item, values, day) + Text("）", ")")
    if isinstance(node, tree.Compare):
        return _comparison(node, values, day)
    if isinstance(node, tree.Member):
        items = [shown(node.item.type, c.value) for c in node.values]
        named = Text("、".join(i.zh for i in items), ", ".join(i.en for i in items))
        verb = (
            Text("，要求不属于", "; must be none of ")
            if node.negated
            else Text("，看是否为", "; looked for: ")
        )
        return value(node.item, values, day) + verb + named
    return value(node, values, day)


def _inside(
    node: tree.Node, outer: tree.Logic, values: Mapping[str, Text], day: datetime.date | None
) -> Text:
    text = condition(node, values, day)
    if isinstance(node, tree.Logic) and node.operator != outer.operator:
        return Text("（", "(") + text + Text("）", ")")
    return text


def _comparison(node: tree.Compare, values: Mapping[str, Text], day: datetime.date | None) -> Text:
    words = _OPERATORS
    if node.left.type.kind == "date":
        words = {**_OPERATORS, **_DATES}
    elif node.left.type.scale is not None:
        words = {**_OPERATORS, **_STEPS}
    threshold = value(node.right, values, day)
    unit = node.left.type.unit
    if isinstance(node.right, tree.Constant) and unit is not None:
        threshold = threshold + Text(unit.zh, f" {unit.en}")
    operator = words[node.operator]
    link = Text(f"，标准：{operator.zh}", f"; standard: {operator.en} ")
    return value(node.left, values, day) + link + threshold


def value(node: tree.Node, values: Mapping[str, Text], day: datetime.date | None) -> Text:
    """A value in words."""
    if isinstance(node, tree.Constant):
        text = shown(node.type, node.value)
        return text + Text(f"（{node.name}）", f" ({node.name})") if node.name else text
    if isinstance(node, tree.FactNode):
        label = node.bound.label
        known = values.get(node.bound.key)
        return label + Text("：", ": ") + known if known is not None else label
    if isinstance(node, tree.RowColumn):
        return COLUMN_LABELS.get(node.name, Text(node.name, node.name))
    if isinstance(node, tree.Day):
        return Text(f"{day}", f"{day}") if day else Text("当日", "the day")
    if isinstance(node, tree.Year):
        return node.year.words()
    if isinstance(node, tree.Shift):
        amount = (
            Text(f"{node.by.days}天", f"{node.by.days} days")
            if node.by.days
            else Text(f"{node.by.months}个月", f"{node.by.months} months")
        )
        way = Text("后", " after ") if node.sign > 0 else Text("前", " before ")
        item = value(node.item, values, day)
        return Text(f"{item.zh}{way.zh}{amount.zh}", f"{amount.en}{way.en}{item.en}")
    if isinstance(node, tree.Arithmetic):
        operator = _ARITHMETIC[node.operator]
        left, right = value(node.left, values, day), value(node.right, values, day)
        return left + Text(operator.zh, f" {operator.en} ") + right
    return condition(node, values, day)


def shown(kind: Type, value: Any) -> Text:
    """One value as people read it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if kind.scale is not None and isinstance(value, (int, Fraction)):
        return kind.scale.show(int(value))
    if isinstance(value, Fraction):
        exact = value.denominator == 1
        number = str(value.numerator) if exact else _decimal(value)
        return Text(number, number)
    if isinstance(value, float):
        return Text(f"{value:.10g}", f"{value:.10g}")
    if isinstance(value, (datetime.date, datetime.datetime)):
        return Text(f"{value:%Y-%m-%d}", f"{value:%Y-%m-%d}")
    return Text(str(value), str(value))


def _decimal(value: Fraction) -> str:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return f"{float(value):.10g}" if rest == 1 else str(value)


def shown_range(kind: Type, low: Any, high: Any) -> Text:
    """A value with its unit, or what is certain of it."""

    def one(number: Any) -> Text:
        text = shown(kind, number)
        return text + Text(kind.unit.zh, f" {kind.unit.en}") if kind.unit else text

    if low is None and high is None:
        return UNKNOWN
    if low == high:
        return one(low)
    if high is None:
        return Text("至少", "at least ") + one(low)
    if low is None:
        return Text("至多", "at most ") + one(high)
    return shown(kind, low) + Text("至", " to ") + one(high)
