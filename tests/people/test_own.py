"""One's own file: facts, replies to adverse items, corrections, who looked."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bole.engine.errors import BoleError
from bole.people import actions
from bole.people.models import Correction
from bole.people.queries import due
from bole.record.models import Entry


@pytest.fixture
def own(user_with, cadre):
    user = user_with("cadre")
    cadre.account = user
    cadre.save()
    return user


def test_own_file_shows_own_facts_and_items(sign_in, own, cadre):
    client = sign_in("cadre")
    html = client.get(reverse("people:own")).content.decode()
    assert "诫勉秘密" in html and "贺秘密" in html and "安澜县农业农村局" in html
    assert "37112219730825194X" not in html  # shown when asked for
    shown = client.post(reverse("people:show", args=[cadre.pk, "id_number"]))
    assert "37112219730825194X" in shown.content.decode()


def test_no_file_is_linked(sign_in):
    assert sign_in("cadre").get(reverse("people:own")).status_code == 200


def test_another_file_is_not_found(sign_in, own, others):
    client = sign_in("cadre")
    assert client.get(reverse("people:detail", args=[others["单国强"].pk])).status_code == 404
    assert client.get(reverse("people:list")).status_code == 403


def test_reply_to_an_adverse_item(sign_in, own, cadre, user_with):
    item = cadre.sanctions.get()
    today = timezone.localdate()
    assert [d.kind for d in due(own, today)] == ["reply"]
    sign_in("cadre").post(reverse("people:reply", args=[item.pk]), {"reply": "情况已说明"})
    item.refresh_from_db()
    assert item.reply == "情况已说明" and item.replied_on == today
    assert due(own, today) == []
    with pytest.raises(PermissionDenied):
        actions.reply_to_item(actor=user_with("section_officer"), item=item, reply="代答")


@pytest.mark.parametrize("accept", [True, False])
def test_a_correction_is_asked_for_and_decided(sign_in, own, cadre, user_with, accept):
    row = cadre.educations.get()
    url = reverse("people:correct", args=["education", row.pk, "school"])
    client = sign_in("cadre")
    assert "聊城大学" in client.get(url).content.decode()
    client.post(url, {"wanted": "山东农业大学", "reason": "毕业证"})
    correction = Correction.objects.get()
    officer = user_with("section_officer")
    assert [d.kind for d in due(officer, timezone.localdate())] == ["correction"]
    client = sign_in("section_officer")
    decide = reverse("people:correction", args=[correction.pk])
    client.post(decide, {"decision": "", "do": "accept"})
    correction.refresh_from_db()
    assert correction.state == "asked"
    client.post(decide, {"decision": "核对毕业证", "do": "accept" if accept else "return"})
    correction.refresh_from_db()
    row.refresh_from_db()
    assert correction.state == ("accepted" if accept else "returned")
    assert row.school == ("山东农业大学" if accept else "聊城大学")
    actions_done = list(Entry.objects.order_by("sequence").values_list("action", flat=True))
    assert actions_done[-1] == ("correction.accept" if accept else "correction.return")
    assert ("education.edit" in actions_done) is accept


def test_choices_and_dates_are_read_as_the_form_reads_them(own, cadre, user_with):
    officer = user_with("section_officer")
    for field, wanted, said in (("birth", "1973.09", "1973-09-01"), ("sex", "男", "男")):
        correction = actions.ask_correction(
            actor=own,
            cadre=cadre,
            table="cadre",
            row=None,
            field=field,
            stands="",
            wanted=wanted,
            reason="户口簿",
        )
        actions.decide_correction(
            actor=officer, correction=correction, accept=True, decision="属实"
        )
        cadre.refresh_from_db()
        assert str(getattr(cadre, field)) == said
    assert cadre.birth_precision == "month"
    wrong = actions.ask_correction(
        actor=own,
        cadre=cadre,
        table="cadre",
        row=None,
        field="birth",
        stands="",
        wanted="不知道",
        reason="无",
    )
    with pytest.raises(BoleError):
        actions.decide_correction(actor=officer, correction=wrong, accept=True, decision="好")
    with pytest.raises(BoleError, match="尚在处理"):
        actions.ask_correction(
            actor=own,
            cadre=cadre,
            table="cadre",
            row=None,
            field="birth",
            stands="",
            wanted="1973.10",
            reason="无",
        )


def test_nobody_decides_on_the_own_file(user_with, cadre):
    both = user_with("cadre", "section_officer")
    cadre.account = both
    cadre.save()
    correction = actions.ask_correction(
        actor=both,
        cadre=cadre,
        table="cadre",
        row=None,
        field="native_place",
        stands="",
        wanted="山东",
        reason="户口簿",
    )
    with pytest.raises(BoleError, match="本人"):
        actions.decide_correction(actor=both, correction=correction, accept=True, decision="好")


def test_the_cadre_sees_who_looked(sign_in, own, cadre):
    sign_in("section_officer").post(reverse("people:show", args=[cadre.pk, "family"]))
    html = sign_in("cadre").get(reverse("people:own-readings")).content.decode()
    assert "section_officer" in html
