"""Conclusions of checks, and doubts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.people.models import Cadre
from bole.record.actions import append, hold
from bole.record.models import Paper
from bole.vetting.actions.base import day, needed, not_before, refuse
from bole.vetting.models import Check, Conclusion, Doubt

Evidence = Iterable[Paper | str]


def _own(actor: User, cadre: Cadre | None, user: User | None) -> None:
    if user == actor or (cadre is not None and cadre.account_id == actor.pk):
        raise refuse(
            "OWN_CHECK", "不能审核本人，请由他人办理", "Nobody checks oneself: ask another person"
        )


@transaction.atomic
def conclude_check(
    *,
    actor: User,
    stream: str,
    check: str,
    cadre: Cadre | None = None,
    user: User | None = None,
    conclusion: str,
    note: str = "",
    evidence: Evidence = (),
    on: datetime.date | None = None,
    valid_until: datetime.date | None = None,
) -> Check:
    """Conclude a check of a cadre, of a user of the program, or of the case as a whole.

    An earlier conclusion stays as it was; the newest counts. `evidence`: stored papers or the
    names of papers. Every conclusion but "clear" needs a note. Records: vetting.check; the note
    itself stays out of the record. Raises BoleError (OWN_CHECK, NOTE_MISSING, DATE_ORDER …).
    """
    require(actor, "vetting.conclude")
    hold(stream)
    _own(actor, cadre, user)
    if cadre is not None and user is not None:
        raise refuse("ONE_PERSON", "一次只能审核一人", "A check is of one person", "cadre")
    if conclusion not in Conclusion.values:
        raise refuse(
            "CONCLUSION", "没有“{c}”这一结论", "There is no conclusion “{c}”", c=conclusion
        )
    if conclusion != Conclusion.CLEAR:
        needed(
            note,
            "NOTE_MISSING",
            "除“无影响”外，须写明情况和理由",
            "Any conclusion but “clear” needs a note that says why",
            "note",
        )
    on = day(on)
    not_before(valid_until, on, "valid_until")
    papers = [
        {"name": p.name, "digest": p.digest} if isinstance(p, Paper) else {"name": p, "digest": ""}
        for p in evidence
    ]
    row = Check.objects.create(
        stream=stream,
        check_code=check,
        cadre=cadre,
        user=user,
        conclusion=conclusion,
        note=note.strip(),
        evidence=papers,
        on=on,
        valid_until=valid_until,
        concluded_by=actor,
    )
    append(
        actor=actor,
        action="vetting.check",
        stream=stream,
        subject=cadre or user,
        after={"check": check, "conclusion": conclusion, "on": on, "valid_until": valid_until},
        papers=[(p["name"], p["digest"]) for p in papers if p["digest"]],
        occurred_at=on,
    )
    return row


@transaction.atomic
def raise_doubt(
    *,
    actor: User,
    stream: str,
    text: str,
    cadre: Cadre | None = None,
    check: str = "",
    due_on: datetime.date | None = None,
    on: datetime.date | None = None,
) -> Doubt:
    """Raise a doubt in neutral words; until it is cleared it holds the case."""
    require(actor, "vetting.doubt")
    hold(stream)
    text = needed(text, "DOUBT_EMPTY", "请写明疑点", "Say what is in doubt", "text")
    on = day(on)
    not_before(due_on, on, "due_on")
    doubt = Doubt.objects.create(
        stream=stream,
        cadre=cadre,
        check_code=check,
        text=text,
        raised_on=on,
        raised_by=actor,
        due_on=due_on,
    )
    append(
        actor=actor,
        action="doubt.raise",
        stream=stream,
        subject=cadre,
        after={"check": check, "due_on": due_on},
        occurred_at=on,
    )
    return doubt


@transaction.atomic
def clear_doubt(
    *,
    actor: User,
    doubt: Doubt,
    state: str,
    outcome: str,
    on: datetime.date | None = None,
) -> Doubt:
    """Close a doubt as cleared or confirmed, or state that it could not be resolved.

    "confirmed_effect" also concludes the doubt's check as adverse. A doubt that could not be
    resolved goes on holding the case and may be closed later. Raises BoleError (DOUBT_CLOSED,
    OUTCOME_EMPTY, STATE).
    """
    require(actor, "vetting.doubt")
    hold(doubt.stream)
    doubt = Doubt.objects.select_for_update().get(pk=doubt.pk)
    if doubt.cadre is not None:
        _own(actor, doubt.cadre, None)
    states = Doubt.State
    if doubt.state not in (states.OPEN, states.UNRESOLVED):
        raise refuse("DOUBT_CLOSED", "该疑点已经办结", "This doubt is closed already")
    if state not in states.values or state == states.OPEN:
        raise refuse("STATE", "没有“{s}”这一结果", "There is no outcome “{s}”", "state", s=state)
    before, on = doubt.state, day(on)
    not_before(on, doubt.raised_on, "on")
    doubt.outcome = needed(
        outcome, "OUTCOME_EMPTY", "请写明查核情况", "Say how it was looked into", "outcome"
    )
    doubt.state, doubt.cleared_on, doubt.cleared_by = state, on, actor
    doubt.save()
    if state == states.CONFIRMED_EFFECT:
        conclude_check(
            actor=actor,
            stream=doubt.stream,
            check=doubt.check_code or "eligibility",
            cadre=doubt.cadre,
            conclusion=Conclusion.ADVERSE,
            note=doubt.outcome,
            on=on,
        )
    append(
        actor=actor,
        action="doubt.clear",
        stream=doubt.stream,
        subject=doubt.cadre,
        before={"state": before},
        after={"state": state},
        occurred_at=on,
    )
    return doubt
