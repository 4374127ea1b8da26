"""Letters that ask bodies for their opinion, and the answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.documents.papers import paper_docx
from bole.people.models import Cadre
from bole.record.actions import append, hold, store_paper
from bole.record.archive import office_name
from bole.record.queries import office_template
from bole.vetting.actions.base import day, needed, not_before, refuse
from bole.vetting.models import Letter, Opinion
from bole.vetting.plans import plan_of


def _printed(letter: Letter, cadres: list[Cadre], actor: User) -> bytes:
    """The letter as a Word file."""
    due = letter.due_on
    return paper_docx(
        "opinion_letter",
        {
            "title": "关于征求意见的函",
            "number": letter.number,
            "to": letter.body_name.zh,
            "reason": "根据干部工作需要，现就以下人选征求你单位意见"
            if cadres
            else "根据干部工作需要，现就有关事项征求你单位意见",
            "persons": [
                {
                    "name": c.name,
                    "sex": c.sex,
                    "birth": f"{c.birth.year}年{c.birth.month}月" if c.birth else "",
                    "present_post": c.post_title,
                }
                for c in cadres
            ],
            "matters": [line for line in letter.question.splitlines() if line.strip()]
            or ["有无影响使用的问题；对人选的意见"],
            "reply_by": f"{due.year}年{due.month}月{due.day}日" if due else "收到本函后及时",
            "contact": actor.name,
            "phone": actor.phone,
            "office": office_name(),
            "date": letter.sent_on,
        },
        office_template("opinion_letter"),
    ).content


@transaction.atomic
def ask_body(
    *,
    actor: User,
    stream: str,
    body: str,
    cadres: Iterable[Cadre] = (),
    question: str = "",
    sent_on: datetime.date | None = None,
    due_on: datetime.date | None = None,
) -> Letter:
    """Send one numbered letter to a body: about each of the cadres, or about the case.

    Several letters to one body are several batches. The letter is printed and stored. Records:
    paper.store, vetting.ask. Raises BoleError (BODY_EMPTY, ASKED_TWICE, DATE_ORDER).
    """
    require(actor, "vetting.ask")
    hold(stream)
    body = needed(body, "BODY_EMPTY", "请选择征求意见的单位", "Choose the body to ask", "body")
    sent_on = day(sent_on)
    not_before(due_on, sent_on, "due_on")
    people = list(dict.fromkeys(cadres))
    name = plan_of(stream).body_name(body)
    waiting = Opinion.objects.filter(
        letter__stream=stream, letter__body=body, answer="", cadre__in=people
    ).select_related("cadre", "letter")
    if waiting:
        raise refuse(
            "ASKED_TWICE",
            "已就{n}向{b}发函（{l}），尚未回复，请先登记回复",
            "{b} was already asked about {n} ({l}) and has not answered: record that answer first",
            "cadres",
            n="、".join(o.cadre.name for o in waiting),
            b=name,
            l=waiting[0].letter.number,
        )
    hold("vetting:letters")  # one number after the other, whichever case asks
    serial = (Letter.objects.filter(year=sent_on.year).aggregate(n=Max("serial"))["n"] or 0) + 1
    letter = Letter(
        stream=stream,
        year=sent_on.year,
        serial=serial,
        number=f"{settings.LETTER_WORD}〔{sent_on.year}〕{serial}号",
        body=body,
        body_words=name.as_dict(),
        question=question.strip(),
        sent_on=sent_on,
        due_on=due_on,
        sent_by=actor,
    )
    letter.paper = store_paper(
        actor=actor,
        stream=stream,
        name=f"征求意见函{letter.number}.docx",
        content=_printed(letter, people, actor),
        kind="opinion_letter",
        subject=people or None,
        occurred_at=sent_on,
    )
    letter.save()
    Opinion.objects.bulk_create(Opinion(letter=letter, cadre=c) for c in people or [None])
    append(
        actor=actor,
        action="vetting.ask",
        stream=stream,
        subject=people or None,
        after={"body": body, "number": letter.number, "sent_on": sent_on, "due_on": due_on},
        papers=[letter.paper],
        occurred_at=sent_on,
    )
    return letter


@transaction.atomic
def record_answer(
    *,
    actor: User,
    stream: str,
    body: str,
    cadre: Cadre | None = None,
    answer: str,
    text: str = "",
    signer: str = "",
    received_on: datetime.date | None = None,
) -> Opinion:
    """Record what a body answered about a person, or about the case without a person.

    The newest unanswered letter is answered. What it says stays out of the record. Records:
    vetting.answer. Raises BoleError (NOT_ASKED, ANSWER, TEXT_EMPTY, DATE_ORDER).
    """
    require(actor, "vetting.answer")
    hold(stream)
    if answer not in Opinion.Answer.values:
        raise refuse("ANSWER", "请选择回复结果", "Choose what was answered", "answer")
    if answer != Opinion.Answer.NO_OBJECTION:
        needed(text, "TEXT_EMPTY", "请写明回复内容", "Write what the answer says", "text")
    opinion = (
        Opinion.objects.select_for_update(of=("self",))
        .filter(letter__stream=stream, letter__body=body, cadre=cadre, answer="")
        .select_related("letter")
        .order_by("-id")
        .first()
    )
    if opinion is None:
        raise refuse(
            "NOT_ASKED",
            "没有向{b}发出的、待回复的{who}征求意见函，请先发函",
            "There is no unanswered letter to {b}{who}: ask first",
            b=plan_of(stream).body_name(body),
            who=cadre.name if cadre else "",
        )
    opinion.received_on = day(received_on)
    not_before(opinion.received_on, opinion.letter.sent_on, "received_on")
    opinion.answer, opinion.text = answer, text.strip()
    opinion.signer, opinion.recorded_by = signer.strip(), actor
    opinion.save()
    append(
        actor=actor,
        action="vetting.answer",
        stream=stream,
        subject=cadre,
        after={
            "body": body,
            "number": opinion.letter.number,
            "answer": answer,
            "signer": opinion.signer,
            "received_on": opinion.received_on,
        },
        occurred_at=opinion.received_on,
    )
    return opinion
