from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "bole.selection"
    label = "selection"

    def ready(self) -> None:
        from bole.selection import permissions, streams  # noqa: F401  (registers)

        streams.register()
