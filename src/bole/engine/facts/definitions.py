"""What a fact is: a name, typed arguments, a unit, words for people, a reference and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from bole.engine.facts.dates import Moment
from bole.engine.facts.kinds import Scale, Type
from bole.engine.facts.sources import Source
from bole.engine.text import Text

ArgumentKind = Literal["scale", "choice", "text", "whole", "year"]
_REQUIRED = object()


@dataclass(frozen=True)
class YearBack:
    """A calendar year counted back from the year of the day: `last_year` is YearBack(1)."""

    back: int

    def words(self) -> Text:
        known = {
            0: Text("本年度", "this year"),
            1: Text("上一年度", "last year"),
            2: Text("前年", "the year before last"),
        }
        return known[self.back]


def year_of(m: Moment, year: Any) -> ir.IntegerValue:
    """The calendar year that an argument means on the day."""
    return m.year(-year.back) if isinstance(year, YearBack) else ibis.literal(year, "int64")


@dataclass(frozen=True)
class Argument:
    """An argument: a step of a scale (as its code), one of `choices`, text, a number, a year."""

    name: str
    label: Text
    kind: ArgumentKind
    scale: Scale | None = None
    choices: Mapping[str, Text] | None = None
    default: Any = _REQUIRED

    @property
    def required(self) -> bool:
        return self.default is _REQUIRED

    def show(self, value: Any) -> Text:
        """A value as people read it."""
        if isinstance(value, YearBack):
            return value.words()
        if self.scale is not None:
            return self.scale.show(value)
        if self.choices is not None:
            return self.choices[value]
        return Text(str(value), str(value))


@dataclass(frozen=True)
class Fact:
    """One definition, the same for one person and for a nation.

    `label` may hold places for the arguments (`任{grade}年限`); `chinese` is the name that a rule
    may use instead of `name`; `note` says what the label cannot.
    """

    name: str
    chinese: str
    label: Text
    type: Type
    source: Source
    arguments: tuple[Argument, ...] = ()
    reference: str = ""
    note: Text | None = None

    def bind(self, **given: Any) -> Bound:
        """The fact with its arguments; values must already be of the right kind."""
        values = tuple((a.name, given.get(a.name, a.default)) for a in self.arguments)
        return Bound(self, values)


@dataclass(frozen=True)
class Bound:
    """A fact with its arguments."""

    fact: Fact
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def args(self) -> dict[str, Any]:
        return dict(self.arguments)

    @property
    def type(self) -> Type:
        return self.fact.type

    @property
    def key(self) -> str:
        """The name as a rule would write it; it also names the fact's column."""
        if not self.arguments:
            return self.fact.name
        shown = ", ".join(
            _literal(a, v) for a, (_, v) in zip(self.fact.arguments, self.arguments, strict=True)
        )
        return f"{self.fact.name}({shown})"

    @property
    def label(self) -> Text:
        """What the fact is, with its arguments in words."""
        words = {
            a.name: a.show(v) for a, (_, v) in zip(self.fact.arguments, self.arguments, strict=True)
        }
        label = self.fact.label.fill(**words)
        return Text(label.zh.strip(), label.en.strip())


def _literal(argument: Argument, value: Any) -> str:
    if isinstance(value, YearBack):
        return ("this_year", "last_year", "year_before_last")[value.back]
    if argument.scale is not None:
        return repr(argument.scale.show(value).zh)
    return repr(value)
