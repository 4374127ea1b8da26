"""Rules as data, and a set of them checked and ready to run."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.expressions import check, tree
from bole.engine.facts.dates import Settings
from bole.engine.facts.definitions import Bound
from bole.engine.facts.kinds import BOOL
from bole.engine.text import Text

# Parameters with these names set the conventions of `Settings` instead of a rule's value.
CONVENTIONS = {f.name for f in fields(Settings)}

RESERVED = ("person", "name", "verdict")  # columns of a screening that are no rule


@dataclass(frozen=True)
class Rule:
    """One rule: exactly one of `require` (must hold), `bar` (must not hold), `judged`.

    `judged` is a question that a named person answers; no file can, so its verdict is unknown.
    `when` says for whom the rule is made. `effective` and `until` are both included.
    """

    id: str
    text: Text
    require: str | None = None
    bar: str | None = None
    judged: Text | None = None
    when: str | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()
    effective: datetime.date | None = None
    until: datetime.date | None = None
    verified: bool = True
    strength: str = "block"

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Rule:
        """From YAML or a scheme's rule as a mapping; keys that screening has no use for are left.

        Raises `BoleError` when the id, the text, or exactly one of the three conditions is missing.
        """
        where = str(data.get("id", "?"))
        problems = []
        if not data.get("id") or not isinstance(data["id"], str):
            problems.append(_rule_problem(where, "缺少 id", "id is missing"))
        given = [k for k in ("require", "bar", "judged") if data.get(k) is not None]
        if len(given) != 1:
            problems.append(
                _rule_problem(
                    where,
                    "require、bar、judged 须且只须写一个",
                    "write exactly one of require, bar, judged",
                )
            )
        for key in ("require", "bar", "when"):
            if data.get(key) is not None and not isinstance(data[key], str):
                problems.append(_rule_problem(where, f"{key} 应是文字", f"{key} must be text"))
        days: dict[str, datetime.date | None] = {}
        for key in ("effective", "until"):
            try:
                days[key] = _day(data.get(key))
            except ValueError:
                problems.append(
                    _rule_problem(where, f"{key} 应是日期 2019-03-03", f"{key} must be a date")
                )
        if problems:
            raise BoleError(problems)
        judged = data.get("judged")
        return cls(
            id=data["id"],
            text=_text(data.get("text", data["id"]), data.get("text_en")),
            require=data.get("require"),
            bar=data.get("bar"),
            judged=None if judged is None else _text(judged, None),
            when=data.get("when"),
            reference=str(data.get("reference") or ""),
            mechanisms=tuple(str(m) for m in data.get("mechanisms") or ()),
            effective=days["effective"],
            until=days["until"],
            verified=bool(data.get("verified", True)),
            strength=str(data.get("strength", "block")),
        )

    @property
    def condition(self) -> str | None:
        """The expression of `require` or `bar`."""
        return self.require if self.require is not None else self.bar

    def in_force(self, day: datetime.date) -> bool:
        """Whether the rule holds on that day."""
        return (self.effective is None or self.effective <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its checked conditions. `open` names parameters that nobody has set yet."""

    rule: Rule
    condition: tree.Node | None
    when: tree.Node | None = None
    open: tuple[str, ...] = ()

    @property
    def test(self) -> tree.Node | None:
        """What must be true for the rule to be met by a person whom it concerns."""
        if self.condition is None or self.rule.bar is None:
            return self.condition
        return tree.Not(BOOL, self.condition.column, self.condition)

    @property
    def facts(self) -> tuple[Bound, ...]:
        """The facts that the rule looks at."""
        found = {b.key: b for n in (self.when, self.condition) if n for b in tree.facts(n)}
        return tuple(found.values())


@dataclass(frozen=True)
class CompiledRules:
    """Rules checked against the catalogue, with their parameters and conventions."""

    rules: tuple[CompiledRule, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    settings: Settings = Settings()

    def in_force(self, day: datetime.date) -> CompiledRules:
        """The rules that hold on a day."""
        return CompiledRules(
            tuple(r for r in self.rules if r.rule.in_force(day)), self.parameters, self.settings
        )

    def only(self, ids: Iterable[str]) -> CompiledRules:
        """The rules with these ids; raises `BoleError` for an id that is not there."""
        wanted = list(ids)
        known = {r.rule.id for r in self.rules}
        problems = [
            Problem("RULE_UNKNOWN", Text("没有这条规则", "there is no such rule"), i)
            for i in wanted
            if i not in known
        ]
        if problems:
            raise BoleError(problems)
        chosen = tuple(r for r in self.rules if r.rule.id in wanted)
        return CompiledRules(chosen, self.parameters, self.settings)

    @property
    def facts(self) -> tuple[Bound, ...]:
        """Every fact that a rule looks at, once."""
        return tuple({b.key: b for r in self.rules for b in r.facts}.values())

    @property
    def key(self) -> tuple[object, ...]:
        """What the compiled form depends on."""
        return (
            tuple(
                (r.rule.id, r.rule.require, r.rule.bar, r.rule.when, r.rule.strength)
                for r in self.rules
            ),
            tuple(sorted((k, repr(v)) for k, v in self.parameters.items())),
            self.settings,
        )


def compile_rules(
    rules: Sequence[Rule], parameters: Mapping[str, Any] | None = None
) -> CompiledRules:
    """Check all rules. `parameters` maps names to values; None = still open.

    A rule whose parameter is open is kept and its verdict is unknown, naming the parameter.
    Raises `BoleError` with every error of every rule; `where` is the rule's id and part.
    """
    parameters = dict(parameters or {})
    problems: list[Problem] = []
    settings = _settings(parameters, problems)
    out: list[CompiledRule] = []
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            problems.append(_rule_problem(rule.id, "规则编号重复", "the rule's id is used twice"))
        if rule.id in RESERVED or any(mark in rule.id for mark in '"#:'):
            problems.append(_rule_problem(rule.id, "这个编号不可用，请换一个", "choose another id"))
        seen.add(rule.id)
        nodes: dict[str, tree.Node | None] = {}
        openings: list[str] = []
        for part in ("when", "require", "bar"):
            text = getattr(rule, part)
            nodes[part] = None
            if text is None:
                continue
            try:
                nodes[part] = check(text, parameters)
            except BoleError as error:
                for p in error.problems:
                    if p.code == "PARAMETER_OPEN":
                        openings.extend(n for n, v in parameters.items() if v is None and n in text)
                    else:
                        problems.append(Problem(p.code, p.text, f"{rule.id}.{part}"))
        if openings:
            # For whom it is meant, or what it asks, is not settled: it cannot be judged at all.
            nodes = dict.fromkeys(nodes)
        condition = nodes["require"] or nodes["bar"]
        out.append(CompiledRule(rule, condition, nodes["when"], tuple(dict.fromkeys(openings))))
    if problems:
        raise BoleError(problems)
    return CompiledRules(tuple(out), parameters, settings)


def _settings(parameters: Mapping[str, Any], problems: list[Problem]) -> Settings:
    chosen = {}
    choices: dict[str, tuple[str, ...]] = {
        "month_dates": ("reached", "unknown"),
        "last_day": ("included", "excluded"),
        "odd_days": ("ask", "drop", "thirty_days_are_a_month"),
        "secondments": ("count", "do_not_count"),
        "acting": ("count", "do_not_count"),
    }
    for name in sorted(CONVENTIONS & set(parameters)):
        value = parameters[name]
        if value is None:
            continue
        if value not in choices[name]:
            shown = " | ".join(choices[name])
            problems.append(Problem("CONVENTION", Text(f"应为 {shown}", f"must be {shown}"), name))
            continue
        chosen[name] = value
    return Settings(**chosen)


def _rule_problem(where: str, zh: str, en: str) -> Problem:
    return Problem("RULE", Text(zh, en), where)


def _text(value: Any, english: Any) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, Mapping):
        zh = str(value.get("zh") or value.get("en") or "")
        return Text(zh, str(value.get("en") or zh))
    return Text(str(value), str(english or value))


def _day(value: Any) -> datetime.date | None:
    if value is None or isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(str(value))
