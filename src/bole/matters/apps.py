from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "bole.matters"

    def ready(self) -> None:
        from bole.matters import answers, permissions, streams

        permissions.register()
        streams.register()
        answers.load()
