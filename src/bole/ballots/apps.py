from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "bole.ballots"
    label = "ballots"

    def ready(self) -> None:
        from bole.ballots import permissions, streams

        permissions.register()
        streams.register()
