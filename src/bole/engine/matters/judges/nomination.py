"""Judges of recommendations: intake, rounds, matrices, notices, credit."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bole.engine.exact.numbers import percent
from bole.engine.matters.judgement import (
    Finding,
    Judgement,
    Look,
    Sheet,
    Strength,
    judge,
    of_problems,
)
from bole.engine.nomination import (
    Credit,
    CreditRound,
    Form,
    IntakeRules,
    LaterEvent,
    NamedPerson,
    Recommender,
    account,
    announce,
    check_form,
    examine,
    permit,
    window,
)
from bole.engine.nomination.intake import REMARKS
from bole.engine.text import Text, join
from bole.engine.workdays import add_months

INTAKE_STRENGTHS: dict[str, Strength] = {
    **{code: "note" for code in REMARKS},  # noqa: C420  (keeps the type)
    "REC_OUTSIDE": "warn",
}
# The classes of relations on file, by the words that packs use for them.
KIN = {
    "spouse": ("spouse",),
    "direct": ("direct", "direct_blood"),
    "collateral": ("collateral", "collateral_within_3"),
    "in_law": ("in_law", "close_in_law", "near_in_law"),
}


@judge(
    "nomination.intake",
    Text("推荐件受理核对", "intake of recommendations"),
    section="nomination",
    kind="intake",
    words=(
        "written",
        "recommender",
        "office",
        "relation",
        "names",
        "signers",
        "seal",
        "minutes",
        "received",
        "notice",
    ),
)
def intake(look: Look) -> Judgement:
    """Every reason against a recommendation, in the order of the codes.

    The candidate is the person of the matter. Items of the rules' `fields` and `signatures` are
    looked for in the fields and signing moves of the same id, unless `options` names others. The
    relation is what was declared, or what the files say; the nearer bar wins.
    """
    rules: IntakeRules = look.item or IntakeRules(id="intake", title=look.kind.title)
    recommender = look.value("recommender")
    by = look.ask("person", id=recommender) if recommender else None
    candidate = look.ask("person", id=look.person) if look.person else None
    until = look.ask("suspended", id=recommender, kind=look.kind) if recommender else None
    names = [look.ask("person", id=p) or {"name": str(p)} for p in look.value("names", [])]
    signers = [look.ask("person", id=p) or {"name": str(p)} for p in look.value("signers", [])]
    declared = look.value("relation")
    on_file = look.ask("kinship", a=recommender, b=look.person) if recommender else None
    words = KIN.get(on_file, (on_file,)) if on_file else ()
    known = next((w for w in words if w in rules.kin), on_file)
    form = Form(
        id=str(look.kind.title),
        written=look.value("written", True),
        fields=frozenset(n for n in rules.fields if _given(look, n)),
        signatures={role: _signed(look, role) for role in rules.signatures},
        seal=bool(look.value("seal")),
        minutes=bool(look.value("minutes")),
        by=Recommender(
            id=_key(by),
            office=look.value("office"),
            unit=by.get("unit_name") if by else None,
            system=by.get("system") if by else None,
            suspended=until,
        )
        if by or look.value("office")
        else None,
        candidate=_key(candidate),
        candidate_unit=candidate.get("unit_name") if candidate else None,
        candidate_system=candidate.get("system") if candidate else None,
        relation=known if known in rules.kin else declared,
        names=tuple((_key(n), n.get("unit_name")) for n in names),
        signers=tuple(_key(s) for s in signers),
        received=look.value("received", look.opened),
        due=look.ask("notice_due", number=look.value("notice"), calendar=look.calendar)
        if look.value("notice")
        else None,
    )
    found = list(of_problems(examine(rules, form).problems, INTAKE_STRENGTHS))
    if not rules.classes and rules.kin and by is None and not signers and rules.written:
        text = Text("推荐人不在干部库中，亲属关系未能核对", "the recommender has no file here")
        found.append(Finding("REC_KIN_UNKNOWN", text, "note"))
    figures: list[tuple[Text, Text | str]] = [(Text("受理规则", "Rules of intake"), rules.title)]
    if known:
        kin = rules.kin.get(known, Text("无限制关系", "no barring relation"))
        figures.append((Text("档案所载亲属关系", "Relation on file"), kin))
    if rules.classes:
        classes = join([c.title for c in rules.classes.values()], "、", ", ")
        figures.append((Text("推荐主体", "Recommenders"), classes))
    return Judgement(tuple(_without_twice(found)), tuple(figures))


def _given(look: Look, name: str) -> bool:
    return look.value(name) is not None


def _signed(look: Look, role: str) -> str | None:
    """Who signed in a role: by a move that `options: {signatures: …}` names, or one of its id."""
    moves = look.options.get("signatures", {}).get(role, [role])
    for move in [moves] if isinstance(moves, str) else moves:
        if move in look.signed:
            return look.signed[move]
        if isinstance(written := look.value(move), str):  # the name of who signed on paper
            return written
    return None


def _key(person: Mapping[str, Any] | None) -> str:
    return str(person.get("name") or person.get("id") or "") if person else ""


def _without_twice(found: list[Finding]) -> list[Finding]:
    return list({f.code: f for f in reversed(found)}.values())[::-1]


@judge(
    "nomination.matrix",
    Text("提名方式核对", "nomination matrix"),
    section="nomination",
    kind="matrix",
    words=("unit_kind", "level", "mode", "structural"),
)
def matrix(look: Look) -> Judgement:
    """Whether the mode may nominate for the post; all permitted modes are shown."""
    rules = look.item
    if rules is None:
        text = Text("本办法没有提名矩阵，请选用当地的表", "the scheme has no matrix")
        return Judgement((Finding("NO_MATRIX", text, "block"),))
    unit = look.ask("unit", id=look.unit) if look.unit else None
    unit_kind = look.value("unit_kind", unit.get("kind") if unit else None)
    found = permit(
        rules, unit_kind, look.value("level"), look.value("mode"), look.value("structural")
    )
    modes = join([rules.modes.get(m, Text(m, m)) for m in found.permitted], "、", ", ")
    strength: Strength = "block" if found.accepted is None else "refuse"
    problems = (found.problem,) if found.problem else ()
    return Judgement(
        of_problems(problems, default=strength),
        ((Text("可用的提名方式", "Permitted modes"), modes),),
    )


@judge(
    "nomination.round",
    Text("推荐名额核对", "quota of a round"),
    section="nomination",
    kind="round",
    words=("names", "person", "category", "places"),
)
def round_form(look: Look) -> Judgement:
    """Names of one unit's form against the round: number, categories, order, minimums.

    `names` is a table with the column `person` and, as the round asks, `category`, a column for
    each ranking key and a yes/no column for each minimum. The unit's kind and staff come from
    the unit of the matter. `options: {signatures: …}` names the signatures of different persons
    that the form needs, each with the moves or fields in which it may stand.
    """
    rules = look.item
    unit = look.ask("unit", id=look.unit) if look.unit else None
    people = []
    for row in look.value("names", []):
        person = look.ask("person", id=row.get("person"))
        properties = {n: row.get(n) for n in rules.minimums}
        ranks = {n: None if row.get(n) is None else int(row[n]) for n in rules.rank_by}
        name = _key(person) or str(row.get("person"))
        people.append(NamedPerson(name, row.get("category"), ranks, properties))
    found = check_form(
        rules,
        people,
        unit_kind=unit.get("kind") if unit else None,
        staff=unit.get("staff") if unit else None,
        places=int(look.value("places")) if look.value("places") is not None else None,
    )
    soft: dict[str, Strength] = {"REC_MINIMUM_UNKNOWN": "warn", "STAFF_MISSING": "block"}
    if rules.strength == "warn":
        soft["REC_MINIMUM"] = "warn"
    findings = list(of_problems(found, soft))
    findings += _both_signed(look)
    figures: list[tuple[Text, Text | str]] = [
        (Text("推荐人数", "Names given"), str(len(people))),
        (Text("本轮规则", "Round"), rules.title),
    ]
    if unit and unit.get("staff") is not None:
        figures.append((Text("单位人数", "Staff of the unit"), str(unit["staff"])))
    return Judgement(tuple(findings), tuple(figures))


SIGNERS = {
    "party_secretary": Text("党组织书记", "party secretary"),
    "discipline_secretary": Text("纪委书记（纪检组长）", "discipline secretary"),
}


def _both_signed(look: Look) -> list[Finding]:
    """REC_SIGN for each role that has not signed, SIG_SAME where one person signed in two."""
    signed = {role: _signed(look, role) for role in look.options.get("signatures", {})}
    found = []
    lacking = [SIGNERS.get(r, Text(r, r)) for r, by in signed.items() if by is None]
    if lacking:
        text = Text("缺{r}签字", "signature of {r} missing").fill(r=join(lacking, "、", ", "))
        found.append(Finding("REC_SIGN", text))
    given = [by for by in signed.values() if by is not None]
    if len(set(given)) < len(given):
        text = Text("两个签字不能是同一人", "one person cannot sign in both roles")
        found.append(Finding("SIG_SAME", text))
    return found


@judge(
    "nomination.notice",
    Text("空缺岗位预告核对", "vacancy notice"),
    section="nomination",
    kind="notice",
    words=("sent", "vacancy_class"),
)
def notice(look: Look) -> Judgement:
    """The items that the notice still lacks, who is told of its class and how, the last day."""
    rules = look.item
    filled = [n for n in rules.items if _given(look, n)]
    lacking = announce(rules, filled)
    findings = list(of_problems([lacking] if lacking else []))
    sent = look.value("sent")
    end = window(rules, sent, look.calendar) if sent else None
    if end is not None and end.problem is not None:
        findings.append(Finding(end.problem.code, end.problem.text, "warn"))
    layer = next((x for x in rules.layers if look.value("vacancy_class") in x.classes), None)
    figures: list[tuple[Text, Text | str]] = []
    if layer:
        figures += [
            (Text("预告对象", "Told to"), join(list(layer.to), "、", ", ")),
            (Text("预告方式", "By"), join(list(layer.by), "、", ", ")),
        ]
    elif rules.layers and look.value("vacancy_class"):
        text = Text("本办法没有该类空缺的预告层级", "the scheme has no layer for this class")
        findings.append(Finding("NOTICE_LAYER", text))
    if rules.length() is not None:
        figures.append((Text("答复期限", "Time to answer"), rules.length().text()))
    if end is not None and end.due is not None:
        figures.append((Text("截止", "Last day"), end.due.isoformat()))
    return Judgement(tuple(findings), tuple(figures))


@judge(
    "nomination.credit",
    Text("推荐信用积分", "recommender credit"),
    section="nomination",
    kind="credit",
    words=("from", "until"),
)
def credit(look: Look) -> Judgement:
    """Points and accuracy of the person of the matter, computed from the rounds on file.

    `ask("credit_rounds", scheme=…, first=…, last=…)` gives (rounds, later events); only the own
    line is shown, the rank as a place among so many, never the others' names.
    """
    rules: Credit = look.item
    person = look.ask("person", id=look.person) if look.person else None
    given = look.ask(
        "credit_rounds",
        rules=rules,
        person=look.person,
        first=look.value("from"),
        last=look.value("until", look.day),
    )
    name = str(look.person)
    if not given or not given[0]:
        text = Text("期间内没有推荐轮次", "there was no round in the period")
        return Judgement((Finding("CREDIT_EMPTY", text, "note"),))
    rounds: list[CreditRound] = given[0]
    later: list[LaterEvent] = given[1]
    result = account(rules, rounds, later)
    findings = []
    if result.average is None or rules.maximum is None:
        findings.append(Finding("CREDIT_OPEN", result.text, "note"))
    rows = tuple(
        (
            a_round.id,
            str(len(a_round.picks.get(name) or ())),
            "—"
            if a_round.picks.get(name) is None
            else str(result.outcome_points[a_round.id][name]),
            str(result.maximum[rules.maximum][a_round.id]) if rules.maximum else "—",
        )
        for a_round in rounds
        if name in a_round.picks
    )
    figures: list[tuple[Text, Text | str]] = [
        (Text("推荐人", "Recommender"), _key(person)),
        (Text("信用积分", "Points on file"), str(result.file_points.get(name, 0))),
    ]
    if result.average is not None and rules.maximum and name in result.average[rules.maximum]:
        shares = result.average[rules.maximum]
        place = 1 + sum(1 for s in shares.values() if s > shares[name])
        figures += [
            (Text("平均准确率", "Average accuracy"), percent(shares[name])),
            (
                Text("位次", "Rank"),
                Text("第{p}位，共{n}人", "{p} of {n}").fill(p=place, n=len(shares)),
            ),
        ]
    sheet = Sheet(
        Text("逐轮积分", "Round by round"),
        (
            Text("轮次", "Round"),
            Text("推荐人数", "Names"),
            Text("得分", "Points"),
            Text("该次可得最大值", "Maximum"),
        ),
        rows,
    )
    return Judgement(tuple(findings), tuple(figures), (sheet,))


@judge(
    "nomination.chain",
    Text("首次提名责任链", "chain of a nomination"),
    words=("nominator", "body", "nominated_on", "recommendation"),
)
def chain(look: Look) -> Judgement:
    """Every recommendation of the person, the cases and what came of them, by date.

    An earlier recommendation than the stated first one, or a number that is not on file, is a
    warning: the record decides who was first, a person explains the difference.
    """
    findings = []
    links = look.ask("nomination_chain", person=look.person) or []
    if look.value("nominator") is None and look.value("body") is None:
        text = Text("须写明首次提名人或者单位", "name the person or body that nominated first")
        findings.append(Finding("NOMINATOR", text, "block"))
    number, on = look.value("recommendation"), look.value("nominated_on")
    papers = [link for link in links if link.get("paper")]
    if number and all(link["number"] != number for link in papers):
        text = Text("台账中没有编号“{n}”的推荐", "there is no recommendation {n} on file")
        findings.append(Finding("CHAIN_PAPER", text.fill(n=number), "warn"))
    earlier = [link for link in papers if on is not None and link["on"] < on]
    if earlier:
        text = Text(
            "{d}已有推荐（{n}，{by}），早于所填首次提名日期",
            "{n} of {d} by {by} is earlier than the stated first nomination",
        )
        first = min(earlier, key=lambda link: link["on"])
        findings.append(
            Finding(
                "CHAIN_EARLIER",
                text.fill(d=first["on"], n=first["number"], by=first["who"] or "—"),
                "warn",
            )
        )
    rows = tuple(
        (link["on"].isoformat(), link["what"], link["who"], link["number"], link["state"])
        for link in sorted(links, key=lambda link: link["on"])
    )
    sheet = Sheet(
        Text("责任链", "Chain"),
        (
            Text("日期", "Date"),
            Text("环节", "Link"),
            Text("谁", "Who"),
            Text("编号", "Number"),
            Text("结果", "Result"),
        ),
        rows,
    )
    return Judgement(tuple(findings), (), (sheet,) if rows else ())


@judge(
    "nomination.suspension",
    Text("取消推荐资格期限核对", "length of a suspension"),
    words=("from", "end"),
)
def suspension(look: Look) -> Judgement:
    """Whether the end is the last day of the months (`options: {months: 12}`) from the start."""
    start, end, months = look.value("from"), look.value("end"), look.options.get("months")
    if start is None or months is None:
        return Judgement()
    last = add_months(start, months) - datetime.timedelta(days=1)
    if end == last:
        return Judgement()
    text = Text(
        "办法规定取消{m}个月：{s}至{e}，所填截止为{x}",
        "the scheme says {m} months, {s} to {e}; the end given is {x}",
    ).fill(m=months, s=start, e=last, x=end or "—")
    return Judgement((Finding("SUSPENSION_LENGTH", text, "block", look.name("end")),))
