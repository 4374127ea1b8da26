"""The headcount sheet against a simulation of the moves one person at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.headcount import Line, Move, RowVerdict, departures, judge

NAMES = ["甲", "乙", "丙"]


@st.composite
def plans(draw):
    """Lines with enough people, and moves of distinct persons between them."""
    lines = [
        Line(name, draw(st.one_of(st.none(), st.integers(0, 4))), draw(st.integers(0, 5)))
        for name in NAMES
    ]
    left = {line.name: line.filled for line in lines}
    moves = []
    for i in range(draw(st.integers(0, 6))):
        source = draw(st.sampled_from([None, *NAMES]))
        target = draw(st.sampled_from([None, *NAMES]))
        if source is not None:
            if not left[source] or source == target:
                continue
            left[source] -= 1
        if source is None and target is None:
            continue
        moves.append(Move(f"p{i}", source, target))
    return lines, moves


@given(plans())
def test_planned_is_what_is_left_when_everybody_has_moved(plan):
    lines, moves = plan
    seats = {line.name: [f"{line.name}{i}" for i in range(line.filled)] for line in lines}
    for move in moves:
        if move.source is not None:
            seats[move.source].pop()
    for move in moves:
        if move.target is not None:
            seats[move.target].append(move.person)
    for row in judge(lines, moves, all_lines=True).rows:
        assert row.planned == len(seats[row.line.name])


@given(plans())
def test_a_plan_passes_when_nobody_enters_a_line_that_is_over_or_unknown(plan):
    lines, moves = plan
    sheet = judge(lines, moves)
    by_name = {row.line.name: row for row in sheet.rows}
    touched = {m.source for m in moves} | {m.target for m in moves}
    assert set(by_name) == touched - {None}
    stopped = set()
    for move in moves:
        row = by_name.get(move.target)
        approved = row.line.approved if row else None
        if row is not None and (approved is None or row.planned > approved):
            stopped.add(move.person)
    assert set(sheet.not_to_be_studied) == stopped
    if stopped:
        assert not sheet.passes


@given(plans())
def test_the_order_of_the_moves_changes_nothing(plan):
    lines, moves = plan
    forward, backward = judge(lines, moves), judge(lines, list(reversed(moves)))
    assert [(r.planned, r.verdict) for r in forward.rows] == [
        (r.planned, r.verdict) for r in backward.rows
    ]


def verdict(line: Line, *moves: Move, **options) -> RowVerdict:
    return judge([line], moves, all_lines=True, **options).rows[0].verdict


@pytest.mark.parametrize(
    ("approved", "filled", "entering", "leaving", "wanted"),
    [
        (4, 4, 1, 1, RowVerdict.OK),
        (4, 4, 1, 0, RowVerdict.OVER),
        (3, 5, 0, 1, RowVerdict.STILL_OVER),
        (3, 5, 1, 1, RowVerdict.OVER),
        (None, 0, 1, 0, RowVerdict.UNKNOWN),
        (4, None, 1, 0, RowVerdict.UNKNOWN),
        (0, 0, 0, 0, RowVerdict.OK),
    ],
)
def test_verdicts(approved, filled, entering, leaving, wanted):
    moves = [Move(f"+{i}", None, "甲") for i in range(entering)]
    moves += [Move(f"-{i}", "甲", None) for i in range(leaving)]
    assert verdict(Line("甲", approved, filled), *moves) is wanted


def test_a_red_line_may_also_stop_a_line_that_nobody_enters():
    line = Line("甲", 3, 5)
    leaves = Move("张三", "甲", None)
    assert verdict(line, leaves) is RowVerdict.STILL_OVER
    assert verdict(line, leaves, overstaffed_blocks=True) is RowVerdict.OVER


def test_the_person_of_a_concurrent_post_counts_on_both_lines():
    lines = [Line("甲", 2, 1), Line("乙", 1, 0)]
    sheet = judge(lines, [Move("张三", "甲", "乙", keeps=True)], all_lines=True)
    assert [row.planned for row in sheet.rows] == [1, 1]
    assert sheet.concurrent == ("张三",)


def test_who_must_leave_first():
    lines = [Line("甲", 7, 7), Line("乙", 4, 3)]
    moves = [Move("李", "甲", "乙"), Move("王", None, "甲")]
    sheet = judge(lines, moves)
    assert sheet.passes
    assert departures(sheet, moves) == [("李", "王")]


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([Move("张", None, "丁")], "LINE_UNKNOWN"),
        ([Move("张", None, "甲"), Move("张", None, "甲")], "MOVE_TWICE"),
        ([Move("张", "乙", None), Move("李", "乙", None)], "NOBODY_TO_LEAVE"),
    ],
)
def test_impossible_plans_are_refused(moves, code):
    with pytest.raises(BoleError) as refused:
        judge([Line("甲", 2, 1), Line("乙", 2, 1)], moves)
    assert refused.value.problems[0].code == code


def test_impossible_lines_are_refused_all_at_once():
    with pytest.raises(BoleError) as refused:
        judge([Line("甲", -1, 1), Line("甲", 2, 1.5)], [])
    assert [p.code for p in refused.value.problems] == ["COUNT", "LINE_TWICE", "COUNT"]
