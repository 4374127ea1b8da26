"""Pages of units by role, and what officers change there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.accounts.models import Role
from bole.record.models import Entry
from bole.units.models import HeadcountLine, Post, Unit


@pytest.fixture
def county(db):
    root = Unit.objects.add_root(instance=Unit(code="A", name="安澜县", kind="group"))
    Unit.objects.add_child(root, instance=Unit(code="A1", name="某局", kind="department"))
    Unit.objects.add_child(root, instance=Unit(code="A2", name="某镇", kind="town"))
    return {u.code: u for u in Unit.objects.all()}


READERS = {"section_officer", "department_head", "auditor", "unit_liaison"}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", ["list", "headcount", "vacancies"])
def test_lists_by_role(sign_in, county, role, name):
    response = sign_in(role).get(reverse(f"units:{name}"))
    assert response.status_code == (200 if role in READERS else 403)


def test_a_liaison_sees_the_own_units_only(sign_in, county):
    client = sign_in("unit_liaison", unit=county["A2"])
    html = client.get(reverse("units:list")).content.decode()
    assert "某镇" in html and "某局" not in html
    assert client.get(reverse("units:detail", args=[county["A1"].pk])).status_code == 404
    assert client.get(reverse("units:edit", args=[county["A2"].pk])).status_code == 403


def test_an_officer_sets_up_a_unit_with_posts_and_lines(sign_in, county):
    client = sign_in("section_officer")
    form = {"code": "A3", "name": "新局", "kind": "department", "nature": "administrative"}
    client.post(reverse("units:add-below", args=[county["A"].pk]), form)
    unit = Unit.objects.get(code="A3")
    assert unit.get_parent().code == "A"
    client.post(
        reverse("units:post-add", args=[unit.pk]),
        {"title": "局长", "grade": "section_chief", "leading": "on", "team": "on", "order": 1},
    )
    post = Post.objects.get()
    line = {
        "grade": "section_chief",
        "leading": "on",
        "nature": "administrative",
        "approved": 1,
        "basis": "安编发〔2026〕1号",
        "valid_from": "2026-01-01",
    }
    client.post(reverse("units:line-add", args=[unit.pk]), line)
    row = HeadcountLine.objects.get()
    client.post(reverse("units:line-verify", args=[unit.pk, row.pk]))
    page = client.get(reverse("units:detail", args=[unit.pk])).content.decode()
    assert "局长" in page and "安编发〔2026〕1号" in page and str(row.approved) in page
    client.post(reverse("units:post-abolish", args=[unit.pk, post.pk]), {"day": "2026-06-01"})
    client.post(reverse("units:line-end", args=[unit.pk, row.pk]), {"day": "2026-06-01"})
    client.post(reverse("units:close", args=[unit.pk]), {"day": "2026-06-01"})
    done = Entry.objects.filter(stream=f"unit:{unit.pk}").order_by("sequence")
    assert list(done.values_list("action", flat=True)) == [
        "unit.add",
        "post.add",
        "headcount.add",
        "headcount.verify",
        "post.abolish",
        "headcount.end",
        "unit.close",
    ]


def test_the_same_code_twice_is_refused(sign_in, county):
    client = sign_in("section_officer")
    form = {"code": "A1", "name": "又一局", "kind": "department", "nature": "administrative"}
    client.post(reverse("units:new"), form)
    assert Unit.objects.count() == 3


def test_ledger_filters_and_export(sign_in, county):
    for code, approved in (("A1", 2), ("A2", None)):
        HeadcountLine.objects.create(
            unit=county[code], grade="section_deputy", approved=approved, valid_from="2020-01-01"
        )
    client = sign_in("section_officer")
    url = reverse("units:headcount")
    page = client.get(url)
    assert page.context["totals"] == {
        "approved": 2,
        "filled": 0,
        "vacant": 2,
        "over": 0,
        "unknown": 1,
        "unknown_filled": 0,
    }
    unknown = client.get(url, {"state": "unknown", "export": "csv"}).content.decode()
    assert "某镇" in unknown and "某局" not in unknown and "?" in unknown
    below = client.get(url, {"unit": county["A1"].pk}).context["table"].rows
    assert [r.unit.code for r in below] == ["A1"]


def test_number_of_queries(sign_in, county, django_assert_max_num_queries):
    client = sign_in("section_officer")
    for url in (
        reverse("units:list"),
        reverse("units:headcount"),
        reverse("units:detail", args=[county["A1"].pk]),
    ):
        with django_assert_max_num_queries(15):
            client.get(url)
