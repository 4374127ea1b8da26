"""Slips with codes: drawn, replaced, changed for paper ballots."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import box
from bole.ballots.actions.base import State, locked
from bole.ballots.models import Credential, Meeting, Unused, Withdrawn
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record.actions import append


@transaction.atomic
def issue_credentials(
    *, actor: User, meeting: Meeting, numbers: Mapping[str, int] | None = None
) -> list[tuple[str, str]]:
    """Draw new codes: [(code, class)], in random order within each class.

    They exist in this answer only; the server keeps their hashes. `numbers`: class → codes (as
    many as are due without it). Issuing again before voting opens makes all former codes void.
    Records: ballots.issue with numbers only. Raises `BoleError` (NOT_ONLINE, ISSUE_MANY,
    MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.FROZEN)
    _require_online(meeting)
    numbers = {c["code"]: (numbers or {}).get(c["code"], c["due"]) for c in meeting.classes}
    over = [c["name"] for c in meeting.classes if not 0 <= numbers[c["code"]] <= c["due"]]
    if over:
        text = Text("票码数不得多于应到人数：{c}", "No more codes than persons due: {c}")
        raise BoleError(Problem("ISSUE_MANY", text.fill(c="、".join(over))))
    for model in (Unused, Credential, Withdrawn):
        model.objects.filter(meeting=meeting).delete()
    codes = [
        (code, group["code"])
        for group in meeting.classes
        for code in box.issue(meeting, group["code"], numbers[group["code"]])
    ]
    append(
        actor=actor,
        action="ballots.issue",
        stream=meeting.stream,
        subject=meeting,
        after={"issued": {c["name"]: numbers[c["code"]] for c in meeting.classes}},
    )
    return codes


@transaction.atomic
def reissue(
    *, actor: User, meeting: Meeting, slip: str, why: str = Withdrawn.Why.SPOILED
) -> tuple[str, str]:
    """Replace a spoiled or lost slip that has not voted: (new code, class). The old one is void.

    `slip`: the code on it, or the number on its stub; neither leads to a ballot, because a slip
    that has voted is refused and no ballot knows its slip. Records: ballots.reissue with the
    reason, without the slip. Raises `BoleError` (SLIP_*, CODE_*, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.FROZEN, State.OPEN)
    _require_online(meeting)
    if why not in (Withdrawn.Why.SPOILED, Withdrawn.Why.LOST):
        text = Text("请选择票条是损坏还是遗失", "Say whether the slip is spoiled or lost")
        raise BoleError(Problem("SLIP_WHY", text))
    voter_class = box.withdraw(meeting, box.find_slip(meeting, slip), why)
    (new,) = box.issue(meeting, voter_class, 1)
    append(
        actor=actor,
        action="ballots.reissue",
        stream=meeting.stream,
        subject=meeting,
        after={"slip_was": why},
    )
    return new, voter_class


@transaction.atomic
def change_for_paper(*, actor: User, meeting: Meeting, slip: str) -> str:
    """Take an unused slip for a paper ballot; the class of the ballot to hand out.

    A slip that has voted is refused, and a slip that was changed votes on no phone: nobody votes
    twice. Records: ballots.paper, without the slip. Raises `BoleError` (NOT_MIXED, SLIP_*, CODE_*,
    MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.OPEN)
    if not (meeting.online and meeting.on_paper):
        text = Text("本次会议没有纸质票", "This meeting has no paper ballots beside the phones")
        raise BoleError(Problem("NOT_MIXED", text))
    voter_class = box.withdraw(meeting, box.find_slip(meeting, slip), Withdrawn.Why.PAPER)
    append(actor=actor, action="ballots.paper", stream=meeting.stream, subject=meeting)
    return voter_class


def _require_online(meeting: Meeting) -> None:
    if not meeting.online:
        text = Text("本次会议不用投票码", "This meeting has no voting codes")
        raise BoleError(Problem("NOT_ONLINE", text))
