"""Every section of every pack is in shape, and every check beside a pack holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bole.engine.expressions.check import check
from bole.engine.procedures.base import Bounds
from bole.engine.schemes import files, load
from bole.engine.schemes.source import read
from tests.engine.packs.run import SECTIONS, answer
from tests.golden.harness import compare

ROOT = Path(__file__).parents[3] / "schemes"
PACKS = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in files(ROOT)]
CHECKS = [
    pytest.param(path, n, id=f"{path.parent.name}/{path.name.removesuffix('.cases.yaml')}-{n + 1}")
    for path in sorted(ROOT.glob("*/**/*.cases.yaml"))
    for n in range(len(read(path).get("checks") or []))
]


@pytest.mark.parametrize("path", PACKS)
def test_sections_are_in_shape_and_cite_what_the_pack_names(path: Path) -> None:
    scheme = load(path)
    named = set(scheme.sources) | set(scheme.partly)
    for name, section in SECTIONS.items():
        for item in section.validate_python(getattr(scheme, name)).values():
            assert item.mechanisms, f"{item.id} cites no mechanism"
            assert set(item.mechanisms) <= named, f"{item.id} cites more than `sources`"


@pytest.mark.parametrize(("path", "n"), CHECKS)
def test_check(path: Path, n: int) -> None:
    document = read(path)
    case: dict[str, Any] = document["checks"][n]
    scheme = load(path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml"))
    name, ident = case["item"].split(".")
    section = SECTIONS[name].validate_python(getattr(scheme, name))
    differences = compare(case["expect"], answer(section[ident], case["given"], section))
    assert not differences, f"{case['item']}: {differences}"


def _conditions(value: Any) -> Iterator[str]:
    """Every `who` below an item: who belongs to a group, in the rule language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "who" and isinstance(inner, str):
                yield inner
            else:
                yield from _conditions(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _conditions(inner)


@pytest.mark.parametrize("path", PACKS)
def test_rules_and_groups_are_read_by_the_rule_language(path: Path) -> None:
    scheme = load(path)
    values = {
        name: next(iter(p.choices), 1) if p.default is None else p.default
        for name, p in scheme.parameters.items()
    }
    for rule in scheme.all_rules:
        for condition in filter(None, (rule.when, rule.require, rule.bar)):
            check(condition, values)
    for section in ("quotas", "pools"):
        for condition in _conditions(getattr(scheme, section)):
            check(condition, values)


@pytest.mark.parametrize("path", PACKS)
def test_tiers_name_rule_sets_that_the_pack_has(path: Path) -> None:
    scheme = load(path)
    for pool in SECTIONS["pools"].validate_python(scheme.pools).values():
        for tier in pool.tiers:
            assert tier.rule_set is None or tier.rule_set in scheme.rules


@pytest.mark.parametrize("path", PACKS)
def test_a_tier_and_its_rule_set_ask_for_the_same_age(path: Path) -> None:
    """Intake rows and the roster are judged by different readers of one number."""
    scheme = load(path)
    for pool in SECTIONS["pools"].validate_python(scheme.pools).values():
        for tier in pool.tiers:
            if tier.rule_set is None:
                continue
            said = " ".join(rule.require or "" for rule in scheme.rule_set(tier.rule_set))
            for condition in tier.conditions:
                bound = condition.when.facts.get("age") if condition.when else None
                if isinstance(bound, Bounds):
                    assert f"age <= {bound.at_most}" in said
