"""Every pack loads, says what it means, reaches its end when walked, and passes its own cases."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bole.engine.procedures.models import Procedure
from bole.engine.procedures.walk import Walk
from bole.engine.schemes import Scheme, files, load
from bole.engine.schemes.source import read
from bole.engine.schemes.words import as_text
from tests.schemes.walks import run_walk

ROOT = Path(__file__).parents[2] / "schemes"
PACKS = [pytest.param(p, id=p.stem) for p in files(ROOT)]


@pytest.mark.parametrize("path", PACKS)
def test_pack_is_valid_and_readable(path: Path) -> None:
    scheme = load(path, expressions=True)
    for language in ("zh", "en"):
        assert scheme.name.say(language) in as_text(scheme, language)


@pytest.mark.parametrize("path", PACKS)
def test_pack_survives_being_stored_as_json(path: Path) -> None:
    scheme = load(path)
    stored = json.loads(json.dumps(scheme.model_dump(mode="json", by_alias=True)))
    again = Scheme.model_validate(stored)
    assert again.digest == scheme.digest
    assert again.procedure == scheme.procedure


def _branches(procedure: Procedure) -> list[dict[str, Any]]:
    """Case facts that branches read, every value of each at least once."""
    read: set[str] = set()
    for step in procedure.steps.values():
        for when in (step.when, *(g.when for g in (*step.gates, *step.finish))):
            read |= when.names() if when else set()
    stated = {n for s in procedure.steps.values() for n in s.states}
    options: dict[str, list[Any]] = {}
    for name in sorted(read - stated):
        fact = procedure.facts[name]
        options[name] = (
            list(fact.choices)
            if fact.choices
            else {
                "bool": [True, False],
                "int": [1, 3],
                "date": [date(2024, 3, 4)],
                "text": ["—"],
            }[fact.type]
        )
    longest = max(map(len, options.values()), default=1)
    rows = [{n: values[i % len(values)] for n, values in options.items()} for i in range(longest)]
    if len(options) <= 4:
        rows = [
            dict(zip(options, row, strict=True)) for row in itertools.product(*options.values())
        ]
    return rows[:40]


def _filled(scheme: Scheme) -> dict[str, Any]:
    """The scheme's values with something for each that the source leaves open."""
    simple: dict[str, Any] = {
        "int": 2,
        "days": 5,
        "number": 1,
        "fraction": "1/2",
        "percent": "50%",
        "text": "—",
        "date": date(2024, 3, 4),
        "bool": True,
        "list": [],
    }
    plan = {
        n: next(iter(p.choices)) if p.choices else simple[p.type]
        for n, p in scheme.parameters.items()
        if p.default is None
    }
    for name, value in list(plan.items()):
        least = scheme.parameters[name].least
        if isinstance(value, int) and isinstance(least, int):
            plan[name] = max(value, least)
    return scheme.values(plan)


@pytest.mark.parametrize("path", PACKS)
def test_procedure_reaches_its_end_on_every_branch(path: Path) -> None:
    scheme = load(path)
    if scheme.procedure is None:
        return
    values = _filled(scheme)
    for facts in _branches(scheme.procedure):
        walk = Walk(scheme.procedure, values, date(2024, 3, 4), facts)
        walk.complete()
        assert walk.status().finished, facts


WALKS = [
    pytest.param(path, walk, id=f"{path.name.removesuffix('.cases.yaml')}-{walk['id']}")
    for path in sorted(ROOT.glob("*/**/*.cases.yaml"))
    for walk in read(path).get("walks") or []
]


@pytest.mark.parametrize(("path", "walk"), WALKS)
def test_walk(path: Path, walk: dict[str, Any]) -> None:
    document = read(path)
    pack = path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml")
    scheme = load(pack if pack.is_file() else document["scheme"])
    run_walk(scheme, walk)
