"""Conditions of experience, locks, and the experience rule of a front-line batch."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.lists import ConditionRule, Lock, judge, judge_locks
from bole.engine.lists.conditions import Judged
from bole.engine.quotas import Quota, check
from bole.engine.text import Text
from tests.golden.chapter_1._read import day, refused, slug, spells
from tests.golden.chapter_1.shares import DEVIATION, answer, quota_of
from tests.golden.harness import adapter
from tests.golden.packs import item, items
from tests.golden.refusals import answered

FAR = datetime.date(9999, 12, 31)


def judged(result: Judged, row: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": row["id"],
        "verdict": str(result.outcome),
        "failing": [c.title.en for c in result.failing],
        "tell": f"{row['id']}: {result.text.en}",
    }
    for service in result.served.values():
        out["town_years"] = service.months // 12 if service.months % 12 == 0 else None
        out["town_months"] = service.months
        out["short_days"] = service.short_days
    return out


@adapter("396.2")
@answered
def town_experience(case: dict[str, Any]) -> Any:
    rule = item("locks", ConditionRule, *case["mechanisms"])
    as_of = day(case.get("as_of") or case["input"].get("as_of"))
    out: dict[str, Any] = {}
    if "candidates" in case["input"]:
        out["candidates"] = []
    for row in case["input"].get("candidates", []):
        try:
            assert as_of is not None
            facts = {**{k: slug(v) for k, v in row.items()}, "to_level": row.get("to_level")}
            facts["town"] = spells(row.get("town"))
            out["candidates"].append(judged(judge(rule, facts, as_of), row))
        except BoleError as error:
            out["candidates"].append(refused(error, id=row["id"]))
    if "borrow_requests" in case["input"]:
        out["borrow_requests"] = [
            _locked("396.2", row, "borrow", row.get("borrow_from"))
            for row in case["input"]["borrow_requests"]
        ]
    return out


@adapter("401.3")
@answered
def locks(case: dict[str, Any]) -> Any:
    out = []
    mechanism = case["mechanisms"][0]
    for row in case["input"]["requests"]:
        act = next((k for k in row if k.endswith("_on")), None)
        out.append(_locked(mechanism, row, (act or "_on")[:-3], row.get(act or "")))
    return out


def _locked(mechanism: str, row: Mapping[str, Any], act: str, on: Any) -> dict[str, Any]:
    try:
        when = day(on, Text("办理日期", "day of the act"))
        if when is None:
            return {"id": row["id"], "verdict": "cannot be judged", "tell": "the day is missing"}
        triggers: dict[str, Any] = {}
        for lock in items("locks", mechanism, Lock):
            value = row.get(lock.trigger)
            if lock.term and isinstance(value, list):
                triggers[lock.trigger] = tuple(day(v, lock.trigger_name) for v in value)
            else:
                triggers[lock.trigger] = day(value, lock.trigger_name)
        locks_ = items("locks", mechanism, Lock)
        result = judge_locks(locks_, slug(row.get("kind")), triggers, act, when, row["id"])
    except BoleError as error:
        return refused(error, id=row["id"])
    out = {"id": row["id"], "verdict": str(result.verdict), "tell": result.text.en}
    if result.first_free is not None:
        out["first_free_day"] = result.first_free
    if result.needs_deviation:
        out["next"] = DEVIATION
    return out


@adapter("150.5")
@answered
def front_line(case: dict[str, Any]) -> Any:
    quota: Quota = quota_of(case)
    rule = item("locks", ConditionRule, *case["mechanisms"])
    as_of = day(case.get("as_of")) or FAR
    out: dict[str, Any] = {}
    if "batches" in case["input"]:
        out["batches"] = []
    for row in case["input"].get("batches", []):
        try:
            counts = {k: v for k, v in row.items() if k != "batch"}
            result = check(quota, counts, where=f"batch {row['batch']}")
            out["batches"].append({"batch": row["batch"], **answer(result)})
        except BoleError as error:
            out["batches"].append(refused(error, batch=row["batch"]))
    if "promotees" in case["input"]:
        out["promotees"] = []
    for row in case["input"].get("promotees", []):
        years = row.get("front_line_years")
        facts = {**row, "front_line": spells(row["spells"]) if "spells" in row else years}
        try:
            out["promotees"].append(judged(judge(rule, facts, as_of), row))
        except BoleError as error:
            out["promotees"].append(refused(error, id=row["id"]))
    return out
