"""Probation: due date and touchpoints from the start of office, and what each conclusion needs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Name
from bole.engine.text import Text
from bole.engine.workdays import add_months

Day = datetime.date


class ProbationRule(BaseModel):
    """Length and touchpoints in months from the start of office. `destinations`: where the source
    sends a person who fails, with the source beside; a body chooses, never the program."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["probation"] = "probation"
    id: str = "probation"
    months: int | None = Field(default=None, ge=1)
    touchpoints: tuple[int, ...] = ()
    extension_months: int | None = None
    destinations: tuple[Name, ...] = ()
    confirmation: tuple[Name, ...] = ()
    on_excellence: Name | None = None
    may_preside: bool = False
    who: Name | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @field_validator("touchpoints")
    @classmethod
    def _rising(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(m < 1 for m in value) or list(value) != sorted(set(value)):
            raise ValueError("月数须大于0且递增 / months rise from 1")
        return value


def _source(rule: ProbationRule) -> str:
    return next(iter(rule.mechanisms), "") or rule.reference


@dataclass(frozen=True)
class ProbationDates:
    """The due date and each touchpoint (months → day)."""

    start: Day
    due: Day
    touchpoints: Mapping[int, Day]


def probation_dates(rule: ProbationRule, start: Day | None) -> ProbationDates:
    """Dates of a probation. A length in months ends on the same day number, or on the last day of
    a shorter month. Raises `BoleError` naming a length or start that is missing."""
    missing = [
        name
        for name, value in (
            (Text("试用期时长", "the length of the probation"), rule.months),
            (Text("任职起始日期", "the start of office"), start),
        )
        if value is None
    ]
    if rule.months is None or start is None:
        raise BoleError(
            [Problem("MISSING", Text("缺少{w}", "{w} is missing").fill(w=name)) for name in missing]
        )
    return ProbationDates(
        start,
        add_months(start, rule.months),
        {m: add_months(start, m) for m in rule.touchpoints},
    )


class ConclusionState(StrEnum):
    """What can be done with a proposed conclusion."""

    RECORDED = "may_be_recorded"
    REFUSED = "refused"
    PREPARED = "prepared_for_deciding_body"
    CANNOT_COMPUTE = "cannot_compute"


@dataclass(frozen=True)
class ConclusionReading:
    """`needs`: papers that must be attached; `destinations`: where the schemes send the person."""

    state: ConclusionState
    text: Text
    new_due: Day | None = None
    needs: tuple[str, ...] = ()
    destinations: tuple[Text, ...] = ()


ADVERSE_NEEDS = ("ground", "assessment", "the person's reply")


def read_conclusion(
    rules: Sequence[ProbationRule],
    conclusion: str | None,
    *,
    over: bool | None,
    due: Day | None = None,
    extension_months: int | None = None,
    attached: Sequence[str] = (),
) -> ConclusionReading:
    """Check a proposed conclusion: `confirm`, `extend` or `end_probation_post`.

    `over`: whether the due date has come. Ending is an act of the body that may decide it; the
    program prepares it with ground, assessment and the person's reply, and never performs it.
    """
    if conclusion == "confirm":
        if over is None:
            text = Text("缺少试用期到期日", "The due date of the probation is missing.")
            return ConclusionReading(ConclusionState.CANNOT_COMPUTE, text)
        if not over:
            text = Text(
                "试用期未满，到期之日起方可记录转正。",
                "The probation is not over; confirmation can be recorded from the due date.",
            )
            return ConclusionReading(ConclusionState.REFUSED, text)
        text = Text("可以记录转正", "Confirmation can be recorded.")
        return ConclusionReading(ConclusionState.RECORDED, text)
    if conclusion == "extend":
        fixed = next((r.extension_months for r in rules if r.extension_months), None)
        months = extension_months if extension_months is not None else fixed
        if months is None or months < 1:
            text = Text("请写明延长多长时间。", "State the length of the extension.")
            return ConclusionReading(ConclusionState.REFUSED, text)
        text = Text("延长{m}个月", "Extended by {m} months").fill(m=months)
        new_due = add_months(due, months) if due else None
        return ConclusionReading(ConclusionState.RECORDED, text, new_due)
    if conclusion in ("end_probation_post", "end"):
        needs = tuple(n for n in ADVERSE_NEEDS if n not in attached)
        destinations = tuple(
            dict.fromkeys(
                d + Text(f"（{source}）", f" ({source})") if (source := _source(r)) else d
                for r in rules
                for d in r.destinations
            )
        )
        text = Text(
            "已为有权决定的机构备好材料；须附理由、考核结果和本人陈述，由该机构决定。",
            "Prepared for the body that may decide; ground, assessment and the person's reply"
            " belong to it.",
        )
        return ConclusionReading(
            ConclusionState.PREPARED, text, needs=needs, destinations=destinations
        )
    text = Text(
        "结论须为转正、延长或结束试用任职之一", "The conclusion is one of confirm, extend, end."
    )
    return ConclusionReading(ConclusionState.REFUSED, text)
