"""The first page: what is due and what is stuck for this person."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone

from bole.desk.queries import due


def home(request):
    """Due items of every room that the user works in, the most urgent first."""
    today = timezone.localdate()
    return render(request, "desk/home.html", {"due": due(request.user, today), "today": today})
