"""Judges of plans of units: delegated selection, dispatch, lists side by side, chains of papers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bole.engine.decision.routes import DocumentsRule
from bole.engine.errors import Problem
from bole.engine.lists.conditions import Condition
from bole.engine.matters.judgement import (
    Finding,
    Judgement,
    Look,
    Sheet,
    Strength,
    judge,
    of_problems,
)
from bole.engine.matters.judges.motion import PERSON, Names, rows_of
from bole.engine.motion.delegated import Delegated, DelegatedPlan, Execution, PostLine, follow
from bole.engine.motion.delegated import review as review_plan
from bole.engine.motion.dispatch import Dispatch, Standing, next_consent, select
from bole.engine.nomination.channels import Channels, cross_check
from bole.engine.procedures.base import When
from bole.engine.text import Text, join


@judge(
    "motion.delegated",
    Text("中层选任方案核对", "delegated plan"),
    section="motion",
    kind="delegated",
    words=(
        "posts",
        "mode",
        "steps",
        "establishment_form",
        "mode_finding",
        "reply_on",
        "started_on",
        "carried_posts",
        "carried_mode",
        "carried_steps",
    ),
)
def delegated(look: Look) -> Judgement:
    """Every coded reason to refuse the plan; after the reply, what differs from the approved."""
    rules: Delegated = look.item or Delegated(id="plan", title=look.kind.title)
    plan = DelegatedPlan(
        unit=str(look.unit or ""),
        posts=tuple(
            PostLine(
                str(r.get("post", "—")),
                _count(r.get("number")) or 0,
                _count(r.get("approved")),
                _count(r.get("filled")),
                _count(r.get("leaving")) or 0,
                r.get("established"),
            )
            for r in rows_of(look, "posts")
        ),
        mode=look.value("mode"),
        steps=tuple(look.value("steps", ())),
        establishment_form=look.value("establishment_form"),
        mode_finding=look.value("mode_finding"),
    )
    found = review_plan(rules, plan)
    if not plan.posts:
        text = Text("未填写职位", "the plan names no post")
        found.insert(0, Problem("plan_empty", text))
    days: dict[str, datetime.date | None] = {
        str(r.get("step")): r.get("on") for r in rows_of(look, "carried_steps")
    }
    carried = rows_of(look, "carried_posts")
    started = look.value("started_on")
    if started is not None or days or carried:
        done = Execution(
            {
                "posts": {str(r.get("post")): _count(r.get("number")) for r in carried},
                "mode": look.value("carried_mode"),
                "steps": list(days),
            },
            started,
            days,
        )
        found += follow(plan, look.value("reply_on"), done).problems
    figures: list[tuple[Text, Text | str]] = [
        (Text("方案指纹", "Digest of the plan"), plan.content_hash[:16])
    ]
    for wanted in rules.authority.values():
        filed = wanted.filed_with or wanted.competent
        said = Text("{a}任命", "{a} appoints").fill(a=wanted.appointed_by)
        figures.append((wanted.title, join([said, filed]) if filed else said))
    papers = join(list(rules.papers), "、", ", ")
    if rules.papers:
        figures.append((Text("须报材料", "Papers wanted"), papers))
    return Judgement(of_problems(found), tuple(figures))


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


@judge(
    "motion.dispatch",
    Text("选派条件核对", "dispatch selection"),
    section="motion",
    kind="dispatch",
    words=("people", "stated", "barred", "consents"),
)
def dispatch(look: Look) -> Judgement:
    """Everyone as eligible, excluded, unknown or not eligible, with all the reasons.

    What the files do not know an officer states condition by condition (`stated`); the chain of
    consents is followed in its order.
    """
    rules: Dispatch = look.item or Dispatch(id="none", title=look.kind.title, conditions=())
    names = Names(look)
    stated = {
        (r.get("person"), str(r.get("condition"))): r.get("met")
        for r in [*rows_of(look, "stated"), *rows_of(look, "barred")]
    }
    results = []
    for row in rows_of(look, "people"):
        key = row.get("person")
        if not key:
            continue
        known = look.ask("dispatch_facts", id=key, day=look.day) or {}
        facts = {**known, **{f"stated_{c}": v for (p, c), v in stated.items() if p == key}}
        own = rules.model_copy(
            update={
                "conditions": tuple(_as_stated(c, facts) for c in rules.conditions),
                "exclusions": tuple(_as_stated(c, facts) for c in rules.exclusions),
            }
        )
        results += select(own, {names.person(key): facts}, look.day)
    findings = [
        Finding(
            f"DISPATCH_{r.standing.upper()}",
            r.text,
            "block" if r.standing is Standing.UNKNOWN else "refuse",
        )
        for r in results
        if r.standing is not Standing.ELIGIBLE
    ]
    consents: dict[str, dict[str, bool | None]] = {}
    for row in rows_of(look, "consents"):
        if row.get("person"):
            given = consents.setdefault(names.person(row["person"]), {})
            given[str(row.get("consent"))] = row.get("given")
    lines = []
    for result in results:
        step, broken = next_consent(rules, consents.get(result.person, {}))
        title = rules.consents[step] if step else Text("已全部同意", "all agree")
        said = Text("{t}不同意", "{t}: refused") if broken else Text("{t}", "{t}")
        lines.append((result.person, result.text, said.fill(t=title)))
        if broken or step:
            text = Text("{p}：{t}", "{p}: {t}").fill(p=result.person, t=said.fill(t=title))
            code: Strength = "refuse" if broken else "note"
            findings.append(Finding("CONSENT_REFUSED" if broken else "CONSENT_OPEN", text, code))
    head = (PERSON, Text("条件", "Conditions"), Text("同意链条", "Consents"))
    sheets = (Sheet(rules.title, head, tuple(lines)),) if lines else ()
    return Judgement(tuple(findings), sheets=sheets)


def _as_stated(condition: Condition, facts: Mapping[str, Any]) -> Condition:
    """The condition as an officer stated it, where the officer did."""
    name = f"stated_{condition.id}"
    if facts.get(name) is None:
        return condition
    holds = When.model_validate({name: True})
    return condition.model_copy(update={"when": holds, "service": None})


@judge(
    "motion.channels",
    Text("多渠道印证", "channels side by side"),
    section="nomination",
    kind="channels",
    words=("lists", "reported"),
)
def channels(look: Look) -> Judgement:
    """Who is named by how many channels; who is named once stays visible."""
    rules: Channels | None = look.item
    names = Names(look)
    if rules is None:
        text = Text("办法没有列出渠道", "the scheme lists no channels")
        return Judgement((Finding("CHANNELS_OPEN", text, "block"),))
    lists: dict[str, list[tuple[int, str]]] = {c: [] for c in look.value("reported", ())}
    for row in rows_of(look, "lists"):
        if row.get("person") and row.get("channel"):
            rank = int(row["rank"]) if row.get("rank") is not None else 10**6
            lists.setdefault(row["channel"], []).append((rank, names.person(row["person"])))
    given: dict[str, list[str] | None] = dict.fromkeys(rules.channels)
    given |= {c: [n for _rank, n in sorted(people)] for c, people in lists.items()}
    found = cross_check(rules, given)
    findings: list[Finding] = []
    waiting = [rules.channels[c] for c, people in given.items() if people is None]
    if waiting:
        text = Text("尚未报来：{w}", "not yet reported: {w}").fill(w=join(waiting, "、", ", "))
        findings.append(Finding("CHANNEL_OPEN", text, "note"))
    if rules.consistent is None:
        text = Text(
            "办法未定“相对一致”须几个渠道，只作对照",
            "how many channels make it consistent is open: shown for comparison only",
        )
        findings.append(Finding("CONSISTENT_OPEN", text, "note"))
    words = {
        True: Text("一致", "consistent"),
        False: Text("不一致", "not consistent"),
        None: Text("—", "—"),
    }
    rows: tuple[tuple[Text | str, ...], ...] = tuple(
        (
            n.person,
            str(len(n.by)),
            *(
                ("✓" if n.ranks.get(c, 0) == 0 else str(n.ranks[c])) if c in n.by else "—"
                for c in rules.channels
            ),
            words[n.consistent],
        )
        for n in found
    )
    head = (
        PERSON,
        Text("渠道数", "Channels"),
        *rules.channels.values(),
        Text("印证", "Result"),
    )
    return Judgement(tuple(findings), sheets=(Sheet(rules.title, head, rows),) if rows else ())


@judge(
    "motion.documents",
    Text("酝酿文本次序", "chain of papers"),
    section="decision",
    kind="documents",
    words=("papers",),
)
def documents(look: Look) -> Judgement:
    """Papers that turn into one another in a locked order; what each still waits for."""
    rules: DocumentsRule | None = look.item
    if rules is None:
        return Judgement()
    done: dict[str, datetime.date | None] = {
        str(r.get("paper")): r.get("on") for r in rows_of(look, "papers") if r.get("paper")
    }
    findings: list[Finding] = []
    known = {d.id: d for d in rules.documents}
    for name in done:
        paper = known.get(name)
        for need in paper.needs if paper else ():
            title = _paper(known, need)
            on, before = done[name], done.get(need)
            if need not in done:
                text = Text("{p}之前须有：{n}", "{p} needs before it: {n}")
                findings.append(_of_paper("PAPER_BEFORE", text, paper, title))
            elif on is not None and before is not None and on < before:
                text = Text("{p}的日期早于{n}", "{p} is dated before {n}")
                findings.append(_of_paper("PAPER_ORDER", text, paper, title))
    open_ = [known[n].text for n in rules.next(done)]
    left = [d.text for d in rules.documents if d.id not in done]
    if left:
        text = Text("尚未形成：{n}", "still to come: {n}").fill(n=join(left, "、", ", "))
        strength: Strength = "note" if look.drafted else "block"
        findings.append(Finding("PAPER_OPEN", text, strength))
    next_ = join(open_, "、", ", ") if open_ else Text("—", "—")
    rows: tuple[tuple[Text | str, ...], ...] = tuple(
        (
            d.text,
            d.by or "—",
            join([_paper(known, n) for n in d.needs], "、", ", ") if d.needs else "—",
            day.isoformat() if (day := done.get(d.id)) else "—",
        )
        for d in rules.documents
    )
    head = (
        Text("文本", "Paper"),
        Text("由谁确定", "Fixed by"),
        Text("之前须有", "Needs"),
        Text("日期", "Day"),
    )
    sheet = Sheet(Text("文本次序", "Order of papers"), head, rows)
    return Judgement(tuple(findings), ((Text("下一步", "Next"), next_),), (sheet,))


def _paper(known: Mapping[str, Any], name: str) -> Text:
    return known[name].text if name in known else Text(name, name)


def _of_paper(code: str, text: Text, paper: Any, title: Text) -> Finding:
    return Finding(code, text.fill(p=paper.text, n=title), "block")
