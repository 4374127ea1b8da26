"""Clocks of the record and of responsibility: archive deadlines, and windows that end by date."""

from __future__ import annotations

from datetime import date
from typing import Literal

from bole.engine.vetting.base import Answer, VettingRule
from bole.engine.workdays import (
    Calendar,
    add_months,
    add_working_days,
    working_days_between,
)


class ArchiveClock(VettingRule):
    """Papers filed within n working days of the document; the check report within n working days
    of the filing DEADLINE, whatever the day of the filing was."""

    kind: Literal["archive_clock"] = "archive_clock"
    filing_working_days: int
    report_working_days: int


def archive(
    clock: ArchiveClock,
    issued: date | None,
    filed: date | None,
    reported: date | None,
    calendar: Calendar | None = None,
) -> Answer:
    """Both due days, and on_time, late (with working days), open, cannot_compute or refused.

    A date before the document's is refused: it is never read as early.
    """
    found = Answer()
    if issued is None:
        found.values = dict.fromkeys(("archive_due", "report_due"))
        found.values |= dict.fromkeys(("archive", "report"), "cannot_compute")
        found.say(
            "缺少任免文件的日期，无法计算期限，不能视为按时",
            "The date of the appointment document is missing; no deadline can be set and nothing "
            "counts as in time.",
        )
        return found
    archive_due = add_working_days(issued, clock.filing_working_days, calendar)
    report_due = add_working_days(archive_due, clock.report_working_days, calendar)
    found.values = {"archive_due": archive_due, "report_due": report_due}
    for name, zh, en, day, due in (
        ("archive", "归档日期", "filing", filed, archive_due),
        ("report", "汇报日期", "report", reported, report_due),
    ):
        if day is None:
            found.values[name] = "open"
        elif day < issued:
            found.values[name] = "refused"
            found.say(
                zh + "{day}早于文件日期{issued}，请更正其中之一",
                f"The {en} date {{day}} is before the document date {{issued}}. "
                "Correct one of the two.",
                day=day,
                issued=issued,
            )
        elif day <= due:
            found.values[name] = "on_time"
        else:
            found.values[name] = "late"
            found.values[f"{name}_late_working_days"] = working_days_between(due, day, calendar)
    return found


class Window(VettingRule):
    """A span of years or months that ends on the same day later, both ends included.

    `event`: something after the start counts; `validity`: a paper may be used; `liability`:
    a matter may be looked into.
    """

    kind: Literal["window"] = "window"
    use: Literal["event", "validity", "liability"]
    months: int
    paper: str = ""


def within_window(months: int, start: date | None, day: date | None) -> bool | None:
    """Whether `day` lies from `start` to the same day so many months later (29 Feb → 28 Feb)."""
    if start is None or day is None:
        return None
    return start <= day <= add_months(start, months)


def answers_for(
    rule: Window, promoted: date | None, sanctioned: date | None, in_scope: bool | None
) -> Answer:
    """Whether a sanction after a promotion falls on who nominated: applies, does_not_apply,
    cannot_compute. `in_scope`: the conduct lies within the former post."""
    found = Answer()
    inside = within_window(rule.months, promoted, sanctioned)
    if inside is False or in_scope is False:
        found.values["result"] = "does_not_apply"
    elif inside is None or in_scope is None:
        missing = [
            name
            for name, value in (
                ("promoted", promoted),
                ("sanctioned", sanctioned),
                ("conduct_in_former_post", in_scope),
            )
            if value is None
        ]
        found.values["result"] = "cannot_compute"
        found.say("缺少：{m}", "Missing: {m}.", m=", ".join(missing))
    else:
        found.values["result"] = "applies"
    if promoted and sanctioned and sanctioned < promoted:
        found.say(
            "处分日期{s}早于提拔日期{p}，应按失察情形判断",
            "The sanction of {s} is before the promotion of {p}; look at the lax-check situation.",
            s=sanctioned,
            p=promoted,
        )
    return found


def still_valid(rule: Window, dated: date | None, day: date | None) -> Answer:
    """Whether a paper is valid on a day, or a matter in time: True, False, cannot_compute."""
    found = Answer()
    inside = within_window(rule.months, dated, day)
    found.values["result"] = "cannot_compute" if inside is None else inside
    if dated is None:
        found.say("没有日期，无法判断", "The form carries no date.")
    elif day is None:
        found.say("缺少使用日期", "The day of use is missing.")
    elif inside is False and day < dated:
        found.say("{d}早于{s}", "{d} is before {s}.", d=day, s=dated)
    return found
