"""What the judges of matters ask of a case, its ballots, its letters and complaints.

`matters` knows no case, and the activities do not know each other; this room knows them all.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from bole.ballots.models import Meeting
from bole.ballots.queries import records
from bole.matters.answers import answers
from bole.schemes.queries import resolve
from bole.selection.context import load
from bole.selection.models import Case, Course
from bole.vetting.models import Complaint, Opinion

PEOPLE = ("proposed", "candidates", "nominees")
# What a complaint's end means for the notice (engine.decision.notices).
EFFECT = {"against": "verified_affects_post"}
FINDING = {"unfounded": "unfounded", "partly": "verified", "founded": "verified"}


def _case(stream: str) -> Case | None:
    room, _, key = stream.partition(":")
    rows = Case.objects.select_related("scheme", "unit", "batch")
    return rows.filter(pk=key).first() if room == "case" and key.isdigit() else None


@answers("case")
def case(*, stream: str) -> dict[str, Any] | None:
    """number, title, scheme (its code), batch, post (words), posts (how many), facts, proposed,
    candidates, nominees (ids), post_of (person → words), decided (day of the deciding meeting),
    steps (id → day done), shortcomings (person → text of the inspection report)."""
    found = _case(stream)
    if found is None:
        return None
    procedure = resolve(found.scheme).procedure
    posts = [str(p.post) for p in found.posts.select_related("post__unit")]
    members = list(found.members.filter(left_at=None).select_related("post__post__unit"))
    done = Course.Kind.DONE
    course = found.course.filter(kind=done, ended_on=None).values_list("target", "on")
    steps = dict(course)
    facts = {n: f.default for n, f in procedure.facts.items()} if procedure else {}
    reports = found.papers.filter(code="inspection_report", replaced_at=None)
    return {
        "number": found.number,
        "title": found.title,
        "scheme": found.scheme.code,
        "batch": str(found.batch) if found.batch else found.number,
        "post": "、".join(posts),
        "posts": len(posts),
        "post_of": {m.cadre_id: str(m.post.post) for m in members if m.cadre_id and m.post_id},
        "facts": {**facts, **found.facts},
        **{g: [m.cadre_id for m in members if m.group == g and m.cadre_id] for g in PEOPLE},
        "decided": _decided(found, steps),
        "steps": steps,
        "shortcomings": {
            p.cadre_id: p.fields.get("shortcomings", "") for p in reports if p.cadre_id
        },
    }


def _decided(found: Case, steps: dict[str, datetime.date]) -> datetime.date | None:
    """The day of the signed ballot that decides the case; None before it."""
    procedure = resolve(found.scheme).procedure
    for name, step in procedure.steps.items() if procedure else ():
        votes = [g.ballot for g in step.finish if g.kind == "vote"]
        if votes and name in steps:
            held = Meeting.objects.filter(
                stream=found.stream, ballot__in=votes, state=Meeting.State.SIGNED
            )
            last = held.order_by("-held_on", "-pk").values_list("held_on", flat=True).first()
            return last or steps[name]
    return None


@answers("ballot")
def ballot(*, stream: str, ballot: str) -> dict[str, Any] | None:
    """The newest signed ballot of that code: on, due, present, secret, votes (person → option →
    votes), members (name, present); None before counter and monitor have signed."""
    found = records(stream).get(ballot) if stream else None
    if found is None or not found.reconciled:
        return None
    meeting = Meeting.objects.filter(stream=stream, ballot=ballot).order_by("held_on", "pk").last()
    return {
        "on": found.on,
        "due": found.due,
        "present": found.attending,
        "secret": found.secret,
        "votes": found.votes,
        "members": [{"name": m.name, "present": m.present} for m in meeting.members.order_by("pk")]
        if meeting
        else [],
    }


@answers("complaints")
def complaints(*, person: int | None, stream: str, since: datetime.date) -> list[dict[str, Any]]:
    """Complaints about the person (without one: of the case) received since a day, or still open.

    number, received, concrete, closed (in writing), finding (as notices read it), said.
    """
    about = Q(cadres=person) if person else Q(stream=stream)
    rows = Complaint.objects.filter(about, Q(received_on__gte=since) | Q(concluded_on=None))
    return [
        {
            "number": c.number,
            "received": c.received_on,
            "concrete": c.concrete,
            "closed": c.concluded_on is not None,
            "finding": EFFECT.get(c.effect) or FINDING.get(c.finding),
            "said": c.get_finding_display() if c.finding else "",
        }
        for c in rows.distinct().order_by("received_on", "pk")
    ]


@answers("opinions")
def opinions(*, stream: str, person: int | None = None) -> list[dict[str, Any]]:
    """The letters of a case that asked a body: name (Chinese), body, asked, answered, answer."""
    rows = Opinion.objects.filter(letter__stream=stream).select_related("letter").order_by("pk")
    rows = rows.filter(Q(cadre=person) | Q(cadre=None)) if person else rows
    return [
        {
            "name": o.letter.body_name.zh,
            "body": o.letter.body,
            "asked": o.letter.sent_on,
            "answered": o.received_on,
            "answer": o.answer or None,
        }
        for o in rows
    ]


@answers("gate_facts")
def gate_facts(*, stream: str, person: int | None, day: datetime.date) -> dict[str, Any]:
    """What the record says of gates before the meeting, by the words of packs; absent = not known.

    inspected, recommended, recommended_and_inspected, inspection_procedure, on_agenda;
    opinions_required and opinions_received (bodies in words); reported_problem and complaints
    (none, open); four_musts.
    """
    found = _case(stream)
    look = load(found, day) if found else None
    if look is None or look.scheme.procedure is None:
        return {}
    done = look.state.steps
    links = {link.id: [s.id for s in link.steps] for link in look.procedure.links}

    def over(link: str) -> bool | None:
        if link not in links:
            return None
        states = [look.status.steps[s].state for s in links[link]]
        return all(s in ("done", "skipped", "not_applicable") for s in states)

    inspected, recommended = over("inspection"), over("recommendation")
    both = None if None in (inspected, recommended) else inspected and recommended
    facts: dict[str, Any] = {
        "inspected": inspected,
        "inspection_procedure": inspected,
        "recommended": recommended,
        "recommended_and_inspected": both,
        "on_agenda": "agenda" in done if "agenda" in look.procedure.steps else None,
    }
    asked = opinions(stream=stream, person=person)
    if asked:
        facts["opinions_required"] = sorted({o["name"] for o in asked})
        facts["opinions_received"] = sorted({o["name"] for o in asked if o["answer"]})
    held = [h for h in look.vetting.holds if h.kind == "complaint"]
    facts["reported_problem"] = facts["complaints"] = "open" if held else "none"
    checks = {"dossier", "personal_matters", "discipline_opinion", "complaints"}
    clear = {
        c.check
        for c in look.vetting.checks
        if c.person == person and c.conclusion in ("clear", "clear_with_note", "not_applicable")
    }
    facts["four_musts"] = checks <= clear if person else None
    return {k: v for k, v in facts.items() if v is not None}


@answers("url")
def url(*, page: str, person: int | None = None, stream: str = "") -> str | None:
    """The address of another room's page, with what is known put in."""
    pages = {"complaint": "vetting:complaint-new"}
    if page not in pages:
        return None
    query = {"stream": stream, "cadre": person, "on": timezone.localdate().isoformat()}
    return f"{reverse(pages[page])}?{urlencode({k: v for k, v in query.items() if v})}"
