"""Installed packs: the list, one as a person reads it, comparing, uploading, the JSON Schema."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.engine.schemes.difference import difference
from bole.engine.schemes.schema import to_json_schema
from bole.schemes import actions, reading
from bole.schemes.forms import CompareForm, PackForm
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import current, resolve, rule_counts
from bole.web.tables import Column, Filter, Table, contains


def _may_read(request: HttpRequest) -> None:
    if not request.user.has_perm("schemes.read"):
        raise PermissionDenied


def _language() -> str:
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def _named(version: SchemeVersion) -> str:
    return version.name_en or version.name_zh if _language() == "en" else version.name_zh


def _since(version: SchemeVersion) -> str:
    start = version.effective_from or "…"
    end = version.effective_to or "…"
    return f"{start} – {end}" if version.effective_from or version.effective_to else "—"


def scheme_list(request: HttpRequest) -> HttpResponse:
    """The newest version of every installed pack."""
    _may_read(request)
    counts = rule_counts()
    places = current().order_by("place").values_list("place", flat=True)
    table = Table(
        request,
        current().order_by("place", "code"),
        [
            Column("place", _("Place"), lambda v: v.place, ("place", "code")),
            Column(
                "name",
                _("Name"),
                _named,
                "name_zh",
                lambda v: reverse("schemes:detail", args=[v.pk]),
            ),
            Column("code", _("Code"), lambda v: v.code, "code"),
            Column("force", _("In force"), _since, "effective_from"),
            Column("rules", _("Rules"), lambda v: counts.get(v.pk, 0), numeric=True),
            Column(
                "procedure",
                _("Procedure"),
                lambda v: _("yes") if v.has_procedure else _("no"),
                "has_procedure",
                badge=lambda v: "green" if v.has_procedure else "secondary",
            ),
            Column(
                "installed",
                _("Installed"),
                lambda v: timezone.localtime(v.installed_at).strftime("%Y-%m-%d"),
                "installed_at",
            ),
            Column("digest", _("Version"), lambda v: v.digest[:12], shown=False),
        ],
        _("Schemes"),
        filters=[
            Filter(
                "place",
                _("Place"),
                [(p, p) for p in dict.fromkeys(places)],
                lambda rows, v: rows.filter(place=v),
            ),
            Filter(
                "procedure",
                _("Procedure"),
                [("yes", _("with a procedure")), ("no", _("without a procedure"))],
                lambda rows, v: rows.filter(has_procedure=v == "yes"),
            ),
            Filter("rules", _("Rules"), [("yes", _("with rules"))], _with_rules(counts)),
        ],
        search=contains("name_zh", "name_en", "code", "place"),
        search_hint=_("Name, code or place"),
        empty=_("Upload a pack file, or run the set-up again to install the shipped packs."),
    )
    return table.export() or render(request, "schemes/list.html", {"table": table})


def _with_rules(counts: dict[int, int]):
    return lambda rows, _value: rows.filter(pk__in=[pk for pk, n in counts.items() if n])


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as a person reads it: basis, parameters, rules, procedure, other parts."""
    _may_read(request)
    version = get_object_or_404(SchemeVersion, pk=pk)
    scheme, language = resolve(version), _language()
    context = {
        "version": version,
        "scheme": scheme,
        "versions": SchemeVersion.objects.filter(code=version.code)
        .defer("document")
        .order_by("-installed_at", "-pk"),
        "parameters": [
            (name, p, reading.value(scheme, name, language))
            for name, p in scheme.parameters.items()
        ],
        "today": timezone.localdate().isoformat(),
        "picture": reading.picture(scheme.procedure, language) if scheme.procedure else None,
        "steps": reading.steps(scheme, language),
        "other": reading.other_parts(scheme, language),
        "compare_form": CompareForm(initial={"other": version.pk}),
    }
    return render(request, "schemes/detail.html", context)


def comparing(request: HttpRequest, pk: int) -> HttpResponse:
    """From the form to the address of a comparison."""
    _may_read(request)
    form = CompareForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("Choose a scheme to compare with."))
        return redirect("schemes:detail", pk)
    return redirect("schemes:compare", pk, form.cleaned_data["other"].pk)


def compare(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """What differs from one version to another, of one pack or of two."""
    _may_read(request)
    before, after = (get_object_or_404(SchemeVersion, pk=pk) for pk in (a, b))
    language = _language()
    kinds = {
        "added": _("added"),
        "removed": _("removed"),
        "changed": _("changed"),
        "moved": _("moved"),
    }
    colours = {"added": "green", "removed": "red", "changed": "yellow", "moved": "blue"}
    rows = difference(resolve(before), resolve(after))
    table = Table(
        request,
        rows,
        [
            Column("part", _("Part"), lambda d: d.part),
            Column("id", _("Item"), lambda d: d.id),
            Column(
                "kind",
                _("Change"),
                lambda d: kinds.get(d.kind, d.kind),
                badge=lambda d: colours.get(d.kind, "secondary"),
            ),
            Column("text", _("What differs"), lambda d: d.text.say(language)),
        ],
        _("Comparison of schemes"),
        filters=[
            Filter(
                "part",
                _("Part"),
                [(p, p) for p in dict.fromkeys(d.part for d in rows)],
                lambda kept, v: [d for d in kept if d.part == v],
            ),
            Filter(
                "kind",
                _("Change"),
                list(kinds.items()),
                lambda kept, v: [d for d in kept if d.kind == v],
            ),
        ],
        search=lambda kept, text: [d for d in kept if text.lower() in d.text.say(language).lower()],
        search_hint=_("Word"),
        empty=_("The two do not differ."),
    )
    context = {
        "table": table,
        "before": before,
        "after": after,
        "before_name": _named(before),
        "after_name": _named(after),
    }
    return table.export() or render(request, "schemes/compare.html", context)


def upload(request: HttpRequest) -> HttpResponse:
    """Check a pack file; every error by line. Without errors the head may install it."""
    if not request.user.has_perm("schemes.install"):
        raise PermissionDenied
    form = PackForm(request.POST or None, request.FILES or None)
    problems, scheme = [], None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        scheme, problems = actions.checked(file.name, file.read())
        if scheme is not None and request.POST.get("do") == "install":
            file.seek(0)
            version = actions.install_file(actor=request.user, name=file.name, content=file.read())
            messages.success(request, _("“%(name)s” is installed.") % {"name": _named(version)})
            return redirect("schemes:detail", version.pk)
    context = {"form": form, "problems": problems, "scheme": scheme}
    return render(request, "schemes/upload.html", context)


def json_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of a pack, for editors."""
    _may_read(request)
    content = json.dumps(to_json_schema(), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/schema+json")
    response["Content-Disposition"] = 'attachment; filename="bole.schema.json"'
    return response
