"""Pages of matters: parse, call one action or query, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bole.accounts.models import Role
from bole.accounts.permissions import require, unit_scope
from bole.engine.errors import BoleError
from bole.engine.matters import AREAS, Move, applies
from bole.engine.matters.words import party_name
from bole.matters import actions, queries
from bole.matters.forms import MatterForm
from bole.matters.kinds import find_kind, kinds_in_use
from bole.matters.models import Matter
from bole.matters.printing import shown, to_docx, to_pdf
from bole.matters.queries import Look, say
from bole.matters.readings import log_fields
from bole.people.models import Cadre
from bole.record import streams
from bole.record.actions import sign
from bole.units.models import Unit
from bole.web.tables import Column, Filter, Table


def _look(request: HttpRequest, pk: int) -> Look:
    found = queries.one(pk)
    if found is None:
        raise Http404
    look = Look(found, request.user, timezone.localdate())
    if not look.may_read:
        raise PermissionDenied("matters.read")
    return look


def _url(matter: Matter) -> str:
    return reverse("matters:matter", args=[matter.pk])


def matter_list(request: HttpRequest) -> HttpResponse:
    """Matters of an area, or all; kinds, states and overdue ones as filters."""
    require(request.user, "matters.list")
    today = timezone.localdate()
    area = request.GET.get("area", "")
    area = area if area in AREAS else ""
    kinds = kinds_in_use()
    mine = {k: v for k, v in kinds.items() if area in ("", v.area)}
    names = {code: say(kind.title) for (_pk, code), kind in mine.items()}

    def state_colour(m: Matter) -> str:
        state = kinds[m.scheme_id, m.kind].states.get(m.standing)  # type: ignore[attr-defined]
        return state.colour if state else "secondary"

    table = Table(
        request,
        queries.rows(request.user, today, area=area),
        [
            Column("number", _("Number"), lambda m: m.number, "id", _url),
            Column(
                "kind",
                pgettext("matter", "Kind"),
                lambda m: names.get(m.kind, m.kind),
                "kind",
                _url,
            ),
            Column("person", _("Person"), lambda m: str(m.cadre or ""), "cadre__name"),
            Column(
                "unit",
                _("Unit"),
                lambda m: str(m.unit or (m.cadre.unit if m.cadre else "") or ""),
                "unit__name",
            ),
            Column(
                "case",
                _("Case"),
                lambda m: streams.title(m.case_stream) if m.case_stream else "",
                shown=False,
            ),
            Column("opened", _("Opened on"), lambda m: f"{m.opened_on}", "opened_on"),
            Column("due", _("Due on"), lambda m: f"{m.due_on or ''}", "due_on"),
            Column(
                "state", _("State"), lambda m: queries.state_title(m, kinds), badge=state_colour
            ),
            Column("by", _("Opened by"), lambda m: str(m.opened_by), shown=False),
        ],
        say(AREAS[area]) if area else _("Matters"),
        filters=[
            Filter(
                "kind",
                pgettext("matter", "Kind"),
                list(names.items()),
                lambda r, v: r.filter(kind=v),
            ),
            Filter(
                "state",
                _("State"),
                queries.choices(mine.values()),
                lambda r, v: r.filter(standing=v),
            ),
            Filter(
                "time",
                _("Time"),
                [("open", _("Not closed")), ("late", _("Overdue")), ("closed", _("Closed"))],
                lambda r, v: {
                    "open": r.filter(closed_on=None),
                    "late": r.filter(closed_on=None, due_on__lt=today),
                    "closed": r.exclude(closed_on=None),
                }.get(v, r),
            ),
        ],
        search=queries.search,
        search_hint=_("Number, person or unit"),
        empty=_("Nothing here yet. “New matter” shows what can be opened, each with its form."),
    )
    context = {
        "table": table,
        "area": area,
        "areas": [(code, say(name)) for code, name in AREAS.items()],
        "title": say(AREAS[area]) if area else _("Matters"),
        "may_open": bool(queries.openable(request.user, area)),
    }
    return table.export() or render(request, "matters/list.html", context)


def _case_of(request: HttpRequest) -> str:
    """The case's stream that the address names; refused to who may not read it."""
    stream = request.GET.get("case", "")
    if stream and not streams.may_read(request.user, stream):
        raise PermissionDenied("matters.open")
    return stream


def choose(request: HttpRequest) -> HttpResponse:
    """The kinds that can be opened, by area; the local forms of a kind beside the general one."""
    require(request.user, "matters.list")
    case = _case_of(request)
    area = request.GET.get("area", "")
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for offer in queries.openable(request.user, area if area in AREAS else ""):
        if case and offer.kind.on_case == "no":
            continue
        family = groups.setdefault(offer.kind.area, {}).setdefault(
            offer.code.partition(".")[0],
            {"title": say(offer.kind.title), "url": "", "help": "", "local": []},
        )
        query = {"scheme": offer.version.code, **({"case": case} if case else {})}
        url = f"{reverse('matters:new', args=[offer.code])}?{urlencode(query)}"
        if offer.general:
            family |= {"url": url, "help": say(offer.kind.help) if offer.kind.help else ""}
        else:
            title = f"{offer.place} {say(offer.kind.title)}"
            family["local"].append({"title": title, "url": url})
    context = {
        "groups": [(say(AREAS[a]), list(kinds.values())) for a, kinds in groups.items()],
        "case": streams.title(case) if case else "",
    }
    return render(request, "matters/choose.html", context)


def starters(request: HttpRequest) -> HttpResponse:
    """The kinds that belong to a step of a case, one button for each person; loaded by its page."""
    require(request.user, "matters.list")
    stream = _case_of(request)
    found = queries.starters(request.user, stream, request.GET.get("step", ""))
    return render(request, "matters/starters.html", {"starters": found})


@never_cache
def new(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a kind; saved as a draft in its first state."""
    case = _case_of(request)
    offer = find_kind(code, request.GET.get("scheme", ""))
    if offer is None:
        raise Http404
    kind = offer.kind
    if not queries.may_open(request.user, kind):
        raise PermissionDenied("matters.open")
    own = getattr(request.user, "cadre", None) if kind.opens == ("person",) else None
    units = Unit.objects.filter(closed_on=None)
    if not request.user.has_perm("matters.all"):
        units = units.filter(unit_scope(request.user, (Role.UNIT_LIAISON,)))
    asked = Cadre.objects.filter(pk=request.GET.get("cadre") or None).first()
    names = [n for n, f in kind.fields.items() if n not in _later(kind)]
    form = MatterForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        kind=kind,
        names=names,
        needed=[n for n in names if kind.fields[n].required],
        values=queries.draft(request.user, offer, asked or own, case).begun,
        about=(asked or own, units),
        day=True,
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                matter = actions.open_matter(
                    actor=request.user,
                    kind=code,
                    scheme=offer.version,
                    cadre=form.cleaned_data.get("cadre"),
                    unit=form.cleaned_data.get("unit"),
                    case_stream=case,
                    values=form.values(),
                    on=form.cleaned_data["on"],
                )
                _attach(request, matter, form)
        except BoleError as error:
            form.refuse(error.problems)
        else:
            messages.success(request, _("%(number)s is open.") % {"number": matter.number})
            return redirect(_url(matter))
    return _page(
        request,
        form,
        title=say(kind.title),
        back=f"{reverse('matters:choose')}?{urlencode({'area': kind.area})}",
        submit=_("Save"),
        explain=say(kind.help) if kind.help else "",
    )


def _later(kind: Any) -> set[str]:
    """Fields that only a later move fills: they are not asked for at the beginning."""
    early = {n for m in kind.moves.values() if kind.initial in m.from_ for n in kind.needed(m)}
    late = {n for m in kind.moves.values() for n in m.fills}
    return late - early


def _page(request: HttpRequest, form: MatterForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "matters/form.html", {"form": form, **context}, status=status)


def _attach(request: HttpRequest, matter: Matter, form: MatterForm) -> None:
    for name, file in form.uploads().items():
        actions.attach(actor=request.user, matter=matter, field=name, name=file.name, content=file)


@never_cache
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter: fields, findings, figures, clocks, moves with what is missing, history."""
    look = _look(request, pk)
    queries.mark_read(request.user, look.matter, timezone.now())
    asked = request.GET.getlist("show")
    open_fields = {n for n in asked if n in look.kind.fields and look.may_show(n)}
    hidden = {
        n
        for n, f in look.kind.fields.items()
        if f.sensitive and n in look.matter.values and n not in open_fields
    }
    secret = [n for n in open_fields if look.kind.fields[n].sensitive]
    log_fields(look, secret)
    context = {
        "look": look,
        "matter": look.matter,
        "title": say(look.kind.title),
        "state": look.kind.states[look.state],
        "rows": shown(look, hidden),
        "hidden": {n for n in hidden if look.may_show(n)},
        "moves": _moves(look),
        "clocks": look.clocks,
        "judgement": look.judgement,
        "derived": look.derived,
        "acts": _acts(look),
        "may_edit": look.kind.editable(look.state)
        and not look.actor.parties.isdisjoint((*look.kind.opens, "opener")),
        "papers": list(queries.papers_of(look.matter).values()),
        "case": streams.title(look.matter.case_stream) if look.matter.case_stream else "",
        "case_url": streams.url(look.matter.case_stream) if look.matter.case_stream else "",
    }
    return render(request, "matters/matter.html", context)


def _moves(look: Look) -> list[dict[str, Any]]:
    """Each move as the page shows it: a button, a form, or why it cannot be done."""
    found = []
    for standing in look.moves:
        move = standing.move
        asks = set(standing.lacks) & set(move.fills)
        problems = [
            p
            for p in standing.problems
            if p.code != "MOVE_ROLE"
            and not (p.code == "MOVE_FIELD" and set(standing.lacks) <= asks)
        ]
        found.append(
            {
                "id": standing.id,
                "move": move,
                "entitled": standing.entitled,
                "problems": problems,
                "form": bool(move.fills or move.reason or move.sign or standing.reason_needed)
                or move.judged == "refused",
                "given": standing.given,
                "look": _button(look, move),
                "who": [say(party_name(look.kind, p)) for p in move.who],
            }
        )
    return found


def _button(look: Look, move: Move) -> str:
    """What leads on stands out; what goes back, ends or only signs does not."""
    target = look.kind.states[move.to] if move.to else None
    if target is None:
        return "btn-outline-primary"
    return "" if target.colour in ("red", "orange", "secondary") else "btn-primary"


def _acts(look: Look) -> list[dict[str, Any]]:
    kind = look.kind
    return [
        {
            "act": a,
            "title": say(kind.moves[a.move].title) if a.move in kind.moves else _("Fields saved"),
            "fields": [say(kind.fields[f].title) for f in a.fields if f in kind.fields],
            "state": say(kind.states[a.state].title) if a.state in kind.states else a.state,
        }
        for a in reversed(look.acts)
    ]


@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Type the fields while the state lets one; sensitive ones for those who may see them."""
    look = _look(request, pk)
    later = _later(look.kind)
    names = [
        n
        for n, f in look.kind.fields.items()
        if (not f.sensitive or look.may_show(n)) and (n not in later or n in look.matter.values)
    ]
    secret = [n for n in names if look.kind.fields[n].sensitive and n in look.matter.values]
    if secret and request.method == "GET":
        log_fields(look, secret)
    form = MatterForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        kind=look.kind,
        names=names,
        needed=[n for n in names if look.kind.fields[n].required],
        values=look.matter.values,
        unit=look.matter.unit,
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.save_fields(actor=request.user, matter=look.matter, values=form.values())
                _attach(request, look.matter, form)
        except BoleError as error:
            form.refuse(error.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect(_url(look.matter))
    return _page(
        request,
        form,
        title=f"{say(look.kind.title)} {look.matter.number}",
        back=_url(look.matter),
        submit=_("Save"),
    )


@never_cache
def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Do a move: at once by its button, or with its form (fields, reason, signature)."""
    look = _look(request, pk)
    standing = next((m for m in look.moves if m.id == code), None)
    if standing is None:
        raise Http404
    if not standing.entitled:
        raise PermissionDenied(f"matters.move.{code}")
    said = standing.move
    names = [
        n for n in said.fills if applies(look.kind, n, look.values) or look.kind.fields[n].when
    ]
    form = MatterForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        kind=look.kind,
        names=names,
        needed=look.kind.needed(said),
        values={**look.begun, **look.matter.values},
        unit=look.matter.unit,
        reason=True if standing.reason_needed else False if said.judged else None,
        sign=said.sign,
        day=request.method == "GET" or "on" in request.POST,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                _attach(request, look.matter, form)
                signature = None
                if said.sign:
                    signature = sign(
                        actor=request.user,
                        password=data.get("password", ""),
                        code=data.get("code", ""),
                        request=request,
                    )
                actions.do_move(
                    actor=request.user,
                    matter=look.matter,
                    move=code,
                    values=form.values(),
                    reason=data.get("reason", ""),
                    signature=signature,
                    on=data.get("on"),
                )
        except BoleError as error:
            form.refuse(error.problems)
        else:
            messages.success(request, _("Done: %(move)s") % {"move": say(said.title)})
            again = queries.one(pk)
            readable = again and Look(again, request.user, look.day).may_read
            return redirect(_url(look.matter) if readable else reverse("matters:list"))
    return _page(
        request,
        form,
        title=f"{say(said.title)} · {say(look.kind.title)} {look.matter.number}",
        back=_url(look.matter),
        submit=say(said.title),
        explain=say(said.help) if said.help else "",
        problems=[]
        if request.method == "POST"
        else [p for p in standing.problems if p.code != "MOVE_FIELD" or not said.fills],
        findings=look.judgement.findings if look.judgement and said.judged else (),
    )


def paper(request: HttpRequest, pk: int, paper_pk: int) -> FileResponse:
    """A stored file of the matter; one under a sensitive field is logged."""
    look = _look(request, pk)
    found = queries.papers_of(look.matter).get(paper_pk)
    if found is None:
        raise Http404
    names = [
        n
        for n, f in look.kind.fields.items()
        if f.type == "file" and f.sensitive and paper_pk in look.matter.values.get(n, [])
    ]
    if any(not look.may_show(n) for n in names):
        raise PermissionDenied("matters.read")
    if names:
        log_fields(look, names)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name)


@never_cache
def printed(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The matter on paper, as Word or PDF, with the sensitive fields that the reader may see."""
    look = _look(request, pk)
    secret = [
        n
        for n, f in look.kind.fields.items()
        if f.sensitive and n in look.matter.values and look.may_show(n)
    ]
    log_fields(look, secret)
    made = to_pdf(look) if form == "pdf" else to_docx(look)
    media = {
        "pdf": "application/pdf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }[form]
    response = HttpResponse(made.content, content_type=media)
    name = f"{look.kind.title.zh}{look.matter.number}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
def attach(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Attach a file to a file field from the page of the matter."""
    look = _look(request, pk)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a file first."))
    else:
        actions.attach(
            actor=request.user, matter=look.matter, field=name, name=file.name, content=file
        )
        messages.success(request, _("The file is attached."))
    return redirect(_url(look.matter))
