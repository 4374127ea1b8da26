"""Pages of selection cases: parse, call one action or query, render."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.matters.queries import panel as matters_of
from bole.selection import actions, forms, queries
from bole.selection.models import Case, Member, Outcome
from bole.selection.views.base import newer, one_case, read
from bole.web.tables import Column, Filter, Table, equals


def case_list(request):
    """All cases that the user may read."""
    if not request.user.has_perm("selection.list"):
        raise PermissionDenied
    today = timezone.localdate()
    table = Table(
        request,
        queries.case_rows(request.user, today),
        [
            Column("number", _("Number"), lambda c: c.number, "number", queries.case_url),
            Column("title", _("Title"), lambda c: c.title, "title", queries.case_url),
            Column("unit", _("Unit"), lambda c: c.unit.name, "unit__path"),
            Column("batch", _("Batch"), lambda c: c.batch.name if c.batch else "", "batch__name"),
            Column(
                "scheme", _("Scheme"), lambda c: c.scheme.name_zh, "scheme__name_zh", shown=False
            ),
            Column("where", _("Where it stands"), queries.state_words),
            Column(
                "done",
                _("Steps"),
                lambda c: (
                    f"{c.standing.get('done', '')}/{c.standing.get('of', '')}" if c.standing else ""
                ),
            ),
            Column("started", _("Started"), lambda c: c.started, "started"),
        ],
        _("Selection cases"),
        filters=[Filter("state", _("State"), Case.State.choices, equals("state"))],
        search=queries.search,
        search_hint=_("Number, post, unit or person"),
        empty=_("Open a case for a vacant post with “New case”."),
    )
    return table.export() or render(
        request,
        "selection/list.html",
        {"table": table, "may_open": request.user.has_perm("selection.open")},
    )


def case_new(request):
    """Open a case for vacant posts."""
    if not request.user.has_perm("selection.open"):
        raise PermissionDenied
    initial = {"posts": request.GET.getlist("post")}
    form = forms.CaseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        case = actions.open_case(
            actor=request.user,
            posts=list(data["posts"].select_related("unit")),
            scheme=data["scheme"],
            batch=data["batch"],
            title=data["title"],
        )
        messages.success(request, _("Case %(number)s is open.") % {"number": case.number})
        return redirect(queries.case_url(case))
    context = {
        "title": _("New case"),
        "form": form,
        "back": reverse("selection:list"),
        "submit": _("Open the case"),
        "explain": _("The scheme's version is kept for the whole case."),
    }
    return render(request, "web/form_page.html", context)


def batch_new(request):
    """A batch for cases that are carried together."""
    if not request.user.has_perm("selection.open"):
        raise PermissionDenied
    form = forms.BatchForm(request.POST or None, initial={"opened_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.open_batch(
            actor=request.user,
            name=data["name"],
            opened_on=data["opened_on"],
            note_text=data["note"],
        )
        messages.success(request, _("The batch is made."))
        return redirect("selection:new")
    context = {"title": _("New batch"), "form": form, "back": reverse("selection:list")}
    return render(request, "web/form_page.html", context)


def case_detail(request, pk: int):
    """One case: links across, steps down, and the chosen step with all that it needs."""
    look = read(request, pk)
    status = look.status
    wanted = request.GET.get("step", "")
    if wanted not in status.steps:
        wanted = status.here[0] if status.here else next(reversed(status.steps))
    links = [
        {
            "link": link,
            "name": queries.said(link.name),
            "status": status.links[link.id],
            "steps": [
                {
                    "id": s.id,
                    "name": queries.said(s.name),
                    "status": status.steps[s.id],
                    "shown": s.id == wanted,
                    "key": s.key_node,
                }
                for s in link.steps
            ],
        }
        for link in look.procedure.links
    ]
    step = look.procedure.steps[wanted]
    context = {
        "case": look.case,
        "links": links,
        "status": status,
        "page": queries.step_page(look, wanted, request.user),
        "step_name": queries.said(step.name),
        "link_name": next(
            x["name"] for x in links if x["link"].id == look.procedure.link_of[wanted]
        ),
        "newer": newer(look.case),
        "returns": [
            (r.to, queries.said(look.procedure.steps[r.to].name), queries.said(r.reason))
            for r in status.steps[wanted].may_return
            if look.case.state == Case.State.RUNNING
        ],
        "stands_still": any(x.step == wanted for x in look.state.suspensions),
        "skip_reason": queries.said(step.skip.reason) if step.skip else "",
        "today": look.today,
        "matters": matters_of(look.case.stream, request.user, look.today),
    }
    template = "selection/step.html" if request.htmx.target == "step" else "selection/case.html"
    return render(request, template, context)


@require_POST
def act(request, pk: int):
    """The buttons of a case that need no page of their own."""
    case = one_case(request, pk)
    get, user = request.POST.get, request.user
    day = forms.today_or(get("on", "")) or None
    step = get("step", "")
    back = f"{queries.case_url(case)}?step={step}" if step else queries.case_url(case)
    done = _("Done.")
    match get("action"):
        case "finish":
            actions.finish_step(actor=user, case=case, step=step, on=day)
            back, done = queries.case_url(case), _("The step is finished.")
        case "skip":
            actions.skip_step(actor=user, case=case, step=step, reason=get("reason", ""))
            back = queries.case_url(case)
        case "return":
            actions.return_step(
                actor=user, case=case, step=step, to=get("to", ""), reason=get("reason", "")
            )
            back = f"{queries.case_url(case)}?step={get('to', '')}"
        case "task":
            actions.do_task(actor=user, case=case, step=step, task=get("task", ""))
        case "record":
            text, item = get("reason", ""), get("item", "")
            actions.write_record(actor=user, case=case, step=step, item=item, text=text)
        case "review":
            actions.review_record(actor=user, case=case, step=step, item=get("item", ""))
        case "headcount":
            actions.check_headcount(actor=user, case=case)
            done = _("The headcount sheet is made.")
        case "screen":
            actions.run_rules(
                actor=user, case=case, rule_set=get("rule_set", ""), group=get("group", "")
            )
            back = reverse("selection:outcomes", args=[pk])
        case "accept":
            actions.accept_warning(
                actor=user, case=case, key=get("key", ""), reason=get("reason", "")
            )
        case "suspend":
            until = forms.today_or(get("until", ""))
            actions.suspend_case(
                actor=user, case=case, step=step, until=until, reason=get("reason", "")
            )
        case "resume":
            actions.resume_case(actor=user, case=case, step=step, reason=get("reason", ""))
        case "withdraw":
            actions.withdraw_case(actor=user, case=case, reason=get("reason", ""))
        case "leave":
            member = get_object_or_404(Member, pk=get("member"), case=case)
            actions.leave(actor=user, member=member, reason=get("reason", ""))
            back = reverse("selection:group", args=[pk, member.group])
        case "waive":
            outcome = get_object_or_404(Outcome, pk=get("outcome"), run__case=case)
            actions.waive(actor=user, outcome=outcome, reason=get("reason", ""))
            back = reverse("selection:outcomes", args=[pk])
        case "judge":
            outcome = get_object_or_404(Outcome, pk=get("outcome"), run__case=case)
            actions.judge(
                actor=user, outcome=outcome, met=get("met") == "yes", reason=get("reason", "")
            )
            back = reverse("selection:outcomes", args=[pk])
        case _:
            raise Http404
    messages.success(request, done)
    return redirect(back)
