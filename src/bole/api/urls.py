"""The same actions and queries for other programs (OpenAPI)."""

from django.urls import path

from bole.api.api import api

urlpatterns = [path("", api.urls)]
