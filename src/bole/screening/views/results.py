"""Choosing what to screen by, the answers, the reasons, and what changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.engine.errors import BoleError
from bole.engine.screening import PersonAnswer, Screening, compare
from bole.people import permissions as people_permissions
from bole.people.actions import show_sensitive
from bole.people.models import Cadre
from bole.screening import actions, permissions, roster, tables
from bole.screening.forms import SourceForm, ValuesForm
from bole.screening.sources import Asked, ask, find, said, unwrite, write

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_REASONS = 5000
MEANING = {"met": True, "not_met": False, "unknown": None}


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


def funnel_option(screening: Screening, total: int) -> dict[str, Any]:
    """The ECharts option: who is left after each rule, in the order of the rules."""
    rows = [(_("Everybody"), total), *((c.rule_id, c.remaining) for c in screening.funnel)]
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "max": max(total, 1), "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _n in rows],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
        },
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "bar",
                "data": [n for _name, n in rows],
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
        answered = roster.judge(request.user, asked.compiled(), asked.day)
    except BoleError as error:
        context = {"problems": error.problems, "form": form, "source": found, "day": day}
        return render(request, "screening/refused.html", context, status=409)
    screening = answered.screening
    table = tables.result_table(request, asked, screening)
    if "export" in request.GET:
        recorded(request, asked, len(table.rows))
        return table.export() or redirect(asked.url)
    total = screening.table.num_rows
    rules = {r.rule.id: r for r in screening.rules.rules}
    context = {
        "asked": asked,
        "table": table,
        "form": form,
        "taken_at": answered.taken_at,
        "total": total,
        "counts": [
            {"count": c, "rule": rules[c.rule_id].rule, "open": rules[c.rule_id].open}
            for c in screening.funnel
        ],
        "verdicts": [
            (k, tables.verdict_words()[k], len(screening.people(v)), tables.COLOURS[k])
            for k, v in (("met", True), ("not_met", False), ("unknown", None))
        ],
        "alone": sum(map(len, screening.one_rule_only.values())),
        "questions": asked.source.questions(asked.day),
        "open": [
            said(asked.source.parameters[n].label)
            for n in dict.fromkeys(n for r in screening.rules.rules for n in r.open)
        ],
        "funnel": funnel_option(screening, total),
        "lists": permissions.lists(request.user),
        "label": label(asked),
        "compare_form": SourceForm(
            user=request.user, initial={"source": asked.source.key, "day": asked.day}
        ),
    }
    return render(request, "screening/result.html", context)


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
    days = roster.soon(request.user, asked.compiled(), asked.day)
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


def hidden(request: HttpRequest, cadre: Cadre, answer: PersonAnswer) -> set[str]:
    """Sensitive tables behind the answer that this user is not shown without a reason.

    What is shown of them is logged as a reading.
    """
    found = {
        e.table
        for rule in answer.rules
        for fact in rule.facts
        for e in fact.evidence
        if e.table in permissions.SENSITIVE_TABLES
    }
    if people_permissions.needs_reason(request.user, cadre):
        return found
    for table in sorted(found):
        show_sensitive(actor=request.user, cadre=cadre, field=permissions.SENSITIVE_TABLES[table])
    return set()


def why(request: HttpRequest, source: str, day: str, values: str, person: int) -> HttpResponse:
    """Every rule for one person: sentence, values, rows behind them, what is missing."""
    may_use(request)
    asked = ask(request.user, source, day, values)
    cadre = permissions.screened(request.user).filter(pk=person).first()
    if cadre is None:
        raise Http404
    answer = roster.reasons(asked.compiled(), asked.day, [person])[0]
    withheld = hidden(request, cadre, answer)
    context = {
        "asked": asked,
        "cadre": cadre,
        "answer": answer,
        "rules": [
            (
                rule,
                tables.word(MEANING[rule.verdict.value], rule.applies),
                bool(withheld) and touches_sensitive(rule),
            )
            for rule in answer.rules
        ],
        "words": tables.verdict_words(),
        "colours": tables.COLOURS,
    }
    name = "screening/_why.html" if request.htmx else "screening/why.html"
    return render(request, name, context)


def export_reasons(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """The people as filtered, with a sentence for every rule, as an Excel file."""
    may_use(request)
    from bole.documents.tables import table_to_xlsx

    asked = ask(request.user, source, day, values)
    compiled = asked.compiled()
    screening = roster.judge(request.user, compiled, asked.day).screening
    table = tables.result_table(request, asked, screening)
    rows = table.rows[:MOST_REASONS]
    language = get_language() or "zh"
    answers = roster.reasons(compiled, asked.day, [r["person"] for r in rows])
    words = tables.verdict_words()
    people = Cadre.objects.in_bulk([r["person"] for r in rows])
    lines = []
    for row, answer in zip(rows, answers, strict=True):
        line = [row["name"], row["unit"], row["post"], words[row["verdict"]]]
        for rule in answer.rules:
            code = row["answers"][rule.rule_id]
            needs = people_permissions.needs_reason(request.user, people[row["person"]])
            shown = not (needs and touches_sensitive(rule))
            sentence = f"：{rule.sentence.say(language)}" if shown else ""
            line.append(f"{words[code]}{sentence}")
        lines.append(line)
    heads = [_("Name"), _("Unit"), _("Unit and posts"), _("Overall")]
    texts = {r.id: said(r.text) for r in asked.source.rules}
    heads += [f"{i} {texts[i]}" for i in screening.ids]
    notes = [label(asked), table.description(), _("Reference for the decision body.")]
    content = table_to_xlsx(_("Screening with reasons"), heads, lines, notes)
    recorded(request, asked, len(lines))
    response = HttpResponse(content, content_type=XLSX)
    name = f"{_('Screening with reasons')}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def touches_sensitive(rule) -> bool:
    """Whether a rule's sentence tells something of a sensitive field."""
    return any(
        f.key == "health" or any(e.table in permissions.SENSITIVE_TABLES for e in f.evidence)
        for f in rule.facts
    )


def comparing(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """From the form to the address of a comparison."""
    may_use(request)
    form = SourceForm(request.GET, user=request.user)
    if not form.is_valid():
        for sentence in (e for errors in form.errors.values() for e in errors):
            messages.error(request, sentence)
        return redirect("screening:result", source, day, values)
    other = form.cleaned_data["source"]
    kept = unwrite(values) if other != "-" else {}
    after = find(request.user, other)
    mine = {k: v for k, v in kept.items() if k in after.parameters}
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
    """Who enters and who leaves between two days or two rule sets, and by which rules."""
    may_use(request)
    before = ask(request.user, source, day, values)
    after = ask(request.user, source2, day2, values2)
    found = compare(
        roster.judge(request.user, before.compiled(), before.day).screening,
        roster.judge(request.user, after.compiled(), after.day).screening,
    )
    table = tables.comparison_table(request, found, after)
    if "export" in request.GET:
        recorded(request, after, len(table.rows))
        return table.export() or redirect(after.url)
    context = {
        "before": before,
        "after": after,
        "found": found,
        "table": table,
        "lists": permissions.lists(request.user),
        "label": f"{label(before)} → {label(after)}",
        "before_label": label(before),
        "after_label": label(after),
        "asked": after,
        "back": reverse("screening:result", args=before.args),
    }
    return render(request, "screening/compare.html", context)
