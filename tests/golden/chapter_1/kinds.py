"""Families by kind of rule: quotas, plans, ladders, pools, types, priorities, records, locks …"""

from __future__ import annotations

import datetime
import re
from typing import Any

from bole.engine.exact.numbers import exact, fixed
from bole.engine.headcount import Change, RedLine, VacancyClasses, ledger_rows
from bole.engine.lists import ConditionRule, Lock, Pool, Priority, RecordRules, TypeQuotas, judge
from bole.engine.lists.adverse import AdverseItem, effect
from bole.engine.lists.dossier import Dossier, accept
from bole.engine.lists.feeds import Feed, period
from bole.engine.quotas import (
    Indicator,
    Ladder,
    Plan,
    Quota,
    Take,
    check,
    check_batch,
    measure,
    taken,
)
from bole.engine.quotas.models import Reservation
from bole.engine.quotas.seats import Seat, may_fill
from bole.engine.quotas.take import ROUNDINGS
from bole.engine.text import Text
from tests.golden.by_kind import NotMine, each, first, has, kind, plan_of, said, tables
from tests.golden.chapter_1 import pools, service, shares
from tests.golden.chapter_1._read import day, slug, spells

# Names under which cases count everybody, where the pack calls its denominator otherwise.
WHOLE = tuple(
    re.findall(
        r"\w+",
        "members in_post all total adjusted promoted promotions posts establishment headcount "
        "staff reserve base people deputies cadres entrants vacancies vacant moves size count",
    )
)


def _counts(
    quota: Quota, row: dict[str, Any], name: str | None, alone: bool = True
) -> tuple[dict, dict]:
    """(counts, unknown): the row's numbers under the names that the rule uses.

    The one number left is the group's only where it is called alike, or the rule stands `alone`.
    """
    numbers = {
        k: v
        for k, v in row.items()
        if k != name and not isinstance(v, (dict, list)) and (v is None or _number(v))
    }
    unknown = {k: numbers.pop(k) for k in list(numbers) if str(k).startswith("unknown")}
    counts = {re.sub("^known_", "", k): v for k, v in numbers.items()}
    if quota.of and quota.of not in counts:
        others = [k for k in counts if k != quota.group]
        whole = next((k for k in others if _alike(k, quota.of)), None)
        whole = whole or next((k for k in WHOLE if k in others), None)
        if whole is not None:
            counts[quota.of] = counts.pop(whole)
    if quota.group not in counts:
        rest = [k for k in counts if k != quota.of]
        like = [k for k in rest if _alike(k, quota.group)]
        meant = like or (rest if alone else [])
        if len(meant) == 1:
            counts[quota.group] = counts.pop(meant[0])
    return counts, {quota.group: next(iter(unknown.values()), None)}


def _alike(name: str, wanted: str) -> bool:
    """Whether two names share a word, as `adjustment_quota` and `quota` do."""
    mine, theirs = ({w.rstrip("s") for w in re.findall(r"[a-z]+|\d+", n)} for n in (name, wanted))
    return bool(mine & theirs)


def counts_as_known(row: dict[str, Any]) -> dict[str, Any]:
    """`known_young` is the young whose age is known."""
    return {re.sub("^known_", "", k): v for k, v in row.items()}


def _moves(quota: Quota, moves: dict[str, Any]) -> dict[str, Any]:
    """Each kind of move with its numbers under the names of the rule."""
    out = {}
    for kind_, row in moves.items():
        counts, unknown = _counts(quota, row, None)
        if {quota.group, quota.of} - counts.keys():
            raise NotMine(f"{quota.group} of {quota.of} are not counted")
        out[kind_] = {**counts, "unknown": unknown[quota.group] or 0}
    return out


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@kind(Quota)
def quota(rule: Quota, case: dict[str, Any]) -> Any:
    given = plan_of(case)
    value = next((given[k] for k in ("ratio", "share", "value") if given.get(k) is not None), None)
    if value is not None and not isinstance(value, (dict, list)):
        rule = rule.model_copy(update={"share": exact(value), "open": False})

    guess = case.get("guess", 2)

    def read(row: dict[str, Any]) -> dict[str, Any]:
        name = next(iter(row))
        where = f"{name} {row[name]}"
        moves = {k: v for k, v in row.items() if isinstance(v, dict)}
        if moves and rule.of:
            result = check_batch(rule, _moves(rule, moves), where)
        else:
            counts, unknown = _counts(rule, row, name, case.get("alone", True))
            named = {rule.group, rule.of or rule.group} if guess == 0 else {rule.group}
            if not named <= (counts if guess == 2 else row | counts_as_known(row)).keys():
                raise NotMine(f"{rule.group} is not counted")
            result = check(rule, counts, unknown, where)
        return {**shares.answer(result), **said(result.text)}

    return each(case, read)


@kind(Plan)
def plan(rule: Plan, case: dict[str, Any]) -> Any:
    if not tables(case["input"]):
        raise NotMine("no rows")
    return shares.plans({**case, "mechanisms": list(rule.mechanisms)})


@kind(Ladder)
def ladder(rule: Ladder, case: dict[str, Any]) -> Any:
    found = tables(case["input"])
    if not found:
        raise NotMine("no rows")
    units = [
        {"unit": row[next(iter(row))], **{k: v for k, v in row.items() if k != next(iter(row))}}
        for row in next(iter(found.values()))
    ]
    inner = {**case["input"], "units": units}
    return shares.ladder({**case, "mechanisms": list(rule.mechanisms), "input": inner})


@kind(Indicator)
def indicator(rule: Indicator, case: dict[str, Any]) -> Any:
    on = day(case.get("as_of") or case["input"].get("as_of")) or datetime.date.max

    def read(row: dict[str, Any]) -> dict[str, Any]:
        name = next(iter(row))
        numbers = {k: v for k, v in row.items() if k != name and (v is None or _number(v))}
        part = first(numbers, rule.group, "have", "part")
        whole = first(numbers, rule.of, *WHOLE)
        if part is None and len(numbers) == 2:
            part = next(v for k, v in numbers.items() if v is not whole or k == rule.group)
        before = first(row, "baseline", "before")
        result = measure(rule, part, whole, on, None if before is None else exact(before))
        share = None if result.share is None else fixed(result.share * 100)
        return {
            "share": result.share and str(result.share),
            "share_percent": share,
            **said(result.text),
        }

    return each(case, read)


@kind(Take)
def take(rule: Take, case: dict[str, Any]) -> Any:
    given = plan_of(case)
    if given.get("share") is not None:
        rule = rule.model_copy(update={"share": exact(given["share"])})
    chosen = given.get("rounding")

    def read(row: dict[str, Any]) -> dict[str, Any]:
        whole = first(row, *WHOLE)
        how = row.get("rounding", chosen)
        result = taken(rule, whole, ROUNDINGS[how] if how else None)
        exactly = None if result.exact is None else fixed(result.exact)
        return {
            "number": result.number,
            "need": result.number,
            "exact": exactly,
            "verdict": str(result.outcome),
            **said(result.text),
        }

    return each(case, read)


@kind(Reservation)
def reservation(rule: Reservation, case: dict[str, Any]) -> Any:
    today = day(case.get("as_of") or first(case["input"], "as_of", "today", "check_date"))

    rows = next(iter(tables(case["input"]).values()), [case["input"]])
    if not any(
        has(row, "in_group", "until", "released", "filled_by")
        or isinstance(row.get(rule.group), bool)
        for row in rows
    ):
        raise NotMine("no seats")

    def read(row: dict[str, Any]) -> dict[str, Any]:
        until = day(first(row, "until", "kept_until"))
        seat = Seat(rule, until, row.get("filled_by"), row.get("released"))
        on = day(first(row, "on", "day")) or today
        if on is None:
            return {"verdict": "cannot be judged", "tell": "the day is missing"}
        verdict, problem = may_fill(seat, first(row, "in_group", rule.group), on)
        words = {"met": "allowed", "not_met": "blocked", "unknown": "cannot be judged"}
        text = problem.text if problem else Text("可以", "allowed")
        codes = [problem.code] if problem else []
        answer = words.get(verdict.name.lower(), str(verdict))
        return {"state": seat.state(on), "verdict": answer, "codes": codes, **said(text)}

    return each(case, read)


@kind(Pool)
def pool(rule: Pool, case: dict[str, Any]) -> Any:
    data, own = case["input"], {**case, "mechanisms": list(rule.mechanisms)}
    if has(data, "half_year_pool", "yearly_pool"):
        return pools.talent_pools(case)
    found = tables(data)
    people = found.get("people") or next(iter(found.values()), None)
    if people is None:
        raise NotMine("no people")
    named = [{"id": row[next(iter(row))], **row} for row in people]
    own["input"] = {**data, "people": named}
    if rule.age_bands is not None and not rule.tiers:
        return pools.bands(own)
    if not rule.tiers:
        raise NotMine("the pool has no tiers")
    return pools.talent_pools(own)


@kind(TypeQuotas)
def types(rule: TypeQuotas, case: dict[str, Any]) -> Any:
    if "held" not in case["input"]:
        raise NotMine("nothing held")
    return pools.types({**case, "mechanisms": list(rule.mechanisms)})


@kind(Priority)
def priority(rule: Priority, case: dict[str, Any]) -> Any:
    found = tables(case["input"])
    people = found.get("candidates") or next(iter(found.values()), None)
    if people is None or not any("score" in row for row in people):
        raise NotMine("no scores")
    named = [{"id": row[next(iter(row))], **row} for row in people]
    inner = {**case["input"], "candidates": [{k: r[k] for k in r} for r in named]}
    return pools.priorities({**case, "mechanisms": list(rule.mechanisms), "input": inner})


@kind(RecordRules)
def record(rule: RecordRules, case: dict[str, Any]) -> Any:
    if "entries" not in case["input"]:
        return adverse(rule, case)
    return pools.record({**case, "mechanisms": list(rule.mechanisms)})


def adverse(_rule: Any, case: dict[str, Any]) -> Any:
    """Items that other bodies reported: the effect on a day."""
    found = tables(case["input"])
    if not any(has(row, "verif", "effective") for rows in found.values() for row in rows):
        raise NotMine("no adverse items")
    as_of = day(case.get("as_of") or first(case["input"], "as_of", "check_date", "today"))

    def read(row: dict[str, Any]) -> dict[str, Any]:
        on = day(first(row, "on")) or as_of
        if on is None:
            return {"effect": "cannot be judged", "tell": "the day is missing"}
        item = AdverseItem(
            str(row[next(iter(row))]),
            str(row.get("kind") or ""),
            row.get("source"),
            day(first(row, "occurred")),
            day(first(row, "reported", "dated", "date")),
            first(row, "verification", "verified"),
            day(first(row, "notified", "told")),
            day(first(row, "effective_from", "from")),
            day(first(row, "effective_until", "until", "expires")),
            row.get("reply"),
        )
        result = effect(item, on)
        return {
            "effect": str(result.effect),
            "in_selection_views": result.in_selection_views,
            **said(result.text),
        }

    return each(case, read)


@kind(Feed)
def feed(rule: Feed, case: dict[str, Any]) -> Any:
    reports = case["input"].get("reports")
    rows = tables(case["input"])
    if reports is None and rows:
        table = next(iter(rows.values()))
        if not any(has(row, "items", "count") for row in table):
            return adverse(rule, case)
        reports = {row[next(iter(row))]: first(row, "items", "count") for row in table}
    if not isinstance(reports, dict):
        raise NotMine("no reports")
    result = period(rule, reports)
    return {
        "items": result.items,
        "zero": list(result.zero),
        "silent": list(result.silent),
        "missing": list(result.silent),
        **said(result.text),
    }


@kind(Dossier)
def dossier(rule: Dossier, case: dict[str, Any]) -> Any:
    def read(row: dict[str, Any]) -> dict[str, Any]:
        if not has(row, "field", "item"):
            raise NotMine("no field")
        role = str(first(row, "by", "role", "author") or "")
        found = accept(rule, str(first(row, "field", "item")), role, row.get("document"))
        return {"result": "saved", "item": found.title.en}

    return each(case, read)


@kind(ConditionRule)
def conditions(rule: ConditionRule, case: dict[str, Any]) -> Any:
    as_of = day(case.get("as_of") or case["input"].get("as_of")) or service.FAR

    def read(row: dict[str, Any]) -> dict[str, Any]:
        facts = {
            k: spells(v) if isinstance(v, list) and v and isinstance(v[0], list) else slug(v)
            for k, v in row.items()
        }
        return service.judged(judge(rule, facts, as_of), {"id": row[next(iter(row))]})

    return each(case, read)


@kind(Lock)
def locks(rule: Lock, case: dict[str, Any]) -> Any:
    rows = next(iter(tables(case["input"]).values()), None)
    if rows is None:
        raise NotMine("no requests")
    requests = [{"id": row[next(iter(row))], **row} for row in rows]
    mine = {**case, "mechanisms": list(rule.mechanisms), "input": {"requests": requests}}
    return service.locks(mine)


@kind(RedLine)
def red_line(rule: RedLine, case: dict[str, Any]) -> Any:
    if "lines" in case["input"]:
        from tests.golden.chapter_2.motions import headcount

        return headcount({**case, "mechanisms": list(rule.mechanisms)})

    def read(row: dict[str, Any]) -> dict[str, Any]:
        change = Change(
            str(row[next(iter(row))]),
            str(row.get("level") or row.get("class") or ""),
            first(row, "authorised", "approved", "establishment"),
            first(row, "filled", "in_post", "staff"),
            first(row, "in", "entering", "new") or 0,
            first(row, "out", "leaving") or 0,
            first(row, "approval"),
        )
        (result,) = ledger_rows(rule, [change])
        answer = {"after": result.after, "verdict": "allowed" if result.allowed else "blocked"}
        return {**answer, "over": result.over, "state": result.state, **said(result.text)}

    return each(case, read)


@kind(VacancyClasses)
def vacancies(rule: VacancyClasses, case: dict[str, Any]) -> Any:
    from tests.golden.chapter_2.motions import vacancy_ledger

    if "lines" not in case["input"]:
        raise NotMine("no lines")
    return vacancy_ledger({**case, "mechanisms": list(rule.mechanisms)})
