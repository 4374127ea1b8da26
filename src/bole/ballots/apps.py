from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "bole.ballots"
    label = "ballots"

    def ready(self) -> None:
        from bole.ballots import permissions, queries, streams
        from bole.record.streams import object_to_copies

        permissions.register()
        streams.register()
        object_to_copies(queries.against_a_copy)
