"""Planning the ballots of a case with the forms of its scheme."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.ballots import actions as ballots
from bole.selection.actions.base import begin, refuse
from bole.selection.context import CaseContext
from bole.selection.models import Member

# Whose names stand on the ballot where no step before it chooses anybody.
SUBJECTS = ("nominees", "candidates", "proposed")


def subjects(look: CaseContext, ballot: str) -> list[Member]:
    """Whose names stand on the ballot: those chosen last, by its own step or one before it."""
    chosen: list[str] = []
    for ident in look.procedure.in_turn:
        step = look.procedure.steps[ident]
        chosen += step.chooses
        if ballot in step.ballots:
            break
    for group in (*reversed(chosen), *SUBJECTS):
        if found := [m for m in look.group(group) if m.cadre_id]:
            return found
    return []


def with_values(data: Any, values: Mapping[str, Any]) -> Any:
    """A form of the scheme with the case's values put in where it says `{param: name}`."""
    if isinstance(data, Mapping):
        if set(data) == {"param"}:
            return values.get(data["param"])
        return {k: with_values(v, values) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [with_values(v, values) for v in data]
    return data


@transaction.atomic
def plan_ballot(
    *,
    actor: User,
    case,
    ballot: str,
    held_on: datetime.date,
    channel: str,
    classes: Sequence[Mapping[str, Any]],
) -> Any:
    """Plan a meeting over the persons whom the ballot is about, with the scheme's form.

    Returns the meeting as the ballots room keeps it.
    """
    look = begin(actor=actor, case=case, today=held_on)
    use = look.procedure.ballots.get(ballot)
    if use is None:
        raise refuse("BALLOT_UNKNOWN", "程序中没有“{b}”", "There is no ballot “{b}”", b=ballot)
    instrument = look.scheme.instruments.get(use.instrument or ballot)
    if instrument is None:
        raise refuse(
            "BALLOT_NO_FORM",
            "办法没有给出“{b}”的票样，请在办法中补充 instruments。",
            "The scheme has no form for “{b}”; add it under instruments.",
            b=use.name,
        )
    values = look.parameters
    open_ = sorted({p for p in _parameters(instrument) if values.get(p) is None})
    if open_:
        names = [look.scheme.parameters[p].label for p in open_ if p in look.scheme.parameters]
        raise refuse(
            "BALLOT_OPEN",
            "请先填写办法未定的数值：{p}",
            "First set what the scheme leaves open: {p}",
            p="、".join(n.zh for n in names),
        )
    posts = "、".join(str(p.post) for p in look.case.posts.select_related("post__unit"))
    form = {"id": use.instrument or ballot, **with_values(instrument, values)}
    return ballots.plan_meeting(
        actor=actor,
        stream=look.case.stream,
        ballot=ballot,
        title=f"{look.case.title}{use.name.zh}",
        form=form,
        subjects=[
            {"cadre": m.cadre_id, "name": m.name, "post": posts} for m in subjects(look, ballot)
        ],
        classes=classes,
        channel=channel,
        held_on=held_on,
        entries=use.entries,
        parameters={"posts": look.fact("posts") or 1},
    )


def _parameters(data: Any) -> list[str]:
    if isinstance(data, Mapping):
        if set(data) == {"param"}:
            return [data["param"]]
        return [p for v in data.values() for p in _parameters(v)]
    if isinstance(data, (list, tuple)):
        return [p for v in data for p in _parameters(v)]
    return []
