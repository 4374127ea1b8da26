"""Between decision and office: the pre-post test, the reminder letter, the achievement form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bole.engine.errors import Problem
from bole.engine.exact.numbers import Number, Quantity, exact, say
from bole.engine.text import Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TestRule(_Model):
    """A test before the post (135.1): below the line → talk and retest, below again → the formal
    appointment is suspended by the body that may. `pass_line`: null = not in the source."""

    __test__ = False  # not a pytest class

    kind: Literal["test"] = "test"
    id: str = "test"
    pass_line: Quantity | None = None
    retests: int = Field(default=1, ge=0)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


class TestState(StrEnum):
    """What the results of one person ask for."""

    __test__ = False

    PASSED = "passed"
    TALK_AND_RETEST = "talk_and_retest"
    SUSPENSION_PREPARED = "suspension_prepared"
    NOT_TESTED = "not_tested"
    CANNOT_COMPUTE = "cannot_compute"


def read_test(rule: TestRule, scores: Sequence[Number | None]) -> tuple[TestState, Text]:
    """Read a person's scores in order. No score = not tested, which is not a poor result."""
    if rule.pass_line is None:
        text = Text("办法未定合格线", "the pass line is not settled")
        return TestState.CANNOT_COMPUTE, text
    taken = [s for s in scores if s is not None]
    if not taken:
        return TestState.NOT_TESTED, Text("未参加测试", "not tested")
    values = {"s": say(taken[-1]), "l": say(rule.pass_line), "n": len(taken)}
    if exact(taken[-1]) >= exact(rule.pass_line):
        text = Text("第{n}次{s}分，合格线{l}分", "test {n}: {s}, pass line {l}")
        return TestState.PASSED, text.fill(**values)
    if len(taken) <= rule.retests:
        text = Text(
            "第{n}次{s}分，低于{l}分：谈话后补测一次",
            "test {n}: {s} is below {l}: a talk and one retest",
        )
        return TestState.TALK_AND_RETEST, text.fill(**values)
    text = Text(
        "第{n}次{s}分，仍低于{l}分：提请暂缓办理任职",
        "test {n}: {s} is below {l} again: suspension of the appointment is prepared",
    )
    return TestState.SUSPENSION_PREPARED, text.fill(**values)


class LetterRule(_Model):
    """A reminder letter before the post (076.7), asked about again after so many months."""

    kind: Literal["letter"] = "letter"
    id: str = "letter"
    least_shortcomings: int = Field(default=1, ge=1)
    before: str = "office"
    asked_again: tuple[int, ...] = ()
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


def check_letter(rule: LetterRule, shortcomings: Sequence[str] | None) -> list[Problem]:
    """Why a reminder letter cannot be issued yet; repeated or blank points do not count."""
    if shortcomings is None:
        text = Text("缺少考察反映的不足", "the shortcomings from the inspection are missing")
        return [Problem("MISSING", text)]
    points = {s.strip() for s in shortcomings if s.strip()}
    if len(points) >= rule.least_shortcomings:
        return []
    text = Text("写了{n}条不足，至少{k}条", "{n} shortcomings given, at least {k}")
    return [Problem("TOO_FEW", text.fill(n=len(points), k=rule.least_shortcomings))]


class AchievementRule(_Model):
    """The achievement form (342.1)."""

    kind: Literal["achievement"] = "achievement"
    id: str = "achievement"
    most_characters: int | None = None
    years: int | None = None
    fields: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AchievementForm:
    """A filled form: `fields` by name, who signed."""

    fields: Mapping[str, Any]
    signed: Collection[str]


def check_achievement(rule: AchievementRule, form: AchievementForm) -> list[Problem]:
    """What is wrong with an achievement form; all at once. Characters count without spaces."""
    problems = [
        Problem("FIELD_MISSING", Text("未填写{f}", "{f} is not filled in").fill(f=f), f)
        for f in rule.fields
        if not str(form.fields.get(f) or "").strip()
    ]
    length = sum(len("".join(str(v).split())) for v in form.fields.values() if v is not None)
    if rule.most_characters is not None and length > rule.most_characters:
        text = Text("共{n}字，至多{m}字", "{n} characters, at most {m}")
        problems.append(Problem("TOO_LONG", text.fill(n=length, m=rule.most_characters)))
    problems += [
        Problem("NOT_SIGNED", Text("{s}未签字", "{s} has not signed").fill(s=s), s)
        for s in rule.signatures
        if s not in form.signed
    ]
    return problems
