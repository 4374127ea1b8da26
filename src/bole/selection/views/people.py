"""Who is in the groups of a case, and what the rules say of them."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render

from bole.selection import actions, forms, queries
from bole.selection.actions.members import FROM, USER_GROUPS
from bole.selection.views.base import read


def group(request, pk: int, group: str):
    """Who is in a group; choose, and take off with a reason."""
    look = read(request, pk)
    users = group in USER_GROUPS
    form = (forms.UserMemberForm if users else forms.CadreMemberForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.choose(
            actor=request.user,
            case=look.case,
            group=group,
            cadre=data.get("cadre"),
            user=data.get("user"),
            reason=data["reason"],
        )
        return redirect("selection:group", pk=pk, group=group)
    source = FROM.get(group)
    offered = [m for m in look.group(source) if m.cadre_id] if source else []
    taken = {m.cadre_id for m in look.group(group)}
    context = {
        "case": look.case,
        "group": group,
        "name": queries.group_name(look, group),
        "members": look.group(group),
        "offered": [m for m in offered if m.cadre_id not in taken],
        "form": form,
        "users": users,
        "left": look.case.members.filter(group=group).exclude(left_at=None).select_related("cadre"),
        "outcomes": {o.cadre_id for o in look.outcomes if o.verdict == "not_met" and not o.waiver},
    }
    return render(request, "selection/group.html", context)


def outcome_list(request, pk: int):
    """Each rule for each person: pass, fail, unknown with what is missing; waivers."""
    look = read(request, pk)
    prefetch_related_objects(look.outcomes, "waived_by", "answered_by")
    runs: dict = {}
    for outcome in look.outcomes:
        people = runs.setdefault(outcome.run, {})
        people.setdefault(outcome.cadre, []).append(outcome)
    named = [
        {
            "run": run,
            "name": queries.said(look.scheme.rules[run.rule_set].name)
            if run.rule_set in look.scheme.rules and look.scheme.rules[run.rule_set].name
            else run.rule_set,
            "group": queries.group_name(look, run.group),
            "people": people,
        }
        for run, people in runs.items()
    ]
    return render(request, "selection/outcomes.html", {"case": look.case, "runs": named})
