"""Who is due and who came; the roll is settled before anything is voted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots.actions.base import State, locked, move
from bole.ballots.models import Meeting, RollMember
from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import is_count
from bole.engine.tally import AttendanceRule, attendance
from bole.engine.text import Text
from bole.record.actions import append


@transaction.atomic
def record_attendance(
    *,
    actor: User,
    meeting: Meeting,
    attending: Mapping[str, int] | None = None,
    due: Mapping[str, int] | None = None,
    members: Sequence[Mapping[str, Any]] | None = None,
    recused: Mapping[Any, Sequence[str]] | None = None,
) -> Meeting:
    """Record who is due and who came, by class (code → persons) or by name.

    `members`: [{cadre, name, unit, post, voter_class, present}] replaces the roll, and the counts
    follow from it. `recused`: cadre → names of those who recuse themselves for that person. Due
    changes only until the roll is settled; attending until closing, for those who come late.
    Records: ballots.attendance. Raises `BoleError` (PRESENT_OVER_DUE, ROLL_SETTLED, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.PLANNED, State.FROZEN, State.OPEN)
    settled = meeting.state != State.PLANNED
    codes = {c["code"] for c in meeting.classes}
    if members is not None:
        strange = sorted({str(m["voter_class"]) for m in members} - codes)
        if strange:
            text = Text("没有“{c}”这一类人员", 'there is no class "{c}"').fill(c="、".join(strange))
            raise BoleError(Problem("ROLL_CLASS", text))
        counted = {
            c: sum(m["voter_class"] == c for m in members)
            for c in (x["code"] for x in meeting.classes)
        }
        if settled and counted != {c["code"]: c["due"] for c in meeting.classes}:
            raise _settled()
        due = counted
        attending = {
            c: sum(m["voter_class"] == c and bool(m.get("present")) for m in members) for c in codes
        }
        meeting.members.all().delete()
        RollMember.objects.bulk_create(
            RollMember(
                meeting=meeting,
                cadre=m.get("cadre"),
                name=m["name"],
                unit=m.get("unit", ""),
                post=m.get("post", ""),
                voter_class=m["voter_class"],
                present=m.get("present"),
            )
            for m in members
        )
    if (
        due is not None
        and settled
        and any(due.get(c["code"], c["due"]) != c["due"] for c in meeting.classes)
    ):
        raise _settled()
    problems = []
    for group in meeting.classes:
        group["due"] = (due or {}).get(group["code"], group["due"])
        group["attending"] = (attending or {}).get(group["code"], group["attending"])
        for value in (group["due"], group["attending"]):
            if value is not None and not is_count(value):
                text = Text("人数应为不小于0的整数", "Head counts are whole numbers from 0 up")
                problems.append(Problem("COUNT", text, group["name"]))
        if None not in (group["due"], group["attending"]) and group["attending"] > group["due"]:
            text = Text("实到{a}人，多于应到{d}人", "attending {a} is more than due {d}")
            said = text.fill(a=group["attending"], d=group["due"])
            problems.append(Problem("PRESENT_OVER_DUE", said, group["name"]))
    if problems:
        raise BoleError(problems)
    if recused is not None:
        meeting.recused = {str(k): list(v) for k, v in recused.items()}
    meeting.save()
    append(
        actor=actor,
        action="ballots.attendance",
        stream=meeting.stream,
        subject=meeting,
        after={
            "due": {c["name"]: c["due"] for c in meeting.classes},
            "attending": {c["name"]: c["attending"] for c in meeting.classes},
            **({"recused": meeting.recused} if meeting.recused else {}),
        },
    )
    return meeting


@transaction.atomic
def freeze_roll(*, actor: User, meeting: Meeting) -> Meeting:
    """Settle who is due, before anything is voted on. Records: ballots.freeze.

    Raises `BoleError` (DUE_MISSING, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.PLANNED)
    missing = [c["name"] for c in meeting.classes if not is_count(c["due"])]
    if missing:
        text = Text("缺少应到人数：{c}", "The number due is missing: {c}").fill(
            c="、".join(missing)
        )
        raise BoleError(Problem("DUE_MISSING", text))
    move(meeting, State.FROZEN)
    append(
        actor=actor,
        action="ballots.freeze",
        stream=meeting.stream,
        subject=meeting,
        after={"due": {c["name"]: c["due"] for c in meeting.classes}},
    )
    return meeting


def _settled() -> BoleError:
    text = Text("名册已确定，应到人数不能再改", "The roll is settled: the number due stays")
    return BoleError(Problem("ROLL_SETTLED", text))


def attendance_of(meeting: Meeting) -> Any:
    """What the attendance rule of the meeting says now, or None without a rule."""
    given = meeting.parameters.get("attendance")
    if not given:
        return None
    rule = AttendanceRule.model_validate(given)
    return attendance(rule, meeting.head_count("due"), meeting.head_count("attending"))
