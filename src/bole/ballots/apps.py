from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "bole.ballots"
    label = "ballots"
