from django.apps import AppConfig


class SchemesConfig(AppConfig):
    name = "bole.schemes"
    label = "schemes"
