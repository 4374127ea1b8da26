"""Handing out forms."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from bole.people.actions.exports import export_forms


@require_POST
def export(request):
    """The forms of the ticked cadres."""
    ids = [int(v) for v in request.POST.getlist("people") if v.isdigit()]
    made = export_forms(actor=request.user, kind=request.POST.get("kind", ""), ids=ids)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = content_disposition_header(True, made.name)
    return response
