"""Notices: how long they run, what keeps formalities locked, and what complaints lead to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bole.engine.procedures.base import Name
from bole.engine.text import Text, join
from bole.engine.workdays import Calendar, Deadline, Length, Suspension, deadline, latest

Day = datetime.date


class NoticeRule(BaseModel):
    """A notice of one stage. `days`, `unit`, `count_from`: null where the source leaves them open;
    the clock cannot start before they are entered. `places`: by fact of the person, united."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["notice"] = "notice"
    id: str = "notice"
    stage: Literal["before", "inspection", "pre_appointment", "during", "achievement", "result"] = (
        "pre_appointment"
    )
    days: int | None = Field(default=None, ge=1)
    unit: Literal["working_days", "calendar_days"] | None = None
    count_from: Literal["day_after_posting", "posting_day"] | None = None
    at_least: bool = False
    merged_with: str | None = None
    on_suspension: Literal["restart", "continue"] | None = None
    places: dict[str, tuple[str, ...]] = {}
    channels: tuple[str, ...] = ()
    who: Name | None = None
    complaints: Literal["lock_all", "lock_concrete"] = "lock_all"
    filed_first: Name | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    def open_values(self) -> list[Text]:
        """What must be entered before the clock can start."""
        named = [
            (Text("公示天数", "the length of the notice"), self.days),
            (Text("按工作日还是日历日", "working or calendar days"), self.unit),
            (Text("张贴当日是否计入", "whether the posting day counts"), self.count_from),
        ]
        return [name for name, value in named if value is None]


def run_notice(
    rule: NoticeRule,
    posted: Day | None,
    calendar: Calendar | None = None,
    suspensions: Sequence[Suspension] = (),
) -> Deadline | list[Text]:
    """The clock of a notice, or the names of the values that are still open."""
    missing = rule.open_values()
    if posted is None:
        missing.append(Text("张贴日期", "the day of posting"))
    if suspensions and rule.on_suspension is None:
        missing.append(
            Text("中断后重新计算还是继续计算", "restart or continue after an interruption")
        )
    if missing or rule.days is None or rule.unit is None:
        return missing
    return deadline(
        posted,
        Length(rule.days, rule.unit),
        calendar,
        first_day_counts=rule.count_from == "posting_day",
        suspensions=suspensions,
        on_suspension=rule.on_suspension or "restart",
    )


def merged(clocks: Sequence[Deadline]) -> Deadline:
    """One clock for merged notices: the longer length rules."""
    return latest(*clocks)


def places(rule: NoticeRule, facts: Sequence[str]) -> list[str]:
    """Where the notice is posted: the union of all place rules that fit the person.

    `facts`: the keys of the rule that hold for the person, such as `subordinate_unit`, `seconded`;
    the key `always` holds for everybody.
    """
    found: dict[str, None] = {}
    for fact, where in rule.places.items():
        if fact == "always" or fact in facts:
            found.update(dict.fromkeys(where))
    return list(found)


class ComplaintState(StrEnum):
    """What the notice leaves for one person."""

    MAY_START = "formalities_may_start"
    SUSPENDED = "suspended"
    SENT_BACK = "sent_back_to_deciding_body"
    CANNOT_COMPUTE = "cannot_compute"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint received during the notice. `concrete`: whether the lead can be checked;
    `closed` in writing; `finding`: unfounded, verified_no_effect, verified_affects_post, serious,
    or unclear (which holds the formalities like an open one, 210.4)."""

    concrete: bool | None
    closed: bool | None
    finding: str | None = None


AFFECTS = {"verified_affects_post", "serious", "verified_serious"}
UNCLEAR = {"unclear", "temporarily_unclear"}
HARMLESS = {"unfounded", "verified", "verified_minor", "verified_no_effect"}


@dataclass(frozen=True)
class ComplaintReading:
    """The state with its reason and what belongs to it."""

    state: ComplaintState
    text: Text
    also: Text


def read_complaints(complaints: Sequence[Complaint], rule: NoticeRule) -> ComplaintReading:
    """What follows at the end of a notice from the complaints of one person.

    Any complaint that is not closed in writing locks the formalities, a vague one too (310.6 checks
    concrete leads; a vague letter is still registered and closed). One verified that affects the
    post goes back to the body that decided; only that body cancels.
    """
    none = Text("", "")
    if any(c.closed is None for c in complaints):
        text = Text("未记载信访件是否已办结", "It is not recorded whether the complaint is closed")
        return ComplaintReading(ComplaintState.CANNOT_COMPUTE, text, none)
    unfinished = [c for c in complaints if not c.closed]
    if any(c.closed and c.finding in AFFECTS for c in complaints):
        text = Text(
            "举报属实并影响任职：须由原决定机构按程序决定是否取消，附本人陈述。",
            "Only the body that decided can cancel; the person's reply is attached.",
        )
        return ComplaintReading(ComplaintState.SENT_BACK, text, none)
    if unfinished:
        return ComplaintReading(ComplaintState.SUSPENDED, _open(unfinished), none)
    doubtful = [c for c in complaints if c.finding in UNCLEAR]
    if doubtful:
        text = Text(
            "{n}件尚未查清，暂缓办理任职手续。",
            "{n} not cleared up. Formalities stay locked.",
        ).fill(n=len(doubtful))
        return ComplaintReading(ComplaintState.SUSPENDED, text, none)
    unclear = [c for c in complaints if c.finding not in HARMLESS]
    if unclear:
        text = Text(
            "{n}件已办结但没有结论，补记结论后方可办理任职手续。",
            "{n} closed without a finding. Enter the finding before formalities.",
        ).fill(n=len(unclear))
        return ComplaintReading(ComplaintState.CANNOT_COMPUTE, text, none)
    unfounded = any(c.finding == "unfounded" for c in complaints)
    also = Text(
        "向本人反馈核查结果；已查否的信访件不再出现在以后的材料中",
        "the finding is told to the person; the closed unfounded item leaves later views",
    )
    text = Text("可以办理任职手续", "Formalities may start.")
    return ComplaintReading(ComplaintState.MAY_START, text, also if unfounded else none)


def _open(unfinished: Sequence[Complaint]) -> Text:
    vague = sum(c.concrete is False for c in unfinished)
    concrete = len(unfinished) - vague
    parts = []
    if concrete == 1:
        parts.append(
            Text(
                "1件信访未办结。书面办结前不得办理任职手续。",
                "One complaint is not cleared."
                " Formalities stay locked until it is closed in writing.",
            )
        )
    elif concrete:
        parts.append(
            Text(
                "{n}件信访未办结。书面办结前不得办理任职手续。",
                "{n} complaints are not cleared."
                " Formalities stay locked until they are closed in writing.",
            ).fill(n=concrete)
        )
    if vague:
        parts.append(
            Text(
                "线索不具体的信访件也须书面办结后方可办理任职手续。",
                "A vague complaint also has to be closed in writing before formalities.",
            )
        )
    return join(parts, "", " ")


@dataclass(frozen=True)
class Attempt:
    """Whether formalities may be started on a day, and why not."""

    allowed: bool | None
    text: Text


def may_issue(
    clock: Deadline | list[Text], on: Day, complaints: Sequence[Complaint], rule: NoticeRule
) -> Attempt:
    """Whether a document may be issued on `on`: the notice has run its full length and every
    complaint is closed. None when the clock cannot be computed."""
    if isinstance(clock, list):
        text = Text("缺少{w}，无法计算公示期", "{w} missing: the notice has no end")
        return Attempt(None, text.fill(w=join(clock, "、", ", ")))
    if clock.due is None:
        text = (
            clock.problem.text if clock.problem else Text("公示期无法计算", "no end of the notice")
        )
        return Attempt(None, text)
    if on <= clock.due:
        text = Text(
            "公示期至{d}止。最早可于{e}办理任职手续。",
            "The notice runs to the end of {d}. Earliest day for formalities: {e}.",
        ).fill(d=clock.due, e=clock.earliest_after)
        return Attempt(False, text)
    reading = read_complaints(complaints, rule)
    if reading.state is ComplaintState.MAY_START:
        return Attempt(True, reading.text)
    return Attempt(None if reading.state is ComplaintState.CANNOT_COMPUTE else False, reading.text)
