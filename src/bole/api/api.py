"""The API of all rooms: session sign-in, the same permissions, errors as sentences."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from bole.api import cases, matters, people, schemes, screening, tally
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


class SignedIn(SessionAuth):
    """The session of a signed-in user."""

    def authenticate(self, request: HttpRequest, key: str | None):
        return request.user if request.user.is_authenticated else None


api = NinjaAPI(
    title="bole",
    version="1",
    description="伯乐的接口，权限与页面相同。 / The same actions and permissions as the pages.",
    auth=SignedIn(),
    docs_url=None,
    urls_namespace="api",
)
for _router in (
    people.router,
    schemes.router,
    screening.router,
    cases.router,
    matters.router,
    tally.router,
):
    api.add_router("", _router)


def _answer(request: HttpRequest, status: int, problems: list[Problem]):
    shown = {"problems": [p.as_dict() for p in problems]}
    return api.create_response(request, shown, status=status)


def _one(request: HttpRequest, status: int, code: str, zh: str, en: str):
    return _answer(request, status, [Problem(code, Text(zh, en))])


@api.exception_handler(BoleError)
def refused(request: HttpRequest, error: BoleError):
    """409 with every reason at once."""
    return _answer(request, 409, list(error.problems))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError):
    """401: no session."""
    return _one(request, 401, "SIGN_IN", "请先登录", "Sign in first")


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied):
    """403: the roles do not allow it."""
    return _one(request, 403, "FORBIDDEN", "您的角色无此权限", "Your roles do not allow this")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404):
    """404: not there, or outside the user's units."""
    return _one(request, 404, "NOT_FOUND", "没有，或不在您的范围内", "Not there, or out of scope")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError):
    """What ninja itself refuses, such as a body that is no JSON."""
    said = str(error)
    return _one(request, error.status_code, "REQUEST", f"请求有误：{said}", said)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError):
    """422: each field that does not fit."""
    problems = [_field(e) for e in error.errors]
    return _answer(request, 422, problems)


def _field(error: dict[str, Any]) -> Problem:
    where = ".".join(str(part) for part in error.get("loc", ()))
    said = str(error.get("msg", ""))
    return Problem("FIELD", Text(f"不符合要求：{said}", said), where)
