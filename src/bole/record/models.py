"""The process record: entries, papers, anchors and readings, all append-only."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(TypeError):
    """Code tried to change or delete what may only be added to; corrections are new entries."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses every change in bulk; the database's triggers refuse it once more."""

    def update(self, **fields: Any) -> int:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} is append-only")
        super().save(**options | {"force_insert": True})

    def delete(self, **options: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{type(self).__name__} is append-only")


class Head(models.Model):
    """Length and last hash of a chain; its row is the lock that keeps a chain from forking."""

    ENTRIES, READINGS = "entries", "readings"

    name = models.CharField(max_length=20, primary_key=True)
    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Entry(AppendOnly):
    """One act: who did what, when, to whom, with which papers (一事一记).

    Names are snapshots: the record says what was true when it was written. What is sealed by
    `hash`, and how, is described in docs/record.md.
    """

    sequence = models.BigIntegerField(primary_key=True)
    stream = models.CharField(max_length=100)  # "case:12", or "office"
    stream_sequence = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)  # no foreign key: the record outlives accounts
    actor_name = models.CharField(max_length=100)
    role = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    written_at = models.DateTimeField()
    subjects = models.JSONField(default=list)  # [{"ref": "people.cadre:12", "name": …}]
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    papers = models.JSONField(default=list)  # [{"name": …, "digest": …}]
    signature = models.CharField(max_length=20, blank=True)
    corrects = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    stream_previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "stream_sequence"], name="one_stream_place")
        ]
        indexes = [
            models.Index(fields=["actor_id", "sequence"], name="entry_of_actor"),
            models.Index(fields=["action", "sequence"], name="entry_of_action"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class EntrySubject(AppendOnly):
    """Whom or what an entry is about, for finding it; the sealed copy is `Entry.subjects`."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="subject_rows")
    ref = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["ref", "entry"], name="entries_of_ref")]


class Paper(AppendOnly):
    """A stored paper. Its content lies under its digest, so that two papers cannot be swapped."""

    stream = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    entry_number = models.BigIntegerField()  # the entry that recorded the storing
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=100)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["stream", "name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "name", "version"], name="one_paper_version")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the content lies."""
        return path_of(self.digest)


def path_of(digest: str) -> Path:
    """The place of a content by its digest, under MEDIA_ROOT/papers."""
    return Path(settings.MEDIA_ROOT) / "papers" / digest[:2] / digest


class AnchorRecord(AppendOnly):
    """An anchor (锚点) as it was made; the copy that counts is the one outside the database."""

    office = models.CharField(max_length=100)
    made_at = models.CharField(max_length=30)  # as it is signed: ISO, UTC
    size = models.BigIntegerField()
    head = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    readings = models.BigIntegerField()
    readings_head = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    made_by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["-pk"]

    @property
    def made(self) -> datetime.datetime:
        """When it was made, for pages; a tampered text is shown as the first moment of all."""
        return parse_datetime(self.made_at) or datetime.datetime.min.replace(tzinfo=datetime.UTC)


class Reading(AppendOnly):
    """Someone looked at a sensitive field: who, when, whose, what, why. A chain of its own."""

    sequence = models.BigIntegerField(primary_key=True)
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    ref = models.CharField(max_length=100, db_index=True)  # "people.cadre:12"
    name = models.CharField(max_length=100)
    fields = models.JSONField()  # names of the fields
    reason = models.CharField(max_length=300, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]


class WorkYear(models.Model):
    """Holidays and make-up days of a year that the built-in calendar does not know yet."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    days_off = models.JSONField(default=list)  # ISO dates
    make_up = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-year"]


class VerificationRun(models.Model):
    """One verification started on the page: how far it is, and what it found."""

    class State(models.TextChoices):
        RUNNING = "running", _("Verification running")
        VALID = "valid", _("The record is valid")
        BROKEN = "broken", _("The record is broken")
        FAILED = "failed", _("The verification failed")

    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)  # its last sign of life
    finished_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list)  # [{"zh": …, "en": …}], the first is the verdict

    class Meta:
        ordering = ["-pk"]
