"""A refused action becomes a message on the page it came from, never a stack trace."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from bole.engine.errors import BoleError

KEPT = "kept"
LARGEST = 100_000  # characters of typed input that are kept
SECRET = ("password", "code", "csrf", "token")


def keep(request, back: str) -> None:
    """Keep what was typed into the refused form until the page is shown again.

    Passwords, codes and files are not kept. The page puts it back by `web/bole.js`.
    """
    typed = {
        name: values
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET)
    }
    if sum(len(v) for values in typed.values() for v in values) <= LARGEST:
        page = urlsplit(back)
        here = page.path + (f"?{page.query}" if page.query else "")
        request.session[KEPT] = {"page": here, "form": request.path, "data": typed}


def kept(request) -> dict | None:
    """What was typed into a form of this very page and refused; given once."""
    found = request.session.get(KEPT)
    if found is None or request.htmx or request.method != "GET":
        return None
    del request.session[KEPT]
    return found if found["page"] == request.get_full_path() else None


class Refusals:
    """Shows a BoleError's sentences where the person stands, with what was typed."""

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
            keep(request, back)
            return redirect(back)
        return render(request, "web/refused_page.html", {"sentences": sentences}, status=409)
