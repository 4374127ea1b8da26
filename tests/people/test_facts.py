"""The facts on a cadre's page are the engine's, each with the rows it comes from."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import override

from bole.people.models import Cadre
from bole.people.queries.facts import derived_facts

DAY = datetime.date(2026, 11, 24)


def test_facts_and_their_rows(cadre, others):
    with override("zh-hans"):
        found = {f.label: f for f in derived_facts(cadre, DAY)}
    assert found["年龄"].value == "53岁"
    assert found["工龄"].value == "31年" and found["工龄"].rows[0].text == "1995.07"
    assert found["最高学历"].value == "本科"
    grade = found["任现职务层次年限"]
    assert grade.value == "7年"
    assert [r.anchor for r in grade.rows] == [f"grades-{cadre.gradespells.get().pk}"]
    post = found["任现职年限"]
    assert post.value == "7年" and "局长" in post.rows[0].text
    assert found["上一年度年度考核结果"].value == "优秀"
    assert not found["前年年度考核结果"].known


def test_what_is_not_recorded_is_not_known(others):
    with override("en"):
        found = derived_facts(others["孙无职"], DAY)
    known = {f.label for f in found if f.known}
    assert known == {"age"}
    assert all("not known" in f.value for f in found if not f.known)


def test_no_fact_tells_what_is_masked(sign_in, cadre):
    html = sign_in("unit_liaison").get(reverse("people:facts", args=[cadre.pk])).content.decode()
    assert "31" in html and "诫勉" not in html and "贺" not in html
    assert Cadre.objects.get(pk=cadre.pk).health not in html
