from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "bole.screening"
    label = "screening"
