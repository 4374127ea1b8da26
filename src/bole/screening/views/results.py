"""Choosing what to screen by, the answers, and what changes."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pyarrow.compute as pc
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.engine.errors import BoleError
from bole.engine.screening import compare
from bole.screening import actions, permissions, roster, tables
from bole.screening.forms import SourceForm, ValuesForm
from bole.screening.roster import Answered
from bole.screening.sources import Asked, ask, find, said, unwrite, write


def may_use(request: HttpRequest) -> None:
    """Refuses whoever may not screen."""
    if not request.user.has_perm("screening.use"):
        raise PermissionDenied


def home(request: HttpRequest) -> HttpResponse:
    """Choose rules and a day; saved conditions and lists."""
    may_use(request)
    form = SourceForm(request.GET if "source" in request.GET else None, user=request.user)
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["day"].isoformat()
        return redirect("screening:result", form.cleaned_data["source"], day, "-")
    context = {
        "form": form,
        "today": timezone.localdate().isoformat(),
        "conditions": permissions.conditions(request.user),
        "lists": permissions.lists(request.user),
    }
    return render(request, "screening/home.html", context)


def counts(answered: Answered) -> list[dict[str, Any]]:
    """One row per rule in force, in order; rules that a person judges take nobody away.

    `to_judge` = whom such a rule concerns; `left` = who meets this rule and those before it as
    far as files answer.
    """
    funnel = {c.rule_id: c for c in answered.by_files.funnel}
    total = left = answered.whole.table.num_rows
    found = []
    for one in answered.whole.rules.rules:
        row: dict[str, Any] = {"rule": one.rule, "open": one.open}
        if one.rule.id in funnel:
            count = funnel[one.rule.id]
            left = count.remaining
            row |= {
                "met": count.met,
                "not_met": count.not_met,
                "unknown": count.unknown,
                "to_judge": 0,
                "outside": count.not_applicable,
            }
        else:
            asked = pc.sum(answered.questions[one.rule.id]).as_py() or 0
            row |= {"met": 0, "not_met": 0, "unknown": 0, "to_judge": asked}
            row["outside"] = total - asked
        found.append(row | {"left": left})
    return found


def funnel_option(rows: list[dict[str, Any]], total: int) -> dict[str, Any]:
    """The ECharts option: who is left after each rule, in the order of the rules."""
    bars: list[tuple[str, dict[str, Any]]] = [(_("Everybody"), {"value": total})]
    for row in rows:
        kind = "asks" if row["to_judge"] else "fails"
        bar: dict[str, Any] = {
            "value": row["left"],
            "url": "?" + urlencode({kind: row["rule"].id}) + "#table",
        }
        if row["to_judge"]:
            said_of = _("for a person to judge")
            bar |= {
                "itemStyle": {"color": "#ae3ec9"},
                "label": {"formatter": f"{{c}} {said_of}"},
            }
        bars.append((row["rule"].id, bar))
    return {
        "grid": {
            "left": 8,
            "right": 110 if any(r["to_judge"] for r in rows) else 56,
            "top": 8,
            "bottom": 8,
            "containLabel": True,
        },
        "xAxis": {"type": "value", "max": max(total, 1), "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _bar in bars],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
        },
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "bar",
                "data": [bar for _name, bar in bars],
                "barMaxWidth": 26,
                "itemStyle": {"color": "#b3202c"},
                "label": {"show": True, "position": "right"},
            }
        ],
    }


def result(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """Counts per rule and the people; POST puts other values in."""
    may_use(request)
    found = find(request.user, source)
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        source=found,
        written=unwrite(values),
    )
    if request.method == "POST":
        given = {k: request.POST.get(k, "") for k in found.parameters}
        return redirect("screening:result", source, day, write(given))
    try:
        asked = ask(request.user, source, day, values)
        working = _working(request, asked)
        if working is not None:
            return working
        answered = roster.judge(request.user, asked.compiled, asked.day)
    except BoleError as error:
        context = {"problems": error.problems, "form": form, "source": found, "day": day}
        return render(request, "screening/refused.html", context, status=409)
    answers = tables.AnswerColumns(answered)
    table = tables.result_table(request, asked, answers)
    if "export" in request.GET:
        recorded(request, asked, len(table.rows))
        return table.export() or redirect(asked.url)
    total = answered.whole.table.num_rows
    rows = counts(answered)
    words, verdicts = tables.verdict_words(), Counter(answers.verdicts)
    context = {
        "asked": asked,
        "table": table,
        "form": form,
        "taken_at": answered.taken_at,
        "total": total,
        "counts": rows,
        "verdicts": [
            (k, words[k], verdicts[k], tables.COLOURS[k])
            for k in tables.VERDICTS
            if k != "to_judge" or answered.questions
        ],
        "questions": bool(answered.questions),
        "alone": sum(map(len, answered.by_files.one_rule_only.values())),
        "open": [
            said(asked.source.parameters[n].label)
            for n in dict.fromkeys(n for r in answered.whole.rules.rules for n in r.open)
        ],
        "funnel": funnel_option(rows, total),
        "lists": permissions.lists(request.user),
        "label": label(asked),
        "compare_form": SourceForm(
            user=request.user, initial={"source": asked.source.key, "day": asked.day}
        ),
    }
    return render(request, "screening/result.html", context)


def _working(request: HttpRequest, *asked: Asked) -> HttpResponse | None:
    """While everybody has yet to be judged: a page that says so, and comes back when it is done.

    None when the answers lie ready, when few are judged, or for a part of a page or a file.
    """
    if "export" in request.GET or all(roster.known(a.compiled, a.day) for a in asked):
        return None
    if request.htmx.trigger == "working":
        for one in asked:
            roster.judge(request.user, one.compiled, one.day)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.htmx or not roster.is_long():
        return None
    context = {
        "asked": asked[-1],
        "people": permissions.screened(request.user).count(),
        "rules": sum(len(a.source.rules) for a in asked),
    }
    return render(request, "screening/working.html", context)


def progress(request: HttpRequest) -> HttpResponse:
    """What this process is doing for a screening at the moment, in words."""
    may_use(request)
    said_of = {
        "reading": _("Reading everybody's histories …"),
        "judging": _("Judging everybody by the rules …"),
    }
    return HttpResponse(said_of.get(roster.phase(), _("Getting ready …")))


def label(asked: Asked) -> str:
    """The screening in a line, kept with what comes out of it."""
    written = "" if asked.written == "-" else f" · {asked.written}"
    return f"{said(asked.source.title)} · {asked.day}{written}"


def recorded(request: HttpRequest, asked: Asked, count: int) -> None:
    """Notes an export in the record."""
    actions.record_export(
        actor=request.user, source=label(asked), as_of=asked.day.isoformat(), count=count
    )


def soon(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """Who becomes eligible within 12 months if nothing else changes."""
    may_use(request)
    asked = ask(request.user, source, day, values)
    working = _working(request, asked)
    if working is not None:
        return working
    days = roster.soon(request.user, asked.by_files, asked.day)
    table = tables.soon_table(request, asked, days)
    if "export" in request.GET:
        recorded(request, asked, len(table.rows))
        return table.export() or redirect(asked.url)
    context = {
        "asked": asked,
        "table": table,
        "lists": permissions.lists(request.user),
        "label": label(asked),
        "taken_at": roster.held().taken_at,
    }
    return render(request, "screening/soon.html", context)


def comparing(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """From the form to the address of a comparison."""
    may_use(request)
    form = SourceForm(request.GET, user=request.user)
    if not form.is_valid():
        asked = ask(request.user, source, day, values)
        return render(request, "screening/comparing.html", {"asked": asked, "compare_form": form})
    other = form.cleaned_data["source"]
    after = find(request.user, other)
    mine = {k: v for k, v in unwrite(values).items() if k in after.parameters}
    args = [source, day, values, other, form.cleaned_data["day"].isoformat(), write(mine)]
    return redirect("screening:compare", *args)


def comparison(
    request: HttpRequest,
    source: str,
    day: str,
    values: str,
    source2: str,
    day2: str,
    values2: str,
) -> HttpResponse:
    """Who enters and who leaves between two days or two rule sets; POST puts values in."""
    may_use(request)
    sides = {"before": (source, day, values), "after": (source2, day2, values2)}
    if request.method == "POST":
        side = request.POST.get("side", "after")
        if side in sides:
            key, on, _written = sides[side]
            wanted = find(request.user, key).parameters
            given = {k: request.POST.get(f"{side}-{k}", "") for k in wanted}
            sides[side] = (key, on, write(given))
        return redirect("screening:compare", *sides["before"], *sides["after"])
    try:
        before, after = (ask(request.user, *parts) for parts in sides.values())
        working = _working(request, before, after)
        if working is not None:
            return working
        both = [roster.judge(request.user, one.compiled, one.day) for one in (before, after)]
    except BoleError as error:
        context = {"problems": error.problems, "source": find(request.user, source2), "day": day2}
        context["form"] = None
        return render(request, "screening/refused.html", context, status=409)
    found = compare(both[0].by_files, both[1].by_files)
    table = tables.comparison_table(request, found, after)
    if "export" in request.GET:
        recorded(request, after, len(table.rows))
        return table.export() or redirect(after.url)
    context = {
        "before": before,
        "after": after,
        "found": found,
        "table": table,
        "sides": [
            {
                "name": name,
                "asked": one,
                "label": label(one),
                "form": ValuesForm(source=one.source, written=unwrite(one.written), prefix=name),
                "open": [
                    said(one.source.parameters[n].label)
                    for n in dict.fromkeys(n for r in answered.whole.rules.rules for n in r.open)
                ],
            }
            for name, one, answered in zip(sides, (before, after), both, strict=True)
        ],
        "lists": permissions.lists(request.user),
        "label": f"{label(before)} → {label(after)}",
        "asked": after,
        "back": reverse("screening:result", args=before.args),
    }
    return render(request, "screening/compare.html", context)
