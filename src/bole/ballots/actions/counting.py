"""Entering sheets, signing the count, reading the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import counting
from bole.ballots.actions.base import State, locked, move
from bole.ballots.models import Meeting, ResultReading, Sheet, Signing
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record.actions import Signature, append


@transaction.atomic
def enter_sheet(
    *,
    actor: User,
    meeting: Meeting,
    counts: Mapping[str, Any],
    remarks: Sequence[Sequence[str]] = (),
) -> Sheet:
    """Enter what the papers say (shape: `counting.arranged`); entering again replaces one's own.

    `remarks`: the reasons and other words on the papers, [item, subject, option, words]. As many
    different persons as `meeting.entries` enter independently. A sheet that cannot be right is
    refused with every figure. Records: ballots.sheet, without counts.
    Raises `BoleError` (SHEET_*, SHEET_FULL, MEETING_STATE and every problem of the sheet).
    """
    require(actor, "ballots.count")
    meeting = locked(meeting, State.OPEN, State.CLOSED)
    if not meeting.on_paper:
        text = Text("网上投票不录入计票单", "Online ballots are counted by themselves")
        raise BoleError(Problem("SHEET_ONLINE", text))
    if meeting.signings.exists():
        text = Text("已有人签字，计票单不能再改", "Somebody has signed: the sheets are settled")
        raise BoleError(Problem("SHEET_SIGNED", text))
    others = meeting.sheets.exclude(entered_by=actor)
    if others.count() >= meeting.entries:
        text = Text("已由另外{n}人录入", "{n} others have entered the sheet already")
        raise BoleError(Problem("SHEET_FULL", text.fill(n=meeting.entries)))
    arranged = counting.arranged(meeting, counts)
    words = counting.arranged_words(meeting, remarks)
    if problems := counting.problems(meeting, arranged, words):
        raise BoleError(problems)
    sheet, _created = Sheet.objects.update_or_create(
        meeting=meeting, entered_by=actor, defaults={"counts": arranged, "remarks": words}
    )
    append(actor=actor, action="ballots.sheet", stream=meeting.stream, subject=meeting)
    return sheet


@transaction.atomic
def sign(*, actor: User, meeting: Meeting, role: str, signature: Signature | str) -> Meeting:
    """Sign a closed meeting as counter or monitor; with one of each the result stands.

    Raises `BoleError` (ENTRIES, DIFFERENCE, problems of the sheet, SIGNED_TWICE, MEETING_STATE).
    Records: ballots.sign, and ballots.result with the counts when both have signed.
    """
    require(actor, "ballots.sign")
    meeting = locked(meeting, State.CLOSED)
    sheets = list(meeting.sheets.all())
    if meeting.on_paper and (problems := counting.agreed(meeting, sheets)):
        raise BoleError(problems)
    if meeting.signings.filter(signer=actor).exists():
        text = Text("{n}已签过字，请另一人签", "{n} has signed already: another person signs")
        raise BoleError(Problem("SIGNED_TWICE", text.fill(n=actor)))
    Signing.objects.create(meeting=meeting, role=Signing.Role(role), signer=actor, name=str(actor))
    append(
        actor=actor,
        action="ballots.sign",
        stream=meeting.stream,
        subject=meeting,
        signature=signature,
        after={"signed_as": role, **({"root": meeting.root} if meeting.root else {})},
    )
    roles = set(meeting.signings.values_list("role", flat=True))
    if roles >= {Signing.Role.COUNTER, Signing.Role.MONITOR}:
        if meeting.online:
            counting.require_untouched(meeting)
        meeting.result = counting.result(meeting, sheets)
        move(meeting, State.SIGNED)
        append(
            actor=actor,
            action="ballots.result",
            stream=meeting.stream,
            subject=meeting,
            after={"result": meeting.result},
        )
    return meeting


@transaction.atomic
def read_result(
    *, actor: User, meeting: Meeting, subject: str, conclusion: str, reason: str
) -> ResultReading:
    """Record how a person read the result for one subject, and why. Records: ballots.read.

    Raises `BoleError` (READ_REASON, READ_SUBJECT, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.SIGNED)
    if not conclusion.strip() or not reason.strip():
        text = Text("请写明结论和理由", "Write the conclusion and the reason")
        raise BoleError(Problem("READ_REASON", text))
    reading = ResultReading.objects.create(
        meeting=meeting,
        subject=subject,
        conclusion=conclusion.strip(),
        reason=reason.strip(),
        read_by=actor,
    )
    append(
        actor=actor,
        action="ballots.read",
        stream=meeting.stream,
        subject=meeting,
        after={"subject": subject, "conclusion": reading.conclusion},
        reason=reading.reason,
    )
    return reading
