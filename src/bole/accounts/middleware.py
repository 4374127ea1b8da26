"""Every page asks for a sign-in unless it says otherwise; idle sessions end."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware

__all__ = ["IdleTimeout", "SignInRequired", "login_not_required"]


class SignInRequired(LoginRequiredMiddleware):
    """Django's own middleware; views opt out with `login_not_required` (voting, sign-in)."""


class IdleTimeout:
    """Ends a session that has been idle longer than SESSION_IDLE_SECONDS."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if request.session.session_key and request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen > 60 or "seen" not in request.session:
                # Written once a minute, so that reading pages does not write each time.
                request.session["seen"] = now
        return self.get_response(request)
