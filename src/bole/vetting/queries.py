"""Reads of this room."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import BooleanField, CharField, DateField, F, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone

from bole.engine.procedures.context import AnswerRecord, CheckRecord, HoldRecord
from bole.engine.text import Text
from bole.people.models import Sanction
from bole.vetting.models import Check, Complaint, Conclusion, Doubt, Opinion

# What the program computes itself needs no paper.
COMPUTED = {"avoidance"}


@dataclass
class StreamVetting:
    """Everything that vetting says about a case, in the procedure engine's records."""

    answers: list[AnswerRecord] = field(default_factory=list)
    checks: list[CheckRecord] = field(default_factory=list)
    holds: list[HoldRecord] = field(default_factory=list)


def of_stream(
    stream: str, *, cadres: Iterable[int] | None = None, today: datetime.date | None = None
) -> StreamVetting:
    """Answers, checks and holds of a case in three queries.

    `cadres`: the persons now in the case, whose complaints, doubts and effect periods hold it;
    without them the persons are those whom the case's checks and letters are about.
    """
    today = today or timezone.localdate()
    found = StreamVetting()
    about: set[int] = set()
    for check in Check.objects.filter(stream=stream):
        about.add(check.cadre_id)
        found.checks.append(
            CheckRecord(
                check=check.check_code,
                person=check.person,
                conclusion=check.conclusion,
                on=check.on,
                evidence=bool(check.evidence)
                or check.check_code in COMPUTED
                or check.conclusion == Conclusion.NOT_APPLICABLE,
                valid_until=check.valid_until,
            )
        )
    opinions = Opinion.objects.filter(letter__stream=stream).select_related("letter")
    for opinion in opinions:
        about.add(opinion.cadre_id)
        found.answers.append(
            AnswerRecord(
                body=opinion.letter.body,
                asked=opinion.letter.sent_on,
                answered=opinion.received_on,
                answer=opinion.answer or None,
                person=opinion.cadre_id,
            )
        )
    people = about - {None} if cadres is None else set(cadres)
    found.holds = _holds(stream, people, cadres is not None, today)
    return found


def _holds(stream: str, people: set[int], known: bool, today: datetime.date) -> list[HoldRecord]:
    """What holds the case; `known`: a doubt about somebody who left the case holds no more."""
    text, day = CharField(), DateField()

    def rows(queryset, kind: str, label, until, has_end: bool):
        return queryset.order_by().values_list(
            Value(kind, text),
            Cast(label, text),
            Cast(until, day),
            Value(has_end, BooleanField()),
            "pk",
        )

    of_doubt = Q(cadre=None) | Q(cadre__in=people) if known else Q()
    union = rows(
        Complaint.objects.filter(
            Q(stream=stream) | Q(cadres__in=people), concrete=True, concluded_on=None
        ).distinct(),
        "complaint",
        F("number"),
        F("due_on"),
        False,
    ).union(
        rows(
            Doubt.objects.filter(
                of_doubt, stream=stream, state__in=[Doubt.State.OPEN, Doubt.State.UNRESOLVED]
            ),
            "doubt",
            F("cadre__name"),
            F("due_on"),
            False,
        ),
        rows(
            Sanction.objects.filter(
                Q(effect_until__gte=today) | Q(effect_until=None),
                cadre__in=people,
                status=Sanction.Status.CONFIRMED,
                effect_from__lte=today,
            ),
            "effect_period",
            F("cadre__name"),
            F("effect_until"),
            True,
        ),
    )
    return [_hold(*row) for row in sorted(union, key=lambda r: (r[0], r[4]))]


def _hold(
    kind: str, label: str | None, until: datetime.date | None, has_end: bool, key: int
) -> HoldRecord:
    """One hold in words that say no more than colleagues need."""
    if kind == "complaint":
        text = Text("{n}号信访举报正在核查", "complaint {n} is being verified").fill(n=label)
    elif kind == "doubt":
        text = Text("{who}有一项审核尚未办结", "a check of {who} is open").fill(
            who=label or Text("本事项", "the case")
        )
    elif until is None:
        text = Text(
            "{who}的影响期未登记截止日期，请补充",
            "the end of the effect period of {who} is not recorded: complete it",
        ).fill(who=label)
    else:
        text = Text("{who}在影响期内", "{who} is in an effect period").fill(who=label)
    return HoldRecord(kind, text, until if has_end else None)
