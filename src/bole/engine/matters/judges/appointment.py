"""Judges between decision and the end of probation: talk, test, letter, probation, follow-up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bole.engine.decision.before_office import (
    LetterRule,
    TestRule,
    TestState,
    check_letter,
    read_test,
)
from bole.engine.decision.probation import (
    ConclusionState,
    ProbationRule,
    read_conclusion,
)
from bole.engine.decision.talks import Talk, TalkRule, check_talks
from bole.engine.exact.numbers import exact
from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge, of_problems
from bole.engine.matters.judges.decision import rows_of
from bole.engine.text import Text, join
from bole.engine.workdays import add_months

Day = datetime.date


def _case(look: Look) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = look.ask("case", stream=look.stream) if look.stream else None
    return found


def _posted(look: Look) -> dict[str, Any]:
    """The post and the first day of office, from the case."""
    case = _case(look)
    if case is None:
        return {}
    decided: Day | None = case["decided"]
    return {
        "post": case["post_of"].get(look.person, case["post"]),
        "office_date": decided.isoformat() if decided else None,
    }


# -- talk ----------------------------------------------------------------------------------------


def _begin_talk(look: Look) -> dict[str, Any]:
    rule: TalkRule = look.item or TalkRule()
    case = _case(look)
    form = rule.form if rule.form != "any" else "individual" if look.person else "collective"
    return {
        **_posted(look),
        "talks": [{"by": who.zh, "form": form} for who in rule.by],
        "points": [{"what": n.zh} for n in (*rule.contents, *rule.record)],
        "persons": case["nominees"] if case else None,
    }


@judge(
    "appointment.talk",
    Text("任职谈话核对", "talk before office"),
    section="decision",
    kind="talk",
    words=("talks", "points", "persons", "post", "office_date"),
    begins=_begin_talk,
)
def talk(look: Look) -> Judgement:
    """Who has still to talk with the person, what was not spoken of, what was not noted.

    `talks`: by, form (individual, collective), held. `points`: what, words: a point counts when
    something is written beside it. `persons`: those at a collective talk.
    """
    rule: TalkRule = look.item or TalkRule()
    ids = [look.person] if look.person else look.value("persons") or []
    people = [look.ask("person", id=p) for p in ids]
    names = [str(p["name"]) for p in people if p]
    covered = [str(r["what"]) for r in rows_of(look, "points") if str(r.get("words") or "").strip()]
    held = [r for r in rows_of(look, "talks") if r.get("held")]
    talks = [
        Talk(names, str(r.get("by") or ""), r.get("form") == "collective", covered, covered)
        for r in held
    ]
    # One talk covers what all of them covered together: the note is kept once.
    findings = list(of_problems(check_talks(rule, names, talks), default="block"))
    if not names:
        text = Text("未填写谈话对象", "nobody is named")
        findings.append(Finding("TALK_NOBODY", text, "block", look.name("persons")))
    elif not held:
        text = Text("尚未填写谈话时间", "no talk has a date yet")
        findings.append(Finding("TALK_DATE", text, "block", look.name("talks")))
    figures: list[tuple[Text, Text | str]] = []
    if rule.who is not None:
        figures.append((Text("谈话范围", "Who is talked with"), rule.who))
    if rule.by:
        figures.append((Text("由谁谈话", "By"), join(list(rule.by), "、", ", ")))
    if rule.feeds_next_motion:
        text = Text("汇总后供下一批动议参考", "summed up for the next batch's motion")
        figures.append((Text("谈话情况", "Afterwards"), text))
    return Judgement(tuple(findings), tuple(figures))


# -- test ----------------------------------------------------------------------------------------


@judge(
    "appointment.test",
    Text("任前测试核对", "test before office"),
    section="decision",
    kind="test",
    words=("score", "retest_score", "pass_line", "session", "post"),
    begins=lambda look: {**_posted(look), "session": (_case(look) or {}).get("batch")},
)
def test(look: Look) -> Judgement:
    """What the scores ask for, and the rank within the session.

    `pass_line` counts only where the scheme leaves it open. Not tested is no poor result. The
    rank is a place among those tested in the same `session`; only the own line is shown.
    """
    rule: TestRule = look.item or TestRule()
    line = look.value("pass_line")
    if rule.pass_line is None and line is not None:
        rule = rule.model_copy(update={"pass_line": exact(line)})
    state, text = read_test(rule, [look.value("score"), look.value("retest_score")])
    figures: list[tuple[Text, Text | str]] = [(Text("结果", "Result"), text)]
    if rank := _rank(look):
        figures.append((Text("名次", "Rank"), rank))
    if state is TestState.PASSED:
        return Judgement((), tuple(figures))
    strong = state is TestState.SUSPENSION_PREPARED
    code = "TEST_" + state.name
    return Judgement((Finding(code, text, "refuse" if strong else "block"),), tuple(figures))


def _rank(look: Look) -> Text | None:
    score, session = look.value("score"), look.value("session")
    if score is None or not session:
        return None
    others = look.ask("matters", kind=str(look.options.get("kind")), values={"session": session})
    field = look.name("score")
    scores = [Decimal(m["values"][field]) for m in others or [] if field in m["values"]]
    if not scores:
        return None
    place = 1 + sum(1 for s in scores if s > score)
    return Text("第{p}名，共{n}人", "{p} of {n}").fill(p=place, n=len(scores))


# -- reminder letter -----------------------------------------------------------------------------


def _begin_letter(look: Look) -> dict[str, Any]:
    rule: LetterRule = look.item or LetterRule()
    case = _case(look)
    found = _posted(look)
    if case:
        text = str(case["shortcomings"].get(look.person) or "")
        points = [
            p.strip(" 　。；;") for p in text.replace("；", "\n").replace("。", "\n").split("\n")
        ]
        found["shortcomings"] = [{"point": p} for p in points if p]
    start = look.value("office_date") or (case["decided"] if case else None)
    found["checks"] = touch_rows(rule.asked_again, start)
    return found


def touch_rows(months: Sequence[int], start: Day | None) -> list[dict[str, str]]:
    """A row for each touchpoint: months from the start of office, and the day."""
    if start is None:
        return []
    return [{"months": str(m), "due": add_months(start, m).isoformat()} for m in months]


@judge(
    "appointment.letter",
    Text("任前提醒函核对", "reminder letter"),
    section="decision",
    kind="letter",
    words=("shortcomings", "checks", "office_date", "post"),
    begins=_begin_letter,
)
def letter(look: Look) -> Judgement:
    """Enough shortcomings before it is issued; afterwards each is asked about again.

    `shortcomings`: point, corrected (date), how. `checks`: months, due, held, note.
    """
    rule: LetterRule = look.item or LetterRule()
    points = rows_of(look, "shortcomings")
    given = [str(r.get("point") or "") for r in points]
    findings = list(of_problems(check_letter(rule, given), default="block"))
    figures: list[tuple[Text, Text | str]] = [
        (Text("不足", "Shortcomings"), str(len([p for p in given if p.strip()])))
    ]
    if not look.drafted:
        open_ = [str(r.get("point")) for r in points if r.get("point") and not r.get("corrected")]
        if open_:
            text = Text("尚未改正：{n}", "not corrected yet: {n}")
            said = text.fill(n=Text("；".join(open_), "; ".join(open_)))
            findings.append(Finding("LETTER_OPEN", said, "block", look.name("shortcomings")))
        findings += _missed(look, "checks", "block")
    return Judgement(tuple(findings), tuple(figures))


def _missed(look: Look, word: str, strength: Any) -> list[Finding]:
    """Touchpoints that are not on record; those whose day has come are named with it."""
    rows = [r for r in rows_of(look, word) if not r.get("held")]
    if not rows:
        return []
    parts = [
        Text("{m}个月（{d}）", "{m} months ({d})").fill(
            m=r.get("months", "—"), d=r["due"] if r.get("due") else "—"
        )
        for r in rows
    ]
    text = Text("尚无记录：{n}", "nothing on record for: {n}").fill(n=join(parts, "、", ", "))
    return [Finding("TOUCHPOINT", text, strength, look.name(word))]


# -- probation, trial, follow-up -------------------------------------------------------------------


def _months(look: Look, rule: ProbationRule) -> int | None:
    typed = look.value("months")
    return rule.months if rule.months is not None else None if typed is None else int(typed)


def _begin_probation(look: Look) -> dict[str, Any]:
    rule: ProbationRule = look.item or ProbationRule()
    posted = _posted(look)
    found = {"post": posted.get("post"), "start": posted.get("office_date")}
    start: Day | None = look.value("start")
    if start is None and found["start"]:
        start = datetime.date.fromisoformat(found["start"])
    months = _months(look, rule)
    found["months"] = str(months) if months else None
    found["touchpoints"] = touch_rows(rule.touchpoints, start)
    if start is not None and months is not None:
        found["until"] = add_months(start, months).isoformat()
    found["aspects"] = [{"aspect": str(a)} for a in look.options.get("aspects") or ()]
    due, extended = look.value("until"), look.value("extension_months")
    more = rule.extension_months or (None if extended is None else int(extended))
    if due is not None and more is not None:
        found["extended_until"] = add_months(due, more).isoformat()
    found["destination"] = "；".join(d.zh for d in rule.destinations)
    return found


@judge(
    "appointment.probation",
    Text("试用期核对", "probation and trial"),
    section="decision",
    kind="probation",
    words=(
        "start",
        "months",
        "until",
        "touchpoints",
        "conclusion",
        "extension_months",
        "extended_until",
        "ground",
        "assessment",
        "reply",
        "aspects",
        "destination",
        "post",
    ),
    begins=_begin_probation,
)
def probation(look: Look) -> Judgement:
    """The due day and touchpoints; what a proposed conclusion still needs.

    Lengths run in months from `start`, the first day of office. Confirmation is refused before
    the due day; an end is only prepared, with ground, assessment and the person's reply.
    `touchpoints`: months, due, held, note. `until` is checked against start and length.
    """
    rule: ProbationRule = look.item or ProbationRule()
    start, until, months = look.value("start"), look.value("until"), _months(look, rule)
    findings: list[Finding] = []
    missing = [look.label("start")] if start is None else []
    has_term = "until" in look.kind.fields or look.name("until") in look.kind.fields
    if has_term and months is None:
        missing.append(look.label("months"))
    if missing:
        text = Text("缺少{n}", "{n} is missing").fill(n=join(missing, "、", ", "))
        findings.append(Finding("PROBATION_MISSING", text, "block"))
    due = add_months(start, months) if start and months else None
    end = look.value("extended_until") or until or due
    if due and until and until != due and look.value("extended_until") is None:
        text = Text("自{s}起{m}个月，到期日为{d}", "{m} months from {s} end on {d}")
        said = text.fill(s=start, m=months, d=due)
        findings.append(Finding("PROBATION_UNTIL", said, "refuse", look.name("until")))
    if not look.drafted:
        findings += _missed(look, "touchpoints", "warn" if has_term else "block")
        findings += _conclusion(look, rule, end, months)
    figures: list[tuple[Text, Text | str]] = []
    if rule.who is not None:
        figures.append((Text("适用对象", "Who"), rule.who))
    if end:
        figures.append((Text("到期日", "Due"), end.isoformat()))
    if rule.confirmation:
        steps = join(list(rule.confirmation), "；", "; ")
        figures.append((Text("合格后", "When passed"), steps))
    if rule.on_excellence is not None:
        figures.append((Text("优秀的", "When outstanding"), rule.on_excellence))
    if rule.may_preside:
        text = Text("试用期可以主持拟任岗位工作", "may lead the post meanwhile")
        figures.append((Text("期间", "Meanwhile"), text))
    return Judgement(tuple(findings), tuple(figures), tuple(_scores(look)))


def _conclusion(
    look: Look, rule: ProbationRule, end: Day | None, months: int | None
) -> list[Finding]:
    chosen = look.value("conclusion")
    if chosen is None:
        return []
    over = None if end is None else look.day >= end
    typed = look.value("extension_months")
    attached = [
        name
        for name, word in (
            ("ground", "ground"),
            ("assessment", "assessment"),
            ("the person's reply", "reply"),
        )
        if look.value(word)
    ]
    found = read_conclusion(
        [rule],
        chosen,
        over=over,
        due=end,
        extension_months=None if typed is None else int(typed),
        attached=attached,
    )
    if found.state is ConclusionState.RECORDED:
        return []
    if found.state is not ConclusionState.PREPARED:
        return [Finding("CONCLUSION_" + found.state.name, found.text, "refuse")]
    words = {"ground": "ground", "assessment": "assessment", "the person's reply": "reply"}
    findings = [Finding("CONCLUSION_PREPARED", found.text, "note")]
    if found.needs:
        names = join([look.label(words[n]) for n in found.needs], "、", ", ")
        text = Text("还须附：{n}", "still to be attached: {n}").fill(n=names)
        findings.append(Finding("CONCLUSION_NEEDS", text, "block"))
    if found.destinations:
        where = join(list(found.destinations), "；", "; ")
        text = Text("办法规定的去向：{d}", "where the scheme sends the person: {d}")
        findings.append(Finding("CONCLUSION_WHERE", text.fill(d=where), "note"))
    return findings


def _scores(look: Look) -> list[Sheet]:
    """The sum of the aspects, where all are scored; a missing one leaves it open."""
    rows = rows_of(look, "aspects")
    if not rows:
        return []
    scores = [r.get("score") for r in rows]
    whole = "—" if None in scores else format(sum(Decimal(str(s)) for s in scores), "f")
    lines = [
        (str(r.get("aspect")), "—" if r.get("score") is None else str(r["score"])) for r in rows
    ]
    head = (Text("方面", "Aspect"), Text("得分", "Points"))
    total = (Text("合计", "Total"), whole)
    return [Sheet(Text("量化评价", "Scores"), head, (*lines, total))]
