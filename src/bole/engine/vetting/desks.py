"""Work of other desks: the integrity opinion, audit duties, rectification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text
from bole.engine.vetting.base import Answer, VettingRule
from bole.engine.workdays import add_years


class DeskStep(Model):
    """A signed step of the desk."""

    id: Id
    name: Name


class IntegrityDesk(VettingRule):
    """For whom and which occasions an act waits for the integrity opinion, and its steps."""

    kind: Literal["integrity_desk"] = "integrity_desk"
    triggers: tuple[str, ...]
    steps: tuple[DeskStep, ...]
    years: int
    opens: tuple[str, ...] = ("no_objection",)


def opinion(
    desk: IntegrityDesk,
    party_member: bool | None,
    occasion: str | None,
    dates: Mapping[str, date | None],
    reply: str | None,
    triggers: Sequence[str] | None = None,
) -> Answer:
    """Whether the opinion is needed, and whether the act is open, locked or to be decided.

    An objection cancels nothing by itself: the requesting body decides and records.
    """
    found = Answer()
    wanted = desk.triggers if triggers is None else triggers
    if party_member is False or (occasion is not None and occasion not in wanted):
        found.values = {"needed": False, "act": "not_locked_by_this_rule"}
        return found
    if party_member is None or occasion is None:
        found.values = {"needed": "cannot_compute", "act": "locked"}
        found.say(
            "未记载是否党员或者事由",
            "It is not recorded whether the person is a Party member, or the occasion is missing.",
        )
        return found
    found.values = {"needed": True, "act": "locked"}
    done = [s for s in desk.steps if dates.get(s.id) is not None]
    missing = [s for s in desk.steps if dates.get(s.id) is None]
    if missing and done and desk.steps.index(done[-1]) > desk.steps.index(missing[0]):
        found.say(
            "缺少{s}，未经该环节的复函无效",
            "The {s} is missing; a reply without it is not valid.",
            s=missing[0].name,
        )
        found.values["waiting_for"] = missing[0].id
        return found
    for before, after in zip(done, done[1:], strict=False):
        a, b = dates[before.id], dates[after.id]
        assert a is not None and b is not None
        if b < a:
            found.say(
                "{x}日期{b}早于{y}日期{a}，退回该环节",
                "{x} signed on {b}, before the {y} of {a}. Return to the {x}.",
                x=Text(after.name.zh, after.id),
                y=before.name,
                a=a,
                b=b,
            )
            found.values["waiting_for"] = after.id
            return found
    if missing:
        found.values["waiting_for"] = missing[0].id
    elif reply is None:
        found.say("复函没有意见", "The reply carries no opinion.")
        found.values["waiting_for"] = desk.steps[-1].id
    else:
        found.values["act"] = "open" if reply in desk.opens else "decide_and_record"
    return found


def look_back(
    desk: IntegrityDesk, request: date, facts: Mapping[str, date | None]
) -> dict[str, list[str]]:
    """The facts of the last years up to the request, both ends included; others; undated ones."""
    start = add_years(request, -desk.years)
    listed = [f for f, d in facts.items() if d is not None and start <= d <= request]
    undated = [f for f, d in facts.items() if d is None]
    return {
        "listed": listed,
        "not_listed": [f for f in facts if f not in listed and f not in undated],
        "cannot_compute": undated,
    }


class AuditDuties(VettingRule):
    """Full years in a post after which a mid-term audit is due; posts whose holders are heads."""

    kind: Literal["audits"] = "audits"
    mid_term_years: dict[str, int]
    exit_posts: tuple[str, ...]


def audit_duties(
    rule: AuditDuties,
    person: str,
    post: str | None,
    since: date | None,
    audited: bool | None,
    leaves_on: date | None,
    day: date,
) -> Answer:
    """`mid_term` due, not_due, already_audited, no_rule or cannot_compute; `exit` open or False."""
    found = Answer({"exit": "open" if leaves_on is not None and post in rule.exit_posts else False})
    years = rule.mid_term_years.get(post) if post else None
    if post is None:
        found.values["mid_term"] = "cannot_compute"
        found.say("没有记载{w}的职务", "The post of {w} is missing.", w=person)
    elif years is None:
        found.values["mid_term"] = "no_rule"
    elif audited:
        found.values["mid_term"] = "already_audited"
    elif since is None:
        found.values["mid_term"] = "cannot_compute"
        found.say(
            "缺少{w}的任职时间", "The date since when {w} holds the post is missing.", w=person
        )
    elif since > day:
        found.values["mid_term"] = "refused"
        found.say(
            "{w}的任职时间{s}晚于{d}",
            "{w} holds the post since {s}, after {d}.",
            w=person,
            s=since,
            d=day,
        )
    elif day < add_years(since, years):
        found.values["mid_term"] = "not_due"
    elif audited is None:
        found.values["mid_term"] = "cannot_compute"
        found.say(
            "未记载{w}本届是否已经审计",
            "It is not recorded whether {w} was audited in this term.",
            w=person,
        )
    else:
        found.values["mid_term"] = "due"
    return found


class Tracker(VettingRule):
    """Rectification: problems → measures with unit, person and deadline → acceptance."""

    kind: Literal["tracker"] = "tracker"
    weekly_days: int = 7


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a problem; state open, submitted, accepted or returned."""

    problem: str
    id: str
    unit: str | None
    person: str | None
    deadline: date | None
    state: str | None


LACKS = {
    "unit": Text("责任单位", "responsible unit"),
    "person": Text("责任人", "responsible person"),
    "deadline": Text("整改时限", "deadline"),
}


def track(
    problems: Sequence[str], measures: Iterable[Measure], today: date, evaluated: bool | None
) -> Answer:
    """Each problem closed or not and why, the counts, and whether the project closes.

    The deadline day itself is not overdue. A problem without a measure never closes.
    """
    found, rows, all_measures = Answer(), [], list(measures)
    overdue_all = 0
    for problem in problems:
        mine = [m for m in all_measures if m.problem == problem]
        said = Answer()
        overdue = [
            m.id for m in mine if m.state != "accepted" and m.deadline and m.deadline < today
        ]
        incomplete = []
        for m in mine:
            lacking = [name for key, name in LACKS.items() if getattr(m, key) is None]
            for name in lacking:
                said.say("措施{m}没有{n}", "Measure {m} has no {n}.", m=m.id, n=name)
            if lacking:
                incomplete.append(m.id)
        if not mine:
            said.say("问题{p}没有整改措施", "Problem {p} has no measure.", p=problem)
        closed = bool(mine) and not incomplete and all(m.state == "accepted" for m in mine)
        overdue_all += len(overdue)
        rows.append((problem, closed, overdue, incomplete, said))
    strange = sorted({m.problem for m in all_measures} - set(problems))
    for problem in strange:
        found.say("问题{p}不在清单中", "Problem {p} is not on the list.", p=problem)
    found.values = {
        "problems": rows,
        "counts": {
            "measures": len(all_measures),
            "accepted": sum(m.state == "accepted" for m in all_measures),
            "overdue": overdue_all,
        },
        "project": "closed" if evaluated and rows and all(r[1] for r in rows) else "open",
    }
    return found
