"""Reads of this room. No function here reads a ballot of a meeting that is not signed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.accounts.models import User
from bole.ballots import box, counting
from bole.ballots.box import Words
from bole.ballots.models import Meeting, Sheet, Signing
from bole.engine.ballotbox import count_of
from bole.engine.decision.vote import VoteRule, read_vote
from bole.engine.errors import Problem
from bole.engine.exact.comparators import fewest
from bole.engine.exact.figures import Base
from bole.engine.exact.numbers import exact, say
from bole.engine.instruments import ItemKind
from bole.engine.procedures import BallotRecord
from bole.engine.tally import Count, Table, measures, tabulate
from bole.engine.text import Text
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
        count = count_of(meeting.result)
        issued = [s["issued"] for s in sheets[0].counts.values()] if sheets else []
        if meeting.online:
            issued += [codes for codes, _used in box.turnout(meeting).values()]
        known = {
            "returned": sum(count.returned.values()),
            "valid": sum(count.valid.values()),
            "issued": sum(issued) if issued and None not in issued else None,
            "votes": _votes(meeting, count),
        }
    # An online box is counted by the program and checked by those who sign.
    counted_by_program = signed and not meeting.on_paper
    by = [s.signer_id for s in meeting.signings.all()] if counted_by_program else []
    by = by if counted_by_program else [s.entered_by_id for s in sheets]
    found = counting.differences(sheets) if not signed else []
    return BallotRecord(
        ballot=meeting.ballot,
        on=meeting.held_on,
        entries=max(meeting.entries, len(by)) if counted_by_program else len(sheets),
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
class Channel:
    """The papers of one channel: issued = returned + missing, returned = valid + void. `count` is
    None where so few voted that it would show how."""

    name: str
    issued: int
    returned: int
    valid: int
    count: Count | None

    @property
    def missing(self) -> int:
        """Issued and not returned."""
        return self.issued - self.returned

    @property
    def void(self) -> int:
        """Returned and not valid."""
        return self.returned - self.valid


@dataclass(frozen=True)
class Result:
    """The result of a signed meeting, as it may be shown."""

    meeting: Meeting
    count: Count
    table: Table
    heads: tuple[str, ...]
    channels: tuple[Channel, ...] = ()
    words: tuple[Words, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether the answers of the ballots may be listed: with fewer papers than the minimum,
        list and result together would show them."""
        return not any(0 < c.returned < (self.meeting.minimum_size or 0) for c in self.channels)

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
    count = count_of(meeting.result)
    paper = count_of(meeting.result["paper"]) if "paper" in meeting.result else None
    limits = None if paper is None else _smaller(count, paper)
    table = tabulate(meeting.instrument, count, meeting.electorate, meeting.keys, limits=limits)
    heads = tuple("＋".join(meeting.class_name(c) for c in s.classes) for s in table.columns)
    return Result(
        meeting,
        count,
        table,
        heads,
        tuple(_channels(meeting, count, paper)),
        _words(meeting, count),
    )


def _smaller(count: Count, paper: Count) -> dict[str, int]:
    """Class → ballots of its smaller channel, where both have some."""
    out = {}
    for group, valid in count.valid.items():
        on_paper = paper.valid.get(group, 0)
        out[group] = min([n for n in (on_paper, valid - on_paper) if n], default=0)
    return out


def _channels(meeting: Meeting, count: Count, paper: Count | None) -> Iterator[Channel]:
    """The channels of a meeting, reconciled each by itself."""
    if meeting.online:
        codes = sum(issued for issued, _used in box.turnout(meeting).values())
        phones = count if paper is None else _without(count, paper)
        yield _channel(meeting, Meeting.Channel.PAPERLESS, codes, phones)
    sheets = [s.counts for s in meeting.sheets.all()[:1]]
    if meeting.on_paper and sheets:
        name = Meeting.Channel.PAPER if meeting.online else Meeting.Channel(meeting.channel)
        issued = sum(row["issued"] or 0 for row in sheets[0].values())
        yield _channel(meeting, name, issued, count if paper is None else paper)


def _channel(meeting: Meeting, name: Any, issued: int, count: Count) -> Channel:
    returned, valid = sum(count.returned.values()), sum(count.valid.values())
    shown = valid >= (meeting.minimum_size or 0)
    return Channel(str(name.label), issued, returned, valid, count if shown else None)


def _without(count: Count, paper: Count) -> Count:
    """The ballots of the phones: everything less the papers."""
    out = Count(count.returned - paper.returned, count.valid - paper.valid)
    for cell, per_class in count.cells.items():
        on_paper = paper.cells.get(cell, {})
        out.cells[cell] = {g: n - on_paper.get(g, 0) for g, n in per_class.items()}
    for pair, per_class in count.rated.items():
        on_paper = paper.rated.get(pair, {})
        out.rated[pair] = {g: n - on_paper.get(g, 0) for g, n in per_class.items()}
    return out


def _words(meeting: Meeting, count: Count) -> tuple[Words, ...]:
    """Reasons and other words of both channels, in random order; none of a vote so small that
    who wrote would show."""
    if sum(count.valid.values()) < (meeting.minimum_size or 0):
        return ()
    found = [tuple(w) for s in meeting.sheets.all()[:1] for w in s.remarks]
    if meeting.online:
        found += box.remarks(meeting)
    SystemRandom().shuffle(found)
    return tuple(found)


def against_a_copy() -> Problem | None:
    """Why the database must not be copied now: while phones vote, a copy keeps traces of the order
    of casting, which closing removes."""
    channels = (Meeting.Channel.PAPERLESS, Meeting.Channel.MIXED)
    meeting = Meeting.objects.filter(state=State.OPEN, channel__in=channels).first()
    if meeting is None:
        return None
    text = Text(
        "“{t}”正在投票，此时的备份会留下投票先后的痕迹。请在投票结束后备份",
        "“{t}” is being voted on: a backup now would keep traces of the order of casting. "
        "Back up after the vote is closed",
    )
    return Problem("VOTE_OPEN", text.fill(t=meeting.title))


def votes_needed(meeting: Meeting) -> list[Text]:
    """How many votes pass, of whom: a sentence before the vote, one for each name after it."""
    given = meeting.parameters.get("passes")
    item = next((i for i in meeting.instrument.items if i.kind is ItemKind.AGREE), None)
    if not given or item is None:
        return []
    rule = VoteRule.model_validate(given)
    base = meeting.head_count("due" if rule.base is Base.DUE else "attending")
    share = exact(rule.share or 0)
    if base is None:
        return [Text("缺少{b}人数", "{b} is missing").fill(b=rule.base.words)]
    if meeting.state != State.SIGNED:
        text = Text(
            "{b}{n}人，同意票{op}{s}方为通过，须{k}票",
            "{n} {b}: agreement {op} {s} passes, that is {k} votes",
        )
        needed = fewest(rule.op, share, base)
        return [text.fill(b=rule.base.words, n=base, op=rule.op.words, s=say(share), k=needed)]
    count = count_of(meeting.result)
    out = []
    for subject in meeting.keys or ("",) if item.per_subject else ("",):
        votes = {o.id: count.votes(item.id, subject, o.id) for o in item.options}
        reading = read_vote(rule, base=base, present=meeting.head_count("attending"), counts=votes)
        lead = Text(f"{subject}：", f"{subject}: ") if subject else Text("", "")
        out.append(lead + reading.text)
    return out


def same_package(meeting: Meeting) -> list[Meeting]:
    """The other forms of the package that this meeting was planned with."""
    package = meeting.parameters.get("package")
    if not package:
        return []
    return [
        m
        for m in Meeting.objects.filter(stream=meeting.stream).exclude(pk=meeting.pk).order_by("pk")
        if m.parameters.get("package") == package
    ]


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
        counted = not meeting.on_paper or len(meeting.sheets.all()) >= meeting.entries
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
