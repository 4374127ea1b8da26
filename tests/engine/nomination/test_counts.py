"""Meetings, rates and credit: exact fractions, ties shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.exact.figures import Base, Figures
from bole.engine.nomination import (
    Credit,
    CreditRound,
    LaterEvent,
    Meeting,
    Rate,
    account,
    nominate,
    quorum,
    rate,
)


def meeting(**given) -> Meeting:
    return Meeting.model_validate(
        {
            "id": "m",
            "title": "推荐会",
            "quorum": {"op": ">", "share": "2/3", "of": "due"},
            "passes": {"op": ">", "share": "1/2", "of": "attending"},
            "difference": "30%",
        }
        | given
    )


def figures(**given) -> Figures:
    return Figures.read(given)


@given(st.integers(1, 90), st.data())
def test_quorum_is_strict(due, data):
    present = data.draw(st.integers(0, due))
    result = quorum(meeting(), figures(due=due, present=present))
    assert result.valid == (3 * present > 2 * due)
    assert quorum(meeting(), figures(due=due, present=min(due, result.needed))).valid in (
        True,
        result.needed <= due,
    )


def test_a_missing_figure_is_no_quorum_and_no_lack_of_one():
    assert quorum(meeting(), figures(present=3)).valid is None
    with pytest.raises(BoleError):
        quorum(meeting(), figures(due=3, present=4))


@pytest.mark.parametrize(
    ("base", "places", "required"),
    [("places", 1, 2), ("places", 10, 13), ("places", 0, 0), ("nominees", 7, 10)],
)
def test_required_nominees(base, places, required):
    assert meeting(difference_base=base).required(places) == required


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(0, 5))
def test_nominees_passed_and_no_tie_is_broken(votes, places):
    named = {f"p{i}": n for i, n in enumerate(votes)}
    result = nominate(meeting(), named, figures(present=30), places)
    assert set(result.passed) == {p for p, n in named.items() if 2 * n > 30}
    assert {*result.passed, *result.not_passed} == set(named)
    assert set(result.sure) | set(result.tied) <= set(result.passed)
    assert len(result.sure) <= result.required
    if not result.tied:
        assert len(result.nominees) == min(result.required, len(result.passed))
    assert result.difference_reached == (result.short_by == 0)


@pytest.mark.parametrize(
    ("votes", "given_", "code"),
    [
        ({"甲": 41}, {"present": 40}, "BAL_IMPOSSIBLE"),
        ({"甲": 3}, {"present": 40, "returned": 41}, "BAL_IMPOSSIBLE"),
        ({"甲": 3}, {"valid": 30}, "FIGURE_MISSING"),
        ({"甲": -1}, {"present": 30}, "COUNT"),
    ],
)
def test_impossible_counts_are_refused(votes, given_, code):
    with pytest.raises(BoleError) as refused:
        nominate(meeting(), votes, figures(**given_), 1)
    assert refused.value.problems[0].code == code


def test_too_few_passing_says_the_places_and_the_nominees_wanted():
    result = nominate(meeting(), {"甲": 20, "乙": 3}, figures(present=30), 2)
    assert (result.difference_reached, result.short_by) == (False, 2)
    assert "2个职位须提名3人" in result.text.zh and "过线1人" in result.text.zh


def test_votes_that_are_not_entered_are_named():
    result = nominate(meeting(), {"甲": 20, "乙": None}, figures(present=30), 1)
    assert result.missing == ("乙",)
    assert "乙" in result.text.zh


RATE = Rate.model_validate({"id": "r", "title": "优秀率", "share": "90%"})


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_a_rate_is_exact_on_the_base_that_is_named(excellent, valid, returned):
    given_ = figures(valid=valid, returned=returned)
    if excellent > valid or valid > returned:
        with pytest.raises(BoleError):
            rate(RATE, excellent, given_, Base.VALID)
        return
    result = rate(RATE, excellent, given_, Base.VALID)
    if not valid:
        assert result.state == "unknown"
        return
    assert result.rate == Fraction(excellent, valid)
    assert (result.state == "met") == (10 * excellent >= 9 * valid)


def test_without_a_denominator_no_rate_is_shown():
    assert rate(RATE, 9, figures(valid=10)).rate is None


def credit(**given) -> Credit:
    return Credit.model_validate(
        {
            "id": "c",
            "title": "信用",
            "outcome": {"promoted": 10, "inspected": 5},
            "later": {"excellent": 1, "review": -1},
            "vote_event": "review",
            "vote_share": "10%",
            "accuracy_events": "outcome_only",
            "blank_ballot_counts_zero": True,
        }
        | given
    )


ROUND = CreditRound(
    "r1",
    2,
    {"a": "promoted", "b": "inspected"},
    {"N1": ["a", "b"], "N2": ["c"], "N3": None, "N4": []},
)


def test_both_readings_of_the_maximum():
    result = account(credit(), [ROUND])
    assert result.maximum == {"slots": {"r1": 20}, "outcomes": {"r1": 15}}
    assert result.average["slots"] == {"N1": Fraction(3, 4), "N2": 0, "N4": 0}
    assert result.average["outcomes"]["N1"] == 1
    assert result.rank("slots") == [["N1"], ["N2", "N4"]]
    assert "N3" not in result.average["slots"] and result.file_points["N3"] == 0


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["promoted", "inspected"])),
    st.integers(1, 4),
    st.data(),
)
def test_no_ballot_beats_the_best_that_could_be_earned(outcomes, allowed, data):
    picks = data.draw(st.lists(st.sampled_from("abcdef"), max_size=allowed, unique=True))
    a_round = CreditRound("r", allowed, outcomes, {"N": picks})
    average = account(credit(), [a_round]).average["outcomes"]
    assert all(value <= 1 for value in average.values())


def test_an_absent_round_counts_only_where_the_scheme_says_so():
    average = account(credit(absent_round="zero"), [ROUND]).average["slots"]
    assert average["N3"] == 0


def test_open_readings_give_no_accuracy():
    assert account(credit(accuracy_events=None), [ROUND]).average is None
    assert account(credit(blank_ballot_counts_zero=None), [ROUND]).average is None


@pytest.mark.parametrize(("bad", "points"), [(6, -1), (5, 0)])
def test_ten_per_cent_of_the_votes_counts(bad, points):
    later = [LaterEvent("a", "review", 60, bad)]
    assert account(credit(), [ROUND], later).file_points["N1"] == 15 + points


def test_later_points_may_fall_below_zero_and_are_kept():
    a_round = CreditRound("r", 1, {}, {"N": ["a"]})
    result = account(credit(), [a_round], [LaterEvent("a", "review", 10, 10)])
    assert result.file_points == {"N": -1}
    assert result.average["outcomes"] == {}  # nothing could be earned: the round does not count


@pytest.mark.parametrize(
    ("rounds", "later", "code"),
    [
        ([CreditRound("r", 1, {}, {"N": ["a", "b"]})], [], "REC_QUOTA"),
        ([CreditRound("r", 2, {}, {"N": ["a", "a"]})], [], "REC_TWICE"),
        ([CreditRound("r", 2, {"a": "??"}, {})], [], "EVENT_UNKNOWN"),
        ([CreditRound("r", None, {}, {})], [], "COUNT"),
        ([], [LaterEvent("a", "??")], "EVENT_UNKNOWN"),
        ([], [LaterEvent("a", "review", 5, 6)], "BAL_IMPOSSIBLE"),
    ],
)
def test_impossible_credit_is_refused(rounds, later, code):
    with pytest.raises(BoleError) as refused:
        account(credit(), rounds, later)
    assert code in [p.code for p in refused.value.problems]
