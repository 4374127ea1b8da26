"""Six facts: what an audit lacks, and where its verdicts lead."""

from __future__ import annotations

import pytest

from bole.engine.vetting import dossier

FINE = dict.fromkeys(dossier.FACTS, "consistent")


def test_every_fact_needs_a_verdict():
    assert {p.where for p in dossier.problems({"age": "consistent"}, {})} == set(dossier.FACTS) - {
        "age"
    }


def test_two_values_are_never_consistent():
    (problem,) = dossier.problems(FINE, {"age": ["1980.02", "1981.02", "1980.02"]})
    assert problem.code == "FACT_TWO_VALUES"
    assert "1981.02" in problem.text.zh
    assert dossier.problems({**FINE, "age": "inconsistent"}, {"age": ["1", "2"]}) == []


@pytest.mark.parametrize(
    ("changed", "governs"),
    [
        ({}, "next"),
        ({"age": "missing"}, "supplement"),
        ({"age": "missing", "work": "unclear"}, "verify"),
        (
            {"age": "missing", "work": "inconsistent", "identity": "alteration_suspected"},
            "investigate",
        ),
    ],
)
def test_the_strictest_route_governs(changed, governs):
    assert dossier.routes(FINE | changed).values["governs"] == governs
