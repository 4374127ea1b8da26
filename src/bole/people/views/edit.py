"""Entering and changing cadres and the rows of their histories."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.accounts.models import Role, User
from bole.accounts.permissions import require
from bole.people import actions
from bole.people.forms import CadreForm, EndForm, PictureForm, ReasonForm, history_form
from bole.people.histories import HISTORIES
from bole.people.models import Cadre
from bole.people.queries.cadres import section
from bole.people.views.profile import readable_cadre


def _changeable(request, pk: int) -> Cadre:
    cadre = readable_cadre(request, pk)
    require(request.user, "people.change", cadre)
    return cadre


def _row(cadre: Cadre, table: str, row: int):
    if table not in HISTORIES:
        raise Http404
    return get_object_or_404(HISTORIES[table].model.objects.filter(cadre=cadre), pk=row)


def _back(cadre: Cadre, table: str = "") -> str:
    return reverse("people:detail", args=[cadre.pk]) + (f"#{table}" if table else "")


def new(request):
    """A cadre entered by hand."""
    require(request.user, "people.change")
    form = CadreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cadre = actions.create_cadre(actor=request.user, values=form.values())
        messages.success(request, _("The file of %(name)s is open.") % {"name": cadre.name})
        return redirect(_back(cadre))
    context = {
        "title": _("New cadre"),
        "form": form,
        "back": reverse("people:list"),
        "submit": _("Open the file"),
    }
    return render(request, "web/form_page.html", context)


def edit(request, pk: int):
    """Basic facts. ID number and health are changed by typing them anew: they are not shown."""
    cadre = _changeable(request, pk)
    form = CadreForm(request.POST or None, instance=cadre)
    for name in ("id_number", "health", "awards_text"):
        form.initial[name] = ""
        form.fields[name].required = False
        form.fields[name].help_text = _("Not shown here. Leave empty to keep what is on file.")
    if request.method == "POST" and form.is_valid():
        values = form.values()
        for name in ("id_number", "health", "awards_text"):
            if not values[name]:
                del values[name]
        actions.update_cadre(actor=request.user, cadre=cadre, values=values)
        messages.success(request, _("Saved."))
        return redirect(_back(cadre))
    context = {
        "title": _("Basic facts of %(name)s") % {"name": cadre.name},
        "form": form,
        "back": _back(cadre),
    }
    return render(request, "web/form_page.html", context)


def add(request, pk: int, table: str):
    """A new row of a history."""
    cadre = _changeable(request, pk)
    if table not in HISTORIES:
        raise Http404
    form = history_form(table)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_row(actor=request.user, cadre=cadre, table=table, values=form.values())
        messages.success(request, _("Added."))
        return redirect(_back(cadre, table))
    context = {
        "title": f"{cadre.name} · {HISTORIES[table].label}",
        "form": form,
        "back": _back(cadre, table),
        "submit": _("Add"),
    }
    return render(request, "web/form_page.html", context)


def row_edit(request, pk: int, table: str, row: int):
    """Change a row."""
    cadre = _changeable(request, pk)
    found = _row(cadre, table, row)
    form = history_form(table)(request.POST or None, instance=found)
    if HISTORIES[table].sensitive and request.method == "GET":
        actions.show_sensitive(actor=request.user, cadre=cadre, field=HISTORIES[table].sensitive)
    if request.method == "POST" and form.is_valid():
        actions.edit_row(actor=request.user, row=found, values=form.values())
        messages.success(request, _("Saved."))
        return redirect(_back(cadre, table))
    context = {
        "title": f"{cadre.name} · {HISTORIES[table].label}",
        "form": form,
        "back": _back(cadre, table),
    }
    return render(request, "web/form_page.html", context)


def row_end(request, pk: int, table: str, row: int):
    """End an open spell."""
    cadre = _changeable(request, pk)
    found = _row(cadre, table, row)
    if not HISTORIES[table].can_end:
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end = form.cleaned_data["end"]
        actions.end_row(
            actor=request.user,
            row=found,
            end=end.first_day(),
            precision=end.precision,
            source=form.cleaned_data["source"],
        )
        messages.success(request, _("Ended."))
        return redirect(_back(cadre, table))
    context = {
        "title": _("End: %(what)s") % {"what": _said(table, found)},
        "form": form,
        "back": _back(cadre, table),
        "submit": _("End"),
    }
    return render(request, "web/form_page.html", context)


def _said(table: str, row) -> str:
    return " ".join(c for c in section(table, [row]).rows[0][1] if c)


def row_remove(request, pk: int, table: str, row: int):
    """Take a wrong row out, with a reason; asks first."""
    cadre = _changeable(request, pk)
    found = _row(cadre, table, row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_row(actor=request.user, row=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("Removed; the record keeps what it said."))
        return redirect(_back(cadre, table))
    context = {
        "title": _("Remove a row of %(name)s") % {"name": cadre.name},
        "explain": _("Only wrong entries are removed. What is over is ended, not removed."),
        "consequences": [f"{HISTORIES[table].label}: {_said(table, found)}"],
        "form": form,
        "back": _back(cadre, table),
        "submit": _("Remove"),
    }
    return render(request, "web/confirm.html", context)


def picture(request, pk: int):
    """A new portrait; the former ones are kept."""
    cadre = _changeable(request, pk)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        image, media_type = form.cleaned_data["image"]
        actions.add_row(
            actor=request.user,
            cadre=cadre,
            table="pictures",
            values={"image": image, "media_type": media_type},
        )
        messages.success(request, _("The picture is kept."))
        return redirect(_back(cadre))
    context = {
        "title": _("Picture of %(name)s") % {"name": cadre.name},
        "form": form,
        "back": _back(cadre),
    }
    return render(request, "web/form_page.html", context)


def account(request, pk: int):
    """Which account opens this file as its own."""
    cadre = _changeable(request, pk)
    users = User.objects.filter(is_active=True, grants__role=Role.CADRE).distinct()
    if request.method == "POST":
        chosen = request.POST.get("account", "")
        user = users.filter(pk=chosen).first() if chosen.isdigit() else None
        if chosen and user is None:
            raise PermissionDenied
        actions.link_account(actor=request.user, cadre=cadre, account=user)
        messages.success(request, _("Saved."))
        return redirect(_back(cadre))
    return render(request, "people/account.html", {"cadre": cadre, "users": users})
