"""Ratios on exact fractions: against a slow reading of the same words, for every small case."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.quotas import (
    Outcome,
    Phase,
    Plan,
    Quota,
    check,
    check_batch,
    check_plan,
    need,
    progress,
)

SHARES = ["1/5", "1/3", "2/3", "30%", "1/2", "20%", "85%", "1", "0"]


def quota(**given) -> Quota:
    return Quota.model_validate(
        {"id": "q", "title": "比例", "group": "young", "group_name": "年轻干部", "of": "members"}
        | {"share": "1/5"}
        | given
    )


def slow_need(share: Fraction, whole: int) -> int:
    """The smallest whole k with k/whole ≥ share, by counting up."""
    return next(k for k in range(whole + 1) if Fraction(k, whole) >= share)


@given(st.sampled_from(SHARES), st.integers(1, 60))
def test_need_is_the_smallest_count_that_reaches_the_share(share, whole):
    assert need(quota(share=share), whole) == slow_need(quota(share=share).share, whole)


@given(st.sampled_from(SHARES), st.data())
def test_verdict_is_what_every_way_of_filling_the_unknowns_agrees_on(share, data):
    whole = data.draw(st.integers(1, 30))
    have = data.draw(st.integers(0, whole))
    extra = data.draw(st.integers(0, whole - have))
    result = check(quota(share=share), {"young": have, "members": whole}, {"young": extra})
    answers = {Fraction(have + k, whole) >= quota(share=share).share for k in range(extra + 1)}
    wanted = (
        Outcome.UNKNOWN if len(answers) > 1 else Outcome.MET if answers.pop() else Outcome.NOT_MET
    )
    assert result.outcome is wanted
    if wanted is Outcome.NOT_MET:
        assert result.gap == result.need - have > 0


@given(st.sampled_from(SHARES), st.data())
def test_a_cap_is_a_minimum_turned_round(share, data):
    whole = data.draw(st.integers(1, 30))
    have = data.draw(st.integers(0, whole))
    cap = quota(share=share, op="<=")
    result = check(cap, {"young": have, "members": whole})
    assert (result.outcome is Outcome.MET) == (Fraction(have, whole) <= cap.share)
    if result.outcome is Outcome.NOT_MET:
        kept = check(cap, {"young": have - result.gap, "members": whole})
        assert kept.outcome is Outcome.MET


@pytest.mark.parametrize(
    ("given_", "counts", "unknown", "outcome", "gap"),
    [
        ({}, {"young": 2, "members": 10}, 0, "met", 0),
        ({}, {"young": 2, "members": 11}, 0, "not met", 1),
        ({"op": ">"}, {"young": 2, "members": 10}, 0, "not met", 1),
        ({}, {"young": 0, "members": 0}, 0, "not applicable", 0),
        ({}, {"young": None, "members": 9}, 0, "cannot be judged", 0),
        ({}, {"young": 3, "members": None}, 0, "cannot be judged", 0),
        ({"share": None, "open": True}, {"young": 1, "members": 9}, 0, "cannot be judged", 0),
        ({"share": None, "count": 25}, {"young": 24}, 0, "not met", 1),
        ({"share": None, "count": 25}, {"young": 24}, 1, "cannot be judged", 1),
        ({"share": None, "count": 3, "op": "=="}, {"young": 4}, 0, "not met", 1),
        ({"share": None, "count": 3, "op": "=="}, {"young": 3}, 0, "met", 0),
        ({"share": None, "multiple": "1.5"}, {"young": 10, "members": 7}, 0, "not met", 1),
        ({"share": None, "count": 260, "about": True}, {"young": 255}, 0, "band not set", 0),
    ],
)
def test_outcomes(given_, counts, unknown, outcome, gap):
    result = check(quota(**given_), counts, {"young": unknown})
    assert (result.outcome, result.gap) == (outcome, gap)


@pytest.mark.parametrize(("have", "outcome"), [(250, "met"), (270, "met"), (249, "not met")])
def test_a_set_band_includes_both_ends(have, outcome):
    about = quota(share=None, count=260, about=True, around=10)
    assert check(about, {"young": have}).outcome == outcome


def test_about_thirty_per_cent_needs_a_width_too():
    about = quota(share="30%", about=True)
    assert check(about, {"young": 3, "members": 10}).outcome is Outcome.BAND_NOT_SET
    wide = about.model_copy(update={"around": Fraction(2, 100)})
    assert check(wide, {"young": 32, "members": 100}).outcome is Outcome.MET
    assert check(wide, {"young": 33, "members": 100}).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"young": 11, "members": 10}, "PART_EXCEEDS_WHOLE"),
        ({"young": -1, "members": 10}, "COUNT"),
        ({"young": 2, "members": 2.5}, "COUNT"),
        ({"young": True, "members": 2}, "COUNT"),
    ],
)
def test_impossible_figures_are_refused_with_their_place(counts, code):
    with pytest.raises(BoleError) as refused:
        check(quota(), counts, where="东镇")
    assert refused.value.problems[0].code == code
    assert refused.value.problems[0].where == "东镇"


def test_unknown_members_may_not_make_more_than_everybody():
    with pytest.raises(BoleError):
        check(quota(), {"young": 8, "members": 10}, {"young": 3})


def test_staff_not_in_the_establishment_is_no_part_of_it():
    minority = quota(of="establishment", within="staff", group="young")
    result = check(minority, {"young": 4, "establishment": 3, "staff": 5})
    assert result.outcome is Outcome.MET


def test_a_soft_rule_asks_for_a_deviation_and_a_hard_one_blocks():
    counts = {"young": 1, "members": 10}
    soft, hard = check(quota(strength="soft"), counts), check(quota(), counts)
    assert (soft.needs_deviation, soft.blocks) == (True, False)
    assert (hard.needs_deviation, hard.blocks) == (False, True)


def test_sentence_says_every_number_and_what_is_missing():
    named = quota(missing_fact={"zh": "出生日期", "en": "birth date"})
    text = check(named, {"young": 1, "members": 10}, {"young": 1}).text
    assert "1/10" in text.zh and "至少2人" in text.zh and "1人缺出生日期" in text.zh
    assert "birth date missing for 1" in text.en


BATCH = {
    "promotion": {"members": 9, "young": 6},
    "important_use": {"members": 3, "young": 1},
    "lateral": {"members": 5, "young": 5},
}


def test_only_the_moves_that_the_rule_names_count_above_and_below():
    rule = quota(share="2/3", moves=["promotion", "important_use"])
    result = check_batch(rule, BATCH)
    assert (result.whole, result.have, result.need, result.gap) == (12, 7, 8, 1)
    every = check_batch(quota(share="2/3"), BATCH)
    assert (every.whole, every.outcome) == (17, Outcome.MET)


def test_a_kind_of_move_that_is_not_known_is_not_none():
    rule = quota(share="2/3", moves=["promotion", "important_use"])
    assert check_batch(rule, {"promotion": BATCH["promotion"]}).outcome is Outcome.MET
    unknown = {**BATCH, "important_use": None}
    assert check_batch(rule, unknown).outcome is Outcome.UNKNOWN


def plan() -> Plan:
    def target(ident, **given):
        return {"id": ident, "title": ident, "group": ident, "group_name": ident} | given

    return Plan.model_validate(
        {
            "id": "p",
            "title": "规划",
            "sums": {"total": ["chief", "deputy"]},
            "targets": [
                target("chief_1980", within="chief", count=25),
                target("chief_1985", within="chief_1980", count=10),
                target("women", of="total", of_name="总数", share="20%"),
            ],
        }
    )


def test_nested_targets_are_measured_apart_and_totals_summed():
    counts = {"chief": 80, "deputy": 151, "chief_1980": 25, "chief_1985": 9, "women": 47}
    results = check_plan(plan(), counts)
    assert [r.outcome for r in results.values()] == ["met", "not met", "met"]
    assert results["women"].need == 47  # 46.2 rounded up


def test_a_part_above_its_whole_is_refused_with_every_place():
    counts = {"chief": 20, "deputy": 1, "chief_1980": 25, "chief_1985": 26, "women": 4}
    with pytest.raises(BoleError) as refused:
        check_plan(plan(), counts)
    assert [p.code for p in refused.value.problems] == ["PART_EXCEEDS_WHOLE"] * 2


@pytest.mark.parametrize(
    "given_",
    [
        {"share": "1/5", "count": 3},
        {"share": None},
        {"share": "120%"},
        {"share": "1/5", "of": None},
        {"share": "1/5", "open": True},
    ],
)
def test_a_pack_says_exactly_one_value_or_that_it_is_open(given_):
    with pytest.raises(ValueError, match="/"):
        quota(**given_)


D = datetime.date
PHASES = [Phase(D(2020, 12, 31), 10, 9), Phase(D(2021, 12, 31), 20)]


@pytest.mark.parametrize(
    ("have", "today", "phases", "state"),
    [
        (25, D(2020, 1, 1), [], "met"),
        (24, D(2022, 12, 31), [], "not due"),
        (24, D(2023, 1, 1), [], "missed"),
        (5, D(2020, 12, 31), PHASES, "on track"),
        (9, D(2021, 1, 1), PHASES, "behind"),
        (10, D(2021, 1, 1), PHASES, "on track"),
        (19, D(2022, 1, 1), PHASES, "behind"),
        (None, D(2021, 1, 1), [], "cannot be judged"),
    ],
)
def test_how_a_target_stands(have, today, phases, state):
    target = quota(share=None, count=25)
    result = progress(check(target, {"young": have}), D(2022, 12, 31), today, phases)
    assert result.state == state


def test_a_missed_phase_stays_visible_after_the_target_is_met():
    target = quota(share=None, count=25)
    result = progress(check(target, {"young": 26}), D(2022, 12, 31), D(2022, 1, 1), PHASES)
    assert (result.state, result.missed) == ("met", (PHASES[0],))
    assert "2020-12-31应达10人，实为9人" in result.text.zh


def test_phases_follow_each_other():
    target = check(quota(share=None, count=25), {"young": 1})
    with pytest.raises(BoleError):
        progress(target, D(2021, 1, 1), D(2020, 1, 1), list(reversed(PHASES)))
    with pytest.raises(BoleError):
        progress(target, D(2021, 1, 1), D(2020, 1, 1), PHASES)
