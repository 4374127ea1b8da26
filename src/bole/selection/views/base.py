"""What the pages of a case share: the case itself, read once, and who may see it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone

from bole.schemes.models import SchemeVersion
from bole.selection.context import CaseContext, load
from bole.selection.models import Case


def one_case(request, pk: int) -> Case:
    """The case with its newest scheme's id; refused to who has no part in it."""
    newest = SchemeVersion.objects.filter(code=OuterRef("scheme__code")).order_by(
        "-installed_at", "-pk"
    )
    case = get_object_or_404(
        Case.objects.select_related("scheme", "unit", "batch")
        .defer("scheme__document")
        .annotate(newest_scheme=Subquery(newest.values("pk")[:1])),
        pk=pk,
    )
    if not request.user.has_perm("selection.read", case):
        raise PermissionDenied
    return case


def read(request, pk: int) -> CaseContext:
    """The case and all that its gates read, as of today."""
    return load(one_case(request, pk), timezone.localdate())


def newer(case: Case) -> SchemeVersion | None:
    """The newest version of the case's scheme, if the case runs under an older one."""
    if case.newest_scheme == case.scheme_id:
        return None
    return SchemeVersion.objects.get(pk=case.newest_scheme)
