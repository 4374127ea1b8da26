"""Papers of a case: filled, filed, signed; the templates that they are printed from."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from bole.accounts.permissions import require
from bole.documents.paper_kinds import KINDS
from bole.documents.papers import default_template
from bole.documents.pdf_writer import docx_to_pdf
from bole.people.models import Cadre
from bole.record.actions import sign
from bole.record.queries import office_templates
from bole.selection import actions, forms, queries
from bole.selection.views.base import one_case, read

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper(request, pk: int, code: str):
    """One paper: fill and print it, or bring a file; sign it; earlier versions stay."""
    look = read(request, pk)
    declared = look.procedure.paper.get(code)
    if declared is None:
        raise Http404
    cadre = None
    if declared.for_each:
        cadre = get_object_or_404(Cadre, pk=request.GET.get("cadre") or 0)
    mine = look.case.papers.filter(code=code, cadre=cadre, replaced_at=None)
    filed = list(mine.select_related("file", "filed_by").prefetch_related("signatures"))
    newest_ = filed[-1] if filed else None
    language = queries.said
    roles = [
        (s.role, queries.role_name(look, s.role))
        if s.role
        else (s.all_of, queries.group_name(look, s.all_of))
        for s in declared.signed_by
    ]
    form = forms.PaperForm(
        request.POST if "file_paper" in request.POST else None,
        request.FILES or None,
        paper=declared,
        values=newest_.fields if newest_ else None,
    )
    sign_form = forms.SignForm(
        request.POST if "sign_paper" in request.POST else None, roles=roles, prefix="sign"
    )
    here = request.get_full_path()
    if request.method == "POST":
        if "file_paper" in request.POST and form.is_valid():
            data, upload = form.cleaned_data, form.cleaned_data["file"]
            common = {
                "actor": request.user,
                "case": look.case,
                "paper": code,
                "cadre": cadre,
                "on": data["on"],
            }
            if upload:
                actions.file_paper(name=upload.name, content=upload, fields=form.values(), **common)
            else:
                actions.write_paper(fields=form.values(), **common)
            messages.success(request, _("The paper is filed."))
            return redirect(here)
        if "sign_paper" in request.POST and newest_ and sign_form.is_valid():
            data = sign_form.cleaned_data
            signature = None
            if data["password"]:
                signature = sign(actor=request.user, password=data["password"], request=request)
            actions.sign_paper(
                actor=request.user,
                paper=newest_,
                role=data["role"],
                signature=signature,
                name=data["name"],
                on=data["signed_on"],
            )
            messages.success(request, _("Signed."))
            return redirect(here)
    old = look.case.papers.filter(code=code, cadre=cadre).exclude(replaced_at=None)
    context = {
        "case": look.case,
        "paper": declared,
        "name": language(declared.name),
        "cadre": cadre,
        "filed": filed,
        "newest": newest_,
        "form": form,
        "sign_form": sign_form if roles and newest_ else None,
        "roles": dict(roles),
        "old": old.select_related("file"),
    }
    return render(request, "selection/paper.html", context)


def paper_file(request, pk: int, paper: int):
    """The stored file of a paper."""
    case = one_case(request, pk)
    filed = get_object_or_404(case.papers.select_related("file"), pk=paper)
    if filed.file is None:
        raise Http404
    name = Path(filed.file.name)
    if request.GET.get("format") == "pdf" and name.suffix == ".docx":
        content = docx_to_pdf(filed.file.path.read_bytes()).content
        return _download(f"{name.stem}.pdf", content, "application/pdf")
    return FileResponse(filed.file.path.open("rb"), as_attachment=True, filename=filed.file.name)


def _download(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def templates(request):
    """The kinds of papers that are printed, each with its template: as shipped or the office's."""
    require(request.user, "selection.templates")
    kind = request.GET.get("kind", "")
    own = office_templates()
    if kind in KINDS:
        shipped = request.GET.get("shipped") or kind not in own
        content = default_template(kind) if shipped else own[kind].path.read_bytes()
        return _download(f"{KINDS[kind].name.zh}.docx", content, DOCX)
    if request.method == "POST":
        form = forms.TemplateForm(request.POST, request.FILES)
        if form.is_valid():
            actions.set_template(
                actor=request.user,
                kind=form.cleaned_data["kind"],
                content=form.cleaned_data["file"].read(),
            )
            messages.success(request, _("Papers of this kind are printed from it from now on."))
            return redirect("selection:templates")
    else:
        form = forms.TemplateForm()
    language = queries.said
    rows = [(k.id, language(k.name), own.get(k.id)) for k in KINDS.values()]
    return render(request, "selection/templates.html", {"rows": rows, "form": form})
