"""What a case states, the values of its scheme, its ballots, its course."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bole.ballots.queries import meetings
from bole.selection import actions, forms, queries
from bole.selection.models import Course
from bole.selection.views.base import newer, one_case, read


def facts(request, pk: int):
    """What the case states: kind, concentrated opinion, non-Party candidates …"""
    look = read(request, pk)
    form = forms.fact_form(look, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = forms.fact_values(look, form)
        if changed:
            actions.state_facts(actor=request.user, case=look.case, facts=changed)
        messages.success(request, _("Saved."))
        return redirect(queries.case_url(look.case))
    context = {"title": _("Facts of the case"), "form": form, "back": queries.case_url(look.case)}
    return render(request, "web/form_page.html", context)


def parameters(request, pk: int):
    """Values of the scheme for this case; those that the scheme leaves open are asked for."""
    look = read(request, pk)
    rows = [
        {
            "name": name,
            "label": queries.said(p.label),
            "value": look.parameters.get(name),
            "parameter": p,
            "choices": [(k, queries.said(v)) for k, v in p.choices.items()],
        }
        for name, p in look.scheme.parameters.items()
    ]
    if request.method == "POST":
        values = {
            r["name"]: v
            for r in rows
            if (v := request.POST.get(r["name"], "").strip())
            and v != str(r["value"] if r["value"] is not None else "")
        }
        if values:
            actions.set_parameters(
                actor=request.user,
                case=look.case,
                values=values,
                reason=request.POST.get("reason", ""),
            )
        messages.success(request, _("Saved."))
        return redirect(queries.case_url(look.case))
    return render(request, "selection/parameters.html", {"case": look.case, "rows": rows})


def ballot(request, pk: int, ballot: str):
    """The meetings of one ballot of the case; plan one with the scheme's own form."""
    look = read(request, pk)
    use = look.procedure.ballots.get(ballot)
    if use is None:
        raise Http404
    held = [m for m in meetings(look.case.stream) if m.ballot == ballot]
    form = forms.BallotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        meeting = actions.plan_ballot(
            actor=request.user,
            case=look.case,
            ballot=ballot,
            held_on=data["held_on"],
            channel=data["channel"],
            classes=data["classes"],
        )
        return redirect("ballots:detail", pk=meeting.pk)
    context = {"case": look.case, "name": queries.said(use.name), "held": held, "form": form}
    return render(request, "selection/ballot.html", context)


def vetting(request, pk: int):
    """The vetting desk of this case."""
    case = one_case(request, pk)
    return redirect(f"{reverse('vetting:list')}?stream={case.stream}")


def course(request, pk: int):
    """What happened in the case: steps, returns, suspensions, with who, when and why."""
    look = read(request, pk)
    rows = [
        {
            "event": c,
            "name": queries.said(look.procedure.steps[c.target].name)
            if c.target in look.procedure.steps
            else c.target,
        }
        for c in look.course
    ]
    context = {
        "case": look.case,
        "rows": rows,
        "suspended": any(
            c.kind == Course.Kind.SUSPENDED and c.ended_on is None for c in look.course
        ),
        "newer": newer(look.case),
        "may_withdraw": request.user.has_perm("selection.withdraw", look.case),
    }
    return render(request, "selection/course.html", context)


def version(request, pk: int):
    """Move a case to the newest version of its scheme: first what differs, then the act."""
    look = read(request, pk)
    new = newer(look.case)
    if new is None or not request.user.has_perm("selection.withdraw", look.case):
        raise Http404
    if request.method == "POST":
        actions.move_version(
            actor=request.user,
            case=look.case,
            scheme=new,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("The case goes on under the new version."))
        return redirect(queries.case_url(look.case))
    context = {"case": look.case, "new": new, **queries.version_move(look, new)}
    return render(request, "selection/version.html", context)
