"""Slips with codes: drawn, replaced."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import box
from bole.ballots.actions.base import State, locked
from bole.ballots.models import Credential, Meeting, Unused
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
    for model in (Unused, Credential):
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
def reissue(*, actor: User, meeting: Meeting, code: str) -> tuple[str, str]:
    """Replace a spoiled slip that has not voted: (new code, class). The old code is void.

    Records: ballots.reissue, without the code. Raises `BoleError` (CODE_*, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.FROZEN, State.OPEN)
    _require_online(meeting)
    hashed = box.hash_of(box.read_code(code))
    row = Credential.objects.filter(pk=hashed, meeting=meeting).first()
    if row is None:
        text = Text("本次会议没有这个投票码", "This meeting has no such code")
        raise BoleError(Problem("CODE_UNKNOWN", text))
    taken, _rows = Unused.objects.filter(pk=hashed).delete()
    if not taken:
        text = Text("这个投票码已投过票，不能补发", "This code has voted: it cannot be replaced")
        raise BoleError(Problem("CODE_USED", text))
    voter_class = row.voter_class
    row.delete()
    (new,) = box.issue(meeting, voter_class, 1)
    append(actor=actor, action="ballots.reissue", stream=meeting.stream, subject=meeting)
    return new, voter_class


def _require_online(meeting: Meeting) -> None:
    if not meeting.online:
        text = Text("本次会议不用投票码", "This meeting has no voting codes")
        raise BoleError(Problem("NOT_ONLINE", text))
