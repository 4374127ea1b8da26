"""Pages of selection cases: parse, call one action or query, render."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bole.ballots.queries import meetings
from bole.matters.queries import panel as matters_of
from bole.people.models import Cadre
from bole.record.actions import sign
from bole.schemes.models import SchemeVersion
from bole.selection import actions, forms, queries
from bole.selection.actions.members import USER_GROUPS
from bole.selection.context import load
from bole.selection.models import Case, Course, Member, Outcome
from bole.web.tables import Column, Filter, Table, equals


def _case(request, pk: int) -> Case:
    newest = SchemeVersion.objects.filter(code=OuterRef("scheme__code")).order_by(
        "-installed_at", "-pk"
    )
    case = get_object_or_404(
        Case.objects.select_related("scheme", "unit", "batch")
        .defer("scheme__document")
        .annotate(newest_scheme=Subquery(newest.values("pk")[:1])),
        pk=pk,
    )
    if not request.user.has_perm("selection.read", case):
        raise PermissionDenied
    return case


def _look(request, pk: int):
    return load(_case(request, pk), timezone.localdate())


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
        form.save()
        messages.success(request, _("The batch is made."))
        return redirect("selection:new")
    context = {"title": _("New batch"), "form": form, "back": reverse("selection:list")}
    return render(request, "web/form_page.html", context)


def case_detail(request, pk: int):
    """One case: links across, steps down, and the chosen step with all that it needs."""
    look = _look(request, pk)
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
        "newer": _newer(look.case),
        "returns": [
            (r.to, queries.said(look.procedure.steps[r.to].name), queries.said(r.reason))
            for r in status.steps[wanted].may_return
            if look.case.state == Case.State.RUNNING
        ],
        "skip_reason": queries.said(step.skip.reason) if step.skip else "",
        "today": look.today,
        "matters": matters_of(look.case.stream, request.user, look.today),
    }
    template = "selection/step.html" if request.htmx.target == "step" else "selection/case.html"
    return render(request, template, context)


def _newer(case: Case) -> SchemeVersion | None:
    """The newest version of the case's scheme, if the case runs under an older one."""
    if case.newest_scheme == case.scheme_id:
        return None
    return SchemeVersion.objects.get(pk=case.newest_scheme)


@require_POST
def act(request, pk: int):
    """The buttons of a case that need no page of their own."""
    case = _case(request, pk)
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
            actions.suspend_case(actor=user, case=case, reason=get("reason", ""))
        case "resume":
            actions.resume_case(actor=user, case=case, reason=get("reason", ""))
        case "withdraw":
            actions.withdraw_case(actor=user, case=case, reason=get("reason", ""))
        case "version":
            version = _newer(case)
            if version is None:
                raise Http404
            actions.move_version(actor=user, case=case, scheme=version, reason=get("reason", ""))
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


def facts(request, pk: int):
    """What the case states: kind, concentrated opinion, non-Party candidates …"""
    look = _look(request, pk)
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
    look = _look(request, pk)
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


def group(request, pk: int, group: str):
    """Who is in a group; choose, and take off with a reason."""
    look = _look(request, pk)
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
    source = actions.members.FROM.get(group)
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
    look = _look(request, pk)
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


def paper(request, pk: int, code: str):
    """One paper: fill and print it, or bring a file; sign it; earlier versions stay."""
    look = _look(request, pk)
    declared = look.procedure.paper.get(code)
    if declared is None:
        raise Http404
    cadre = None
    if declared.for_each:
        cadre = get_object_or_404(Cadre, pk=request.GET.get("cadre") or 0)
    filed = [
        p for p in look.filed if p.code == code and p.cadre_id == (cadre.pk if cadre else None)
    ]
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
    case = _case(request, pk)
    filed = get_object_or_404(case.papers.select_related("file"), pk=paper)
    if filed.file is None:
        raise Http404
    return FileResponse(filed.file.path.open("rb"), as_attachment=True, filename=filed.file.name)


def ballot(request, pk: int, ballot: str):
    """The meetings of one ballot of the case; plan one with the scheme's own form."""
    look = _look(request, pk)
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
    case = _case(request, pk)
    return redirect(f"{reverse('vetting:list')}?stream={case.stream}")


def course(request, pk: int):
    """What happened in the case: steps, returns, suspensions, with who, when and why."""
    look = _look(request, pk)
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
        "newer": _newer(look.case),
        "may_withdraw": request.user.has_perm("selection.withdraw", look.case),
    }
    return render(request, "selection/course.html", context)
