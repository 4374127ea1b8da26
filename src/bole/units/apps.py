from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "bole.units"
    label = "units"

    def ready(self) -> None:
        from bole.units import permissions, streams

        permissions.register()
        streams.register()
