"""Forms: the list of all that can be voted on, and the editor with its previews."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bole.accounts.permissions import require
from bole.ballots import actions, editor, library
from bole.ballots.forms import KINDS
from bole.ballots.models import FormVersion
from bole.ballots.views.results import language
from bole.ballots.voting import Page
from bole.documents import ballots, pdf_writer
from bole.engine.errors import BoleError
from bole.engine.instruments import InstrumentForm
from bole.engine.text import Text

SAMPLES = (("张三", "某镇镇长"), ("李四", "某局副局长"), ("王五", "某街道办事处主任"))
KEPT = ("kind", "classes_shown", "effect_note", "rhythm", "mechanisms")
APPLIES = (
    ("persons", gettext_lazy("persons")),
    ("teams", gettext_lazy("teams")),
    ("both", gettext_lazy("persons and teams")),
)
LEVELS = (
    ("each_ballot", gettext_lazy("on every ballot")),
    ("unit_result", gettext_lazy("on the result of the unit")),
)


def form_list(request: HttpRequest) -> HttpResponse:
    """Every form, searchable: made here, and shipped in schemes."""
    require(request.user, "ballots.read")
    text = request.GET.get("q", "").strip()
    found = [row(f) for f in library.search(text)]
    context = {
        "own": [f for f in found if f["own"]],
        "shipped": [f for f in found if not f["own"]],
        "text": text,
        "may": request.user.has_perm("ballots.manage"),
    }
    return render(request, "ballots/forms/list.html", context)


def pick(request: HttpRequest) -> HttpResponse:
    """The forms that match a search, to choose one for a ballot."""
    require(request.user, "ballots.manage")
    text = request.GET.get("form-search", "").strip()
    context = {"found": [row(f) for f in library.search(text)][:40], "chosen": ""}
    return render(request, "ballots/forms/_pick.html", context)


def row(found: library.Found) -> dict[str, Any]:
    """A form in a list."""
    said, kinds = language(), dict(KINDS)
    items = found.form.get("items", ())
    return {
        "key": found.key,
        "code": found.key.partition(":")[2],
        "own": found.own,
        "package": found.package,
        "title": found.title.say(said),
        "source": found.source.say(said),
        "version": found.version,
        "kinds": list(dict.fromkeys(str(kinds.get(i["kind"], i["kind"])) for i in items)),
        "number": len(found.forms) if found.package else len(items),
    }


def show(request: HttpRequest) -> HttpResponse:
    """One form as phone and paper show it, with what is open and its versions."""
    require(request.user, "ballots.read")
    found = library.find(request.GET.get("form", ""))
    said = language()
    context: dict[str, Any] = {
        "found": row(found),
        "may": request.user.has_perm("ballots.manage"),
        "forms": [row(library.find(k)) for k in found.forms] if found.package else [],
        "versions": FormVersion.objects.filter(
            code=found.key.partition(":")[2] if found.own else ""
        ).select_related("made_by"),
    }
    wanted = request.GET.get("version", "")
    data = found.form
    if found.own and wanted.isdecimal():
        kept = FormVersion.objects.filter(code=context["found"]["code"], version=int(wanted))
        data = one.form if (one := kept.first()) else data
    if not found.package:
        form = InstrumentForm.model_validate(dict(data))
        context |= _previews(form)
        context["open"] = [t.say(said) for t in form.unsettled()]
    return render(request, "ballots/forms/show.html", context)


def edit(request: HttpRequest) -> HttpResponse:
    """The editor. A button comes back with the form changed; saving makes the next version."""
    require(request.user, "ballots.manage")
    if request.method != "POST":
        key = request.GET.get("form", "")
        start: dict[str, Any] = {"title": None, "items": [], "caps": [], "anonymous": True}
        code, origin = "", ""
        if key:
            found = library.find(key)
            start = editor.of(found.form)
            code, origin = (key.partition(":")[2], "") if found.own else ("", key)
            if "copy" in request.GET and found.own:
                code, origin = "", key
        return _page(request, start, code, origin)
    data, do = editor.read(request.POST), request.POST.get("do", "")
    code, origin = request.POST.get("code", ""), request.POST.get("origin", "")
    problems: list[Text] = []
    if do == "save":
        form, problems = editor.check(data, None)
        if form is not None:
            saved = actions.save_form(
                actor=request.user,
                form={**_kept(code, origin), **form.model_dump(mode="json")},
                code=code,
                origin=origin,
            )
            said = _("The form is saved as version %(n)s. Ballots already planned keep theirs.")
            messages.success(request, said % {"n": saved.version})
            return redirect(f"{_address()}?form={library.OWN}:{saved.code}")
    else:
        data = editor.change(data, do)
    return _page(request, data, code, origin, problems)


def _address() -> str:
    return reverse("ballots:form")


def _kept(code: str, origin: str) -> dict[str, Any]:
    """What the editor does not show of the form that it started from."""
    key = f"{library.OWN}:{code}" if code else origin
    if not key:
        return {}
    try:
        found = editor.of(library.find(key).form)
    except BoleError:
        return {}
    return {k: found[k] for k in KEPT}


def _page(
    request: HttpRequest,
    data: dict[str, Any],
    code: str,
    origin: str,
    problems: list[Text] | None = None,
) -> HttpResponse:
    said = language()
    previewed = _preview(data, request.POST.get("persons", "10"))
    for item in data["items"]:  # the rows of the page, with room for two more
        options = item.get("options") or []
        item["option_rows"] = [*options, *[{"text": None, "knows": True}] * 2]
        item["category_rows"] = [*(item.get("categories") or []), *[{"text": None}] * 2]
        item["kind_label"] = dict(KINDS)[item["kind"]]
    context = {
        "form": data,
        "code": code,
        "origin": origin,
        "kinds": KINDS,
        "levels": LEVELS,
        "applies": APPLIES,
        "persons": request.POST.get("persons", "10"),
        "problems": [t.say(said) for t in problems or []],
        **previewed,
    }
    name = "ballots/forms/_editor.html" if request.headers.get("HX-Request") else None
    return render(request, name or "ballots/forms/edit.html", context)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the form would look like now, and what is wrong or open."""
    require(request.user, "ballots.manage")
    data = editor.read(request.POST)
    return render(request, "ballots/forms/_preview.html", _preview(data, request.POST["persons"]))


def _preview(data: dict[str, Any], persons: str) -> dict[str, Any]:
    said = language()
    number = int(persons) if persons.isdecimal() and len(persons) < 6 else None
    form, problems = editor.check(data, number)
    if form is None:
        return {"faults": [t.say(said) for t in problems]}
    return {"open": [t.say(said) for t in editor.advice(form, number)], **_previews(form)}


def _previews(form: InstrumentForm) -> dict[str, Any]:
    """Phone and paper with sample names."""
    said = language()
    subjects = [{"key": n, "name": n, "post": p} for n, p in SAMPLES]
    context: dict[str, Any] = {
        "questions": Page(form, subjects, 2, False, said).questions(),
        "form_title": form.label.say(said),
        "before": form.text_before.say(said) if form.text_before else "",
        "signed": form.anonymous is False,
    }
    paper = ballots.paper_of(form, SAMPLES, posts=2, language=said[:2], blank_rows=0)
    document = ballots.ballots([ballots.RunOfBallots(paper, ballots.numbers(1, 1))])
    context["pages"] = [
        "data:image/svg+xml;base64," + base64.b64encode(page).decode()
        for page in pdf_writer.to_pictures(document)[:3]
    ]
    return context


def package(request: HttpRequest) -> HttpResponse:
    """Put forms together that belong to one occasion."""
    require(request.user, "ballots.manage")
    text = request.GET.get("q", "")
    if request.method == "POST":
        saved = actions.save_package(
            actor=request.user,
            title=request.POST.get("title", ""),
            forms=request.POST.getlist("forms"),
        )
        messages.success(request, _("The package is saved."))
        return redirect(f"{_address()}?form={library.OWN}:{saved.code}")
    found = [row(f) for f in library.search(text) if not f.package]
    return render(request, "ballots/forms/package.html", {"found": found})


@require_POST
def retire(request: HttpRequest) -> HttpResponse:
    """Take a form made here out of the list."""
    require(request.user, "ballots.manage")
    actions.retire_form(actor=request.user, code=request.POST.get("code", ""))
    messages.success(request, _("The form is out of the list. Ballots that use it keep it."))
    return redirect("ballots:forms")
