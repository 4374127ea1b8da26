"""What officers, counters and monitors do with a meeting. Voters cast in `box.cast`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.ballots import box, counting
from bole.ballots.models import (
    Credential,
    Meeting,
    ResultReading,
    RollMember,
    Sheet,
    Signing,
    Unused,
    new_uid,
)
from bole.ballots.streams import KIND
from bole.engine.decision import ConductRule, ItemMinutes, Statement
from bole.engine.decision.conduct import check_minutes
from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import is_count
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Attendance, AttendanceRule, attendance
from bole.engine.text import Text
from bole.record.actions import Signature, append

State = Meeting.State


@transaction.atomic
def plan_meeting(
    *,
    actor: User,
    ballot: str,
    title: str,
    form: Mapping[str, Any],
    classes: Sequence[Mapping[str, Any]],
    channel: str,
    held_on: datetime.date,
    stream: str = "",
    subjects: Sequence[Mapping[str, Any]] = (),
    entries: int = 2,
    parameters: Mapping[str, Any] | None = None,
) -> Meeting:
    """Plan one ballot of a stream ("" = a ballot of its own).

    `form`: the data of an `InstrumentForm`; `subjects`: [{cadre, name, post}]; `classes`:
    [{code, name, due, weight}]; `parameters`: posts, minimum_size, small, formula, attendance (an
    `AttendanceRule`), free_names. Records: ballots.plan. Raises `BoleError` (FORM_*, PLAN_*).
    """
    require(actor, "ballots.manage")
    found = _read_form(form)
    parameters = dict(parameters or {})
    online = channel == Meeting.Channel.PAPERLESS
    problems = [Problem("FORM_OPEN", t) for t in found.unsettled()]
    if online and found.anonymous is False:
        text = Text(
            "署名票须用纸质方式：网上投票不留投票人姓名",
            "A signed form is voted on paper: online ballots carry no name",
        )
        problems.append(Problem("PLAN_SIGNED", text))
    if not classes or len({c["code"] for c in classes}) < len(classes):
        text = Text("请列出各类参加人员，不得重复", "List the classes of voters, each once")
        problems.append(Problem("PLAN_CLASSES", text))
    needs_posts = any(
        "posts" in (i.max_picks, *(c.max_picks for c in i.categories)) for i in found.items
    )
    if needs_posts and not (is_count(parameters.get("posts")) and parameters["posts"] > 0):
        text = Text("请填写职位数", "Enter the number of posts")
        problems.append(Problem("PLAN_POSTS", text))
    if online and found.over_pick is None:  # the server refuses faulty ballots, but a rule stands
        text = Text("未定超选票如何处理", "What over-picking voids is not settled")
        if not any(p.text == text for p in problems):
            problems.append(Problem("FORM_OPEN", text))
    if entries < 1:
        text = Text("至少录入一次", "At least one entry is made")
        problems.append(Problem("PLAN_ENTRIES", text))
    if problems:
        raise BoleError(problems)
    uid = new_uid()
    meeting = Meeting(
        uid=uid,
        stream=stream or f"{KIND}:{uid}",
        ballot=ballot,
        title=title,
        form=found.model_dump(mode="json", by_alias=True),
        subjects=_with_keys(subjects),
        classes=[
            {
                "code": str(c["code"]),
                "name": str(c.get("name") or c["code"]),
                "due": c.get("due"),
                "attending": None,
                "weight": None if c.get("weight") is None else str(c["weight"]),
            }
            for c in classes
        ],
        channel=Meeting.Channel(channel),
        held_on=held_on,
        entries=entries,
        parameters=parameters,
        planned_by=actor,
    )
    _ = meeting.electorate  # wrong weights and formulas are refused here
    meeting.save()
    append(
        actor=actor,
        action="ballots.plan",
        stream=meeting.stream,
        subject=meeting,
        after={
            "ballot": ballot,
            "title": title,
            "form": found.id,
            "channel": channel,
            "held_on": held_on,
            "subjects": [s["key"] for s in meeting.subjects],
            "classes": {c["name"]: c["due"] for c in meeting.classes},
        },
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: User, meeting: Meeting, reason: str) -> None:
    """Take back a meeting at which nobody has voted. Records: ballots.cancel with the reason.

    Raises `BoleError` (CANCEL_REASON, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.PLANNED, State.FROZEN)
    if not reason.strip():
        raise BoleError(Problem("CANCEL_REASON", Text("请写明理由", "Write the reason")))
    append(
        actor=actor,
        action="ballots.cancel",
        stream=meeting.stream,
        subject=meeting,
        before={"title": meeting.title, "ballot": meeting.ballot},
        reason=reason.strip(),
    )
    for model in (Unused, Credential):
        model.objects.filter(meeting=meeting).delete()
    meeting.delete()


@transaction.atomic
def record_attendance(
    *,
    actor: User,
    meeting: Meeting,
    attending: Mapping[str, int] | None = None,
    due: Mapping[str, int] | None = None,
    members: Sequence[Mapping[str, Any]] | None = None,
    recused: Mapping[Any, Sequence[str]] | None = None,
) -> Meeting:
    """Record who is due and who came, by class (code → persons) or by name.

    `members`: [{cadre, name, unit, post, voter_class, present}] replaces the roll, and the counts
    follow from it. `recused`: cadre → names of those who recuse themselves for that person. Due
    changes only until the roll is settled; attending until closing, for those who come late.
    Records: ballots.attendance. Raises `BoleError` (PRESENT_OVER_DUE, ROLL_SETTLED, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.PLANNED, State.FROZEN, State.OPEN)
    settled = meeting.state != State.PLANNED
    codes = {c["code"] for c in meeting.classes}
    if members is not None:
        strange = sorted({str(m["voter_class"]) for m in members} - codes)
        if strange:
            text = Text("没有“{c}”这一类人员", 'there is no class "{c}"').fill(c="、".join(strange))
            raise BoleError(Problem("ROLL_CLASS", text))
        counted = {
            c: sum(m["voter_class"] == c for m in members)
            for c in (x["code"] for x in meeting.classes)
        }
        if settled and counted != {c["code"]: c["due"] for c in meeting.classes}:
            raise _settled()
        due = counted
        attending = {
            c: sum(m["voter_class"] == c and bool(m.get("present")) for m in members) for c in codes
        }
        meeting.members.all().delete()
        RollMember.objects.bulk_create(
            RollMember(
                meeting=meeting,
                cadre=m.get("cadre"),
                name=m["name"],
                unit=m.get("unit", ""),
                post=m.get("post", ""),
                voter_class=m["voter_class"],
                present=m.get("present"),
            )
            for m in members
        )
    if (
        due is not None
        and settled
        and any(due.get(c["code"], c["due"]) != c["due"] for c in meeting.classes)
    ):
        raise _settled()
    problems = []
    for group in meeting.classes:
        group["due"] = (due or {}).get(group["code"], group["due"])
        group["attending"] = (attending or {}).get(group["code"], group["attending"])
        for value in (group["due"], group["attending"]):
            if value is not None and not is_count(value):
                text = Text("人数应为不小于0的整数", "Head counts are whole numbers from 0 up")
                problems.append(Problem("COUNT", text, group["name"]))
        if None not in (group["due"], group["attending"]) and group["attending"] > group["due"]:
            text = Text("实到{a}人，多于应到{d}人", "attending {a} is more than due {d}")
            said = text.fill(a=group["attending"], d=group["due"])
            problems.append(Problem("PRESENT_OVER_DUE", said, group["name"]))
    if problems:
        raise BoleError(problems)
    if recused is not None:
        meeting.recused = {str(k): list(v) for k, v in recused.items()}
    meeting.save()
    append(
        actor=actor,
        action="ballots.attendance",
        stream=meeting.stream,
        subject=meeting,
        after={
            "due": {c["name"]: c["due"] for c in meeting.classes},
            "attending": {c["name"]: c["attending"] for c in meeting.classes},
            **({"recused": meeting.recused} if meeting.recused else {}),
        },
    )
    return meeting


@transaction.atomic
def freeze_roll(*, actor: User, meeting: Meeting) -> Meeting:
    """Settle who is due, before anything is voted on. Records: ballots.freeze.

    Raises `BoleError` (DUE_MISSING, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.PLANNED)
    missing = [c["name"] for c in meeting.classes if not is_count(c["due"])]
    if missing:
        text = Text("缺少应到人数：{c}", "The number due is missing: {c}").fill(
            c="、".join(missing)
        )
        raise BoleError(Problem("DUE_MISSING", text))
    _move(meeting, State.FROZEN)
    append(
        actor=actor,
        action="ballots.freeze",
        stream=meeting.stream,
        subject=meeting,
        after={"due": {c["name"]: c["due"] for c in meeting.classes}},
    )
    return meeting


@transaction.atomic
def issue_credentials(
    *, actor: User, meeting: Meeting, numbers: Mapping[str, int] | None = None
) -> list[tuple[str, str]]:
    """Draw new codes: [(code, class)], in random order within each class.

    They exist in this answer only; the server keeps their hashes. `numbers`: class → codes (as
    many as are due without it). Issuing again before voting opens makes all former codes void.
    Records: ballots.issue with numbers only. Raises `BoleError` (NOT_ONLINE, ISSUE_MANY,
    MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.FROZEN)
    _require_online(meeting)
    numbers = {c["code"]: (numbers or {}).get(c["code"], c["due"]) for c in meeting.classes}
    over = [c["name"] for c in meeting.classes if not 0 <= numbers[c["code"]] <= c["due"]]
    if over:
        text = Text("票码数不得多于应到人数：{c}", "No more codes than persons due: {c}")
        raise BoleError(Problem("ISSUE_MANY", text.fill(c="、".join(over))))
    for model in (Unused, Credential):
        model.objects.filter(meeting=meeting).delete()
    codes = [
        (code, group["code"])
        for group in meeting.classes
        for code in box.issue(meeting, group["code"], numbers[group["code"]])
    ]
    append(
        actor=actor,
        action="ballots.issue",
        stream=meeting.stream,
        subject=meeting,
        after={"issued": {c["name"]: numbers[c["code"]] for c in meeting.classes}},
    )
    return codes


@transaction.atomic
def reissue(*, actor: User, meeting: Meeting, code: str) -> tuple[str, str]:
    """Replace a spoiled slip that has not voted: (new code, class). The old code is void.

    Records: ballots.reissue, without the code. Raises `BoleError` (CODE_*, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.FROZEN, State.OPEN)
    _require_online(meeting)
    hashed = box.hash_of(box.read_code(code))
    row = Credential.objects.filter(pk=hashed, meeting=meeting).first()
    if row is None:
        text = Text("本次会议没有这个投票码", "This meeting has no such code")
        raise BoleError(Problem("CODE_UNKNOWN", text))
    taken, _rows = Unused.objects.filter(pk=hashed).delete()
    if not taken:
        text = Text("这个投票码已投过票，不能补发", "This code has voted: it cannot be replaced")
        raise BoleError(Problem("CODE_USED", text))
    voter_class = row.voter_class
    row.delete()
    (new,) = box.issue(meeting, voter_class, 1)
    append(actor=actor, action="ballots.reissue", stream=meeting.stream, subject=meeting)
    return new, voter_class


def attendance_of(meeting: Meeting) -> Any:
    """What the attendance rule of the meeting says now, or None without a rule."""
    given = meeting.parameters.get("attendance")
    if not given:
        return None
    rule = AttendanceRule.model_validate(given)
    return attendance(rule, meeting.head_count("due"), meeting.head_count("attending"))


@transaction.atomic
def open_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """Open the vote, if the attendance rule of the meeting is met. Records: ballots.open.

    Raises `BoleError` (ATTENDANCE, NO_CODES, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.FROZEN)
    missing = [c["name"] for c in meeting.classes if c["attending"] is None]
    if missing:
        text = Text("缺少实到人数：{c}", "The number attending is missing: {c}")
        raise BoleError(Problem("ATTENDANCE", text.fill(c="、".join(missing))))
    answer = attendance_of(meeting)
    if answer is not None and answer.state in (Attendance.NOT_MET, Attendance.CANNOT_COMPUTE):
        text = answer.text + Text("：会议不能进行", ": the meeting cannot be held")
        raise BoleError(Problem("ATTENDANCE", text))
    if meeting.online and not Credential.objects.filter(meeting=meeting).exists():
        text = Text("尚未制发投票码", "No voting codes are issued yet")
        raise BoleError(Problem("NO_CODES", text))
    _move(meeting, State.OPEN)
    append(
        actor=actor,
        action="ballots.open",
        stream=meeting.stream,
        subject=meeting,
        after={
            "due": {c["name"]: c["due"] for c in meeting.classes},
            "attending": {c["name"]: c["attending"] for c in meeting.classes},
        },
    )
    return meeting


@transaction.atomic
def close(*, actor: User, meeting: Meeting) -> Meeting:
    """Close the vote. Online: waits for whoever is casting, writes the box anew in random order,
    and fixes its root. No result yet: counters and monitors sign first.

    Records: ballots.close with turnout and root. Raises `BoleError` (MEETING_STATE, and ROLL_* when
    box and roll disagree).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.OPEN)
    after: dict[str, Any] = {}
    if meeting.online:
        box.seal(meeting)
        meeting.root = counting.draft(meeting).root
        after = {
            "root": meeting.root,
            "turnout": {
                meeting.class_name(c): {"issued": issued, "used": used}
                for c, (issued, used) in box.turnout(meeting).items()
            },
        }
    _move(meeting, State.CLOSED)
    append(actor=actor, action="ballots.close", stream=meeting.stream, subject=meeting, after=after)
    transaction.on_commit(box.scrub)
    return meeting


@transaction.atomic
def enter_sheet(*, actor: User, meeting: Meeting, counts: Mapping[str, Any]) -> Sheet:
    """Enter what the papers say (shape: `counting.arranged`); entering again replaces one's own.

    As many different persons as `meeting.entries` enter independently. A sheet that cannot be
    right is refused with every figure. Records: ballots.sheet, without counts.
    Raises `BoleError` (SHEET_*, SHEET_FULL, MEETING_STATE and every problem of the sheet).
    """
    require(actor, "ballots.count")
    meeting = _locked(meeting, State.OPEN, State.CLOSED)
    if meeting.online:
        text = Text("网上投票不录入计票单", "Online ballots are counted by themselves")
        raise BoleError(Problem("SHEET_ONLINE", text))
    if meeting.signings.exists():
        text = Text("已有人签字，计票单不能再改", "Somebody has signed: the sheets are settled")
        raise BoleError(Problem("SHEET_SIGNED", text))
    others = meeting.sheets.exclude(entered_by=actor)
    if others.count() >= meeting.entries:
        text = Text("已由另外{n}人录入", "{n} others have entered the sheet already")
        raise BoleError(Problem("SHEET_FULL", text.fill(n=meeting.entries)))
    arranged = counting.arranged(meeting, counts)
    if problems := counting.problems(meeting, arranged):
        raise BoleError(problems)
    sheet, _created = Sheet.objects.update_or_create(
        meeting=meeting, entered_by=actor, defaults={"counts": arranged}
    )
    append(actor=actor, action="ballots.sheet", stream=meeting.stream, subject=meeting)
    return sheet


@transaction.atomic
def sign(*, actor: User, meeting: Meeting, role: str, signature: Signature | str) -> Meeting:
    """Sign a closed meeting as counter or monitor; with one of each the result stands.

    Raises `BoleError` (ENTRIES, DIFFERENCE, problems of the sheet, SIGNED_TWICE, MEETING_STATE).
    Records: ballots.sign, and ballots.result with the counts when both have signed.
    """
    require(actor, "ballots.sign")
    meeting = _locked(meeting, State.CLOSED)
    sheets = list(meeting.sheets.all())
    if not meeting.online and (problems := counting.agreed(meeting, sheets)):
        raise BoleError(problems)
    if meeting.signings.filter(signer=actor).exists():
        text = Text("{n}已签过字，请另一人签", "{n} has signed already: another person signs")
        raise BoleError(Problem("SIGNED_TWICE", text.fill(n=actor)))
    Signing.objects.create(meeting=meeting, role=Signing.Role(role), signer=actor, name=str(actor))
    append(
        actor=actor,
        action="ballots.sign",
        stream=meeting.stream,
        subject=meeting,
        signature=signature,
        after={"signed_as": role, **({"root": meeting.root} if meeting.root else {})},
    )
    roles = set(meeting.signings.values_list("role", flat=True))
    if roles >= {Signing.Role.COUNTER, Signing.Role.MONITOR}:
        if meeting.online and counting.draft(meeting).root != meeting.root:
            raise BoleError(Problem("ROOT_DIFFERS", _root_text()))
        meeting.result = counting.result(meeting, sheets)
        _move(meeting, State.SIGNED)
        append(
            actor=actor,
            action="ballots.result",
            stream=meeting.stream,
            subject=meeting,
            after={"result": meeting.result},
        )
    return meeting


def _root_text() -> Text:
    return Text(
        "票箱与结束投票时的校验根不一致：结束后有人改动过选票，结果不成立",
        "The box differs from its root at closing: ballots were changed. There is no result",
    )


@transaction.atomic
def deliberate(
    *,
    actor: User,
    meeting: Meeting,
    principal: str,
    statements: Sequence[Mapping[str, Any]],
    present: Sequence[str] = (),
    secret: bool = True,
) -> list[Problem]:
    """Minute who spoke in which order: [{member, position}]; whether the principal spoke last.

    Positions are minuted only when the vote is not secret. Returns what the minutes still lack
    (`ConductRule`); they can be entered again. Records: ballots.deliberate.
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.OPEN, State.CLOSED)
    said = [
        Statement(str(s["member"]), None if secret else s.get("position"), secret)
        for s in statements
    ]
    away = sorted({n for names in meeting.recused.values() for n in names})
    problems = check_minutes(
        ConductRule(positions=_positions(meeting)),
        ItemMinutes(
            item=meeting.title,
            on_agenda=True,
            present=list(present) or list(dict.fromkeys(s.member for s in said)),
            principal=principal,
            statements=said,
            recused=[n for n in away if n not in {s.member for s in said}],
        ),
    )
    spoke = [s.member for s in said]
    last = bool(spoke) and spoke[-1] == principal
    meeting.conduct = {
        "principal": principal,
        "statements": [{"member": s.member, "position": s.position} for s in said],
        "chair_last": last and not any(p.code == "PRINCIPAL_NOT_LAST" for p in problems),
    }
    meeting.save(update_fields=["conduct"])
    append(
        actor=actor,
        action="ballots.deliberate",
        stream=meeting.stream,
        subject=meeting,
        after=meeting.conduct,
    )
    return problems


def _positions(meeting: Meeting) -> tuple[str, ...]:
    return tuple(o.id for i in meeting.instrument.items for o in i.options)


@transaction.atomic
def read_result(
    *, actor: User, meeting: Meeting, subject: str, conclusion: str, reason: str
) -> ResultReading:
    """Record how a person read the result for one subject, and why. Records: ballots.read.

    Raises `BoleError` (READ_REASON, READ_SUBJECT, MEETING_STATE).
    """
    require(actor, "ballots.manage")
    meeting = _locked(meeting, State.SIGNED)
    if not conclusion.strip() or not reason.strip():
        text = Text("请写明结论和理由", "Write the conclusion and the reason")
        raise BoleError(Problem("READ_REASON", text))
    reading = ResultReading.objects.create(
        meeting=meeting,
        subject=subject,
        conclusion=conclusion.strip(),
        reason=reason.strip(),
        read_by=actor,
    )
    append(
        actor=actor,
        action="ballots.read",
        stream=meeting.stream,
        subject=meeting,
        after={"subject": subject, "conclusion": reading.conclusion},
        reason=reading.reason,
    )
    return reading


def _locked(meeting: Meeting, *states: str) -> Meeting:
    """The meeting as it stands now, held until the action ends; in one of the states."""
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if fresh.state not in states:
        wanted = [State(s).label for s in states]
        text = Text(
            "会议状态为“{now}”，此操作须在“{w}”时进行", 'The meeting is "{now}"; this needs "{w}"'
        )
        said = text.fill(now=State(fresh.state).label, w="、".join(map(str, wanted)))
        raise BoleError(Problem("MEETING_STATE", said))
    return fresh


def _move(meeting: Meeting, state: str) -> None:
    meeting.state = state
    meeting.save()


def _require_online(meeting: Meeting) -> None:
    if not meeting.online:
        text = Text("本次会议不用投票码", "This meeting has no voting codes")
        raise BoleError(Problem("NOT_ONLINE", text))


def _settled() -> BoleError:
    text = Text("名册已确定，应到人数不能再改", "The roll is settled: the number due stays")
    return BoleError(Problem("ROLL_SETTLED", text))


def _read_form(form: Mapping[str, Any]) -> InstrumentForm:
    try:
        return InstrumentForm.model_validate(dict(form))
    except ValidationError as error:
        raise BoleError(
            [
                Problem("FORM_WRONG", Text(e["msg"], e["msg"]), ".".join(map(str, e["loc"])))
                for e in error.errors()
            ]
        ) from None


def _with_keys(subjects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Subjects with the words by which answers name them; equal names carry their post."""
    names = [str(s["name"]).strip() for s in subjects]
    out: list[dict[str, Any]] = []
    for subject, name in zip(subjects, names, strict=True):
        post = str(subject.get("post") or "")
        key = name if names.count(name) == 1 else f"{name}（{post}）"
        while any(s["key"] == key for s in out):
            key += "′"
        out.append({"key": key, "cadre": subject.get("cadre"), "name": name, "post": post})
    return out
