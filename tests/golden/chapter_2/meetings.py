"""Plenary nomination, the excellent rate, recommender credit."""

from __future__ import annotations

import re
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.exact.figures import Base
from bole.engine.exact.numbers import exact, fixed
from bole.engine.nomination import (
    Credit,
    CreditRound,
    LaterEvent,
    Meeting,
    Rate,
    RateState,
    account,
    nominate,
    quorum,
    rate,
    threshold,
)
from bole.engine.nomination.meeting import difference_text
from bole.engine.text import Text, join
from tests.golden.chapter_2._read import figures, meeting_of, op, parameters
from tests.golden.harness import adapter
from tests.golden.packs import item
from tests.golden.refusals import answered

MORE_THAN = re.compile(r"number_of_people_with_more_than_(\d+)_votes")


@adapter("026.1", "026.2")
@answered
def plenary(case: dict[str, Any]) -> Any:
    meeting = meeting_of(item("nomination", Meeting, *case["mechanisms"]), parameters(case))
    given = case["input"]
    if "meetings" in given:
        return _quorums(meeting, given["meetings"])
    if "places_list" in given:
        return _required(meeting, given)
    try:
        base = figures(given)
        result = nominate(meeting, given["votes"], base, given.get("places"))
    except BoleError as error:
        return {
            "error": error.problems[0].code,
            "codes": [p.code for p in error.problems],
            "tell_user": error.say("en"),
        }
    out: dict[str, Any] = {
        "votes_needed": result.votes_needed,
        "required_nominees": result.required,
        "passed": list(result.passed),
        "not_passed": list(result.not_passed),
        "difference_reached": result.difference_reached,
        "short_by": result.short_by,
        "sure_nominees": list(result.sure),
        "tie_at_cut": list(result.tied),
        "places_left_for_tie": result.places_left,
        "tell_user": result.text.en,
    }
    if not result.tied:
        out["nominees"] = list(result.nominees)
    if result.missing:
        out["missing"] = list(result.missing)
    if meeting.quorum is not None and base.of(Base.DUE) is not None:
        out["meeting_valid"] = quorum(meeting, base).valid
    return out


def _quorums(meeting: Meeting, rows: list[dict[str, Any]]) -> Any:
    out, said = [], []
    for row in rows:
        try:
            result = quorum(meeting, figures(row, row["name"]), row["name"])
        except BoleError as error:
            out.append({"name": row["name"], "error": error.problems[0].code})
            said.append(error.say("en"))
            continue
        valid = "unknown" if result.valid is None else result.valid
        out.append({"name": row["name"], "valid": valid, "needed_present": result.needed})
        said.append(result.text.en)
    return {"results": out, "tell_user": "; ".join(said)}


def _required(meeting: Meeting, given: dict[str, Any]) -> Any:
    out: dict[str, Any] = {"required": {n: meeting.required(n) for n in given["places_list"]}}
    if row := given.get("meeting"):
        required = meeting.required(row.get("places"))
        needed = threshold(meeting, figures(row))
        passed = row.get("passed")
        for key, value in row.items():
            match = MORE_THAN.fullmatch(key)
            # "more than 40" is the same as "at least 41"; any other bound would tell nothing.
            if match and int(match[1]) + 1 == needed:
                passed = value
        said: dict[str, Any] = {"required_nominees": required, "votes_needed": needed}
        if passed is not None:
            said |= {"passed": passed, "difference_reached": passed >= required}
            said["short_by"] = max(0, required - passed)
            out["tell_user"] = difference_text(required, row["places"], passed).en
        out["meeting"] = said
    return out


@adapter("157.2")
@answered
def excellent_rate(case: dict[str, Any]) -> Any:
    given = parameters(case)
    rule = item("nomination", Rate, *case["mechanisms"])
    changes: dict[str, Any] = {"op": op(given.get("op"), rule.op)}
    if given.get("excellent_min") is not None:
        changes["share"] = exact(given["excellent_min"])
    if given.get("strength") is not None:
        changes["strength"] = given["strength"]
    rule = rule.model_copy(update=changes)
    bases = [Base.VALID, Base.RETURNED]
    if any("present" in row for row in case["input"]["people"]):
        bases.append(Base.ATTENDING)
    names = {Base.VALID: "valid", Base.RETURNED: "returned", Base.ATTENDING: "present"}
    out: dict[str, Any] = {"codes": {}}
    said: list[str] = []
    for base in bases:
        states: dict[str, str] = {}
        rates: dict[str, str] = {}
        for row in case["input"]["people"]:
            name = row["name"]
            try:
                result = rate(rule, row.get("excellent"), figures(row, name), base)
            except BoleError as error:
                states[name] = "error"
                out["codes"][name] = error.problems[0].code
                said.append(f"{name}: {error.say('en')}")
                continue
            states[name] = rule.strength if result.state is RateState.BELOW else str(result.state)
            if result.rate is not None:
                rates[name] = fixed(result.rate * 100)
            said.append(f"{name}: {result.text.en}")
        out[f"by_{names[base]}"] = states
        out[f"rates_by_{names[base]}_percent"] = rates
    out["tell_user"] = "; ".join(said)
    return out


@adapter("273.2", "273.3")
@answered
def credit(case: dict[str, Any]) -> Any:
    given, rules = parameters(case), item("nomination", Credit, *case["mechanisms"])
    changes = {
        key: given[key]
        for key in ("accuracy_events", "blank_ballot_counts_zero", "absent_round", "maximum")
        if given.get(key) is not None
    }
    rules = rules.model_copy(update=changes)
    rounds = [_round(rules, row) for row in case["input"]["rounds"]]
    later = [
        LaterEvent(
            row["person"],
            row["event"],
            row.get("valid_votes"),
            None
            if row.get("basically_competent") is None or row.get("incompetent") is None
            else row["basically_competent"] + row["incompetent"],
        )
        for row in case["input"].get("later_events", [])
    ]
    try:
        result = account(rules, rounds, later)
    except BoleError as error:
        return {
            "error": error.problems[0].code,
            "codes": [p.code for p in error.problems],
            "tell_user": error.say("en"),
        }
    out: dict[str, Any] = {
        "maximum": result.maximum,
        "outcome_points": result.outcome_points,
        "file_points": result.file_points,
        "tell_user": result.text.en,
    }
    for reading in ("slots", "outcomes"):
        if result.average is None:
            out[f"average_{reading}"] = out[f"rank_{reading}"] = "not_computed"
            continue
        averages = result.average[reading]
        out[f"average_{reading}"] = {name: str(value) for name, value in averages.items()}
        out[f"rank_{reading}"] = [
            group[0] if len(group) == 1 else group for group in result.rank(reading)
        ]
    if rules.maximum is None:
        lines = [
            Text("", f"{a} and {b} stand differently in the two readings")
            for a, b in _moved(result)
        ]
        out["tell_user"] = join([result.text, *lines]).en
    return out


def _round(rules: Credit, row: dict[str, Any]) -> CreditRound:
    outcomes = {person: event for event in rules.outcome for person in row.get(event) or []}
    picks = {n: None if p == "absent" else p for n, p in row["picks"].items()}
    return CreditRound(row["id"], row["names_allowed"], outcomes, picks)


def _moved(result: Any) -> list[tuple[str, str]]:
    if result.average is None:
        return []
    slots, outcomes = result.average["slots"], result.average["outcomes"]
    names = list(slots)
    return [
        (a, b)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if (slots[a] - slots[b]) * (outcomes[a] - outcomes[b]) < 0
    ]
