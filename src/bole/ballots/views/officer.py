"""Pages for officers, counters and monitors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.ballots import actions, box, counting, queries
from bole.ballots.forms import ConductForm, ItemFormSet, PlanForm, ReadForm, SignForm, own_form
from bole.ballots.models import Meeting
from bole.ballots.streams import KIND
from bole.engine.exact.numbers import percent, say
from bole.engine.instruments import ItemKind
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
    """Plan a ballot: a form of a scheme, or one built here."""
    require(request.user, "ballots.manage")
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial={"held_on": timezone.localdate().isoformat()})
    items = ItemFormSet(posted, prefix="items")
    if posted is not None and form.is_valid() and items.is_valid():
        data = form.cleaned_data
        rows = [i for n, f in enumerate(items.forms, 1) if (i := f.item(n)) is not None]
        chosen = data["form"]
        if chosen is None and rows:
            signed = "signed" in posted
            chosen = own_form(data["title"], data["over_pick"], rows, signed)
        if chosen is None:
            form.add_error("instrument", _("Choose a form of a scheme, or build items below."))
        else:
            meeting = actions.plan_meeting(
                actor=request.user,
                ballot=chosen["id"],
                title=data["title"],
                form=chosen,
                subjects=data["subjects"],
                classes=data["classes"],
                channel=data["channel"],
                held_on=data["held_on"],
                entries=data["entries"],
                parameters=_parameters(data),
            )
            return _back(
                meeting, _("The ballot is planned. Look at it as a phone shows it."), request
            )
    return render(request, "ballots/plan.html", {"form": form, "items": items})


def _parameters(data: dict[str, Any]) -> dict[str, Any]:
    parameters = {
        "posts": data["posts"],
        "minimum_size": data["minimum_size"],
        "free_names": data["free_names"],
    }
    if data["attendance"]:
        parameters["attendance"] = {"base": "due", "op": "ge", "share": data["attendance"]}
    return parameters


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One ballot: what is done, what comes next, and the result when it stands."""
    meeting = _meeting(request, pk, "ballots.read")
    user = request.user
    sheets = list(meeting.sheets.select_related("entered_by"))
    result = queries.result(meeting)
    turnout = box.turnout(meeting) if meeting.online else {}
    problems = []
    if not meeting.online and meeting.state == State.CLOSED:
        problems = [p.say(_language()) for p in counting.agreed(meeting, sheets)]
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
        "tables": _tables(result) if result else [],
        "others": _others(result) if result else None,
        "readings": list(meeting.readings.select_related("read_by")),
        "may_manage": user.has_perm("ballots.manage"),
        "may_count": user.has_perm("ballots.count"),
        "may_sign": user.has_perm("ballots.sign"),
        "sign_form": SignForm(),
        "screen": request.build_absolute_uri(reverse("ballots:screen", args=[meeting.uid])),
        "kiosk": request.build_absolute_uri(reverse("ballots:vote")) + "?kiosk=1",
    }
    return render(request, "ballots/detail.html", context)


def _language() -> str:
    return get_language() or "zh"


def _tables(result: queries.Result) -> list[dict[str, Any]]:
    """The lines of each item, with every base named."""
    language, names = _language(), {s["key"]: s["name"] for s in result.meeting.subjects}
    out = []
    for item in result.meeting.instrument.items:
        labels = {o.id: o.label.say(language) for o in item.options}
        for category in item.categories:
            labels[category.id] = category.text.say(language) if category.text else category.id
        rows = [
            {
                "subject": names.get(x.subject, x.subject) or "",
                "option": labels.get(x.option, ""),
                "votes": x.votes,
                "of": x.of,
                "percent": x.as_dict()["percent"],
                "by_class": x.by_class,
                "weighted": None if x.weighted is None else percent(x.weighted),
                "rank": x.rank,
                "tied": "、".join(x.tied_with),
            }
            for x in result.table.lines
            if x.item == item.id
        ]
        means = [
            {
                "subject": names.get(m.subject, m.subject),
                "mean": None if m.mean is None else say(m.mean),
                "rated": m.rated,
                "unrated": m.unrated,
                "full": None if m.full is None else say(m.full),
            }
            for m in result.table.means
            if m.item == item.id
        ]
        if item.kind is not ItemKind.TEXT:
            out.append(
                {
                    "title": item.label.say(language),
                    "nominate": item.kind is ItemKind.NOMINATE,
                    "options": any(r["option"] for r in rows),
                    "weighted": any(r["weighted"] for r in rows),
                    "rows": rows,
                    "means": means,
                }
            )
    return out


def _others(result: queries.Result) -> dict[str, Any] | None:
    """The same names in the other signed ballots of the case: channels side by side."""
    found = queries.side_by_side(result.meeting.stream)
    if len(found) < 2:
        return None
    names = list(
        dict.fromkeys(
            x.subject for r in found for x in r.table.lines if x.subject and x.rank is not None
        )
    )
    rows = []
    for name in names:
        cells = []
        for r in found:
            line = next((x for x in r.table.lines if x.subject == name and x.rank), None)
            cells.append(None if line is None else {**line.as_dict(), "of": line.of})
        rows.append({"name": name, "cells": cells})
    return {"heads": [r.meeting for r in found], "rows": rows} if rows else None


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


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's entry; the other entry is never shown here."""
    meeting = _meeting(request, pk, "ballots.count")
    own = meeting.sheets.filter(entered_by=request.user).first()
    given = request.POST if request.method == "POST" else None
    if given is not None:
        actions.enter_sheet(actor=request.user, meeting=meeting, counts=_counts(meeting, given))
        return _back(meeting, _("Your entry is kept."), request)
    return render(
        request,
        "ballots/sheet.html",
        {"meeting": meeting, "groups": _sheet_groups(meeting, own.counts if own else {})},
    )


FIGURE_LABELS = {
    "issued": lambda: _("Issued"),
    "not_returned": lambda: _("Not returned"),
    "returned": lambda: _("Ballots returned"),
    "valid": lambda: _("Valid"),
    "void": lambda: _("Void"),
}


def _cells(meeting: Meeting) -> list[tuple[int, Any, str, list[tuple[str, str]]]]:
    """(item number, item, subject, [(option, label)]) in the order of the paper."""
    language, out = _language(), []
    for n, item in enumerate(meeting.instrument.items):
        if item.kind is ItemKind.TEXT:
            continue
        if item.kind is ItemKind.NOMINATE:
            options = [
                (c.id, (c.text or item.label).say(language)) for c in item.limits(meeting.posts)
            ]
        elif item.kind is ItemKind.POINTS:
            options = [("sum", _("Sum of points")), ("rated", _("Ballots that rated"))]
        else:
            options = [(o.id, o.label.say(language)) for o in item.options]
        listed = item.per_subject or item.kind is ItemKind.NOMINATE
        names = [s["key"] for s in meeting.subjects] if listed and meeting.subjects else [""]
        out += [(n, item, name, options) for name in names]
    return out


def _sheet_groups(meeting: Meeting, counts: dict[str, Any]) -> list[dict[str, Any]]:
    groups = []
    for group in meeting.classes:
        code = group["code"]
        row = counts.get(code, {})
        figures = [
            {"name": f"{code}-{key}", "label": label(), "value": row.get(key, "")}
            for key, label in FIGURE_LABELS.items()
        ]
        items: dict[int, dict[str, Any]] = {}
        for place, (n, item, name, options) in enumerate(_cells(meeting)):
            marks = row.get("points" if item.kind is ItemKind.POINTS else "marks", {})
            found = marks.get(item.id, {}).get(name, {})
            own = items.setdefault(
                n, {"title": item.label.say(_language()), "options": options, "rows": []}
            )
            own["rows"].append(
                {
                    "name": name or item.label.say(_language()),
                    "cells": [
                        {"name": f"{code}-{place}-{k}", "label": label, "value": found.get(o, "")}
                        for k, (o, label) in enumerate(options)
                    ],
                }
            )
        free = []
        if meeting.keys is None:
            nominate = next(i for i in meeting.instrument.items if i.kind is ItemKind.NOMINATE)
            listed = {s["key"] for s in meeting.subjects}
            category = nominate.limits(meeting.posts)[0].id
            found = row.get("marks", {}).get(nominate.id, {})
            lines = [(s, o.get(category, "")) for s, o in found.items() if s not in listed]
            free = [*lines, *[("", "")] * 5]
        groups.append({**group, "figures": figures, "items": items.values(), "free": free})
    return groups


def _counts(meeting: Meeting, post: Any) -> dict[str, Any]:
    classes = {}
    for group in meeting.classes:
        code = group["code"]
        row: dict[str, Any] = {k: _whole(post.get(f"{code}-{k}")) for k in FIGURE_LABELS}
        row |= {"marks": {}, "points": {}}
        for place, (_n, item, name, options) in enumerate(_cells(meeting)):
            found = {
                o: post.get(f"{code}-{place}-{k}", "").strip() for k, (o, _l) in enumerate(options)
            }
            if item.kind is ItemKind.POINTS:
                if found["rated"]:
                    each = {"sum": found["sum"] or "0", "rated": _whole(found["rated"])}
                    row["points"].setdefault(item.id, {})[name] = each
            elif name or not item.per_subject:
                marks = {o: _whole(v) for o, v in found.items() if v}
                row["marks"].setdefault(item.id, {})[name] = marks
        if meeting.keys is None:
            nominate = next(i for i in meeting.instrument.items if i.kind is ItemKind.NOMINATE)
            category = nominate.limits(meeting.posts)[0].id
            names, votes = post.getlist(f"{code}-free-name"), post.getlist(f"{code}-free-votes")
            for name, number in zip(names, votes, strict=False):
                if name.strip() and number.strip():
                    marks = {category: _whole(number)}
                    row["marks"].setdefault(nominate.id, {})[name.strip()] = marks
        classes[code] = row
    return {"classes": classes}


def _whole(text: str | None) -> Any:
    """A whole number; what is none is handed on, so that the refusal can quote it."""
    text = (text or "").strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else text


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
            messages.warning(request, problem.say(_language()))
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
