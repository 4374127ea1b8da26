"""The API of all rooms: session sign-in, the same permissions, errors as sentences."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import SessionAuth

from bole.engine.errors import BoleError


class SignedIn(SessionAuth):
    """The session of a signed-in user."""

    def authenticate(self, request: HttpRequest, key: str | None):
        return request.user if request.user.is_authenticated else None


api = NinjaAPI(title="bole", version="1", auth=SignedIn(), docs_url=None, urls_namespace="api")


@api.exception_handler(BoleError)
def refused(request: HttpRequest, error: BoleError):
    """409 with every reason at once."""
    problems = [p.as_dict() for p in error.problems]
    return api.create_response(request, {"problems": problems}, status=409)
