"""Thresholds: bases, boundaries, missing inputs, open values, guide figures."""

from fractions import Fraction

import pytest

from bole.engine.errors import BoleError
from bole.engine.exact import Base, Comparator, Figures, exact, fewest, most, percent, share_text
from bole.engine.tally import Outcome, Share, Subject, Threshold, evaluate, together

GATE = {
    "id": "gate",
    "any": [
        {"measure": "incompetent", "base": "attending", "op": "ge", "value": "1/4"},
        {"measure": ["basic", "incompetent"], "base": "实到", "op": "以上", "value": "1/3"},
    ],
}


@pytest.mark.parametrize(
    ("figures", "basic", "incompetent", "outcome"),
    [
        ({"attending": 60, "valid": 56}, 0, 15, Outcome.BLOCKS),
        ({"attending": 60, "valid": 56}, 5, 14, Outcome.NO_BAR),
        ({"attending": 60, "valid": 56}, 15, 5, Outcome.BLOCKS),
        ({"attending": None, "valid": 40}, 2, 10, Outcome.CANNOT_COMPUTE),
        ({"attending": 60}, None, 15, Outcome.BLOCKS),  # one leaf decides beside an unknown one
        ({"attending": 60}, None, 14, Outcome.CANNOT_COMPUTE),
        ({"attending": 0}, 0, 0, Outcome.CANNOT_COMPUTE),
    ],
)
def test_gate_on_attendance(figures, basic, incompetent, outcome):
    subject = Subject({"basic": basic, "incompetent": incompetent}, Figures.read(figures))
    assert evaluate(Threshold.model_validate(GATE), subject).outcome is outcome


def test_says_where_another_base_would_turn_the_answer():
    subject = Subject({"basic": 5, "incompetent": 14}, Figures.read({"attending": 60, "valid": 56}))
    reason = evaluate(Threshold.model_validate(GATE), subject).reason
    assert "14 of 60 attending" in reason.en
    assert "14 of 56 valid ballots" in reason.en
    assert "有效票" in reason.zh


def test_open_value_reports_only():
    rule = Threshold.model_validate(
        {"id": "r", "measure": "marks", "base": "valid", "op": "ge", "value": None}
    )
    result = evaluate(rule, Subject({"marks": 10}, Figures.read({"valid": 50})))
    assert result.outcome is Outcome.NOT_SET
    assert "10 of 50" in result.reason.en


def test_in_principle_requirement_only_when_it_applies():
    rule = Threshold.model_validate(
        {
            "id": "single",
            "sense": "requires",
            "effect": "blocks_in_principle",
            "when": {"measure": "eligible", "op": "eq", "value": 1},
            "any": [
                {"measure": "written", "op": "ge", "value": "75%"},
                {"measure": "talk", "op": "ge", "value": "75%"},
            ],
        }
    )

    def read(eligible, written, talk):
        values = {
            "eligible": eligible,
            "written": Share(written, 50, Base.VALID),
            "talk": Share(talk, 20, Base.INTERVIEWEES),
        }
        return evaluate(rule, Subject(values)).outcome

    assert read(1, 36, 15) is Outcome.NO_BAR
    assert read(1, 37, 14) is Outcome.BLOCKS_IN_PRINCIPLE
    assert read(2, 0, 0) is Outcome.NOT_APPLICABLE
    assert read(None, 37, 14) is Outcome.CANNOT_COMPUTE


def test_a_bar_stands_beside_an_unknown_and_an_unknown_is_no_pass():
    from bole.engine.tally import RuleResult

    def outcomes(*given):
        return together([RuleResult("r", o) for o in given])

    assert outcomes(Outcome.CANNOT_COMPUTE, Outcome.BLOCKS) is Outcome.BLOCKS
    assert outcomes(Outcome.NO_BAR, Outcome.CANNOT_COMPUTE) is Outcome.CANNOT_COMPUTE
    assert outcomes(Outcome.CANNOT_COMPUTE, Outcome.BLOCKS_IN_PRINCIPLE) is Outcome.CANNOT_COMPUTE
    assert outcomes() is Outcome.NO_BAR
    assert outcomes(Outcome.NOT_SET) is Outcome.NOT_SET


@pytest.mark.parametrize(
    ("op", "share", "base", "expected"),
    [
        ("gt", "1/2", 11, 6),
        ("gt", "1/2", 12, 7),
        ("ge", "2/3", 11, 8),
        ("gt", "2/3", 12, 9),
        ("ge", "80%", 77, 62),
        ("ge", "80%", 85, 68),
        ("ge", "10%", 17, 2),
    ],
)
def test_guide_figures(op, share, base, expected):
    assert fewest(Comparator(op), exact(share), base) == expected


def test_caps_round_down():
    assert most(Comparator.AT_MOST, exact("30%"), 17) == 5
    assert most(Comparator.BELOW, Fraction(1, 2), 4) == 1


@pytest.mark.parametrize("text", ["", "abc", "1/0", None, True, float("nan"), [1]])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BoleError):
        exact(text)


def test_numbers_are_read_as_written():
    assert exact(0.3) == Fraction(3, 10)
    assert exact("8成") == Fraction(4, 5)
    assert percent(Fraction(1, 3)) == "33.33%"
    assert percent(Fraction(12, 25)) == "48%"
    assert share_text(10, 50) == "10/50 = 20.00%"


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "x"},
        {"id": "x", "measure": "a"},
        {"id": "x", "measure": "a", "op": "around", "value": 1},
        {"id": "x", "measure": "a", "op": "ge", "base": "everyone", "value": 1},
        {"id": "x", "measure": "a", "op": "ge", "value": "many"},
        {"id": "x", "measure": "a", "op": "ge", "value": 1, "all": []},
        {"id": "x", "measure": "a", "op": "ge", "value": 1, "strange": 1},
    ],
)
def test_a_threshold_that_says_too_little_or_too_much_is_refused(broken):
    with pytest.raises(ValueError):
        Threshold.model_validate(broken)
