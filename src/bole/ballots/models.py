"""Meetings, rolls, sheets; and the box: codes and ballots, with nothing that joins the two.

What is kept of a code: its hash, the meeting, the class, and whether it is still unused. What is
kept of a ballot: a random number, the meeting, the class, the answers, the tracker. Neither has a
time, an order, a device or a person (docs/ballots.md).
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Electorate, VoterClass
from bole.engine.text import Text

MINIMUM_SIZE = 5  # classes smaller than this are merged unless the meeting says otherwise


def new_uid() -> str:
    """A random name of a meeting, as its ballot package carries it."""
    return secrets.token_hex(16)


class Meeting(models.Model):
    """One ballot of one stream ("case:12"): its form, who is on it, who votes, how far it is."""

    class Channel(models.TextChoices):
        PAPERLESS = "paperless", _("Phones and tablets")
        MIXED = "mixed", _("Phones, tablets and paper")
        PAPER = "paper", _("Paper ballots")
        MEETING = "meeting", _("Meeting, paper ballots")
        TALK = "talk", _("Talks, one by one")

    class State(models.TextChoices):
        PLANNED = "planned", _("Being prepared")
        FROZEN = "frozen", _("Roll settled")
        OPEN = "open", _("Voting")
        CLOSED = "closed", _("Closed, to be counted and signed")
        SIGNED = "signed", _("Signed, result stands")

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    stream = models.CharField(max_length=100)
    ballot = models.CharField(max_length=100)
    title = models.CharField(_("Name of the ballot"), max_length=200)
    form = models.JSONField()
    subjects = models.JSONField(default=list)  # [{"key", "cadre", "name", "post"}]
    classes = models.JSONField(default=list)  # [{"code", "name", "due", "attending", "weight"}]
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    held_on = models.DateField(_("held on"))
    entries = models.PositiveSmallIntegerField(_("independent entries"), default=2)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    recused = models.JSONField(default=dict)  # cadre → names of those who recuse themselves
    conduct = models.JSONField(null=True)  # principal, statements in order, chair_last
    root = models.CharField(max_length=64, blank=True)
    words = models.CharField(max_length=64, blank=True)  # digest of the remarks at closing
    result = models.JSONField(null=True)  # counts by class, written when both have signed
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["stream", "ballot"], name="meetings_of_stream"),
            models.Index(fields=["state"], name="meetings_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def instrument(self) -> InstrumentForm:
        """The form that is voted on."""
        return InstrumentForm.model_validate(self.form)

    @property
    def online(self) -> bool:
        """Whether votes are cast with codes (in a mixed meeting: also)."""
        return self.channel in (self.Channel.PAPERLESS, self.Channel.MIXED)

    @property
    def on_paper(self) -> bool:
        """Whether votes are entered from sheets (in a mixed meeting: also)."""
        return self.channel != self.Channel.PAPERLESS

    @property
    def posts(self) -> int | None:
        """What `max_picks: posts` means here."""
        return self.parameters.get("posts")

    @property
    def minimum_size(self) -> int | None:
        """The smallest number of ballots that is shown by itself."""
        return self.parameters.get("minimum_size", MINIMUM_SIZE)

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The names on the ballot as answers carry them; None = names are free."""
        if self.parameters.get("free_names") or not self.subjects:
            per_subject = any(i.per_subject and i.kind != "nominate" for i in self.instrument.items)
            if self.parameters.get("free_names") or not per_subject:
                return None
        return tuple(s["key"] for s in self.subjects)

    @property
    def electorate(self) -> Electorate:
        """The classes of voters with their weights."""
        return Electorate(
            classes=tuple(
                VoterClass(id=c["code"], text=Text(c["name"], c["name"]), weight=c.get("weight"))
                for c in self.classes
            ),
            formula=self.parameters.get("formula"),
            minimum_size=self.minimum_size,
            small=self.parameters.get("small", "merge"),
        )

    def head_count(self, key: str) -> int | None:
        """`due` or `attending` over all classes; None when a class lacks it."""
        counts = [c.get(key) for c in self.classes]
        return None if None in counts or not counts else sum(counts)

    def class_name(self, code: str) -> str:
        """The class's name for people."""
        return next((c["name"] for c in self.classes if c["code"] == code), code)


class RollMember(models.Model):
    """A person of the roll and whether they came. Never connected with a code or a ballot."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="members")
    cadre = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    voter_class = models.CharField(max_length=60)
    present = models.BooleanField(null=True)

    class Meta:
        ordering = ["pk"]


class Sheet(models.Model):
    """One person's entry of what the papers say."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sheets")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    counts = models.JSONField()
    remarks = models.JSONField(default=list)  # [[item, subject, option, words]]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "entered_by"], name="one_sheet_a_person")
        ]


class Signing(models.Model):
    """A counter's or a monitor's signature under a closed meeting."""

    class Role(models.TextChoices):
        COUNTER = "counter", _("Counter")
        MONITOR = "monitor", _("Monitor")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="signings")
    role = models.CharField(max_length=10, choices=Role.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "signer"], name="one_signature_a_person")
        ]


class ResultReading(models.Model):
    """How a person read the result for one subject, and why: nothing follows by itself."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="readings")
    subject = models.CharField(max_length=100)
    conclusion = models.CharField(_("conclusion"), max_length=200)
    reason = models.TextField(_("reason"))
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]


class Credential(models.Model):
    """A code that was issued. The row never changes while the meeting lasts."""

    hash = models.CharField(max_length=64, primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    voter_class = models.CharField(max_length=60)


class Unused(models.Model):
    """A code that may still vote. Voting takes the row away, so that no row tells an order."""

    hash = models.CharField(max_length=64, primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    voter_class = models.CharField(max_length=60)


class Withdrawn(models.Model):
    """A code that never voted and never will: its slip was replaced, or changed for paper."""

    class Why(models.TextChoices):
        SPOILED = "spoiled", _("Spoiled")
        LOST = "lost", _("Lost")
        PAPER = "paper", _("Changed for a paper ballot")

    hash = models.CharField(max_length=64, primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    voter_class = models.CharField(max_length=60)
    why = models.CharField(max_length=10, choices=Why.choices)


class Remark(models.Model):
    """A reason or other words, apart from the ballot that says they were given. No class."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    item = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    option = models.CharField(max_length=100)
    words = models.TextField()


class Ballot(models.Model):
    """A ballot in the box. The key is a random number made by the voter's device."""

    id = models.UUIDField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    voter_class = models.CharField(max_length=60)
    answers: Any = models.JSONField()
    tracker = models.CharField(max_length=12)


class FormVersion(models.Model):
    """A form made or changed here, or a package of forms. A version never changes: meetings keep
    their own copy, and saving again makes the next version."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    form = models.JSONField()
    origin = models.CharField(max_length=200, blank=True)  # "scheme:form" it was copied from
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="form_versions")]

    def __str__(self) -> str:
        return self.title
