"""Who is proposed, inspected, nominated; and what the rules say of them."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import Role, User
from bole.accounts.permissions import require
from bole.people.models import Cadre
from bole.screening.queries import Answer, outcomes
from bole.selection import context as contexts
from bole.selection.actions.base import begin, note, refuse
from bole.selection.models import Case, CasePost, Member, Outcome, RuleRun

# Groups whose members are users of the program; all others are cadres.
USER_GROUPS = {"inspection_group", "inspected_by"}
# A group that follows from another one: its persons come from there.
FROM = {"candidates": "proposed", "nominees": "candidates", "appointed": "nominees"}


@transaction.atomic
def choose(
    *,
    actor: User,
    case,
    group: str,
    cadre: Cadre | None = None,
    user: User | None = None,
    post: CasePost | None = None,
    reason: str = "",
    on: datetime.date | None = None,
) -> Member:
    """Put a person into a group, with the reason why.

    Cadres of `candidates` come from those proposed, `nominees` from the candidates. Members of
    the inspection group are users with the role of inspector.
    """
    look = begin(actor=actor, case=case, today=on)
    known = {*look.procedure.groups, *(g for s in look.procedure.steps.values() for g in s.chooses)}
    if group not in known:
        raise refuse("GROUP_UNKNOWN", "没有“{g}”这一组。", "There is no group “{g}”.", g=group)
    if (cadre is None) == (user is None) or (user is not None) != (group in USER_GROUPS):
        raise refuse("MEMBER_KIND", "请选择一名人员。", "Choose one person for this group.")
    if user is not None and not user.plays(Role.INSPECTOR, Role.SECTION_OFFICER):
        raise refuse(
            "NOT_INSPECTOR",
            "{n}没有考察人员角色，请先由安全管理员授予。",
            "{n} is not an inspector; the security administrator can grant the role.",
            n=user.name,
        )
    fixing = [i for i, s in look.procedure.steps.items() if group in s.chooses]
    passed = [i for i in fixing if i in look.state.steps]
    if fixing and passed == fixing:
        raise refuse(
            "GROUP_CLOSED",
            "“{s}”已办结，名单已定；如需增加人员，请退回该步骤重新办理。",
            "“{s}” is finished and its list stands; send the case back to add somebody.",
            s=look.procedure.steps[fixing[-1]].name,
        )
    source = FROM.get(group)
    before = {m.cadre_id for m in look.group(source)} if source else set()
    if cadre is not None and before and cadre.pk not in before:
        raise refuse(
            "NOT_FROM_GROUP",
            "{n}不在上一步确定的人选中。",
            "{n} is not among the persons of the step before.",
            n=cadre.name,
        )
    if any(
        m.cadre_id == getattr(cadre, "pk", 0) or (user and m.user_id == user.pk)
        for m in look.group(group)
    ):
        raise refuse("MEMBER_TWICE", "该人员已在名单中。", "That person is already on the list.")
    if group == "proposed" and not reason.strip():
        raise refuse(
            "REASON_EMPTY", "请写明提出理由。", "Write why the person is proposed.", "reason"
        )
    member = Member.objects.create(
        case=look.case,
        group=group,
        cadre=cadre,
        user=user,
        post=post,
        reason=reason,
        added_by=actor,
    )
    _headcount_is_old(look)
    note(
        look,
        actor,
        "choose",
        subject=[cadre] if cadre else [user],
        after={
            "group": look.called("group", group),
            "name": member.name,
            "post": str(post.post) if post else "",
        },
        reason=reason,
        occurred_at=on,
    )
    return member


@transaction.atomic
def leave(*, actor: User, member: Member, reason: str) -> None:
    """Take a person off a group and off the groups that follow from it, with the reason."""
    look = begin(actor=actor, case=member.case_id)
    if not reason.strip():
        raise refuse("REASON_EMPTY", "请写明理由。", "Write the reason.", "reason")
    if member.pk not in {m.pk for m in look.members}:
        raise refuse("MEMBER_LEFT", "该人员已不在名单中。", "That person is no longer on the list.")
    groups = [member.group]
    while following := [g for g, source in FROM.items() if source == groups[-1]]:
        groups.append(following[0])
    rows = look.case.members.filter(group__in=groups, left_at=None)
    rows = rows.filter(cadre=member.cadre) if member.cadre_id else rows.filter(user=member.user)
    rows.update(left_at=timezone.now(), left_reason=reason)
    _headcount_is_old(look)
    note(
        look,
        actor,
        "leave",
        subject=[member.cadre or member.user],
        before={"groups": [look.called("group", g) for g in groups], "name": member.name},
        reason=reason,
    )


def run_rules(
    *, actor: User, case, rule_set: str, group: str, as_of: datetime.date | None = None
) -> RuleRun:
    """Screen the persons of a group against a rule set, as of the day of the motion or `as_of`.

    What was found is frozen; answers and waivers written before stay with the same person and
    rule. The rules are asked before the case is locked, so that nobody waits for them.
    """
    require(actor, "selection.work", case)
    look = contexts.load(
        Case.objects.select_related("scheme", "unit").get(pk=case.pk), today(as_of)
    )
    if rule_set not in look.scheme.rules:
        raise refuse("RULES_UNKNOWN", "办法没有规则组“{r}”", "No rule set “{r}”", r=rule_set)
    cadres = [m.cadre_id for m in look.group(group) if m.cadre_id]
    if not cadres:
        raise refuse("NOBODY_TO_SCREEN", "请先确定人选，再审查资格。", "Choose the persons first.")
    answers = outcomes(look.scheme, rule_set, look.parameters, look.today, cadres)
    return _freeze(actor, case, rule_set, group, look.today, answers)


@transaction.atomic
def _freeze(
    actor: User,
    case: Case,
    rule_set: str,
    group: str,
    as_of: datetime.date,
    answers: list[Answer],
) -> RuleRun:
    look = begin(actor=actor, case=case, today=as_of)
    cadres = {m.cadre_id for m in look.group(group) if m.cadre_id}
    if cadres != {a.cadre for a in answers}:
        raise refuse(
            "GROUP_CHANGED",
            "审查期间名单有变动，请重新审查。",
            "The list changed meanwhile: check the rules again.",
        )
    before = {
        (o.cadre_id, o.rule): o for o in look.outcomes if o.run.rule_set == rule_set and o.waiver
    }
    look.case.rule_runs.filter(rule_set=rule_set, group=group).update(current=False)
    run = RuleRun.objects.create(
        case=look.case, rule_set=rule_set, group=group, as_of=as_of, run_by=actor
    )
    rows = []
    for answer in answers:
        old = before.get((answer.cadre, answer.rule))
        answered = old is not None and old.answered_by_id and answer.question is not None
        verdict = old.verdict if answered else answer.verdict.value
        waived = old is not None and verdict != "met"
        rows.append(
            Outcome(
                run=run,
                rule=answer.rule,
                cadre_id=answer.cadre,
                verdict=verdict,
                text=old.text if answered else answer.text.as_dict(),
                missing=answer.missing.as_dict() if answer.missing and not answered else None,
                strength=answer.strength,
                reference=answer.reference,
                verified=answer.verified,
                question=answer.question.as_dict() if answer.question else None,
                answered_by_id=old.answered_by_id if answered else None,
                answer=old.answer if answered else "",
                waiver=old.waiver if waived else "",
                waived_by_id=old.waived_by_id if waived else None,
            )
        )
    Outcome.objects.bulk_create(rows)
    note(
        look,
        actor,
        "screen",
        after={
            "rules": _rules_name(look, rule_set),
            "group": look.called("group", group),
            "as_of": as_of,
            "persons": len(cadres),
            "not_met": sum(r.verdict == "not_met" for r in rows),
            "unknown": sum(r.verdict == "unknown" for r in rows),
        },
        occurred_at=as_of,
    )
    return run


@transaction.atomic
def judge(*, actor: User, outcome: Outcome, met: bool, reason: str) -> None:
    """Answer the question of a rule that no file can answer, with the ground of the answer.

    `met` is the person's finding about the rule itself, not the answer to its question.
    """
    look = begin(actor=actor, case=outcome.run.case_id)
    outcome = _current(look, outcome)
    if outcome.question is None:
        raise refuse(
            "NO_QUESTION",
            "该规则由程序按档案计算，不需要人工判断。",
            "This rule is computed from the file; nobody has to answer it.",
        )
    if not reason.strip():
        raise refuse("REASON_EMPTY", "请写明依据。", "Write what the answer rests on.", "reason")
    question = outcome.question
    outcome.verdict = "met" if met else "not_met"
    outcome.missing = None
    outcome.text = {
        "zh": f"{question['zh']}{actor.name}认定{'符合' if met else '不符合'}：{reason}",
        "en": f"{question['en']} {actor.name} finds it {'met' if met else 'not met'}: {reason}",
    }
    outcome.answered_by, outcome.answer = actor, reason
    outcome.save(update_fields=["verdict", "missing", "text", "answered_by", "answer"])
    note(
        look,
        actor,
        "judge",
        subject=[outcome.cadre],
        after={"rule": outcome.rule, "name": outcome.cadre.name, "met": met},
        reason=reason,
    )


@transaction.atomic
def waive(*, actor: User, outcome: Outcome, reason: str) -> None:
    """Write the reason for an exception from a rule (department head)."""
    look = begin(actor=actor, case=outcome.run.case_id)
    require(actor, "selection.waive", look.case)
    outcome = _current(look, outcome)
    if not reason.strip():
        raise refuse("REASON_EMPTY", "请写明例外理由。", "Write the reason.", "reason")
    outcome.waiver, outcome.waived_by = reason, actor
    outcome.save(update_fields=["waiver", "waived_by"])
    note(
        look,
        actor,
        "waive",
        subject=[outcome.cadre],
        after={"rule": outcome.rule, "name": outcome.cadre.name},
        reason=reason,
    )


def _rules_name(look: contexts.CaseContext, rule_set: str) -> str:
    name = look.scheme.rules[rule_set].name
    return name.zh if name else rule_set


def _current(look: contexts.CaseContext, outcome: Outcome) -> Outcome:
    """The outcome as it stands now; refused when the rules were asked again meanwhile."""
    for found in look.outcomes:
        if found.pk == outcome.pk:
            return found
    raise refuse(
        "OUTCOME_OLD",
        "资格审查已重新进行，请在新的结果上填写。",
        "The rules were checked again meanwhile: answer on the new result.",
    )


def today(day: datetime.date | None) -> datetime.date:
    """The day given, else today."""
    return day or timezone.localdate()


def _headcount_is_old(look) -> None:
    """The sheet was made for other moves: it must be made again."""
    if look.case.headcount is not None:
        look.case.headcount = None
        look.case.save(update_fields=["headcount"])
