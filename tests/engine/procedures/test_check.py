"""What `validate` finds in an unsound procedure, and where."""

from __future__ import annotations

import pytest

from bole.engine.procedures import Procedure, validate

BASE = {
    "name": "试",
    "facts": {"kind": {"name": "类型", "type": "choice", "choices": {"a": "甲", "b": "乙"}}},
    "papers": [{"id": "plan", "name": "方案"}],
    "ballots": {"vote": {"name": "票"}},
    "holds": {"complaint": "信访"},
}


def findings(*steps: dict, **rest: object) -> list[tuple[str, str]]:
    links = [{"id": "l", "name": "环节", "steps": [{"name": s["id"], **s} for s in steps]}]
    p = Procedure.model_validate({**BASE, **rest, "links": links})
    return [
        (f.code, ".".join(map(str, f.path)).removeprefix("links.0.steps."))
        for f in validate(p, ["set"], ["days"])
    ]


PLAN = {"id": "p", "papers": ["plan"]}
TABLE = [
    ("sound", [PLAN, {"id": "b", "gates": [{"kind": "papers", "papers": ["plan"]}]}], []),
    (
        "paper of a later step opens no gate",
        [{"id": "b", "gates": [{"kind": "papers", "papers": ["plan"]}]}, PLAN],
        [("GATE_NO_KEY", "0.gates.0.papers.0")],
    ),
    (
        "own paper opens no entry gate",
        [{**PLAN, "gates": [{"kind": "papers", "papers": ["plan"]}]}],
        [("GATE_NO_KEY", "0.gates.0.papers.0")],
    ),
    (
        "own paper may be asked for at the end",
        [{**PLAN, "finish": [{"kind": "signatures", "papers": ["plan"]}]}],
        [],
    ),
    ("paper that nobody writes", [{"id": "a"}], [("PAPER_UNUSED", "papers.0")]),
    ("unknown role", [{**PLAN, "who": "section_oficer"}], [("UNKNOWN_NAME", "0.who.0")]),
    (
        "unknown rule set",
        [{**PLAN, "finish": [{"kind": "rules", "rules": "sets"}]}],
        [("UNKNOWN_NAME", "0.finish.0.rules")],
    ),
    (
        "unknown parameter",
        [
            PLAN,
            {
                "id": "b",
                "deadline": {
                    "within": {"param": "dayz"},
                    "unit": "calendar_days",
                    "after": {"step": "p"},
                },
            },
        ],
        [("UNKNOWN_NAME", "1.deadline.within.param")],
    ),
    (
        "unknown case fact and choice",
        [{**PLAN, "when": {"kind": "c"}}, {"id": "b", "when": {"sort": "a"}}],
        [("UNKNOWN_NAME", "0.when.kind"), ("UNKNOWN_NAME", "1.when.sort")],
    ),
    (
        "ballot that no step holds",
        [PLAN, {"id": "b", "gates": [{"kind": "results", "ballots": ["vote"]}]}],
        [("GATE_NO_KEY", "1.gates.0.ballots.0")],
    ),
    (
        "body that no step asks",
        [PLAN, {"id": "b", "gates": [{"kind": "answers", "bodies": ["audit"]}]}],
        [("GATE_NO_KEY", "1.gates.0.bodies.0")],
    ),
    (
        "check that no step concludes",
        [PLAN, {"id": "b", "gates": [{"kind": "checks", "checks": ["dossier"]}]}],
        [("GATE_NO_KEY", "1.gates.0.checks.0")],
    ),
    (
        "unknown conclusion",
        [
            {
                **PLAN,
                "checks": ["dossier"],
                "finish": [{"kind": "checks", "checks": ["dossier"], "accept": ["fine"]}],
            }
        ],
        [("UNKNOWN_NAME", "0.finish.0.accept.0")],
    ),
    (
        "steps wait for each other",
        [{**PLAN, "after": ["b"]}, {"id": "b", "after": ["p"]}],
        [("CYCLE", "0.after"), ("CYCLE", "1.after")],
    ),
    (
        "a gate on a later step is a ring",
        [{**PLAN, "gates": [{"kind": "steps", "steps": ["b"]}]}, {"id": "b"}],
        [("CYCLE", "0.gates"), ("CYCLE", "1.gates")],
    ),
    (
        "a return goes back, not forward",
        [{**PLAN, "returns": [{"to": "b", "reason": "x"}]}, {"id": "b"}],
        [("RETURN_FORWARD", "0.returns.0.to")],
    ),
    ("an id twice", [PLAN, {"id": "p"}], [("ID_TWICE", "1.id")]),
    (
        "who fills in does not review",
        [
            {
                **PLAN,
                "records": [
                    {"id": "r", "name": "r", "recorder": "recorder", "reviewer": "recorder"}
                ],
            }
        ],
        [("SAME_ROLE", "0.records.0.reviewer")],
    ),
    (
        "unknown action",
        [{**PLAN, "finish": [{"kind": "headcount", "clear": "pray"}]}],
        [("UNKNOWN_NAME", "0.finish.0.clear")],
    ),
]


@pytest.mark.parametrize(("steps", "expected"), [pytest.param(*c[1:], id=c[0]) for c in TABLE])
def test_validate(steps, expected):
    assert findings(*steps) == expected


def test_a_slip_of_the_pen_gets_a_suggestion():
    p = Procedure.model_validate(
        {
            **BASE,
            "links": [
                {"id": "l", "name": "l", "steps": [{**PLAN, "name": "p", "who": "section_oficer"}]}
            ],
        }
    )
    (finding,) = validate(p)
    assert "section_officer" in finding.text.zh and "section_officer" in finding.text.en
