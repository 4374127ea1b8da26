"""Votes, gates, notices, complaints and probation."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from bole.engine.decision import (
    Complaint,
    GateSet,
    NoticeRule,
    ProbationRule,
    VoteRule,
    may_issue,
    next_opening,
    probation_dates,
    read_complaints,
    read_conclusion,
    read_gates,
    read_vote,
    run_notice,
)
from bole.engine.errors import BoleError
from bole.engine.verdict import Verdict
from bole.engine.workdays import Calendar
from tests.golden.chapter_3._read import item, items, mechanisms, refused, rows, subject_of

POSITIONS = ("agree", "against", "disagree", "abstain", "postpone", "defer", "blank")


def votes(case: dict[str, Any]) -> Any:
    """Decision votes: quorum, votes needed of those due, and the result."""
    rule, out = item("decision", VoteRule, *mechanisms(case)), []
    for row in rows(case["input"]):
        kind, name = subject_of(row)
        counts = {k: row[k] for k in POSITIONS if k in row}
        try:
            found = read_vote(
                rule,
                base=row.get("due", row.get("members")),
                present=row.get("present"),
                counts=counts,
            )
        except BoleError as error:
            out.append({kind: name, **refused(error)})
            continue
        out.append(
            {
                kind: name,
                "quorum": found.quorum.value if found.quorum else None,
                "needed": found.needed,
                "result": found.result.value,
                "because": found.text,
                "tell_user": found.text,
            }
        )
    return out


def gates(case: dict[str, Any]) -> Any:
    """Every gate of every person at once, and what one more member would change."""
    rule = item("decision", GateSet, *mechanisms(case))
    meeting, people = case["input"].get("meeting") or {}, rows(case["input"]["persons"])
    due, present = meeting.get("due"), meeting.get("present")
    out: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    for row in people:
        name = subject_of(row)[1]
        facts = _gate_facts(rule, row)
        try:
            found = read_gates(rule, facts, due=due, present=present)
        except BoleError as error:
            out.append({"person": name, **refused(error), "submitted": False})
            continue
        out.append(
            {
                "person": name,
                "submitted": found.submitted,
                "gates_not_met": found.not_met,
                "cannot_tell": found.cannot_tell,
                "missing_opinions": found.missing,
                "tell_user": found.text.en or "All gates are met.",
            }
        )
        short = any(r.gate.attendance and r.verdict is not Verdict.MET for r in found.readings)
        more = next_opening(rule, facts, due=due, present=present) if short else None
        if more is not None:
            after["present"], reading = more
            after[str(name)] = reading.not_met
            after[f"{name}_cannot_tell"] = reading.cannot_tell
    if after:
        out.append({"after_one_more_member_arrives": after})
    return out


def _gate_facts(rule: GateSet, row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the gates read, from cells that say part of them or their contrary."""
    facts = dict(row)
    for gate in rule.gates:
        wanted = gate.holds or gate.clear
        if wanted is None or wanted in facts:
            continue
        parts = [row[p] for p in wanted.split("_and_") if p in row]
        contrary = next((k for k in row if k.startswith("ad_hoc") or k == f"not_{wanted}"), None)
        like = next((k for k in row if k.startswith(wanted) or wanted.startswith(k)), None)
        if "_and_" in wanted and parts:
            facts[wanted] = False if False in parts else None if None in parts else True
        elif wanted == "on_agenda" and contrary is not None:
            facts[wanted] = None if row[contrary] is None else not row[contrary]
        elif like is not None:
            facts[wanted] = row[like]
    return facts


_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:to|–|-|~|至)\s*(\d{4}-\d{2}-\d{2}))?")


def calendar_of(data: Mapping[str, Any]) -> Calendar:
    """The calendar that a case describes in words and lists."""
    days: set[datetime.date] = set()
    for first, last in _RANGE.findall(str(data.get("non_working") or "")):
        start = datetime.date.fromisoformat(first)
        end = datetime.date.fromisoformat(last or first)
        days |= {start + datetime.timedelta(i) for i in range((end - start).days + 1)}
    return Calendar.of(days, data.get("make_up_working_days") or ())


_LENGTH = re.compile(r"Length (\w): (?:at least )?(\d+) (working )?days([^.;]*)")


def _notices(case: Mapping[str, Any]) -> dict[str, NoticeRule]:
    """The notices of the case by letter: as its packs say, with what its organisation entered."""
    found: dict[tuple[Any, ...], NoticeRule] = {}
    for _, rule in items("notices", NoticeRule, *mechanisms(case)):
        if rule.days is not None:
            found.setdefault((rule.days, rule.unit), rule)
    entered = _LENGTH.findall(" ".join(str(case.get("rule") or "").split()))
    if not entered:
        return dict(zip("ABCDEFGH", found.values(), strict=False))
    out = {}
    for letter, days, working, note in entered:
        unit = "working_days" if working else ("calendar_days" if "calendar" in note else None)
        base = next((r for (n, u), r in found.items() if n == int(days) and u == unit), None)
        base = base or next((r for (n, u), r in found.items() if n == int(days)), NoticeRule())
        out[letter] = base.model_copy(update={"days": int(days), "unit": unit})
    return out


def notice_clock(case: dict[str, Any]) -> Any:
    """How a notice runs under each length and each way of counting, and when formalities may be."""
    data, out = case["input"], {}
    counting = (case.get("config") or {}).get("count_from") or [None]
    calendar = calendar_of(data)
    complaints = [Complaint(None, False)] * (data.get("open_complaints") or 0)
    for letter, base in _notices(case).items():
        for way in counting if isinstance(counting, list) else [counting]:
            rule = base.model_copy(update={"count_from": way or base.count_from})
            key = f"{letter}_{str(rule.count_from).removesuffix('_posting')}"
            clock = run_notice(rule, data.get("posted_on"), calendar)
            if isinstance(clock, list):
                told = f"Missing: {', '.join(m.en for m in clock)}"
                out[key] = {"result": "cannot_compute", "tell_user": told}
            else:
                out[key] = {"counted": list(clock.counted), "last_day": clock.due}
            attempts = []
            for day in data.get("attempts_to_issue_document") or []:
                found = may_issue(clock, day, complaints, rule)
                words = {True: "allowed", False: "refused", None: "cannot_compute"}
                attempts.append(
                    {"on": day, "result": words[found.allowed], "tell_user": found.text.en}
                )
            out[f"attempts_under_{key}"] = attempts
    return out


_COUNTS = {"none": 0, "one": 1, "two": 2, "three": 3, None: 0}


def complaints(case: dict[str, Any]) -> Any:
    """What complaints leave at the end of the notice."""
    rule, out = item("notices", NoticeRule, *mechanisms(case)), []
    for name, group in groupby(rows(case["input"]), key=lambda r: subject_of(r)[1]):
        found: list[Complaint] = []
        for row in group:
            kind = subject_of(row)[0]
            number = _COUNTS.get(row["complaint"], row["complaint"])
            state = row.get("state_at_end")
            one = Complaint(
                {"concrete": True, "vague": False}.get(row.get("lead")),
                {"open": False, "closed": True}.get(state),
                row.get("finding"),
            )
            found += [one] * int(number)
        reading = read_complaints(found, rule)
        entry = {kind: name, "result": reading.state.value, "tell_user": reading.text.en}
        out.append({**entry, "also": reading.also.en} if reading.also.en else entry)
    return out


def probation(case: dict[str, Any]) -> Any:
    """Dates of a probation, and what each proposed conclusion needs."""
    data, out = case["input"], {}
    rules = [r for _, r in items("decision", ProbationRule, *mechanisms(case))]
    months = next((r.months for r in rules if r.months), None)
    touch = next((r.touchpoints for r in rules if r.touchpoints), ())
    rule = ProbationRule(months=months, touchpoints=touch)
    if "starts" in data:
        out["dates"] = [_dates(rule, start) for start in data["starts"]]
    out["conclusions"] = []
    for row in rows(data.get("conclusions") or []):
        early = row.get("before_due_date")
        found = read_conclusion(
            rules,
            row.get("conclusion"),
            over=None if early is None else not early,
            due=row.get("due"),
            extension_months=row.get("extension_months"),
            attached=row.get("attached") or (),
        )
        out["conclusions"].append(
            {
                "person": subject_of(row)[1],
                "result": found.state.value,
                "tell_user": found.text.en,
                "destinations_seen": [d.en for d in found.destinations],
                "needs": list(found.needs),
                "new_due": found.new_due,
            }
        )
    return out


def _dates(rule: ProbationRule, start: Any) -> dict[str, Any]:
    try:
        found = probation_dates(rule, start)
    except BoleError as error:
        return {"start": start, **refused(error), "result": "cannot_compute"}
    out: dict[str, Any] = {"start": start, f"m{rule.months}_due": found.due}
    return out | {f"m{m}": day for m, day in found.touchpoints.items() if m != rule.months}
