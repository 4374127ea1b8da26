"""Reads of this room. No function here reads a ballot of a meeting that is not signed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.accounts.models import User
from bole.ballots import counting
from bole.ballots.models import Meeting, Sheet, Signing
from bole.engine.instruments import ItemKind
from bole.engine.procedures import BallotRecord
from bole.engine.tally import Count, Table, measures, tabulate
from bole.web.due import Due

State = Meeting.State


def meetings(stream: str) -> list[Meeting]:
    """The meetings of a stream, the oldest first."""
    return list(Meeting.objects.filter(stream=stream).order_by("held_on", "pk"))


def records(
    stream: str, undone: Mapping[str, Collection[int]] | None = None
) -> dict[str, BallotRecord]:
    """Ballot code → what the gates look at. Three queries.

    Of several meetings of one ballot the latest counts; those named in `undone` (ballot → ids)
    count no more, because the case went back behind them. Persons are cadre ids (names where the
    ballot carries a free name). `reconciled` only when counter and monitor have signed.
    """
    sheets = Prefetch("sheets", Sheet.objects.order_by("pk"))
    signed = Prefetch("signings", Signing.objects.order_by("pk"))
    rows = Meeting.objects.filter(stream=stream).order_by("held_on", "pk")
    return {
        m.ballot: _record(m)
        for m in rows.prefetch_related(sheets, signed)
        if m.pk not in (undone or {}).get(m.ballot, ())
    }


def _record(meeting: Meeting) -> BallotRecord:
    sheets = list(meeting.sheets.all())
    signed = meeting.state == State.SIGNED
    recused = {_person(k): len(v) for k, v in meeting.recused.items()}
    known: dict[str, Any] = {}
    if signed:
        count = counting.stored(meeting.result)
        issued = [s["issued"] for s in sheets[0].counts.values()] if sheets else []
        known = {
            "returned": sum(count.returned.values()),
            "valid": sum(count.valid.values()),
            "issued": sum(issued) if issued and None not in issued else None,
            "votes": _votes(meeting, count),
        }
    # An online box is counted by the program and checked by those who sign.
    by = [s.signer_id for s in meeting.signings.all()] if meeting.online else []
    by = by if meeting.online and signed else [s.entered_by_id for s in sheets]
    found = counting.differences(sheets) if not signed else []
    return BallotRecord(
        ballot=meeting.ballot,
        on=meeting.held_on,
        entries=max(meeting.entries, len(by)) if meeting.online and signed else len(sheets),
        entered_by=tuple(by),
        differences=tuple(counting.named(meeting, d) for d in found),
        reconciled=signed,
        due=meeting.head_count("due"),
        attending=meeting.head_count("attending"),
        chair_last=meeting.conduct["chair_last"] if meeting.conduct else None,
        secret=meeting.form.get("anonymous") is True and meeting.channel != meeting.Channel.TALK,
        recused=recused,
        **known,
    )


def _person(key: str) -> int | str:
    return int(key) if key.isdecimal() else key


def _votes(meeting: Meeting, count: Count) -> dict[int | str, dict[str, int]]:
    """Person → option → votes; with several items also `item.option`."""
    persons = {s["key"]: s["cadre"] or s["key"] for s in meeting.subjects}
    single = len(meeting.instrument.items) == 1
    out: dict[int | str, dict[str, int]] = defaultdict(dict)
    for item in meeting.instrument.items:
        options = (
            [c.id for c in item.limits(meeting.posts)]
            if item.kind is ItemKind.NOMINATE
            else [o.id for o in item.options]
        )
        if item.kind is ItemKind.NOMINATE or item.per_subject:
            for subject in [*persons, *count.subjects(item.id)]:
                row = out[persons.get(subject, subject)]
                for option in options:
                    votes = count.votes(item.id, subject, option)
                    row[option if single or option == item.id else f"{item.id}.{option}"] = votes
    return dict(out)


@dataclass(frozen=True)
class Result:
    """The result of a signed meeting, as it may be shown."""

    meeting: Meeting
    count: Count
    table: Table
    heads: tuple[str, ...]

    @property
    def void(self) -> int:
        """Ballots that count nowhere."""
        return sum(self.count.returned.values()) - sum(self.count.valid.values())

    @property
    def returned(self) -> int:
        """Ballots in the box."""
        return sum(self.count.returned.values())

    def measures(self, subject: str) -> dict[str, Any]:
        """What thresholds and composites may name for a subject (engine/tally)."""
        return measures(self.meeting.instrument, self.table, subject)


def result(meeting: Meeting) -> Result | None:
    """The result, or None before counter and monitor have signed."""
    if meeting.state != State.SIGNED:
        return None
    count = counting.stored(meeting.result)
    table = tabulate(meeting.instrument, count, meeting.electorate, meeting.keys)
    heads = tuple("＋".join(meeting.class_name(c) for c in s.classes) for s in table.columns)
    return Result(meeting, count, table, heads)


def side_by_side(stream: str) -> list[Result]:
    """The signed results of a stream, one per channel and ballot, for comparing them."""
    return [r for m in meetings(stream) if (r := result(m)) is not None]


def due(user: User, today: datetime.date) -> list[Due]:
    """Meetings to prepare, hold, count and sign."""
    if not user.has_perm("ballots.sign"):
        return []
    may_manage, may_count = user.has_perm("ballots.manage"), user.has_perm("ballots.count")
    items = []
    open_states = [s for s in State.values if s != State.SIGNED]
    rows = Meeting.objects.filter(state__in=open_states).prefetch_related("sheets", "signings")
    for meeting in rows.order_by("held_on")[:50]:
        url = reverse("ballots:detail", args=[meeting.pk])
        counted = meeting.online or len(meeting.sheets.all()) >= meeting.entries
        own = any(s.entered_by_id == user.pk for s in meeting.sheets.all())
        signed = any(s.signer_id == user.pk for s in meeting.signings.all())
        what = None
        if meeting.state in (State.PLANNED, State.FROZEN, State.OPEN) and may_manage:
            what = _("Hold the ballot “%(title)s”")
        elif meeting.state == State.CLOSED and not counted and may_count and not own:
            what = _("Enter the count sheet of “%(title)s”")
        elif meeting.state == State.CLOSED and counted and not signed:
            what = _("Sign the count of “%(title)s”")
        if what:
            items.append(Due(what % {"title": meeting.title}, url, "ballot", meeting.held_on))
    return items
