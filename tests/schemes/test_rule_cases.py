"""The rules of a pack for small people: what the cases beside the pack say they answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bole.engine.facts.events import from_people
from bole.engine.schemes import load
from bole.engine.schemes.source import read
from bole.engine.screening import Rule, compile_rules, explain

ROOT = Path(__file__).parents[2] / "schemes"
CASES = [
    pytest.param(path, case, id=f"{path.name.removesuffix('.cases.yaml')}-{case['id']}")
    for path in sorted(ROOT.glob("*/**/*.cases.yaml"))
    for case in read(path).get("rules") or []
    if "rule_set" in case
]


@pytest.mark.parametrize(("path", "case"), CASES)
def test_rules(path: Path, case: dict[str, Any]) -> None:
    pack = path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml")
    scheme = load(pack if pack.is_file() else read(path)["scheme"])
    rules = [
        Rule.from_mapping(r.model_dump(mode="python")) for r in scheme.rule_set(case["rule_set"])
    ]
    compiled = compile_rules(rules, scheme.values(case.get("parameters")))
    people = json.loads(json.dumps([{"person": 1, "name": "甲", **case["person"]}], default=str))
    events, _ = from_people(people)
    (answer,) = explain(compiled, events, case["as_of"])
    found = {
        r.rule_id: "not_applicable" if r.applies is False else r.verdict.value for r in answer.rules
    }
    for rule, verdict in case["expect"].items():
        said = {r.rule_id: r.sentence.zh for r in answer.rules}
        assert found[rule] == verdict, f"{rule}: {found[rule]} – {said[rule]}"
    for rule, fragment in case.get("say", {}).items():
        (sentence,) = [r.sentence.zh for r in answer.rules if r.rule_id == rule]
        assert str(fragment) in sentence, sentence
