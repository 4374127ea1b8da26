"""The integrity desk, audit duties, the rectification tracker."""

from __future__ import annotations

from typing import Any

from bole.engine.vetting.desks import (
    AuditDuties,
    IntegrityDesk,
    Measure,
    Tracker,
    audit_duties,
    look_back,
    opinion,
    track,
)
from tests.golden.chapter_5._read import day, rows, shown, yes
from tests.golden.harness import adapter
from tests.golden.packs import item


@adapter("398.1", "398.2")
def desk(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", IntegrityDesk, *case["mechanisms"]), case["input"]
    out = []
    for r in rows(data):
        answer = opinion(
            rule,
            yes(r["party_member"]),
            r["occasion"],
            {s.id: day(r.get(s.id)) for s in rule.steps},
            r["reply_text"],
            data.get("triggers"),
        )
        out.append(shown(answer, request=r["request"]))
    if "facts" in data:
        facts = {r["fact"]: day(r["dated"]) for r in rows(data["facts"])}
        seen = look_back(rule, day(data["request_date"]), facts)
        out.append({f"facts_{k}": v for k, v in seen.items()})
    return out


@adapter("016.9", "027.9", "254.3")
def audits(case: dict[str, Any]) -> Any:
    rule, data = item("vetting", AuditDuties, *case["mechanisms"]), case["input"]
    return [
        shown(
            audit_duties(
                rule,
                r["person"],
                r["post"],
                day(r["since"]),
                yes(r["mid_term_audit_this_term"]),
                day(r["leaves_on"]),
                day(data["reference_date"]),
            ),
            person=r["person"],
        )
        for r in rows(data)
    ]


@adapter("000.1")
def tracker(case: dict[str, Any]) -> Any:
    item("vetting", Tracker, *case["mechanisms"])
    data = case["input"]
    measures = [
        Measure(r["problem"], r["measure"], r["unit"], r["person"], day(r["deadline"]), r["state"])
        for r in rows(data)
    ]
    answer = track(
        data["problems"], measures, day(data["today"]), yes(data["effect_evaluation_signed"])
    )
    problems = [
        {
            "problem": problem,
            "closed": closed,
            "overdue": overdue,
            "incomplete": incomplete,
            "tell_user": said.text.en,
        }
        for problem, closed, overdue, incomplete, said in answer.values["problems"]
    ]
    return {**shown(answer), "problems": problems}
