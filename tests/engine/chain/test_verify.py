import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.chain import (
    GENESIS,
    STREAM,
    Anchor,
    merkle_root,
    verify_chain,
)
from tests.engine.chain.chains import chain, of_stream, relinked, resealed


def anchor_of(entries, size=None):
    size = len(entries) if size is None else size
    head = entries[size - 1][1] if size else GENESIS
    root = merkle_root([h.encode() for _, h in entries[:size]]).hex()
    return Anchor("安澜县", "2026-03-31T00:00:00Z", size, head, root, 0, GENESIS)


def found(entries, **options):
    report = verify_chain(entries, **options)
    return report.broken and (report.broken.kind, report.broken.number)


def renumber(entries, start, shift):
    for content, _ in entries[start:]:
        content["sequence"] += shift


def change(e):
    e[4][0]["after"] = {"step": "改"}


def change_and_reseal(e):
    e[4] = resealed(e[4][0] | {"after": {"step": "改"}})


def change_link(e):
    e[4][0]["previous"] = "f" * 64


def change_link_and_reseal(e):
    e[4] = resealed(e[4][0] | {"previous": "f" * 64})


def change_the_first(e):
    e[0][0]["action"] = "x"


def change_hash(e):
    e[4][1] = "f" * 64


def change_number(e):
    e[4][0]["sequence"] = 77


def lose_number(e):
    e[4][0]["sequence"] = None


def remove(e):
    del e[4]


def remove_two(e):
    del e[4:6]


def remove_and_renumber(e):
    del e[4]
    renumber(e, 4, -1)


def remove_first(e):
    del e[0]


def remove_first_and_renumber(e):
    del e[0]
    renumber(e, 0, -1)


def insert_copy(e):
    e.insert(5, copy.deepcopy(e[4]))


def insert_forged(e):
    """A sealed entry with a number of its own, in front of the one that belongs there."""
    e.insert(4, resealed(e[4][0] | {"after": {"step": "插"}}))


def insert_and_renumber(e):
    renumber(e, 4, 1)
    e.insert(4, resealed(e[4][0] | {"sequence": 5, "after": {"step": "插"}}))


def insert_unsealed_and_renumber(e):
    renumber(e, 4, 1)
    content = e[4][0] | {"sequence": 5, "after": {"step": "插"}, "previous": "e" * 64}
    e.insert(4, [content, "d" * 64])


def swap_lines(e):
    e[4], e[5] = e[5], e[4]


def swap_numbers(e):
    e[4][0]["sequence"], e[5][0]["sequence"] = 6, 5
    e[4], e[5] = e[5], e[4]


def swap_far(e):
    e[4][0]["sequence"], e[9][0]["sequence"] = 10, 5
    e[4], e[9] = e[9], e[4]


def move_to_the_end(e):
    e.append(e.pop(4))


TAMPERING = [
    (change, "changed", 5),
    (change_and_reseal, "changed", 5),
    (change_link, "changed", 5),
    (change_link_and_reseal, "changed", 5),
    (change_the_first, "changed", 1),
    (change_hash, "changed", 5),
    (change_number, "changed", 5),
    (lose_number, "changed", 5),
    (remove, "removed", 5),
    (remove_two, "removed", 5),
    (remove_and_renumber, "removed", 5),
    (remove_first, "removed", 1),
    (remove_first_and_renumber, "removed", 1),
    (insert_copy, "inserted", 5),
    (insert_forged, "inserted", 5),
    (insert_and_renumber, "inserted", 5),
    (insert_unsealed_and_renumber, "inserted", 5),
    (swap_lines, "reordered", 6),
    (swap_numbers, "reordered", 5),
    (swap_far, "reordered", 5),
    (move_to_the_end, "reordered", 6),
]


@pytest.mark.parametrize(("tamper", "kind", "number"), TAMPERING)
def test_tampering_is_found_and_named(tamper, kind, number):
    entries = chain()
    tamper(entries)
    assert found(entries) == (kind, number)
    text = verify_chain(entries).broken.text()
    assert str(number) in text.zh
    assert str(number) in text.en


def test_an_untouched_chain_is_valid():
    entries = chain(30)
    report = verify_chain(
        entries,
        size=30,
        head=entries[-1][1],
        anchors=[anchor_of(entries, 10), anchor_of(entries, 30), anchor_of(entries, 0)],
        check_streams=True,
    )
    assert report.valid
    assert (report.count, report.head, report.anchors) == (30, entries[-1][1], 2 + 1)
    assert verify_chain([]).valid


def test_a_cut_tail_needs_a_witness():
    entries = chain()
    anchor = anchor_of(entries)
    cut = entries[:9]
    assert verify_chain(cut).valid, "a chain alone cannot tell how long it was"
    assert found(cut, size=12) == ("truncated", 10)
    assert found(cut, anchors=[anchor]) == ("truncated", 10)
    assert found([], anchors=[anchor]) == ("truncated", 1)


def test_more_entries_than_registered_were_inserted():
    assert found(chain(12), size=10) == ("inserted", 11)


def test_the_last_entry_changed_and_sealed_again_is_seen_by_the_head():
    entries = chain()
    head = entries[-1][1]
    entries[-1] = resealed(entries[-1][0] | {"action": "x"})
    assert verify_chain(entries).valid
    assert found(entries, size=12, head=head) == ("changed", 12)


def test_a_chain_rewritten_as_a_whole_is_seen_by_the_anchor():
    entries = chain()
    anchors = [anchor_of(entries, 4), anchor_of(entries, 9)]
    entries[6][0]["action"] = "x"
    forged = relinked(entries)
    assert verify_chain(forged).valid
    assert found(forged, anchors=anchors) == ("rewritten", 9)
    wrong_root = Anchor("x", "t", 9, entries[8][1], "0" * 64, 0, GENESIS)
    assert found(chain(), anchors=[wrong_root]) == ("rewritten", 9)


def test_one_case_is_verified_by_itself():
    case = of_stream(chain(30), "case:1")
    assert verify_chain(case, STREAM, size=10, head=case[-1][1]).valid
    for tamper, kind, number in [
        (lambda e: e[3][0].update(action="x"), "changed", 4),
        (lambda e: e.pop(3), "removed", 4),
        (lambda e: e.insert(3, copy.deepcopy(e[2])), "inserted", 3),
        (lambda e: e.append(e.pop(3)), "reordered", 5),
    ]:
        copied = copy.deepcopy(case)
        tamper(copied)
        assert found(copied, numbering=STREAM) == (kind, number)


def test_a_case_whose_chain_is_broken_inside_a_good_global_chain():
    entries = chain()
    entries[7][0]["stream_sequence"] = 9
    forged = relinked(entries)
    assert found(forged, check_streams=True) == ("stream", 8)


def test_progress_is_told():
    seen = []
    verify_chain(chain(25), progress=seen.append)
    assert seen == [25]


FIELDS = ["sequence", "previous", "stream", "stream_sequence", "actor", "action", "after"]


@given(
    st.integers(0, 11),
    st.sampled_from(FIELDS),
    st.one_of(st.integers(), st.text(max_size=5), st.none()),
)
def test_any_other_value_in_any_field_is_found(index, field, value):
    entries = chain()
    if entries[index][0][field] == value:
        return
    entries[index][0][field] = value
    assert not verify_chain(entries).valid


@given(st.permutations(range(6)))
def test_any_other_order_is_found(order):
    entries = chain(6)
    shuffled = [entries[i] for i in order]
    assert verify_chain(shuffled).valid == (list(order) == sorted(order))


@given(st.sets(st.integers(0, 11), min_size=1, max_size=11))
def test_any_missing_entry_is_found_and_the_first_is_named(gone):
    entries = [e for i, e in enumerate(chain()) if i not in gone]
    assert found(entries, size=12) in [
        ("removed", min(gone) + 1),
        ("truncated", min(gone) + 1),
    ]


def test_a_chain_reads_back_from_json_lines():
    entries = [json.loads(json.dumps(e, ensure_ascii=False)) for e in chain()]
    assert verify_chain(entries).valid
