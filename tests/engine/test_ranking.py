"""Ranks, cuts and complete orders."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bole.engine.ranking import competition_ranks, cut, groups_by_rank, order_faults

SCORES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 6))


@given(SCORES)
def test_rank_is_one_more_than_those_above(scores):
    ranks = competition_ranks(scores)
    for name, score in scores.items():
        assert ranks[name] == 1 + sum(other > score for other in scores.values())


@given(SCORES, st.integers(0, 8))
def test_a_cut_never_breaks_a_tie(scores, places):
    result = cut(scores, places)
    assert {*result.sure, *result.tied, *result.below} == set(scores)
    assert len(result.sure) + result.places_left == min(places, len(scores)) or not result.tied
    if result.tied:
        assert len({scores[n] for n in result.tied}) == 1
        assert 0 < result.places_left < len(result.tied)
    for group in groups_by_rank(scores):
        kinds = [set(group) <= set(part) for part in (result.sure, result.tied, result.below)]
        assert any(kinds)


def test_a_missing_score_stands_apart():
    assert cut({"甲": 3, "乙": None}, 1).missing == ("乙",)
    assert competition_ranks({"甲": 3, "乙": None}) == {"甲": 1}


def test_faults_of_an_order():
    assert order_faults([1, 2, 2, 4]) == ([2], [3])
    assert order_faults([2, 1, 3]) == ([], [])
    assert order_faults([None, 1]) == ([], [2])
