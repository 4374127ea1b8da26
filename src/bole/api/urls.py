"""The same actions and queries for other programs (OpenAPI)."""

from django.urls import path

from bole.api.api import api

# Programs are told that they are not signed in (401); pages send people to the sign-in page.
_urls = api.urls
for _pattern in _urls[0]:
    _pattern.callback.login_required = False

urlpatterns = [path("", _urls)]
