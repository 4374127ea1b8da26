"""Opening, stating, finishing, returning, suspending: the course of a case."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots.queries import meetings
from bole.engine.errors import BoleError, Problem
from bole.engine.procedures import again
from bole.engine.procedures import move as move_state
from bole.engine.procedures.models import RecordItem
from bole.engine.text import Text
from bole.record.actions import Signature, append
from bole.record.streams import OFFICE
from bole.schemes.models import SchemeVersion
from bole.schemes.queries import resolve
from bole.selection import context as contexts
from bole.selection.actions.base import at_turn, begin, hold, may_do, note, refuse, step_of
from bole.selection.actions.effects import write_appointments
from bole.selection.models import RECORD, REVIEW, Batch, Case, CasePost, Course
from bole.selection.permissions import decides
from bole.units.models import Post


@transaction.atomic
def open_batch(*, actor: User, name: str, opened_on: datetime.date, note_text: str = "") -> Batch:
    """Open a batch of cases that are carried together; its name is given once."""
    require(actor, "selection.open")
    if Batch.objects.filter(name=name.strip()).exists():
        raise refuse(
            "BATCH_NAME", "已有批次“{n}”。", "There is a batch “{n}” already.", "name", n=name
        )
    batch = Batch.objects.create(name=name.strip(), opened_on=opened_on, note=note_text)
    append(
        actor=actor,
        action="batch.open",
        stream=OFFICE,
        subject=batch,
        after={"name": batch.name, "on": opened_on},
        occurred_at=opened_on,
    )
    return batch


@transaction.atomic
def open_case(
    *,
    actor: User,
    posts: list[Post],
    scheme: SchemeVersion,
    title: str = "",
    batch: Batch | None = None,
    facts: dict[str, Any] | None = None,
    parameters: dict[str, Any] | None = None,
    on: datetime.date | None = None,
) -> Case:
    """Open a case for one vacant post or a group of like posts of one level.

    The scheme's version is kept for the whole case. Refuses posts of different levels, a post
    that another running case fills, and a scheme without a procedure.
    """
    require(actor, "selection.open")
    hold("selection:open")  # one after the other: posts are taken once, numbers given once
    resolved = resolve(scheme)
    if not posts:
        raise refuse("CASE_NO_POST", "请选择要配备的职位。", "Choose the post to be filled.")
    if resolved.procedure is None:
        raise refuse("CASE_NO_PROCEDURE", "该办法没有程序。", "The scheme has no procedure to run.")
    if len({p.grade for p in posts}) > 1:
        raise refuse(
            "CASE_MIXED_GRADES",
            "一个事项只办理同一层次的职位：请分开办理。",
            "One case fills posts of one level: open a case for each level.",
        )
    busy = CasePost.objects.filter(post__in=posts, case__state=Case.State.RUNNING)
    if taken := busy.select_related("case", "post").first():
        raise refuse(
            "CASE_POST_TAKEN",
            "“{p}”已在事项{c}中办理。",
            "“{p}” is already being filled in case {c}.",
            p=str(taken.post),
            c=taken.case.number,
        )
    on = on or timezone.localdate()
    year = f"{on.year}-"
    given = Case.objects.filter(number__startswith=year).values_list("number", flat=True)
    number = f"{year}{max((int(n[5:]) for n in given), default=0) + 1:03d}"
    values = dict(parameters or {})
    if "target_grade" in resolved.parameters:
        values.setdefault("target_grade", posts[0].grade)
    resolved.values(values)
    stated = {"posts": len(posts)} if "posts" in resolved.procedure.facts else {}
    if "dual_management" in resolved.procedure.facts:
        stated["dual_management"] = posts[0].unit.dual_managed
    case = Case.objects.create(
        number=number,
        title=title or "、".join(str(p) for p in posts)[:200],
        batch=batch,
        scheme=scheme,
        unit=posts[0].unit,
        facts={**stated, **(facts or {})},
        parameters=values,
        started=on,
        opened_by=actor,
    )
    CasePost.objects.bulk_create(CasePost(case=case, post=p) for p in posts)
    look = contexts.load(case, on)
    note(
        look,
        actor,
        "open",
        subject=[case.unit],
        after={
            "number": number,
            "title": case.title,
            "posts": [str(p) for p in posts],
            "scheme": scheme.code,
            "digest": scheme.digest,
        },
        occurred_at=on,
    )
    return case


@transaction.atomic
def state_facts(*, actor: User, case: Case, facts: dict[str, Any]) -> None:
    """State facts of the case (kind, concentrated opinion …). Empty values take a fact back."""
    look = begin(actor=actor, case=case)
    problems = []
    for name, value in facts.items():
        declared = look.procedure.facts.get(name)
        if declared is None:
            text = Text("程序中没有“{f}”", "The procedure has no “{f}”").fill(f=name)
            problems.append(Problem("FACT_UNKNOWN", text))
        elif declared.type == "choice" and value is not None and value not in declared.choices:
            text = Text("“{f}”不能填“{v}”", "“{f}” cannot be “{v}”").fill(f=declared.name, v=value)
            problems.append(Problem("FACT_VALUE", text))
    if problems:
        raise BoleError(problems)
    before = {look.called("fact", k): _said(look, k, look.case.facts.get(k)) for k in facts}
    plain = {k: v.isoformat() if isinstance(v, datetime.date) else v for k, v in facts.items()}
    look.case.facts = {k: v for k, v in {**look.case.facts, **plain}.items() if v is not None}
    look.case.save(update_fields=["facts"])
    after = {look.called("fact", k): _said(look, k, v) for k, v in plain.items()}
    note(look, actor, "state", before=before, after=after)


def _said(look: contexts.CaseContext, fact: str, value: Any) -> Any:
    """A fact's value in words, for the record."""
    choices = look.procedure.facts[fact].choices
    return choices[value].zh if value in choices else value


@transaction.atomic
def set_parameters(*, actor: User, case: Case, values: dict[str, Any], reason: str = "") -> None:
    """Set values that the scheme leaves open, for this case."""
    look = begin(actor=actor, case=case)
    merged = {**look.case.parameters, **values}
    look.scheme.values(merged)
    labels = {k: look.scheme.parameters[k].label.zh for k in values}
    before = {labels[k]: look.case.parameters.get(k) for k in values}
    look.case.parameters = merged
    look.case.save(update_fields=["parameters"])
    after = {labels[k]: v for k, v in values.items()}
    note(look, actor, "parameters", before=before, after=after, reason=reason)


@transaction.atomic
def do_task(*, actor: User, case: Case, step: str, task: str, on: datetime.date | None = None):
    """Tick a task of a step as done."""
    look = begin(actor=actor, case=case, today=on)
    declared = step_of(look, step)
    wanted = next((t for t in declared.tasks if t.id == task), None)
    if wanted is None:
        raise refuse("TASK_UNKNOWN", "没有任务“{t}”", "There is no task “{t}”", t=task)
    may_do(look, actor, declared, wanted.who)
    at_turn(look, step)
    if (step, task) not in look.state.tasks:
        _event(look, actor, Course.Kind.TASK, step, detail=task)
        after = {"step": declared.name.zh, "task": wanted.name.zh}
        note(look, actor, "task", after=after, occurred_at=look.today)


@transaction.atomic
def write_record(
    *,
    actor: User,
    case: Case,
    step: str,
    item: str,
    text: str,
    on: datetime.date | None = None,
) -> None:
    """Write a matter that the step's record asks for; the text goes into the process record."""
    look = begin(actor=actor, case=case, today=on)
    declared = step_of(look, step)
    wanted = _record_item(look, step, item)
    may_do(look, actor, declared, [wanted.recorder])
    at_turn(look, step)
    name = wanted.name
    _reason(text)
    if (step, item) in look.state.written:
        raise refuse("RECORD_WRITTEN", "“{i}”已经填写。", "“{i}” is already written.", i=name)
    _event(look, actor, Course.Kind.TASK, step, detail=RECORD + item, reason=text)
    note(look, actor, "write", after={"item": name.zh, "text": text}, occurred_at=look.today)


@transaction.atomic
def review_record(
    *, actor: User, case: Case, step: str, item: str, on: datetime.date | None = None
) -> None:
    """Confirm a written matter. Refuses the person who wrote it."""
    look = begin(actor=actor, case=case, today=on)
    declared = step_of(look, step)
    wanted = _record_item(look, step, item)
    may_do(look, actor, declared, [wanted.reviewer])
    name = wanted.name
    entry = look.state.written.get((step, item))
    if entry is None:
        raise refuse("RECORD_EMPTY", "“{i}”尚未填写。", "“{i}” is not written yet.", i=name)
    if entry.recorder == f"u{actor.pk}":
        raise refuse(
            "RECORD_SELF",
            "填写人不能审核自己填写的纪实。",
            "Who wrote an entry does not review it.",
        )
    if entry.reviewer is None:
        _event(look, actor, Course.Kind.TASK, step, detail=REVIEW + item)
        note(look, actor, "review", after={"item": name.zh}, occurred_at=look.today)


def _record_item(look: contexts.CaseContext, step: str, item: str) -> RecordItem:
    for declared in look.procedure.steps[step].records:
        if declared.id == item:
            return declared
    raise refuse("RECORD_UNKNOWN", "没有纪实项“{i}”", "There is no record item “{i}”", i=item)


@transaction.atomic
def accept_warning(*, actor: User, case: Case, key: str, reason: str) -> None:
    """Go on despite a warning, with a written reason by a named person."""
    look = begin(actor=actor, case=case)
    warning = next(
        (w for s in look.status.steps.values() for w in s.warnings if w.key == key), None
    )
    if warning is None:
        raise refuse("WARNING_GONE", "该提示已不存在。", "That warning no longer stands.")
    _reason(reason)
    _event(look, actor, Course.Kind.ACCEPTED, key, reason=reason)
    note(look, actor, "accept", after={"warning": warning.text.zh}, reason=reason)


@transaction.atomic
def finish_step(
    *,
    actor: User,
    case: Case,
    step: str,
    on: datetime.date | None = None,
    signature: Signature | None = None,
) -> None:
    """Finish a step whose gates all stand open. Refuses with every reason at once.

    `on` is the day on which it happened (today at the latest). A step with `writes` writes
    appointments into the people's histories in the same transaction.
    """
    today = timezone.localdate()
    if on and on > today:
        raise refuse(
            "DATE_FUTURE", "日期不能晚于今天。", "The date must not lie in the future.", "on"
        )
    look = begin(actor=actor, case=case, today=on)
    declared = step_of(look, step)
    may_do(look, actor, declared)
    status = look.status.steps[step]
    if status.state in ("done", "skipped"):
        raise refuse("STEP_DONE", "“{s}”已经办结。", "“{s}” is already finished.", s=declared.name)
    if not status.may_finish:
        open_ = [*status.reasons, *status.remaining, *status.warnings]
        raise BoleError(
            [Problem("GATE_" + r.kind.upper(), r.text) for r in open_]
            or Problem(
                "STEP_" + status.state.upper(),
                Text("“{s}”现在不能办结", "“{s}” cannot be finished now").fill(s=declared.name),
            )
        )
    _event(look, actor, Course.Kind.DONE, step)
    if declared.writes is not None:
        write_appointments(look, actor, declared.writes)
    note(
        look,
        actor,
        "finish",
        after={"step": step, "name": declared.name.zh},
        occurred_at=on,
        signature=signature,
    )
    _close_if_finished(look, actor)


@transaction.atomic
def skip_step(
    *, actor: User, case: Case, step: str, reason: str, on: datetime.date | None = None
) -> None:
    """Leave a step out, as the scheme allows and by whom it allows, with the reason."""
    look = begin(actor=actor, case=case, today=on)
    declared = step_of(look, step)
    status = look.status.steps[step]
    if status.state in ("waiting", "suspended"):
        at_turn(look, step)
    if not status.may_skip or status.record is not None:
        raise refuse(
            "STEP_NO_SKIP", "“{s}”不能略过。", "“{s}” cannot be left out.", s=declared.name
        )
    if not decides(actor, look.procedure, status.may_skip):
        raise refuse(
            "STEP_ROLE",
            "略过该步骤须由办法规定的人决定。",
            "Only those whom the scheme names may leave this step out.",
        )
    _reason(reason)
    _event(look, actor, Course.Kind.SKIPPED, step, reason=reason)
    note(look, actor, "skip", after={"step": declared.name.zh}, reason=reason, occurred_at=on)
    _close_if_finished(look, actor)


@transaction.atomic
def return_step(*, actor: User, case: Case, step: str, to: str, reason: str) -> None:
    """Send the case back along a declared loop; what follows is done again, what was stays.

    Papers and ballots of the steps done again stay to be read but open no gate any more, unless
    the loop keeps them.
    """
    look = begin(actor=actor, case=case)
    step_of(look, step)
    loop = next((r for r in look.status.steps[step].may_return if r.to == to), None)
    if loop is None:
        raise refuse(
            "RETURN_NOT_DECLARED",
            "办法没有规定从该步骤退回，或次数已用完。",
            "The scheme has no such return, or it is used up.",
        )
    if loop.by and not decides(actor, look.procedure, loop.by):
        raise refuse("STEP_ROLE", "退回须由办法规定的人决定。", "Others decide on this return.")
    _reason(reason)
    undone = again(look.procedure, step, to)
    kinds = Course.Kind
    for event in look.course:
        if event.ended_on is None and (
            (event.kind in (kinds.DONE, kinds.SKIPPED, kinds.TASK) and event.target in undone.steps)
            or (event.kind == kinds.ACCEPTED and event.target.split("/", 1)[0] in undone.steps)
        ):
            event.ended_on = look.today
            event.save(update_fields=["ended_on"])
    papers = look.case.papers.filter(code__in=undone.papers, replaced_at=None)
    papers.update(replaced_at=timezone.now())
    held = {
        ballot: [m.pk for m in meetings(look.case.stream) if m.ballot == ballot]
        for ballot in undone.ballots
    }
    _event(look, actor, kinds.RETURNED, step, detail=to, reason=reason, undone=held)
    after = {
        "from": look.called("step", step),
        "to": look.called("step", to),
        "steps": [look.called("step", i) for i in undone.steps],
        "papers": [look.called("paper", i) for i in undone.papers],
    }
    note(look, actor, "return", after=after, reason=reason)


@transaction.atomic
def suspend_case(
    *, actor: User, case: Case, reason: str, step: str = "", until: datetime.date | None = None
) -> None:
    """Let the case (or one step) stand still, with the reason and, if known, until when."""
    look = begin(actor=actor, case=case)
    if step:
        step_of(look, step)
    _reason(reason)
    _event(look, actor, Course.Kind.SUSPENDED, step, reason=reason, until=until)
    after = {"step": look.called("step", step) if step else "", "until": until}
    note(look, actor, "suspend", after=after, reason=reason)


@transaction.atomic
def resume_case(*, actor: User, case: Case, reason: str, step: str = "") -> None:
    """Go on after a suspension of the whole case, or of one step."""
    look = begin(actor=actor, case=case)
    _reason(reason)
    standing = [
        c
        for c in look.course
        if c.kind == Course.Kind.SUSPENDED and c.ended_on is None and c.target == step
    ]
    if not standing:
        raise refuse("NOT_SUSPENDED", "该事项没有暂停。", "Nothing is suspended.")
    for event in standing:
        event.ended_on = look.today
        event.save(update_fields=["ended_on"])
    after = {"step": look.called("step", step) if step else ""}
    note(look, actor, "resume", after=after, reason=reason)


@transaction.atomic
def withdraw_case(*, actor: User, case: Case, reason: str) -> None:
    """End the case without an appointment (department head), with the reason."""
    look = begin(actor=actor, case=case)
    require(actor, "selection.withdraw", look.case)
    _reason(reason)
    look.case.state = Case.State.WITHDRAWN
    look.case.closed_on = look.today
    look.case.closing_reason = reason
    look.case.save(update_fields=["state", "closed_on", "closing_reason"])
    note(look, actor, "withdraw", reason=reason)


@transaction.atomic
def move_version(*, actor: User, case: Case, scheme: SchemeVersion, reason: str) -> None:
    """Carry a running case over to another version of its scheme; the difference is recorded."""
    look = begin(actor=actor, case=case)
    require(actor, "selection.withdraw", look.case)
    _reason(reason)
    new = resolve(scheme)
    if new.procedure is None or scheme.code != look.case.scheme.code:
        raise refuse(
            "VERSION_OTHER",
            "只能改用同一办法的另一版本。",
            "A case can only move to another version of its own scheme.",
        )
    moved = move_state(look.procedure, new.procedure, look.state)
    kept = set(moved.kept)
    for event in look.course:
        steps = (Course.Kind.DONE, Course.Kind.SKIPPED)
        if event.ended_on is None and event.kind in steps and event.target not in kept:
            event.ended_on = look.today
            event.save(update_fields=["ended_on"])
    before = look.case.scheme.digest
    look.case.scheme = scheme
    look.case.save(update_fields=["scheme"])
    changes = [c.text.zh for c in moved.changes]
    note(
        look,
        actor,
        "version",
        before={"digest": before},
        after={"digest": scheme.digest, "changes": changes},
        reason=reason,
    )


def _event(look: contexts.CaseContext, actor: User, kind: str, target: str, **values: Any) -> None:
    Course.objects.create(
        case=look.case,
        kind=kind,
        target=target,
        by=actor,
        on=values.pop("on", look.today),
        **values,
    )


def _reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("REASON_EMPTY", "请写明理由。", "Write the reason.", "reason")


def _close_if_finished(look: contexts.CaseContext, actor: User) -> None:
    """A case whose last step is passed is finished."""
    after = contexts.load(look.case, look.today)
    if after.status.finished:
        look.case.state = Case.State.FINISHED
        look.case.closed_on = look.today
        look.case.save(update_fields=["state", "closed_on"])
        note(look, actor, "close", occurred_at=look.today)
