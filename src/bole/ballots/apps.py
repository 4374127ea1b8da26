from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "bole.ballots"
    label = "ballots"

    def ready(self) -> None:
        from bole.ballots import permissions, queries, streams
        from bole.record import backups

        permissions.register()
        streams.register()
        backups.object_with(queries.against_a_copy)
