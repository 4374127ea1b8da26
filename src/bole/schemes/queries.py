"""Reads of installed schemes."""

from __future__ import annotations

import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from bole.engine.schemes import Scheme
from bole.schemes.models import SchemeVersion


@lru_cache(maxsize=128)
def _resolve(digest: str) -> Scheme:
    document = SchemeVersion.objects.only("document").get(digest=digest).document
    return Scheme.model_validate(document)


def resolve(version: SchemeVersion) -> Scheme:
    """The scheme of a version, rebuilt from what was stored when it was installed."""
    return _resolve(version.digest)


def newest(code: str) -> SchemeVersion | None:
    """The version of a scheme that was installed last."""
    return SchemeVersion.objects.filter(code=code).order_by("-installed_at", "-pk").first()


def current() -> QuerySet[SchemeVersion]:
    """The newest version of every scheme."""
    newest_ids = {}
    rows = SchemeVersion.objects.order_by("installed_at", "pk").values_list("code", "pk")
    for code, pk in rows:
        newest_ids[code] = pk
    return SchemeVersion.objects.filter(pk__in=newest_ids.values()).defer("document")


def in_force(place: str, day: datetime.date) -> QuerySet[SchemeVersion]:
    """Newest versions that hold in `place` (or everywhere) on `day`."""
    return current().filter(
        Q(place=place) | Q(place="全国"),
        Q(effective_from=None) | Q(effective_from__lte=day),
        Q(effective_to=None) | Q(effective_to__gte=day),
    )


def with_procedure() -> QuerySet[SchemeVersion]:
    """Newest versions that a case can run under."""
    return current().filter(has_procedure=True)


_counted: dict[str, int] = {}


def rule_counts() -> dict[int, int]:
    """How many rules each newest version has; versions never change, so each is counted once."""
    digests = dict(current().values_list("pk", "digest"))
    missing = [d for d in digests.values() if d not in _counted]
    for digest, sets in SchemeVersion.objects.filter(digest__in=missing).values_list(
        "digest", "document__rules"
    ):
        _counted[digest] = sum(len(found["rules"]) for found in (sets or {}).values())
    return {pk: _counted[digest] for pk, digest in digests.items()}
