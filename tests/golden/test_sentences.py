"""Chapter 2 states its sentences beside the expected values: ours must carry the same facts."""

from __future__ import annotations

import datetime
import re

import pytest

from tests.golden import harness, test_golden

CASES = [
    pytest.param(case, id=case["id"])
    for chapter in test_golden.CHAPTERS
    if chapter == 2
    for case in harness.load(chapter)
    if case.get("tell_user")
]


def spelled_out(sentence: str) -> str:
    """Dates and percentages as the cases write them: 6 February 2025, 10 percent."""
    dated = re.sub(
        r"\d{4}-\d\d-\d\d",
        lambda m: datetime.date.fromisoformat(m[0]).strftime("%-d %B %Y"),
        sentence,
    )
    return dated.replace("%", " percent")


@pytest.mark.parametrize("case", CASES)
def test_sentence_carries_the_facts(case):
    run = harness.adapter_of(case)
    assert run is not None
    said = spelled_out(run(case).get("tell_user") or "")
    assert not harness.compare_sentence(case["tell_user"], said, "tell_user")
