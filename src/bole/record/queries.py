"""Reads of the record."""

from __future__ import annotations

import datetime

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bole.accounts.models import User
from bole.engine.workdays import Calendar, YearTable, published
from bole.record.models import AnchorRecord, Entry, Head, Paper, Reading, WorkYear
from bole.record.sealing import reference
from bole.record.streams import OFFICE
from bole.web.due import Due

CALENDAR_WARNING_DAYS = 60  # the next year's notice appears in November
ANCHOR_DAYS = 31


def entries_of(stream: str) -> QuerySet[Entry]:
    """The entries of a case, in order."""
    return Entry.objects.filter(stream=stream).order_by("stream_sequence")


def entries_about(subject: Model | str) -> QuerySet[Entry]:
    """The entries about a person or thing (instance or reference), in order."""
    ref = subject if isinstance(subject, str) else reference(subject)
    return Entry.objects.filter(subject_rows__ref=ref).order_by("sequence")


def entries_by(user: User) -> QuerySet[Entry]:
    """What a user did, in order."""
    return Entry.objects.filter(actor_id=user.pk).order_by("sequence")


def corrections_of(entry: Entry) -> QuerySet[Entry]:
    """The later entries that correct this one."""
    return Entry.objects.filter(stream=entry.stream, corrects=entry.sequence).order_by("sequence")


def is_late(entry: Entry, limit_days: int | None) -> bool:
    """Whether the entry was written more than `limit_days` calendar days after the event.

    There is no default limit: without one (None) nothing is late.
    """
    if limit_days is None:
        return False
    return entry.written_at - entry.occurred_at > datetime.timedelta(days=limit_days)


def papers_of(stream: str) -> QuerySet[Paper]:
    """All stored papers of a case, every version."""
    return Paper.objects.filter(stream=stream).order_by("name", "version")


def latest_papers(stream: str) -> list[Paper]:
    """The newest version of each paper of a case, by name."""
    newest = {paper.name: paper for paper in papers_of(stream)}
    return list(newest.values())


def office_template(kind: str) -> bytes | None:
    """The office's own template of a kind of paper (its newest version); None = as shipped."""
    newest = Paper.objects.filter(stream=OFFICE, kind=f"template:{kind}").order_by("-pk").first()
    return newest.path.read_bytes() if newest else None


def office_templates() -> dict[str, Paper]:
    """Kind of paper → the office's own newest template."""
    rows = Paper.objects.filter(stream=OFFICE, kind__startswith="template:").order_by("pk")
    return {paper.kind.removeprefix("template:"): paper for paper in rows}


def readings_of(subject: Model | str) -> QuerySet[Reading]:
    """Who was shown sensitive fields of a person, the latest first."""
    ref = subject if isinstance(subject, str) else reference(subject)
    return Reading.objects.filter(ref=ref).order_by("-sequence")


def head(name: str = Head.ENTRIES) -> Head:
    """Length and last hash of the chain of entries or of readings."""
    from bole.engine.chain import GENESIS

    return Head.objects.filter(name=name).first() or Head(name=name, count=0, hash=GENESIS)


def calendar() -> Calendar:
    """The working-day calendar: the published years and those entered here."""
    tables = [
        YearTable(
            row.year,
            frozenset(map(datetime.date.fromisoformat, row.days_off)),
            frozenset(map(datetime.date.fromisoformat, row.make_up)),
            row.source,
        )
        for row in WorkYear.objects.all()
    ]
    return published().with_years(tables) if tables else published()


def due(user: User, today: datetime.date) -> list[Due]:
    """A calendar that ends soon, and an anchor that is overdue."""
    from django.urls import reverse

    items = []
    if user.has_perm("record.edit_calendar"):
        last = published().last_known()
        if last and (last - today).days <= CALENDAR_WARNING_DAYS:
            last = calendar().last_known()  # years entered here only come after the published ones
        if last and (last - today).days <= CALENDAR_WARNING_DAYS:
            items.append(
                Due(
                    _("Enter the holidays of %(year)s in the working-day calendar")
                    % {"year": last.year + 1},
                    reverse("record:calendar"),
                    "deadline",
                    last,
                    _("Deadlines beyond this day cannot be computed."),
                )
            )
    if user.has_perm("record.make_anchor") and head().count:
        newest = AnchorRecord.objects.first()
        since = datetime.date.fromisoformat(newest.made_at[:10]) if newest else None
        if since is None or (today - since).days >= ANCHOR_DAYS:
            items.append(
                Due(
                    _("Make an anchor of the record and keep it outside the system"),
                    reverse("record:audit"),
                    "deadline",
                    since + datetime.timedelta(days=ANCHOR_DAYS) if since else None,
                )
            )
    return items
