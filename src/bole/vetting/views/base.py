"""What the pages share: who may read a case, forms that carry an action, tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language

from bole.accounts.permissions import require
from bole.engine.errors import BoleError
from bole.record import streams
from bole.vetting.printing import TYPES


def may_open(user: Any, stream: str) -> bool:
    """Whether the user reads the vetting of a case: the office, else who is in the case."""
    return user.has_perm("vetting.read_content") or (
        user.has_perm("vetting.read") and streams.may_read(user, stream)
    )


def open_stream(request: HttpRequest) -> str:
    """The stream that the address names; refused to who may not read it."""
    stream = request.GET.get("stream") or request.POST.get("stream") or ""
    if not stream or not may_open(request.user, stream):
        raise PermissionDenied("vetting.read")
    return stream


def desk_url(stream: str) -> str:
    """The desk of a case, or the list of cases."""
    return reverse("vetting:list") + (f"?{urlencode({'stream': stream})}" if stream else "")


def form_page(
    request: HttpRequest,
    *,
    permission: str | None,
    form: Any,
    title: Any,
    back: str,
    act: Callable[[], Any],
    done: Any,
    submit: Any = "",
    explain: Any = "",
    template: str = "web/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is sent and good, do the action and go back with a message.

    What the action refuses stands in the form, at its field where it names one.
    """
    if permission:  # None: the view has checked
        require(request.user, permission)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except BoleError as error:
            for problem in error.problems:
                where = problem.where if problem.where in form.fields else None
                form.add_error(where, problem.text.say(get_language() or "zh"))
        else:
            messages.success(request, done)
            return redirect(back)
    context |= {"form": form, "title": title, "back": back, "submit": submit, "explain": explain}
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def printed(request: HttpRequest, make: Callable[[str], tuple[str, bytes]]) -> HttpResponse:
    """A form as a file to download: Word, or a PDF with ?format=pdf."""
    form = "pdf" if request.GET.get("format") == "pdf" else "docx"
    name, content = make(form)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
