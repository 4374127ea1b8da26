from django.apps import AppConfig


class VettingConfig(AppConfig):
    name = "bole.vetting"
    label = "vetting"
