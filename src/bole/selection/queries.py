"""Reads of cases: lists, what is due, and the case page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.accounts.models import Role, User
from bole.engine.procedures import Reason, StepStatus, move
from bole.engine.procedures.base import Need
from bole.engine.procedures.evaluate.votes import vote_lines
from bole.engine.procedures.gates import VoteGate
from bole.engine.procedures.vocabulary import ACTIONS, GROUPS, ROLES
from bole.engine.text import Text
from bole.record.models import Entry
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import resolve
from bole.selection.context import CaseContext, load
from bole.selection.models import Case
from bole.selection.permissions import doers, is_doer, may_act
from bole.web.due import Due

READERS = (
    Role.SECTION_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.AUDITOR,
    Role.COMMITTEE_MEMBER,
    Role.DISCIPLINE_LIAISON,
)


# Counts up when what `standing` keeps changes, so that no older one is read.
STANDING = 2


def visible(user: User) -> QuerySet[Case]:
    """The cases that the user may read: all for the office, else those the user is in.

    A step whose turn it is and that names the user, or the user's unit, counts as being in it.
    """
    cases = Case.objects.select_related("unit", "scheme", "batch").defer("scheme__document")
    if user.plays(*READERS):
        return cases
    running = Case.objects.filter(state=Case.State.RUNNING).values_list("pk", "standing")
    named = [
        pk
        for pk, standing in running
        if any(
            (one["unit"] or one["named"]) and is_doer(user, one)
            for step in standing.get("steps", [])
            for one in step.get("who", [])
        )
    ]
    own = cases.filter(members__user=user, members__left_at=None) | cases.filter(pk__in=named)
    return own.distinct()


def said(text: Text) -> str:
    """A sentence of the engine in the page's language."""
    return text.say(get_language() or "zh")


def standing(case: Case, sequence: int, today: datetime.date) -> dict[str, Any]:
    """What list and first page say of a running case; found anew when its record has grown."""
    known = case.standing
    if (known.get("sequence"), known.get("day"), known.get("form")) == (
        sequence,
        today.isoformat(),
        STANDING,
    ):
        return known
    look = load(case, today)
    status = look.status
    steps = [
        {
            "step": i,
            "name": look.procedure.steps[i].name.as_dict(),
            "state": status.steps[i].state,
            "reasons": [
                r.text.as_dict() for r in (*status.steps[i].reasons, *status.steps[i].remaining)
            ][:6],
            "who": doers(look.procedure, look.procedure.steps[i].who),
            "due": due_.on.isoformat() if (due_ := status.steps[i].due) and due_.on else None,
        }
        for i in status.here
    ]
    done = sum(link.done for link in status.links.values())
    known = {
        "form": STANDING,
        "sequence": sequence,
        "day": today.isoformat(),
        "steps": steps,
        "done": done,
        "of": sum(link.of for link in status.links.values()),
        "link": next(
            (
                link.name.as_dict()
                for link in look.procedure.links
                if status.links[link.id].state not in ("done", "not_applicable")
            ),
            None,
        ),
    }
    Case.objects.filter(pk=case.pk).update(standing=known)
    case.standing = known
    return known


def with_standing(cases: list[Case], today: datetime.date) -> list[Case]:
    """Running cases with their standing brought up to their last record entry."""
    running = [c for c in cases if c.state == Case.State.RUNNING]
    last = dict(
        Entry.objects.filter(stream__in=[c.stream for c in running])
        .values_list("stream")
        .annotate(Max("stream_sequence"))
    )
    for case in running:
        standing(case, last.get(case.stream, 0), today)
    return cases


def due(user: User, today: datetime.date) -> list[Due]:
    """The steps whose turn it is in the user's cases, with their dates and what blocks them."""
    cases = with_standing(list(visible(user).filter(state=Case.State.RUNNING)[:200]), today)
    items = []
    for case in cases:
        for step in case.standing.get("steps", []):
            if not may_act(user, step["who"]):
                continue
            reasons = [said(Text(**r)) for r in step["reasons"]]
            items.append(
                Due(
                    what=f"{case.number} {case.title}：{said(Text(**step['name']))}",
                    url=f"{case_url(case)}?step={step['step']}",
                    kind="blocked" if step["state"] == "blocked" else "step",
                    when=datetime.date.fromisoformat(step["due"]) if step["due"] else None,
                    detail="；".join(reasons[:3]),
                    blocked=step["state"] == "blocked",
                )
            )
    return items


def case_url(case: Case) -> str:
    """The page of a case."""
    return reverse("selection:case", args=[case.pk])


@dataclass(frozen=True)
class Button:
    """What clears a reason: a link, or a form that is posted at once."""

    label: str
    url: str
    post: dict[str, str] | None = None
    asks: str = ""  # the label of a text that is posted with it as `reason`


@dataclass(frozen=True)
class ReasonRow:
    """A reason on the page, with the button that clears it."""

    reason: Reason
    text: str
    button: Button | None


@dataclass(frozen=True)
class PaperRow:
    """A paper that a step needs: what is filed, who signed, who still has to sign."""

    code: str
    name: str
    person: Any
    filed: Any
    signatures: list[Any]
    wanted: list[str]
    url: str


@dataclass(frozen=True)
class StepPage:
    """One step as the case page shows it."""

    step: Any
    status: StepStatus
    who: list[str]
    reasons: list[ReasonRow]
    remaining: list[ReasonRow]
    warnings: list[ReasonRow]
    papers: list[PaperRow]
    groups: list[tuple[str, str, list[Any]]]
    rule_sets: list[tuple[str, str, str]]
    facts: list[tuple[str, str, Any]]
    ballots: list[tuple[str, str, Any, list[str]]]  # code, name, count, what a vote needs or got
    counts_posts: bool  # a gate of the step looks at the headcount sheet
    may_act: bool


def role_name(look: CaseContext, role: str) -> str:
    """A role in the words of the procedure or of the house."""
    own = look.procedure.roles.get(role)
    return said(own.name if own else ROLES.get(role, Text(role, role)))


def group_name(look: CaseContext, group: str) -> str:
    """A group in the words of the procedure or of the house."""
    own = look.procedure.groups.get(group)
    return said(own.name if own else GROUPS.get(group, Text(group, group)))


def step_page(look: CaseContext, step_id: str, user: User) -> StepPage:
    """Everything about one step; makes no query beyond the loaded case."""
    step = look.procedure.steps[step_id]
    status = look.status.steps[step_id]

    def rows(found: tuple[Reason, ...]) -> list[ReasonRow]:
        return [ReasonRow(r, said(r.text), button(look, step_id, r)) for r in found]

    gates = [*step.gates, *step.finish]
    codes = [*step.papers, *step.optional_papers]
    for gate in gates:
        codes += [p for p in getattr(gate, "papers", []) if p not in codes]
    return StepPage(
        step=step,
        status=status,
        who=[
            role_name(look, a.role) if a.role else said(a.unit or a.named or Text("", ""))
            for a in step.who
        ],
        reasons=rows(status.reasons),
        remaining=rows(status.remaining),
        warnings=rows(status.warnings),
        papers=[row for code in codes for row in paper_rows(look, code)],
        groups=[(g, group_name(look, g), look.group(g)) for g in step.chooses],
        rule_sets=[
            (g.rules, g.of, said(look.scheme.rules[g.rules].name or Text(g.rules, g.rules)))
            for g in gates
            if g.kind == "rules" and g.rules in look.scheme.rules
        ],
        facts=[(f, said(look.procedure.facts[f].name), fact_words(look, f)) for f in step.states],
        ballots=[
            (b, said(look.procedure.ballots[b].name), look.ballot(b), _vote_words(look, b))
            for b in step.ballots
        ],
        counts_posts=any(g.kind == "headcount" for g in gates),
        may_act=may_act(user, doers(look.procedure, step.who)),
    )


def _vote_words(look: CaseContext, ballot: str) -> list[str]:
    """Before a vote what it needs, after it what was reached; empty where nothing is voted on."""
    for step in look.procedure.steps.values():
        for gate in (*step.gates, *step.finish):
            if isinstance(gate, VoteGate) and gate.ballot == ballot:
                try:
                    return [said(line) for line in vote_lines(gate, look.engine)]
                except Need:
                    return []  # the gate itself asks for the value
    return []


def version_move(look: CaseContext, new: SchemeVersion) -> dict[str, Any]:
    """What moving the case to another version of its scheme would change, in words.

    `changes` sentences; `kept` (how many finished steps stay), `reopened`, `lost`, `before`: names
    of steps that are to be done again, that are gone, that are new and come before finished ones.
    """
    other = resolve(new).procedure
    assert other is not None
    moved = move(look.procedure, other, look.state)
    return {
        "changes": [said(change.text) for change in moved.changes],
        "kept": len(moved.kept),
        "reopened": [said(other.steps[i].name) for i in moved.reopened],
        "lost": [said(look.procedure.steps[i].name) for i in moved.lost],
        "before": [said(other.steps[i].name) for i in moved.new_before],
    }


def fact_words(look: CaseContext, name: str) -> Any:
    """What the case states, in words."""
    value = look.fact(name)
    choices = look.procedure.facts[name].choices
    if value in choices:
        return said(choices[value])
    return {True: _("yes"), False: _("no")}.get(value, value) if isinstance(value, bool) else value


def paper_rows(look: CaseContext, code: str) -> list[PaperRow]:
    """One row per paper, or per person for papers kept per person."""
    declared = look.procedure.paper[code]
    people = [m.cadre for m in look.group(declared.for_each)] if declared.for_each else [None]
    wanted = [
        role_name(look, s.role) if s.role else group_name(look, s.all_of or "")
        for s in declared.signed_by
    ]
    result = []
    for person in people:
        filed = [
            p
            for p in look.filed
            if p.code == code and p.cadre_id == (person.pk if person else None)
        ]
        newest = filed[-1] if filed else None
        url = reverse("selection:paper", args=[look.case.pk, code])
        if person:
            url += f"?cadre={person.pk}"
        result.append(
            PaperRow(
                code,
                said(declared.name),
                person,
                newest,
                list(newest.signatures.all()) if newest else [],
                wanted,
                url,
            )
        )
    return result


def button(look: CaseContext, step_id: str, reason: Reason) -> Button | None:
    """The button that clears a reason, as the action's name says."""
    case = look.case
    label = said(ACTIONS.get(reason.action, Text(reason.action, reason.action)))
    here = case_url(case)
    act = reverse("selection:act", args=[case.pk])
    target = reason.target
    step = look.procedure.steps[step_id]
    match reason.action:
        case "finish_step":
            return Button(label, f"{here}?step={target}")
        case "file_paper" | "sign_paper" | "report_change":
            if target not in look.procedure.paper:
                return None
            url = reverse("selection:paper", args=[case.pk, target])
            return Button(label, f"{url}?cadre={reason.person}" if reason.person else url)
        case "do_task":
            return Button(label, act, {"action": "task", "step": step_id, "task": target})
        case "write_record":
            fields = {"action": "record", "step": step_id, "item": target}
            return Button(label, act, fields, said(Text("纪实内容", "What is recorded")))
        case "review_record":
            fields = {"action": "review", "step": step_id, "item": target}
            return Button(label, act, fields)
        case "check_headcount" | "change_plan":
            return Button(said(ACTIONS["check_headcount"]), act, {"action": "headcount"})
        case "run_rules":
            gate = next(g for g in [*step.gates, *step.finish] if getattr(g, "rules", "") == target)
            fields = {"action": "screen", "rule_set": target, "group": gate.of}
            return Button(label, act, fields)
        case "resolve_rule":
            return Button(label, reverse("selection:outcomes", args=[case.pk]))
        case "supply_fact":
            if reason.kind == "headcount":
                return Button(label, reverse("units:detail", args=[case.unit_id]))
            return Button(label, reverse("selection:outcomes", args=[case.pk]))
        case "choose_persons":
            return Button(label, reverse("selection:group", args=[case.pk, target]))
        case "enter_results" | "reconcile_results" | "hold_vote" | "reconsider":
            return Button(label, reverse("selection:ballot", args=[case.pk, target]))
        case "ask_body" | "record_answer" | "conclude_check" | "resolve_hold":
            return Button(label, reverse("selection:vetting", args=[case.pk]))
        case "open_matter":
            query = urlencode({"case": case.stream, "cadre": reason.person or ""})
            return Button(label, f"{reverse('matters:new', args=[target])}?{query}")
        case "state_fact":
            return Button(label, reverse("selection:facts", args=[case.pk]))
        case "set_parameter":
            return Button(label, reverse("selection:parameters", args=[case.pk]))
        case "write_reason":
            return Button(label, f"{here}?step={step_id}#warnings")
        case "resume_case":
            return Button(label, reverse("selection:course", args=[case.pk]))
    return None


def case_rows(user: User, today: datetime.date) -> QuerySet[Case]:
    """Cases for the list, those running brought up to date."""
    cases = visible(user)
    with_standing(list(cases.filter(state=Case.State.RUNNING)[:200]), today)
    return visible(user)


def search(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By number, title, unit, or a person in the case."""
    for word in text.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(members__cadre__name__icontains=word)
        )
    return rows.distinct()


def state_words(case: Case) -> str:
    """Where the case stands, in a few words."""
    if case.state != Case.State.RUNNING:
        return case.get_state_display()
    link = case.standing.get("link")
    return said(Text(**link)) if link else _("Running")
