"""The headcount ledger: approved, filled, vacant, over; what is not known is never zero."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.people.models import Cadre, PostSpell
from bole.units import actions
from bole.units.models import HeadcountLine, Post, Unit
from bole.units.queries import due, headcount_ledger, seats, structure, team, tree, vacant_posts

D = datetime.date
DAY = D(2026, 11, 24)


@pytest.fixture
def unit(db):
    return Unit.objects.add_root(instance=Unit(code="B", name="某局", kind="department"))


def line(unit, approved, grade="section_deputy", **values):
    return HeadcountLine.objects.create(
        unit=unit, grade=grade, approved=approved, valid_from=D(2020, 1, 1), **values
    )


def holder(unit, name="林一", grade="section_deputy", identity="", **spell):
    person, _new = Cadre.objects.get_or_create(
        name=name, defaults={"sex": "男", "identity": identity}
    )
    values = {"title": "副局长", "leading": True, "start": D(2021, 1, 1), **spell}
    return PostSpell.objects.create(
        cadre=person, unit=unit, unit_name=unit.name, grade=grade, **values
    )


def figures(rows):
    return [(r.grade, r.approved, r.filled, r.vacant, r.over, r.state) for r in rows]


@pytest.mark.parametrize(
    ("approved", "people", "expected"),
    [
        (3, 2, (3, 2, 1, 0, "vacant")),
        (2, 2, (2, 2, 0, 0, "full")),
        (1, 2, (1, 2, 0, 1, "over")),
        (0, 1, (0, 1, 0, 1, "over")),
        (0, 0, (0, 0, 0, 0, "full")),
        (None, 2, (None, 2, None, None, "unknown")),
        (None, 0, (None, 0, None, None, "unknown")),
    ],
)
def test_one_line(unit, approved, people, expected):
    line(unit, approved)
    for n in range(people):
        holder(unit, f"林{n}")
    assert figures(headcount_ledger(DAY, [unit])) == [("section_deputy", *expected)]


def test_a_level_without_a_line_is_unknown(unit):
    holder(unit)
    (row,) = headcount_ledger(DAY, [unit])
    assert (row.line, row.approved, row.filled, row.state) == (None, None, 1, "unknown")


def test_two_posts_of_one_line_count_once(unit):
    line(unit, 2)
    holder(unit, title="副局长")
    holder(unit, title="党组成员", concurrent=True)
    (row,) = headcount_ledger(DAY, [unit])
    assert (row.filled, row.concurrent, row.vacant) == (1, 0, 1)


def test_a_concurrent_post_elsewhere_counts_there_too(unit):
    other = Unit.objects.add_root(instance=Unit(code="C", name="某镇", kind="town"))
    line(unit, 1)
    line(other, 1)
    holder(unit)
    holder(other, title="党委书记", concurrent=True)
    assert [(r.filled, r.concurrent) for r in headcount_ledger(DAY)] == [(1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("spell", "held"),
    [
        ({"start": D(2026, 11, 24)}, True),
        ({"start": D(2026, 11, 25)}, False),
        ({"start": None}, True),
        # A month-only end is the month in which the next post begins.
        ({"end": D(2026, 11, 1), "end_precision": "month"}, False),
        ({"end": D(2026, 12, 1), "end_precision": "month"}, True),
        ({"end": DAY, "end_precision": "day"}, True),
        ({"end": D(2026, 11, 23), "end_precision": "day"}, False),
    ],
)
def test_as_of_a_day(unit, spell, held):
    line(unit, 1)
    holder(unit, **spell)
    assert headcount_ledger(DAY, [unit])[0].filled == held


def test_who_retired_fills_nothing(unit):
    line(unit, 1)
    spell = holder(unit)
    Cadre.objects.filter(pk=spell.cadre_id).update(status="retired")
    assert headcount_ledger(DAY, [unit])[0].filled == 0


def test_lines_of_several_establishments(unit):
    line(unit, 1, nature="administrative")
    line(unit, 1, nature="institution")
    holder(unit, "林一", identity="civil_servant")
    holder(unit, "林二", identity="institution")
    holder(unit, "林三", identity="")  # unknown identity: the unit's own nature
    rows = {r.nature: (r.filled, r.over) for r in headcount_ledger(DAY, [unit])}
    assert rows == {"administrative": (2, 1), "institution": (1, 0)}


def test_lines_are_valid_between_their_days(unit):
    old = line(unit, 5)
    old.valid_to = D(2025, 12, 31)
    old.save()
    HeadcountLine.objects.create(
        unit=unit, grade="section_deputy", approved=3, valid_from=D(2026, 1, 1)
    )
    assert [r.approved for r in headcount_ledger(D(2025, 6, 1), [unit])] == [5]
    assert [r.approved for r in headcount_ledger(DAY, [unit])] == [3]


def test_posts_that_are_not_leading_need_a_line_of_their_own(unit):
    holder(unit, "林一", grade="staff", leading=False, title="科员")
    assert headcount_ledger(DAY, [unit]) == []
    line(unit, 3, grade="staff", leading=False)
    assert figures(headcount_ledger(DAY, [unit])) == [("staff", 3, 1, 2, 0, "vacant")]


def test_team_with_vacancies_and_posts_that_no_list_has(unit):
    first = Post.objects.create(unit=unit, title="局长", grade="section_chief", order=1)
    Post.objects.create(unit=unit, title="副局长", grade="section_deputy", order=2)
    Post.objects.create(unit=unit, title="科长", grade="unit_chief", team=False, order=3)
    holder(unit, "林一", title="局长", post=first, team=True, grade="section_chief")
    holder(unit, "林二", title="总工程师", team=True)
    found = [(s.title, [h.cadre.name for h in s.holders], s.vacant) for s in team(unit, DAY)]
    assert found == [("局长", ["林一"], False), ("副局长", [], True), ("总工程师", ["林二"], False)]
    assert [s.title for s in seats(unit, DAY)] == ["局长", "副局长", "科长", "总工程师"]
    assert [p.title for p in vacant_posts(DAY)] == ["副局长", "科长"]
    row = tree(Unit.objects.all(), DAY)[0]
    assert (row.posts, row.vacant) == (2, 1)


def test_structure_by_age_and_education(unit):
    for name, sex, birth, level in (
        ("林一", "男", D(1996, 11, 1), "本科"),
        ("林二", "女", D(1996, 12, 1), "专科"),
        ("林三", "女", None, ""),
    ):
        Cadre.objects.create(name=name, sex=sex, birth=birth, unit=unit, education_level=level)
    found = structure(unit, DAY)  # born in November 1996: 30, the month counts as reached
    totals = {b.label: (b.men, b.women) for b in found["age"] if b.total}
    assert list(totals.values()) == [(1, 1), (0, 1)]
    assert sum(b.total for b in found["education"]) == 3


# ---- changes ---------------------------------------------------------------------------------


def values(**changed):
    return {
        "grade": "section_deputy",
        "leading": True,
        "nature": "administrative",
        "approved": 3,
        "basis": "安编发〔2026〕1号",
        "valid_from": D(2026, 1, 1),
        "valid_to": None,
        **changed,
    }


def test_an_approved_number_rests_on_a_document(user_with, unit):
    officer = user_with("section_officer")
    with pytest.raises(BoleError, match="依据"):
        actions.save_line(actor=officer, unit=unit, values=values(basis=""))
    actions.save_line(actor=officer, unit=unit, values=values(basis="", approved=None))


def test_a_new_line_ends_the_one_before(user_with, unit):
    old = line(unit, 5)
    actions.save_line(actor=user_with("section_officer"), unit=unit, values=values())
    old.refresh_from_db()
    assert old.valid_to == D(2025, 12, 31)
    assert [r.approved for r in headcount_ledger(DAY, [unit])] == [3]


@pytest.mark.parametrize(
    "change", [{"valid_to": D(2020, 1, 1)}, {"grade": "king"}, {"approved": -1}]
)
def test_wrong_lines_are_refused(user_with, unit, change):
    with pytest.raises(BoleError):
        actions.save_line(actor=user_with("section_officer"), unit=unit, values=values(**change))
    assert not HeadcountLine.objects.exists()


def test_a_held_post_is_not_abolished(user_with, unit):
    post = Post.objects.create(unit=unit, title="局长", grade="section_chief")
    spell = holder(unit, post=post)
    officer = user_with("section_officer")
    with pytest.raises(BoleError, match="林一"):
        actions.abolish_post(actor=officer, post=post, day=DAY)
    with pytest.raises(BoleError, match="1人"):
        actions.close_unit(actor=officer, unit=unit, day=DAY)
    spell.end = D(2026, 10, 1)
    spell.save()
    actions.abolish_post(actor=officer, post=post, day=DAY)
    actions.close_unit(actor=officer, unit=unit, day=DAY)
    assert not vacant_posts(DAY).exists()


def test_due_names_unknown_and_over(user_with, unit):
    line(unit, None)
    line(unit, 0, grade="section_chief")
    holder(unit, grade="section_chief")
    items = due(user_with("section_officer"), DAY)
    assert [i.url.split("=")[1] for i in items] == ["unknown", "over"]
    assert due(user_with("auditor"), DAY) == []
