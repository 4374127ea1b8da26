"""The short way of counting plain ballots counts exactly what the long way counts."""

from hypothesis import given
from hypothesis import strategies as st

from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Ballot, BallotReader, Tallier

FORM = InstrumentForm.model_validate(
    {
        "id": "f",
        "over_pick": "void_category",
        "items": [
            {"id": "names", "kind": "nominate", "max_picks": 2},
            {"id": "grade", "kind": "grade", "options": ["good", "poor"]},
            {"id": "meeting", "kind": "agree", "per_subject": False},
            {"id": "problems", "kind": "tick", "options": ["style"]},
        ],
    }
)
NAMES = ["甲", "乙", "丙"]
name = st.sampled_from([*NAMES, "丁", " 甲", ""])
answers = st.fixed_dictionaries(
    {},
    optional={
        "names": st.one_of(st.lists(name, max_size=4), st.none(), name),
        "grade": st.one_of(
            st.dictionaries(name, st.sampled_from(["good", "poor", "fair", None, ["good"]])),
            st.just("good"),
        ),
        "meeting": st.sampled_from(["agree", "disagree", "perhaps", None, {"甲": "agree"}]),
        "problems": st.dictionaries(name, st.just(["style"]), max_size=2),
        "strange": st.just(1),
    },
)


@given(st.lists(st.tuples(answers, st.sampled_from("ab"), st.integers(1, 3)), max_size=8))
def test_both_ways_agree(drawn):
    short, long = (Tallier(BallotReader(FORM, NAMES)) for _ in range(2))
    long.plain = False
    for given_answers, group, times in drawn:
        for tallier in (short, long):
            tallier.add(Ballot(given_answers, group, times))
    a, b = short.finish(), long.finish()
    assert {k: dict(v) for k, v in a.cells.items()} == {k: dict(v) for k, v in b.cells.items()}
    assert {k: dict(v) for k, v in a.rated.items()} == {k: dict(v) for k, v in b.rated.items()}
    assert (a.returned, a.valid) == (b.returned, b.valid)
    assert (a.void_reasons, a.void_categories) == (b.void_reasons, b.void_categories)
