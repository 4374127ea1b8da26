"""Complaints: the register, a new one, verification and its end."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.record import streams
from bole.record.actions import log_readings
from bole.vetting import actions
from bole.vetting.forms import ComplaintForm, ConcludeForm
from bole.vetting.models import Complaint
from bole.vetting.views.base import desk_url, form_page, open_stream
from bole.web.tables import Column, Filter, Table, contains


def _label(complaint: Complaint) -> str:
    if not complaint.open:
        return str(complaint.get_finding_display())
    if complaint.due_on and complaint.due_on < timezone.localdate():
        return _("Verification overdue")
    return _("Being verified") if complaint.concrete else _("Registered")


def _colour(complaint: Complaint) -> str:
    if not complaint.open:
        return "red" if complaint.effect == Complaint.Effect.AGAINST else "green"
    return "yellow" if complaint.concrete else "secondary"


def complaints(request):
    """The register; contents are not in it."""
    require(request.user, "vetting.complaint")
    table = Table(
        request,
        Complaint.objects.prefetch_related("cadres"),
        [
            Column(
                "number",
                _("Register number"),
                lambda c: c.number,
                "number",
                lambda c: reverse("vetting:complaint", args=[c.pk]),
            ),
            Column(
                "persons",
                _("Persons concerned"),
                lambda c: "、".join(p.name for p in c.cadres.all()),
            ),
            Column("case", _("Case"), lambda c: streams.title(c.stream) if c.stream else ""),
            Column(
                "channel", _("Source channel"), lambda c: str(c.get_channel_display()), "channel"
            ),
            Column("received", _("Received on"), lambda c: f"{c.received_on}", "received_on"),
            Column(
                "due", _("Verification due"), lambda c: f"{c.due_on}" if c.due_on else "", "due_on"
            ),
            Column("state", _("State"), _label, badge=_colour),
        ],
        _("Complaints"),
        filters=[
            Filter(
                "state",
                _("State"),
                [("open", _("Not concluded")), ("closed", _("Concluded"))],
                lambda rows, value: rows.filter(concluded_on__isnull=value == "open"),
            )
        ],
        search=contains("number", "cadres__name"),
        search_hint=_("Number or name"),
        empty=_("No complaint is registered."),
    )
    context = {
        "table": table,
        "tab": "complaints",
        "title": _("Complaints"),
        "new_url": reverse("vetting:complaint-new"),
        "new": _("Register a complaint"),
    }
    return table.export() or render(request, "vetting/list.html", context)


def complaint_new(request):
    """Register a complaint, of a case with ?stream=."""
    stream = open_stream(request) if request.GET.get("stream") else ""
    asked = request.GET.get("cadre", "")
    known = {
        "cadres": f"#{asked}" if asked.isdecimal() else "",
        "received_on": request.GET.get("on"),
    }
    form = ComplaintForm(request.POST or None, initial={k: v for k, v in known.items() if v})
    return form_page(
        request,
        permission="vetting.complaint",
        form=form,
        title=_("Register a complaint"),
        explain=streams.title(stream) if stream else "",
        back=desk_url(stream) if stream else reverse("vetting:complaints"),
        act=lambda: actions.receive_complaint(
            actor=request.user, stream=stream, **form.cleaned_data
        ),
        done=_("The complaint is registered."),
        submit=_("Register"),
    )


@never_cache
def complaint(request, pk: int):
    """One complaint: the reading is logged; open, it can be concluded here."""
    require(request.user, "vetting.complaint")
    found = get_object_or_404(
        Complaint.objects.select_related("registered_by", "concluded_by"), pk=pk
    )
    people = list(found.cadres.all())
    reporter = request.user.has_perm("vetting.read_reporter")
    if request.method == "GET":
        fields = ["complaint.content", *(["complaint.reporter"] if reporter else [])]
        log_readings(
            actor=request.user, subjects=people or [found], fields=fields, reason=found.number
        )
    form = ConcludeForm(request.POST or None)
    return form_page(
        request,
        permission="vetting.complaint",
        form=form,
        title=_("Complaint %(number)s") % {"number": found.number},
        back=reverse("vetting:complaints"),
        act=lambda: actions.conclude_complaint(
            actor=request.user, complaint=found, **form.cleaned_data
        ),
        done=_("The complaint is concluded."),
        submit=_("Conclude"),
        template="vetting/complaint.html",
        complaint=found,
        people=people,
        case=streams.title(found.stream) if found.stream else "",
        reporter=reporter,
        state=_label(found),
        colour=_colour(found),
        tab="complaints",
    )
