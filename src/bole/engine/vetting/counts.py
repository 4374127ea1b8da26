"""Points, catalogues, ballots on removal, credit lists and monthly reports: exact counts."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from bole.engine.exact.numbers import exact
from bole.engine.procedures.base import Id, Model, Name, Ratio
from bole.engine.ranking import competition_ranks
from bole.engine.verdict import Verdict, all_of, any_of
from bole.engine.vetting.base import Answer, VettingRule


class Band(Model):
    """Whole points from `least` to `most`, both included; no `most`: no bound."""

    least: int
    most: int | None = None
    level: Id


class PointRules(VettingRule):
    """Deduction points with a reset: only confirmed events that the person was told of count."""

    kind: Literal["points"] = "points"
    bands: tuple[Band, ...]
    below: str = "none"


@dataclass(frozen=True, slots=True)
class PointEvent:
    """An event that costs points."""

    on: date | None
    points: Any
    state: str | None
    told: bool | None


def balance(
    rule: PointRules, events: Iterable[PointEvent], as_of: date, period_starts: Sequence[date]
) -> Answer:
    """The balance of the period that holds `as_of`, its level, and each event that is refused."""
    found, total = Answer(), 0
    began = [s for s in period_starts if s <= as_of]
    start = max(began) if began else None
    end = min((s for s in period_starts if s > as_of), default=None)
    for event in events:
        if event.points is None:
            found.say("该事件没有分值，不计分", "This event has no points; it does not count.")
            continue
        whole = not isinstance(event.points, bool) and (
            isinstance(event.points, int)
            or (isinstance(event.points, (float, Decimal)) and event.points == int(event.points))
        )
        if not whole or event.points <= 0:
            found.values["refused_event"] = str(event.points)
            found.say(
                "分值应为大于0的整数；{p}会落在两档之间",
                "Points must be a whole number above 0; {p} would fall between the levels.",
                p=event.points,
            )
            continue
        if event.on is None:
            found.say("该事件没有日期，不计分", "This event has no date; it does not count.")
            continue
        if (start and event.on < start) or (end and event.on >= end) or event.on > as_of:
            continue
        if event.state != "confirmed":
            continue
        if event.told is not True:
            found.say(
                "该事件已核实但未告知本人，暂不计分",
                "This event is confirmed but the person has not been told; it does not count yet.",
            )
            continue
        total += int(event.points)
    level = next(
        (b.level for b in rule.bands if b.least <= total and (b.most is None or total <= b.most)),
        rule.below,
    )
    found.values = {"balance": total, "level": level, **found.values}
    return found


class CatalogueItem(Model):
    """An item of a limiting catalogue, told apart by what it counts."""

    number: int
    text: Name | None = None
    times: int | None = None  # confirmed, unexpired, distinct events at least so often
    grades: tuple[str, ...] = ()  # any of these annual grades
    years: int | None = None  # within so many last years


class Catalogue(VettingRule):
    """A restriction catalogue; an item counted but not printed has no text and matches nobody."""

    kind: Literal["catalogue"] = "catalogue"
    counted: int | None = None
    items: tuple[CatalogueItem, ...]


@dataclass(frozen=True, slots=True)
class CatalogueEvent:
    """An adverse event: which, its state, the last day on which it counts."""

    event: str
    state: str | None
    expires: date | None


def times(events: Iterable[CatalogueEvent], day: date) -> int:
    """Distinct confirmed events that still count on the day (the last day counts)."""
    return len(
        {
            e.event
            for e in events
            if e.state == "confirmed" and e.expires is not None and day <= e.expires
        }
    )


def match_times(item: CatalogueItem, events: Iterable[CatalogueEvent], day: date) -> str:
    """match or no_match for an item that counts events."""
    assert item.times is not None
    return "match" if times(events, day) >= item.times else "no_match"


def match_grades(
    item: CatalogueItem, person: str, grades: Mapping[int, str | None], years: Sequence[int]
) -> Answer:
    """match, no_match or cannot_compute for an item on annual grades of the last years."""
    found = Answer()
    verdict = any_of(
        Verdict.of(None if grades.get(y) is None else grades[y] in item.grades) for y in years
    )
    words = {Verdict.MET: "match", Verdict.NOT_MET: "no_match", Verdict.UNKNOWN: "cannot_compute"}
    found.values["result"] = words[verdict]
    if verdict is Verdict.UNKNOWN:
        for year in years:
            if grades.get(year) is None:
                found.say(
                    "缺少{who}{y}年度考核等次，请补录或者说明原因",
                    "The annual grade of {who} for {y} is missing; add it or record why there is "
                    "none.",
                    who=person,
                    y=year,
                )
    return found


def empty_slot(number: int) -> Answer:
    """What an item without text answers."""
    found = Answer({"empty_slot": number})
    found.say(
        "清单第{n}项没有文字，不能适用",
        "Item {n} of the list has no text; it cannot be applied.",
        n=number,
    )
    return found


class RemovalGround(VettingRule):
    """A ground for removal (proposed): dissatisfied share strictly above, and an appraisal."""

    kind: Literal["removal"] = "removal"
    above: Ratio
    appraisal: str


def removal(
    rule: RemovalGround,
    person: str,
    base: int | None,
    dissatisfied: int | None,
    appraisal: str | None,
) -> Answer:
    """`result` propose_removal, no_ground, cannot_compute or refused; `over`: the share alone."""
    found = Answer()
    if base is None or dissatisfied is None:
        found.values["result"] = "cannot_compute"
        found.say("缺少{w}的票数", "The votes on {w} are missing.", w=person)
        return found
    if dissatisfied < 0 or base < 0 or dissatisfied > base:
        found.values["result"] = "refused"
        found.say(
            "不满意{d}票，但只收回{b}票，请更正",
            "{d} dissatisfied votes but only {b} ballots were returned. Correct the count.",
            d=dissatisfied,
            b=base,
        )
        return found
    if base == 0:
        found.values["result"] = "cannot_compute"
        found.say("没有收回选票，无法计算比例", "No ballots were returned; no share can be formed.")
        return found
    assert isinstance(rule.above, Fraction)
    over = dissatisfied > rule.above * base
    found.values["over"] = over
    verdict = all_of(
        [
            Verdict.of(over),
            Verdict.of(None if appraisal is None else appraisal == rule.appraisal),
        ]
    )
    words = {
        Verdict.MET: "propose_removal",
        Verdict.NOT_MET: "no_ground",
        Verdict.UNKNOWN: "cannot_compute",
    }
    found.values["result"] = words[verdict]
    if verdict is Verdict.UNKNOWN:
        found.say("缺少{w}的考核结果", "The competence appraisal of {w} is missing.", w=person)
    return found


class CreditList(VettingRule):
    """The first and the last places of recommenders by average accuracy."""

    kind: Literal["credit_list"] = "credit_list"
    first: int
    last: int


def credit_places(rule: CreditList, accuracy: Mapping[str, Any]) -> Answer:
    """The first and last places; a tie across a cut is shown and not broken.

    Refused where fewer people are ranked than both lists need.
    """
    found = Answer()
    scores = {k: None if v is None else exact(v) for k, v in accuracy.items()}
    ranks = competition_ranks(scores)
    order = sorted(ranks, key=lambda k: ranks[k])
    if refusal := overlap(rule, len(ranks)):
        return refusal
    first, tie, left = _cut(order, ranks, rule.first)
    known = {k: s for k, s in scores.items() if s is not None}
    last_ranks = {k: 1 + sum(s < known[k] for s in known.values()) for k in order}
    last, last_tie, last_left = _cut(list(reversed(order)), last_ranks, rule.last)
    found.values = {
        "ranked": len(ranks),
        "not_ranked": [k for k in accuracy if k not in ranks],
        "first": {"firm": first, "tie_at_cut": tie, "places_left": left},
        "last": {
            "firm": [k for k in order if k in last],
            "tie_at_cut": [k for k in order if k in last_tie],
            "places_left": last_left,
        },
        "rank_of": ranks,
    }
    return found


def overlap(rule: CreditList, ranked: int) -> Answer | None:
    """The refusal where both lists would name the same people; None when there are enough."""
    if ranked >= rule.first + rule.last:
        return None
    found = Answer({"result": "refused"})
    found.say(
        "参加排名{n}人，前{a}名与后{b}名重叠{o}人，请调低其中一个数",
        "{n} people are ranked; first {a} and last {b} overlap by {o}. Lower one of the numbers.",
        n=ranked,
        a=rule.first,
        b=rule.last,
        o=rule.first + rule.last - ranked,
    )
    return found


def _cut(
    order: Sequence[str], ranks: Mapping[str, int], places: int
) -> tuple[list[str], list[str], int]:
    """Who is in for certain, who shares the place at the cut, and the places left for them."""
    firm: list[str] = []
    for key in order:
        group = [k for k in order if ranks[k] == ranks[key]]
        if ranks[key] - 1 + len(group) <= places:
            firm.append(key)
        elif ranks[key] <= places:
            return firm, group, places - len(firm)
    return firm, [], 0


class MonthlyReport(VettingRule):
    """Bodies that report by the last calendar day of each month, with zero reports."""

    kind: Literal["monthly_report"] = "monthly_report"
    bodies: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyReport:
    """What a body sent for the month; all None: nothing."""

    body: str
    zero: bool | None
    items: int | None
    received: date | None


def monthly(
    year: int, month: int, reports: Iterable[BodyReport], bodies: Sequence[str] = ()
) -> Answer:
    """Each body once: content or zero in time, late, missing, contradictory; items for the digest.

    `bodies` that sent nothing at all are missing, too. Raises ValueError for a month that is none.
    """
    due = date(year, month, calendar.monthrange(year, month)[1])
    found = Answer()
    lists: dict[str, list[str]] = {
        k: [] for k in ("content_on_time", "zero_on_time", "late", "missing", "contradictory")
    }
    said: dict[str, str] = {}
    items = 0
    given = list(reports)
    silent = [b for b in bodies if b not in {r.body for r in given}]
    for report in [*given, *(BodyReport(b, None, None, None) for b in silent)]:
        count = report.items or 0
        if report.received is None:
            lists["missing"].append(report.body)
            continue
        if (report.zero and count) or (report.zero is False and not count):
            lists["contradictory"].append(report.body)
            before = len(found.said)
            if report.zero:
                found.say(
                    "零报告不能带有事项（{n}件），请报送事项或者零报告之一",
                    "A zero report cannot carry items ({n}). Send either the items or the zero "
                    "report.",
                    n=count,
                )
            else:
                found.say(
                    "{b}既不是零报告，也没有事项",
                    "{b} sent neither a zero report nor items.",
                    b=report.body,
                )
            said[report.body] = found.said[before].en
            continue
        items += count
        if report.received > due:
            lists["late"].append(report.body)
        else:
            lists["zero_on_time" if report.zero else "content_on_time"].append(report.body)
    found.values = {"due": due, **lists, "items_in_digest": items, "said": said}
    return found
