"""What a scheme pack may say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import exact
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.procedures.gates import Strength
from bole.engine.procedures.models import Paper, Procedure
from bole.engine.text import Text

Kind = Literal[
    "int", "number", "fraction", "percent", "days", "date", "choice", "text", "bool", "list"
]


class Basis(Model):
    """A document that the scheme rests on."""

    title: str
    number: str = ""
    issued: date | None = None
    reference: str = ""
    verified: bool = True


class Parameter(Model):
    """A value that the scheme sets or leaves open.

    `default: null` with `open: true` says that the source gives no value: it is asked for when a
    plan is made. `stricter` tells which direction tightens; without it a local change must say.
    """

    label: Name
    type: Kind
    unit: str = ""
    default: Any = None
    open: bool = False
    least: int | Decimal | str | None = None
    most: int | Decimal | str | None = None
    choices: dict[str, Name] = {}
    stricter: Literal["higher", "lower"] | None = None
    reference: str = ""
    verified: bool = True
    loosens: str = ""
    tightens: str = ""
    mechanisms: list[str] = []

    def model_post_init(self, _: Any) -> None:
        if self.open and self.default is not None:
            raise ValueError("open: true 表示办法未定，不能再写 default / open has no default")
        if not self.open and self.default is None:
            raise ValueError(
                "缺少 default；来源未给出数值的写 open: true / "
                "default is missing; write open: true if the source gives no value"
            )
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices 只用于 choice 类型 / choices belong to type choice")
        if self.default is not None:
            self.read(self.default)

    def read(self, value: Any) -> Any:
        """The value in its type: int, Fraction (number, fraction, percent), date, str, bool, list.

        Raises ValueError with a bilingual sentence.
        """
        wrong = f"{value!r} 不是 {self.type} 类型 / is not of type {self.type}"
        if self.type in ("int", "days"):
            if isinstance(value, bool) or not isinstance(value, int):
                raise ValueError(wrong)
            found: Any = value
        elif self.type in ("number", "fraction", "percent"):
            try:
                found = exact(value)
            except BoleError:
                raise ValueError(wrong) from None
        elif self.type == "choice":
            if value not in self.choices:
                options = ", ".join(self.choices)
                raise ValueError(f"{value!r} 应为 {options} 之一 / must be one of {options}")
            return value
        else:
            if self.type == "date" and isinstance(value, str):  # as JSON carries it
                try:
                    return date.fromisoformat(value)
                except ValueError:
                    raise ValueError(wrong) from None
            wanted = {"date": date, "text": str, "bool": bool, "list": list}[self.type]
            if not isinstance(value, wanted):
                raise ValueError(wrong)
            return value
        if self.least is not None and found < exact(self.least):
            raise ValueError(f"{value} 小于 {self.least} / is below {self.least}")
        if self.most is not None and found > exact(self.most):
            raise ValueError(f"{value} 大于 {self.most} / is above {self.most}")
        return found


class Rule(Model):
    """A rule of the scheme: exactly one of `require`, `bar`, `judged`.

    `require` and `bar` are expressions over facts; `judged` is a question that a named person
    answers with a reason, because no file can answer it.
    """

    id: str = Field(min_length=1, max_length=80)
    text: Name
    require: str | None = None
    bar: str | None = None
    judged: Name | None = None
    when: str | None = None
    reference: str = ""
    mechanisms: list[str] = []
    effective: date | None = None
    until: date | None = None
    verified: bool = True
    strength: Strength = "block"
    loosens: str = ""
    tightens: str = ""
    origin: str = ""  # the scheme that brought the rule in; filled when packs are put together

    def model_post_init(self, _: Any) -> None:
        if sum(v is not None for v in (self.require, self.bar, self.judged)) != 1:
            raise ValueError(
                "require、bar、judged 须且只须写一个 / write exactly one of require, bar, judged"
            )
        if self.effective and self.until and self.until < self.effective:
            raise ValueError("until 早于 effective / until is before effective")

    def in_force(self, day: date) -> bool:
        """Whether the rule holds on that day (both ends included)."""
        return (self.effective is None or self.effective <= day) and (
            self.until is None or day <= self.until
        )


class RuleSet(Model):
    """Rules that are judged together."""

    name: Name | None = None
    rules: list[Rule]


def _rule_set(value: Any) -> Any:
    return {"rules": value} if isinstance(value, list) else value


class Deviation(Model):
    """Where a local pack is looser than the one that it extends, and why."""

    part: Literal["rule", "step", "parameter", "section"]
    id: str
    what: Name
    reason: str
    scheme: str


Section = dict[Id, Any]


class Scheme(Model):
    """A scheme, resolved: whatever it extends is already put in."""

    id: Id
    name: Name
    place: str
    version: str = ""
    sources: list[str] = []
    partly: dict[str, Name] = {}  # mechanism id → what of it this pack does not carry
    basis: list[Basis] = []
    effective_from: date | None = None
    effective_until: date | None = None
    extends: Id | None = None
    notes: list[Name] = []
    parameters: dict[Id, Parameter] = {}
    rules: dict[Id, Annotated[RuleSet, BeforeValidator(_rule_set)]] = {}
    procedure: Procedure | None = None
    papers: list[Paper] = []
    instruments: Section = {}
    thresholds: Section = {}
    scoring: Section = {}
    quotas: Section = {}
    pools: Section = {}
    lists: Section = {}
    locks: Section = {}
    nomination: Section = {}
    motion: Section = {}
    vetting: Section = {}
    notices: Section = {}
    decision: Section = {}
    tables: Section = {}
    matters: Section = {}
    lineage: list[str] = []
    deviations: list[Deviation] = []

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the resolved content: what a running case keeps beside its version."""
        said = self.model_dump(mode="json")
        if not self.matters:  # the section came later: packs without it keep their digest
            del said["matters"]
        content = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def all_rules(self) -> list[Rule]:
        """Every rule of every set, in order."""
        return [rule for rules in self.rules.values() for rule in rules.rules]

    def rule_set(self, name: str, day: date | None = None) -> list[Rule]:
        """The rules of a set that are in force on `day` (all without a day). Raises KeyError."""
        return [r for r in self.rules[name].rules if day is None or r.in_force(day)]

    def in_force(self, day: date) -> bool:
        """Whether the scheme holds on that day; without a date it holds until it is replaced."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day <= self.effective_until
        )

    def values(self, plan: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every parameter's value, the plan's own put in; one still open is None.

        Raises BoleError for a name that the scheme does not have or a value of a wrong type.
        """
        plan = plan or {}
        problems = [
            Problem("PARAM_UNKNOWN", Text("办法没有参数“{p}”", "The scheme has no “{p}”").fill(p=p))
            for p in plan
            if p not in self.parameters
        ]
        found: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            value = plan.get(name, parameter.default)
            if value is None:
                found[name] = None
                continue
            try:
                found[name] = parameter.read(value)
            except ValueError as error:
                said = str(error)
                problems.append(Problem("PARAM_VALUE", Text(said, said), name))
        if problems:
            raise BoleError(problems)
        return found

    def open_parameters(self, plan: Mapping[str, Any] | None = None) -> list[str]:
        """The parameters that are still to be set before they are used."""
        return [name for name, value in self.values(plan).items() if value is None]


SECTIONS = tuple(name for name, f in Scheme.model_fields.items() if f.annotation == Section)
"""The names of the parts that other engines read; see their modules for what each may hold."""
