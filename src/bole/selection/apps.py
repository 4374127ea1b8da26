from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "bole.selection"
    label = "selection"

    def ready(self) -> None:
        from bole.selection import (  # noqa: F401  (they register)
            answers,
            matter_answers,
            permissions,
            streams,
            vetting_plan,
        )

        streams.register()
        vetting_plan.tell()
