"""The desk: cases, a case's persons × checks, one check, doubts, avoidance."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.people.models import Cadre
from bole.record import streams
from bole.record.actions import log_readings
from bole.record.queries import latest_papers
from bole.vetting import actions, queries
from bole.vetting.forms import CheckForm, ClearForm, DoubtForm
from bole.vetting.models import Check, Complaint, DossierAudit, Doubt, Letter
from bole.vetting.plans import plan_of
from bole.vetting.views.base import desk_url, form_page, may_open, open_stream
from bole.web.tables import Column, Table


def desk(request):
    """The cases that are vetted, or with ?stream= the desk of one."""
    require(request.user, "vetting.read")
    if request.GET.get("stream"):
        return _case(request)
    table = Table(
        request,
        [r for r in queries.streams_known() if may_open(request.user, str(r["stream"]))],
        [
            Column(
                "case",
                _("Case"),
                lambda r: streams.title(r["stream"]),
                link=lambda r: desk_url(r["stream"]),
            ),
            Column("checks", _("Checks concluded"), lambda r: r["checks"], numeric=True),
            Column("letters", _("Answers awaited"), lambda r: r["letters"], numeric=True),
            Column("open", _("Open matters"), lambda r: r["open"], numeric=True),
        ],
        _("Vetting"),
        search=lambda rows, text: [r for r in rows if text in streams.title(r["stream"])],
        search_hint=_("Case"),
        empty=_("Vetting begins in a case: open one under Selection and choose “Vetting”."),
    )
    return table.export() or render(
        request, "vetting/list.html", {"table": table, "tab": "desk", "title": _("Vetting")}
    )


def _case(request):
    stream = open_stream(request)
    today = timezone.localdate()
    codes, rows = queries.matrix(stream, today)
    doubts = Doubt.objects.filter(stream=stream).select_related("cadre", "raised_by")
    context = {
        "tab": "desk",
        "stream": stream,
        "title": streams.title(stream),
        "case_url": streams.url(stream),
        "codes": codes,
        "rows": rows,
        "holds": queries.of_stream(
            stream, cadres=[r.who.cadre.pk for r in rows if r.who.cadre], today=today
        ).holds,
        "doubts": doubts,
        "letters": Letter.objects.filter(stream=stream).prefetch_related("opinions__cadre"),
        "complaints": Complaint.objects.filter(stream=stream),
        "audits": DossierAudit.objects.filter(stream=stream).select_related("cadre"),
        "content": request.user.has_perm("vetting.read_content"),
        "today": today,
    }
    return render(request, "vetting/case.html", context)


def _person(stream: str, key: str):
    """The person of a desk cell, by its key; 404 when not in the case."""
    for who in queries.people_of(stream):
        if str(who.person) == key:
            return who
    raise Http404


@never_cache
def check(request):
    """One check of one person: what was concluded so far, and the form for a conclusion."""
    stream = open_stream(request)
    code = request.GET.get("check", "")
    if not code:
        raise Http404
    plan = plan_of(stream)
    name = queries.say(plan.check_name(code))
    who = _person(stream, request.GET.get("person", ""))
    content = request.user.has_perm("vetting.read_content")
    history = list(
        Check.objects.filter(
            stream=stream, check_code=code, cadre=who.cadre, user=who.user
        ).select_related("concluded_by")
    )
    if content and who.cadre and request.method == "GET" and any(c.note for c in history):
        log_readings(
            actor=request.user,
            subjects=[who.cadre],
            fields=["vetting.note"],
            reason=f"{streams.title(stream)} {name}",
        )
    papers = latest_papers(stream)
    form = CheckForm(request.POST or None, papers=papers)

    def act():
        data = form.cleaned_data
        actions.conclude_check(
            actor=request.user,
            stream=stream,
            check=code,
            cadre=who.cadre,
            user=who.user,
            conclusion=data["conclusion"],
            note=data["note"],
            evidence=form.evidence(),
            on=data["on"],
            valid_until=data["valid_until"],
        )

    permission = "vetting.conclude" if request.method == "POST" else "vetting.read"
    related = []
    if code == "avoidance":
        related = _findings(request, stream, str(who.person))
    return form_page(
        request,
        permission=permission,
        form=form,
        title=_("%(check)s: %(name)s") % {"check": name, "name": who.name},
        back=desk_url(stream),
        act=act,
        done=_("Concluded."),
        submit=_("Conclude"),
        template="vetting/check.html",
        history=reversed(history),
        content=content,
        stream=stream,
        code=code,
        who=who,
        findings=related,
        may=request.user.has_perm("vetting.conclude"),
    )


def _findings(request, stream: str, person: str | None = None):
    """The avoidance findings of a case; family data are read, so the reading is logged first."""
    people = queries.people_of(stream)
    cadres = [p.cadre for p in people if p.cadre]
    users = [p.user for p in people if p.user]
    _log_family(request, cadres, users, streams.title(stream))
    found = queries.avoidance([c.pk for c in cadres], users)
    return [f for f in found if person is None or person in map(str, f.persons)]


def _log_family(request, cadres, users, reason: str) -> None:
    files = Cadre.objects.filter(account__in=users)
    subjects = list({c.pk: c for c in [*cadres, *files]}.values())
    if subjects and request.user.has_perm("vetting.read_content"):
        log_readings(actor=request.user, subjects=subjects, fields=["family"], reason=reason)


@never_cache
def avoidance(request):
    """The persons of a case, how they are related, and what follows."""
    stream = open_stream(request)
    context = {
        "tab": "desk",
        "stream": stream,
        "title": streams.title(stream),
        "people": queries.people_of(stream),
        "findings": _findings(request, stream),
        "content": request.user.has_perm("vetting.read_content"),
        "back": desk_url(stream),
        "query": urlencode({"stream": stream}),
    }
    return render(request, "vetting/avoidance.html", context)


def doubt_new(request):
    """Raise a doubt in a case."""
    stream = open_stream(request)
    plan = plan_of(stream)
    checks = [(c, queries.say(plan.check_name(c))) for c in plan.checks]
    people = queries.people_of(stream, plan)
    form = DoubtForm(request.POST or None, people=people, checks=checks)
    return form_page(
        request,
        permission="vetting.doubt",
        form=form,
        title=_("Raise a doubt"),
        explain=_("A doubt is not a fault: it holds the case until somebody looks into it."),
        back=desk_url(stream),
        act=lambda: actions.raise_doubt(actor=request.user, stream=stream, **form.values()),
        done=_("The doubt is raised."),
        submit=_("Raise it"),
    )


@never_cache
def doubt(request, pk: int):
    """Close a doubt."""
    found = get_object_or_404(Doubt.objects.select_related("cadre"), pk=pk)
    if not may_open(request.user, found.stream):
        raise PermissionDenied("vetting.read")
    if request.method == "GET" and found.cadre:
        log_readings(
            actor=request.user,
            subjects=[found.cadre],
            fields=["vetting.doubt"],
            reason=streams.title(found.stream),
        )
    form = ClearForm(request.POST or None)
    return form_page(
        request,
        permission="vetting.doubt",
        form=form,
        title=_("Doubt: %(name)s") % {"name": found.cadre or streams.title(found.stream)},
        explain=found.text if not found.outcome else f"{found.text} · {found.outcome}",
        back=desk_url(found.stream),
        act=lambda: actions.clear_doubt(actor=request.user, doubt=found, **form.cleaned_data),
        done=_("Recorded."),
        submit=_("Close the doubt"),
    )
