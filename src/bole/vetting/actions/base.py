"""What all actions of this room need: refusals with a code and a sentence, and dates."""

from __future__ import annotations

import datetime

from django.utils import timezone

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


def refuse(code: str, zh: str, en: str, where: str = "", **values: object) -> BoleError:
    """The refusal of an action, to be raised."""
    return BoleError(Problem(code, Text(zh, en).fill(**values), where))


def needed(value: str, code: str, zh: str, en: str, where: str) -> str:
    """A text without outer blanks; refused if there is none."""
    if not value.strip():
        raise refuse(code, zh, en, where)
    return value.strip()


def day(on: datetime.date | None) -> datetime.date:
    """The stated day, else today; a day to come is refused."""
    today = timezone.localdate()
    if on is not None and on > today:
        raise refuse("DATE_AHEAD", "日期{d}尚未到来", "The day {d} is still to come", "on", d=on)
    return on or today


def not_before(later: datetime.date | None, earlier: datetime.date, where: str) -> None:
    """Refuse a day that lies before another one."""
    if later is not None and later < earlier:
        raise refuse(
            "DATE_ORDER",
            "日期{a}早于{b}，请核对",
            "The day {a} lies before {b}: check both",
            where,
            a=later,
            b=earlier,
        )
