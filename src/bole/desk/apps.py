from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bole.desk"
    label = "desk"
