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

        streams.register_fields({"kind": _("Kind of paper")}, room="paper")
        streams.register_fields(
            {
                "action": _("What"),
                "after": _("After"),
                "content": _("Content"),
                "count": _("Entries"),
                "days_off": _("Days off"),
                "digest": _("Digest"),
                "entries": _("Entries"),
                "file": _("File"),
                "head": _("Chain head"),
                "key": _("Key fingerprint"),
                "made_at": _("Made"),
                "make_up": _("Make-up working days"),
                "method": _("Way of signing"),
                "name": _("Designation"),
                "second_signature": _("Second signature"),
                "size": _("Size"),
                "source": _("Source (notice and number)"),
                "stream": _("Case"),
                "title": _("Title"),
                "version": _("Version"),
                "year": _("Year"),
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
