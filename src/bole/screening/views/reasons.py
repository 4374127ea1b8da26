"""Why: the reasons for one person, and for all as an Excel file."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.engine.screening import PersonAnswer, RuleAnswer
from bole.engine.text import join
from bole.engine.verdict import Verdict, all_of
from bole.people import permissions as people_permissions
from bole.people.actions import show_sensitive
from bole.people.models import Cadre
from bole.screening import permissions, roster, tables
from bole.screening.sources import Asked, ask, said
from bole.screening.views.results import label, may_use, recorded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_REASONS = 5000
AT_ONCE = 200  # people whose reasons come without a page that shows progress
PIECE = 50  # people between two looks at the clock
SECONDS = 1.0  # of work between two signs of progress
MOST_JOBS = 8
MEANING = {"met": True, "not_met": False, "unknown": None}


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


def touches_sensitive(rule: RuleAnswer) -> bool:
    """Whether a rule's sentence tells something of a sensitive field."""
    return any(
        f.key == "health" or any(e.table in permissions.SENSITIVE_TABLES for e in f.evidence)
        for f in rule.facts
    )


def code(rule: RuleAnswer, questions: Collection[str]) -> str:
    """The code of a rule's answer; `questions` are the rules that a person judges."""
    judged = rule.rule_id in questions
    return tables.word(MEANING[rule.verdict.value], rule.applies, judged=judged)


def overall(answer: PersonAnswer, questions: Collection[str]) -> str:
    """The code of all blocking rules together, those that a person judges last."""
    blocking = [r for r in answer.rules if r.strength not in ("warn", "note")]
    verdict = all_of(r.verdict for r in blocking if r.rule_id not in questions)
    if verdict is Verdict.MET and any(code(r, questions) == "to_judge" for r in blocking):
        return "to_judge"
    return tables.word(MEANING[verdict.value])


def questions_of(asked: Asked) -> set[str]:
    """The rules that a person judges."""
    return {r.id for r in asked.source.rules if r.judged is not None}


def why(request: HttpRequest, source: str, day: str, values: str, person: int) -> HttpResponse:
    """Every rule for one person: sentence, values, rows behind them, what is missing."""
    may_use(request)
    asked = ask(request.user, source, day, values)
    cadre = permissions.screened(request.user).filter(pk=person).first()
    if cadre is None:
        raise Http404
    answer = roster.reasons(asked.compiled, asked.day, [person])[0]
    withheld, questions = hidden(request, cadre, answer), questions_of(asked)
    context = {
        "asked": asked,
        "cadre": cadre,
        "overall": overall(answer, questions),
        "rules": [
            (rule, code(rule, questions), bool(withheld) and touches_sensitive(rule))
            for rule in answer.rules
        ],
        "words": tables.verdict_words(),
        "colours": tables.COLOURS,
    }
    name = "screening/_why.html" if request.htmx else "screening/why.html"
    return render(request, name, context)


@dataclass
class Job:
    """Reasons being written, piece by piece, for one user; kept in this process only."""

    user: int
    asked: Asked
    rows: list[dict[str, Any]]
    notes: list[str]
    lines: list[list[str]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return len(self.lines) >= len(self.rows)


_jobs: OrderedDict[str, Job] = OrderedDict()


def export_reasons(request: HttpRequest, source: str, day: str, values: str) -> HttpResponse:
    """The people as filtered, with a sentence for every rule, as an Excel file.

    Many people take a while: their reasons are written in pieces, while a page shows how far.
    """
    may_use(request)
    asked = ask(request.user, source, day, values)
    key = request.GET.get("job", "")
    job = _jobs.get(key)
    if key and (job is None or job.user != request.user.pk or job.asked.args != asked.args):
        return redirect(asked.url)  # begun in another process, or before a restart
    if job is None:
        answers = tables.AnswerColumns(roster.judge(request.user, asked.compiled, asked.day))
        table = tables.result_table(request, asked, answers)
        rows = list(table.rows[:MOST_REASONS])
        job = Job(request.user.pk, asked, rows, [label(asked), table.description()])
        if len(rows) > AT_ONCE:
            key = secrets.token_urlsafe(12)
            _jobs[key] = job
            while len(_jobs) > MOST_JOBS:
                _jobs.popitem(last=False)
            context = {"asked": asked, "key": key, "done": 0, "of": len(rows)}
            return render(request, "screening/writing.html", context)
    if request.htmx:
        until = time.monotonic() + SECONDS
        while not job.done and time.monotonic() < until:
            _write(request, job)
        context = {"asked": asked, "key": key, "done": len(job.lines), "of": len(job.rows)}
        if not job.done:
            return render(request, "screening/_writing.html", context)
        url = reverse("screening:reasons", args=asked.args)
        return render(request, "screening/_written.html", context | {"url": f"{url}?job={key}"})
    while not job.done:
        _write(request, job)
    _jobs.pop(key, None)
    return _file(request, job)


def _write(request: HttpRequest, job: Job) -> None:
    """The lines of the next people."""
    rows = job.rows[len(job.lines) : len(job.lines) + PIECE]
    language = get_language() or "zh"
    words, questions = tables.verdict_words(), questions_of(job.asked)
    people = Cadre.objects.in_bulk([r["person"] for r in rows])
    answers = roster.reasons(job.asked.compiled, job.asked.day, [r["person"] for r in rows])

    def sentences(answer: PersonAnswer, needs: bool) -> Iterator[str]:
        for rule in answer.rules:
            kind = code(rule, questions)
            if kind == "to_judge":
                yield f"{words[kind]}：{join(list(rule.missing), '、', ', ').say(language)}"
            elif needs and touches_sensitive(rule):
                yield words[kind]
            else:
                yield f"{words[kind]}：{rule.sentence.say(language)}"

    for row, answer in zip(rows, answers, strict=True):
        needs = people_permissions.needs_reason(request.user, people[row["person"]])
        head = [row["name"], row["unit"], row["post"], words[row["verdict"]]]
        job.lines.append([*head, *sentences(answer, needs)])


def _file(request: HttpRequest, job: Job) -> HttpResponse:
    from bole.documents.tables import table_to_xlsx

    texts = {r.id: said(r.text) for r in job.asked.source.rules}
    ids = [r.rule.id for r in job.asked.compiled.in_force(job.asked.day).rules]
    heads = [_("Name"), _("Unit"), _("Unit and posts"), _("Overall")]
    heads += [f"{i} {texts[i]}" for i in ids]
    notes = [*job.notes, _("Reference for the decision body.")]
    content = table_to_xlsx(_("Screening with reasons"), heads, job.lines, notes)
    recorded(request, job.asked, len(job.lines))
    response = HttpResponse(content, content_type=XLSX)
    name = f"{_('Screening with reasons')}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
