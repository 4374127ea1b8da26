"""Judges of vetting: certificates, elements, restriction lists, points, desks, audits."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bole.engine.matters.judgement import Finding, Judgement, Look, Sheet, judge
from bole.engine.matters.judges._answers import judged_by, no_rule, whole, words
from bole.engine.matters.judges.motion import rows_of
from bole.engine.text import Text
from bole.engine.vetting import counts, desks
from bole.engine.vetting.base import Answer
from bole.engine.vetting.holds import Element, elements
from bole.engine.vetting.papers import CertificateSignature, certificate


@judge(
    "vetting.certificate",
    Text("双签字结论核对", "double-signed certificate"),
    section="vetting",
    kind="certificate",
    words=(
        "concluding",
        "text_date",
        "first",
        "first_role",
        "first_on",
        "second",
        "second_role",
        "second_on",
    ),
)
def certificate_(look: Look) -> Judgement:
    """A conclusion signed by two different people in the stated roles, none before the text."""
    if look.item is None:
        return no_rule()

    def signed(word: str) -> CertificateSignature:
        person = look.value(word)
        return CertificateSignature(
            None if person is None else str(person),
            look.value(f"{word}_role"),
            look.value(f"{word}_on"),
        )

    answer = certificate(
        look.item,
        look.value("concluding"),
        look.value("text_date"),
        signed("first"),
        signed("second"),
    )
    titles = {"valid": Text("结论有效", "Valid")}
    return judged_by(
        answer, titles, result="valid", stops=(False, "cannot_compute"), code="CERTIFICATE"
    )


@judge(
    "vetting.elements",
    Text("前置要素预审", "element pre-review"),
    section="vetting",
    kind="elements",
    words=("elements",),
)
def elements_(look: Look) -> Judgement:
    """Every element with its state; a clearance names its source; a blank one is not clear."""
    rows = rows_of(look, "elements")
    given = {str(r.get("element")): r for r in rows}
    wanted = dict(look.item.elements) if look.item else {}
    names = {n: t.zh for n, t in wanted.items()}
    found = [
        Element(names.get(n, n), given.get(n, {}).get("state"), given.get(n, {}).get("source"))
        for n in dict.fromkeys([*wanted, *given])
    ]
    person = look.ask("person", id=look.person) if look.person else None
    answer = elements(str(person["name"]) if person else "—", found)
    titles = {"result": Text("预审结果", "Result")}
    stops = ("refused", "cannot_compute", "not_a_candidate", "hold")
    if not found:
        text = Text("未填写要素", "no element is entered")
        return Judgement((Finding("ELEMENTS", text, "block"),))
    return judged_by(answer, titles, stops=stops, code="ELEMENTS")


@judge(
    "vetting.catalogue",
    Text("限制清单核对", "restriction catalogue"),
    section="vetting",
    kind="catalogue",
    words=("events",),
)
def catalogue(look: Look) -> Judgement:
    """Each item of the list against confirmed, unexpired events and the annual grades on file.

    A match is shown with its facts; a person decides. Events are counted by the item's number.
    """
    rules: counts.Catalogue | None = look.item
    if rules is None:
        return no_rule()
    person = look.ask("person", id=look.person) if look.person else None
    name = str(person["name"]) if person else "—"
    grades: Mapping[int, str | None] = look.ask("annual_grades", id=look.person) or {}
    events: dict[int, list[counts.CatalogueEvent]] = {}
    for n, row in enumerate(rows_of(look, "events")):
        event = counts.CatalogueEvent(
            str(row.get("event") or n), row.get("state"), row.get("expires")
        )
        events.setdefault(whole(row.get("item")) or 0, []).append(event)
    findings, rows = [], []
    for item in rules.items:
        if item.text is None:
            answer = counts.empty_slot(item.number)
            result: Any = "no_rule"
        elif item.times is not None:
            result = counts.match_times(item, events.get(item.number, []), look.day)
            answer = Answer()
        else:
            years = range(look.day.year - (item.years or 1), look.day.year)
            answer = counts.match_grades(item, name, grades, list(years))
            result = answer.values["result"]
        if result == "match":
            text = Text("第{n}项：{t}", "item {n}: {t}").fill(n=item.number, t=item.text or "—")
            findings.append(Finding("CATALOGUE_MATCH", text, "warn"))
        findings += [Finding("CATALOGUE_OPEN", said, "note") for said in answer.said]
        rows.append((str(item.number), item.text or Text("（空项）", "(empty)"), words(result)))
    head = (Text("项", "Item"), Text("情形", "What"), Text("核对", "Result"))
    title = rules.title or Text("限制清单", "List")
    return Judgement(tuple(findings), sheets=(Sheet(title, head, tuple(rows)),))


@judge(
    "vetting.points",
    Text("监督扣分", "deduction points"),
    section="vetting",
    kind="points",
    words=("from", "until", "events"),
)
def points(look: Look) -> Judgement:
    """The balance of a period and its level; only confirmed events told to the person count.

    Events are the rows typed here and the person's `point_event` matters.
    """
    rules: counts.PointRules | None = look.item
    if rules is None:
        return no_rule()
    rows = list(rows_of(look, "events"))
    told = look.ask("point_events", person=look.person) or []
    events = [
        counts.PointEvent(r.get("on"), _points(r.get("points")), r.get("state"), r.get("told"))
        for r in [*rows, *told]
    ]
    start, until = look.value("from"), look.value("until")
    starts = [d for d in (start, until) if d is not None]
    day = min(look.day, until - datetime.timedelta(days=1)) if until else look.day
    answer = counts.balance(rules, events, day, starts)
    titles = {"balance": Text("累计扣分", "Balance"), "level": Text("等级", "Level")}
    return judged_by(answer, titles, code="POINTS")


def _points(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


@judge(
    "vetting.desk",
    Text("廉政意见办理", "integrity opinion desk"),
    section="vetting",
    kind="integrity_desk",
    words=("occasion", "steps", "reply", "requested_on", "facts"),
)
def desk(look: Look) -> Judgement:
    """Whether the act is open or locked, which signed step is next, which facts are looked back."""
    rules: desks.IntegrityDesk | None = look.item
    if rules is None:
        return no_rule()
    person = look.ask("person", id=look.person) if look.person else None
    party = None if not person or not person.get("party") else person["party"] == "中共党员"
    dates = {str(r.get("step")): r.get("on") for r in rows_of(look, "steps")}
    answer = desks.opinion(rules, party, look.value("occasion"), dates, look.value("reply"))
    titles = {
        "needed": Text("须出具廉政意见", "Needed"),
        "act": Text("办理", "The act"),
    }
    steps = {s.id: s.name for s in rules.steps}
    judged = judged_by(answer, titles, result="act", stops=("locked",), code="DESK")
    waiting = answer.values.get("waiting_for")
    figures = list(judged.figures)
    if waiting:
        figures.append((Text("下一步", "Next"), steps.get(waiting, str(waiting))))
    asked = look.value("requested_on")
    if asked is not None:
        facts = {str(r.get("fact")): r.get("on") for r in rows_of(look, "facts")}
        back = desks.look_back(rules, asked, facts)
        said = "、".join(back["listed"]) or "—"
        label = Text("近{n}年列入", "Listed of the last {n} years").fill(n=rules.years)
        figures.append((label, said))
    return Judgement(judged.findings, tuple(figures))


@judge(
    "vetting.audits",
    Text("经济责任审计", "audit duties"),
    section="vetting",
    kind="audits",
    words=("post_class", "since", "audited", "leaves_on"),
)
def audits(look: Look) -> Judgement:
    """Whether a mid-term or an exit audit is due."""
    if look.item is None:
        return no_rule()
    person = look.ask("person", id=look.person) if look.person else None
    answer = desks.audit_duties(
        look.item,
        str(person["name"]) if person else "—",
        look.value("post_class"),
        look.value("since"),
        look.value("audited"),
        look.value("leaves_on"),
        look.day,
    )
    titles = {
        "mid_term": Text("任中审计", "Mid-term audit"),
        "exit": Text("离任审计", "Exit audit"),
    }
    stops = ("due", "refused", "cannot_compute")
    return judged_by(answer, titles, result="mid_term", stops=stops, strength="warn", code="AUDIT")
