"""Pages for what went wrong."""

from __future__ import annotations

from django.shortcuts import render


def forbidden(request, exception=None):
    """The person's roles do not allow this."""
    return render(request, "web/forbidden.html", status=403)


def not_found(request, exception=None):
    """There is no such page or row, or it lies outside the person's scope."""
    return render(request, "web/not_found.html", status=404)


def failed(request):
    """Something broke; nothing half done was kept, since every action is one transaction."""
    return render(request, "web/failed.html", status=500)
