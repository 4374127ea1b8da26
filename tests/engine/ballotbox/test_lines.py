"""Reading published ballots by their parts counts exactly what reading each ballot whole counts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bole.engine.ballotbox import new_nonce
from bole.engine.ballotbox.lines import LineCounter
from bole.engine.ballotbox.recount import _TAIL, _ballot
from bole.engine.ballotbox.trackers import ballot_line
from bole.engine.instruments import InstrumentForm
from bole.engine.tally import Ballot, BallotReader, Tallier

NAMES = ["乙,丙", "甲", "丁{"]


def form(**changes):
    return InstrumentForm.model_validate(
        {
            "id": "f",
            "over_pick": "void_category",
            "items": [
                {
                    "id": "posts",
                    "kind": "nominate",
                    "categories": [
                        {"id": "head", "max_picks": 1},
                        {"id": "deputies", "max_picks": 2},
                    ],
                },
                {"id": "grade", "kind": "grade", "options": ["good", "poor"]},
                {
                    "id": "say",
                    "kind": "agree",
                    "options": ["yes", {"id": "no", "reason_required": True}],
                },
                {"id": "points", "kind": "points", "max_points": 10, "step": "1/2"},
                {"id": "trust", "kind": "agree", "per_subject": False},
                {"id": "problems", "kind": "tick", "options": ["style", "method"]},
                {"id": "words", "kind": "text", "per_subject": False},
            ],
            **changes,
        }
    )


name = st.sampled_from([*NAMES, "甲", "", "己"])
said = st.sampled_from(["yes", "no", {"option": "no", "reason": True}, {"option": "no"}])
answers = st.fixed_dictionaries(
    {},
    optional={
        "posts": st.dictionaries(
            st.sampled_from(["head", "deputies", "other"]), st.lists(name, max_size=3), max_size=2
        ),
        "grade": st.dictionaries(name, st.sampled_from(["good", "poor", "fair"])),
        "say": st.dictionaries(name, said),
        "points": st.dictionaries(name, st.sampled_from(["10", "1/2", 3, "11", True, "0.25"])),
        "trust": st.sampled_from(["agree", "abstain", "perhaps"]),
        "problems": st.dictionaries(name, st.lists(st.sampled_from(["style", "method", "?"]))),
        "words": st.sampled_from([True, "a{b", 'c"', ""]),
    },
)
FORMS = [
    form(),
    form(over_pick="void_ballot", incomplete="refuse"),
    form(caps=[{"options": ["good"], "at_most": "1/3", "level": "each_ballot"}]),
]


def both(chosen, drawn):
    """(count by parts, count of whole ballots) of the same lines."""
    by_parts, whole = (Tallier(BallotReader(chosen, NAMES)) for _ in range(2))
    whole.plain = False
    lines = LineCounter(by_parts)
    for given_answers, group in drawn:
        line = ballot_line(given_answers, group, new_nonce(), "A" * 12)
        head = line[:-_TAIL]
        cut = head.rfind(b',"class":"')
        ballot = _ballot(line)
        assert ballot is not None
        if not lines.add(head, cut) and not lines.learn(head, cut, ballot):
            by_parts.add(Ballot(ballot["answers"], ballot["class"]))
        whole.add(Ballot(ballot["answers"], group))
    lines.flush()
    return by_parts.finish(), whole.finish()


def plain(counts):
    return {k: dict(v) for k, v in counts.items() if v}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMS), st.lists(st.tuples(answers, st.sampled_from("ab")), max_size=12))
def test_both_ways_agree(chosen, drawn):
    a, b = both(chosen, [*drawn, *drawn])
    assert plain(a.cells) == plain(b.cells) and plain(a.reasons) == plain(b.reasons)
    assert plain(a.rated) == plain(b.rated) and plain(a.points) == plain(b.points)
    assert (a.returned, a.valid) == (b.returned, b.valid)
    assert (a.void_reasons, a.void_categories) == (b.void_reasons, b.void_categories)


def test_known_parts_in_another_order_are_not_known():
    tallier = Tallier(BallotReader(FORMS[0], ["甲", "乙"]))
    lines = LineCounter(tallier)
    nonce = new_nonce()
    line = ballot_line({"grade": {"甲": "good", "乙": "poor"}}, "a", nonce, "A" * 12)
    head = line[:-_TAIL]
    cut = head.rfind(b',"class":"')
    assert lines.learn(head, cut, _ballot(line))
    first, second = '"乙":"poor"'.encode(), '"甲":"good"'.encode()
    assert first + b"," + second in head and lines.add(head, cut)
    turned = head.replace(first + b"," + second, second + b"," + first)
    twice = head.replace(second, first)
    joined = head.replace(b'","', b'" ,"', 1)
    assert not any(lines.add(x, x.rfind(b',"class":"')) for x in (turned, twice, joined))
