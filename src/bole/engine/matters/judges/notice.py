"""Judges of notices: places, channels, the clock in working days, complaints, the achievements."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from bole.engine.decision.before_office import AchievementForm, AchievementRule, check_achievement
from bole.engine.decision.notices import (
    Complaint,
    ComplaintState,
    NoticeRule,
    may_issue,
    places,
    read_complaints,
    run_notice,
)
from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge
from bole.engine.matters.judges.decision import rows_of
from bole.engine.text import Text, join
from bole.engine.workdays import Deadline, Suspension

STAGES = {
    "before": Text("事前公示", "before"),
    "inspection": Text("考察公示", "inspection"),
    "pre_appointment": Text("任前公示", "pre-appointment"),
    "during": Text("过程公示", "during"),
    "achievement": Text("实绩公示", "achievements"),
    "result": Text("结果公示", "result"),
}
WORDS = (
    "posted",
    "until",
    "days",
    "day_unit",
    "count_from",
    "on_suspension",
    "interruptions",
    "places",
    "channels",
    "filed",
    "proposed_post",
)


def _rule(look: Look, given: NoticeRule | None) -> NoticeRule:
    """The rule, with what the source leaves open as the office settled it in the matter."""
    rule = given or NoticeRule()
    days = look.value("days")
    typed = {
        "days": None if days is None else int(days),
        "unit": look.value("day_unit"),
        "count_from": look.value("count_from"),
        "on_suspension": look.value("on_suspension"),
    }
    return rule.model_copy(
        update={n: v for n, v in typed.items() if v is not None and getattr(rule, n) is None}
    )


def _clock(look: Look, rule: NoticeRule, posted: datetime.date | None) -> Deadline | list[Text]:
    breaks = [
        Suspension(r["start"], r.get("resumed"))
        for r in rows_of(look, "interruptions")
        if r.get("start")
    ]
    return run_notice(rule, posted, look.calendar, breaks)


def _facts(look: Look) -> list[str]:
    return look.ask("place_facts", person=look.person) or [] if look.person else []


def _begin(look: Look, given: NoticeRule | None) -> dict[str, Any]:
    """As if it were posted today: places, channels and the last day; the post from the case."""
    rule = _rule(look, given)
    case = look.ask("case", stream=look.stream) if look.stream else None
    posted = look.value("posted") or look.day
    found: dict[str, Any] = {
        "posted": posted.isoformat(),
        "places": "、".join(places(rule, _facts(look))),
        "channels": "、".join(rule.channels),
        "days": None if rule.days is None else str(rule.days),
        "day_unit": rule.unit,
        "count_from": rule.count_from,
    }
    if case:
        found["proposed_post"] = case["post_of"].get(look.person, case["post"])
    clock = _clock(look, rule, posted)
    if isinstance(clock, Deadline) and clock.due is not None:
        found["until"] = clock.due.isoformat()
    return found


def _address(look: Look) -> tuple[tuple[Text, str], ...]:
    address = look.ask("url", page="complaint", person=look.person, stream=look.stream)
    label = Text("登记公示期间的反映", "Register a complaint received")
    return ((label, address),) if address else ()


def _judged(look: Look, given: NoticeRule | None) -> Judgement:
    """In draft: what keeps it from being posted. Posted: what keeps it from ending clear."""
    rule = _rule(look, given)
    posted = look.value("posted")
    clock = _clock(look, rule, posted)
    findings = [*_composed(look, rule, given), *_last_day(look, clock, rule)]
    if isinstance(clock, list):
        text = Text("尚未确定：{w}", "not settled yet: {w}").fill(w=join(clock, "、", ", "))
        findings.append(Finding("NOTICE_OPEN", text, "block"))
    elif clock.problem is not None:
        findings.append(Finding(clock.problem.code, clock.problem.text, "block"))
    figures = list(_figures(rule, clock, given is not None))
    if look.drafted or posted is None:
        return Judgement(tuple(findings), tuple(figures))
    received = _received(look, posted)
    complaints = [Complaint(c["concrete"], c["closed"], c["finding"]) for c in received]
    attempt = may_issue(clock, look.day, complaints, rule)
    if attempt.allowed is not True:
        findings.append(Finding("NOTICE_RUNNING", attempt.text, "block"))
    reading = read_complaints(complaints, rule)
    if reading.state is not ComplaintState.MAY_START and reading.text.zh != attempt.text.zh:
        findings.append(Finding("COMPLAINT_" + reading.state.name, reading.text, "block"))
    elif reading.also.zh:
        findings.append(Finding("COMPLAINT_ALSO", reading.also, "note"))
    head = (
        Text("登记号", "Number"),
        Text("收到", "Received"),
        Text("线索具体", "Concrete"),
        Text("办结", "Closed"),
        Text("结论", "Finding"),
    )
    yes = {True: Text("是", "yes"), False: Text("否", "no"), None: Text("未记载", "not recorded")}
    rows = tuple(
        (
            str(c["number"]),
            c["received"].isoformat(),
            yes[c["concrete"]],
            yes[c["closed"]],
            c["said"] or "—",
        )
        for c in received
    )
    sheet = Sheet(Text("公示期间收到的反映", "Complaints received"), head, rows)
    return Judgement(tuple(findings), tuple(figures), (sheet,) if rows else (), _address(look))


def _received(look: Look, posted: datetime.date) -> list[Mapping[str, Any]]:
    """Complaints about the person received since posting, and any that is still open."""
    if look.person is None and not look.stream:
        return []
    found: list[Mapping[str, Any]] = (
        look.ask("complaints", person=look.person, stream=look.stream, since=posted) or []
    )
    return found


def _composed(look: Look, rule: NoticeRule, given: NoticeRule | None) -> Iterator[Finding]:
    """Places and channels that the rule asks for, a length that it does not allow, the filing."""
    named = str(look.value("places") or "")
    lacking = [p for p in places(rule, _facts(look)) if p not in named]
    if lacking:
        text = Text("公示范围还须包括：{p}", "the notice must also be posted at: {p}")
        yield Finding("NOTICE_PLACES", text.fill(p="、".join(lacking)), where=look.name("places"))
    if not named.strip():
        text = Text("未写明公示地点和范围", "the places are not written")
        yield Finding("NOTICE_PLACES", text, "block", look.name("places"))
    ways = str(look.value("channels") or "")
    lacking = [c for c in rule.channels if c not in ways]
    if lacking:
        text = Text("受理渠道还须包括：{c}", "complaints must also be taken by: {c}")
        said = text.fill(c="、".join(lacking))
        yield Finding("NOTICE_CHANNELS", said, "refuse", look.name("channels"))
    days = look.value("days")
    fixed = given.days if given else None
    if fixed and days is not None and days != fixed and (days < fixed or not rule.at_least):
        text = Text("办法规定公示期为{n}天", "the scheme's notice runs {n} days").fill(n=fixed)
        yield Finding("NOTICE_DAYS", text, "refuse", look.name("days"))
    if rule.filed_first is not None and look.value("filed") is None:
        text = Text("公示前须先{w}", "before it is posted: {w}").fill(w=rule.filed_first)
        yield Finding("NOTICE_FILED", text, "block", look.name("filed"))


def _last_day(look: Look, clock: Deadline | list[Text], rule: NoticeRule) -> Iterator[Finding]:
    until = look.value("until")
    if isinstance(clock, list) or clock.due is None or until is None or until == clock.due:
        return
    early = until < clock.due
    if early or not rule.at_least:
        text = Text("按张贴日期，公示截止日期为{d}", "posted on that day, it ends on {d}")
        strength: Any = "refuse" if early else "note"
        yield Finding("NOTICE_UNTIL", text.fill(d=clock.due), strength, look.name("until"))


def _figures(
    rule: NoticeRule, clock: Deadline | list[Text], staged: bool
) -> Iterator[tuple[Text, Text | str]]:
    if staged:
        yield Text("公示阶段", "Stage"), STAGES[rule.stage]
    if rule.who is not None:
        yield Text("公示对象和内容", "Who and what"), rule.who
    if rule.merged_with:
        with_ = STAGES.get(rule.merged_with, Text(rule.merged_with, rule.merged_with))
        yield Text("合并公示", "Together with"), with_
    if isinstance(clock, Deadline) and clock.due is not None:
        yield Text("公示截止", "Last day"), clock.due.isoformat()
        yield (
            Text("最早可办理任职手续", "Formalities may start on"),
            clock.earliest_after.isoformat() if clock.earliest_after else "—",
        )


@judge(
    "appointment.notice",
    Text("公示核对", "notices"),
    section="notices",
    kind="notice",
    words=WORDS,
    begins=lambda look: _begin(look, look.item),
)
def notice(look: Look) -> Judgement:
    """Places united by the person's facts, the last day in working days, complaints closed.

    Draft: what is missing for posting. Posted: until its full length has run and every complaint
    about the person is closed in writing, it does not end clear. `interruptions`: start, resumed.
    """
    return _judged(look, look.item)


def _notice_of(look: Look) -> NoticeRule | None:
    """The notice that goes with the form: the item of `notices` that `options.notice` names."""
    from bole.engine.schemes.sections import read_item

    ident = look.options.get("notice")
    if ident is None or look.scheme is None or ident not in look.scheme.notices:
        return None
    found: NoticeRule = read_item(look.scheme, "notices", ident)
    return found


def _begin_achievement(look: Look) -> dict[str, Any]:
    rule: AchievementRule = look.item
    person = look.ask("person", id=look.person) if look.person else None
    found = _begin(look, _notice_of(look))
    if person:
        found["name"] = person["name"]
        post = person["post_title"] or ""
        unit = person["unit_name"] or ""
        found["unit_and_post"] = post if post.startswith(unit) else f"{unit}{post}"
    years = rule.years
    if years is not None and look.person:
        since = look.day.year - years
        on_file = look.ask("achievements", person=look.person, since=since) or {}
        found |= {k: on_file.get(k) for k in ("appraisal", "rewards_and_punishments")}
    return found


@judge(
    "appointment.achievement",
    Text("实绩公示核对", "achievement notice"),
    section="decision",
    kind="achievement",
    words=(
        *WORDS,
        "name",
        "unit_and_post",
        "work_in_charge",
        "duties",
        "key_tasks",
        "integrity",
        "shortcomings",
        "appraisal",
        "rewards_and_punishments",
    ),
    begins=_begin_achievement,
)
def achievement(look: Look) -> Judgement:
    """The achievement form is whole, short enough and signed; then its notice like any other.

    Signatures are the signing moves with the ids that the rule names. Characters count without
    spaces. Options: `notice`, the item of `notices` that goes with the form.
    """
    rule: AchievementRule = look.item
    fields = {f: look.value(f) for f in rule.fields}
    problems = check_achievement(rule, AchievementForm(fields, set(look.signed)))
    # The rule names fields and signers by id; people read the titles.
    titled = []
    for p in problems:
        if p.code == "FIELD_MISSING":
            text = Text("未填写{f}", "{f} is not filled in").fill(f=look.label(p.where))
        elif p.code == "NOT_SIGNED":
            move = look.kind.moves.get(p.where)
            who = move.title if move else Text(p.where, p.where)
            text = Text("尚缺：{w}", "still missing: {w}").fill(w=who)
        else:
            text = p.text
        titled.append(Finding(p.code, text, "block", p.where))
    length = sum(len("".join(str(v).split())) for v in fields.values() if v is not None)
    most = f"{length}/{rule.most_characters}" if rule.most_characters else str(length)
    found = _judged(look, _notice_of(look))
    return Judgement(
        (*titled, *found.findings),
        ((Text("字数", "Characters"), most), *found.figures),
        found.sheets,
        found.links,
    )


@judge(
    "appointment.announcement",
    Text("任职公布核对", "announcement of an appointment"),
    words=("persons", "office_date", "issued", "number"),
    begins=lambda look: _begin_announcement(look),
)
def announcement(look: Look) -> Judgement:
    """Nothing is announced before the notice of every person named ended clear.

    Persons with a matter of the kind `options.notice` (in the case, else at all) must have it in
    one of `options.clear`; without such a matter the case's own notice step must be done.
    """
    findings = []
    clear = tuple(look.options.get("clear") or ())
    case = look.ask("case", stream=look.stream) if look.stream else None
    for person in look.value("persons") or []:
        found = look.ask("person", id=person)
        name = str(found["name"]) if found else str(person)
        notices = look.ask(
            "matters",
            kind=str(look.options.get("notice", "")),
            person=person,
            stream=look.stream,
        )
        last = notices[-1] if notices else None
        step = str(look.options.get("step", ""))
        if last is not None and last["state"] not in clear:
            text = Text(
                "{p}的公示（{n}）尚未无异议结束", "the notice of {p} ({n}) is not clear yet"
            )
            findings.append(Finding("NOT_CLEAR", text.fill(p=name, n=last["number"]), "block"))
        elif last is None and not (case and step in case["steps"]):
            text = Text("{p}没有公示结果", "there is no result of a notice of {p}")
            findings.append(Finding("NO_NOTICE", text.fill(p=name), "block"))
    if not look.value("persons"):
        text = Text("未填写任职人员", "nobody is named")
        findings.append(Finding("NOBODY", text, "block", look.name("persons")))
    decided = case["decided"] if case else None
    figures = ((Text("决定日期", "Decided on"), decided.isoformat()),) if decided else ()
    return Judgement(tuple(findings), figures)


def _begin_announcement(look: Look) -> dict[str, Any]:
    case = look.ask("case", stream=look.stream) if look.stream else None
    if not case:
        return {}
    decided = case["decided"]
    people = [(p, look.ask("person", id=p)) for p in case["nominees"]]
    lines = [f"{found['name']} 任 {case['post_of'].get(p, case['post'])}" for p, found in people]
    return {
        "persons": case["nominees"],
        "office_date": decided.isoformat() if decided else None,
        "appointments": "\n".join(lines),
    }
