"""Points, catalogues, the one-third rule, credit places, monthly reports."""

from __future__ import annotations

from typing import Any

from bole.engine.vetting.counts import (
    BodyReport,
    Catalogue,
    CatalogueEvent,
    CreditList,
    MonthlyReport,
    PointEvent,
    PointRules,
    RemovalGround,
    balance,
    credit_places,
    empty_slot,
    match_grades,
    match_times,
    monthly,
    overlap,
    removal,
    times,
)
from tests.golden.chapter_5._read import day, rows, shown, yes
from tests.golden.harness import adapter
from tests.golden.packs import item


@adapter("446.2")
def points(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", PointRules, *case["mechanisms"]), case["input"]
    starts = [day(d) for d in (case.get("config") or {}).get("period_starts", [])]
    people = list(dict.fromkeys(r["person"] for r in rows(data)))
    out = []
    for person in people:
        events = [
            PointEvent(day(r["event_date"]), r["points"], r["state"], yes(r["told"]))
            for r in rows(data)
            if r["person"] == person
        ]
        out.append(shown(balance(rule, events, day(data["as_of"]), starts), person=person))
    return out


@adapter("272.1", "241.2")
def catalogues(case: dict[str, Any]) -> Any:
    data = case["input"]
    counted = item("vetting", Catalogue, "272.1").items[0]
    graded = item("vetting", Catalogue, "241.2").items[0]
    check_day = day(data["check_date"])
    events = rows(data["events"])
    out: list[dict[str, Any]] = []
    for r in rows(data["grades"]):
        mine = [
            CatalogueEvent(e["event"], e["state"], day(e["expires"]))
            for e in events
            if e["person"] == r["person"]
        ]
        grades = {int(k[1:]): v for k, v in r.items() if k.startswith("y")}
        answer = match_grades(graded, r["person"], grades, data["last_three_years"])
        out.append(
            shown(
                answer,
                person=r["person"],
                times=times(mine, check_day),
                **{
                    f"L20_item{counted.number}": match_times(counted, mine, check_day),
                    f"L7_item{graded.number}": answer.values["result"],
                },
            )
        )
    return out + [shown(empty_slot(n)) for n in data.get("items_without_text", [])]


@adapter("307.6")
def one_third(case: dict[str, Any]) -> Any:
    rule = item("vetting", RemovalGround, *case["mechanisms"])
    base = str((case.get("config") or {}).get("base", "returned_ballots")).removesuffix("_ballots")
    out = []
    for r in rows(case["input"]):
        answer = removal(rule, r["person"], r.get(base), r["dissatisfied"], r["appraisal"])
        out.append(shown(answer, person=r["person"], over_one_third=answer.values.get("over")))
    return out


@adapter("273.5")
def places(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", CreditList, *case["mechanisms"]), case["input"]
    out = shown(credit_places(rule, data["accuracy"]))
    if "second_list_size" in data:
        refusal = overlap(rule, data["second_list_size"])
        out["second_list"] = shown(refusal) if refusal else {"result": "made"}
    return out


@adapter("446.3")
def reports(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", MonthlyReport, *case["mechanisms"]), case["input"]
    named = {r["body"] for r in rows(data)}
    bodies = rule.bodies if named <= set(rule.bodies) else ()
    year, month = map(int, str(data["month"]).split("-"))
    answer = monthly(
        year,
        month,
        [
            BodyReport(r["body"], yes(r["zero_report"]), r["items"], day(r["received"]))
            for r in rows(data)
        ],
        bodies,
    )
    said = answer.values.pop("said")
    return {**shown(answer), **{f"tell_user_{body}": text for body, text in said.items()}}
