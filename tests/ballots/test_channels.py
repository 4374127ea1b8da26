"""Paper beside phones, slips that are lost or changed, and reasons that must be written."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bole.ballots import actions, box, counting, queries
from bole.ballots.models import Ballot, Remark, Withdrawn
from bole.engine.ballotbox import new_nonce, recount
from bole.record.models import Entry
from tests.ballots.conftest import CLASSES, REASONED
from tests.ballots.test_voting import refused, vote

pytestmark = pytest.mark.django_db


def number(code):
    return box.number_of(box.hash_of(code))


def sheet(issued, returned, marks, void=0):
    return {
        "issued": issued,
        "not_returned": issued - returned,
        "returned": returned,
        "valid": returned - void,
        "void": void,
        "marks": marks,
    }


@pytest.fixture
def mixed(opened):
    """A meeting with phones and paper in one class of 20 and one of 10."""

    def make(**changes):
        classes = [
            {"code": "a", "name": "甲类", "due": 20},
            {"code": "b", "name": "乙类", "due": 10},
        ]
        parameters = {"posts": 2, "minimum_size": 3}
        return opened(channel="mixed", classes=classes, **{"parameters": parameters, **changes})

    return make


def test_phones_and_paper_are_counted_together(mixed, officer, counters, signed, tmp_path):
    meeting, codes = mixed()
    for code in codes["a"][:12]:
        vote(code, "贾平")
    for code in codes["b"][:6]:
        vote(code, "易安")
    for code in codes["a"][12:17]:  # five take paper: the slip is void, on any phone
        assert actions.change_for_paper(actor=officer, meeting=meeting, slip=code) == "a"
        error = refused("SLIP_WITHDRAWN", vote, code, "贾平")
        assert "纸质" in error.say("zh")
    for code in codes["b"][6:10]:
        actions.change_for_paper(actor=officer, meeting=meeting, slip=number(code))
    used = codes["a"][0]  # a slip that has voted cannot count on paper too
    refused("CODE_USED", actions.change_for_paper, actor=officer, meeting=meeting, slip=used)
    meeting = actions.close(actor=officer, meeting=meeting)
    refused("ENTRIES", signed, counters[0], meeting, "counter")
    good = {
        "classes": {
            "a": sheet(5, 5, {"names": {"贾平": {"names": 4}, "邴原": {"names": 3}}}, void=1),
            "b": sheet(4, 3, {"names": {"贾平": {"names": 3}}}),
        }
    }
    wrong = {"classes": {**good["classes"], "a": sheet(6, 6, {})}}
    error = refused(
        "PAPER_ISSUED", actions.enter_sheet, actor=counters[0], meeting=meeting, counts=wrong
    )
    assert "5" in error.say("zh") and "6" in error.say("zh")
    for user in counters:
        actions.enter_sheet(actor=user, meeting=meeting, counts=good)
    signed(counters[0], meeting, "counter")
    meeting = signed(counters[1], meeting, "monitor")
    result = queries.result(meeting)
    assert result.returned == 26 and result.table.valid == 25 and result.void == 1
    assert result.table.line("names", "贾平", "names").votes == 12 + 4 + 3
    phones, paper = result.channels
    assert (phones.issued, phones.returned, phones.missing, phones.void) == (21, 18, 3, 0)
    assert (paper.issued, paper.returned, paper.missing, paper.void) == (9, 8, 1, 1)
    assert phones.count.votes("names", "贾平", "names") == 12
    assert paper.count.votes("names", "贾平", "names") == 7
    record = queries.records("case:1")["meeting_recommendation"]
    assert (record.issued, record.returned, record.valid, record.entries) == (30, 26, 25, 2)
    package = tmp_path / "package.zip"
    package.write_bytes(counting.package(meeting, list(meeting.signings.all())))
    report = recount(package, root=meeting.root)
    assert report.valid and (report.ballots, report.on_paper) == (18, 8)
    assert report.count.votes("names", "贾平", "names") == 19


def test_few_papers_are_not_given_away(mixed, officer, counters, signed, client):
    """Two papers: the list of ballots and the result together would show them."""
    meeting, codes = mixed()
    for code in codes["a"][:15]:
        vote(code, "贾平")
    for code in codes["a"][15:17]:
        actions.change_for_paper(actor=officer, meeting=meeting, slip=code)
    meeting = actions.close(actor=officer, meeting=meeting)
    counts = {
        "classes": {
            "a": sheet(2, 2, {"names": {"邴原": {"names": 2}}}),
            "b": sheet(0, 0, {}),
        }
    }
    for user in counters:
        actions.enter_sheet(actor=user, meeting=meeting, counts=counts)
    for user, role in zip(counters, ("counter", "monitor"), strict=True):
        meeting = signed(user, meeting, role)
    result = queries.result(meeting)
    assert not result.listed and result.channels[1].count is None
    page = client.get(f"/ballots/v/box/{meeting.uid}/").content.decode()
    assert "tracker" in page and "贾平" not in page


def test_classes_are_merged_by_their_smaller_channel(mixed, officer, counters, signed):
    meeting, codes = mixed()
    for code in [*codes["a"][:10], *codes["b"][:5]]:
        vote(code, "贾平")
    for code in [*codes["a"][10:15], codes["b"][5]]:  # one paper in class b
        actions.change_for_paper(actor=officer, meeting=meeting, slip=code)
    meeting = actions.close(actor=officer, meeting=meeting)
    counts = {
        "classes": {"a": sheet(5, 5, {}), "b": sheet(1, 1, {"names": {"邴原": {"names": 1}}})}
    }
    for user in counters:
        actions.enter_sheet(actor=user, meeting=meeting, counts=counts)
    signed(counters[0], meeting, "counter")
    meeting = signed(counters[1], meeting, "monitor")
    assert queries.result(meeting).heads == ("甲类＋乙类",)
    assert len({b["class"] for b in published(meeting)}) == 1


def published(meeting):
    import json

    draft = counting.draft(meeting, list(meeting.sheets.all()))
    return [json.loads(line) for line in draft.files["ballots.ndjson"].splitlines()]


def test_a_lost_slip_is_replaced_by_its_stub(opened, officer):
    meeting, codes = opened()
    lost, voted = codes["staff"][0], codes["staff"][1]
    vote(voted, "贾平")
    new, group = actions.reissue(actor=officer, meeting=meeting, slip=number(lost), why="lost")
    assert group == "staff"
    error = refused("SLIP_WITHDRAWN", vote, lost, "贾平")  # the finder cannot vote with it
    assert "新票条" in error.say("zh")
    vote(new, "易安")
    for slip in (voted, number(voted), number(new)):
        refused("CODE_USED", actions.reissue, actor=officer, meeting=meeting, slip=slip, why="lost")
    refused("SLIP_WITHDRAWN", actions.reissue, actor=officer, meeting=meeting, slip=lost)
    refused("SLIP_SHAPE", actions.reissue, actor=officer, meeting=meeting, slip="12")
    refused("CODE_UNKNOWN", actions.reissue, actor=officer, meeting=meeting, slip="AAAABBBB")
    assert box.turnout(meeting)["staff"] == (10, 2)
    entry = Entry.objects.filter(action="ballots.reissue").get()
    assert entry.after == {"slip_was": "lost"}
    assert number(lost) not in str(entry.after) and Withdrawn.objects.get().why == "lost"
    assert Ballot.objects.count() == 2


def test_a_required_reason_is_asked_and_kept_apart(opened, officer, counters, signed, tmp_path):
    meeting, codes = opened(form=REASONED, parameters={"minimum_size": 3})
    bare = {"say": {"贾平": "disagree"}}
    code = codes["staff"][0]
    for answers in (
        bare,
        {"say": {"贾平": {"option": "disagree", "reason": "  "}}},
        {"say": {"贾平": {"option": "disagree", "reason": True}}},  # claimed, not written
    ):
        error = refused("REASON", box.cast, code=code, nonce=new_nonce(), answers=answers)
        assert "贾平" in error.say("zh") and "不同意" in error.say("zh")
    nonce = new_nonce()
    given = {"say": {"贾平": {"option": "disagree", "reason": "作风不实"}}, "advice": "多下基层"}
    first = box.cast(code=code, nonce=nonce, answers=given)
    assert box.cast(code=code, nonce=nonce, answers=given) == first
    assert Remark.objects.count() == 2  # the repeat adds no words
    assert Ballot.objects.get().answers == {
        "say": {"贾平": {"option": "disagree", "reason": True}},
        "advice": True,
    }
    for other in codes["staff"][1:6]:
        box.cast(code=other, nonce=new_nonce(), answers={"say": {"贾平": "agree"}})
    meeting = actions.close(actor=officer, meeting=meeting)
    signed(counters[0], meeting, "counter")
    meeting = signed(counters[1], meeting, "monitor")
    words = {w[3] for w in queries.result(meeting).words}
    assert words == {"作风不实", "多下基层"}
    lines = "".join(str(b) for b in published(meeting))
    assert "作风" not in lines and "基层" not in lines
    package = tmp_path / "package.zip"
    package.write_bytes(counting.package(meeting, list(meeting.signings.all())))
    assert recount(package).valid
    Remark.objects.filter(words="作风不实").update(words="很好")
    refused("ROOT_DIFFERS", counting.package, meeting, [])


def test_reasons_are_entered_from_paper_too(opened, officer, counters, client):
    classes = [{"code": "m", "name": "委员", "due": 9}]
    meeting, _codes = opened(channel="paper", form=REASONED, classes=classes, parameters={})
    meeting = actions.close(actor=officer, meeting=meeting)
    marks = {"say": {"贾平": {"agree": 6, "disagree": 2}}}
    counts = {"classes": {"m": sheet(9, 8, marks)}}
    error = refused(
        "REASON", actions.enter_sheet, actor=counters[0], meeting=meeting, counts=counts
    )
    assert "2" in error.say("zh") and "0" in error.say("zh")
    words = [["say", "贾平", "disagree", "经历单一"], ["say", "贾平", "disagree", "任职时间短"]]
    actions.enter_sheet(actor=counters[0], meeting=meeting, counts=counts, remarks=words)
    client.force_login(counters[1])
    page = client.get(reverse("ballots:sheet", args=[meeting.pk])).content.decode()
    assert "经历单一" not in page  # the other entry is not shown
    other = [[*words[0][:3], "经历较单一"], words[1]]
    actions.enter_sheet(actor=counters[1], meeting=meeting, counts=counts, remarks=other)
    assert not counting.agreed(meeting, list(meeting.sheets.all()))
    more = [*other, ["advice", "", "text", "建议交流"]]
    actions.enter_sheet(actor=counters[1], meeting=meeting, counts=counts, remarks=more)
    (difference,) = counting.agreed(meeting, list(meeting.sheets.all()))
    assert "意见建议" in difference.say("zh")


def test_a_phone_asks_for_the_reason(client, opened):
    _meeting, codes = opened(form=REASONED, parameters={}, subjects=[{"name": "贾平", "post": ""}])
    data = {"step": "review", "code": codes["staff"][0], "lang": "zh-hans", "nonce": "0" * 32}
    refused_page = client.post("/ballots/v/", {**data, "i0s0": "1"})
    assert refused_page.status_code == 409 and "须写明理由" in refused_page.content.decode()
    review = client.post("/ballots/v/", {**data, "i0s0": "1", "i0s0r": "作风不实"}).content.decode()
    assert "作风不实" in review and "尚未投出" in review
    kept = client.post("/ballots/v/", {**data, "i0s0": "0", "i0s0r": "忘了删"}).content.decode()
    assert "忘了删" not in kept  # a reason belongs to the choice that needs it


def test_no_backup_while_phones_vote(mixed, officer, tmp_path):
    """Rows lie in the order of casting until closing: a copy would keep it."""
    from bole.record.backups import back_up

    meeting, _codes = mixed()
    error = refused("VOTE_OPEN", back_up, tmp_path / "backup.zip")
    assert meeting.title in error.say("zh") and not list(tmp_path.iterdir())
    actions.close(actor=officer, meeting=meeting)
    assert queries.against_a_copy() is None


def test_turnout_of_both_channels_may_not_exceed_attendance(mixed, officer):
    meeting, codes = mixed(attending={"a": 3, "b": 10})
    for code in codes["a"][:2]:
        vote(code, "贾平")
    for code in codes["a"][2:4]:
        actions.change_for_paper(actor=officer, meeting=meeting, slip=code)
    error = refused("USED_OVER_PRESENT", actions.close, actor=officer, meeting=meeting)
    assert "换领纸质票2人" in error.say("zh")


def test_a_needed_majority_is_said_before_and_after(opened, officer, counters, signed):
    passes = {"op": "gt", "share": "1/2", "base": "due"}
    meeting, codes = opened(form=REASONED, parameters={"passes": passes}, classes=CLASSES[2:])
    assert "须6票" in queries.votes_needed(meeting)[0].say("zh")
    for code in codes["staff"][:7]:
        box.cast(code=code, nonce=new_nonce(), answers={"say": {"贾平": "agree"}})
    meeting = actions.close(actor=officer, meeting=meeting)
    signed(counters[0], meeting, "counter")
    meeting = signed(counters[1], meeting, "monitor")
    said = [t.say("zh") for t in queries.votes_needed(meeting)]
    assert any("贾平" in t and "同意7票" in t and "通过" in t for t in said)
    assert any("易安" in t and "未通过" in t for t in said)
