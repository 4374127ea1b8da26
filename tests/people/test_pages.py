"""The list and one file, by role: what is shown, what is not even in the page, what is logged."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.accounts.models import Role
from bole.people.models import Cadre
from bole.people.permissions import SENSITIVE
from bole.record.models import Entry, Reading

SECRETS = (
    "37112219730825194X",
    "高血压秘密",
    "贺秘密",
    "某公司秘密",
    "诫勉秘密",
    "警告秘密",
    "PNG-secret",
)
STAFF = ("section_officer", "department_head", "auditor")


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def names(response) -> set[str]:
    return {cell["value"] for row in response.context["table"].body for cell in row["cells"][:1]}


@pytest.mark.parametrize("role", Role.values)
def test_list_by_role(sign_in, cadre, others, role):
    response = page(sign_in(role), "people:list")
    allowed = role in (*STAFF, "unit_liaison")
    assert response.status_code == (200 if allowed else 403)
    if allowed:
        assert names(response) == {"曾静", "单国强", "孙无职"}


def test_a_liaison_sees_the_own_unit_tree_only(sign_in, county, cadre, others):
    client = sign_in("unit_liaison", unit=county["town"])
    assert names(page(client, "people:list")) == {"单国强"}
    assert page(client, "people:detail", cadre.pk).status_code == 404
    assert page(client, "people:detail", others["单国强"].pk).status_code == 200
    assert page(client, "people:list", export="csv").content.decode().count("曾静") == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "曾"}, {"曾静"}),
        ({"q": "zj"}, {"曾静"}),
        ({"q": "zengjing"}, {"曾静"}),
        ({"q": "sgq 白鹭"}, {"单国强"}),
        ({"q": "局长"}, {"曾静"}),
        ({"q": "%"}, set()),
        ({"sex": "女", "grade": "section_chief"}, {"曾静"}),
        ({"party": "other"}, {"单国强"}),
        ({"status": "retired"}, {"老周"}),
        ({"status": "all", "sex": "男"}, {"曾静", "单国强", "老周"}),
        ({"education": "本科"}, {"曾静"}),
        ({"unit": "x"}, set()),
        ({"page": "99"}, {"曾静", "单国强", "孙无职"}),
    ],
)
def test_search_and_filters_combine(sign_in, cadre, others, query, found):
    assert names(page(sign_in("section_officer"), "people:list", **query)) == found


def test_filter_by_unit_and_age(sign_in, county, cadre, others):
    client = sign_in("section_officer")
    assert names(page(client, "people:list", unit=county["root"].pk)) == {"曾静", "单国强"}
    assert names(page(client, "people:list", unit=county["bureau"].pk)) == {"曾静"}


def test_age_band_counts_the_birth_month_as_reached(cadre):
    import datetime

    from bole.people.queries.cadres import age, aged

    rows = Cadre.objects.filter(pk=cadre.pk)  # born 1973-08
    before, reached = datetime.date(2024, 7, 31), datetime.date(2024, 8, 1)
    assert (age(cadre.birth, before), age(cadre.birth, reached)) == (50, 51)
    assert aged(rows, "50", before).exists() and not aged(rows, "55", before).exists()
    assert aged(rows, "55", reached).exists() and not aged(rows, "50", reached).exists()


def test_export_as_seen(sign_in, cadre, others):
    response = page(
        sign_in("section_officer"), "people:list", q="zj", columns=["name", "post"], export="csv"
    )
    text = response.content.decode("utf-8-sig")
    assert text.splitlines()[1:] == ["曾静,", "曾静,安澜县农业农村局局长"] or set(
        text.splitlines()[1:]
    ) == {"曾静,", "曾静,安澜县农业农村局局长"}
    assert Entry.objects.get(action="people.roster").after["columns"] == ["name", "post"]


@pytest.mark.parametrize("role", [*STAFF, "unit_liaison"])
def test_whoever_lists_may_export_what_is_seen(sign_in, cadre, role):
    assert page(sign_in(role), "people:list", export="xlsx").status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_no_secret_is_in_the_page(sign_in, cadre, role):
    response = page(sign_in(role), "people:detail", cadre.pk)
    reads = role in (*STAFF, "unit_liaison", "inspector", "discipline_liaison", "committee_member")
    assert response.status_code == (200 if reads else 404)
    html = response.content.decode()
    assert not [s for s in SECRETS if s in html]
    assert Reading.objects.count() == 0


RIGHTS = {
    "section_officer": set(SENSITIVE),
    "department_head": set(SENSITIVE),
    "auditor": set(SENSITIVE),
    "inspector": {"family", "sanctions", "picture"},
    "discipline_liaison": {"family", "sanctions"},
    "committee_member": {"picture"},
    "unit_liaison": set(),
}


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("field", SENSITIVE)
def test_showing_needs_the_right_and_is_logged(sign_in, cadre, role, field):
    client = sign_in(role)
    url = reverse("people:show", args=[cadre.pk, field])
    response = client.post(url, {"reason": "考察需要"}, headers={"HX-Request": "true"})
    if field not in RIGHTS[role]:
        assert response.status_code == 403
        assert Reading.objects.count() == 0
        return
    assert response.status_code == 200
    reading = Reading.objects.get()
    assert (reading.fields, reading.reader_name, reading.reason) == ([field], role, "考察需要")
    assert reading.ref == f"people.cadre:{cadre.pk}"


@pytest.mark.parametrize(
    ("role", "refused"), [("section_officer", False), ("auditor", True), ("inspector", True)]
)
def test_others_than_officers_say_why(sign_in, cadre, role, refused):
    url = reverse("people:show", args=[cadre.pk, "sanctions"])
    response = sign_in(role).post(url, headers={"HX-Request": "true"})
    assert ("诫勉秘密" in response.content.decode()) is not refused
    assert Reading.objects.count() == (0 if refused else 1)


def test_showing_works_without_script(sign_in, cadre):
    url = reverse("people:show", args=[cadre.pk, "id_number"])
    html = sign_in("section_officer").post(url).content.decode()
    assert "37112219730825194X" in html and "<html" in html


def test_readings_are_seen_by_officers_and_auditors(sign_in, cadre):
    sign_in("section_officer").post(reverse("people:show", args=[cadre.pk, "family"]))
    assert (
        "section_officer" in page(sign_in("auditor"), "people:readings", cadre.pk).content.decode()
    )
    assert page(sign_in("unit_liaison"), "people:readings", cadre.pk).status_code == 403


def test_queries_of_list_and_profile(sign_in, cadre, others, django_assert_max_num_queries):
    client = sign_in("section_officer")
    with django_assert_max_num_queries(15):
        page(client, "people:list", q="zj", sex="女")
    with django_assert_max_num_queries(15):
        page(client, "people:detail", cadre.pk)


def test_unknown_pages(sign_in, cadre):
    client = sign_in("section_officer")
    assert page(client, "people:detail", 999).status_code == 404
    assert client.get(f"/people/{cadre.pk}/nonsense/add/").status_code == 404
    assert client.post(f"/people/{cadre.pk}/show/nonsense/").status_code == 403
