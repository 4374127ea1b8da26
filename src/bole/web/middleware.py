"""A refused action becomes a message on the page it came from, never a stack trace."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from bole.engine.errors import BoleError


class Refusals:
    """Shows a BoleError's sentences where the person stands."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, BoleError):
            return None
        sentences = [p.say(get_language() or "zh") for p in exception.problems]
        if request.path.startswith("/api/"):
            return None
        if request.htmx:
            response = render(request, "web/refused.html", {"sentences": sentences})
            response["HX-Retarget"] = "#messages"
            response["HX-Reswap"] = "innerHTML"
            return response
        back = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, {request.get_host()}):
            for sentence in sentences:
                messages.error(request, sentence)
            return redirect(back)
        return render(request, "web/refused_page.html", {"sentences": sentences}, status=409)
