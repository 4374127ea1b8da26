"""Thresholds over ballot results: what they measure, on which base, and what follows from them.

A threshold never decides: it blocks, flags or orders, and a named person or body acts. A missing
input gives `cannot_compute` with its name; a value that the source leaves open (null) gives
`not_set`, and the figures are reported only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bole.engine.exact.comparators import Comparator, fewest, most
from bole.engine.exact.figures import Base, Figures
from bole.engine.exact.numbers import Number, Quantity, exact, percent, say
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict, all_of, any_of, negate


class Effect(StrEnum):
    """What follows when a threshold bars. BLOCKS_IN_PRINCIPLE may be passed with a written
    reason and a named approver; ORDERS asks for an action such as a second round."""

    BLOCKS = "blocks"
    BLOCKS_IN_PRINCIPLE = "blocks_in_principle"
    FLAGS = "flags"
    ORDERS = "orders"


class Outcome(StrEnum):
    """The answer of one threshold, or of all of them together."""

    NO_BAR = "no_bar"
    BLOCKS = "blocks"
    BLOCKS_IN_PRINCIPLE = "blocks_in_principle"
    FLAGS = "flags"
    ORDERS = "orders"
    CANNOT_COMPUTE = "cannot_compute"
    NOT_SET = "not_set"
    NOT_APPLICABLE = "not_applicable"


class Condition(BaseModel):
    """One comparison, or several joined by `all` / `any`, or one denied by `not`.

    `measure` names a count (then `base` is the denominator and `value` a share), a score, or a
    `Share`; a list of names is their sum. `value: null` is a value that the source leaves open.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)

    measure: str | tuple[str, ...] | None = None
    base: Base | None = None
    op: Comparator | None = None
    value: Quantity | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")

    @field_validator("base", "op", mode="before")
    @classmethod
    def _read_words(cls, value: Any, info: Any) -> Any:
        if value is None or not isinstance(value, str):
            return value
        kind = Base if info.field_name == "base" else Comparator
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise ValueError(
                f'“{value}”应为 {known} 之一 / "{value}" is none of: {known}'
            ) from None

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        forms = [self.measure, self.all, self.any, self.not_]
        if sum(f is not None for f in forms) != 1:
            raise ValueError(
                "measure、all、any、not 须且只能写一个 / exactly one of measure, all, any, not"
            )
        if self.measure is not None and self.op is None:
            raise ValueError("有 measure 须写 op / a measure needs op (ge, gt, le, lt)")
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """The names summed by this comparison."""
        return (self.measure,) if isinstance(self.measure, str) else (self.measure or ())

    def leaves(self) -> tuple[Condition, ...]:
        """Every comparison inside, left to right."""
        inner = (*(self.all or ()), *(self.any or ()), *([self.not_] if self.not_ else []))
        return (self,) if self.measure is not None else tuple(x for c in inner for x in c.leaves())


class Threshold(Condition):
    """A rule over results. `bars`: the effect follows when the condition holds; `requires`: when
    it does not. `when` limits it to persons or campaigns for whom that condition holds."""

    kind: Literal["threshold"] = "threshold"
    id: str
    sense: Literal["bars", "requires"] = "bars"
    effect: Effect = Effect.BLOCKS
    text: str = ""
    reference: str = ""
    mechanisms: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A count that carries its base: votes of a channel, interviewees who named somebody."""

    count: int
    of: int | None
    base: Base


Measure = Number | Share | None


@dataclass(frozen=True)
class Reading:
    """One comparison as it came out, with every figure used."""

    name: Text
    verdict: Verdict
    text: Text
    missing: tuple[Text, ...] = ()
    share: Fraction | None = None
    boundary: bool = False
    not_set: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON output."""
        return {
            "measure": self.name.as_dict(),
            "verdict": self.verdict.value,
            "boundary": self.boundary,
            "text": self.text.as_dict(),
        }


@dataclass(frozen=True)
class RuleResult:
    """A threshold's answer with its reasons; `missing` names what could not be found."""

    rule: str
    outcome: Outcome
    readings: tuple[Reading, ...] = ()
    missing: tuple[Text, ...] = ()

    @property
    def reason(self) -> Text:
        """All figures used, in one sentence."""
        return join([r.text for r in self.readings])

    def as_dict(self) -> dict[str, Any]:
        """For JSON output."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "reason": self.reason.as_dict(),
            "missing": [m.as_dict() for m in self.missing],
            "readings": [r.as_dict() for r in self.readings],
        }


@dataclass(frozen=True)
class Subject:
    """What is known of one person (or one ballot, team, meeting) when thresholds are read."""

    measures: Mapping[str, Measure]
    figures: Figures = field(default_factory=Figures)
    labels: Mapping[str, Text] = field(default_factory=dict)

    def label(self, name: str) -> Text:
        """The name of a measure in a sentence."""
        return self.labels.get(name, Text(name, name.replace("_", " ")))


def evaluate(threshold: Threshold, subject: Subject) -> RuleResult:
    """Read one threshold for one subject."""
    if threshold.when is not None:
        applies, _ = _read(threshold.when, subject)
        if applies is Verdict.NOT_MET:
            return RuleResult(threshold.id, Outcome.NOT_APPLICABLE)
        if applies is Verdict.UNKNOWN:
            _, readings = _read(threshold.when, subject)
            return RuleResult(
                threshold.id, Outcome.CANNOT_COMPUTE, tuple(readings), _missing(readings)
            )
    verdict, readings = _read(threshold, subject)
    barred = verdict if threshold.sense == "bars" else negate(verdict)
    if barred is Verdict.UNKNOWN:
        if any(r.not_set for r in readings):
            return RuleResult(threshold.id, Outcome.NOT_SET, tuple(readings))
        return RuleResult(threshold.id, Outcome.CANNOT_COMPUTE, tuple(readings), _missing(readings))
    outcome = Outcome(threshold.effect.value) if barred is Verdict.MET else Outcome.NO_BAR
    return RuleResult(threshold.id, outcome, tuple(readings))


_ORDER = (
    Outcome.BLOCKS,
    Outcome.CANNOT_COMPUTE,
    Outcome.BLOCKS_IN_PRINCIPLE,
    Outcome.ORDERS,
    Outcome.FLAGS,
)


def together(results: Iterable[RuleResult]) -> Outcome:
    """The heaviest answer: a bar stands even beside an unknown; an unknown is never a pass."""
    outcomes = [r.outcome for r in results]
    for outcome in _ORDER:
        if outcome in outcomes:
            return outcome
    return (
        Outcome.NOT_SET
        if outcomes and Outcome.NO_BAR not in outcomes and (Outcome.NOT_SET in outcomes)
        else Outcome.NO_BAR
    )


def evaluate_all(thresholds: Sequence[Threshold], subject: Subject) -> list[RuleResult]:
    """Read every threshold; all reasons are shown at once."""
    return [evaluate(t, subject) for t in thresholds]


def _missing(readings: Iterable[Reading]) -> tuple[Text, ...]:
    found: dict[str, Text] = {}
    for reading in readings:
        for name in reading.missing:
            found.setdefault(name.en, name)
    return tuple(found.values())


def _read(condition: Condition, subject: Subject) -> tuple[Verdict, list[Reading]]:
    if condition.measure is not None:
        reading = _compare(condition, subject)
        return reading.verdict, [reading]
    if condition.not_ is not None:
        verdict, readings = _read(condition.not_, subject)
        return negate(verdict), readings
    parts = [_read(c, subject) for c in (condition.all or condition.any or ())]
    combine = all_of if condition.all is not None else any_of
    return combine(v for v, _ in parts), [r for _, readings in parts for r in readings]


def _compare(leaf: Condition, subject: Subject) -> Reading:
    name = join([subject.label(m) for m in leaf.measures], "＋", " + ")
    values = [subject.measures.get(m) for m in leaf.measures]
    missing = tuple(
        subject.label(m) for m, v in zip(leaf.measures, values, strict=True) if v is None
    )
    of: int | None = None
    # A base that the rule names counts before the base that a result carries.
    base = leaf.base
    shares = [v for v in values if isinstance(v, Share)]
    if base is not None:
        of = subject.figures.of(base)
    elif shares:
        base, of = shares[0].base, shares[0].of
    if base is not None and of is None:
        missing = (*missing, base.words)
    if missing:
        text = Text("缺少{what}", "{what} is missing").fill(what=join(list(missing), "、", ", "))
        return Reading(name, Verdict.UNKNOWN, text, missing)
    raw: list[Number] = [v.count if isinstance(v, Share) else v for v in values if v is not None]
    if base is not None:
        return _share(leaf, subject, name, [int(exact(v)) for v in raw], base, of or 0)
    return _score(leaf, name, raw)


def _relation(value: Fraction, line: Fraction) -> Text:
    if value == line:
        return Text("恰为{line}", "exactly {line}")
    return (
        Text("高于{line}", "above {line}") if value > line else Text("低于{line}", "below {line}")
    )


def _share(
    leaf: Condition, subject: Subject, name: Text, counts: list[int], base: Base, of: int
) -> Reading:
    count = sum(counts)
    added = "" if len(counts) == 1 else f"{' + '.join(map(str, counts))} = "
    figures = {"name": name, "added": added, "n": count, "d": of, "base": base.words}
    if not of:
        text = Text("{base}为0，无法计算{name}", "{base} is 0: {name} has no share").fill(**figures)
        return Reading(name, Verdict.UNKNOWN, text, (base.words,))
    share = Fraction(count, of)
    figures["p"] = percent(share)
    if leaf.value is None:
        text = Text(
            "{name}{added}{n}票，占{base}{d}的{p}；办法未设定标准，仅列数据",
            "{name} {added}{n} of {d} {base} is {p}; no threshold is set, figures only",
        ).fill(**figures)
        return Reading(name, Verdict.UNKNOWN, text, share=share, not_set=True)
    line, op = exact(leaf.value), leaf.op or Comparator.AT_LEAST
    holds = op.holds(share, line)
    text = Text(
        "{name}{added}{n}票，占{base}{d}的{p}，",
        "{name} {added}{n} of {d} {base} is {p}, ",
    ).fill(**figures) + _relation(share, line).fill(line=say(leaf.value))
    if share == line:
        text += Text("（恰在标准线上，{r}）", " (boundary, {r})").fill(
            r=Text("达到", "reached") if holds else Text("未达到", "not reached")
        )
    if base not in (Base.PERSONS,):
        text += _other_bases(subject.figures, count, base, op, line, holds, say(leaf.value))
    text += _guide(op, line, of, holds)
    return Reading(name, Verdict.of(holds), text, share=share, boundary=share == line)


def _guide(op: Comparator, line: Fraction, of: int, holds: bool) -> Text:
    if holds:
        return Text("", "")
    if op in (Comparator.AT_LEAST, Comparator.ABOVE):
        return Text("，界限为{n}", "; the line is at {n}").fill(n=fewest(op, line, of))
    return Text("，界限为{n}", "; the line is at {n}").fill(n=most(op, line, of))


def _other_bases(
    figures: Figures, count: int, base: Base, op: Comparator, line: Fraction, holds: bool, said: str
) -> Text:
    """Says so where another head count would have turned the answer: the usual quarrel."""
    remark = Text("", "")
    usual = (Base.DUE, Base.MEMBERS, Base.ATTENDING, Base.RETURNED, Base.VALID)
    for other in usual:
        whole = figures.of(other)
        if other is base or not whole or count > whole:
            continue
        if op.holds(Fraction(count, whole), line) != holds:
            remark += Text(
                "（{other}{d}中的{n}为{p}，但{other}不是本规定的基数，标准为{line}）",
                " ({n} of {d} {other} would be {p} against {line}, but that is not the base)",
            ).fill(
                other=other.words, d=whole, n=count, p=percent(Fraction(count, whole)), line=said
            )
    return remark


def _score(leaf: Condition, name: Text, raw: list[Number]) -> Reading:
    value = sum((exact(v) for v in raw), Fraction(0))
    shown = say(raw[0]) if len(raw) == 1 else f"{' + '.join(map(say, raw))} = {say(value)}"
    if leaf.value is None:
        text = Text(
            "{name}为{value}；办法未设定标准，仅列数据",
            "{name} is {value}; no threshold is set, figures only",
        ).fill(name=name, value=shown)
        return Reading(name, Verdict.UNKNOWN, text, not_set=True)
    line, op = exact(leaf.value), leaf.op or Comparator.AT_LEAST
    text = Text("{name}{value}", "{name} {value} is ").fill(name=name, value=shown)
    text += _relation(value, line).fill(line=say(leaf.value))
    return Reading(name, Verdict.of(op.holds(value, line)), text, boundary=value == line)
