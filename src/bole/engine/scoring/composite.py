"""Weighted composites over ballot results and scores: 3:4:3, 3:6:1, a 5 % review, and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bole.engine.exact.numbers import Quantity, Rounding, exact, fixed, rounded, say
from bole.engine.tally.thresholds import (
    Condition,
    Measure,
    RuleResult,
    Share,
    Subject,
    Threshold,
    evaluate,
)
from bole.engine.text import Text, join


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Round(_Model):
    """A rounding that the rule itself names; without one nothing is rounded."""

    places: int = Field(ge=0, le=6)
    how: Rounding = Rounding.HALF_UP


class Part(_Model):
    """One part of a composite. `measure`: what is scored (the part's key unless given); `full`: the
    full mark of a raw score, put on the composite's scale; a `Share` counts as share × scale."""

    weight: Quantity | None
    measure: str | None = None
    full: Quantity | None = None
    cap: Quantity | None = None
    floor: Quantity | None = None
    rounding: Round | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"weight": value}


class Bonus(_Model):
    """Points added (`sign: plus`) or taken off after weighting, with a cap; a missing measure is
    missing, never zero, unless the rule says `absent: none`."""

    measure: str
    sign: Literal["plus", "minus"] = "plus"
    each: Quantity = 1
    cap: Quantity | None = None
    absent: Literal["missing", "none"] = "missing"


class Composite(_Model):
    """Total = Σ weight × score ÷ Σ weights, on `scale`, plus bonuses, at most `cap`.

    `vetoes`: conditions that exclude whatever the total. `ties`: shown as ties unless the scheme
    holds an explicit order of measures (highest first). `cut`: how many go on, per post.
    """

    kind: Literal["composite"] = "composite"
    id: str = "total"
    parts: dict[str, Part] = Field(min_length=1)
    scale: Quantity = 100
    bonuses: tuple[Bonus, ...] = ()
    cap: Quantity | None = None
    vetoes: tuple[Threshold, ...] = ()
    ties: Literal["show"] | tuple[str, ...] = "show"
    rounding: Round | None = None
    cut: Literal["posts"] | int | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @field_validator("parts")
    @classmethod
    def _weights(cls, parts: dict[str, Part]) -> dict[str, Part]:
        given = [p.weight for p in parts.values() if p.weight is not None]
        if any(exact(w) < 0 for w in given):
            raise ValueError("权重不得小于0 / a weight is not below 0")
        total = sum((exact(w) for w in given), Fraction(0))
        if len(given) == len(parts) and not total:
            raise ValueError("权重全部为0 / all weights are 0")
        if all(isinstance(w, str) and w.strip().endswith(("%", "％")) for w in given) and (
            len(given) == len(parts) and total != 1
        ):
            raise ValueError(
                f"权重合计{say(total * 100)}%，应为100% / "
                f"the weights add to {say(total * 100)}%, not 100%"
            )
        return parts


@dataclass(frozen=True)
class Total:
    """A subject's total, or None with everything that is missing. `parts`: scores on the scale."""

    value: Fraction | None
    parts: Mapping[str, Fraction | None]
    text: Text
    missing: tuple[Text, ...] = ()
    vetoes: tuple[RuleResult, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON output: exact value and two decimals."""
        return {
            "total": None if self.value is None else str(self.value),
            "shown": None if self.value is None else fixed(self.value),
            "parts": {k: None if v is None else str(v) for k, v in self.parts.items()},
            "text": self.text.as_dict(),
            "missing": [m.as_dict() for m in self.missing],
            "vetoes": [v.as_dict() for v in self.vetoes],
        }


def total(composite: Composite, subject: Subject) -> Total:
    """One subject's total. Missing scores, bases and weights are named; none counts as zero."""
    scale = exact(composite.scale)
    scores: dict[str, Fraction | None] = {}
    missing: list[Text] = []
    for name, part in composite.parts.items():
        measure = part.measure or name
        scores[name], absent = _score(part, subject.measures.get(measure), scale)
        label = subject.label(measure)
        if absent:
            missing.append(
                label if absent == "score" else Text("{m}的基数", "the base of {m}").fill(m=label)
            )
        if part.weight is None:
            missing.append(Text("{m}的权重", "the weight of {m}").fill(m=label))
    bonus, absent_bonuses = _bonuses(composite, subject)
    missing += absent_bonuses
    vetoes = tuple(evaluate(v, subject) for v in composite.vetoes)
    if missing:
        text = Text("缺少{w}，不能计算总分", "{w} missing: there is no total").fill(
            w=join(missing, "、", ", ")
        )
        return Total(None, scores, text, tuple(missing), vetoes)
    weights = {n: exact(p.weight) for n, p in composite.parts.items()}
    whole = sum(weights.values(), Fraction(0))
    value = sum((weights[n] * (s or 0) for n, s in scores.items()), Fraction(0)) / whole + bonus
    if composite.cap is not None:
        value = min(value, exact(composite.cap))
    if composite.rounding is not None:
        value = rounded(value, composite.rounding.places, composite.rounding.how)
    said = " + ".join(
        f"{say(weights[n] / whole)}×{fixed(s or Fraction(0))}" for n, s in scores.items()
    )
    if bonus:
        said += f" {'+' if bonus > 0 else '-'} {say(abs(bonus))}"
    return Total(
        value,
        scores,
        Text("{s} = {v}", "{s} = {v}").fill(s=said, v=fixed(value)),
        vetoes=vetoes,
    )


def _score(part: Part, raw: Measure, scale: Fraction) -> tuple[Fraction | None, str]:
    if raw is None:
        return None, "score"
    if isinstance(raw, Share):
        if not raw.of:
            return None, "base"
        value = Fraction(raw.count, raw.of) * scale
    else:
        value = exact(raw)
        if part.full is not None:
            value = value * scale / exact(part.full)
    if part.cap is not None:
        value = min(value, exact(part.cap))
    if part.floor is not None:
        value = max(value, exact(part.floor))
    if part.rounding is not None:
        value = rounded(value, part.rounding.places, part.rounding.how)
    return value, ""


def _bonuses(composite: Composite, subject: Subject) -> tuple[Fraction, list[Text]]:
    added, missing = Fraction(0), []
    for bonus in composite.bonuses:
        raw = subject.measures.get(bonus.measure)
        if raw is None or isinstance(raw, Share):
            if bonus.absent == "missing":
                missing.append(subject.label(bonus.measure))
            continue
        value = exact(raw) * exact(bonus.each)
        if bonus.cap is not None:
            value = min(value, exact(bonus.cap))
        added += value if bonus.sign == "plus" else -value
    return added, missing


class ExceptionRule(_Model):
    """An exception that a body may use, such as the equal-number exception of 319.3.

    It needs `needs` (a recorded study or approval) and its condition; it lifts the named bars for a
    person, and never applies by itself: the reading says that it is open to the body.
    """

    kind: Literal["exception"] = "exception"
    id: str
    needs: str
    condition: Condition
    lifts: tuple[str, ...] = ()
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionReading:
    """`open`: the body may use it; None where an input is missing."""

    open: bool | None
    text: Text
    missing: tuple[Text, ...] = ()


def read_exception(
    rule: ExceptionRule, subject: Subject, done: Mapping[str, bool | None]
) -> ExceptionReading:
    """Whether the exception is open for a subject; `done` says which studies are on record."""
    as_rule = Threshold(id=rule.id, sense="requires", all=(rule.condition,))
    result = evaluate(as_rule, subject)
    study = done.get(rule.needs)
    if result.outcome == "cannot_compute" or (study is None and result.outcome == "no_bar"):
        named = Text("{n}的记录", "the record of {n}").fill(n=rule.needs.replace("_", " "))
        missing = (*result.missing, *([named] if study is None else []))
        text = Text("缺少{w}", "{w} missing").fill(w=join(list(missing), "、", ", "))
        return ExceptionReading(None, text, missing)
    met = result.outcome == "no_bar"
    if met and study:
        return ExceptionReading(True, result.reason)
    why = result.reason
    if not study:
        why += Text("；尚无{n}的记录", "; no record of {n}").fill(n=rule.needs.replace("_", " "))
    return ExceptionReading(False, why)
