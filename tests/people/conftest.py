"""A small county: three units, five cadres with what their files need to show."""

from __future__ import annotations

import datetime

import pytest

from bole.people.actions import refresh_current
from bole.people.models import (
    Appraisal,
    Cadre,
    Education,
    GradeSpell,
    Picture,
    PostSpell,
    Relation,
    Sanction,
    Training,
)
from bole.units.models import HeadcountLine, Post, Unit

D = datetime.date
ID_NUMBER = "37112219730825194X"  # 1973-08-25, a woman; the check digit is right


@pytest.fixture
def county(db):
    """The root with a bureau and a town: `county["bureau"]`, `county["town"]`, posts, lines."""
    root = Unit.objects.add_root(instance=Unit(code="A", name="安澜县", kind="group"))
    bureau = Unit.objects.add_child(
        root, instance=Unit(code="A1", name="安澜县农业农村局", kind="department")
    )
    town = Unit.objects.add_child(root, instance=Unit(code="A2", name="安澜县白鹭镇", kind="town"))
    for unit in (bureau, town):
        unit.refresh_from_db()
    head = Post.objects.create(unit=bureau, title="局长", grade="section_chief", head=True, order=1)
    deputy = Post.objects.create(unit=bureau, title="副局长", grade="section_deputy", order=2)
    line = HeadcountLine.objects.create(
        unit=bureau,
        grade="section_chief",
        approved=1,
        basis="安编发〔2021〕1号",
        valid_from=D(2021, 1, 1),
    )
    return {
        "root": root,
        "bureau": bureau,
        "town": town,
        "head": head,
        "deputy": deputy,
        "line": line,
    }


@pytest.fixture
def cadre(county):
    """曾静, head of the bureau, with every kind of sensitive data."""
    person = Cadre.objects.create(
        name="曾静",
        sex="女",
        birth=D(1973, 8, 25),
        birth_precision="day",
        party="中共党员",
        party_joined=D(1994, 8, 1),
        work_start=D(1995, 7, 1),
        identity="civil_servant",
        health="高血压秘密",
        id_number=ID_NUMBER,
        awards_text="2001年受警告秘密",
    )
    PostSpell.objects.create(
        cadre=person,
        unit=county["town"],
        unit_name="安澜县白鹭镇",
        unit_kind="town",
        title="科员",
        grade="staff",
        start=D(1995, 7, 1),
        end=D(2019, 1, 1),
    )
    PostSpell.objects.create(
        cadre=person,
        unit=county["bureau"],
        unit_name="安澜县农业农村局",
        post=county["head"],
        title="局长",
        grade="section_chief",
        leading=True,
        head=True,
        team=True,
        start=D(2019, 1, 1),
        source="安组任〔2019〕1号",
    )
    GradeSpell.objects.create(cadre=person, grade="section_chief", start=D(2019, 1, 1))
    Education.objects.create(
        cadre=person,
        level="本科",
        degree="学士",
        mode="full_time",
        school="聊城大学",
        major="农学",
        start=D(1991, 9, 1),
        end=D(1995, 7, 1),
    )
    Appraisal.objects.create(cadre=person, year=2025, grade="优秀")
    Training.objects.create(cadre=person, name="进修班", days="10.5", start=D(2024, 3, 1))
    Relation.objects.create(cadre=person, kinship="丈夫", name="贺秘密", employer="某公司秘密")
    Sanction.objects.create(
        cadre=person,
        category="admonition",
        kind="诫勉秘密",
        issuer="县纪委",
        date=D(2024, 1, 5),
        effect_from=D(2024, 1, 5),
        status="confirmed",
    )
    Picture.objects.create(cadre=person, image=b"\x89PNG-secret", media_type="image/png")
    refresh_current([person.pk])
    person.refresh_from_db()
    return person


@pytest.fixture
def others(county):
    """A namesake, a deputy of the town, a retired man and a person without any post."""
    rows = [
        Cadre(name="曾静", sex="男", birth=D(1980, 2, 1), birth_precision="month"),
        Cadre(name="单国强", sex="男", birth=D(1990, 5, 1), party="民盟"),
        Cadre(name="老周", sex="男", birth=D(1960, 1, 1), status="retired"),
        Cadre(name="孙无职", sex="女", birth=D(1995, 1, 1)),
    ]
    Cadre.objects.bulk_create(rows)
    PostSpell.objects.create(
        cadre=rows[1],
        unit=county["town"],
        unit_name="安澜县白鹭镇",
        title="副镇长",
        grade="section_deputy",
        leading=True,
        team=True,
        start=D(2022, 3, 1),
    )
    PostSpell.objects.create(
        cadre=rows[2],
        unit=county["town"],
        unit_name="安澜县白鹭镇",
        title="镇长",
        grade="section_chief",
        leading=True,
        start=D(2001, 3, 1),
        end=D(2020, 1, 1),
    )
    refresh_current([r.pk for r in rows])
    return {r.name if i else "namesake": Cadre.objects.get(pk=r.pk) for i, r in enumerate(rows)}
