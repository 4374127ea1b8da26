"""Recommendations: suspended rights, windows of notices, rounds for credit, who named whom."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bole.engine.matters import MatterKind, item_of
from bole.engine.nomination import Credit, CreditRound, LaterEvent, Notice, window
from bole.engine.workdays import Calendar
from bole.matters.answers import ANSWERS, answers
from bole.matters.models import Matter
from bole.people.models import Cadre

RECOMMENDATIONS = ("signed_recommendation", "organisation_recommendation")


def of_kind(*codes: str) -> Q:
    """Matters of these kinds, their local forms (`code.local`) included."""
    condition = Q(kind__in=codes)
    for code in codes:
        condition |= Q(kind__startswith=f"{code}.")
    return condition


@answers("suspended")
def suspended(*, id: int, kind: MatterKind) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of the newest decided suspension of a person's right to recommend."""
    rows = Matter.objects.filter(of_kind("right_suspension"), cadre_id=id, state="in_force")
    found = rows.order_by("-id").first()
    if found is None:
        return None
    first, last = found.values["from"], found.values["end"]
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


@answers("notice_due")
def notice_due(*, number: str, calendar: Calendar | None = None) -> datetime.date | None:
    """The last day for answers to a vacancy notice, by its number; None where it is not known."""
    from bole.matters.kinds import kind_of
    from bole.matters.queries import scheme_of

    found = Matter.objects.filter(of_kind("vacancy_notice"), number=number).first()
    if found is None or "sent" not in found.values:
        return None
    item = item_of(scheme_of(found), kind_of(found))
    if not isinstance(item, Notice):
        return None
    return window(item, datetime.date.fromisoformat(found.values["sent"]), calendar).due


@answers("credit_rounds")
def credit_rounds(
    *,
    rules: Credit,
    person: int | None,
    first: datetime.date | None,
    last: datetime.date | None,
) -> tuple[list[CreditRound], list[LaterEvent]]:
    """The counted rounds of a period, persons by their number, and what followed.

    Outcomes and events that the scheme gives no points for are left out.
    """
    rounds, later = [], []
    rows = Matter.objects.filter(of_kind("recommendation_round"), state__in=["counted", "closed"])
    for matter in rows.order_by("values__held_on", "id"):
        values = matter.values
        held = datetime.date.fromisoformat(values["held_on"])
        if (first and held < first) or (last and held > last):
            continue
        picks: dict[str, list[str] | None] = {str(pk): None for pk in values.get("absent", [])}
        for row in values.get("ballots", []):
            named = picks.setdefault(str(row["recommender"]), [])
            if named is not None and row.get("named"):
                named.append(str(row["named"]))
        outcomes = {
            str(row["named"]): row["outcome"]
            for row in values.get("outcomes", [])
            if row["outcome"] in rules.outcome
        }
        allowed = int(values["names_allowed"])
        rounds.append(CreditRound(values["title"], allowed, outcomes, picks))
        later += [
            LaterEvent(
                str(row["named"]),
                row["event"],
                int(row["valid_votes"]) if "valid_votes" in row else None,
                int(row["unfavourable"]) if "unfavourable" in row else None,
            )
            for row in values.get("later", [])
            if row["event"] in rules.later
        ]
    return rounds, later


@answers("nomination_chain")
def nomination_chain(*, person: int | None) -> list[dict[str, Any]]:
    """Who named the person, by which paper, and what came of it: on, what, who, number, state.

    A room above adds the cases (`case_course`).
    """
    from bole.matters.kinds import kind_of
    from bole.matters.queries import with_state

    found = []
    rows = Matter.objects.filter(of_kind(*RECOMMENDATIONS), cadre_id=person)
    rows = with_state(
        rows.select_related("scheme", "opened_by").defer("scheme__document"), timezone.localdate()
    )
    people = defaultdict(list)
    for matter in rows:
        people[matter.values.get("recommender")].append(matter)
    names = Cadre.objects.in_bulk([pk for pk in people if pk])
    for recommender, matters in people.items():
        for matter in matters:
            kind = kind_of(matter)
            by = names.get(recommender)
            found.append(
                {
                    "on": matter.opened_on,
                    "what": kind.title,
                    "who": by.name if by else matter.values.get("secretary_name", ""),
                    "number": matter.number,
                    "paper": True,
                    "state": kind.states[matter.standing].title,
                }
            )
    course = ANSWERS.get("case_course")
    found += course(person=person) if course else []
    return found
