"""What an engine says of a matter: findings with a strength, figures and sheets of numbers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.matters.models import MatterKind
from bole.engine.schemes.models import Scheme
from bole.engine.text import Text
from bole.engine.workdays import Calendar

Strength = Literal["refuse", "block", "warn", "note"]
Ask = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `refuse` and `block` stop a move `judged: clear`, `warn` wants a reason."""

    code: str
    text: Text
    strength: Strength = "refuse"
    where: str = ""

    @property
    def stops(self) -> bool:
        return self.strength in ("refuse", "block")

    @property
    def problem(self) -> Problem:
        return Problem(self.code, self.text, self.where)

    def as_dict(self) -> dict[str, Any]:
        """As JSON carries it and the history keeps it."""
        return {
            "code": self.code,
            "text": self.text.as_dict(),
            "strength": self.strength,
            "where": self.where,
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the judgement: a title, column names, rows of texts."""

    title: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Text | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings in the order of the checks; figures (what, value), sheets, links beside them."""

    findings: tuple[Finding, ...] = ()
    figures: tuple[tuple[Text, Text | str], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    links: tuple[tuple[Text, str], ...] = ()  # label, address as the house gave it

    @property
    def stops(self) -> bool:
        """Whether something refuses or blocks."""
        return any(f.stops for f in self.findings)


def nothing_known(_question: str, **_about: Any) -> None:
    """The answers where no room answers: everything is unknown."""
    return


@dataclass(frozen=True)
class Look:
    """What a judge sees. `item`: the pack's item that `use` names, as its engine's model.

    `values`: exact values by the kind's own field ids; read them with `value`, so that a kind may
    name its fields as it likes. `ask(question, **about)`: facts of the house, None = unknown
    (see `bole.matters.answers`); the questions are in docs/matters.md. `about`: person and unit.
    """

    kind: MatterKind
    values: Mapping[str, Any]
    scheme: Scheme | None
    item: Any
    day: datetime.date
    calendar: Calendar | None = None
    ask: Ask = nothing_known
    person: int | None = None
    unit: int | None = None
    stream: str = ""
    state: str = ""
    matter: int | None = None
    opened: datetime.date | None = None
    signed: Mapping[str, str] = field(default_factory=dict)  # signing move → account id
    options: Mapping[str, Any] = field(default_factory=dict)

    def name(self, word: str) -> str:
        """The kind's field for a word of the judge."""
        return self.kind.judge.fields.get(word, word) if self.kind.judge else word

    def value(self, word: str, default: Any = None) -> Any:
        """The value of the field for a word of the judge; `default` where it is empty."""
        found = self.values.get(self.name(word))
        return default if found is None else found

    def label(self, word: str) -> Text:
        """The field's title, for sentences."""
        field_ = self.kind.fields.get(self.name(word))
        return field_.title if field_ else Text(word, word)

    @property
    def drafted(self) -> bool:
        """Whether it is still in its first state: what only time brings is not asked for yet."""
        return self.state in ("", self.kind.initial)

    def choice(self, word: str) -> Text:
        """The chosen option in words, or "—"."""
        field_, value = self.kind.fields.get(self.name(word)), self.value(word)
        return field_.choices[value] if field_ and value in field_.choices else Text("—", "—")


def of_problems(
    problems: Sequence[Problem],
    strengths: Mapping[str, Strength] | None = None,
    default: Strength = "refuse",
) -> tuple[Finding, ...]:
    """Problems of an engine as findings, each with the strength of its code."""
    given = strengths or {}
    return tuple(Finding(p.code, p.text, given.get(p.code, default), p.where) for p in problems)


JudgeFunction = Callable[[Look], Judgement]
# What a form begins with, by the judge's words, as forms keep it (dates and numbers as text).
BeginFunction = Callable[[Look], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Judge:
    """A registered judge; `section` is where `use` is looked up, "" if it uses no item.

    `begins` gives what the house and the rules already know of fields that are still empty, so
    that a form begins with it and nobody types it again.
    """

    name: str
    title: Text
    run: JudgeFunction
    section: str = ""
    item_kind: str = ""
    words: tuple[str, ...] = ()
    begins: BeginFunction | None = None


def judged(found: Judge, look: Look) -> Judgement:
    """What the judge says; input that its engine cannot take is a finding like the others."""
    try:
        return found.run(look)
    except BoleError as error:
        return Judgement(of_problems(error.problems))


def begun(found: Judge, look: Look) -> dict[str, Any]:
    """What empty fields of the matter may begin with, by the kind's own field ids."""
    if found.begins is None:
        return {}
    named = {look.name(word): value for word, value in found.begins(look).items()}
    return {
        n: v
        for n, v in named.items()
        if n in look.kind.fields and v not in (None, "", []) and look.values.get(n) is None
    }


REGISTERED: dict[str, Judge] = {}


def judge(
    name: str,
    title: Text,
    *,
    section: str = "",
    kind: str = "",
    words: tuple[str, ...] = (),
    begins: BeginFunction | None = None,
) -> Callable[[JudgeFunction], JudgeFunction]:
    """Register a judge. `words`: the fields that it reads, for the check of packs and the page."""

    def register(run: JudgeFunction) -> JudgeFunction:
        REGISTERED[name] = Judge(name, title, run, section, kind, words, begins)
        return run

    return register
