"""The first page: what is due and what is stuck for this person."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone

from bole.desk.queries import board


def home(request):
    """Due items of every room that the user works in, the most urgent first."""
    today = timezone.localdate()
    found = board(request.user, today, request.GET.get("kind", ""))
    return render(request, "desk/home.html", {"board": found, "today": today})
