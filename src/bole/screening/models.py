"""Conditions that officers put together, and lists of cadres that they keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SavedCondition(models.Model):
    """Conditions built in the browser: the rows as chosen, and the rules that they mean."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=100)
    shared = models.BooleanField(_("other officers may use it"), default=False)
    # {"join": "and"|"or", "groups": [{"join": …, "rows": [{fact, arguments, operator, value}]}]}
    rows = models.JSONField()
    # [{"id": "1", "text": {"zh", "en"}, "require": expression}], what bole.engine.screening runs
    rules = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="condition_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What addresses of screenings by these conditions begin with."""
        return f"saved-{self.pk}"


class SavedList(models.Model):
    """Cadres that an officer wants to keep together, such as those to be talked to."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="list_name_once")]

    def __str__(self) -> str:
        return self.name


class ListMember(models.Model):
    """A cadre on a list, with the screening that put the cadre there."""

    saved_list = models.ForeignKey(SavedList, models.CASCADE, related_name="members")
    cadre = models.ForeignKey("people.Cadre", models.CASCADE, related_name="+")
    source = models.CharField(_("source"), max_length=300, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["saved_list", "cadre"], name="once_on_a_list")
        ]
