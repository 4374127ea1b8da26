"""Adverse items: reported, told to the person, answered, confirmed by two, ended by their date."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.people.actions import reply_to_item
from bole.people.models import Cadre, Sanction
from bole.people.permissions import is_own_file
from bole.record.actions import append
from bole.vetting.actions.base import day, needed, not_before, refuse
from bole.vetting.models import AdverseCourse


def _stream(cadre: Cadre) -> str:
    return f"cadre:{cadre.pk}"


def _locked(course: AdverseCourse) -> AdverseCourse:
    return (
        AdverseCourse.objects.select_for_update(of=("self",))
        .select_related("item__cadre")
        .get(pk=course.pk)
    )


def _not_own(actor: User, cadre: Cadre) -> None:
    if cadre.account_id == actor.pk:
        raise refuse("OWN_ITEM", "不能办理本人的事项", "Nobody decides on an item of the own file")


@transaction.atomic
def report_adverse(
    *,
    actor: User,
    cadre: Cadre,
    category: str,
    kind: str,
    issuer: str,
    date: datetime.date,
    what: str,
    source: str,
    effect_from: datetime.date,
    effect_until: datetime.date,
    stream: str = "",
    on: datetime.date | None = None,
) -> AdverseCourse:
    """Report what happened, from which body, by which document, from when until when it counts.

    Without an end nothing enters the list. It counts for nothing before it is confirmed.
    Raises BoleError (CATEGORY, WHAT_EMPTY, SOURCE_EMPTY, DATE_ORDER).
    """
    require(actor, "vetting.adverse")
    if category not in Sanction.Category.values:
        raise refuse("CATEGORY", "请选择类别", "Choose the category", "category")
    what = needed(
        what, "WHAT_EMPTY", "请写明具体事实", "Write what happened, with the instance", "what"
    )
    source = needed(
        source, "SOURCE_EMPTY", "请写明依据文件", "Name the document it rests on", "source"
    )
    on = day(on)
    not_before(effect_until, effect_from, "effect_until")
    item = Sanction.objects.create(
        cadre=cadre,
        category=category,
        kind=needed(kind, "KIND_EMPTY", "请写明种类", "Name the kind", "kind"),
        issuer=needed(issuer, "ISSUER_EMPTY", "请写明作出单位", "Name the issuing body", "issuer"),
        date=day(date),
        effect_from=effect_from,
        effect_until=effect_until,
        source=source,
        status=Sanction.Status.REPORTED,
    )
    course = AdverseCourse.objects.create(
        item=item, stream=stream, what=what, reported_by=actor, reported_on=on
    )
    append(
        actor=actor,
        action="adverse.report",
        stream=_stream(cadre),
        subject=cadre,
        after={"row": item.pk, "category": category, "due_on": effect_until},
        occurred_at=on,
    )
    return course


@transaction.atomic
def notify(
    *,
    actor: User,
    course: AdverseCourse,
    reply_by: datetime.date | None = None,
    on: datetime.date | None = None,
) -> AdverseCourse:
    """Record that the person was told of the item, and until when a reply is awaited."""
    require(actor, "vetting.adverse")
    course = _locked(course)
    _not_own(actor, course.item.cadre)
    if course.told_on:
        raise refuse("TOLD", "已告知本人", "The person has been told already")
    on = day(on)
    not_before(on, course.reported_on, "on")
    not_before(reply_by, on, "reply_by")
    course.told_on, course.told_by, course.reply_by = on, actor, reply_by
    course.save()
    append(
        actor=actor,
        action="adverse.notify",
        stream=_stream(course.item.cadre),
        subject=course.item.cadre,
        after={"row": course.item_id, "on": on, "due_on": reply_by},
        occurred_at=on,
    )
    return course


@transaction.atomic
def reply(
    *, actor: User, course: AdverseCourse, text: str, on: datetime.date | None = None
) -> AdverseCourse:
    """The person's reply: written with the own account, or handed in and recorded here."""
    course = _locked(course)
    item = course.item
    if is_own_file(actor, item.cadre):
        reply_to_item(actor=actor, item=item, reply=text)
        return course
    require(actor, "vetting.adverse")
    item.reply = needed(text, "REPLY_EMPTY", "请填写说明", "Write what the person says", "text")
    item.replied_on = day(on)
    item.save(update_fields=["reply", "replied_on"])
    append(
        actor=actor,
        action="adverse.reply",
        stream=_stream(item.cadre),
        subject=item.cadre,
        after={"row": item.pk, "on": item.replied_on},
        occurred_at=item.replied_on,
    )
    return course


@transaction.atomic
def confirm(
    *, actor: User, course: AdverseCourse, on: datetime.date | None = None
) -> AdverseCourse:
    """Confirm the item; it counts once two different persons have done so.

    Only after the person was told, and after the reply or the day until which it is awaited.
    Raises BoleError (NOT_TOLD, REPLY_AWAITED, SAME_PERSON, CONFIRMED, OWN_ITEM).
    """
    require(actor, "vetting.adverse")
    course = _locked(course)
    item = course.item
    _not_own(actor, item.cadre)
    if item.status != Sanction.Status.REPORTED:
        raise refuse("CONFIRMED", "该事项已经确认或者解除", "This item is confirmed or lifted")
    if course.told_on is None:
        raise refuse(
            "NOT_TOLD", "尚未告知本人，不能确认", "The person has not been told: tell first"
        )
    on = day(on)
    not_before(on, course.told_on, "on")
    if course.reply_by and not item.reply and on <= course.reply_by:
        raise refuse(
            "REPLY_AWAITED",
            "本人可在{d}前申辩，届时方可确认",
            "The person may reply until {d}; confirm after that",
            d=course.reply_by,
        )
    if course.first_confirmed_by_id is None:
        course.first_confirmed_by = actor
    elif course.first_confirmed_by_id == actor.pk:
        raise refuse(
            "SAME_PERSON", "须由另一人再次确认", "Another person has to confirm it as well"
        )
    else:
        course.second_confirmed_by, course.confirmed_on = actor, on
        item.status = Sanction.Status.CONFIRMED
        item.save(update_fields=["status"])
    course.save()
    append(
        actor=actor,
        action="adverse.confirm",
        stream=_stream(item.cadre),
        subject=item.cadre,
        after={"row": item.pk, "status": item.status},
        occurred_at=on,
    )
    return course


@transaction.atomic
def lift(*, actor: User, course: AdverseCourse, reason: str) -> AdverseCourse:
    """End an item before its day: it was not confirmed, or was revoked. The end by date needs no
    act: what is past its day counts no more."""
    require(actor, "vetting.adverse")
    course = _locked(course)
    item = course.item
    _not_own(actor, item.cadre)
    if item.status == Sanction.Status.LIFTED:
        raise refuse("LIFTED", "该事项已经解除", "This item is lifted already")
    before = item.status
    course.lifted_reason = needed(
        reason, "REASON_MISSING", "请写明理由", "Say why it is lifted", "reason"
    )
    course.lifted_on = timezone.localdate()
    course.save()
    item.status = Sanction.Status.LIFTED
    item.save(update_fields=["status"])
    append(
        actor=actor,
        action="adverse.lift",
        stream=_stream(item.cadre),
        subject=item.cadre,
        before={"status": before},
        after={"row": item.pk, "status": item.status},
        reason=reason,
    )
    return course
