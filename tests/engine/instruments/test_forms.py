"""Forms as data: what a form may say, what is left open, caps."""

import pytest
from pydantic import ValidationError

from bole.engine.instruments import (
    CountCap,
    FormPackage,
    InstrumentForm,
    check_grades,
    editor_warnings,
    room,
)


def form(**given):
    return InstrumentForm.model_validate({"id": "f", **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"items": [{"id": "a", "kind": "agree"}, {"id": "a", "kind": "agree"}]}, "重复"),
        ({"items": [{"id": "a", "kind": "stars"}]}, "kind"),
        ({"items": [{"id": "a", "kind": "grade", "options": ["x"]}]}, "至少两个"),
        ({"items": [{"id": "a", "kind": "grade", "options": ["x", "x"]}]}, "重复"),
        ({"items": [{"id": "a", "kind": "points", "max_points": -1}]}, "小于0"),
        ({"items": [{"id": "a", "kind": "agree", "categories": [{"id": "h"}]}]}, "分类别"),
        ({"caps": [{"options": ["A"], "at_most": "30%"}]}, "不存在"),
        (
            {
                "points_total": 100,
                "items": [
                    {"id": "a", "kind": "points", "max_points": 60},
                    {"id": "b", "kind": "points", "max_points": 30},
                ],
            },
            "合计90",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_form_that_cannot_be_right(given, said):
    with pytest.raises(ValidationError, match=said):
        form(**given)


def test_standard_options():
    item = form(items=[{"id": "a", "kind": "reverse"}]).items[0]
    assert [o.id for o in item.options] == ["absent", "to_some_extent", "present", "do_not_know"]
    assert [o.label.zh for o in form(items=[{"id": "a", "kind": "agree"}]).items[0].options] == [
        "同意",
        "不同意",
        "弃权",
    ]


def test_what_the_source_leaves_open_is_asked_for():
    open_ = form(
        open_lists=["items"],
        caps=[],
        items=[],
    ).unsettled()
    assert any("开放清单" in t.zh for t in open_) and any("署名" in t.zh for t in open_)
    nominate = form(anonymous=True, items=[{"id": "n", "kind": "nominate"}]).unsettled()
    assert any("超选" in t.zh for t in nominate) and any("人数" in t.zh for t in nominate)
    posts = form(
        anonymous=True,
        over_pick="void_ballot",
        items=[{"id": "n", "kind": "nominate", "max_picks": "posts"}],
    )
    assert posts.unsettled() == []
    points = form(anonymous=True, items=[{"id": "p", "kind": "points"}]).unsettled()
    assert any("分值" in t.zh for t in points)


def test_a_package_is_complete_only_with_all_forms():
    package = FormPackage(id="p", forms=("talk", "rating", "opinion"))
    assert package.missing(["opinion", "talk"]) == ["rating"]


HIGH = CountCap.model_validate({"options": ["A", "B"], "at_most": "30%", "level": "each_ballot"})
LOW = CountCap.model_validate({"options": ["D", "E"], "at_least": "10%", "level": "each_ballot"})


@pytest.mark.parametrize(
    ("persons", "grades", "codes"),
    [
        (20, (2, 4, 12, 1, 1), []),
        (20, (3, 4, 11, 2, 0), ["OVER_CAP"]),
        (17, (2, 3, 11, 1, 0), ["UNDER_FLOOR"]),
        (20, (2, 4, 11, 2, 0), ["GRADES_INCOMPLETE"]),
        (20, (2, 4, 14, 2, 0), ["GRADES_TOO_MANY"]),
        (20, (9, 4, 7, 0, 0), ["OVER_CAP", "UNDER_FLOOR"]),
        (20, (-1, 4, 14, 2, 0), ["COUNT"]),
        (20, (None, 4, 14, 2, 0), ["GRADE_MISSING"]),
        ("many", (2, 4, 12, 1, 1), ["COUNT"]),
    ],
)
def test_caps(persons, grades, codes):
    given = dict(zip("ABCDE", grades, strict=True))
    assert [p.code for p in check_grades([HIGH, LOW], given, persons)] == codes


def test_small_units_are_pointed_out_before_use():
    assert (room(HIGH, 3).at_most, room(LOW, 3).at_least) == (0, 1)
    (warning,) = editor_warnings([HIGH, LOW], 3)
    assert "3" in warning.text.en and "nobody" in warning.text.en
    assert editor_warnings([HIGH, LOW], 20) == []
