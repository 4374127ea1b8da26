from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "bole.selection"
    label = "selection"

    def ready(self) -> None:
        from bole.selection import answers, permissions, streams, vetting_plan  # noqa: F401

        streams.register()
        vetting_plan.tell()
