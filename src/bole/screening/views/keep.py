"""Conditions built in the browser, and lists of cadres."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bole.engine.errors import BoleError
from bole.engine.facts import catalogue
from bole.screening import actions, permissions, roster
from bole.screening.builder import YEARS, Conditions
from bole.screening.models import SavedCondition, SavedList
from bole.screening.sources import ask, said
from bole.screening.tables import people as people_of
from bole.screening.tables import person_columns, search, unit_filter
from bole.screening.views.results import may_use
from bole.web.tables import Column, Table


def _may_save(request: HttpRequest) -> None:
    if not request.user.has_perm("screening.save"):
        raise PermissionDenied


def _catalogue() -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts to choose from, by section of the catalogue."""
    return [
        (
            said(section.TITLE_SECTION),
            [
                (f.name, said(f.label.fill(**{a.name: "…" for a in f.arguments})).strip())
                for f in section.FACTS
            ],
        )
        for section in catalogue.SECTIONS
    ]


def build(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The rows; each change draws them anew with the rules that they mean."""
    may_use(request)
    _may_save(request)
    kept = None
    if pk is not None:
        kept = get_object_or_404(permissions.conditions(request.user), pk=pk)
    name, shared, problems, rules = "", False, [], []
    if request.method == "POST":
        conditions = Conditions.from_form(request.POST)
        name, shared = request.POST.get("name", ""), "shared" in request.POST
        what = request.POST.get("do", "")
        conditions.change(what)
        if what == "save":
            own = kept if kept is not None and kept.owner_id == request.user.pk else None
            try:
                row = actions.save_condition(
                    actor=request.user,
                    name=name,
                    conditions=conditions,
                    shared=shared,
                    condition=own,
                )
            except BoleError as error:
                problems = list(error.problems)
            else:
                day = timezone.localdate().isoformat()
                return _to(request, reverse("screening:result", args=[f"saved-{row.pk}", day, "-"]))
    else:
        conditions = Conditions.from_data(kept.rows) if kept else Conditions()
        name, shared = (kept.name, kept.shared) if kept else ("", False)
    try:
        rules = conditions.rules()
    except BoleError as error:
        # Rows that nobody has begun to fill in are no fault yet.
        if request.method == "POST" and not problems:
            problems = list(error.problems)
    context = {
        "kept": kept,
        "conditions": conditions,
        "name": name,
        "shared": shared,
        "problems": problems,
        "rules": rules,
        "catalogue": _catalogue(),
        "years": YEARS,
    }
    template = "screening/_builder.html" if request.htmx else "screening/build.html"
    return render(request, template, context)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if not request.htmx:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


@require_POST
def drop_condition(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget own conditions."""
    may_use(request)
    row = get_object_or_404(SavedCondition, pk=pk, owner=request.user)
    actions.drop_condition(actor=request.user, condition=row)
    messages.success(request, _("“%(name)s” is gone.") % {"name": row.name})
    return redirect("screening:home")


@require_POST
def add_to_list(request: HttpRequest) -> HttpResponse:
    """Put those ticked, or all who meet the rules, on a list."""
    may_use(request)
    _may_save(request)
    post = request.POST
    if "everybody" in post:
        parts = post["everybody"].split("|")
        if len(parts) != 3:
            raise Http404
        asked = ask(request.user, *parts)
        people = roster.judge(request.user, asked.compiled, asked.day).by_files.people(True)
    else:
        people = [int(p) for p in post.getlist("people") if p.isdigit()]
    pk = post.get("list", "")
    if pk and not permissions.lists(request.user).filter(pk=pk if pk.isdigit() else 0).exists():
        raise Http404
    saved, count = actions.put_on_list(
        actor=request.user,
        people=people,
        name=post.get("name", ""),
        pk=int(pk) if pk else None,
        source=post.get("source", ""),
    )
    text = ngettext(
        "%(count)s cadre put on “%(name)s”.", "%(count)s cadres put on “%(name)s”.", count
    )
    messages.success(request, text % {"count": count, "name": saved.name})
    return redirect("screening:list", saved.pk)


def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The cadres of an own list; POST takes those ticked off it."""
    may_use(request)
    saved = get_object_or_404(SavedList, pk=pk, owner=request.user)
    if request.method == "POST":
        people = [int(p) for p in request.POST.getlist("people") if p.isdigit()]
        count = actions.take_off_list(actor=request.user, saved=saved, people=people)
        text = ngettext("%(count)s cadre taken off.", "%(count)s cadres taken off.", count)
        messages.success(request, text % {"count": count})
        return redirect("screening:list", pk)
    inside = permissions.screened(request.user).values("pk")
    members = saved.members.filter(cadre__in=inside)
    known = people_of(m.cadre_id for m in members)
    rows = [
        {**known[m.cadre_id], "source": m.source, "added": timezone.localtime(m.added_at).date()}
        for m in members
    ]
    table = Table(
        request,
        rows,
        [
            *person_columns(),
            Column("source", _("From"), lambda r: r["source"]),
            Column("added", _("Added"), lambda r: r["added"]),
        ],
        saved.name,
        filters=[unit_filter(rows)],
        search=search,
        search_hint=_("Name, unit or post"),
        empty=_("Tick people on the page of a screening and put them here."),
        select="people",
        row_key=lambda r: r["person"],
    )
    context = {"saved": saved, "table": table}
    return table.export() or render(request, "screening/list.html", context)


@require_POST
def drop_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget an own list."""
    may_use(request)
    saved = get_object_or_404(SavedList, pk=pk, owner=request.user)
    actions.drop_list(actor=request.user, saved=saved)
    messages.success(request, _("“%(name)s” is gone.") % {"name": saved.name})
    return redirect("screening:home")
