from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bole.people"
    label = "people"
