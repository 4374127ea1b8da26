"""Planning a ballot and taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import library
from bole.ballots.actions.base import State, locked, read_form
from bole.ballots.models import Credential, Meeting, Unused, new_uid
from bole.ballots.streams import KIND
from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import is_count
from bole.engine.text import Text
from bole.record.actions import append


@transaction.atomic
def plan_meeting(
    *,
    actor: User,
    ballot: str,
    title: str,
    form: Mapping[str, Any],
    classes: Sequence[Mapping[str, Any]],
    channel: str,
    held_on: datetime.date,
    stream: str = "",
    subjects: Sequence[Mapping[str, Any]] = (),
    entries: int = 2,
    parameters: Mapping[str, Any] | None = None,
) -> Meeting:
    """Plan one ballot of a stream ("" = a ballot of its own).

    `form`: the data of an `InstrumentForm`; `subjects`: [{cadre, name, post}]; `classes`:
    [{code, name, due, weight}]; `parameters`: posts, minimum_size, small, formula, attendance (an
    `AttendanceRule`), free_names. Records: ballots.plan. Raises `BoleError` (FORM_*, PLAN_*).
    """
    require(actor, "ballots.manage")
    found = read_form(form)
    parameters = dict(parameters or {})
    online = channel == Meeting.Channel.PAPERLESS
    problems = [Problem("FORM_OPEN", t) for t in found.unsettled()]
    if online and found.anonymous is False:
        text = Text(
            "署名票须用纸质方式：网上投票不留投票人姓名",
            "A signed form is voted on paper: online ballots carry no name",
        )
        problems.append(Problem("PLAN_SIGNED", text))
    if not classes or len({c["code"] for c in classes}) < len(classes):
        text = Text("请列出各类参加人员，不得重复", "List the classes of voters, each once")
        problems.append(Problem("PLAN_CLASSES", text))
    needs_posts = any(
        "posts" in (i.max_picks, *(c.max_picks for c in i.categories)) for i in found.items
    )
    if needs_posts and not (is_count(parameters.get("posts")) and parameters["posts"] > 0):
        text = Text("请填写职位数", "Enter the number of posts")
        problems.append(Problem("PLAN_POSTS", text))
    if online and found.over_pick is None:  # the server refuses faulty ballots, but a rule stands
        text = Text("未定超选票如何处理", "What over-picking voids is not settled")
        if not any(p.text == text for p in problems):
            problems.append(Problem("FORM_OPEN", text))
    if entries < 1:
        text = Text("至少录入一次", "At least one entry is made")
        problems.append(Problem("PLAN_ENTRIES", text))
    if problems:
        raise BoleError(problems)
    uid = new_uid()
    meeting = Meeting(
        uid=uid,
        stream=stream or f"{KIND}:{uid}",
        ballot=ballot,
        title=title,
        form=found.model_dump(mode="json", by_alias=True),
        subjects=_with_keys(subjects),
        classes=[
            {
                "code": str(c["code"]),
                "name": str(c.get("name") or c["code"]),
                "due": c.get("due"),
                "attending": None,
                "weight": None if c.get("weight") is None else str(c["weight"]),
            }
            for c in classes
        ],
        channel=Meeting.Channel(channel),
        held_on=held_on,
        entries=entries,
        parameters=parameters,
        planned_by=actor,
    )
    _ = meeting.electorate  # wrong weights and formulas are refused here
    meeting.save()
    append(
        actor=actor,
        action="ballots.plan",
        stream=meeting.stream,
        subject=meeting,
        after={
            "ballot": ballot,
            "title": title,
            "form": found.id,
            "channel": channel,
            "held_on": held_on,
            "subjects": [s["key"] for s in meeting.subjects],
            "classes": {c["name"]: c["due"] for c in meeting.classes},
        },
    )
    return meeting


@transaction.atomic
def plan_with(
    *, actor: User, key: str, title: str, parameters: Mapping[str, Any], **rest: Any
) -> list[Meeting]:
    """Plan a ballot with a form of the library by its key; a package makes one ballot of each of
    its forms in one stream, so that none is forgotten. `rest` and the errors: `plan_meeting`."""
    chosen = library.find(key)
    found = [library.find(k) for k in chosen.forms] if chosen.package else [chosen]
    planned: list[Meeting] = []
    for one in found:
        planned.append(
            plan_meeting(
                actor=actor,
                ballot=str(one.form["id"]),
                title=f"{title} · {one.title.zh}" if chosen.package else title,
                form=one.form,
                stream=planned[0].stream if planned else "",
                parameters={**parameters, **({"package": key} if chosen.package else {})},
                **rest,
            )
        )
    return planned


@transaction.atomic
def cancel_meeting(*, actor: User, meeting: Meeting, reason: str) -> None:
    """Take back a meeting at which nobody has voted. Records: ballots.cancel with the reason.

    Raises `BoleError` (CANCEL_REASON, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = locked(meeting, State.PLANNED, State.FROZEN)
    if not reason.strip():
        raise BoleError(Problem("CANCEL_REASON", Text("请写明理由", "Write the reason")))
    append(
        actor=actor,
        action="ballots.cancel",
        stream=meeting.stream,
        subject=meeting,
        before={"title": meeting.title, "ballot": meeting.ballot},
        reason=reason.strip(),
    )
    for model in (Unused, Credential):
        model.objects.filter(meeting=meeting).delete()
    meeting.delete()


def _with_keys(subjects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Subjects with the words by which answers name them; equal names carry their post."""
    names = [str(s["name"]).strip() for s in subjects]
    out: list[dict[str, Any]] = []
    for subject, name in zip(subjects, names, strict=True):
        post = str(subject.get("post") or "")
        key = name if names.count(name) == 1 else f"{name}（{post}）"
        while any(s["key"] == key for s in out):
            key += "′"
        out.append({"key": key, "cadre": subject.get("cadre"), "name": name, "post": post})
    return out
