"""Installed versions of scheme packs. A case keeps the version under which it runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderedJSONField(models.JSONField):
    """JSON whose keys keep their order: PostgreSQL's jsonb would sort them.

    The order of states, fields and choices is part of what a pack says.
    """

    def db_type(self, connection: Any) -> str | None:
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if connection.vendor != "postgresql" or value is None or hasattr(value, "as_sql"):
            return super().get_db_prep_value(value, connection, prepared)
        from psycopg.types.json import Json

        return Json(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        # psycopg reads json (unlike Django's jsonb) into Python itself.
        if not isinstance(value, str):
            return value
        return super().from_db_value(value, expression, connection)


class SchemeVersion(models.Model):
    """One resolved pack, as it stood when it was installed; never changed afterwards."""

    code = models.CharField(_("code"), max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    effective_from = models.DateField(_("effective from"), null=True)
    effective_to = models.DateField(_("effective to"), null=True)
    digest = models.CharField(max_length=64, unique=True)
    # The resolved pack (inheritance applied), enough to load it again without its file.
    document = OrderedJSONField()
    has_procedure = models.BooleanField(default=False)
    installed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    installed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code", "-installed_at"]
        indexes = [models.Index(fields=["code", "-installed_at"], name="scheme_newest")]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def key(self) -> str:
        """The version's number as text, for addresses that are put together in templates."""
        return str(self.pk)
