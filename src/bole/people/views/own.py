"""The cadre's own file: facts, replies, corrections; and the officer's decision on them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.people import actions, permissions
from bole.people.actions.corrections import find_row
from bole.people.forms import CorrectionForm, DecisionForm, ReplyForm
from bole.people.histories import CADRE_FIELDS, HISTORIES
from bole.people.models import Cadre, Correction, Sanction
from bole.people.queries import cadres as q
from bole.people.views.profile import basics, masks, readings_table
from bole.web.tables import Column, Filter, Table, contains, equals

HIDDEN_STANDS = ("id_number", "health")


def _own(request) -> Cadre | None:
    return Cadre.objects.select_related("unit").filter(account=request.user).first()


def _own_or_404(request) -> Cadre:
    cadre = _own(request)
    if cadre is None or not request.user.has_perm("people.correct_own", cadre):
        raise Http404
    return cadre


@never_cache
def own(request):
    """One's own file."""
    if not request.user.has_perm("people.own"):
        raise PermissionDenied
    cadre = _own(request)
    if cadre is None:
        return render(request, "people/own_missing.html")
    rows = q.histories(cadre, HISTORIES)
    sections = [
        q.section(k, rows[k]) for k in HISTORIES if k not in ("sanctions", "dossier") and rows[k]
    ]
    context = {
        "cadre": cadre,
        "basics": [(label, value) for label, value in basics(cadre) if value],
        "fields": [
            (f, Cadre._meta.get_field(f).verbose_name)
            for f in CADRE_FIELDS
            if f not in ("status", "awards_text")
        ],
        "masks": masks(request, cadre),
        "items": [(row, q.cell(row, "effect_until")) for row in rows["sanctions"]],
        "sections": sections,
        "timeline": q.timeline(rows["posts"], timezone.localdate()),
        "timeline_size": q.size_of(rows["posts"]),
        "corrections": [(c, what(c)) for c in cadre.corrections.select_related("decided_by")],
        "tables": HISTORIES,
    }
    return render(request, "people/own.html", context)


def what(correction: Correction) -> str:
    """Which field of which table a correction is about."""
    if correction.table == "cadre":
        return str(Cadre._meta.get_field(correction.field).verbose_name)
    kind = HISTORIES[correction.table]
    return f"{kind.label} · {kind.model._meta.get_field(correction.field).verbose_name}"


def own_readings(request):
    """Who looked at sensitive data of one's own file."""
    cadre = _own_or_404(request)
    table = readings_table(request, cadre)
    return table.export() or render(
        request, "people/readings.html", {"table": table, "cadre": cadre, "own": True}
    )


def correct(request, table: str, row: int, field: str):
    """Ask for a correction of one field; `row` 0 = the basic facts."""
    cadre = _own_or_404(request)
    allowed = CADRE_FIELDS if table == "cadre" else getattr(HISTORIES.get(table), "edits", ())
    if field == "choose" and table in HISTORIES:
        return _choose(request, cadre, table, row)
    if field not in allowed:
        raise Http404
    target = find_row(cadre, table, row or None)
    stands = "" if field in HIDDEN_STANDS else q.cell(target, field)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_correction(
            actor=request.user,
            cadre=cadre,
            table=table,
            row=row or None,
            field=field,
            stands=stands,
            **form.cleaned_data,
        )
        messages.success(request, _("Asked; an officer will decide, and you will see why."))
        return redirect("people:own")
    label = target._meta.get_field(field).verbose_name
    context = {
        "title": _("Ask for a correction: %(field)s") % {"field": label},
        "explain": (
            _("It stands there: %(value)s") % {"value": stands or _("nothing")}
            if field not in HIDDEN_STANDS
            else ""
        ),
        "form": form,
        "back": reverse("people:own"),
        "submit": _("Ask for it"),
    }
    return render(request, "web/form_page.html", context)


def _choose(request, cadre: Cadre, table: str, row: int):
    target = find_row(cadre, table, row)
    kind = HISTORIES[table]
    fields = [
        (name, kind.model._meta.get_field(name).verbose_name, q.cell(target, name))
        for name in kind.edits
        if name != "unit"
    ]
    context = {"cadre": cadre, "kind": kind, "row": target, "fields": fields}
    return render(request, "people/choose_field.html", context)


def reply(request, pk: int):
    """Reply to an adverse item of one's own file."""
    cadre = _own_or_404(request)
    item = get_object_or_404(Sanction, pk=pk, cadre=cadre)
    form = ReplyForm(request.POST or None, initial={"reply": item.reply})
    if request.method == "POST" and form.is_valid():
        actions.reply_to_item(actor=request.user, item=item, reply=form.cleaned_data["reply"])
        messages.success(request, _("Your reply stands beside the item."))
        return redirect("people:own")
    context = {
        "title": _("Reply to: %(kind)s") % {"kind": item.kind},
        "explain": f"{item.issuer} · {item.date:%Y.%m.%d}",
        "form": form,
        "back": reverse("people:own"),
    }
    return render(request, "web/form_page.html", context)


def correction_list(request):
    """Corrections asked for in the officer's scope."""
    require(request.user, "people.change")
    table = Table(
        request,
        Correction.objects.filter(
            cadre__in=permissions.readable(request.user, permissions.WRITERS)
        ).select_related("cadre", "asked_by"),
        [
            Column("asked", _("Asked"), lambda c: f"{c.asked_at:%Y-%m-%d}", "asked_at"),
            Column(
                "name",
                _("Cadre"),
                lambda c: c.cadre.name,
                "cadre__pinyin",
                lambda c: reverse("people:correction", args=[c.pk]),
            ),
            Column("what", _("What"), what),
            Column(
                "wanted",
                _("as it should be"),
                lambda c: _("withheld") if c.field in HIDDEN_STANDS else c.wanted,
            ),
            Column(
                "state",
                _("State"),
                lambda c: str(c.get_state_display()),
                "state",
                badge=lambda c: {"asked": "yellow", "accepted": "green"}.get(c.state, "secondary"),
            ),
        ],
        _("Corrections"),
        filters=[Filter("state", _("State"), Correction.State.choices, equals("state"))],
        search=contains("cadre__name"),
        search_hint=_("Name"),
        empty=_("No cadre has asked for a correction."),
    )
    return table.export() or render(request, "people/corrections.html", {"table": table})


@never_cache
def correction(request, pk: int):
    """Decide on one correction."""
    found = get_object_or_404(Correction.objects.select_related("cadre__unit", "asked_by"), pk=pk)
    require(request.user, "people.decide_correction", found.cadre)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("do") == "accept"
        actions.decide_correction(
            actor=request.user, correction=found, accept=accept, **form.cleaned_data
        )
        messages.success(request, _("Accepted; the file is changed.") if accept else _("Returned."))
        return redirect("people:corrections")
    context = {"correction": found, "what": what(found), "form": form}
    return render(request, "people/correction.html", context)
