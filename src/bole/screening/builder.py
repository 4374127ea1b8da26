"""Conditions put together in the browser: rows of fact, comparison and value, in groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.expressions import check
from bole.engine.expressions.words import condition as in_words
from bole.engine.facts import catalogue
from bole.engine.facts.definitions import Argument, Fact
from bole.engine.text import Text

Join = Literal["and", "or"]
MOST_GROUPS, MOST_ROWS = 10, 20
_ORDERED = {
    ">=": Text("不小于（≥）", "at least (≥)"),
    ">": Text("大于（>）", "more than (>)"),
    "<=": Text("不大于（≤）", "at most (≤)"),
    "<": Text("小于（<）", "less than (<)"),
    "==": Text("等于", "equals"),
    "!=": Text("不等于", "does not equal"),
}
_WORDS = {
    "==": Text("为", "is"),
    "!=": Text("不为", "is not"),
    "in": Text("为其中之一", "is one of"),
    "not in": Text("不为其中任一", "is none of"),
}
_YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
OPERATORS: dict[str, dict[str, Text]] = {
    "number": _ORDERED,
    "date": _ORDERED,
    "scale": {**_ORDERED, "in": _WORDS["in"], "not in": _WORDS["not in"]},
    "text": _WORDS,
    "bool": _YES_NO,
}
YEARS = {
    "this_year": Text("本年度", "this year"),
    "last_year": Text("上一年度", "last year"),
    "year_before_last": Text("前年", "the year before last"),
}


@dataclass
class Row:
    """One condition as chosen; `problem` is what keeps it from becoming a rule."""

    fact: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    operator: str = ""
    value: str = ""
    problem: Text | None = None

    @property
    def definition(self) -> Fact | None:
        return catalogue.FACTS.get(self.fact)

    @property
    def kind(self) -> str:
        """What the value is: number, date, scale, text or bool."""
        fact = self.definition
        if fact is None:
            return ""
        return "scale" if fact.type.scale is not None else fact.type.kind

    @property
    def operators(self) -> dict[str, Text]:
        return OPERATORS.get(self.kind, {})

    def expression(self) -> str:
        """The condition in the rule language. Raises BoleError for what is not filled in."""
        fact = self.definition
        if fact is None:
            raise _problem("请选择条件", "Choose what to look at")
        left = fact.name
        given = list(self._arguments(fact))
        if given:
            left += f"({', '.join(given)})"
        if self.kind == "bool":
            return f"not {left}" if self.operator == "no" else left
        operator = self.operator if self.operator in self.operators else next(iter(self.operators))
        if not self.value.strip():
            raise _problem("请填写比较的值", "Fill in the value to compare with")
        return f"{left} {operator} {self._value(operator)}"

    def _arguments(self, fact: Fact) -> Iterator[str]:
        for argument in fact.arguments:
            text = self.arguments.get(argument.name, "").strip()
            if not text:
                if argument.required:
                    label = argument.label
                    raise _problem(f"请填写{label.zh}", f"Fill in: {label.en}")
                continue
            yield f"{argument.name}={_literal(argument, text)}"

    def _value(self, operator: str) -> str:
        text = self.value.strip()
        if operator in ("in", "not in"):
            parts = [
                p for p in text.replace("，", "、").replace(",", "、").split("、") if p.strip()
            ]
            return repr([p.strip() for p in parts])
        return text if self.kind == "number" else repr(text)


def _literal(argument: Argument, text: str) -> str:
    if argument.kind == "whole" or (argument.kind == "year" and text.isdigit()):
        if not text.isdigit():
            raise _problem(
                f"{argument.label.zh}应是整数", f"{argument.label.en} must be a whole number"
            )
        return text
    if argument.kind == "year":
        return text if text in YEARS else repr(text)
    return repr(text)


@dataclass
class Group:
    """Rows that all (and) or of which one (or) must hold."""

    join: Join = "and"
    rows: list[Row] = field(default_factory=lambda: [Row()])


@dataclass
class Conditions:
    """Groups that all (and) or of which one (or) must hold."""

    join: Join = "and"
    groups: list[Group] = field(default_factory=lambda: [Group()])

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> Conditions:
        """From the fields `g0-join`, `g0-r0-fact`, `g0-r0-a-grade`, `g0-r0-operator` …"""
        groups = []
        for g in range(MOST_GROUPS):
            if f"g{g}-join" not in form:
                continue
            rows = [
                Row(
                    fact := form[f"g{g}-r{r}-fact"],
                    {
                        a.name: form.get(f"g{g}-r{r}-a-{a.name}", "")
                        for a in (
                            catalogue.FACTS[fact].arguments if fact in catalogue.FACTS else ()
                        )
                    },
                    form.get(f"g{g}-r{r}-operator", ""),
                    form.get(f"g{g}-r{r}-value", ""),
                )
                for r in range(MOST_ROWS)
                if f"g{g}-r{r}-fact" in form
            ]
            groups.append(Group(_join(form.get(f"g{g}-join")), rows))
        return cls(_join(form.get("join")), groups or [Group()])

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Conditions:
        """From what `as_data` wrote."""
        return cls(
            _join(data.get("join")),
            [Group(_join(g["join"]), [Row(**row) for row in g["rows"]]) for g in data["groups"]],
        )

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "join": self.join,
            "groups": [
                {
                    "join": g.join,
                    "rows": [
                        {
                            "fact": r.fact,
                            "arguments": r.arguments,
                            "operator": r.operator,
                            "value": r.value,
                        }
                        for r in g.rows
                    ],
                }
                for g in self.groups
            ],
        }

    def change(self, what: str) -> None:
        """One press of a button: `add-group`, `add-row-0`, `drop-row-0-1`, `drop-group-0`."""
        kind, _, place = what.rpartition("-")
        try:
            if what == "add-group" and len(self.groups) < MOST_GROUPS:
                self.groups.append(Group())
            elif kind == "add-row" and len(self.groups[int(place)].rows) < MOST_ROWS:
                self.groups[int(place)].rows.append(Row())
            elif kind == "drop-group":
                del self.groups[int(place)]
            elif kind.startswith("drop-row-"):
                del self.groups[int(kind.removeprefix("drop-row-"))].rows[int(place)]
        except (ValueError, IndexError):
            return
        self.groups = [g for g in self.groups if g.rows] or [Group()]

    def rules(self) -> list[dict[str, Any]]:
        """The rules that the rows mean: one for each condition that must hold by itself.

        So the funnel shows each step. Raises BoleError with every row's fault; each faulty row
        keeps its own in `problem`.
        """
        faults: list[Problem] = []
        texts: list[list[str]] = []
        for g, group in enumerate(self.groups, 1):
            texts.append([])
            for r, row in enumerate(group.rows, 1):
                row.problem = None
                try:
                    text = row.expression()
                    check(text)
                    texts[-1].append(text)
                except BoleError as error:
                    row.problem = error.problems[0].text
                    where = Text("第{g}组第{r}行：", "Group {g}, row {r}: ").fill(g=g, r=r)
                    faults.append(Problem(error.problems[0].code, where + row.problem))
        if faults:
            raise BoleError(faults)
        return [
            {"id": str(n), "text": in_words(check(text)).as_dict(), "require": text}
            for n, text in enumerate(self._parts(texts), 1)
        ]

    def _parts(self, texts: list[list[str]]) -> list[str]:
        joined = [
            (f" {g.join} ".join(_wrapped(t, len(rows)) for t in rows))
            for g, rows in zip(self.groups, texts, strict=True)
        ]
        if self.join == "or" and len(joined) > 1:
            return [" or ".join(f"({t})" for t in joined)]
        parts: list[str] = []
        for g, rows, whole in zip(self.groups, texts, joined, strict=True):
            parts += rows if g.join == "and" else [whole]
        return parts


def _wrapped(text: str, of: int) -> str:
    return f"({text})" if of > 1 and text.startswith("not ") else text


def _join(value: str | None) -> Join:
    return "or" if value == "or" else "and"


def _problem(zh: str, en: str) -> BoleError:
    return BoleError(Problem("CONDITION", Text(zh, en)))
