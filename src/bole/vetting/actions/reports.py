"""Bodies that report every month, and their reports, zero reports too."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.record.actions import append
from bole.record.streams import OFFICE
from bole.vetting.actions.base import day, needed, not_before, refuse
from bole.vetting.models import MemberBody, PeriodReport


@transaction.atomic
def add_body(
    *, actor: User, code: str, name: str, since: datetime.date, duty: str = ""
) -> MemberBody:
    """A body begins to report. Raises BoleError (CODE_EMPTY, NAME_EMPTY, CODE_TAKEN)."""
    require(actor, "vetting.bodies")
    code = needed(code, "CODE_EMPTY", "请填写代码", "Give it a code", "code")
    name = needed(name, "NAME_EMPTY", "请填写名称", "Give it a name", "name")
    try:
        with transaction.atomic():
            body = MemberBody.objects.create(code=code, name=name, duty=duty.strip(), since=since)
    except IntegrityError:
        raise refuse(
            "CODE_TAKEN", "代码{c}已在使用", "The code {c} is in use", "code", c=code
        ) from None
    append(actor=actor, action="body.add", stream=OFFICE, subject=body, after={"on": since})
    return body


@transaction.atomic
def end_body(*, actor: User, body: MemberBody, until: datetime.date) -> MemberBody:
    """A body reports no longer after this day."""
    require(actor, "vetting.bodies")
    not_before(until, body.since, "until")
    body.until = until
    body.save(update_fields=["until"])
    append(actor=actor, action="body.end", stream=OFFICE, subject=body, after={"on": until})
    return body


@transaction.atomic
def file_report(
    *,
    actor: User,
    body: MemberBody,
    year: int,
    month: int,
    zero: bool,
    items: Sequence[str] = (),
    received_on: datetime.date | None = None,
) -> PeriodReport:
    """Record a body's report of a month: its items, or expressly that there are none.

    Raises BoleError (MONTH, ZERO_WITH_ITEMS, NEITHER, REPORTED, DATE_ORDER).
    """
    require(actor, "vetting.report")
    if not 1 <= month <= 12:
        raise refuse("MONTH", "没有{m}月", "There is no month {m}", "month", m=month)
    said = [i.strip() for i in items if i.strip()]
    if zero and said:
        raise refuse(
            "ZERO_WITH_ITEMS",
            "零报告不能带有事项（{n}件），请二者择一",
            "A zero report cannot carry items ({n}): choose one of the two",
            "zero",
            n=len(said),
        )
    if not zero and not said:
        raise refuse(
            "NEITHER",
            "没有事项的，请明确报送零报告",
            "Without items, send a zero report expressly",
            "items",
        )
    received_on = day(received_on)
    not_before(received_on, datetime.date(year, month, 1), "received_on")
    try:
        with transaction.atomic():
            report = PeriodReport.objects.create(
                body=body,
                year=year,
                month=month,
                zero=zero,
                items=said,
                received_on=received_on,
                recorded_by=actor,
            )
    except IntegrityError:
        raise refuse(
            "REPORTED",
            "{b}{y}年{m}月已有报告",
            "{b} has reported for {y}-{m} already",
            b=body.name,
            y=year,
            m=month,
        ) from None
    append(
        actor=actor,
        action="report.file",
        stream=OFFICE,
        subject=body,
        after={"month": f"{year}-{month:02d}", "zero": zero, "items": len(said)},
        occurred_at=received_on,
    )
    return report
