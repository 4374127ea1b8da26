"""Entering, changing, ending and removing; every act is recorded with before and after."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.people import actions
from bole.people.models import Appraisal, Cadre, PostSpell
from bole.record.models import Entry

D = datetime.date


def test_a_post_is_added_edited_ended_and_removed(sign_in, county, cadre):
    client = sign_in("section_officer")
    add = reverse("people:row-add", args=[cadre.pk, "posts"])
    data = {"unit": county["bureau"].pk, "title": "副局长", "grade": "section_deputy"}
    page = client.post(add, {**data, "start": "九九年"})
    assert page.status_code == 200 and page.context["form"].errors["start"]
    assert client.post(add, {**data, "start": "2026年3月"}).status_code == 302
    spell = PostSpell.objects.get(title="副局长")
    assert (spell.start, spell.start_precision) == (D(2026, 3, 1), "month")
    assert spell.unit_name == "安澜县农业农村局" and spell.post == county["deputy"]
    edit = reverse("people:row-edit", args=[cadre.pk, "posts", spell.pk])
    assert "2026.03" in client.get(edit).content.decode()
    client.post(edit, {**data, "start": "2026.03.15", "source": "安组任〔2026〕3号"})
    spell.refresh_from_db()
    assert (spell.start, spell.start_precision) == (D(2026, 3, 15), "day")
    end = reverse("people:row-end", args=[cadre.pk, "posts", spell.pk])
    client.post(end, {"end": "2026.01"})
    spell.refresh_from_db()
    assert spell.end is None  # before the start: refused
    client.post(end, {"end": "2026.05"})
    spell.refresh_from_db()
    assert (spell.end, spell.end_precision) == (D(2026, 5, 1), "month")
    remove = reverse("people:row-remove", args=[cadre.pk, "posts", spell.pk])
    assert client.post(remove, {"reason": ""}).status_code == 200
    client.post(remove, {"reason": "录错人"})
    assert not PostSpell.objects.filter(pk=spell.pk).exists()
    entries = list(Entry.objects.filter(stream=f"cadre:{cadre.pk}").order_by("sequence"))
    assert [e.action for e in entries] == ["posts.add", "posts.edit", "posts.edit", "posts.remove"]
    assert entries[1].before["start"] == "2026-03-01" and entries[1].after["start"] == "2026-03-15"
    assert entries[3].before["title"] == "副局长" and entries[3].reason == "录错人"


def test_basic_facts_keep_what_is_not_shown(sign_in, cadre):
    client = sign_in("section_officer")
    url = reverse("people:edit", args=[cadre.pk])
    html = client.get(url).content.decode()
    assert "37112219730825194X" not in html and "高血压" not in html
    form = {"name": "曾静", "sex": "女", "birth": "1973.08.25", "status": "in_service"}
    client.post(url, {**form, "native_place": "山东安澜", "party": "中共党员"})
    cadre.refresh_from_db()
    assert cadre.id_number == "37112219730825194X" and cadre.health == "高血压秘密"
    assert cadre.native_place == "山东安澜" and cadre.birth_precision == "day"
    page = client.post(url, {**form, "id_number": "371122197308251941"})
    assert "校验码" in page.content.decode()


def test_sensitive_values_are_withheld_from_the_record(sign_in, user_with, cadre):
    officer = user_with("section_officer")
    actions.update_cadre(actor=officer, cadre=cadre, values={"health": "健康"})
    entry = Entry.objects.latest("sequence")
    assert entry.before["health"].startswith("…") and "高血压" not in str(entry.before)
    row = cadre.relations.get()
    actions.edit_row(actor=officer, row=row, values={"employer": "另一公司"})
    entry = Entry.objects.latest("sequence")
    assert "公司" not in str(entry.before) + str(entry.after)
    assert entry.before["employer"] != entry.after["employer"]


def test_the_same_person_is_not_opened_twice(user_with, cadre):
    officer = user_with("section_officer")
    values = {"name": "曾静", "sex": "女", "birth": D(1973, 8, 1), "birth_precision": "month"}
    with pytest.raises(BoleError, match="已有同名"):
        actions.create_cadre(actor=officer, values=values)
    actions.create_cadre(actor=officer, values={**values, "birth": D(1974, 8, 1)})
    assert Cadre.objects.filter(name="曾静").count() == 2


@pytest.mark.parametrize(
    "role", ["auditor", "unit_liaison", "inspector", "system_administrator", "cadre"]
)
def test_only_officers_change(user_with, cadre, role):
    with pytest.raises(PermissionDenied):
        actions.add_row(
            actor=user_with(role),
            cadre=cadre,
            table="appraisals",
            values={"year": 2024, "grade": "称职"},
        )


def test_an_officer_of_one_unit_does_not_change_another(user_with, county, cadre):
    officer = user_with("section_officer", unit=county["town"])
    with pytest.raises(PermissionDenied):
        actions.update_cadre(actor=officer, cadre=cadre, values={"health": "好"})


def test_a_wrong_value_says_which_field(user_with, cadre):
    with pytest.raises(BoleError) as refused:
        actions.add_row(
            actor=user_with("section_officer"),
            cadre=cadre,
            table="posts",
            values={"unit_name": "某局", "title": "局长", "grade": "king"},
        )
    assert refused.value.problems[0].where
    assert not Appraisal.objects.filter(year=1800).exists()
