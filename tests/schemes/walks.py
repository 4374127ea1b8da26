"""Runs the walks of a pack's cases file: what people do day by day, and what the case must show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bole.engine.errors import BoleError
from bole.engine.procedures import (
    BallotRecord,
    Chosen,
    HeadcountRow,
    RuleOutcome,
    Signature,
)
from bole.engine.procedures.walk import Walk
from bole.engine.schemes import Scheme
from bole.engine.text import Text
from bole.engine.verdict import Verdict


def run_walk(scheme: Scheme, walk: dict[str, Any]) -> None:
    """Walks one case and checks every day's expectations."""
    assert scheme.procedure is not None
    case = Walk(
        scheme.procedure,
        scheme.values(walk.get("parameters")),
        walk["start"],
        walk.get("facts"),
    )
    for day in walk["days"]:
        if "on" in day:
            case.go_on(day["on"])
        for act in day.get("do", []):
            do(case, act)
        for act in day.get("refused", []):
            with pytest.raises((BoleError, ValueError)):
                do(case, act)
        check(case, day.get("expect", {}), f"{walk['id']} {case.case.today}")


def do(case: Walk, act: dict[str, Any]) -> None:
    """One act, `{verb: argument}`."""
    ((verb, argument),) = act.items()
    VERBS[verb](case, argument)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _chosen(value: Any) -> Chosen:
    if isinstance(value, dict):
        return Chosen(value.get("person", value["name"]), value["name"], value.get("reason", ""))
    return Chosen(value, str(value), "德才表现和岗位相适")


def _complete(case: Walk, steps: Any) -> None:
    for step in _listed(steps):
        case.complete(None if step == "all" else step)


def _choose(case: Walk, groups: dict[str, Any]) -> None:
    for group, people in groups.items():
        case.choose(group, [_chosen(p) for p in people])


def _file(case: Walk, value: Any) -> None:
    value = value if isinstance(value, dict) else {"paper": value}
    paper = case.procedure.paper[value["paper"]]
    people = [value["for"]] if "for" in value else case._each(paper.for_each)
    for person in people:
        signed = [
            Signature(role, who, str(who), case.case.today)
            for role, names in value.get("signed", {}).items()
            for who in _listed(names)
        ]
        case.file(paper.id, person, signed, value.get("missing", []))


def _sign(case: Walk, value: dict[str, Any]) -> None:
    signature = Signature(
        value["role"], value["by"], str(value["by"]), case.case.today, value.get("seal", False)
    )
    case.sign(value["paper"], signature, value.get("for"))


def _count(case: Walk, value: dict[str, Any]) -> None:
    votes = value.get("votes", {})
    case.count(
        BallotRecord(
            value["ballot"],
            value.get("on", case.case.today),
            value.get("entries", 2),
            tuple(value.get("entered_by", ("甲", "乙"))),
            tuple(Text(d, d) for d in value.get("differences", [])),
            value.get("reconciled", True),
            *(value.get(k) for k in ("due", "attending", "issued", "returned", "valid")),
            votes={str(k): {**v} for k, v in votes.items()},
            chair_last=value.get("chair_last"),
            recused=value.get("recused", {}),
        )
    )


def _answer(case: Walk, value: dict[str, Any]) -> None:
    case.answer(value["body"], value["answer"], value.get("person"))


def _conclude(case: Walk, value: dict[str, Any]) -> None:
    people = [value["person"]] if "person" in value else case._each(value.get("of", "candidates"))
    for check_id in _listed(value["check"]):
        for person in people:
            case.conclude(check_id, value["conclusion"], person, value.get("evidence", True))


def _judge(case: Walk, value: dict[str, Any]) -> None:
    outcomes = [
        RuleOutcome(
            o["rule"],
            o["person"],
            str(o["person"]),
            Verdict(o["verdict"]),
            Text(o.get("text", o["rule"]), o.get("text", o["rule"])),
            Text(o["missing"], o["missing"]) if "missing" in o else None,
            o.get("strength", "block"),
            o.get("waiver", ""),
        )
        for o in value.get("outcomes", [])
    ]
    case.judge(value["rules"], outcomes)


def _headcount(case: Walk, rows: list[dict[str, Any]]) -> None:
    case.headcount([HeadcountRow(**row) for row in rows])


def _state(case: Walk, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        case.state_fact(name, value)


VERBS: dict[str, Callable[[Walk, Any], None]] = {
    "complete": _complete,
    "finish": lambda case, step: [case.finish(s) for s in _listed(step)] and None,
    "choose": _choose,
    "file": lambda case, value: [_file(case, v) for v in _listed(value)] and None,
    "sign": _sign,
    "count": _count,
    "ask": lambda case, body: [case.ask(b) for b in _listed(body)] and None,
    "answer": _answer,
    "conclude": _conclude,
    "judge": _judge,
    "headcount": _headcount,
    "state": _state,
    "hold": lambda case, value: case.hold(value["kind"], Text(value["text"], value["text"])),
    "release": lambda case, kind: case.release(kind),
    "change": lambda case, value: case.change(value["paper"], value["items"]),
    "tick": lambda case, value: (
        [case.tick(value["step"], t) for t in _listed(value["task"])] and None
    ),
    "write": lambda case, value: case.write(
        value["step"], value["item"], value["by"], value.get("reviewer")
    ),
    "accept": lambda case, value: case.accept(value["key"], value["reason"]),
    "skip": lambda case, value: case.skip(value["step"], value["by"], value["reason"]),
    "back": lambda case, value: case.go_back(value["from"], value["to"]),
    "suspend": lambda case, reason: case.suspend(reason),
    "resume": lambda case, _: case.resume(),
}


def check(case: Walk, expect: dict[str, Any], where: str) -> None:
    """The day's expectations against what the case shows."""
    now = case.status()
    known = {"here", "finished", "states", "steps"}
    assert set(expect) <= known, f"{where}: {set(expect) - known}"
    if "here" in expect:
        assert list(now.here) == expect["here"], f"{where}: {now.here}"
    if "finished" in expect:
        assert now.finished is expect["finished"], where
    for step, state in expect.get("states", {}).items():
        assert now.steps[step].state == state, f"{where} {step}: {now.steps[step].state}"
    for step, wanted in expect.get("steps", {}).items():
        found = now.steps[step]
        reasons = [*found.reasons, *found.remaining]
        shown = [(r.action, r.text.zh) for r in (*reasons, *found.warnings)]
        for key, value in wanted.items():
            here = f"{where} {step}.{key}: {shown}"
            if key == "state":
                assert found.state == value, f"{here} {found.state}"
            elif key == "actions":
                assert {r.action for r in reasons} == set(value), here
            elif key == "keys":
                assert {r.key for r in reasons} == set(value), here
            elif key == "reasons":
                assert len(reasons) == value, here
            elif key in ("say", "warns"):
                texts = [r.text.zh for r in (reasons if key == "say" else found.warnings)]
                for fragment in _listed(value):
                    assert any(fragment in t for t in texts), here
            elif key == "due":
                assert found.due is not None, here
                assert (found.due.on.isoformat() if found.due.on else None) == str(value), here
            elif key == "due_state":
                assert found.due is not None and found.due.state == value, here
            elif key == "opens":
                assert found.opens == value if isinstance(value, date) else found.opens is None
            else:
                raise AssertionError(f"unknown expectation {key}")
