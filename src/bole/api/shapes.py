"""What several answers share."""

from __future__ import annotations

from typing import Any

from ninja import Schema

# The database's ids; larger numbers would not fit a column.
LARGEST_ID = 2**63 - 1


class Words(Schema):
    """A sentence in both languages."""

    zh: str
    en: str


class ProblemOut(Schema):
    """One thing wrong: a code for programs, words for people, where."""

    code: str
    where: str
    text: Words


class Problems(Schema):
    """Why it was refused."""

    problems: list[ProblemOut]


REFUSALS: dict[Any, Any] = {
    401: Problems,
    403: Problems,
    404: Problems,
    409: Problems,
    422: Problems,
}


def need(request, permission: str, subject=None) -> None:
    """Refuses whoever lacks the permission, as the pages do."""
    from bole.accounts.permissions import require

    require(request.user, permission, subject)
