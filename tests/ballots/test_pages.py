"""The voting pages keep nothing; the officers' pages lead through a meeting."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from bole.ballots import actions
from bole.ballots.models import Ballot, Meeting
from tests.ballots.conftest import DAY, DECISION, SUBJECTS

pytestmark = pytest.mark.django_db
VOTE = "/ballots/v/"
LEAST = 100 * 1024


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()).group(1)


def test_a_voter_walks_from_code_to_receipt(client, opened):
    meeting, codes = opened()
    code = codes["staff"][0].lower()
    shown = client.post(VOTE, {"step": "ballot", "code": f"{code[:4]}-{code[4:8]} {code[8:]}"})
    assert shown.status_code == 200 and "贾平" in shown.content.decode()
    data = {"code": hidden(shown, "code"), "nonce": hidden(shown, "nonce"), "lang": "zh-hans"}
    over = client.post(VOTE, {**data, "step": "review", "i0c0": ["0", "1", "2"]})
    assert over.status_code == 409 and "至多2人" in over.content.decode()
    assert over.content.decode().count("checked") == 3  # nothing has to be filled in twice
    review = client.post(VOTE, {**data, "step": "review", "i0c0": ["0", "2"], "i1": "0"})
    assert "贾平、邴原" in review.content.decode()
    assert not Ballot.objects.exists()
    answers = hidden(review, "answers").replace("&quot;", '"')
    cast = client.post(VOTE, {**data, "step": "cast", "answers": answers})
    tracker = re.search(r'id="tracker">([A-Z2-7-]+)<', cast.content.decode()).group(1)
    again = client.post(VOTE, {**data, "step": "cast", "answers": answers})
    assert tracker in again.content.decode()
    used = client.post(VOTE, {"step": "ballot", "code": code})
    assert used.status_code == 409 and "投过票" in used.content.decode()
    assert Ballot.objects.get(meeting=meeting).answers == {
        "names": ["贾平", "邴原"],
        "trust": "agree",
    }


def test_no_cookie_no_session_no_request_in_the_page(client, opened, sign_in):
    _meeting, codes = opened()
    for response in (
        client.get(VOTE),
        client.post(VOTE, {"code": codes["staff"][0]}),
        client.post(VOTE, {"code": "wrong"}),
    ):
        assert not response.cookies
        assert response["Cache-Control"].find("no-store") >= 0
        assert response["Referrer-Policy"] == "no-referrer"
        assert "csrf" not in response.content.decode()


def test_the_voting_page_is_small(client, opened):
    from pathlib import Path

    from django.contrib.staticfiles import finders

    _meeting, codes = opened()
    page = client.post(VOTE, {"code": codes["staff"][0]}).content
    parts = [Path(finders.find(f"ballots/vote.{kind}")).stat().st_size for kind in ("css", "js")]
    assert len(page) + sum(parts) <= LEAST
    text = page.decode()
    assert "<legend>" in text and "tabler" not in text and "htmx" not in text
    english = client.post(VOTE, {"code": codes["staff"][0], "lang": "en"}).content.decode()
    assert "Choose at most 2" in english and 'lang="en"' in english


def test_the_hall_sees_turnout_only(client, opened):
    meeting, codes = opened()
    client.post(
        VOTE, {"step": "cast", "code": codes["staff"][0], "nonce": "0" * 32, "answers": "{}"}
    )
    page = client.get(f"/ballots/v/screen/{meeting.uid}/").content.decode()
    assert '<span id="used">1</span> / 24' in page and "贾平" not in page
    assert client.get(f"/ballots/v/box/{meeting.uid}/").status_code == 404


def test_officers_walk_a_paper_meeting_through_the_pages(client, plan, user_with):
    meeting = plan(
        channel="paper",
        form=DECISION,
        subjects=SUBJECTS[:1],
        ballot="decision",
        classes=[{"code": "m", "name": "常委", "due": 9}],
    )
    officer, one, two = (
        user_with("section_officer"),
        user_with("inspector", username="eins"),
        user_with("inspector", username="zwei"),
    )
    client.force_login(officer)
    page = lambda name: reverse(f"ballots:{name}", args=[meeting.pk])  # noqa: E731
    client.post(page("attendance"), {"due-m": "9", "attending-m": "8"})
    client.post(page("freeze"))
    client.post(page("open"))
    client.post(page("conduct"), {"principal": "书记", "order": "甲\n乙\n书记"})
    client.post(page("close"))
    assert Meeting.objects.get().state == "closed"
    sheet = {
        "m-issued": "8",
        "m-not_returned": "0",
        "m-returned": "8",
        "m-valid": "8",
        "m-void": "0",
    }
    votes = {"m-0-0": "6", "m-0-1": "1", "m-0-2": "1"}
    client.force_login(one)
    assert client.get(page("sheet")).status_code == 200
    wrong = client.post(page("sheet"), {**sheet, "m-0-0": "9"}, follow=True)
    assert not meeting.sheets.exists() and wrong.status_code in (200, 409)
    client.post(page("sheet"), {**sheet, **votes})
    client.force_login(two)
    blind = client.get(page("sheet")).content.decode()
    assert 'value="6"' not in blind
    client.post(page("sheet"), {**sheet, **votes, "m-0-0": "5"})
    text = client.get(page("detail")).content.decode()
    assert "常委 · 贾平 · 同意：第一次录入6，第二次录入5" in text.replace("decision · ", "")
    client.post(page("sheet"), {**sheet, **votes})
    for who, role in ((one, "counter"), (two, "monitor")):
        client.force_login(who)
        client.post(page("sign"), {"role": role, "password": "correct horse"})
    meeting.refresh_from_db()
    assert meeting.state == "signed"
    text = client.get(page("detail")).content.decode()
    assert "6/8 = 75" in text, re.findall(r"6/8.*", text)
    client.force_login(officer)
    done = {"subject": "贾平", "conclusion": "通过", "reason": "同意6票，过应到半数"}
    client.post(page("read"), done)
    assert meeting.readings.get().conclusion == "通过"


def test_plan_page_takes_a_form_of_a_scheme_or_builds_one(client, sign_in):
    sign_in("section_officer")
    assert client.get(reverse("ballots:plan")).status_code == 200
    data = {
        "title": "推荐",
        "held_on": "2026-03-02",
        "channel": "paperless",
        "posts": "1",
        "subjects": "贾平，副局长\n易安",
        "classes": "领导班子，6\n干部，20",
        "over_pick": "void_ballot",
        "attendance": "2/3",
        "minimum_size": "5",
        "entries": "2",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
    }
    pack = {"scheme": "regulation-2019", "instrument": "meeting_recommendation"}
    assert client.post(reverse("ballots:plan"), data | pack).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.form["items"][0]["id"] == "names" and meeting.subjects[0]["post"] == "副局长"
    for name in ("detail", "preview", "attendance", "cancel"):
        assert client.get(reverse(f"ballots:{name}", args=[meeting.pk])).status_code == 200
    own = {
        "items-0-kind": "grade",
        "items-0-text": "总体评价",
        "items-0-per_subject": "on",
        "items-0-options": "好:100，较好:80，一般:60",
    }
    client.post(reverse("ballots:plan"), data | own)
    built = Meeting.objects.first()
    assert [o["points"] for o in built.form["items"][0]["options"]] == ["100", "80", "60"]
    unknown = client.post(reverse("ballots:plan"), data | {"scheme": "nowhere", "instrument": "x"})
    assert unknown.status_code == 200 and "nowhere" in unknown.content.decode()


def test_slips_and_papers_are_printed(client, plan, sign_in, officer):
    sign_in("section_officer")
    meeting = plan()
    actions.record_attendance(actor=officer, meeting=meeting, attending={})
    actions.freeze_roll(actor=officer, meeting=meeting)
    slips = client.post(reverse("ballots:codes", args=[meeting.pk]))
    assert slips.content.startswith(b"%PDF") and "no-store" in slips["Cache-Control"]
    for what in ("ballots", "roll", "sheet"):
        page = client.get(reverse("ballots:print", args=[meeting.pk, what]))
        assert page.content.startswith(b"%PDF")


@pytest.mark.parametrize("role", ["cadre", "unit_liaison", "system_administrator"])
def test_other_roles_see_no_ballots(sign_in, plan, role):
    meeting = plan()
    client = sign_in(role)
    for name, args in (("list", []), ("detail", [meeting.pk]), ("print", [meeting.pk, "ballots"])):
        assert client.get(reverse(f"ballots:{name}", args=args)).status_code == 403
    assert DAY
