"""Every section of every pack is in shape and reads as sentences; every check beside it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bole.engine.expressions.check import check
from bole.engine.lists import Pool
from bole.engine.lists.words import describe
from bole.engine.procedures.base import Bounds
from bole.engine.schemes import Scheme, files, load
from bole.engine.schemes.source import read
from tests.engine.packs.run import SECTIONS, answer
from tests.golden.harness import compare

ROOT = Path(__file__).parents[3] / "schemes"
PACKS = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in files(ROOT)]
CHECKED = [
    pytest.param(path, id=f"{path.parent.name}/{path.name.removesuffix('.cases.yaml')}")
    for path in sorted(ROOT.glob("*/**/*.cases.yaml"))
    if read(path).get("checks")
]


@pytest.mark.parametrize("path", PACKS)
def test_pack(path: Path) -> None:
    scheme = load(path)
    named = set(scheme.sources) | set(scheme.partly)
    values = {
        name: next(iter(p.choices), 1) if p.default is None else p.default
        for name, p in scheme.parameters.items()
    }
    for name, section in SECTIONS.items():
        for item in section.validate_python(getattr(scheme, name)).values():
            # General forms of matters carry no local rule: whatever is like them cites its own.
            general = scheme.id.startswith("matters-")
            assert item.mechanisms or general, f"{item.id} cites no mechanism"
            assert set(item.mechanisms) <= named, f"{item.id} cites more than `sources`"
            _reads_as_sentences(item)
            if isinstance(item, Pool):
                _screens_as_it_takes_in(item, scheme)
    for condition in (*_rules(scheme), *_groups(scheme.quotas), *_groups(scheme.pools)):
        check(condition, values)


def _reads_as_sentences(item: Any) -> None:
    said = describe(item)
    assert item.title.zh in said[0].zh
    for text in said:
        assert "Fraction(" not in text.zh + text.en
        assert "Text(" not in text.zh + text.en


def _screens_as_it_takes_in(pool: Pool, scheme: Scheme) -> None:
    """Intake rows and the roster are judged by different readers of one number."""
    for tier in pool.tiers:
        if tier.rule_set is None:
            continue
        said = " ".join(rule.require or "" for rule in scheme.rule_set(tier.rule_set))
        for condition in tier.conditions:
            bound = condition.when.facts.get("age") if condition.when else None
            if isinstance(bound, Bounds):
                assert f"age <= {bound.at_most}" in said


def _rules(scheme: Scheme) -> Iterator[str]:
    for rule in scheme.all_rules:
        yield from filter(None, (rule.when, rule.require, rule.bar))


def _groups(value: Any) -> Iterator[str]:
    """Every `who` below an item: who belongs to a group, in the rule language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "who" and isinstance(inner, str):
                yield inner
            else:
                yield from _groups(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _groups(inner)


@pytest.mark.parametrize("path", CHECKED)
def test_checks_beside_a_pack(path: Path) -> None:
    scheme = load(path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml"))
    wrong = []
    for n, case in enumerate(read(path)["checks"], start=1):
        name, ident = case["item"].split(".")
        section = SECTIONS[name].validate_python(getattr(scheme, name))
        differences = compare(case["expect"], answer(section[ident], case["given"], section))
        wrong += [f"check {n}, {case['item']}: {d}" for d in differences]
    assert not wrong, "\n".join(wrong)


def test_a_ratio_reads_as_one_sentence() -> None:
    quotas = load(ROOT / "gaoqing/project-teams.yaml").quotas
    (said,) = describe(SECTIONS["quotas"].validate_python(quotas)["outstanding_teams"])
    assert "达到2/3（分母：同批次提拔重用人数）（原则上）" in said.zh
    assert "at least 2/3 of promotions" in said.en
