"""Opening and closing the vote, and how the meeting was conducted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import box, counting
from bole.ballots.actions.base import State, locked, move
from bole.ballots.actions.roll import attendance_of
from bole.ballots.models import Credential, Meeting
from bole.engine.decision import ConductRule, ItemMinutes, Statement
from bole.engine.decision.conduct import check_minutes
from bole.engine.errors import BoleError, Problem
from bole.engine.tally import Attendance
from bole.engine.text import Text
from bole.record.actions import append


@transaction.atomic
def open_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """Open the vote, if the attendance rule of the meeting is met. Records: ballots.open.

    Raises `BoleError` (ATTENDANCE, NO_CODES, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.FROZEN)
    missing = [c["name"] for c in meeting.classes if c["attending"] is None]
    if missing:
        text = Text("缺少实到人数：{c}", "The number attending is missing: {c}")
        raise BoleError(Problem("ATTENDANCE", text.fill(c="、".join(missing))))
    answer = attendance_of(meeting)
    if answer is not None and answer.state in (Attendance.NOT_MET, Attendance.CANNOT_COMPUTE):
        text = answer.text + Text("：会议不能进行", ": the meeting cannot be held")
        raise BoleError(Problem("ATTENDANCE", text))
    if meeting.online and not Credential.objects.filter(meeting=meeting).exists():
        text = Text("尚未制发投票码", "No voting codes are issued yet")
        raise BoleError(Problem("NO_CODES", text))
    move(meeting, State.OPEN)
    append(
        actor=actor,
        action="ballots.open",
        stream=meeting.stream,
        subject=meeting,
        after={
            "due": {c["name"]: c["due"] for c in meeting.classes},
            "attending": {c["name"]: c["attending"] for c in meeting.classes},
        },
    )
    return meeting


@transaction.atomic
def close(*, actor: User, meeting: Meeting) -> Meeting:
    """Close the vote. Online: waits for whoever is casting, writes the box anew in random order,
    and fixes its root. No result yet: counters and monitors sign first.

    Records: ballots.close with turnout and root. Raises `BoleError` (MEETING_STATE, and ROLL_* when
    box and roll disagree).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.OPEN)
    after: dict[str, Any] = {}
    if meeting.online:
        if problems := counting.too_many_voters(meeting):
            raise BoleError(problems)
        box.seal(meeting)
        words = box.remarks(meeting)
        meeting.root = counting.draft(meeting).root
        meeting.words = box.digest_of_words(words) if words else ""
        after = {
            "root": meeting.root,
            **({"words": meeting.words} if words else {}),
            **({"on_paper": n} if (n := sum(counting.changed(meeting).values())) else {}),
            "turnout": {
                meeting.class_name(c): {"issued": issued, "used": used}
                for c, (issued, used) in box.turnout(meeting).items()
            },
        }
    move(meeting, State.CLOSED)
    append(actor=actor, action="ballots.close", stream=meeting.stream, subject=meeting, after=after)
    transaction.on_commit(box.scrub)
    return meeting


@transaction.atomic
def deliberate(
    *,
    actor: User,
    meeting: Meeting,
    principal: str,
    statements: Sequence[Mapping[str, Any]],
    present: Sequence[str] = (),
    secret: bool = True,
) -> list[Problem]:
    """Minute who spoke in which order: [{member, position}]; whether the principal spoke last.

    Positions are minuted only when the vote is not secret. Returns what the minutes still lack
    (`ConductRule`); they can be entered again. Records: ballots.deliberate.
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.OPEN, State.CLOSED)
    said = [
        Statement(str(s["member"]), None if secret else s.get("position"), secret)
        for s in statements
    ]
    away = sorted({n for names in meeting.recused.values() for n in names})
    problems = check_minutes(
        ConductRule(positions=_positions(meeting)),
        ItemMinutes(
            item=meeting.title,
            on_agenda=True,
            present=list(present) or list(dict.fromkeys(s.member for s in said)),
            principal=principal,
            statements=said,
            recused=[n for n in away if n not in {s.member for s in said}],
        ),
    )
    spoke = [s.member for s in said]
    last = bool(spoke) and spoke[-1] == principal
    meeting.conduct = {
        "principal": principal,
        "statements": [{"member": s.member, "position": s.position} for s in said],
        "chair_last": last and not any(p.code == "PRINCIPAL_NOT_LAST" for p in problems),
    }
    meeting.save(update_fields=["conduct"])
    append(
        actor=actor,
        action="ballots.deliberate",
        stream=meeting.stream,
        subject=meeting,
        after=meeting.conduct,
    )
    return problems


def _positions(meeting: Meeting) -> tuple[str, ...]:
    return tuple(o.id for i in meeting.instrument.items for o in i.options)
