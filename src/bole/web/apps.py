from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bole.web"
    label = "web"
