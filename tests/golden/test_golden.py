"""Every golden case of the chapters that an adapter covers, as it stands."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.golden import harness

CHAPTERS = sorted(
    int(p.name.split("_")[1]) for p in Path(__file__).parent.glob("chapter_*") if p.is_dir()
)
for chapter in CHAPTERS:
    for module in sorted((Path(__file__).parent / f"chapter_{chapter}").glob("*.py")):
        if module.stem != "__init__":
            importlib.import_module(f"tests.golden.chapter_{chapter}.{module.stem}")

CASES = [pytest.param(c, id=c["id"]) for n in CHAPTERS for c in harness.load(n)]


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    run = harness.adapter_of(case)
    assert run is not None, f"no adapter for {case.get('mechanisms')}"
    expected = case.get("expect", case.get("expected"))
    differences = harness.compare(expected, run(case))
    assert not differences, "\n".join(differences)
