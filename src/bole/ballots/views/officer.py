"""Pages for officers, counters and monitors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.ballots import actions, box, counting, library, queries
from bole.ballots.forms import ConductForm, PlanForm, ReadForm, SignForm
from bole.ballots.models import Meeting
from bole.ballots.streams import KIND
from bole.ballots.views import forms
from bole.ballots.views.results import channels, language, others, slips_withdrawn, tables, words
from bole.record import streams
from bole.record.actions import sign as make_signature
from bole.web.tables import Column, Filter, Table, contains, equals

State = Meeting.State
COLOURS = {
    State.PLANNED: "secondary",
    State.FROZEN: "blue",
    State.OPEN: "green",
    State.CLOSED: "yellow",
    State.SIGNED: "azure",
}


def _meeting(request: HttpRequest, pk: int, permission: str) -> Meeting:
    require(request.user, permission)
    return get_object_or_404(Meeting, pk=pk)


def _back(meeting: Meeting, said: str, request: HttpRequest) -> HttpResponse:
    messages.success(request, said)
    return redirect("ballots:detail", meeting.pk)


def meeting_list(request: HttpRequest) -> HttpResponse:
    """All ballots, the latest first."""
    require(request.user, "ballots.read")
    table = Table(
        request,
        Meeting.objects.all(),
        [
            Column(
                "title",
                _("Ballot"),
                lambda m: m.title,
                "title",
                lambda m: reverse("ballots:detail", args=[m.pk]),
            ),
            Column("stream", _("Case"), lambda m: streams.title(m.stream), "stream"),
            Column("channel", _("Channel"), lambda m: m.get_channel_display(), "channel"),
            Column("held_on", _("Held on"), lambda m: m.held_on.isoformat(), "held_on"),
            Column("due", _("Persons due"), lambda m: m.head_count("due"), numeric=True),
            Column("attending", _("Attending"), lambda m: m.head_count("attending"), numeric=True),
            Column(
                "state",
                _("State"),
                lambda m: m.get_state_display(),
                "state",
                badge=lambda m: COLOURS[m.state],
            ),
        ],
        _("Ballots"),
        filters=[
            Filter("state", _("State"), State.choices, equals("state")),
            Filter("channel", _("Channel"), Meeting.Channel.choices, equals("channel")),
        ],
        search=contains("title"),
        search_hint=_("Title"),
        default_order="-held_on",
        empty=_("Plan a ballot here, or let a case plan it at its recommendation step."),
    )
    may = request.user.has_perm("ballots.manage")
    return table.export() or render(request, "ballots/list.html", {"table": table, "may": may})


def plan(request: HttpRequest) -> HttpResponse:
    """Plan a ballot with a form of the library; a package makes one ballot of each form."""
    require(request.user, "ballots.manage")
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial={"held_on": timezone.localdate().isoformat()})
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        planned = actions.plan_with(
            actor=request.user,
            key=data["form_key"],
            title=data["title"],
            subjects=data["subjects"],
            classes=data["classes"],
            channel=data["channel"],
            held_on=data["held_on"],
            entries=data["entries"],
            parameters=_parameters(data),
        )
        said = _("The ballot is planned. Look at it as a phone shows it.")
        return _back(planned[0], said, request)
    chosen = request.POST.get("form_key") or request.GET.get("form", "")
    found = [forms.row(f) for f in library.search()]
    context = {
        "form": form,
        "chosen": chosen,
        "found": sorted(found, key=lambda f: f["key"] != chosen)[:40],
    }
    return render(request, "ballots/plan.html", context)


def _parameters(data: dict[str, Any]) -> dict[str, Any]:
    parameters = {
        "posts": data["posts"],
        "minimum_size": data["minimum_size"],
        "free_names": data["free_names"],
    }
    if data["attendance"]:
        parameters["attendance"] = {"base": "due", "op": "ge", "share": data["attendance"]}
    if data["passes"]:
        op, share, base = data["passes"].split()
        parameters["passes"] = {"op": op, "share": share, "base": base}
    return parameters


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One ballot: what is done, what comes next, and the result when it stands."""
    meeting = _meeting(request, pk, "ballots.read")
    user = request.user
    sheets = list(meeting.sheets.select_related("entered_by"))
    result = queries.result(meeting)
    turnout = box.turnout(meeting) if meeting.online else {}
    problems = []
    if meeting.on_paper and meeting.state == State.CLOSED:
        problems = [p.say(language()) for p in counting.agreed(meeting, sheets)]
    groups = [{**c, "issued": turnout.get(c["code"], (0, 0))[0]} for c in meeting.classes]
    context = {
        "meeting": meeting,
        "groups": groups,
        "colour": COLOURS[meeting.state],
        "case": streams.title(meeting.stream),
        "case_url": streams.url(meeting.stream),
        "own_stream": meeting.stream.startswith(f"{KIND}:"),
        "form": meeting.instrument,
        "issued": sum(i for i, _used in turnout.values()),
        "used": sum(u for _issued, u in turnout.values()),
        "attendance": actions.attendance_of(meeting),
        "sheets": sheets,
        "lacking": meeting.entries - len(sheets),
        "own_sheet": any(s.entered_by_id == user.pk for s in sheets),
        "problems": problems,
        "signings": list(meeting.signings.all()),
        "result": result,
        "tables": tables(result) if result else [],
        "others": others(result) if result else None,
        "channels": channels(result) if result else [],
        "words": words(result) if result else [],
        "needed": queries.votes_needed(meeting),
        "withdrawn": slips_withdrawn(meeting) if meeting.online else [],
        "together": queries.same_package(meeting),
        "readings": list(meeting.readings.select_related("read_by")),
        "may_manage": user.has_perm("ballots.manage"),
        "may_count": user.has_perm("ballots.count"),
        "may_sign": user.has_perm("ballots.sign"),
        "sign_form": SignForm(),
        "screen": request.build_absolute_uri(reverse("ballots:screen", args=[meeting.uid])),
        "kiosk": request.build_absolute_uri(reverse("ballots:vote")) + "?kiosk=1",
    }
    return render(request, "ballots/detail.html", context)


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is due and who came, by class."""
    meeting = _meeting(request, pk, "ballots.manage")
    if request.method == "POST":
        given = {
            key: {
                c["code"]: int(v)
                for c in meeting.classes
                if (v := request.POST.get(f"{key}-{c['code']}", "").strip()).isdecimal()
            }
            for key in ("due", "attending")
        }
        settled = meeting.state != State.PLANNED
        actions.record_attendance(
            actor=request.user,
            meeting=meeting,
            due=None if settled else given["due"],
            attending=given["attending"],
        )
        return _back(meeting, _("Attendance is recorded."), request)
    return render(request, "ballots/attendance.html", {"meeting": meeting})


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a ballot at which nobody has voted."""
    meeting = _meeting(request, pk, "ballots.manage")
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        actions.cancel_meeting(actor=request.user, meeting=meeting, reason=reason)
        messages.success(request, _("The ballot is cancelled."))
        return redirect("ballots:list")
    return render(request, "ballots/cancel.html", {"meeting": meeting})


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle the roll."""
    meeting = _meeting(request, pk, "ballots.manage")
    actions.freeze_roll(actor=request.user, meeting=meeting)
    return _back(meeting, _("The roll is settled; the number due stays from now on."), request)


@require_POST
def open_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the vote."""
    meeting = _meeting(request, pk, "ballots.manage")
    actions.open_meeting(actor=request.user, meeting=meeting)
    return _back(meeting, _("Voting is open."), request)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the vote."""
    meeting = _meeting(request, pk, "ballots.manage")
    actions.close(actor=request.user, meeting=meeting)
    return _back(meeting, _("Voting is closed. Counters and monitors sign next."), request)


@require_POST
def change_for_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unused slip and hand out a paper ballot."""
    meeting = _meeting(request, pk, "ballots.manage")
    slip = request.POST.get("slip", "")
    group = actions.change_for_paper(actor=request.user, meeting=meeting, slip=slip)
    said = _("The slip is void. Hand out one paper ballot of the class “%(name)s”.")
    return _back(meeting, said % {"name": meeting.class_name(group)}, request)


def conduct(request: HttpRequest, pk: int) -> HttpResponse:
    """Who spoke in which order."""
    meeting = _meeting(request, pk, "ballots.manage")
    form = ConductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        problems = actions.deliberate(
            actor=request.user,
            meeting=meeting,
            principal=data["principal"],
            statements=[{"member": m} for m in data["order"]],
        )
        for problem in problems:
            messages.warning(request, problem.say(language()))
        return _back(meeting, _("The conduct of the meeting is minuted."), request)
    context = {
        "title": _("Conduct of the meeting"),
        "explain": _("One line for each member, in the order in which they spoke."),
        "form": form,
        "submit": _("Save"),
        "back": reverse("ballots:detail", args=[pk]),
    }
    return render(request, "web/form_page.html", context)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as counter or monitor."""
    meeting = _meeting(request, pk, "ballots.sign")
    form = SignForm(request.POST)
    if not form.is_valid():
        return redirect("ballots:detail", pk)
    data = form.cleaned_data
    signature = make_signature(
        actor=request.user, password=data["password"], code=data["code"], request=request
    )
    actions.sign(actor=request.user, meeting=meeting, role=data["role"], signature=signature)
    return _back(meeting, _("You have signed."), request)


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the result is read, with the reason."""
    meeting = _meeting(request, pk, "ballots.manage")
    form = ReadForm(request.POST or None, names=[s["key"] for s in meeting.subjects] or ["—"])
    if request.method == "POST" and form.is_valid():
        actions.read_result(actor=request.user, meeting=meeting, **form.cleaned_data)
        return _back(meeting, _("The reading is recorded."), request)
    context = {
        "title": _("Read the result"),
        "explain": _("Nothing follows from votes alone: write what you conclude, and why."),
        "form": form,
        "submit": _("Save"),
        "back": reverse("ballots:detail", args=[pk]),
    }
    return render(request, "web/form_page.html", context)
