"""The box: one code one ballot, receipts, closing, signatures, the package, and no links."""

from __future__ import annotations

import secrets

import pytest
from django.db import connection

from bole.ballots import actions, box, counting, queries
from bole.ballots.models import Ballot, Credential, Meeting, Unused
from bole.engine.ballotbox import new_nonce, recount
from bole.engine.errors import BoleError
from bole.record.models import Entry

pytestmark = pytest.mark.django_db


def refused(expected, call, /, *args, **kwargs):
    with pytest.raises(BoleError) as error:
        call(*args, **kwargs)
    assert expected in [p.code for p in error.value.problems]
    return error.value


def vote(code, *names, nonce=None, trust=None):
    answers = {"names": list(names), **({"trust": trust} if trust else {})}
    return box.cast(code=code, nonce=nonce or new_nonce(), answers=answers)


def test_the_whole_way_to_a_signed_result(opened, officer, counters, signed, tmp_path):
    meeting, codes = opened()
    trackers = []
    for i, code in enumerate([*codes["leaders"], *codes["middle"], *codes["staff"][:9]]):
        names = [["贾平", "易安"], ["贾平"], ["邴原"], []][i % 4]
        trackers.append(vote(code, *names, trust="agree" if i % 2 else None).tracker)
    assert queries.result(meeting) is None
    meeting = actions.close(actor=officer, meeting=meeting)
    assert queries.result(meeting) is None  # closed is not yet counted
    assert queries.records("case:1")["meeting_recommendation"].valid is None
    meeting = signed(counters[0], meeting, "counter")
    assert queries.result(meeting) is None
    refused("SIGNED_TWICE", signed, counters[0], meeting, "monitor")
    meeting = signed(counters[1], meeting, "monitor")
    result = queries.result(meeting)
    assert (result.returned, result.void) == (23, 0)
    votes = {s: result.table.line("names", s, "names").votes for s in ("贾平", "易安", "邴原")}
    assert votes == {"贾平": 12, "易安": 6, "邴原": 6}
    record = queries.records("case:1")["meeting_recommendation"]
    assert (record.reconciled, record.due, record.attending, record.valid) == (True, 24, 24, 23)
    assert record.votes[11]["names"] == 12
    assert len(set(record.entered_by)) == record.entries == 2

    package = tmp_path / "package.zip"
    package.write_bytes(counting.package(meeting, list(meeting.signings.all())))
    for tracker in trackers:
        report = recount(package, tracker=tracker, root=meeting.root)
        assert report.valid and report.found is not None
    assert report.ballots == 23
    assert report.names_only or report.signed_by


def test_a_code_votes_once_and_a_repeat_gives_the_same_receipt(opened, officer):
    meeting, codes = opened()
    code, nonce = codes["staff"][0], new_nonce()
    first = vote(code, "贾平", nonce=nonce)
    assert vote(code, "贾平", nonce=nonce) == first  # the phone lost the answer and asks again
    refused("CODE_USED", vote, code, "贾平")
    refused("CODE_USED", vote, code, "易安", nonce=nonce)  # another ballot, the same number
    refused("CODE_USED", vote, codes["leaders"][0] and code, "贾平", nonce=new_nonce())
    assert Ballot.objects.filter(meeting=meeting).count() == 1
    other = codes["leaders"][0]
    refused("NONCE", vote, other, "贾平", nonce=nonce)  # somebody else's number: code stays good
    vote(other, "贾平")
    actions.close(actor=officer, meeting=meeting)
    assert vote(code, "贾平", nonce=nonce) == first
    refused("CLOSED", vote, codes["staff"][1], "贾平")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"names": ["贾平", "易安", "邴原"]}, "OVER_PICKED"),
        ({"names": ["外人"]}, "NOT_LISTED"),
        ({"names": ["贾平", "贾平"]}, "NAME_TWICE"),
        ({"names": "贾平"}, "UNREADABLE"),
        ({"trust": "maybe"}, "UNREADABLE"),
        ({"more": "x"}, "UNKNOWN_ITEM"),
        ({"names": ["\ud800"]}, "BALLOT_TEXT"),
        ({"names": ["x" * 200_000]}, "BALLOT_TEXT"),
    ],
)
def test_the_server_refuses_a_faulty_ballot_and_the_code_stays_good(opened, answers, code):
    _meeting, codes = opened()
    good = codes["middle"][0]
    refused(code, box.cast, code=good, nonce=new_nonce(), answers=answers)
    vote(good)
    assert Ballot.objects.count() == 1


def test_wrong_foreign_early_and_spoiled_codes(opened, plan, officer):
    meeting, codes = opened()
    refused("CODE_SHAPE", vote, "kurz")
    refused("CODE_UNKNOWN", vote, "ABCDEFGHJKLM")
    refused("NONCE", box.cast, code=codes["staff"][0], nonce="1", answers={})
    later = plan()
    actions.record_attendance(actor=officer, meeting=later, attending={"staff": 1})
    actions.freeze_roll(actor=officer, meeting=later)
    (early, _group) = actions.issue_credentials(actor=officer, meeting=later)[0]
    refused("NOT_OPEN", vote, early)
    refused("CODE_UNKNOWN", actions.reissue, actor=officer, meeting=meeting, slip=early)
    spoiled = codes["staff"][1]
    new, group = actions.reissue(actor=officer, meeting=meeting, slip=spoiled)
    assert group == "staff"
    refused("SLIP_WITHDRAWN", vote, spoiled)
    vote(new)
    refused("CODE_USED", actions.reissue, actor=officer, meeting=meeting, slip=new)
    assert box.turnout(meeting)["staff"] == (10, 1)
    codes_again = actions.issue_credentials(actor=officer, meeting=later)
    refused("CODE_UNKNOWN", vote, early)  # drawing again voids the former codes
    assert len(codes_again) == 24


def test_order_of_ticks_and_spelling_mark_no_ballot(opened):
    _meeting, codes = opened()
    vote(codes["staff"][0], "易安", "贾平")
    vote(codes["staff"][1], "贾平", "易安")
    assert len({str(b.answers) for b in Ballot.objects.all()}) == 1


def test_a_meeting_below_attendance_does_not_open(plan, officer):
    meeting = plan()
    few = {"leaders": 5, "middle": 5, "staff": 5}
    actions.record_attendance(actor=officer, meeting=meeting, attending=few)
    actions.freeze_roll(actor=officer, meeting=meeting)
    actions.issue_credentials(actor=officer, meeting=meeting)
    error = refused("ATTENDANCE", actions.open_meeting, actor=officer, meeting=meeting)
    assert "24" in error.say("zh") and "15" in error.say("zh") and "16" in error.say("zh")
    late = {"leaders": 6, "middle": 5, "staff": 5}
    actions.record_attendance(actor=officer, meeting=meeting, attending=late)
    assert actions.open_meeting(actor=officer, meeting=meeting).state == "open"
    refused(
        "ROLL_SETTLED", actions.record_attendance, actor=officer, meeting=meeting, due={"staff": 9}
    )


def test_more_codes_used_than_persons_attending_is_seen_at_closing(opened, officer):
    meeting, codes = opened(attending={"leaders": 6, "middle": 8, "staff": 2})
    for code in codes["staff"][:3]:
        vote(code, "贾平")
    refused("USED_OVER_PRESENT", actions.close, actor=officer, meeting=meeting)
    assert Meeting.objects.get().state == "open"
    here = {"staff": 3}
    actions.record_attendance(actor=officer, meeting=meeting, attending=here)
    assert actions.close(actor=officer, meeting=meeting).state == "closed"


def test_changed_ballots_are_noticed_before_there_is_a_result(opened, officer, counters, signed):
    meeting, codes = opened()
    vote(codes["staff"][0], "贾平", trust="agree")
    meeting = actions.close(actor=officer, meeting=meeting)
    signed(counters[0], meeting, "counter")
    ballot = Ballot.objects.get()
    ballot.answers = {"names": ["易安"]}
    ballot.save()
    with pytest.raises(BoleError):
        signed(counters[1], meeting, "monitor")
    assert Meeting.objects.get().result is None


def test_small_classes_are_shown_together(opened, officer, counters, signed):
    meeting, codes = opened(attending={"leaders": 2, "middle": 8, "staff": 10})
    for group, number in (("leaders", 2), ("middle", 5), ("staff", 6)):
        for code in codes[group][:number]:
            vote(code, "贾平")
    meeting = actions.close(actor=officer, meeting=meeting)
    signed(counters[0], meeting, "counter")
    result = queries.result(signed(counters[1], meeting, "monitor"))
    assert result.heads == ("领导班子＋中层干部", "一般干部")


def test_what_is_kept_of_codes_and_ballots(opened, officer):
    """No column of either table holds a time, an order, a person, a device or the other's key."""
    meeting, codes = opened()
    vote(codes["staff"][0], "贾平")
    columns = {m: {f.column for f in m._meta.fields} for m in (Credential, Unused, Ballot)}
    assert columns[Credential] == columns[Unused] == {"hash", "meeting_id", "voter_class"}
    assert columns[Ballot] == {"id", "meeting_id", "voter_class", "answers", "tracker"}
    assert columns[Ballot] & columns[Credential] == {"meeting_id", "voter_class"}
    before = list(Entry.objects.values_list("action", flat=True))
    for code in codes["middle"]:
        vote(code, "易安")
    assert list(Entry.objects.values_list("action", flat=True)) == before
    every = "".join(str(e.after) for e in Entry.objects.all())
    assert not any(c in every for group in codes.values() for c in group)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for model in (Credential, Unused, Ballot):
                table = model._meta.db_table
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
                assert "WITHOUT ROWID" in cursor.fetchone()[0]


def test_sealing_keeps_every_ballot(opened, officer):
    meeting, codes = opened()
    for code in [*codes["staff"], *codes["middle"]]:
        vote(code, secrets.choice(["贾平", "易安"]))
    before = sorted(map(str, Ballot.objects.values_list("pk", "answers", "tracker")))
    actions.close(actor=officer, meeting=meeting)
    assert sorted(map(str, Ballot.objects.values_list("pk", "answers", "tracker"))) == before


def test_only_the_right_people(opened, plan, user_with, counters, officer):
    from django.core.exceptions import PermissionDenied

    meeting = plan()
    for role in ("cadre", "auditor", "system_administrator", "unit_liaison"):
        with pytest.raises(PermissionDenied):
            actions.freeze_roll(actor=user_with(role), meeting=meeting)
    with pytest.raises(PermissionDenied):
        actions.freeze_roll(actor=counters[0], meeting=meeting)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"form": {"id": "x", "anonymous": None, "items": []}}, "FORM_OPEN"),
        ({"parameters": {}}, "PLAN_POSTS"),
        ({"classes": []}, "PLAN_CLASSES"),
        ({"form": {"id": "x", "anonymous": False, "over_pick": "void_ballot"}}, "PLAN_SIGNED"),
        ({"form": {"nonsense": 1}}, "FORM_WRONG"),
    ],
)
def test_a_plan_that_leaves_something_open_is_refused(plan, changes, code):
    refused(code, plan, **changes)
