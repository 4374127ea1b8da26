from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bole.people"
    label = "people"

    def ready(self) -> None:
        from bole.people import permissions, streams

        permissions.register()
        streams.register()
