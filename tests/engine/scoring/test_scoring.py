"""Composites, ranks, exceptions, corroboration."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bole.engine.errors import BoleError
from bole.engine.exact import Base
from bole.engine.scoring import (
    Composite,
    ExceptionRule,
    Line,
    Year,
    YearsRule,
    agree,
    rank,
    read_exception,
    read_years,
    tie_order,
    total,
)
from bole.engine.tally import Share, Subject

THREE = Composite.model_validate({"parts": {"recommend": 3, "assess": 4, "talk": 3}})


def subject(recommend=26, assess=90, talk=12, of=40, interviewees=20, **more):
    return Subject(
        {
            "recommend": None if recommend is None else Share(recommend, of, Base.VALID),
            "assess": assess,
            "talk": None if talk is None else Share(talk, interviewees, Base.INTERVIEWEES),
            **more,
        }
    )


def test_three_four_three():
    assert total(THREE, subject()).value == Fraction(147, 2)
    turned = Composite.model_validate({"parts": {"talk": 3, "assess": 4, "recommend": 3}})
    assert total(turned, subject()).value == total(THREE, subject()).value


@pytest.mark.parametrize(
    ("given_", "missing"),
    [
        ({"recommend": None}, "recommend"),
        ({"of": None}, "the base of recommend"),
        ({"assess": None}, "assess"),
    ],
)
def test_what_is_missing_is_named_and_never_zero(given_, missing):
    found = total(THREE, subject(**given_))
    assert found.value is None and [m.en for m in found.missing] == [missing]


def test_a_missing_weight_means_no_total():
    open_ = Composite.model_validate({"parts": {"recommend": None, "assess": 4}})
    assert [m.en for m in total(open_, subject()).missing] == ["the weight of recommend"]


def test_percent_weights_add_to_one_hundred():
    Composite.model_validate({"parts": {"review": "5%", "exam": "95%"}})
    with pytest.raises(ValidationError, match="合计95%"):
        Composite.model_validate({"parts": {"review": "5%", "exam": "90%"}})
    with pytest.raises(ValidationError):
        Composite.model_validate({"parts": {"review": -1}})
    with pytest.raises(ValidationError):
        Composite.model_validate({"parts": {"review": 0}})


def test_raw_scores_caps_bonuses_rounding():
    rule = Composite.model_validate(
        {
            "parts": {"exam": {"weight": 1, "full": 150}, "work": {"weight": 1, "cap": 90}},
            "bonuses": [
                {"measure": "awards", "each": 2, "cap": 5},
                {"measure": "sanctions", "sign": "minus", "each": 3, "absent": "none"},
            ],
            "cap": 100,
            "rounding": {"places": 1, "how": "down"},
        }
    )
    made = total(rule, Subject({"exam": 100, "work": 95, "awards": 4}))
    assert made.value == Fraction(833, 10)  # (66.67 + 90) / 2 + 5 = 83.33
    full = total(rule, Subject({"exam": 150, "work": 90, "awards": 9, "sanctions": 0}))
    assert full.value == 100
    assert total(rule, Subject({"exam": 100, "work": 95})).value is None  # awards unknown


def test_vetoes_are_read_beside_the_total():
    rule = Composite.model_validate(
        {
            "parts": {"assess": 1},
            "vetoes": [{"id": "political", "measure": "failed", "op": "ge", "value": 1}],
        }
    )
    assert total(rule, subject(failed=1)).vetoes[0].outcome == "blocks"


def test_ties_are_shown_and_an_explicit_order_breaks_them():
    totals = {"a": Fraction(80), "b": Fraction(70), "c": Fraction(70), "d": None}
    shown = rank(totals, places=2)
    assert [(p.rank, p.tied_with) for p in shown.places] == [
        (1, ()),
        (2, ("c",)),
        (2, ("b",)),
        (None, ()),
    ]
    assert set(shown.cut.tied) == {"b", "c"} and "d: no total" in shown.text.en
    rule = THREE.model_copy(update={"ties": ("assess",)})
    order = tie_order(rule, {n: {"assess": s} for n, s in zip("abcd", (1, 5, 9, 2), strict=True)})
    broken = rank(totals, places=2, order=order)
    assert broken.cut.sure == ("a", "c") and not broken.cut.tied


def test_the_barred_have_no_rank():
    found = rank({"a": Fraction(90), "b": Fraction(80)}, barred={"a"}, places=1)
    assert found.places[0].rank is None and found.cut.sure == ("b",)
    assert "b proposed" in found.text.en


scores = st.dictionaries(
    st.sampled_from("abcdefgh"), st.fractions(min_value=0, max_value=100), min_size=1
)


@given(scores, st.randoms(), st.integers(0, 4))
def test_order_of_entry_never_changes_ranks_or_the_cut(drawn, random, places):
    shuffled = list(drawn.items())
    random.shuffle(shuffled)
    one, two = rank(drawn, places=places), rank(dict(shuffled), places=places)
    assert {p.subject: p.rank for p in one.places} == {p.subject: p.rank for p in two.places}
    assert set(one.cut.sure) == set(two.cut.sure) and set(one.cut.tied) == set(two.cut.tied)
    assert len(one.cut.sure) <= places


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 100), st.integers(1, 20))
def test_more_votes_never_lower_a_total(votes, talk, assess, more):
    low = total(THREE, subject(votes, assess, talk, of=60)).value
    high = total(THREE, subject(votes + more, assess, talk, of=60)).value
    assert high > low
    assert 0 <= low <= 100


@given(st.lists(st.integers(1, 9), min_size=3, max_size=3), st.integers(1, 7))
def test_weights_are_ratios(weights, factor):
    names = ["recommend", "assess", "talk"]
    one = Composite.model_validate({"parts": dict(zip(names, weights, strict=True))})
    many = Composite.model_validate(
        {"parts": {n: w * factor for n, w in zip(names, weights, strict=True)}}
    )
    assert total(one, subject()).value == total(many, subject()).value


EQUAL = ExceptionRule.model_validate(
    {
        "id": "equal_number",
        "needs": "special_study",
        "condition": {
            "all": [
                {"measure": "recommend", "op": "gt", "value": "1/2"},
                {"measure": "talk", "op": "gt", "value": "1/2"},
                {"measure": "assess", "op": "ge", "value": 85},
            ]
        },
    }
)


@pytest.mark.parametrize(
    ("given_", "study", "open_"),
    [
        ({}, True, True),
        ({"recommend": 20}, True, False),
        ({"assess": 84.9}, True, False),
        ({"assess": 85}, True, True),
        ({}, False, False),
        ({}, None, None),
        ({"assess": None}, True, None),
        ({"recommend": 20}, None, False),
    ],
)
def test_the_equal_number_exception(given_, study, open_):
    assert read_exception(EQUAL, subject(**given_), {"special_study": study}).open is open_


def test_two_sources_must_agree():
    found = agree({"year_end": ["a", "b"], "targeted": ["b", "c", "b"]})
    assert found.all == ("b",)
    assert found.only == {"year_end": ("a",), "targeted": ("c",)}
    assert agree({"year_end": [], "targeted": ["c"]}).all == ()
    with pytest.raises(BoleError):
        agree({"year_end": None, "targeted": ["c"]})


RULE = YearsRule(
    years=3,
    concentrated=Line(op="ge", value="40%"),
    near_front=Line(op="le", value="1/3"),
    daily=Line(op="ge", value=85),
)


def years(*rows):
    return [
        Year(f"y{i}", None if s is None else Fraction(s, 100), r, o)
        for i, (s, r, o) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("rows", "daily", "outcome"),
    [
        ([(45, 3, 20), (50, 2, 20), (48, 4, 21)], 85, "no_bar"),
        ([(40, 3, 20), (40, 2, 20), (1, 20, 21)], 85, "no_bar"),
        ([(10, 15, 20), (12, 14, 20), (8, 17, 21)], 90, "blocks"),
        ([(10, 16, 20), (11, 12, 20), (55, 1, 21)], 92, "blocks"),
        ([(45, 2, 20), (47, 3, 20), (44, 5, 21)], "84.9", "blocks"),
        ([(None, None, None), (46, 4, 20), (43, 6, 21)], 88, "cannot_compute"),
        ([(None, None, None), (46, 4, 20), (43, 6, 21)], 80, "blocks"),
        ([(45, 3, 20), (50, 2, 20), (48, 4, 21)], None, "cannot_compute"),
        ([(45, 3, 20), (50, 2, 20)], 90, "cannot_compute"),
    ],
)
def test_three_years(rows, daily, outcome):
    assert read_years(RULE, years(*rows), daily).outcome == outcome


def test_open_limits_and_impossible_ranks():
    assert read_years(YearsRule(), years((45, 3, 20)), 90).outcome == "cannot_compute"
    with pytest.raises(BoleError):
        read_years(RULE, years((45, 21, 20), (1, 1, 2), (1, 1, 2)), 90)
