"""The first page: groups, kinds, and what stands there when nothing is due."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone, translation

from bole.desk import queries
from bole.desk.queries import Item, board
from bole.people.models import Cadre, Sanction
from bole.selection import queries as selection
from bole.web.due import Due

TODAY = datetime.date(2026, 3, 2)


def day(number: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=number)


@pytest.mark.parametrize(
    ("when", "blocked", "group"),
    [
        (-1, False, "overdue"),
        (0, False, "soon"),
        (7, False, "soon"),
        (8, False, "later"),
        (None, False, "undated"),
        (-30, True, "blocked"),
        (None, True, "blocked"),
    ],
)
def test_an_item_stands_in_one_group(when, blocked, group):
    due = Due("x", "/", "step", None if when is None else day(when), blocked=blocked)
    assert Item(due, "selection", TODAY).group == group


@pytest.mark.parametrize(("when", "words"), [(0, "今天"), (3, "还有3天"), (-2, "已过2天")])
def test_the_days_are_said_in_words(when, words):
    with translation.override("zh-hans"):
        assert Item(Due("x", "/", "step", day(when)), "selection", TODAY).left == words


@pytest.fixture
def reported(monkeypatch):
    """Lets the selection room report given items, and every other room nothing."""

    def report(*items: Due):
        monkeypatch.setattr(queries, "ROOMS", ("selection",))
        monkeypatch.setattr(selection, "due", lambda user, today: list(items))

    return report


@pytest.mark.django_db
def test_the_board_counts_all_and_shows_the_chosen_kind(reported, user_with):
    reported(
        Due("late", "/a", "step", day(-1)),
        Due("soon", "/b", "ballot", day(2)),
        Due("stuck", "/c", "blocked", day(5), blocked=True),
    )
    found = board(user_with("section_officer"), TODAY, "ballot")
    assert {g.key: g.count for g in found.groups if g.count} == {
        "blocked": 1,
        "overdue": 1,
        "soon": 1,
    }
    assert [i.due.what for g in found.groups for i in g.items] == ["soon"]
    assert [code for code, _label, _count in found.kinds] == ["blocked", "step", "ballot"]
    assert board(user_with("section_officer"), TODAY, "unheard-of").shown == 3


@pytest.mark.django_db
def test_the_page_shows_reason_date_and_link(reported, sign_in):
    reported(Due("2026-001 推荐", "/cases/1/", "blocked", timezone.localdate(), "缺少纪要", True))
    page = sign_in("section_officer").get("/").content.decode()
    for words in ("2026-001 推荐", "/cases/1/", "缺少纪要", "今天", "受阻"):
        assert words in page


@pytest.mark.django_db
def test_nothing_due_says_where_to_go_on(reported, sign_in):
    reported()
    page = sign_in("section_officer").get("/").content.decode()
    assert "没有待办事项" in page
    assert 'href="/people/"' in page


@pytest.mark.django_db
def test_a_person_without_roles_is_told_whom_to_ask(sign_in):
    page = sign_in(username="newcomer").get("/").content.decode()
    assert "请联系安全管理员" in page


@pytest.mark.django_db
def test_a_cadre_sees_what_may_be_replied_to(sign_in, user_with):
    user = user_with("cadre")
    cadre = Cadre.objects.create(name="王某", sex="女", account=user)
    Sanction.objects.create(cadre=cadre, kind="诫勉", date=TODAY, effect_from=TODAY)
    page = sign_in("cadre").get("/").content.decode()
    assert "诫勉" in page


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["section_officer", "department_head", "auditor", "cadre"])
def test_the_page_needs_few_queries(sign_in, role, django_assert_max_num_queries):
    client = sign_in(role)
    client.get("/")
    with django_assert_max_num_queries(15):
        client.get("/")


@pytest.mark.django_db
def test_the_page_is_complete_in_english(reported, sign_in):
    reported(Due("x", "/", "step", day(0)))
    client = sign_in("section_officer")
    client.cookies["bole_language"] = "en"
    page = client.get("/").content.decode()
    assert "Due within 7 days" in page
    assert "待办" not in page
