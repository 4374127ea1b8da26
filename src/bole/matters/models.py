"""Matters (事项): one row each, its acts, and who is still to read of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bole.people.models import Cadre
from bole.record.models import AppendOnly
from bole.schemes.models import SchemeVersion
from bole.units.models import Unit


def _user(**options) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class Matter(models.Model):
    """One matter of a kind of a scheme; it keeps the version under which it was opened.

    `due_on`, `lapses_on`, `lapses_to` are copies for lists, set at every write: the nearest clock
    of the present state, and when and to which state a clock lets it lapse.
    """

    kind = models.CharField(_("kind"), max_length=80)
    area = models.CharField(_("area"), max_length=20)
    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="matters")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=60)
    cadre = models.ForeignKey(Cadre, models.PROTECT, null=True, blank=True, related_name="matters")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="matters")
    case_stream = models.CharField(max_length=100, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=80)
    values = models.JSONField(default=dict)
    opened_on = models.DateField(_("opened on"))
    opened_by = _user()
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    lapses_on = models.DateField(null=True, blank=True)
    lapses_to = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area", "kind", "-id"], name="matter_list"),
            models.Index(fields=["due_on"], condition=models.Q(closed_on=None), name="matter_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "serial"], name="one_matter_serial")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """The matter's own stream in the record."""
        return f"matter:{self.pk}"


class MatterAct(AppendOnly):
    """What a person did with a matter; `move` empty = fields were saved.

    `counts`: the move took effect. `changed`: a field that was filled got another value. The
    digests are SHA-256 of the values before and after; `judged` what the judgement found then.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="acts")
    move = models.CharField(max_length=80, blank=True)
    by = _user()
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=80)  # after the act
    counts = models.BooleanField(default=True)
    changed = models.BooleanField(default=False)
    fields = models.JSONField(default=list)  # ids of the fields written
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)
    judged = models.JSONField(default=list)
    signed = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["id"]


class MatterTold(models.Model):
    """Somebody who is to read what happened: a role, or one account."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="told")
    act = models.ForeignKey(MatterAct, models.PROTECT, related_name="told")
    role = models.CharField(max_length=30, blank=True)
    user = _user(null=True, blank=True)
    read_by = _user(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["role"], condition=models.Q(read_at=None), name="matter_untold")
        ]


class MatterPerson(models.Model):
    """A person named in a field, kept in step with `Matter.values`, for finding matters by it."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="named")
    field = models.CharField(max_length=80)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "field", "cadre"], name="one_named_person")
        ]
