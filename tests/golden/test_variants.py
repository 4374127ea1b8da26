"""Variants of the golden cases: other values, boundaries, missing values and bad input.

They are worked out by hand from the sources, and run through the same adapters as the cases.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.golden import harness, test_golden  # noqa: F401  (imports register the adapters)

CASES = [
    pytest.param(case, id=case["id"])
    for path in sorted((Path(__file__).parent / "variants").glob("*.cases.yaml"))
    for case in harness.words_as_keys(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"])
]


@pytest.mark.parametrize("case", CASES)
def test_variant(case):
    run = harness.adapter_of(case)
    assert run is not None, f"no adapter for {case.get('mechanisms')}"
    expected = case.get("expect", case.get("expected"))
    differences = harness.compare(expected, run(case))
    assert not differences, "\n".join(differences)
