"""One gate → every exact reason why it does not open, each with the action that clears it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bole.engine.exact.numbers import say
from bole.engine.procedures import clock
from bole.engine.procedures.base import Bounds, Need, Needed, Parameters, number, ratio
from bole.engine.procedures.context import (
    BallotRecord,
    CaseState,
    Chosen,
    GateContext,
    PaperRecord,
    PersonId,
)
from bole.engine.procedures.gates import (
    AnswersGate,
    BaseGate,
    ChecksGate,
    ClockGate,
    Event,
    FactGate,
    HeadcountGate,
    HoldsGate,
    PapersGate,
    PersonsGate,
    ResultsGate,
    RulesGate,
    SignaturesGate,
    StepsGate,
    UnchangedGate,
    Unit,
    ValidGate,
    VoteGate,
)
from bole.engine.procedures.models import Paper, Procedure
from bole.engine.procedures.vocabulary import BODIES, CHECKS, CONCLUSIONS, GROUPS, ROLES
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict
from bole.engine.workdays import CalendarMissing, Length


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate does not open. `action` is what clears it, `key` names it in this case.

    `target` is the paper, check, body, ballot, group, fact, step or parameter meant; `person`
    the person meant, if any. `verdict` UNKNOWN: something is missing, which is nobody's fault.
    """

    key: str
    kind: str
    text: Text
    action: str
    target: str = ""
    person: PersonId | None = None
    verdict: Verdict = Verdict.NOT_MET
    strength: str = "block"

    def as_dict(self) -> dict[str, object]:
        """The reason as JSON outputs carry it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text.as_dict(),
            "action": self.action,
            "target": self.target,
            "person": self.person,
            "verdict": self.verdict.value,
            "strength": self.strength,
        }


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a gate may look at."""

    procedure: Procedure
    state: CaseState
    context: GateContext
    parameters: Parameters

    def name(self, kind: str, ident: str) -> Text:
        """The name of a role, group, body, check, hold, paper, ballot, step or fact."""
        procedure = self.procedure
        own: dict[str, Callable[[], Text | None]] = {
            "role": lambda: procedure.roles[ident].name if ident in procedure.roles else None,
            "group": lambda: procedure.groups[ident].name if ident in procedure.groups else None,
            "body": lambda: procedure.bodies.get(ident),
            "check": lambda: procedure.checks.get(ident),
            "hold": lambda: procedure.holds.get(ident),
            "paper": lambda: procedure.paper[ident].name if ident in procedure.paper else None,
            "ballot": lambda: procedure.ballots[ident].name if ident in procedure.ballots else None,
            "step": lambda: procedure.steps[ident].name if ident in procedure.steps else None,
            "fact": lambda: procedure.facts[ident].name if ident in procedure.facts else None,
        }
        standard = {"role": ROLES, "group": GROUPS, "body": BODIES, "check": CHECKS}
        return own[kind]() or standard.get(kind, {}).get(ident) or Text(ident, ident)

    def persons(self, group: str | None) -> list[Chosen | None]:
        """The persons of a group, or one None where the gate is about the case as a whole."""
        return list(self.context.persons(group)) if group else [None]


Found = tuple[Text, dict[str, Any]]
QUOTE = Text("《{n}》", "“{n}”")


def quoted(name: Text) -> Text:
    """The name of a paper as each language writes it, without doubling 《》."""
    return Text(name.zh if name.zh.startswith("《") else f"《{name.zh}》", f"“{name.en}”")


def _of(person: Chosen | None) -> Text:
    return Text(f"{person.name}：", f"{person.name}: ") if person else Text("", "")


def _who(person: Chosen | None) -> dict[str, Any]:
    return {"person": person.person} if person else {}


def _papers(gate: PapersGate, look: Look) -> Iterator[Found]:
    for ident in gate.papers:
        yield from missing_papers(look, look.procedure.paper[ident])


def paper_wanted(look: Look, paper: Paper) -> Verdict:
    """Whether the case needs the paper at all; unknown while its condition cannot be decided."""
    return paper.conditional.holds(look.context.fact) if paper.conditional else Verdict.MET


def missing_papers(look: Look, paper: Paper) -> Iterator[Found]:
    """What lacks of one paper: not filed, too few, or fields left empty; per person if so kept."""
    wanted = paper_wanted(look, paper)
    if wanted is Verdict.NOT_MET:
        return
    if wanted is Verdict.UNKNOWN and paper.conditional:
        names = [look.name("fact", f) for f in paper.conditional.unknown(look.context.fact)]
        yield (
            Text(
                "尚不能确定是否需要{paper}：未填写{facts}",
                "Whether {paper} is needed cannot be decided: {facts} not stated",
            ).fill(paper=quoted(paper.name), facts=join(names, "、", ", ")),
            {"action": "state_fact", "target": paper.id, "verdict": Verdict.UNKNOWN},
        )
        return
    records = look.context.papers(paper.id)
    for person in look.persons(paper.for_each):
        mine = [r for r in records if person is None or r.person == person.person]
        if len(mine) < paper.count:
            yield (
                _of(person)
                + Text("缺少{paper}", "{paper} is missing").fill(paper=quoted(paper.name))
                + (
                    Text(
                        f"（应有{paper.count}份，现有{len(mine)}份）",
                        f" ({len(mine)} of {paper.count} filed)",
                    )
                    if paper.count > 1
                    else Text("", "")
                ),
                {"target": paper.id, **_who(person)},
            )
        for record in mine:
            required = {f.id: f.name for f in paper.fields if f.required}
            empty = [required[f] for f in record.missing_fields if f in required]
            if empty:
                yield (
                    _of(person)
                    + Text("{paper}未填：{fields}", "{paper} lacks: {fields}").fill(
                        paper=quoted(paper.name), fields=join(empty, "、", ", ")
                    ),
                    {"target": paper.id, **_who(person)},
                )


def missing_signatures(look: Look, paper: Paper) -> Iterator[Found]:
    """Which signatures lack on the filed papers, and one person signing in two roles."""
    if paper_wanted(look, paper) is not Verdict.MET:
        return
    records = look.context.papers(paper.id)
    for person in look.persons(paper.for_each):
        for record in (r for r in records if person is None or r.person == person.person):
            yield from _signatures_of(look, paper, record, person)


def _signatures_of(
    look: Look, paper: Paper, record: PaperRecord, person: Chosen | None
) -> Iterator[Found]:
    def found(text: Text) -> Found:
        return _of(person) + text, {"target": paper.id, "action": "sign_paper", **_who(person)}

    name = quoted(paper.name)
    for signer in paper.signed_by:
        if signer.all_of is not None:
            signed = {s.person for s in record.signatures}
            for member in look.context.persons(signer.all_of):
                if member.person not in signed:
                    yield found(
                        Text(
                            "{paper}缺少{group}{who}签字",
                            "{paper}: {who} of the {group} has not signed",
                        ).fill(paper=name, group=look.name("group", signer.all_of), who=member.name)
                    )
            continue
        assert signer.role is not None
        mine = {s.person for s in record.signatures if s.role == signer.role}
        if len(mine) < signer.count:
            text = (
                Text("{paper}缺少{role}签字", "{paper}: the signature of the {role} is missing")
                if signer.count == 1
                else Text(
                    "{paper}需{role}{n}人签字，已签{k}人",
                    "{paper} needs {n} signatures of the {role}, has {k}",
                )
            )
            yield found(
                text.fill(
                    paper=name, role=look.name("role", signer.role), n=signer.count, k=len(mine)
                )
            )
        elif signer.seal and not any(s.seal for s in record.signatures if s.role == signer.role):
            yield found(
                Text("{paper}未加盖{role}印章", "{paper}: the seal of the {role} is missing").fill(
                    paper=name, role=look.name("role", signer.role)
                )
            )
    if paper.distinct_signers:
        wanted = {s.role for s in paper.signed_by if s.role}
        roles: dict[PersonId, list[str]] = {}
        names: dict[PersonId, str] = {}
        for s in record.signatures:
            if s.role in wanted and s.role not in roles.setdefault(s.person, []):
                roles[s.person].append(s.role)
                names[s.person] = s.name or str(s.person)
        for who, held in roles.items():
            if len(held) > 1:
                yield found(
                    Text(
                        "{paper}：{who}不能同时以{roles}签字",
                        "{paper}: {who} cannot sign in the roles of {roles}",
                    ).fill(
                        paper=name,
                        who=names[who],
                        roles=join([look.name("role", r) for r in held], "、", " and "),
                    )
                )


def _signatures(gate: SignaturesGate, look: Look) -> Iterator[Found]:
    for ident in gate.papers:
        paper = look.procedure.paper[ident]
        yield from missing_papers(look, paper)
        yield from missing_signatures(look, paper)


def _rules(gate: RulesGate, look: Look) -> Iterator[Found]:
    group = look.name("group", gate.of)
    outcomes = look.context.rules(gate.rules, gate.of)
    if outcomes is None:
        yield (
            Text(
                "尚未对{group}进行资格审查", "The {group} have not been checked against the rules"
            ).fill(group=group),
            {"target": gate.rules, "verdict": Verdict.UNKNOWN},
        )
        return
    for o in outcomes:
        if o.verdict is Verdict.MET:
            continue
        if o.waiver and (gate.exceptions or o.strength in ("warn", "note")):
            continue
        common = {"target": o.rule, "person": o.person, "strength": o.strength}
        if o.verdict is Verdict.UNKNOWN:
            missing = o.missing or Text("缺少信息", "a fact is missing")
            yield (
                Text(
                    "{who}：{rule} 无法判断——{missing}",
                    "{who}: {rule} cannot be judged – {missing}",
                ).fill(who=o.name, rule=o.rule, missing=missing),
                {**common, "action": "supply_fact", "verdict": Verdict.UNKNOWN},
            )
        else:
            yield (
                Text("{who}不符合 {rule}：{text}", "{who} does not meet {rule}: {text}").fill(
                    who=o.name, rule=o.rule, text=o.text
                ),
                {**common, "action": "resolve_rule"},
            )


def _headcount(gate: HeadcountGate, look: Look) -> Iterator[Found]:
    rows = look.context.headcount()
    if rows is None:
        yield (
            Text("尚未核对职数", "The headcount has not been checked"),
            {"verdict": Verdict.UNKNOWN},
        )
        return
    for row in rows:
        if row.verdict == "unknown":
            yield (
                Text(
                    "{line}的核定职数没有记录，请向编制部门核实",
                    "Approved headcount of {line} is not recorded; ask the establishment office",
                ).fill(line=row.line),
                {"target": row.line, "verdict": Verdict.UNKNOWN, "action": "supply_fact"},
            )
        elif row.verdict == "over":
            assert row.approved is not None
            yield (
                Text(
                    "{line}超职数：核定{a}，现配{f}，减少{l}，增加{e}，拟配{p}，超{o}",
                    "{line} is over: approved {a}, filled {f}, leaving {l}, entering {e}, "
                    "planned {p}, over by {o}",
                ).fill(
                    line=row.line,
                    a=row.approved,
                    f=row.filled,
                    l=row.leaving,
                    e=row.entering,
                    p=row.planned,
                    o=row.planned - row.approved,
                ),
                {"target": row.line, "action": "change_plan"},
            )


def _results(gate: ResultsGate, look: Look) -> Iterator[Found]:
    for ident in gate.ballots:
        yield from missing_results(look, ident)


def missing_results(look: Look, ident: str) -> Iterator[Found]:
    """What lacks before a ballot's result stands: entries, different persons, reconciliation."""
    ballot, name = look.context.ballot(ident), look.name("ballot", ident)
    entries = look.procedure.ballots[ident].entries
    done = ballot.entries if ballot else 0
    target = {"target": ident}
    if ballot is None or done < entries:
        yield (
            Text(
                "{ballot}：应独立录入{n}次，已录入{k}次",
                "{ballot}: {k} of {n} independent entries made",
            ).fill(ballot=name, n=entries, k=done),
            target,
        )
        return
    if len(set(ballot.entered_by)) < min(entries, len(ballot.entered_by) or entries):
        yield (
            Text(
                "{ballot}：各次录入须由不同人员完成",
                "{ballot}: the entries must be made by different persons",
            ).fill(ballot=name),
            target,
        )
    for difference in ballot.differences:
        yield (
            Text("{b}：", "{b}: ").fill(b=name) + difference,
            {**target, "action": "reconcile_results"},
        )
    if not ballot.reconciled and not ballot.differences:
        yield (
            Text("{ballot}：录入结果尚未核对一致", "{ballot}: the entries are not reconciled").fill(
                ballot=name
            ),
            {**target, "action": "reconcile_results"},
        )


BASES = {
    "due": Text("应到", "due"),
    "attending": Text("实到", "attending"),
    "issued": Text("发出", "issued"),
    "returned": Text("收回", "returned"),
    "valid": Text("有效", "valid"),
}


def _base(
    ballot: BallotRecord, threshold: Needed, person: Chosen | None, parameters: Parameters
) -> int | None:
    name = threshold.base(parameters)
    base: int | None = getattr(ballot, name)
    if base is not None and name == "due" and person is not None:
        base -= ballot.recused.get(person.person, 0)
    return base


def _vote(gate: VoteGate, look: Look) -> Iterator[Found]:
    ballot, name = look.context.ballot(gate.ballot), look.name("ballot", gate.ballot)
    if ballot is None or not ballot.reconciled:
        yield (
            Text(
                "{ballot}尚未进行或结果未核对", "{ballot} has not been held or is not reconciled"
            ).fill(ballot=name),
            {"target": gate.ballot, "verdict": Verdict.UNKNOWN},
        )
        return
    target = {"target": gate.ballot}
    if gate.present is not None:
        base, present = _base(ballot, gate.present, None, look.parameters), ballot.attending
        if base is None or present is None:
            yield (
                Text("{b}：缺少应到或实到人数", "{b}: due or attending is missing").fill(b=name),
                {**target, "verdict": Verdict.UNKNOWN, "action": "enter_results"},
            )
        elif present > base:
            yield (
                Text("{b}：实到{p}人多于应到{d}人", "{b}: {p} attending exceed {d} due").fill(
                    b=name, p=present, d=base
                ),
                {**target, "action": "enter_results"},
            )
        elif not gate.present.passes(present, base, look.parameters):
            yield (
                Text(
                    "{b}：应到{d}人，实到{p}人，至少须到{n}人",
                    "{b}: {d} due, {p} attending, at least {n} needed",
                ).fill(b=name, d=base, p=present, n=gate.present.needed(base, look.parameters)),
                target,
            )
    if gate.chair_last and ballot.chair_last is not True:
        yield (
            Text(
                "{b}：会议记录未表明主要负责人最后表态",
                "{b}: the minutes do not show that the chair spoke last",
            ).fill(b=name),
            {**target, "verdict": Verdict.of(ballot.chair_last)},
        )
    for person in look.persons(gate.of):
        yield from _passed(gate, look, ballot, person)


def _passed(
    gate: VoteGate, look: Look, ballot: BallotRecord, person: Chosen | None
) -> Iterator[Found]:
    key: PersonId = person.person if person else ""
    name = look.name("ballot", gate.ballot)
    votes = ballot.votes.get(key, {}).get(gate.option)
    base = _base(ballot, gate.passes, person, look.parameters)
    extra = {"target": gate.ballot, **_who(person)}
    if votes is None or base is None:
        yield (
            _of(person) + Text("{b}缺少计票结果", "{b} has no count").fill(b=name),
            {**extra, "verdict": Verdict.UNKNOWN, "action": "enter_results"},
        )
    elif not gate.passes.passes(votes, base, look.parameters):
        yield (
            _of(person)
            + Text(
                "{b}同意{v}票，{of}{d}，至少须{n}票",
                "{b}: {v} in favour of {d} {of}, at least {n} needed",
            ).fill(
                b=name,
                v=votes,
                of=BASES[gate.passes.base(look.parameters)],
                d=base,
                n=gate.passes.needed(base, look.parameters),
            ),
            {**extra, "action": "reconsider"},
        )


def _answers(gate: AnswersGate, look: Look) -> Iterator[Found]:
    for body in gate.bodies:
        for person in look.persons(gate.of):
            yield from missing_answer(look, gate, body, person)


def missing_answer(
    look: Look, gate: AnswersGate, body: str, person: Chosen | None
) -> Iterator[Found]:
    """Whether the body's answer stands: asked, answered, no objection, or silent long enough."""
    name = look.name("body", body)
    extra = {"target": body, **_who(person)}
    records = [
        a
        for a in look.context.answers(body)
        if person is None or a.person is None or a.person == person.person
    ]
    if not records:
        yield (
            _of(person)
            + Text("尚未征求{body}意见", "The {body} has not been asked").fill(body=name),
            {**extra, "action": "ask_body", "verdict": Verdict.UNKNOWN},
        )
        return
    last = records[-1]
    if last.answer is not None:
        if gate.wanted == "no_objection" and last.answer not in (
            "no_objection",
            "information",
            "agreed",
        ):
            yield (
                _of(person)
                + Text(
                    "{body}有不同意见，须作出处理决定", "The {body} objects; decide and record"
                ).fill(body=name),
                {**extra, "action": "resolve_hold"},
            )
        return
    silent_until = None
    if gate.silence_after is not None and last.asked is not None:
        wait = number(gate.silence_after, look.parameters)
        silent_until = clock.move(last.asked, wait, gate.silence_unit, look.context)
        if look.context.today > silent_until:
            return  # no answer in the stated time counts as agreement
    since = (
        Text("（{d}发函", " (asked on {d}").fill(d=last.asked) if last.asked else Text("（", " (")
    )
    until = (
        Text("，至{u}未复视为同意）", "; no answer by {u} counts as agreement)").fill(
            u=silent_until
        )
        if silent_until
        else Text("）", ")")
    )
    yield (
        _of(person)
        + Text("{body}尚未回复", "The {body} has not answered").fill(body=name)
        + since
        + until,
        {**extra, "verdict": Verdict.UNKNOWN},
    )


def _checks(gate: ChecksGate, look: Look) -> Iterator[Found]:
    for check in gate.checks:
        name = look.name("check", check)
        records = look.context.checks(check)
        for person in look.persons(gate.of):
            mine = [r for r in records if person is None or r.person == person.person]
            extra = {"target": check, **_who(person)}
            last = mine[-1] if mine else None
            if last is None or last.conclusion is None:
                yield (
                    _of(person)
                    + Text("{check}尚无结论", "{check} has no conclusion").fill(check=name),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )
            elif last.valid_until is not None and look.context.today > last.valid_until:
                yield (
                    _of(person)
                    + Text(
                        "{check}的结论已于{d}过期", "the conclusion of the {check} ended on {d}"
                    ).fill(check=name, d=last.valid_until),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )
            elif last.conclusion not in gate.accept:
                yield (
                    _of(person)
                    + Text("{check}结论为“{c}”", "{check} concluded “{c}”").fill(
                        check=name,
                        c=CONCLUSIONS.get(last.conclusion, Text(last.conclusion, last.conclusion)),
                    ),
                    extra,
                )
            elif not last.evidence:
                yield (
                    _of(person)
                    + Text("{check}缺少佐证材料", "{check} has no evidence").fill(check=name),
                    {**extra, "verdict": Verdict.UNKNOWN},
                )


def _event_name(look: Look, event: Event) -> Text:
    return look.name(*event.target)


def _amount(amount: int, unit: Unit) -> Text:
    return Length(amount, unit).text() if amount else Text("", "")


def _passed_over(look: Look, event: Event) -> bool:
    """Whether the event's step was skipped or does not stand in this case: nothing to count."""
    if event.step is None:
        return False
    record, step = look.state.steps.get(event.step), look.procedure.steps[event.step]
    if record is not None:
        return record.outcome == "skipped"
    return step.when is not None and step.when.holds(look.context.fact) is Verdict.NOT_MET


def _no_date(look: Look, event: Event) -> Found:
    text = Text(
        "“{e}”还没有日期，期限无法计算", "“{e}” has no date yet; the time cannot be counted"
    )
    extra = {"target": event.target[1], "verdict": Verdict.UNKNOWN}
    if event.fact:
        extra["action"] = "state_fact"
    return text.fill(e=_event_name(look, event)), extra


def clock_end(gate: ClockGate, look: Look) -> date | None:
    """The last day on which the clock still holds the step; None while it has not begun.

    Raises `Need` or CalendarMissing when it cannot be counted.
    """
    start = clock.event_day(gate.since, look.state, look.context)
    if start is None:
        return None
    return clock.move(start, number(gate.elapsed, look.parameters), gate.unit, look.context)


def _clock(gate: ClockGate, look: Look) -> Iterator[Found]:
    if _passed_over(look, gate.since):
        return
    end, start = clock_end(gate, look), clock.event_day(gate.since, look.state, look.context)
    if start is None or end is None:
        yield _no_date(look, gate.since)
        return
    if look.context.today <= end:
        amount = number(gate.elapsed, look.parameters)
        text = (
            Text(
                "“{e}”自{s}起须满{a}，到{d}期满",
                "“{e}” of {s}: {a} must pass, until the end of {d}",
            )
            if amount
            else Text("“{e}”为{d}，须在该日之后办理", "“{e}” is {d}; this comes after that day")
        )
        yield (
            text.fill(
                e=_event_name(look, gate.since), s=start, a=_amount(amount, gate.unit), d=end
            ),
            {"target": gate.since.target[1]},
        )


def _valid(gate: ValidGate, look: Look) -> Iterator[Found]:
    if _passed_over(look, gate.since):
        return
    start = clock.event_day(gate.since, look.state, look.context)
    if start is None:
        yield _no_date(look, gate.since)
        return
    amount = number(gate.within, look.parameters)
    end = clock.move(start, amount, gate.unit, look.context)
    if look.context.today > end:
        yield (
            Text(
                "“{e}”（{s}）有效期{a}，已于{d}届满", "“{e}” of {s} was valid for {a}, until {d}"
            ).fill(e=_event_name(look, gate.since), s=start, a=_amount(amount, gate.unit), d=end),
            {"target": gate.since.target[1]},
        )


def _steps(gate: StepsGate, look: Look) -> Iterator[Found]:
    for ident in gate.steps:
        step = look.procedure.steps[ident]
        if step.when and step.when.holds(look.context.fact) is Verdict.NOT_MET:
            continue
        record = look.state.steps.get(ident)
        if record is None or (record.outcome == "skipped" and not gate.or_skipped):
            yield (
                Text("“{s}”尚未完成", "“{s}” is not done").fill(s=step.name),
                {"target": ident},
            )


def _persons(gate: PersonsGate, look: Look) -> Iterator[Found]:
    people, name = look.context.persons(gate.group), look.name("group", gate.group)
    n, target = len(people), {"target": gate.group}

    def bound(value: int, more: bool) -> Found:
        text = (
            Text("{g}至少{m}人，现有{n}人", "{g}: at least {m}, now {n}")
            if more
            else Text("{g}至多{m}人，现有{n}人", "{g}: at most {m}, now {n}")
        )
        return text.fill(g=name, m=value, n=n), target

    if gate.min is not None and n < (least := number(gate.min, look.parameters)):
        yield bound(least, True)
    if gate.max is not None and n > (most := number(gate.max, look.parameters)):
        yield bound(most, False)
    if gate.per_post_min or gate.per_post_max or gate.more_than_posts:
        yield from _per_post(gate, look, n, name)
    if gate.reasons:
        for person in people:
            if not person.reason.strip():
                yield (
                    Text(
                        "{who}：缺少列为{g}的书面理由",
                        "{who}: the written reason for being one of the {g} is missing",
                    ).fill(who=person.name, g=name),
                    {**target, **_who(person), "action": "write_reason"},
                )
    for other in gate.apart_from:
        held = {p.person for p in look.context.persons(other)}
        for person in people:
            if person.person in held:
                yield (
                    Text(
                        "{who}不能同时属于{a}和{b}",
                        "{who} cannot be among both the {a} and the {b}",
                    ).fill(who=person.name, a=name, b=look.name("group", other)),
                    {**target, **_who(person)},
                )


def _per_post(gate: PersonsGate, look: Look, n: int, name: Text) -> Iterator[Found]:
    posts = look.context.fact("posts")
    if not isinstance(posts, int) or isinstance(posts, bool):
        yield (
            Text(
                "未填写职位数，无法核对{g}与职位的比例",
                "The number of posts is not stated; the ratio of {g} cannot be checked",
            ).fill(g=name),
            {"target": "posts", "action": "state_fact", "verdict": Verdict.UNKNOWN},
        )
        return
    excused = gate.unless is not None and gate.unless.holds(look.context.fact) is Verdict.MET
    if gate.more_than_posts and n <= posts and not (excused and n == posts):
        yield (
            Text("{g}{n}人，应多于职位数{p}", "{g}: {n}, should be more than the {p} posts").fill(
                g=name, n=n, p=posts
            ),
            {"target": gate.group},
        )
    for value, low in ((gate.per_post_min, True), (gate.per_post_max, False)):
        if value is None:
            continue
        share = ratio(value, look.parameters)
        if (n < share * posts) if low else (n > share * posts):
            yield (
                Text(
                    "{g}{n}人，{p}个职位，比例应{word}{s}:1",
                    "{g}: {n} for {p} posts, the ratio must be {word} {s}:1",
                ).fill(
                    g=name,
                    n=n,
                    p=posts,
                    s=say(share),
                    word=Text("不低于", "at least") if low else Text("不高于", "at most"),
                ),
                {"target": gate.group},
            )


def _fact(gate: FactGate, look: Look) -> Iterator[Found]:
    value, name = look.context.fact(gate.fact), look.name("fact", gate.fact)
    if value is None:
        yield (
            Text("未填写“{f}”", "“{f}” is not stated").fill(f=name),
            {"target": gate.fact, "verdict": Verdict.UNKNOWN},
        )
        return
    if gate.wanted is None:
        return
    if isinstance(gate.wanted, Bounds):
        holds = gate.wanted.holds(value) is Verdict.MET
        wanted = Text(
            *[" ".join(f"{k} {v}" for k, v in gate.wanted.model_dump().items() if v is not None)]
            * 2
        )
    else:
        options = gate.wanted if isinstance(gate.wanted, list) else [gate.wanted]
        holds = value in options
        wanted = join([_value(look, gate.fact, o) for o in options], "、", ", ")
    if not holds:
        yield (
            Text("“{f}”为{v}，应为{w}", "“{f}” is {v}, must be {w}").fill(
                f=name, v=_value(look, gate.fact, value), w=wanted
            ),
            {"target": gate.fact},
        )


def _value(look: Look, fact: str, value: Any) -> Text:
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    declared = look.procedure.facts.get(fact)
    if declared and value in declared.choices:
        return declared.choices[value]
    return Text(str(value), str(value))


def _holds(gate: HoldsGate, look: Look) -> Iterator[Found]:
    for kind in gate.holds:
        for hold in look.context.holds(kind):
            until = (
                Text("（至{d}）", " (until {d})").fill(d=hold.until) if hold.until else Text("", "")
            )
            yield (
                Text("{k}未办结：", "{k} is open: ").fill(k=look.name("hold", kind))
                + hold.text
                + until,
                {"target": kind},
            )


def _unchanged(gate: UnchangedGate, look: Look) -> Iterator[Found]:
    changed = look.context.changes(gate.paper)
    if changed:
        yield (
            Text(
                "与已批准的{p}不一致：{items}；须专题报告并经批复",
                "Differs from the approved {p}: {items}; a special report must be approved",
            ).fill(
                p=quoted(look.name("paper", gate.paper)),
                items=Text("、".join(changed), ", ".join(changed)),
            ),
            {"target": gate.paper},
        )


EVALUATORS: dict[type[BaseGate], Callable[[Any, Look], Iterator[Found]]] = {
    RulesGate: _rules,
    PapersGate: _papers,
    SignaturesGate: _signatures,
    HeadcountGate: _headcount,
    ResultsGate: _results,
    VoteGate: _vote,
    AnswersGate: _answers,
    ChecksGate: _checks,
    ClockGate: _clock,
    ValidGate: _valid,
    StepsGate: _steps,
    PersonsGate: _persons,
    FactGate: _fact,
    HoldsGate: _holds,
    UnchangedGate: _unchanged,
}


def evaluate(gate: Any, key: str, look: Look) -> list[Reason]:
    """Every reason why the gate does not open; empty when it is open or its `when` excludes it.

    `key` names the gate in the case; several reasons of one gate get `key#person/target`.
    """
    if gate.when is not None:
        applies = gate.when.holds(look.context.fact)
        if applies is Verdict.NOT_MET:
            return []
        if applies is Verdict.UNKNOWN:
            return [
                undecided(f, key, gate.kind, look) for f in gate.when.unknown(look.context.fact)
            ]
    return reasons(EVALUATORS[type(gate)](gate, look), key, gate.kind, gate.clears, gate)


def undecided(fact: str, key: str, kind: str, look: Look) -> Reason:
    """A branch that cannot be decided because a case fact is not stated."""
    text = Text(
        "未填写“{f}”，无法确定是否适用", "“{f}” is not stated; whether this applies is open"
    )
    return Reason(
        f"{key}#{fact}",
        kind,
        text.fill(f=look.name("fact", fact)),
        "state_fact",
        fact,
        verdict=Verdict.UNKNOWN,
    )


def reasons(
    found: Iterator[Found], key: str, kind: str, clears: str, gate: BaseGate | None = None
) -> list[Reason]:
    """Findings as reasons; an open parameter or a year without a calendar becomes one too.

    `clears` is the action of findings that name none; the gate's own text, action and strength
    come first.
    """
    result: list[Reason] = []
    try:
        for text, extra in found:
            target, person = str(extra.get("target", "")), extra.get("person")
            strength = str(extra.get("strength", "block"))
            action = str(extra.get("action") or clears)
            if gate is not None:
                strength = gate.strength if strength == "block" else strength
                action = gate.clear or action
                if gate.text:
                    text = Text(f"{gate.text.zh}（{text.zh}）", f"{gate.text.en} ({text.en})")
            result.append(
                Reason(
                    "#".join(str(p) for p in (key, target, person) if p not in (None, "")),
                    kind,
                    text,
                    action,
                    target,
                    person,
                    extra.get("verdict", Verdict.NOT_MET),
                    strength,
                )
            )
    except Need as need:
        text = Text("办法未定“{p}”，请先填写", "The scheme leaves “{p}” open; set it first")
        result.append(
            Reason(
                f"{key}#{need.name}",
                kind,
                text.fill(p=need.name),
                "set_parameter",
                need.name,
                verdict=Verdict.UNKNOWN,
            )
        )
    except CalendarMissing as error:
        text = error.problems[0].text
        result.append(
            Reason(
                f"{key}#calendar",
                kind,
                text,
                "set_parameter",
                "calendar",
                verdict=Verdict.UNKNOWN,
            )
        )
    return result
