from django.apps import AppConfig


class VettingConfig(AppConfig):
    name = "bole.vetting"
    label = "vetting"

    def ready(self) -> None:
        from bole.vetting import permissions, streams

        permissions.register()
        streams.register()
