"""Complaints: registered, verified, concluded, answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.people.models import Cadre
from bole.record.actions import append, hold
from bole.record.streams import OFFICE
from bole.vetting.actions.base import day, needed, not_before, refuse
from bole.vetting.actions.checks import conclude_check
from bole.vetting.models import Complaint, Conclusion
from bole.vetting.plans import plan_of


@transaction.atomic
def receive_complaint(
    *,
    actor: User,
    stream: str = "",
    cadres: Iterable[Cadre] = (),
    channel: str,
    content: str,
    concrete: bool,
    received_on: datetime.date | None = None,
    due_on: datetime.date | None = None,
    reporter: str = "",
) -> Complaint:
    """Register a complaint of a case, or of persons wherever they are in a case.

    A concrete one holds every case of the persons (or the stated case) until it is concluded.
    The day until which it is verified follows from the case's scheme; where that leaves it open
    `due_on` is stated. Neither content nor reporter go to the record. Raises BoleError
    (COMPLAINT_EMPTY, COMPLAINT_OF_NOBODY, CHANNEL, DATE_ORDER, DUE_LATE).
    """
    require(actor, "vetting.complaint")
    if stream:
        hold(stream)
    content = needed(
        content, "COMPLAINT_EMPTY", "请写明反映的内容", "Write what is complained of", "content"
    )
    people = list(dict.fromkeys(cadres))
    if not people and not stream:
        raise refuse(
            "COMPLAINT_OF_NOBODY",
            "请选择被反映人，或者说明所属事项",
            "Choose the persons concerned, or the case",
            "cadres",
        )
    if channel not in Complaint.Channel.values:
        raise refuse("CHANNEL", "请选择来源渠道", "Choose the channel", "channel")
    received_on = day(received_on)
    not_before(due_on, received_on, "due_on")
    by_scheme = plan_of(stream).complaint_due(received_on) if stream else None
    if by_scheme and due_on and due_on > by_scheme:
        raise refuse(
            "DUE_LATE",
            "办法规定的核查期限至{d}，不能晚于该日",
            "The scheme gives time until {d}: no later day",
            "due_on",
            d=by_scheme,
        )
    due_on = due_on or by_scheme
    year = timezone.localdate().year
    hold("vetting:complaints")  # one number after the other, whoever registers
    given = Complaint.objects.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    serial = max((int(n.partition("-")[2]) for n in given), default=0) + 1
    complaint = Complaint.objects.create(
        stream=stream,
        number=f"{year}-{serial:04d}",
        channel=channel,
        content=content,
        reporter=reporter.strip(),
        concrete=concrete,
        received_on=received_on,
        due_on=due_on,
        registered_by=actor,
    )
    complaint.cadres.set(people)
    append(
        actor=actor,
        action="complaint.receive",
        stream=stream or OFFICE,
        subject=complaint,
        after={
            "number": complaint.number,
            "channel": channel,
            "concrete": concrete,
            "due_on": due_on,
        },
        occurred_at=received_on,
    )
    return complaint


@transaction.atomic
def conclude_complaint(
    *,
    actor: User,
    complaint: Complaint,
    finding: str,
    text: str,
    effect: str,
    feedback: str,
    on: datetime.date | None = None,
) -> Complaint:
    """Conclude a complaint with what was found and what follows; it holds nothing any more.

    `effect` "against" concludes the complaints check of each person as adverse in the stated
    case. Who complained by name gets an answer (`feedback`). Nobody concludes a complaint about
    oneself. Raises BoleError (COMPLAINT_CLOSED, FINDING, EFFECT, TEXT_EMPTY, FEEDBACK_MISSING).
    """
    require(actor, "vetting.complaint")
    if complaint.stream:
        hold(complaint.stream)
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not complaint.open:
        raise refuse("COMPLAINT_CLOSED", "该举报已经办结", "This complaint is concluded already")
    people = list(complaint.cadres.all())
    if any(c.account_id == actor.pk for c in people):
        raise refuse(
            "OWN_COMPLAINT",
            "不能办理反映本人的举报，请由他人办理",
            "Nobody concludes a complaint about oneself: ask another person",
        )
    if finding not in Complaint.Finding.values:
        raise refuse("FINDING", "请选择核查结论", "Choose what was found", "finding")
    if effect not in Complaint.Effect.values:
        raise refuse("EFFECT", "请选择对使用的影响", "Choose the effect", "effect")
    if finding == Complaint.Finding.UNFOUNDED and effect == Complaint.Effect.AGAINST:
        raise refuse(
            "EFFECT",
            "不属实的举报不能影响使用",
            "An unfounded complaint cannot stand against anybody",
            "effect",
        )
    text = needed(text, "TEXT_EMPTY", "请写明核查情况", "Write what was found", "text")
    if complaint.reporter:
        needed(
            feedback,
            "FEEDBACK_MISSING",
            "实名举报须向举报人反馈，请写明反馈情况",
            "A complaint made by name is answered: write what was answered, and how",
            "feedback",
        )
    on = day(on)
    not_before(on, complaint.received_on, "on")
    complaint.finding, complaint.text, complaint.effect = finding, text, effect
    complaint.feedback = feedback.strip()
    complaint.concluded_on, complaint.concluded_by = on, actor
    complaint.save()
    if effect == Complaint.Effect.AGAINST and complaint.stream:
        for cadre in people:
            conclude_check(
                actor=actor,
                stream=complaint.stream,
                check="complaints",
                cadre=cadre,
                conclusion=Conclusion.ADVERSE,
                note=text,
                evidence=[complaint.number],
                on=on,
            )
    append(
        actor=actor,
        action="complaint.conclude",
        stream=complaint.stream or OFFICE,
        subject=complaint,
        after={"number": complaint.number, "finding": finding, "effect": effect},
        occurred_at=on,
    )
    return complaint
