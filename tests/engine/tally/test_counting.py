"""Counting ballots, classes, weights and small classes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import (
    Ballot,
    Electorate,
    columns,
    count_ballots,
    measures,
    tabulate,
    two_bases,
    weighted_share,
)
from bole.engine.tally.electorate import by_column

NOMINATE = {
    "id": "recommend",
    "anonymous": True,
    "over_pick": "void_ballot",
    "items": [{"id": "names", "kind": "nominate", "max_picks": 2}],
}
NAMES = ["甲", "乙", "丙"]


def form(**changes):
    return InstrumentForm.model_validate({**NOMINATE, **changes})


def ballots(*picks, group="staff"):
    return [Ballot({"names": list(p)}, group) for p in picks]


def test_over_picked_ballot_is_void_and_said():
    count = count_ballots(form(), ballots("甲乙", "甲", "甲乙丙", ""), subjects=NAMES)
    assert (sum(count.returned.values()), sum(count.valid.values()), count.void) == (4, 3, 1)
    assert count.void_reasons == {"OVER_PICKED": 1}
    assert [count.votes("names", n, "names") for n in NAMES] == [2, 1, 0]


def test_over_picked_category_voids_only_itself():
    two = form(
        over_pick="void_category",
        items=[
            {
                "id": "names",
                "kind": "nominate",
                "categories": [{"id": "head", "max_picks": 1}, {"id": "deputy", "max_picks": 3}],
            }
        ],
    )
    count = count_ballots(
        two,
        [Ballot({"names": {"head": ["甲", "乙"], "deputy": ["丙"]}})],
        subjects=NAMES,
    )
    assert sum(count.valid.values()) == 1
    assert count.void_categories == {"OVER_PICKED": 1}
    assert count.votes("names", "甲", "head") == 0
    assert count.votes("names", "丙", "deputy") == 1


@pytest.mark.parametrize("picks", ["甲甲", "丁"])
def test_unreadable_ballots_follow_the_same_policy(picks):
    assert count_ballots(form(), ballots(picks), subjects=NAMES).void == 1


def test_a_form_that_leaves_over_picking_open_cannot_be_counted():
    with pytest.raises(BoleError) as caught:
        count_ballots(form(over_pick=None), ballots("甲乙丙"), subjects=NAMES)
    assert caught.value.problems[0].code == "FORM_UNSETTLED"


def test_names_follow_the_number_of_posts():
    posts = form(items=[{"id": "names", "kind": "nominate", "max_picks": "posts"}])
    assert count_ballots(posts, ballots("甲乙"), subjects=NAMES, posts=1).void == 1
    assert count_ballots(posts, ballots("甲乙"), subjects=NAMES, posts=2).void == 0


def test_points_are_means_over_the_ballots_that_rated():
    rating = InstrumentForm.model_validate(
        {
            "id": "nine",
            "over_pick": "void_ballot",
            "points_total": 20,
            "items": [
                {"id": "a", "kind": "points", "max_points": 10},
                {"id": "b", "kind": "points", "max_points": 10},
            ],
        }
    )
    count = count_ballots(
        rating,
        [
            Ballot({"a": {"甲": 8}, "b": {"甲": 10}}),
            Ballot({"a": {"甲": 9}}),
            Ballot({"a": {"甲": 11}}),
        ],
        subjects=["甲"],
    )
    assert count.void == 1
    table = tabulate(rating, count, Electorate(), ["甲"])
    assert [(m.mean, m.rated, m.unrated) for m in table.means] == [
        (Fraction(17, 2), 2, 0),
        (Fraction(10), 1, 1),
    ]
    assert measures(rating, table, "甲")["score"] == Fraction(37, 2)


def test_ties_are_shown_as_ties():
    table = tabulate(
        form(), count_ballots(form(), ballots("甲乙", "甲乙", "丙")), Electorate(), None
    )
    shown = {(x.subject, x.rank, x.tied_with) for x in table.lines}
    assert shown == {("甲", 1, ("乙",)), ("乙", 1, ("甲",)), ("丙", 3, ())}


def test_reverse_form_on_two_bases():
    reverse = InstrumentForm.model_validate({"id": "r", "items": [{"id": "i", "kind": "reverse"}]})
    found = two_bases(
        reverse.items[0], {"absent": 30, "to_some_extent": 6, "present": 4, "do_not_know": 10}
    )
    assert (found.problem, found.of_all, found.of_knowing) == (
        10,
        "10/50 = 20.00%",
        "10/40 = 25.00%",
    )


CLASSES = [
    {"id": "leaders", "weight": 3},
    {"id": "middle", "weight": 2},
    {"id": "staff", "weight": 1},
]


def test_the_two_formulas_of_class_weights():
    votes, cast = {"leaders": 5, "middle": 5, "staff": 0}, {"leaders": 5, "middle": 10, "staff": 20}
    pooled = Electorate.model_validate({"classes": CLASSES, "formula": "pooled"})
    by_class = Electorate.model_validate({"classes": CLASSES, "formula": "by_class"})
    assert weighted_share(pooled, votes, cast)[0] == Fraction(3 * 5 + 2 * 5, 15 + 20 + 20)
    assert weighted_share(by_class, votes, cast)[0] == Fraction(3 + 1, 6)


def test_a_missing_weight_or_formula_means_no_weighted_figure():
    no_weight = [{"id": "party", "weight": None}, {"id": "staff", "weight": 1}]
    electorate = Electorate.model_validate({"classes": no_weight, "formula": "pooled"})
    share, missing = weighted_share(electorate, {}, {"party": 3, "staff": 4})
    assert share is None and "party" in missing[0].en
    no_formula = Electorate.model_validate({"classes": CLASSES})
    share, missing = weighted_share(no_formula, {}, {"leaders": 1, "middle": 1, "staff": 1})
    assert share is None and "formula" in missing[0].en


def test_small_classes_are_merged_or_hidden():
    merge = Electorate.model_validate({"classes": CLASSES, "minimum_size": 5})
    shown = columns(merge, {"leaders": 2, "middle": 10, "staff": 40})
    assert [s.classes for s in shown] == [("leaders", "middle"), ("staff",)]
    alone = columns(merge, {"leaders": 2, "middle": 1, "staff": 1})
    assert [s.hidden for s in alone] == [True]
    suppress = Electorate.model_validate(
        {"classes": CLASSES, "minimum_size": 5, "small": "suppress"}
    )
    hidden = [s.hidden for s in columns(suppress, {"leaders": 2, "middle": 10, "staff": 40})]
    assert hidden == [True, True, False]  # the total minus the rest would give the two away


@given(st.lists(st.integers(0, 30), min_size=3, max_size=3), st.integers(1, 12))
def test_no_shown_column_is_smaller_than_the_minimum(sizes, least):
    cast = dict(zip(["leaders", "middle", "staff"], sizes, strict=True))
    for small in ("merge", "suppress"):
        electorate = Electorate.model_validate(
            {"classes": CLASSES, "minimum_size": least, "small": small}
        )
        shown = columns(electorate, cast)
        assert all(s.hidden or s.ballots == 0 or s.ballots >= least for s in shown)
        assert sum(s.ballots for s in shown) == sum(sizes)
        hidden = sum(s.ballots for s in shown if s.hidden)
        everything = hidden == sum(sizes)
        assert hidden == 0 or hidden >= least or everything
        assert len(by_column(shown, cast)) == len(shown)


picks = st.lists(
    st.tuples(st.lists(st.sampled_from(NAMES), max_size=3), st.sampled_from("xyz")), max_size=30
)


@given(picks, st.randoms())
def test_order_of_ballots_does_not_matter_and_sums_hold(drawn, random):
    given_ = [Ballot({"names": p}, c) for p, c in drawn]
    shuffled = list(given_)
    random.shuffle(shuffled)
    first = count_ballots(form(), given_, subjects=NAMES)
    second = count_ballots(form(), shuffled, subjects=NAMES)
    assert dict(first.cells) == dict(second.cells) and first.valid == second.valid
    valid = sum(first.valid.values())
    assert sum(first.returned.values()) == valid + first.void == len(drawn)
    votes = [first.votes("names", n, "names") for n in NAMES]
    assert all(v <= valid for v in votes) and sum(votes) <= 2 * valid


@given(picks)
def test_equal_ballots_counted_together_count_the_same(drawn):
    apart = count_ballots(form(), [Ballot({"names": p}, c) for p, c in drawn * 2], subjects=NAMES)
    once = count_ballots(form(), [Ballot({"names": p}, c, 2) for p, c in drawn], subjects=NAMES)
    assert apart.cells == once.cells and apart.returned == once.returned
