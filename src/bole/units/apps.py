from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "bole.units"
    label = "units"
