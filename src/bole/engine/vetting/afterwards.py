"""After the decision: filing in time, what a departing head leaves, the two reviews, the digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact, say
from bole.engine.procedures.base import Id
from bole.engine.vetting.base import Answer, VettingRule
from bole.engine.workdays import (
    Calendar,
    Length,
    add_months,
    deadline,
    working_days_between,
)

Day = date


class FilingClock(VettingRule):
    """A package filed within `within` of an event; it counts as filed on the day that it is
    complete (002.6). `within` in working days, calendar days or months."""

    kind: Literal["filing_clock"] = "filing_clock"
    within: int
    unit: Literal["working_days", "calendar_days", "months"] = "working_days"
    papers: tuple[Id, ...] = ()


def file_in_time(
    rule: FilingClock,
    event: Day | None,
    filed: Day | None,
    papers: Mapping[str, bool | None] | None = None,
    calendar: Calendar | None = None,
) -> Answer:
    """`due`, and `result` on_time, late, open (nothing filed), returned (a paper is missing,
    whatever the date), refused (a date before the event) or cannot_compute."""
    found = Answer({"due": None})
    if event is None:
        found.values["result"] = "cannot_compute"
        found.say(
            "缺少决定日期，无法计算期限，不能视为按时",
            "The date of the event is missing; no deadline can be set and nothing is in time.",
        )
        return found
    if rule.unit == "months":
        due = add_months(event, rule.within)
    else:
        clock = deadline(event, Length(rule.within, rule.unit), calendar)
        if clock.due is None:
            found.values["result"] = "cannot_compute"
            if clock.problem is not None:
                found.said.append(clock.problem.text)
            return found
        due = clock.due
    found.values["due"] = due
    if filed is not None and filed < event:
        found.values["result"] = "refused"
        found.say(
            "报送日期{f}早于决定日期{e}，请更正其中之一",
            "The filing date {f} is before the date of the event {e}. Correct one of the two.",
            f=filed,
            e=event,
        )
        return found
    given = papers or {}
    missing = [p for p in rule.papers if papers is not None and not given.get(p)]
    found.values["missing"] = missing
    if filed is not None and missing:
        found.values["result"] = "returned"
        found.say("材料不全，退回：{m}", "Returned; missing: {m}.", m=", ".join(missing))
    elif filed is None:
        found.values["result"] = "open"
    elif filed <= due:
        found.values["result"] = "on_time"
    else:
        found.values["result"] = "late"
        if rule.unit == "working_days":
            found.values["late_working_days"] = working_days_between(due, filed, calendar)
        else:
            found.values["late_days"] = (filed - due).days
        found.say("应于{d}前报送，实为{f}", "Due on {d}, filed on {f}.", d=due, f=filed)
    return found


class ExitCheck(VettingRule):
    """The promotions that an exit check looks at (314.7): of these levels, in the head's term."""

    kind: Literal["exit_check"] = "exit_check"
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion."""

    person: str
    level: str | None
    on: Day | None


def exit_check(
    rule: ExitCheck, first: Day | None, last: Day | None, promotions: Iterable[Promotion]
) -> Answer:
    """`listed`, `not_listed` and `cannot_compute` by name; both end days of the term count."""
    found = Answer()
    if first is None or last is None:
        found.values = {"result": "cannot_compute"}
        found.say("任期起止日期不全", "The dates of the term are missing.")
        return found
    if last < first:
        found.values = {"result": "refused"}
        found.say("任期{b}早于{a}", "The term ends ({b}) before it starts ({a}).", a=first, b=last)
        return found
    lists: dict[str, list[str]] = {"listed": [], "not_listed": [], "cannot_compute": []}
    for one in promotions:
        outside = one.on is not None and not first <= one.on <= last
        if outside or (one.level is not None and one.level not in rule.levels):
            lists["not_listed"].append(one.person)
        elif one.on is None or one.level is None:
            lists["cannot_compute"].append(one.person)
            what = "date" if one.on is None else "level"
            found.say(
                "{p}缺少" + ("任职日期" if one.on is None else "层次"),
                "The {w} of the promotion of {p} is missing.",
                p=one.person,
                w=what,
            )
        else:
            lists["listed"].append(one.person)
    found.values = {**lists, "result": "made"}
    return found


class TwoReviews(VettingRule):
    """One report, two reviews (412.4): both must reach the required score, which the source leaves
    open. Scores lie in 0–100; to reach includes equality."""

    kind: Literal["two_reviews"] = "two_reviews"
    required: int | None = None


def two_reviews(rule: TwoReviews, work: Any, appointed: Any, required: Any = None) -> Answer:
    """`result` reached, not_reached, cannot_compute or refused; `below` names the reviews."""
    found = Answer()
    line = rule.required if required is None else required
    scores = {"work": work, "appointed": appointed}
    wrong = []
    for name, value in scores.items():
        try:
            if value is not None and not 0 <= exact(value) <= 100:
                wrong.append(name)
        except BoleError:
            wrong.append(name)
    for name in wrong:
        found.say(
            "{n}的得分{v}不在0至100之内",
            "The score of {n} is {v}; scores lie in 0 to 100.",
            n=name,
            v=scores[name],
        )
    if wrong:
        found.values["result"] = "refused"
        return found
    if line is None:
        found.values["result"] = "cannot_compute"
        found.say("办法未定规定分值", "The required score is not set.")
        return found
    below = [n for n, v in scores.items() if v is not None and exact(v) < exact(line)]
    missing = [n for n, v in scores.items() if v is None]
    for name in below:
        found.say(
            "{n}得{v}分，未达到{l}分",
            "{n}: {v} does not reach {l}.",
            n=name,
            v=say(scores[name]),
            l=say(line),
        )
    for name in missing:
        found.say("缺少{n}的得分", "The score of {n} is missing.", n=name)
    found.values = {
        "below": below,
        "result": "not_reached" if below else "cannot_compute" if missing else "reached",
    }
    return found


class DigestRule(VettingRule):
    """A digest of collected items (456.2): every item is listed, filed or set aside with a reason,
    otherwise it cannot be signed."""

    kind: Literal["digest"] = "digest"


def digest(
    collected: int | None,
    listed: int | None,
    filed: int | None,
    set_aside: int | None = 0,
    reason: str | None = None,
) -> Answer:
    """`result` may_be_signed, refused (the parts do not sum, or items set aside without a reason)
    or cannot_compute; `without_outcome`: collected − placed."""
    found = Answer()
    numbers = {"collected": collected, "listed": listed, "filed": filed, "set_aside": set_aside}
    missing = [n for n, v in numbers.items() if v is None]
    if missing:
        found.values["result"] = "cannot_compute"
        found.say("没有填写：{m}", "Not entered: {m}.", m=", ".join(missing))
        return found
    wrong = [n for n, v in numbers.items() if not isinstance(v, int) or v < 0]
    if wrong:
        found.values["result"] = "refused"
        for name in wrong:
            found.say("{n}应为不小于0的整数", "{n} must be a whole number from 0 up.", n=name)
        return found
    aside = set_aside or 0
    placed = (listed or 0) + (filed or 0) + aside
    left = (collected or 0) - placed
    found.values["without_outcome"] = max(0, left)
    if left > 0:
        found.say(
            "收集{c}条，已处理{p}条：{n}条没有去向",
            "{c} collected, {p} placed: {n} items have no outcome.",
            c=collected,
            p=placed,
            n=left,
        )
    elif left < 0:
        found.say(
            "处理{p}条，多于收集的{c}条",
            "{p} placed, more than the {c} collected.",
            c=collected,
            p=placed,
        )
    if aside and not (reason or "").strip():
        found.say("{n}条搁置未写明理由", "{n} items are set aside without a reason.", n=aside)
    found.values["result"] = "refused" if found.said else "may_be_signed"
    return found
