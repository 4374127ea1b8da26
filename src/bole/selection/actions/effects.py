"""What a finished step writes into the histories of people."""

from __future__ import annotations

from bole.accounts.models import User
from bole.engine.procedures.clock import event_day
from bole.engine.procedures.models import Writes
from bole.people.actions import refresh_current
from bole.people.models import GradeSpell, PostSpell
from bole.record.actions import append
from bole.selection.actions.base import refuse
from bole.selection.actions.headcount import take_places
from bole.selection.context import CaseContext
from bole.units.models import GRADE_ORDER


def write_appointments(look: CaseContext, actor: User, writes: Writes) -> None:
    """Each person of the group holds the case's post from the day of the event on.

    The post held until then ends the day before (a concurrent one stays); a higher grade opens
    a new row. Refuses when a post has no person or the event has no day, and when no place is left.
    """
    day = event_day(writes.since, look.state, look)
    if day is None:
        raise refuse(
            "APPOINTMENT_DAY",
            "缺少决定日期，不能写入任职。",
            "The day of the decision is missing; nothing is written.",
        )
    posts = [p.post for p in look.case.posts.select_related("post__unit")]
    members = look.group(writes.appointment_of)
    if not members or len(members) > len(posts):
        raise refuse(
            "APPOINTMENT_POSTS",
            "任职人选{m}名，职位{p}个：请核对。",
            "{m} persons for {p} posts: check the list.",
            m=len(members),
            p=len(posts),
        )
    free = [p for p in posts if p.pk not in {m.post.post_id for m in members if m.post_id}]
    document = next((p for p in look.filed if p.code == "appointment_document"), None)
    source = str(document.fields.get("number") or document.file or "") if document else ""
    seats = [(m.cadre, m.post.post if m.post_id else free.pop(0)) for m in members]
    take_places(look, seats)
    for cadre, post in seats:
        ended = list(
            cadre.postspells.filter(end=None, concurrent=False).values("id", "unit_name", "title")
        )
        cadre.postspells.filter(end=None, concurrent=False).update(end=day, end_precision="day")
        PostSpell.objects.create(
            cadre=cadre,
            unit=post.unit,
            unit_name=post.unit.name,
            unit_kind=post.unit.kind,
            post=post,
            title=post.title,
            grade=post.grade,
            leading=post.leading,
            head=post.head,
            team=post.team,
            grass_roots=post.unit.kind in ("town", "subdistrict", "village"),
            start=day,
            start_precision="day",
            source=source,
        )
        if GRADE_ORDER[post.grade] > GRADE_ORDER.get(cadre.grade, -1):
            cadre.gradespells.filter(end=None).update(end=day, end_precision="day")
            GradeSpell.objects.create(
                cadre=cadre, grade=post.grade, start=day, start_precision="day", source=source
            )
        refresh_current([cadre.pk])
        append(
            actor=actor,
            action="posts.appoint",
            stream=f"cadre:{cadre.pk}",
            subject=[cadre],
            before={"ended": ended},
            after={"post": str(post), "start": day, "case": look.case.number, "source": source},
        )
