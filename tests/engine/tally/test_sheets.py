"""Counting sheets, attendance, rolls and rounds."""

import pytest

from bole.engine.errors import BoleError
from bole.engine.exact import Figures
from bole.engine.tally import (
    Attendance,
    AttendanceRule,
    Outcome,
    RollEntry,
    RoundRule,
    Sheet,
    attendance,
    count_roll,
    missing_figures,
    read_round,
    reconcile,
)

GOOD = {"issued": 62, "not_returned": 2, "returned": 60, "valid": 57, "void": 3}


def sheet(votes=None, classes=None, picks=2, grades=None, **changes):
    return Sheet(
        Figures.read({**GOOD, **changes}),
        max_picks=picks,
        votes=votes or {},
        classes=classes or {},
        grades=grades or {},
    )


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (sheet({"a": 57, "b": 57}), []),
        (sheet({"a": 57, "b": 57, "c": 1}), ["VOTES_SUM"]),
        (sheet({"a": 58}), ["VOTES_OVER_VALID"]),
        (sheet(classes={"x": 30, "y": 30}), []),
        (sheet(classes={"x": 30, "y": 31}), ["CLASS_SUM"]),
        (sheet(returned=64), ["RETURNED_OVER_ISSUED", "RETURNED_SUM"]),
        (sheet(not_returned=1), ["ISSUED_SUM"]),
        (sheet(void=4), ["RETURNED_SUM"]),
        (sheet(valid=61, void=None), ["VALID_OVER_RETURNED"]),
        (sheet(attending=70, due=69), ["PRESENT_OVER_DUE"]),
        (sheet(attending=59), ["RETURNED_OVER_PRESENT"]),
        (sheet(attending=60), []),
        (sheet(grades={"a": {"good": 50, "poor": 5, "blank": 2}}), []),
        (sheet(grades={"a": {"good": 50, "poor": 5, "blank": 1}}), ["GRADES_SUM"]),
        (sheet({"a": -1}), ["COUNT"]),
        (sheet({"a": "many"}), ["COUNT"]),
        (sheet({"a": True}), ["COUNT"]),
    ],
)
def test_a_sheet_that_cannot_be_right(made, codes):
    assert [p.code for p in reconcile(made)] == codes


def test_missing_figures_are_named():
    names = [m.en for m in missing_figures(sheet({"a": None}, picks=None, valid=None))]
    assert names == ["valid ballots", "names allowed per ballot", "count of a"]


@pytest.mark.parametrize("broken", [-1, 2.5, "x", True])
def test_head_counts_are_whole_numbers(broken):
    with pytest.raises(BoleError):
        Figures.read({"valid": broken})


RULE = AttendanceRule(op="ge", share="80%")


def test_attendance():
    assert attendance(RULE, 77, 62).state is Attendance.MET
    assert attendance(RULE, 85, 67).state is Attendance.NOT_MET
    assert attendance(RULE, 77, None).needed == 62
    assert attendance(RULE, None, 60).state is Attendance.CANNOT_COMPUTE
    assert attendance(AttendanceRule(op="ge", share=None), 9, 9).state is Attendance.NOT_SET
    with pytest.raises(BoleError):
        attendance(RULE, 10, 11)


def test_the_roll_and_recusals():
    roll = [
        RollEntry("a", present=True),
        RollEntry("b", present=True, recused=True),
        RollEntry("c"),
    ]
    assert (count_roll(roll, True).due, count_roll(roll, False).due) == (3, 2)
    assert count_roll(roll, True).present == 1
    with pytest.raises(BoleError, match="回避"):
        count_roll(roll, None)


@pytest.mark.parametrize(
    ("roll", "code"),
    [
        ([RollEntry("a"), RollEntry("a")], "TWICE_ON_ROLL"),
        ([RollEntry("a", due=False, present=True)], "PRESENT_NOT_DUE"),
        ([RollEntry("z")], "NOT_A_MEMBER"),
    ],
)
def test_a_roll_that_cannot_be_right(roll, code):
    with pytest.raises(BoleError) as caught:
        count_roll(roll, True, listed=["a", "b"])
    assert [p.code for p in caught.value.problems] == [code]


def test_a_second_round_is_asked_for_with_ties_open():
    rule = RoundRule(op="gt", share="1/2", admit=2)
    read = read_round(rule, {"a": 20, "b": 15, "c": 15, "d": 5}, 60, 1)
    assert read.outcome is Outcome.ORDERS
    assert read.next_round.sure == ("a",) and set(read.next_round.tied) == {"b", "c"}
    assert read_round(rule, {"a": 31}, 60, 1).outcome is Outcome.NO_BAR
    assert read_round(rule, {"a": 31}, None, 1).outcome is Outcome.CANNOT_COMPUTE
    assert read_round(RoundRule(), {"a": 31}, 60, 1).outcome is Outcome.NOT_SET
