"""The voting pages keep nothing; the officers' pages lead through a meeting."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from bole.ballots import actions
from bole.ballots.models import Ballot, FormVersion, Meeting
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


PLAN = {
    "title": "推荐",
    "held_on": "2026-03-02",
    "channel": "mixed",
    "posts": "1",
    "subjects": "贾平，副局长\n易安",
    "classes": "领导班子，6\n干部，20",
    "attendance": "2/3",
    "passes": "gt 1/2 due",
    "minimum_size": "5",
    "entries": "2",
}


def test_a_ballot_is_planned_with_a_form_found_by_its_name(client, sign_in):
    sign_in("section_officer")
    shown = client.get(reverse("ballots:plan") + "?form=daiyue-ballots-five-no-discussions:form")
    assert shown.status_code == 200
    found = client.get(reverse("ballots:form-pick"), {"form-search": "会议推荐"}).content.decode()
    assert "regulation-2019:meeting_recommendation" in found
    key = {"form_key": "regulation-2019:meeting_recommendation"}
    assert client.post(reverse("ballots:plan"), PLAN | key).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.form["items"][0]["id"] == "names" and meeting.subjects[0]["post"] == "副局长"
    assert meeting.parameters["passes"] == {"op": "gt", "share": "1/2", "base": "due"}
    for name in ("detail", "preview", "attendance", "cancel"):
        assert client.get(reverse(f"ballots:{name}", args=[meeting.pk])).status_code == 200
    nothing = client.post(reverse("ballots:plan"), PLAN)
    assert nothing.status_code == 200 and Meeting.objects.count() == 1
    unknown = client.post(reverse("ballots:plan"), PLAN | {"form_key": "nowhere:x"})
    assert "nowhere:x" in unknown.content.decode()


def test_every_shipped_form_has_a_page(client, sign_in):
    from bole.ballots import library

    sign_in("section_officer")
    assert client.get(reverse("ballots:forms")).status_code == 200
    keys = [f.key for f in library.shipped()]
    assert len(keys) > 60 and len(set(keys)) == len(keys)
    for key in [*keys[::9], "laixi-ballots-virtue:inspection_package"]:
        page = client.get(reverse("ballots:form"), {"form": key})
        assert page.status_code == 200, key


def fields(response):
    """What a browser would send back of the editor's page."""
    from lxml import html

    (form,) = html.fromstring(response.content.decode()).xpath("//form[@id='editor']")
    return {k: v for k, v in form.form_values() if k != "csrfmiddlewaretoken"}


def test_a_form_is_made_changed_and_kept_in_versions(client, sign_in):
    sign_in("section_officer")
    edit = reverse("ballots:form-edit")
    state = fields(client.get(edit))
    state = fields(client.post(edit, state | {"title-zh": "年度测评", "do": "add:grade"}))
    state = fields(client.post(edit, state | {"do": "add:agree"}))
    state = fields(client.post(edit, state | {"do": "up:1"}))
    assert (state["i0-kind"], state["i1-kind"]) == ("agree", "grade")
    refused = client.post(edit, state | {"do": "save", "i1-o0-points": "很多"})
    assert "内容" in refused.content.decode() and "应为数字" in refused.content.decode()
    assert not FormVersion.objects.exists()
    state |= {"i0-text-zh": "是否同意", "i1-text-zh": "总体评价", "i0-o1-reason": "on"}
    state |= {"over_pick": "void_ballot", "i1-o0-points": "100"}
    state = fields(client.post(edit, state | {"do": "cap"}))
    cap = {"c0-options": "优秀", "c0-most": "30%", "c0-level": "each_ballot", "persons": "3"}
    preview = client.post(reverse("ballots:form-preview"), state | cap).content.decode()
    assert "无人可评" in preview and "data:image/svg+xml" in preview and "是否同意" in preview
    bad = client.post(edit, state | cap | {"do": "save", "c0-options": "杰出"}).content.decode()
    assert "杰出" in bad
    assert client.post(edit, state | cap | {"do": "save"}).status_code == 302
    first = FormVersion.objects.get()
    assert first.form["items"][0]["options"][1]["reason_required"]
    key = f"own:{first.code}"
    opened = client.get(edit, {"form": key}).content.decode()
    assert "Extra inputs" not in opened and "data-phone" in opened
    client.post(reverse("ballots:plan"), PLAN | {"form_key": key})
    meeting = Meeting.objects.get()
    changed = fields(client.get(edit, {"form": key})) | {"title-zh": "年度测评（修订）"}
    client.post(edit, changed | {"do": "save"})
    assert list(FormVersion.objects.values_list("version", "title")) == [
        (2, "年度测评（修订）"),
        (1, "年度测评"),
    ]
    meeting.refresh_from_db()
    assert meeting.form["title"]["zh"] == "年度测评" and meeting.form["version"] == "1"
    copied = fields(client.get(edit, {"form": key, "copy": ""}))
    client.post(edit, copied | {"do": "save"})
    assert FormVersion.objects.values("code").distinct().count() == 2
    shown = client.get(reverse("ballots:form"), {"form": key, "version": "1"}).content.decode()
    assert "年度测评" in shown
    client.post(reverse("ballots:form-retire"), {"code": first.code})
    assert key not in client.get(reverse("ballots:forms")).content.decode()


def test_a_package_makes_a_ballot_of_each_form(client, sign_in):
    sign_in("section_officer")
    forms = ["laixi-ballots-virtue:virtue_forward_v1", "regulation-2019:meeting_recommendation"]
    client.post(reverse("ballots:form-package"), {"title": "考察测评", "forms": forms})
    package = FormVersion.objects.get()
    client.post(reverse("ballots:plan"), PLAN | {"form_key": f"own:{package.code}"})
    one, two = Meeting.objects.order_by("pk")
    assert one.stream == two.stream and one.ballot != two.ballot
    page = client.get(reverse("ballots:detail", args=[one.pk])).content.decode()
    assert reverse("ballots:detail", args=[two.pk]) in page


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
