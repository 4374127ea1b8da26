"""Count sheets: one person's entry, without sight of the other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bole.accounts.permissions import require
from bole.ballots import actions, counting
from bole.ballots.models import Meeting
from bole.ballots.views.results import language as _language
from bole.engine.instruments import ItemKind


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's entry; the other entry is never shown here."""
    require(request.user, "ballots.count")
    meeting = get_object_or_404(Meeting, pk=pk)
    own = meeting.sheets.filter(entered_by=request.user).first()
    given = request.POST if request.method == "POST" else None
    if given is not None:
        actions.enter_sheet(
            actor=request.user,
            meeting=meeting,
            counts=_counts(meeting, given),
            remarks=_remarks(meeting, given),
        )
        messages.success(request, _("Your entry is kept."))
        return redirect("ballots:detail", meeting.pk)
    return render(
        request,
        "ballots/sheet.html",
        {
            "meeting": meeting,
            "groups": _sheet_groups(meeting, own.counts if own else {}),
            "words": _word_fields(meeting, own.remarks if own else []),
        },
    )


def _asked(meeting: Meeting) -> list[tuple[str, str, str, str, bool]]:
    """(item, subject, option, label, one for each vote) of the words that papers may carry."""
    language, out = _language(), []
    for item in meeting.instrument.items:
        if item.kind is ItemKind.TEXT:
            names = [s["key"] for s in meeting.subjects] if item.per_subject else [""]
            label = item.label.say(language)
            out += [
                (item.id, n, "text", " · ".join(filter(None, (n, label))), False) for n in names
            ]
    for item, option in counting.asked_words(meeting):
        label = next((o.label for o in item.options if o.id == option), item.label).say(language)
        listed = item.per_subject or item.kind is ItemKind.NOMINATE
        for name in [s["key"] for s in meeting.subjects] if listed else [""]:
            key = name if item.kind is ItemKind.NOMINATE else option
            what = item.label.say(language) if len(meeting.instrument.items) > 1 else ""
            said = " · ".join(filter(None, (name, what, label)))
            out.append((item.id, name, key, said, True))
    return out


def _word_fields(meeting: Meeting, remarks: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"words-{n}",
            "label": label,
            "required": required,
            "value": "\n".join(w[3] for w in remarks if tuple(w[:3]) == (item, subject, option)),
        }
        for n, (item, subject, option, label, required) in enumerate(_asked(meeting))
    ]


def _remarks(meeting: Meeting, post: Any) -> list[tuple[str, str, str, str]]:
    return [
        (item, subject, option, line.strip())
        for n, (item, subject, option, _label, _required) in enumerate(_asked(meeting))
        for line in post.get(f"words-{n}", "").splitlines()
        if line.strip()
    ]


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
    paper = counting.changed(meeting) if meeting.online else {}
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
        groups.append(
            {
                **group,
                "figures": figures,
                "items": items.values(),
                "free": free,
                "changed": paper.get(code, 0) if meeting.online else None,
            }
        )
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
