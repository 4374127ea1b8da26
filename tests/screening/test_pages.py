"""The screening room: by role and scope, rules on the roster, reasons, lists, comparisons."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from bole.accounts.models import Role
from bole.engine.errors import BoleError
from bole.record.models import Entry, Reading
from bole.schemes.actions import install_file
from bole.screening import actions, roster
from bole.screening.builder import Conditions, Group, Row
from bole.screening.models import SavedCondition, SavedList
from bole.screening.views import reasons

pytestmark = pytest.mark.django_db
PACK = """id: test-pack
name: 试用办法
place: 安澜县
parameters:
  years: {label: 年限, type: int, open: true}
rules:
  eligibility:
    - {id: T.1, text: 工龄够, require: years_of_work >= years}
    - {id: T.2, text: 没有处分影响, bar: sanctions_within(1200) >= 1}
    - {id: T.3, text: 民主作风好, judged: 作风是否民主}
"""
DAY = "2025-06-01"


@pytest.fixture
def scheme(user_with):
    head = user_with("department_head", username="installs")
    return install_file(actor=head, name="test-pack.yaml", content=PACK.encode())


@pytest.fixture
def source(scheme):
    return f"scheme-{scheme.pk}-eligibility"


def page(client, name, *args, **query):
    return client.get(reverse(f"screening:{name}", args=args), query)


def young(user) -> SavedCondition:
    rows = Conditions("and", [Group("and", [Row("age", {}, "<=", "40")])])
    return actions.save_condition(actor=user, name="年轻", conditions=rows)


@pytest.mark.parametrize("role", Role.values)
def test_by_role(sign_in, cadre, source, role):
    client = sign_in(role)
    allowed = 200 if role in ("section_officer", "department_head", "auditor") else 403
    assert page(client, "home").status_code == allowed
    assert page(client, "result", source, DAY, "years=20").status_code == allowed
    assert page(client, "why", source, DAY, "years=20", cadre.pk).status_code == allowed
    assert page(client, "reasons", source, DAY, "years=20").status_code == allowed


def test_an_open_value_is_asked_for(sign_in, cadre, others, source):
    client = sign_in("section_officer")
    first = page(client, "result", source, DAY, "-")
    assert first.context["open"] == ["年限"]
    assert first.context["counts"][0]["unknown"] == first.context["total"]
    address = reverse("screening:result", args=[source, DAY, "-"])
    after = client.post(address, {"years": "20"})
    assert after.url == reverse("screening:result", args=[source, DAY, "years=20"])
    shown = client.get(after.url)
    assert shown.context["open"] == [] and shown.context["questions"]
    assert page(client, "result", source, DAY, "years=many").status_code == 409
    assert page(client, "result", source, DAY, "other=1").status_code == 409
    for bad in (["scheme-9-x", DAY], ["saved-9", DAY], [source, "tomorrow"], ["x", DAY]):
        assert page(client, "result", *bad, "-").status_code == 404


def test_people_filters_and_freshness(sign_in, cadre, others, source):
    client = sign_in("section_officer")
    shown = page(client, "result", source, DAY, "years=20")
    rows = {r["name"]: r for r in shown.context["table"].rows if r["unit"]}
    assert rows["曾静"]["answers"] == {"T.1": "met", "T.2": "not_met", "T.3": "to_judge"}
    assert rows["单国强"]["answers"]["T.1"] == "unknown"
    only = page(client, "result", source, DAY, "years=20", only="T.2").context["table"]
    assert [r["person"] for r in only.rows] == [cadre.pk]
    before = roster.held()
    assert roster.held() is before
    cadre.name = "曾敬"
    cadre.save()
    assert roster.held() is not before


def test_rules_that_a_person_judges_are_counted_and_shown(user_with, sign_in, cadre, others):
    text = "".join(line for line in PACK.splitlines(keepends=True) if "T.2" not in line)
    head = user_with("department_head", username="installs")
    source = (
        f"scheme-{install_file(actor=head, name='a.yaml', content=text.encode()).pk}-eligibility"
    )
    client = sign_in("section_officer")
    shown = page(client, "result", source, DAY, "years=1")
    total = shown.context["total"]
    judged = shown.context["counts"][1]
    assert (judged["to_judge"], judged["left"]) == (total, shown.context["counts"][0]["left"])
    bars = shown.context["funnel"]["series"][0]["data"]
    assert [b["value"] for b in bars] == [total, *(c["left"] for c in shown.context["counts"])]
    tiles = {key: count for key, _word, count, _colour in shown.context["verdicts"]}
    assert tiles["met"] == 0 and sum(tiles.values()) == total
    asked = page(client, "result", source, DAY, "years=1", asks="T.3", verdict="to_judge")
    rows = asked.context["table"].rows
    assert len(rows) == tiles["to_judge"] > 0
    assert {r["asks"][0] for r in rows} == {"T.3"} and not any(r["stops"] for r in rows)
    person = rows[0]["person"]
    why = page(client, "why", source, DAY, "years=1", person)
    assert why.context["overall"] == "to_judge" and "作风是否民主" in why.content.decode()
    everybody = f"{source}|{DAY}|years=1"
    client.post(reverse("screening:list-add"), {"everybody": everybody, "name": "待判断"})
    assert SavedList.objects.get().members.count() == tiles["to_judge"]
    response = page(client, "reasons", source, DAY, "years=1")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert any("T.3" in str(c.value) for row in sheet for c in row)
    assert any("作风是否民主" in str(c.value) for row in sheet for c in row)


def test_a_long_screening_shows_that_it_goes_on(monkeypatch, sign_in, cadre, others, source):
    monkeypatch.setattr(roster, "MANY", 0)
    client = sign_in("section_officer")
    waiting = page(client, "result", source, DAY, "years=3")
    assert "table" not in (waiting.context or {}) and 'id="working"' in waiting.content.decode()
    assert page(client, "progress").content.decode()
    address = reverse("screening:result", args=[source, DAY, "years=3"])
    done = client.get(address, headers={"HX-Request": "true", "HX-Trigger": "working"})
    assert done.status_code == 204 and done.headers["HX-Refresh"] == "true"
    assert client.get(address).context["table"].rows


def test_many_reasons_are_written_in_pieces(monkeypatch, sign_in, cadre, others, source):
    monkeypatch.setattr(reasons, "AT_ONCE", 0)
    monkeypatch.setattr(reasons, "PIECE", 1)
    monkeypatch.setattr(reasons, "SECONDS", 0)
    client = sign_in("section_officer")
    key = page(client, "reasons", source, DAY, "years=3").context["key"]
    address = reverse("screening:reasons", args=[source, DAY, "years=3"])
    htmx = {"HX-Request": "true"}
    first = client.get(address, {"job": key}, headers=htmx)
    assert first.context["done"] == 0  # no time was left; each look writes at least what it can
    assert sign_in("department_head").get(address, {"job": key}).status_code == 302
    client = sign_in("section_officer")
    file = client.get(address, {"job": key})
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert "曾静" in {c.value for row in sheet for c in row}
    assert client.get(address, {"job": key}).status_code == 302


def test_a_refused_comparison_keeps_its_input(sign_in, cadre, source):
    client = sign_in("section_officer")
    shown = page(client, "comparing", source, DAY, "-", source=source, day="2025-13-01")
    assert shown.status_code == 200 and "2025-13-01" in shown.content.decode()
    address = reverse("screening:compare", args=[source, DAY, "-", source, "2026-06-01", "-"])
    assert [s["open"] for s in client.get(address).context["sides"]] == [["年限"], ["年限"]]
    given = client.post(address, {"side": "after", "after-years": "3"})
    assert given.url.endswith(f"with/{source}/2026-06-01/years=3/")


def test_scope_of_the_unit_tree(sign_in, county, cadre, others, source):
    client = sign_in("section_officer", unit=county["town"])
    table = page(client, "result", source, DAY, "years=20").context["table"]
    assert [r["name"] for r in table.rows] == ["单国强"]
    assert page(client, "why", source, DAY, "years=20", cadre.pk).status_code == 404
    response = client.post(
        reverse("screening:list-add"), {"people": [cadre.pk], "name": "外单位"}, follow=True
    )
    assert not SavedList.objects.exists() and response.status_code in (200, 409)


def test_reasons_log_a_reading_or_ask_for_one(sign_in, cadre, source):
    officer = page(sign_in("section_officer"), "why", source, DAY, "years=20", cadre.pk)
    assert "诫勉秘密" in officer.content.decode()
    assert Reading.objects.count() == 1
    auditor = page(sign_in("auditor"), "why", source, DAY, "years=20", cadre.pk)
    assert "诫勉秘密" not in auditor.content.decode()
    assert Reading.objects.count() == 1


def test_excel_with_reasons(sign_in, cadre, others, source):
    response = page(sign_in("section_officer"), "reasons", source, DAY, "years=20", q="曾静")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    text = "\n".join(str(c.value) for row in sheet for c in row if c.value)
    assert "29" in text and "单国强" not in text
    assert Entry.objects.filter(action="screening.export").count() == 1


def test_builder_saves_and_screens(sign_in, cadre, others):
    client = sign_in("section_officer")
    form = {
        "join": "and",
        "g0-join": "and",
        "g0-r0-fact": "age",
        "g0-r0-operator": "<=",
        "g0-r0-value": "",
    }
    address = reverse("screening:build")
    drawn = client.post(address, {**form, "do": "add-row-0"}, headers={"HX-Request": "true"})
    assert "g0-r1-fact" in drawn.content.decode() and drawn.context["problems"]
    form["g0-r0-value"] = "40"
    assert client.post(address, {**form, "do": "save"}).context["problems"]
    done = client.post(address, {**form, "do": "save", "name": "年轻"})
    saved = SavedCondition.objects.get()
    assert saved.rules[0]["require"] == "age <= 40" and f"saved-{saved.pk}" in done.url
    table = client.get(done.url, {"verdict": "met"}).context["table"]
    assert {r["name"] for r in table.rows} == {"单国强", "孙无职"}
    assert sign_in("department_head").get(done.url).status_code == 404


def test_only_the_owner_changes(user_with, cadre):
    owner, other = user_with("section_officer"), user_with("department_head")
    saved = young(owner)
    for act in (
        lambda: actions.drop_condition(actor=other, condition=saved),
        lambda: actions.save_condition(
            actor=other, name="x", conditions=Conditions.from_data(saved.rows), condition=saved
        ),
    ):
        with pytest.raises(Exception, match="screening.change"):
            act()
    with pytest.raises(BoleError, match="年轻"):
        young(owner)


def test_lists(sign_in, user_with, cadre, others):
    client = sign_in("section_officer")
    saved = young(user_with("section_officer"))
    everybody = f"saved-{saved.pk}|{DAY}|-"
    add = reverse("screening:list-add")
    response = client.post(add, {"everybody": everybody, "name": "备选", "source": "年轻"})
    kept = SavedList.objects.get()
    assert response.url == reverse("screening:list", args=[kept.pk]) and kept.members.count() == 2
    client.post(add, {"people": [cadre.pk], "list": kept.pk})
    client.post(add, {"people": [cadre.pk], "list": kept.pk})
    assert kept.members.count() == 3
    client.post(response.url, {"people": [cadre.pk]})
    shown = client.get(response.url).context["table"].rows
    assert {r["name"] for r in shown} == {"单国强", "孙无职"}
    assert sign_in("department_head").get(response.url).status_code == 404


def test_who_becomes_eligible_and_what_a_later_day_changes(sign_in, cadre, others, source):
    client = sign_in("section_officer")
    saved = actions.save_condition(
        actor=cadre_owner(client),
        name="工龄",
        conditions=Conditions("and", [Group("and", [Row("years_of_work", {}, ">=", "30")])]),
    )
    key = f"saved-{saved.pk}"
    rows = page(client, "soon", key, DAY, "-").context["table"].rows
    assert [(r["name"], str(r["day"])) for r in rows] == [("曾静", "2025-07-01")]
    form = page(client, "comparing", key, DAY, "-", source=key, day="2025-07-01")
    table = client.get(form.url).context["table"]
    assert [(r["name"], r["kind"]) for r in table.rows] == [("曾静", "enter")]


def cadre_owner(client):
    from bole.accounts.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])
