"""Dossier audits: the first check, the re-check, the person's signature."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bole.accounts.permissions import require
from bole.engine.vetting import dossier as engine
from bole.people.dossier import six_facts
from bole.people.queries.cadres import histories
from bole.record.actions import log_readings, sign
from bole.vetting import actions, printing, queries
from bole.vetting.forms import DayForm, FactForm, RecheckForm, SignForm
from bole.vetting.models import DossierAudit
from bole.vetting.views.base import desk_url, form_page, open_stream, printed


def dossier_new(request):
    """The first check of six facts."""
    stream = open_stream(request)
    require(request.user, "vetting.audit_dossier")
    key = request.GET.get("cadre", "")
    people = {str(w.person): w.cadre for w in queries.people_of(stream) if w.cadre}
    if key not in people:
        raise Http404
    cadre = people[key]
    forms = {k: FactForm(request.POST or None, prefix=k) for k in engine.FACTS}
    head = DayForm(request.POST or None)

    def act():
        for form in forms.values():
            form.is_valid()
        facts = {
            k: actions.Fact(
                f.cleaned_data.get("verdict", ""),
                f.cleaned_data.get("values", "").splitlines(),
                f.cleaned_data.get("page", ""),
                f.cleaned_data.get("note", ""),
            )
            for k, f in forms.items()
        }
        actions.audit_dossier(
            actor=request.user, stream=stream, cadre=cadre, facts=facts, **head.cleaned_data
        )

    return form_page(
        request,
        permission="vetting.audit_dossier",
        form=head,
        title=_("Dossier audit: %(name)s") % {"name": cadre.name},
        back=desk_url(stream),
        act=act,
        done=_("First check recorded; another person re-checks it."),
        submit=_("Record the first check"),
        template="vetting/dossier_new.html",
        facts=[(k, queries.say(engine.FACTS[k]), f) for k, f in forms.items()],
        known=_known(cadre),
    )


def _known(cadre):
    """What the files say of the six facts, for comparing."""
    rows = histories(cadre, ("dossier", "posts", "education"))
    return six_facts(cadre, rows["dossier"], rows["posts"], rows["education"], with_id_number=False)


@never_cache
def dossier(request, pk: int):
    """One audit: re-checked by another person, then signed by the person."""
    audit = get_object_or_404(
        DossierAudit.objects.select_related("cadre", "first_by", "second_by"), pk=pk
    )
    own = audit.cadre.account_id == request.user.pk
    may_audit = request.user.has_perm("vetting.audit_dossier")
    if not (may_audit or own or request.user.has_perm("vetting.read_content")):
        raise PermissionDenied("vetting.read_content")
    if request.method == "GET":
        log_readings(
            actor=request.user, subjects=[audit.cadre], fields=["vetting.dossier"], reason=""
        )
    states = DossierAudit.State
    rechecking = audit.state == states.FIRST
    if rechecking:
        form = RecheckForm(request.POST or None)

        def act():
            data = dict(form.cleaned_data)
            deadline = data.pop("deadline")
            actions.recheck_dossier(
                actor=request.user, audit=audit, verdicts=data, deadline=deadline
            )
    else:
        form = SignForm(request.POST or None, own=own)

        def act():
            data = form.cleaned_data
            signature = (
                sign(actor=request.user, password=data["password"], request=request)
                if own
                else None
            )
            actions.sign_dossier(
                actor=request.user,
                audit=audit,
                signature=signature,
                statement=data["statement"],
                on=data["on"],
            )

    may = (rechecking and may_audit and audit.first_by_id != request.user.pk and not own) or (
        audit.state == states.RECHECKED and (own or may_audit)
    )
    if request.method == "POST" and not may:
        raise PermissionDenied("vetting.audit_dossier")
    findings = list(audit.findings.all())
    return form_page(
        request,
        permission=None,
        form=form,
        title=_("Dossier audit: %(name)s") % {"name": audit.cadre.name},
        back=desk_url(audit.stream) if may_audit else reverse("desk:home"),
        act=act,
        done=_("Recorded."),
        submit=_("Record the re-check") if rechecking else _("Confirm"),
        template="vetting/dossier.html",
        audit=audit,
        findings=[(queries.say(engine.FACTS[f.kind]), f) for f in findings],
        routes=[queries.say(engine.ROUTES[r]) for r in audit.routes],
        rechecking=rechecking,
        waits_for_other=rechecking and not may,
        may=may,
    )


@never_cache
def dossier_form(request, pk: int):
    """The confirmation form on paper, for the person's signature; ?format=pdf or Word."""
    audit = get_object_or_404(
        DossierAudit.objects.select_related("cadre", "first_by", "second_by"), pk=pk
    )
    if not (
        audit.cadre.account_id == request.user.pk or request.user.has_perm("vetting.read_content")
    ):
        raise PermissionDenied("vetting.read_content")
    log_readings(actor=request.user, subjects=[audit.cadre], fields=["vetting.dossier"], reason="")
    return printed(request, lambda form: printing.dossier_form(audit, form))
