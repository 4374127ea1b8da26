"""Judges of the way to a decision: consultation, gates, chains of steps, direct decisions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bole.engine.decision.gates import Gate, GateSet, read_gates
from bole.engine.decision.routes import (
    Asked,
    ConsultationRule,
    DirectRule,
    DocumentsRule,
    read_applicants,
    read_consultation,
)
from bole.engine.errors import BoleError
from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge
from bole.engine.tally.thresholds import Outcome
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict

Rows = Sequence[Mapping[str, Any]]
# The steps before which packs ask for replies.
STEPS = {
    "meeting": Text("会议讨论", "the meeting"),
    "secretaries_meeting": Text("书记议事会", "the secretaries' meeting"),
    "five_person_group": Text("五人小组会", "the five-person group"),
    "united_front_reply": Text("统战部答复", "the united-front department's reply"),
}
# What has to be on record before a paper that is no paper itself.
EVENTS = {
    "secretary_view_or_daily_knowledge": Text(
        "书记意见或日常了解", "the secretary's view, or daily knowledge"
    ),
    "secretary_consent": Text("书记同意", "the secretary's consent"),
    "individual_consultation": Text("个别酝酿", "individual consultation"),
    "collective_consultation": Text("集体酝酿", "collective consultation"),
}
WRITTEN = Text("（书面）", " (in writing)")


def rows_of(look: Look, word: str) -> Rows:
    """The rows of a table field; none when it is empty."""
    return look.value(word) or []


# -- consultation --------------------------------------------------------------------------------


def _known(look: Look, name: str) -> bool | None:
    """A fact of the case: typed in the matter, else stated in the case; None = not known."""
    typed = look.value(name)
    if isinstance(typed, bool):
        return typed
    case = look.ask("case", stream=look.stream) if look.stream else None
    found = case["facts"].get(name) if case else None
    return found if isinstance(found, bool) else None


def _begin_consultation(look: Look) -> dict[str, Any]:
    rule: ConsultationRule | None = look.item
    letters = look.ask("opinions", stream=look.stream, person=look.person) if look.stream else None
    by_name = {str(o["name"]): o for o in letters or []}
    rows = []
    for asked in rule.asked if rule else ():
        if asked.when and _known(look, asked.when) is False:
            continue
        row: dict[str, Any] = {"body": asked.body}
        letter = by_name.get(asked.body)
        if letter:
            days = {"asked": letter["asked"], "replied": letter["answered"]}
            row |= {k: d.isoformat() for k, d in days.items() if d} | {"form": "written"}
        rows.append(row)
    whens = {a.when for a in rule.asked if a.when} if rule else set()
    facts = {w: known for w in whens if (known := _known(look, w)) is not None}
    return {"replies": rows, **facts}


@judge(
    "decision.consultation",
    Text("酝酿征求意见核对", "consultation before the decision"),
    section="decision",
    kind="consultation",
    words=("replies", "non_party", "dual_management", "superior_opinion_needed"),
    begins=_begin_consultation,
)
def consultation(look: Look) -> Judgement:
    """Who has still to reply before which step, who has to reply in writing, who disagrees.

    `replies` is a table: body, form (individual, collective, written), asked, due, replied,
    opinion. Without a rule of the scheme every body of the table has to reply.
    """
    rule: ConsultationRule | None = look.item
    rows = rows_of(look, "replies")
    replied = {
        str(r.get("body", "")).strip(): (r.get("form") or "any") if r.get("replied") else None
        for r in rows
    }
    if rule is None:
        named = tuple(Asked(body=body, before="meeting") for body in replied if body)
        if not named:
            text = Text("尚未写明征求谁的意见", "it is not said yet who is asked")
            return Judgement((Finding("CONSULT_NOBODY", text, "block"),))
        rule = ConsultationRule(asked=named)
    facts = {a.when: _known(look, a.when) for a in rule.asked if a.when}
    findings: list[Finding] = []
    for step in dict.fromkeys(a.before for a in rule.asked):
        found = read_consultation(rule, step, facts, replied)
        if found.may_go is True:
            continue
        unknown = [look.label(name) for name in found.unknown]
        said = Text("{s}前", "before {s}").fill(s=STEPS.get(step, Text(step, step)))
        parts = []
        for zh, en, names in (
            ("尚未答复：{n}", "no reply yet: {n}", found.outstanding),
            ("须书面答复：{n}", "a written reply is needed: {n}", found.not_written),
        ):
            if names:
                parts.append(Text(zh, en).fill(n=Text("、".join(names), ", ".join(names))))
        if unknown:
            parts.append(Text("未记载：{n}", "not recorded: {n}").fill(n=join(unknown, "、", ", ")))
        text = said + Text("：", ": ") + join(parts)
        findings.append(Finding("CONSULT_OPEN", text, "block", look.name("replies")))
    against = [str(r["body"]) for r in rows if r.get("opinion") == "disagree" and r.get("body")]
    if against:
        text = Text("{n}不同意，继续办理须写明理由", "{n} disagree: go on only with a reason")
        findings.append(
            Finding(
                "CONSULT_AGAINST", text.fill(n="、".join(against)), "warn", look.name("replies")
            )
        )
    due = [a for a in rule.asked if a.when is None or facts.get(a.when)]
    got = sum(1 for a in due if replied.get(a.body))
    figures = ((Text("已答复", "Replied"), f"{got}/{len(due)}"),)
    return Judgement(tuple(findings), figures)


# -- gates before the meeting --------------------------------------------------------------------


def _begin_gates(look: Look) -> dict[str, Any]:
    rule: GateSet | None = look.item
    house = _house(look)
    rows = [
        {"no": str(g.no), "gate": g.text.zh}
        for g in (rule.gates if rule else ())
        if not g.slot and g.attendance is None and not _answered(g, house)
    ]
    record = look.ask("ballot", stream=look.stream, ballot="decision") if look.stream else None
    counted = {k: str(record[k]) for k in ("due", "present") if record and record[k] is not None}
    return {"gates": rows, **counted}


def _house(look: Look) -> Mapping[str, Any]:
    found = look.ask("gate_facts", stream=look.stream, person=look.person, day=look.day)
    return found or {}


def _answered(gate: Gate, house: Mapping[str, Any]) -> bool:
    if gate.received is not None:
        return house.get(gate.received) is not None and house.get(gate.required or "") is not None
    return house.get(gate.holds or gate.clear or "") is not None


@judge(
    "decision.gates",
    Text("不上会关口核对", "gates before the meeting"),
    section="decision",
    kind="gates",
    words=("gates", "due", "present"),
    begins=_begin_gates,
)
def gates(look: Look) -> Judgement:
    """Every gate of the set at once: what the house knows is not typed, the rest is in `gates`.

    `gates` is a table: no, gate, met (yes/no), source. A gate that fails or is not recorded
    blocks; slots that the source leaves empty are only named. Attendance is of those due.
    """
    rule: GateSet = look.item
    house = dict(_house(look))
    typed = {str(r.get("no") or "").strip(): r for r in rows_of(look, "gates")}
    sources: dict[int, Text | str] = {}
    facts = dict(house)
    for gate in rule.gates:
        row = typed.get(str(gate.no), {})
        if _answered(gate, house):
            sources[gate.no] = Text("据系统记录", "from the record")
        elif row.get("met") is not None:
            sources[gate.no] = str(row.get("source") or "—")
            facts |= _as_fact(gate, bool(row["met"]))
    due, present = look.value("due"), look.value("present")
    reading = read_gates(
        rule,
        facts,
        due=None if due is None else int(due),
        present=None if present is None else int(present),
    )
    findings, lines = [], []
    for one in reading.readings:
        gate = one.gate
        open_before = gate.attendance is not None and present is None
        if one.verdict is not Verdict.MET and not open_before:
            said = Text("第{n}项 ", "Gate {n}: ").fill(n=gate.no) + one.text
            if gate.supplied_by:
                said += Text("（由{s}提供）", " (from {s})").fill(s=gate.supplied_by)
            findings.append(Finding("GATE", said, "block", look.name("gates")))
        elif open_before:
            text = Text(
                "第{n}项在会议开始时核对：", "Gate {n} is checked when the meeting begins: "
            )
            findings.append(Finding("GATE_LATER", text.fill(n=gate.no) + gate.text, "note"))
        words = {
            Verdict.MET: Text("符合", "met"),
            Verdict.NOT_MET: Text("不符合", "not met"),
            Verdict.UNKNOWN: Text("未记载", "not recorded"),
        }[one.verdict]
        lines.append((str(gate.no), gate.text, words, sources.get(gate.no, "—"), gate.supplied_by))
    slots = sum(g.slot for g in rule.gates)
    if slots:
        text = Text(
            "来源有{n}项未列明，请本单位在办法中补充",
            "{n} gates are not printed in the source: the office fills them in the scheme",
        )
        findings.append(Finding("GATE_SLOT", text.fill(n=slots), "note"))
    head = (
        Text("序号", "No."),
        Text("关口", "Gate"),
        Text("情况", "State"),
        Text("依据", "Source"),
        Text("由谁提供", "From"),
    )
    sheet = Sheet(rule.text or Text("不上会关口", "Gates"), head, tuple(lines))
    return Judgement(tuple(findings), (), (sheet,) if lines else ())


def _as_fact(gate: Gate, met: bool) -> dict[str, Any]:
    if gate.received is not None:
        return {gate.required or "": [gate.text.zh], gate.received: [gate.text.zh] if met else []}
    if gate.clear is not None:
        return {gate.clear: gate.clear_values[0] if met else "open"}
    return {gate.holds or "": met}


# -- chains of steps -----------------------------------------------------------------------------


def chain_names(rule: DocumentsRule) -> dict[str, Text]:
    """Every step of a chain and every event that it waits for, in order: id → words."""
    found: dict[str, Text] = {}
    for paper in rule.documents:
        for need in paper.needs:
            found.setdefault(need, EVENTS.get(need, Text(need, need)))
        found[paper.id] = paper.text
    return found


def _begin_chain(look: Look) -> dict[str, Any]:
    rule: DocumentsRule | None = look.item
    if rule is None:
        return {}
    by = {d.id: d.by for d in rule.documents}
    kinds: Mapping[str, str] = look.options.get("from") or {}
    rows = []
    for ident, text in chain_names(rule).items():
        row = {
            "step": text.zh,
            "by": by.get(ident, ""),
            "done": _done_elsewhere(look, kinds, ident),
        }
        rows.append({k: v for k, v in row.items() if v})
    case = look.ask("case", stream=look.stream) if look.stream else None
    office = case["decided"].isoformat() if case and case["decided"] else None
    return {"steps": rows, "office_date": office, "post": _post(case, look.person)}


def _post(case: Mapping[str, Any] | None, person: int | None) -> str | None:
    """The post that the case has for the person."""
    return case["post_of"].get(person, case["post"]) if case else None


def _done_elsewhere(look: Look, kinds: Mapping[str, str], ident: str) -> str | None:
    """The day on which a matter of the same case and person closed the step."""
    if ident not in kinds or not look.stream:
        return None
    found = look.ask("matters", kind=kinds[ident], stream=look.stream) or []
    days = [m["closed"] for m in found if m["closed"] and m["person"] in (None, look.person)]
    return max(days).isoformat() if days else None


@judge(
    "decision.chain",
    Text("环节顺序核对", "order of a chain of steps"),
    section="decision",
    kind="documents",
    words=("steps", "office_date", "post"),
    begins=_begin_chain,
)
def chain(look: Look) -> Judgement:
    """The steps of a chain in their locked order: which comes next, which are missing, by whom.

    `steps` is a table: step (as the scheme names it), by, done (date), result (agree, disagree),
    number. A step dated before one that it needs, or done without it, is refused.
    """
    rule: DocumentsRule = look.item
    names = chain_names(rule)
    by_words = {text.zh: ident for ident, text in names.items()}
    by_words |= {text.en: ident for ident, text in names.items()}
    done: dict[str, datetime.date] = {}
    findings: list[Finding] = []
    where = look.name("steps")
    for row in rows_of(look, "steps"):
        word = str(row.get("step") or "").strip()
        ident = by_words.get(word)
        if ident is None:
            text = Text("办法没有“{w}”这一环节", "the scheme has no step “{w}”").fill(w=word)
            findings.append(Finding("CHAIN_UNKNOWN", text, "refuse", where))
        elif row.get("result") == "disagree":
            text = Text("“{w}”未获同意，后续环节不得办理", "“{w}” was refused: nothing follows")
            findings.append(Finding("CHAIN_REFUSED", text.fill(w=names[ident]), "refuse", where))
        elif row.get("done"):
            done[ident] = row["done"]
    findings += [Finding(c, t, "refuse", where) for c, t in _out_of_order(rule, names, done)]
    open_ = [d for d in rule.documents if d.id not in done]
    if open_:
        text = Text("尚未办理：{n}", "still to do: {n}")
        named = join([_with_body(d.text, d.by) for d in open_], "、", ", ")
        findings.append(Finding("CHAIN_OPEN", text.fill(n=named), "block", where))
    ready = [names[n] for n in rule.next(done)] if open_ else []
    figures = (
        (
            Text("已办环节", "Steps done"),
            f"{len(rule.documents) - len(open_)}/{len(rule.documents)}",
        ),
        (Text("下一步可办", "May be done now"), join(ready, "、", ", ") if ready else "—"),
    )
    return Judgement(tuple(findings), figures)


def _with_body(text: Text, by: str) -> Text:
    return text + Text(f"（{by}）", f" ({by})") if by else text


def _out_of_order(
    rule: DocumentsRule, names: Mapping[str, Text], done: Mapping[str, datetime.date]
) -> Iterator[tuple[str, Text]]:
    for paper in rule.documents:
        if paper.id not in done:
            continue
        missing = [names[n] for n in rule.missing(paper.id, done)]
        if missing:
            text = Text("办理“{p}”前须先有：{n}", "before “{p}” there must be: {n}")
            yield "CHAIN_ORDER", text.fill(p=paper.text, n=join(missing, "、", ", "))
        for need in paper.needs:
            if need in done and done[need] > done[paper.id]:
                text = Text(
                    "“{p}”日期{d}早于“{n}”的{e}", "“{p}” of {d} lies before “{n}” of {e}"
                ).fill(p=paper.text, d=done[paper.id], n=names[need], e=done[need])
                yield "CHAIN_DATES", text


# -- direct decisions, enough applicants, open rows ------------------------------------------------


@judge(
    "decision.direct",
    Text("直接研究决定核对", "cases decided directly"),
    section="decision",
    kind="direct",
    words=("case_kind", "body"),
)
def direct(look: Look) -> Judgement:
    """Whether such a case may be decided directly, and by which body."""
    rule: DirectRule = look.item
    chosen = look.value("case_kind")
    if chosen is None:
        text = Text("未选择调整类型", "the kind of move is not chosen")
        return Judgement((Finding("DIRECT_KIND", text, "block"),))
    figures = ((Text("可以直接决定的机构", "Body that decides directly"), rule.body),)
    if chosen not in rule.cases:
        text = Text(
            "“{k}”不属于可以直接研究决定的情形，须按完整程序办理",
            "“{k}” is none of the kinds decided directly: the whole procedure is needed",
        )
        return Judgement((Finding("DIRECT_NOT", text.fill(k=look.choice("case_kind"))),), figures)
    return Judgement((), figures)


@judge(
    "decision.applicants",
    Text("人选数量核对", "enough persons for the posts"),
    section="decision",
    kind="applicants",
    words=("posts", "passed"),
)
def applicants(look: Look) -> Judgement:
    """Whether enough persons passed the review; otherwise how many posts they carry."""
    posts, passed = look.value("posts"), look.value("passed")
    try:
        found = read_applicants(
            look.item,
            None if posts is None else int(posts),
            None if passed is None else int(passed),
        )
    except BoleError as error:
        return Judgement(tuple(Finding(p.code, p.text) for p in error.problems))
    figures = (
        (Text("可设职位数", "Posts carried"), "—" if found.posts is None else str(found.posts)),
    )
    if found.outcome is Outcome.NO_BAR:
        return Judgement((), (*figures, (Text("人选", "Persons"), found.text)))
    in_principle = found.outcome is Outcome.BLOCKS_IN_PRINCIPLE
    return Judgement(
        (Finding("APPLICANTS", found.text, "warn" if in_principle else "block"),), figures
    )


@judge(
    "rows.closed",
    Text("逐项办结核对", "every row closed"),
    words=("rows",),
)
def rows_closed(look: Look) -> Judgement:
    """Every row of the table has its `done` date; options: `name`, `done` (column ids)."""
    name, done = str(look.options.get("name", "what")), str(look.options.get("done", "done"))
    rows = rows_of(look, "rows")
    open_ = [str(r.get(name) or "—") for r in rows if not r.get(done)]
    figures = ((Text("已办结", "Closed"), f"{len(rows) - len(open_)}/{len(rows)}"),)
    if not open_ or look.drafted:
        return Judgement((), figures)
    text = Text("尚未办结：{n}", "not closed: {n}")
    said = text.fill(n=Text("、".join(open_), ", ".join(open_)))
    return Judgement((Finding("ROWS_OPEN", said, "block", look.name("rows")),), figures)
