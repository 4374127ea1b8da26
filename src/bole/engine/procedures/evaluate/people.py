"""Rules over persons, headcount, and who belongs to a group."""

from __future__ import annotations

from collections.abc import Iterator

from bole.engine.exact.numbers import say
from bole.engine.procedures.base import number, ratio
from bole.engine.procedures.evaluate.look import Found, Look, about
from bole.engine.procedures.gates import (
    HeadcountGate,
    PersonsGate,
    RulesGate,
)
from bole.engine.text import Text
from bole.engine.verdict import Verdict


def rules(gate: RulesGate, look: Look) -> Iterator[Found]:
    """Which rules the persons of the group do not meet or cannot be judged on."""
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


def headcount(gate: HeadcountGate, look: Look) -> Iterator[Found]:
    """Which rows of the headcount sheet are over or unknown."""
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
                )
                + (
                    Text("（含事项{c}）", " (with case {c})").fill(c="、".join(row.others))
                    if row.others
                    else Text("", "")
                ),
                {"target": row.line, "action": "change_plan"},
            )


def persons(gate: PersonsGate, look: Look) -> Iterator[Found]:
    """What is wrong with a group: too few, too many, without reasons, overlapping."""
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
                    {**target, **about(person), "action": "write_reason"},
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
                    {**target, **about(person)},
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
