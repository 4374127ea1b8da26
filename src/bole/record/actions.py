"""Adding to the process record. Nothing here changes or deletes."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.files import File
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import match_token

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.chain import GENESIS, file_digest, seal
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.engine.workdays import YearTable
from bole.record.models import Entry, EntrySubject, Head, Paper, Reading, WorkYear, path_of
from bole.record.sealing import content_of, plain, reading_content, reference
from bole.record.streams import OFFICE

SYSTEM_NAME = "bole"  # the actor of what the program does by itself


@dataclass(frozen=True, slots=True)
class Signature:
    """That the person re-entered a password ("password") or a one-time code ("totp")."""

    method: str
    signer: User


def sign(
    *, actor: User, password: str = "", code: str = "", request: HttpRequest | None = None
) -> Signature:
    """The actor's signature for one act, by re-entered password or one-time code.

    With `request` wrong passwords count towards the lockout of the account. Writes nothing
    itself: pass the signature to `append`. Raises BoleError (SIGN_WRONG, SIGN_EMPTY).
    """
    if code:
        if match_token(actor, code):
            return Signature("totp", actor)
        text = Text(
            "动态口令不对或已过期，未签字",
            "The one-time code is wrong or expired; nothing is signed",
        )
        raise BoleError(Problem("SIGN_WRONG", text, "code"))
    if not password:
        text = Text("请输入密码或动态口令签字", "Sign with your password or a one-time code")
        raise BoleError(Problem("SIGN_EMPTY", text, "password"))
    if request is None:
        good = actor.is_active and actor.check_password(password)
    else:
        good = authenticate(request, username=actor.username, password=password) == actor
    if good:
        return Signature("password", actor)
    text = Text("密码不对，未签字", "The password is wrong; nothing is signed")
    raise BoleError(Problem("SIGN_WRONG", text, "password"))


def append(
    *,
    actor: User | None,
    action: str,
    stream: str,
    subject: Any = None,
    before: Any = None,
    after: Any = None,
    papers: Iterable[Paper | tuple[str, str]] = (),
    occurred_at: datetime.datetime | datetime.date | None = None,
    signature: Signature | str | None = None,
    corrects: Entry | None = None,
    reason: str = "",
    role: str | None = None,
) -> Entry:
    """Append one entry to the record, inside the caller's transaction and as its last write.

    `stream` is "office" or "<kind>:<key>"; `subject` a model instance, a (ref, name) pair or a
    list of them; `before`/`after` any plain data (dates, decimals, enums and instances are
    turned into text; floats are refused); `papers` stored papers or (name, digest) pairs;
    `occurred_at` when it happened, if that was not now (a date means its first moment);
    `role` the role in which the actor acts (default: all that the actor holds); `actor` None =
    the program itself.

    The chain's head row is locked until the transaction ends, so that two appends never fork the
    chain: take it last. Raises RuntimeError outside a transaction, BoleError (REC_VALUE) for a
    value that cannot be sealed, ValueError if the signature is another person's.
    """
    _require_transaction()
    if isinstance(signature, Signature):
        if signature.signer != actor:
            raise ValueError("the signature is not the actor's")
        signature = signature.method
    now = timezone.now()
    head = _locked_head(Head.ENTRIES)
    tail = (
        Entry.objects.filter(stream=stream)
        .order_by("-stream_sequence")
        .values_list("stream_sequence", "hash")
        .first()
    ) or (0, GENESIS)
    subjects = [_subject(s) for s in _as_list(subject)]
    entry = Entry(
        sequence=head.count + 1,
        stream=stream,
        stream_sequence=tail[0] + 1,
        actor_id=actor.pk if actor else None,
        actor_name=str(actor) if actor else SYSTEM_NAME,
        role=(",".join(sorted(actor.roles)) if actor else "") if role is None else role,
        action=action,
        occurred_at=_moment(occurred_at) or now,
        written_at=now,
        subjects=subjects,
        before=plain(before),
        after=plain(after),
        papers=[_paper(p) for p in papers],
        signature=signature or "",
        corrects=corrects.sequence if corrects else None,
        reason=reason,
        previous=head.hash,
        stream_previous=tail[1],
    )
    entry.hash = seal(content_of(entry))
    entry.save()
    EntrySubject.objects.bulk_create(
        EntrySubject(entry=entry, ref=ref) for ref in dict.fromkeys(s["ref"] for s in subjects)
    )
    _move(head, entry.hash)
    return entry


def hold(stream: str) -> None:
    """Let no other action on this case pass its gate until the caller's transaction ends.

    Call it first in an action whose gate reads what another action on the same case may change
    at the same moment. PostgreSQL takes an advisory lock of the stream; SQLite has locked the
    whole database at BEGIN IMMEDIATE. Raises RuntimeError outside a transaction.
    """
    _require_transaction()
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [stream])


@transaction.atomic
def correct(
    *,
    actor: User,
    entry: Entry,
    after: Any,
    reason: str,
    signature: Signature,
    second: Signature,
) -> Entry:
    """Correct an entry by a new one that points to it; the old one stays as it is.

    Needs the reason and two signatures by different persons who both may correct in this case,
    the actor's and another one's. Records: record.correct in the same stream.
    Raises BoleError (REC_REASON, REC_SELF, REC_SECOND).
    """
    require(actor, "record.correct", entry.stream)
    if not reason.strip():
        text = Text("更正须写明理由", "A correction needs a reason")
        raise BoleError(Problem("REC_REASON", text, "reason"))
    if second.signer == actor:
        text = Text(
            "更正须由两人签字，现两个签字同为{name}",
            "A correction needs two persons; both signatures are of {name}",
        )
        raise BoleError(Problem("REC_SELF", text.fill(name=actor)))
    if not second.signer.has_perm("record.correct", entry.stream):
        text = Text(
            "{name}无权更正该事项的纪实，请另请一人签字",
            "{name} may not correct the record of this case: ask another person to sign",
        )
        raise BoleError(Problem("REC_SECOND", text.fill(name=second.signer)))
    return append(
        actor=actor,
        action="record.correct",
        stream=entry.stream,
        subject=[(s["ref"], s["name"]) for s in entry.subjects],
        before={"action": entry.action, "after": entry.after},
        after={
            "content": after,
            "second_signature": {"name": str(second.signer), "method": second.method},
        },
        occurred_at=entry.occurred_at,
        signature=signature,
        corrects=entry,
        reason=reason,
    )


@transaction.atomic
def store_paper(
    *,
    actor: User | None,
    stream: str,
    name: str,
    content: bytes | IO[bytes] | File | Path,
    kind: str = "",
    subject: Any = None,
    occurred_at: datetime.datetime | datetime.date | None = None,
) -> Paper:
    """Store a paper under its digest; the same name in the same stream becomes a new version.

    The caller has checked that the actor may do so. Records: paper.store with name and digest.
    A file of a transaction that is rolled back stays behind unlisted; it harms nothing.
    """
    name = Path(name.replace("\\", "/")).name[:200] or "paper"
    digest, size = _keep(content)
    head = _locked_head(Head.ENTRIES)  # before the version is chosen: two uploads, two versions
    versions = Paper.objects.filter(stream=stream, name=name)
    version = (versions.aggregate(n=models.Max("version"))["n"] or 0) + 1
    entry = append(
        actor=actor,
        action="paper.store",
        stream=stream,
        subject=subject,
        after={"kind": kind, "name": name, "size": size, "version": version},
        papers=[(name, digest)],
        occurred_at=occurred_at,
    )
    assert entry.sequence == head.count + 1
    return Paper.objects.create(
        stream=stream,
        name=name,
        version=version,
        kind=kind,
        digest=digest,
        size=size,
        entry_number=entry.sequence,
        uploaded_by=actor.pk if actor else None,
        uploaded_by_name=entry.actor_name,
        uploaded_at=entry.written_at,
    )


def log_reading(
    *, actor: User, subject: models.Model, fields: Iterable[str], reason: str = ""
) -> Reading:
    """Note that the actor was shown sensitive fields of a person, and why.

    One row for all fields of one page. Readings form a chain of their own, so that none can be
    taken away later without the verifier noticing. In an action, call it before `append`: taking
    the two heads in one order keeps actions from waiting for each other.
    """
    (reading,) = log_readings(actor=actor, subjects=[subject], fields=fields, reason=reason)
    return reading


@transaction.atomic
def log_readings(
    *, actor: User, subjects: Iterable[models.Model], fields: Iterable[str], reason: str = ""
) -> list[Reading]:
    """The same for a list or an export: one row for each person, written in one go."""
    head = _locked_head(Head.READINGS)
    now, names = timezone.now(), sorted(fields)
    readings: list[Reading] = []
    last = head.hash
    for sequence, subject in enumerate(subjects, head.count + 1):
        reading = Reading(
            sequence=sequence,
            reader_id=actor.pk,
            reader_name=str(actor),
            at=now,
            ref=reference(subject),
            name=str(subject)[:100],
            fields=names,
            reason=reason[:300],
            previous=last,
        )
        reading.hash = last = seal(reading_content(reading))
        readings.append(reading)
    Reading.objects.bulk_create(readings, batch_size=1000)
    Head.objects.filter(name=Head.READINGS).update(count=head.count + len(readings), hash=last)
    return readings


@transaction.atomic
def set_work_year(
    *,
    actor: User,
    year: int,
    days_off: Iterable[datetime.date],
    make_up: Iterable[datetime.date],
    source: str,
) -> WorkYear:
    """Enter or replace the holidays and make-up days of a year; all clocks follow at once.

    Records: calendar.set with the former table. Raises BoleError with every wrong day.
    """
    require(actor, "record.edit_calendar")
    table = YearTable(year, frozenset(days_off), frozenset(make_up), source)
    if problems := table.problems():
        raise BoleError(problems)
    former = WorkYear.objects.filter(year=year).values("days_off", "make_up", "source").first()
    row, _created = WorkYear.objects.update_or_create(
        year=year,
        defaults={
            "days_off": sorted(d.isoformat() for d in table.days_off),
            "make_up": sorted(d.isoformat() for d in table.make_up),
            "source": source,
        },
    )
    append(
        actor=actor,
        action="calendar.set",
        stream=OFFICE,
        before=former,
        after={
            "year": year,
            "days_off": row.days_off,
            "make_up": row.make_up,
            "source": source,
        },
    )
    return row


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("append to the record inside the transaction of the action it records")


def _locked_head(name: str) -> Head:
    """The chain's head, locked until the transaction ends.

    PostgreSQL locks the row; SQLite has locked the whole database at BEGIN IMMEDIATE (settings).
    """
    head = Head.objects.select_for_update().filter(name=name).first()
    if head is None:
        Head.objects.get_or_create(name=name, defaults={"hash": GENESIS})
        head = Head.objects.select_for_update().get(name=name)
    return head


def _move(head: Head, new_hash: str) -> None:
    Head.objects.filter(name=head.name).update(count=head.count + 1, hash=new_hash)


def _as_list(subject: Any) -> list[Any]:
    if subject is None:
        return []
    return list(subject) if isinstance(subject, (list, set, models.QuerySet)) else [subject]


def _subject(subject: Any) -> dict[str, str]:
    if isinstance(subject, models.Model):
        return {"ref": reference(subject), "name": str(subject)}
    ref, name = subject
    return {"ref": str(ref), "name": str(name)}


def _paper(paper: Paper | tuple[str, str]) -> dict[str, str]:
    if isinstance(paper, Paper):
        return {"name": paper.name, "digest": paper.digest}
    name, digest = paper
    return {"name": name, "digest": digest}


def _moment(value: datetime.datetime | datetime.date | None) -> datetime.datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    return value if value.tzinfo else timezone.make_aware(value)


def _keep(content: bytes | IO[bytes] | File | Path) -> tuple[str, int]:
    """Write a content under its digest, once; gives (digest, size in bytes)."""
    root = Path(settings.MEDIA_ROOT) / "papers"
    root.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        with content.open("rb") as opened:
            return _keep(opened)
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "w+b") as out:
            if isinstance(content, bytes):
                out.write(content)
            else:
                content.seek(0)
                while piece := content.read(1 << 20):
                    out.write(piece)
            size = out.tell()
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            digest = file_digest(out)
        place = path_of(digest)
        if place.exists():
            return digest, size
        place.parent.mkdir(exist_ok=True)
        Path(temporary).chmod(0o440)
        Path(temporary).rename(place)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest, size
