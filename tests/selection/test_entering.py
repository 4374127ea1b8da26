"""Cadres chosen from a screening go into a running case together, and can be taken back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.people.models import Cadre
from bole.record.models import Entry
from bole.selection.actions.entering import enter

pytestmark = pytest.mark.django_db
ENTER = "selection:enter"


@pytest.fixture
def chosen(case):
    return list(Cadre.objects.filter(unit__isnull=False, grade="section_deputy")[:2])


@pytest.fixture
def officer(client, case):
    from bole.accounts.models import User

    client.force_login(User.objects.get(username="officer"))
    return client


def test_those_ticked_are_shown_then_put_in_and_taken_back(officer, case, chosen):
    ticked = {"people": [c.pk for c in chosen], "source": "任职资格 · 2026-11-24"}
    asked = officer.post(reverse(ENTER), ticked)
    assert asked.context["cadres"] == chosen and not case.members.filter(left_at=None).exists()
    places = [key for _case, groups in asked.context["places"] for key, _label in groups]
    assert f"{case.pk}:proposed" in places and f"{case.pk}:inspection_group" not in places
    sent = ticked | {"confirm": "1", "place": f"{case.pk}:proposed", "reason": "筛查符合条件"}
    done = officer.post(reverse(ENTER), sent)
    members = case.members.filter(group="proposed", left_at=None)
    assert [m.cadre for m in members] == chosen and members[0].reason == "筛查符合条件"
    entries = Entry.objects.filter(stream=case.stream, action="case.choose")
    assert entries.count() == 2
    shown = officer.get(done.url)
    assert shown.context["members"] == list(members)
    officer.post(done.url)
    assert not case.members.filter(left_at=None).exists()
    assert Entry.objects.filter(stream=case.stream, action="case.leave").count() == 2


def test_a_refusal_names_each_person_puts_in_nobody_and_keeps_the_input(officer, case, chosen):
    from bole.accounts.models import User

    user = User.objects.get(username="officer")
    enter(actor=user, case=case, group="proposed", cadres=chosen[:1], reason="实绩突出")
    sent = {
        "people": [c.pk for c in chosen],
        "confirm": "1",
        "place": f"{case.pk}:proposed",
        "reason": "再提一次",
    }
    refused = officer.post(reverse(ENTER), sent)
    assert refused.status_code == 409 and "再提一次" in refused.content.decode()
    assert chosen[0].name in refused.context["problems"][0].zh
    assert case.members.filter(left_at=None).count() == 1
    refused = officer.post(reverse(ENTER), sent | {"place": "0:proposed"})
    assert refused.status_code == 409
    with pytest.raises(BoleError):
        enter(actor=user, case=case, group="proposed", cadres=[], reason="x")


def test_only_the_office_puts_into_cases(sign_in, case, chosen):
    for role in ("auditor", "inspector", "unit_liaison", "cadre"):
        assert sign_in(role).post(reverse(ENTER), {"people": [chosen[0].pk]}).status_code == 403
