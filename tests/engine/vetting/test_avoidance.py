"""Kinship as paths, relations over a third person, and what two posts may not be together."""

from __future__ import annotations

import pytest

from bole.engine.verdict import Verdict
from bole.engine.vetting.avoidance import Relative, Seat, Someone, bar, findings
from bole.engine.vetting.kinship import back, joined, kin_class, path

A, B, X = 1, 2, 3


@pytest.mark.parametrize(
    ("term", "kin"),
    [
        ("丈夫", "spouse"),
        ("父亲", "direct"),
        ("外孙女", "direct"),
        ("弟弟", "collateral"),
        ("舅舅", "collateral"),
        ("堂妹", "collateral"),
        ("外甥", "collateral"),
        ("岳父", "in_law"),
        ("女婿", "in_law"),
        ("亲家", "in_law"),
        ("小舅子", "in_law"),
        ("姐夫", "in_law"),
        ("姑父", None),
        ("内侄", None),
    ],
)
def test_the_class_of_a_term_is_the_same_from_both_sides(term, kin):
    steps = path(term)
    assert kin_class(steps) == kin
    assert kin_class(back(steps)) == kin


def test_an_unknown_term_has_no_path():
    assert path("老乡") is None


@pytest.mark.parametrize(
    ("mine", "theirs", "kin"),
    [
        ("父亲", "父亲", "collateral"),  # siblings
        ("儿子", "儿子", "spouse"),
        ("妻子", "姐姐", "in_law"),  # my wife is his sister
        ("女儿", "儿媳", "in_law"),  # parents of a couple
        ("祖父", "外祖父", "collateral"),  # cousins
        ("妻子", "堂姐", None),
    ],
)
def test_relations_over_a_common_relative(mine, theirs, kin):
    assert kin_class(joined(path(mine), back(path(theirs)))) == kin


@pytest.mark.parametrize(
    ("a", "b", "verdict", "rule"),
    [
        (Seat(1, "局长", True, True), Seat(1, "科员"), Verdict.NOT_MET, "superior"),
        (Seat(1, "副局长", True), Seat(1, "副局长", True), Verdict.NOT_MET, "same_superior"),
        (Seat(1, "副局长", True), Seat(1, "财务科科长"), Verdict.NOT_MET, "supervises"),
        (Seat(1, "科员"), Seat(1, "科员"), Verdict.UNKNOWN, "same_superior"),
        (Seat(1, "局长", True, True), Seat(2, "局长", True, True), Verdict.MET, None),
        (Seat(None), Seat(1), Verdict.UNKNOWN, None),
        (None, Seat(1), Verdict.UNKNOWN, None),
    ],
)
def test_posts_that_relatives_may_not_hold_together(a, b, verdict, rule):
    assert bar(a, b) == (verdict, rule)
    assert bar(b, a) == (verdict, rule)


def judged(relatives, **b):
    people = [Someone(A, "甲", Seat(1)), Someone(B, "乙", **{"seat": Seat(2), **b})]
    return [f for f in findings(people, relatives) if len(f.persons) == 2]


def test_an_inspector_leaves_the_group_for_a_relative():
    (found,) = judged([Relative(A, "弟弟", "乙", B)], inspects=True)
    assert (found.verdict, found.rule, found.kin) == (
        Verdict.NOT_MET,
        "leaves_group",
        "collateral",
    )
    assert "乙是甲的弟弟" in found.text.zh


def test_a_namesake_without_a_file_stays_unknown():
    (found,) = judged([Relative(A, "弟弟", "乙")])
    assert found.verdict is Verdict.UNKNOWN


def test_a_word_that_is_no_kinship_stays_unknown():
    (found,) = judged([Relative(A, "老乡", "乙", B)])
    assert found.verdict is Verdict.UNKNOWN
    assert "老乡" in found.text.zh


def test_a_common_relative_relates_two_persons():
    rows = [Relative(A, "妻子", "丙", X), Relative(B, "姐姐", "丙", X)]
    (found,) = judged(rows, seat=Seat(1, "局长", True, True))
    assert (found.verdict, found.rule, found.kin) == (Verdict.NOT_MET, "superior", "in_law")


def test_nothing_on_file_is_no_clearance():
    found = findings([Someone(A, "甲"), Someone("u5", "乙", file=False)], [])
    assert [(f.persons, f.verdict) for f in found] == [
        ((A,), Verdict.UNKNOWN),
        (("u5",), Verdict.UNKNOWN),
    ]


def test_a_distant_relation_is_named_but_not_barred():
    (found,) = judged([Relative(A, "姑父", "乙", B)], inspects=True)
    assert found.verdict is Verdict.MET
