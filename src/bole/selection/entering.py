"""The page that puts cadres chosen elsewhere, such as from a screening, into a running case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from bole.engine.errors import BoleError
from bole.engine.procedures.vocabulary import GROUPS
from bole.engine.text import Text
from bole.people.permissions import readable
from bole.schemes.queries import resolve
from bole.selection import queries
from bole.selection.actions.base import refuse
from bole.selection.actions.entering import enter, take_back
from bole.selection.actions.members import USER_GROUPS
from bole.selection.models import Case

MOST = 200  # people at once
UNDONE = gettext_lazy("Put in by mistake; taken back at once.")


def places(request: HttpRequest) -> list[tuple[Case, list[tuple[str, str]]]]:
    """The running cases that the user may work on, and the groups of cadres that steps choose."""
    found = []
    running = queries.visible(request.user).filter(state=Case.State.RUNNING).order_by("-pk")
    for case in running:
        if not request.user.has_perm("selection.work", case):
            continue
        procedure = resolve(case.scheme).procedure
        groups = [
            (f"{case.pk}:{group}", _name(procedure, group))
            for group in dict.fromkeys(g for s in procedure.steps.values() for g in s.chooses)
            if group not in USER_GROUPS
        ]
        if groups:
            found.append((case, groups))
    return found


def _name(procedure: Any, group: str) -> str:
    own = procedure.groups.get(group)
    text: Text = own.name if own else GROUPS.get(group, Text(group, group))
    return text.say(get_language() or "zh")


@require_POST
def into_case(request: HttpRequest) -> HttpResponse:
    """First the choice of case and group with those ticked, then, confirmed, the act itself."""
    if not request.user.has_perm("selection.open"):
        raise PermissionDenied
    post = request.POST
    ids = [int(p) for p in post.getlist("people") if p.isdigit()][:MOST]
    cadres = list(readable(request.user).filter(pk__in=ids).select_related("unit").order_by("pk"))
    source = post.get("source", "")[:300]
    place, reason = post.get("place", ""), post.get("reason", source)
    offered = places(request)
    problems = []
    if "confirm" in post:
        known = {key: case for case, groups in offered for key, _label in groups}
        try:
            if place not in known:
                raise refuse(
                    "PLACE", "请选择事项和名单。", "Choose the case and the list.", "place"
                )
            members = enter(
                actor=request.user,
                case=known[place],
                group=place.partition(":")[2],
                cadres=cadres,
                reason=reason,
            )
        except BoleError as error:
            problems = [p.text for p in error.problems]
        else:
            numbers = ",".join(str(m.pk) for m in members)
            return redirect(f"{reverse('selection:entered', args=[known[place].pk])}?of={numbers}")
    context = {
        "cadres": cadres,
        "source": source,
        "places": offered,
        "place": place,
        "reason": reason,
        "problems": problems,
        "back": post.get("back") or request.headers.get("Referer", ""),
        "outside": len(set(ids)) - len(cadres),
    }
    return render(request, "selection/into_case.html", context, status=409 if problems else 200)


def entered(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was put in; POST takes them back."""
    case = get_object_or_404(Case.objects.select_related("scheme"), pk=pk)
    if not request.user.has_perm("selection.work", case):
        raise PermissionDenied
    ids = [int(p) for p in request.GET.get("of", "").split(",") if p.isdigit()][:MOST]
    members = list(
        case.members.filter(pk__in=ids, added_by=request.user, left_at=None)
        .select_related("cadre__unit")
        .order_by("pk")
    )
    if request.method == "POST":
        take_back(actor=request.user, members=members, reason=str(UNDONE))
        text = ngettext("%(count)s cadre taken back.", "%(count)s cadres taken back.", len(members))
        messages.success(request, text % {"count": len(members)})
        return redirect(queries.case_url(case))
    group = members[0].group if members else ""
    procedure = resolve(case.scheme).procedure
    context = {
        "case": case,
        "members": members,
        "group": group,
        "name": _name(procedure, group) if group else "",
    }
    return render(request, "selection/entered.html", context)
