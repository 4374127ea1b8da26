"""Positive and negative entries (正负记实): what an entry must name, and when it may be seen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join

Day = datetime.date

STATUSES = ("draft", "notified", "replied", "confirmed", "corrected", "withdrawn", "expired")
CAUSES = ("work", "personal")


class RecordRules(Model):
    """The listed circumstances of each side; `open_*` = how many more the source only counts."""

    kind: Literal["record"] = "record"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    positive: dict[Id, Name] = {}
    negative: dict[Id, Name] = {}
    open_positive: int = Field(default=0, ge=0)
    open_negative: int = Field(default=0, ge=0)
    phases: Name | None = None


@dataclass(frozen=True)
class Entry:
    """One entry as filled in; `until` is the last day of its effect, None = not set."""

    id: str
    side: str | None
    circumstance: str | None
    cause: str | None = None
    document: str | None = None
    until: Day | None = None
    status: str | None = None
    recorded: Day | None = None


@dataclass(frozen=True)
class EntryResult:
    """Saved, or refused with every reason; `text` also says what a saved entry waits for."""

    entry: Entry
    problems: tuple[Problem, ...]
    text: Text

    @property
    def saved(self) -> bool:
        """Whether the entry may be kept."""
        return not self.problems


def file_entry(rules: RecordRules, entry: Entry) -> EntryResult:
    """Check an entry; all failings at once.

    A negative entry names a listed circumstance, the work or personal cause, a source document and
    an end date; a positive one needs a listed circumstance only where the place's list is complete.
    Codes: SIDE, CIRCUMSTANCE, CAUSE, DOCUMENT, END_DATE, STATUS.
    """
    found: list[tuple[str, Text]] = []
    if entry.side not in ("positive", "negative"):
        found.append(("SIDE", Text("须写明正面或负面", "say whether it is positive or negative")))
    if entry.side == "negative":
        found += _negative(rules, entry)
    elif entry.side == "positive" and _unlisted(rules.positive, rules.open_positive, entry):
        found.append(("CIRCUMSTANCE", _UNLISTED.fill(value=entry.circumstance)))
    if entry.status is not None and entry.status not in STATUSES:
        text = Text("状态“{s}”无效", "'{s}' is no status of an entry").fill(s=entry.status)
        found.append(("STATUS", text))
    where = Text("第{id}条", "entry {id}").fill(id=entry.id)
    problems = tuple(
        Problem(code, Text("{w}：{t}", "{w}: {t}").fill(w=where, t=text)) for code, text in found
    )
    if problems:
        return EntryResult(entry, problems, join([p.text for p in problems]))
    return EntryResult(entry, (), _WAITS.get(entry.status or "draft", Text("已保存", "saved")))


def visible(entry: Entry, day: Day) -> bool:
    """Whether selection views may show the entry on `day`: confirmed after notice, and the last day
    of its period not over. A negative entry without an end date is never shown."""
    if entry.status not in ("confirmed", "corrected"):
        return False
    if entry.side == "negative" and entry.until is None:
        return False
    return entry.until is None or day <= entry.until


_UNLISTED = Text("“{value}”不是列明的情形", "'{value}' is not a listed circumstance")
_WAITS = {
    "draft": Text("尚未告知本人，告知并确认前不显示", "not shown until the person is notified"),
    "notified": Text("等待本人答复，确认前不显示", "waiting for the person's reply"),
    "replied": Text("本人已答复，等待确认", "the person has replied; waiting for confirmation"),
    "confirmed": Text("已确认", "confirmed"),
    "withdrawn": Text("已撤销，不再显示", "withdrawn; no longer shown"),
}


def _unlisted(listed: dict[Id, Name], unnamed: int, entry: Entry) -> bool:
    """A list that the source counts but does not print in full cannot refuse a positive entry."""
    return not unnamed and bool(listed) and entry.circumstance not in listed


def _negative(rules: RecordRules, entry: Entry) -> list[tuple[str, Text]]:
    found = []
    if entry.circumstance is None:
        found.append(("CIRCUMSTANCE", Text("未写明情形", "no circumstance")))
    elif entry.circumstance not in rules.negative:
        found.append(("CIRCUMSTANCE", _UNLISTED.fill(value=entry.circumstance)))
    if entry.cause not in CAUSES:
        text = Text("须写明是工作原因还是个人原因", "say whether the cause was work or personal")
        found.append(("CAUSE", text))
    if not entry.document:
        found.append(("DOCUMENT", Text("没有依据材料", "no source document")))
    if entry.until is None:
        found.append(("END_DATE", Text("没有截止日期", "no end date")))
    elif entry.recorded is not None and entry.until < entry.recorded:
        found.append(
            ("END_DATE", Text("截止日期早于记录日期", "the end date lies before the entry"))
        )
    return found
