"""The judge of a deciding meeting: roll, quorum, recusals, order of speaking, votes, opinion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bole.engine.decision.conduct import ConductRule, ItemMinutes, Statement, check_minutes
from bole.engine.decision.vote import (
    Decided,
    VoteReading,
    VoteRule,
    read_differential,
    read_vote,
)
from bole.engine.errors import BoleError
from bole.engine.exact.comparators import Comparator, fewest
from bole.engine.exact.numbers import exact
from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge
from bole.engine.matters.judges.decision import rows_of
from bole.engine.tally.attendance import AttendanceRule
from bole.engine.text import Text

Row = Mapping[str, Any]
# Where a local scheme says nothing of quorum and majority, article 37 of the regulation holds.
REGULATION = VoteRule(
    quorum=AttendanceRule(op=Comparator.AT_LEAST, share="2/3"), reference="第三十七条"
)
OPTIONS = ("agree", "disagree", "postpone")
METHODS = {
    "secret": Text("无记名投票", "secret ballot"),
    "hands": Text("举手", "show of hands"),
    "voice": Text("口头", "voice"),
}
# What an objection that carries, or fails, means for a nominee (S1.6).
DROPPED = Text("不再作为拟任人选", "no longer a nominee")
STAYS = Text("可继续作为拟任人选", "stays a nominee")


def _begin(look: Look) -> dict[str, Any]:
    case = look.ask("case", stream=look.stream) if look.stream else None
    record = look.ask("ballot", stream=look.stream, ballot="decision") if look.stream else None
    rows = []
    people = (case["nominees"] or case["candidates"]) if case else ()
    for person in people:
        assert case is not None
        row = {"person": person, "post": case["post_of"].get(person, case["post"])}
        row["on_agenda"] = True
        votes = record["votes"].get(person, {}) if record else {}
        row |= {o: str(votes[o]) for o in OPTIONS if o in votes}
        if "defer" in votes:
            row["postpone"] = str(votes["defer"])
        rows.append(row)
    found: dict[str, Any] = {"votes": rows, "posts": str(case["posts"]) if case else None}
    if record:
        found["held"] = record["on"].isoformat()
        found["mode"] = "secret" if record["secret"] else None
        found["roll"] = [
            {"member": m["name"], "present": m["present"]} for m in record["members"] or ()
        ]
    elif before := look.ask("matters", kind=look.options.get("kind", ""), stream=look.stream):
        found["roll"] = before[-1]["values"].get("roll")
    rule = _conduct(look)
    found["explanations"] = [
        {"person": r["person"], "what": what} for r in rows for what in rule.must_explain
    ]
    return found


def _conduct(look: Look) -> ConductRule:
    """The rule of conduct that `options.conduct` names in the same pack; else the general one."""
    from bole.engine.schemes.sections import read_item

    ident = look.options.get("conduct")
    if ident is None or look.scheme is None or ident not in look.scheme.decision:
        return ConductRule()
    found: ConductRule = read_item(look.scheme, "decision", ident)
    return found


@judge(
    "decision.meeting",
    Text("讨论决定会议核对", "the deciding meeting"),
    section="decision",
    kind="vote",
    words=("roll", "statements", "votes", "explanations", "mode", "posts", "held"),
    begins=_begin,
)
def meeting(look: Look) -> Judgement:
    """The quorum and the votes needed before the vote, and afterwards what the vote was.

    `roll`: member, present, principal. `votes`: person, on_agenda, agree, disagree, postpone,
    recused (names). `statements` in the order in which they were made: person (empty = every
    item), member, position. `explanations`: person, what, applies, words. `posts`: with fewer
    posts than persons the vote is a differential one. Options: `conduct`, the rule of conduct;
    `regulation`: a majority that the scheme leaves open is that of the regulation.
    """
    rule: VoteRule = look.item or REGULATION
    if rule.share is None and look.options.get("regulation"):
        rule = rule.model_copy(update={"share": REGULATION.share, "op": REGULATION.op})
    roll, votes = rows_of(look, "roll"), rows_of(look, "votes")
    names = [str(r.get("member") or "").strip() for r in roll]
    twice = sorted({n for n in names if names.count(n) > 1})
    if not roll or any(r.get("present") is None for r in roll) or twice:
        zh, en = ("名册还没有填", "the roll is not filled in")
        if roll:
            zh, en = ("名册中还有人未填是否到会", "the roll does not say of everybody who came")
        if twice:
            zh, en = ("{n}在名册中出现两次", "{n} stands on the roll twice")
        text = Text(zh, en).fill(n="、".join(twice))
        return Judgement((Finding("ROLL", text, "block", look.name("roll")),))
    due, present = len(roll), sum(1 for r in roll if r["present"])
    findings: list[Finding] = []
    findings += _method(look, rule)
    findings += _minutes(look, roll, votes)
    figures = list(_before(rule, due, present))
    lines: list[tuple[Text | str, ...]] = []
    agreed: dict[str, Any] = {}
    for row in votes:
        person = _name(look, row)
        read, own = _vote(look, rule, row, person, due, present)
        findings += own
        if read is None:
            continue
        agreed[person] = row.get(rule.option)
        said = read.text
        if rule.option == "disagree" and read.result in (Decided.PASSED, Decided.NOT_PASSED):
            said = said + Text("；", "; ") + (DROPPED if read.result is Decided.PASSED else STAYS)
        if read.result is Decided.CANNOT_COMPUTE:
            findings.append(Finding("VOTE_OPEN", _of(person, read.text), "block"))
        elif read.result is Decided.DOES_NOT_OPEN:
            findings.append(Finding("QUORUM", read.text, "block"))
        counts = [str(row[o]) if row.get(o) is not None else "—" for o in OPTIONS]
        needed = "—" if read.needed is None else f"{read.needed}/{read.base}"
        lines.append((person, *counts, needed, said))
    if not votes:
        text = Text("还没有表决的人选", "nobody to vote on yet")
        findings.append(Finding("VOTE_NOBODY", text, "block", look.name("votes")))
    posts = look.value("posts")
    if posts is not None and len(agreed) > int(posts) and due:
        figures += _differential(rule, due, agreed, int(posts), findings)
    findings = list({(f.code, f.text.zh): f for f in findings}.values())
    head = (
        Text("人选", "Person"),
        Text("同意", "Agree"),
        Text("不同意", "Disagree"),
        Text("缓议", "Postpone"),
        Text("须（票/基数）", "Needed (votes/of)"),
        Text("结果", "Result"),
    )
    sheet = Sheet(Text("表决情况", "Votes"), head, tuple(lines))
    return Judgement(tuple(findings), tuple(figures), (sheet,) if lines else ())


def _of(person: str, text: Text) -> Text:
    return Text(f"{person}：", f"{person}: ") + text


def _name(look: Look, row: Row) -> str:
    found = look.ask("person", id=row.get("person")) if row.get("person") else None
    return str(found["name"]) if found else str(row.get("person") or "—")


def _method(look: Look, rule: VoteRule) -> Iterator[Finding]:
    mode = look.value("mode")
    if mode is None:
        text = Text("未选择表决方式", "the way of voting is not chosen")
        yield Finding("MODE", text, "block", look.name("mode"))
    elif rule.methods and mode not in rule.methods:
        allowed = Text("、", ", ")
        parts = [METHODS[m] for m in rule.methods]
        said = Text(allowed.zh.join(p.zh for p in parts), allowed.en.join(p.en for p in parts))
        text = Text("办法规定的表决方式为：{m}", "the scheme votes by: {m}").fill(m=said)
        yield Finding("MODE", text, "refuse", look.name("mode"))


def _before(rule: VoteRule, due: int, present: int) -> Iterator[tuple[Text, Text | str]]:
    """What is needed, as it is shown before the vote: floor(due/2)+1 and the quorum."""
    yield Text("应到（表决基数）", "Due"), str(due)
    yield Text("实到", "Present"), str(present)
    quorum = rule.quorum
    if quorum is not None and quorum.share is not None:
        needed = fewest(quorum.op, exact(quorum.share), due)
        said = Text("须到{n}人", "{n} must be present").fill(n=needed)
        state = (
            Text("，已达到", ", reached")
            if present >= needed
            else Text("，未达到", ", not reached")
        )
        yield Text("到会人数要求", "Quorum"), said + state
    if rule.share is None:
        open_ = Text("办法未定通过标准，请先设定", "the scheme leaves the pass figure open: set it")
        yield Text("通过所需", "Needed to pass"), open_
        return
    needed = fewest(rule.op, exact(rule.share), due)
    text = Text("应到{d}人，须{n}票", "{n} of {d} due").fill(d=due, n=needed)
    title = Text("通过所需", "Needed to pass")
    if rule.option == "disagree":
        title = Text("否决所需的不同意票", "Objections that drop a nominee")
    yield title, text


def _vote(
    look: Look, rule: VoteRule, row: Row, person: str, due: int, present: int
) -> tuple[VoteReading | None, list[Finding]]:
    """The vote on one person; a recused member leaves the base only where the scheme says so."""
    recused = _words(row.get("recused"))
    findings, base = [], due
    if recused and rule.recused_stay_due is None:
        both = (
            [fewest(rule.op, exact(rule.share), n) for n in (due, due - len(recused))]
            if (rule.share is not None)
            else ["—", "—"]
        )
        text = Text(
            "{r}回避：办法未定回避人员是否计入应到（计入须{a}票，不计入须{b}票），本次按计入办理",
            "{r} recused: the scheme does not say whether they stay due ({a} needed if so, {b} if "
            "not); counted as due here",
        )
        findings.append(
            Finding(
                "RECUSED_DUE",
                _of(person, text.fill(r="、".join(recused), a=both[0], b=both[1])),
                "warn",
            )
        )
    elif recused and not rule.recused_stay_due:
        base -= len(recused)
    counts = {o: None if row.get(o) is None else int(row[o]) for o in OPTIONS}
    if all(v is None for v in counts.values()):
        text = Text("尚未填写表决票数", "the votes are not filled in")
        return None, [*findings, Finding("VOTE_EMPTY", _of(person, text), "block")]
    roll = rows_of(look, "roll")
    voting = present - sum(1 for r in roll if r["present"] and r.get("member") in recused)
    try:
        cast = sum(v for v in counts.values() if v is not None)
        if cast > voting:
            text = Text(
                "票数合计{c}票，多于可以表决的{v}人", "{c} votes, more than the {v} who may vote"
            )
            findings.append(Finding("VOTES_OVER", _of(person, text.fill(c=cast, v=voting))))
            return None, findings
        attending = present if base == due else voting
        read = read_vote(rule, base=base, present=attending, counts=counts)
    except BoleError as error:
        return None, [*findings, *(Finding(p.code, _of(person, p.text)) for p in error.problems)]
    return read, findings


def _words(value: Any) -> list[str]:
    text = str(value or "").replace("，", "、").replace(",", "、")
    return [w.strip() for w in text.split("、") if w.strip()]


def _differential(
    rule: VoteRule,
    due: int,
    agreed: Mapping[str, Any],
    posts: int,
    findings: list[Finding],
) -> Iterator[tuple[Text, Text | str]]:
    votes = {n: None if v is None else int(v) for n, v in agreed.items()}
    try:
        found = read_differential(rule, base=due, votes=votes, places=posts)
    except BoleError as error:
        findings += [Finding(p.code, p.text) for p in error.problems]
        return
    yield Text("差额票决", "Differential vote"), found.text
    if found.result is Decided.CANNOT_COMPUTE:
        findings.append(Finding("VOTE_OPEN", found.text, "block"))
    elif found.cut and found.cut.tied:
        tied = Text("末位同票，须由会议决定", "a tie at the last place: the meeting decides")
        findings.append(Finding("VOTE_TIED", tied, "warn"))
    if found.cut and found.cut.sure:
        yield Text("入选", "Chosen"), "、".join(found.cut.sure)


def _minutes(look: Look, roll: Sequence[Row], votes: Sequence[Row]) -> Iterator[Finding]:
    """Whether each item's minutes can be closed, by the rule of conduct."""
    rule = _conduct(look)
    present = [str(r["member"]).strip() for r in roll if r["present"]]
    principals = [str(r["member"]).strip() for r in roll if r.get("principal")]
    if rule.principal_last and len(principals) != 1:
        text = Text("名册中须标明一名主要负责人", "the roll must mark one principal")
        yield Finding("PRINCIPAL", text, "block", look.name("roll"))
        return
    secret = look.value("mode") == "secret"
    spoken, explained = rows_of(look, "statements"), rows_of(look, "explanations")
    for row in votes:
        mine = [s for s in spoken if s.get("person") in (None, row.get("person"))]
        own = [e for e in explained if e.get("person") in (None, row.get("person"))]
        for e in own:
            if e.get("applies") is None:
                text = Text("未写明是否适用：{w}", "not said whether it applies: {w}")
                said = _of(_name(look, row), text.fill(w=e.get("what") or "—"))
                yield Finding("EXPLAIN_UNKNOWN", said, "block", look.name("explanations"))
        minutes = ItemMinutes(
            item=_name(look, row),
            on_agenda=row.get("on_agenda") is True,
            present=present,
            principal=principals[0] if principals else "",
            statements=[
                Statement(str(s.get("member") or "").strip(), s.get("position"), secret)
                for s in mine
            ],
            recused=_words(row.get("recused")),
            explained=[str(e["what"]) for e in own if str(e.get("words") or "").strip()],
            to_explain=[str(e["what"]) for e in own if e.get("applies") and e.get("what")],
        )
        for p in check_minutes(rule, minutes):
            yield Finding(p.code, _of(minutes.item, p.text), "block", look.name("statements"))
