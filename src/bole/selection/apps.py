from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "bole.selection"
    label = "selection"
