from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "bole.record"
    label = "record"

    def ready(self) -> None:
        from bole.record import (
            rules,  # noqa: F401  (registers the permissions)
            streams,
        )

        streams.register_actions(
            {
                "paper.store": _("Paper stored"),
                "record.correct": _("Entry corrected"),
                "record.anchor": _("Anchor made"),
                "record.archive": _("Archive package made"),
                "record.backup": _("Backup made"),
                "record.restore": _("Backup restored"),
                "calendar.set": _("Working-day calendar set"),
            }
        )

        # A later migration may rebuild a table on SQLite, which silently drops its triggers.
        post_migrate.connect(install_guards, sender=self)


def install_guards(sender, using: str, **kwargs) -> None:
    """Put the append-only guards back after every migration."""
    from django.db import connections

    from bole.record import guards

    if "record_reading" in connections[using].introspection.table_names():
        guards.install(connections[using])
