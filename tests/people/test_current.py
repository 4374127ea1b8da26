"""The copies that lists show follow from the histories."""

from __future__ import annotations

import datetime

import pytest

from bole.people.current import highest_education, refresh_current, spelling
from bole.people.models import Cadre, GradeSpell, PostSpell

D = datetime.date


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("曾静倩", "zengjingqian", "zjq"),
        ("单国强", "shanguoqiang", "sgq"),
        ("尉迟　敏", "yuchimin", "ycm"),
        ("令狐冲", "linghuchong", "lhc"),
        ("John Smith", "johnsmith", "j"),
        ("", "", ""),
    ],
)
def test_spelling(name, full, initials):
    assert spelling(name) == (full, initials)


def test_current_post_grade_and_since(cadre, others):
    assert cadre.unit.name == "安澜县农业农村局"
    assert cadre.post_title == "安澜县农业农村局局长"
    assert (cadre.grade, cadre.grade_since) == ("section_chief", D(2019, 1, 1))
    assert cadre.post_since == D(2019, 1, 1)
    assert cadre.education_level == "本科"
    deputy = others["单国强"]
    assert (deputy.grade, deputy.grade_since) == ("section_deputy", D(2022, 3, 1))
    # Retired: the last unit stays, so that the person is found; no post and no grade since.
    assert others["老周"].unit.name == "安澜县白鹭镇"
    assert others["老周"].post_title == ""
    assert others["孙无职"].unit is None


def test_the_main_post_is_not_the_concurrent_one(county, cadre):
    PostSpell.objects.create(
        cadre=cadre,
        unit=county["town"],
        unit_name="安澜县白鹭镇",
        title="第一书记",
        grade="section_chief",
        concurrent=True,
        start=D(2025, 1, 1),
    )
    refresh_current([cadre.pk])
    cadre.refresh_from_db()
    assert cadre.unit == county["bureau"]
    assert cadre.post_title == "安澜县农业农村局局长，安澜县白鹭镇第一书记"
    assert cadre.post_since == D(2019, 1, 1)


def test_grade_since_runs_over_posts_of_the_same_grade(county):
    person = Cadre.objects.create(name="林一", sex="男")
    for title, grade, start, end in (
        ("科员", "staff", D(2010, 1, 1), D(2015, 1, 1)),
        ("副局长", "section_deputy", D(2015, 1, 1), D(2018, 1, 1)),
        ("副镇长", "section_deputy", D(2018, 1, 1), None),
    ):
        PostSpell.objects.create(
            cadre=person,
            unit=county["town"],
            unit_name="某",
            title=title,
            grade=grade,
            start=start,
            end=end,
        )
    refresh_current([person.pk])
    person.refresh_from_db()
    assert (person.grade, person.grade_since) == ("section_deputy", D(2015, 1, 1))
    GradeSpell.objects.create(cadre=person, grade="section_deputy", start=D(2015, 3, 1))
    refresh_current([person.pk])
    person.refresh_from_db()
    assert person.grade_since == D(2015, 3, 1)


def test_highest_education():
    assert highest_education(["专科", "本科", "研究生", "中专"]) == "研究生"
    assert highest_education([]) == ""
    assert highest_education(["党校学习"]) == "党校学习"
