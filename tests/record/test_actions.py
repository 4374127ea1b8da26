import datetime
import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bole.engine.chain import GENESIS, READINGS, STREAM, verify_chain
from bole.engine.errors import BoleError
from bole.engine.text import Text
from bole.record import actions, queries, streams
from bole.record.models import (
    AppendOnlyError,
    Entry,
    EntrySubject,
    Head,
    Paper,
    Reading,
)
from bole.record.sealing import content_of, reading_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(user_with):
    return user_with("section_officer", username="officer")


@pytest.fixture
def head(user_with):
    return user_with("department_head", username="head")


@pytest.fixture
def readable():
    """Cases that officers may read, as the selection room says it of its own."""
    streams.register(
        "case",
        title=lambda key: f"事项{key}",
        url=lambda key: "",
        may_read=lambda user, key: user.plays("section_officer"),
    )


def sealed(entries):
    return [(content_of(e), e.hash) for e in entries]


def append(actor, stream="case:1", action="test.act", **more):
    return actions.append(actor=actor, stream=stream, action=action, **more)


def test_entries_form_one_chain_and_one_per_case(officer):
    for stream in ("case:1", "case:2", "case:1", "office", "case:1"):
        append(officer, stream)
    everything = list(Entry.objects.all())
    assert [e.sequence for e in everything] == [1, 2, 3, 4, 5]
    assert everything[0].previous == GENESIS
    assert verify_chain(sealed(everything), check_streams=True).valid
    case = list(queries.entries_of("case:1"))
    assert [e.stream_sequence for e in case] == [1, 2, 3]
    assert verify_chain(sealed(case), STREAM).valid
    head = queries.head()
    assert (head.count, head.hash) == (5, everything[-1].hash)


def test_an_entry_says_who_what_when_whom(officer, head):
    happened = datetime.date(2026, 3, 1)
    entry = append(
        officer,
        subject=[head, ("people.cadre:7", "李某")],
        before={"state": "open"},
        after={
            "score": Decimal("84.50"),
            "share": Fraction(2, 3),
            "on": happened,
            "text": Text("甲", "A"),
            "who": head,
            "set": {"b", "a"},
        },
        papers=[("考察材料.docx", "a" * 64)],
        occurred_at=happened,
        reason="补记",
    )
    entry.refresh_from_db()
    assert entry.actor_name == "officer"
    assert entry.role == "section_officer"
    assert timezone.localtime(entry.occurred_at).date() == happened
    assert entry.subjects[1] == {"ref": "people.cadre:7", "name": "李某"}
    assert entry.after == {
        "score": "84.50",
        "share": "2/3",
        "on": "2026-03-01",
        "text": {"zh": "甲", "en": "A"},
        "who": {"ref": f"accounts.user:{head.pk}", "name": "head"},
        "set": ["a", "b"],
    }
    assert entry.papers == [{"name": "考察材料.docx", "digest": "a" * 64}]
    assert verify_chain(sealed([entry])).valid
    assert list(queries.entries_about(head)) == [entry]
    assert list(queries.entries_about("people.cadre:7")) == [entry]
    assert list(queries.entries_by(officer)) == [entry]
    assert not queries.is_late(entry, None)
    assert queries.is_late(entry, 10)


def test_a_float_is_refused_and_nothing_is_written(officer):
    with pytest.raises(BoleError, match="0.1"), transaction.atomic():
        append(officer, after={"score": 0.1})
    assert not Entry.objects.exists()
    assert queries.head().count == 0


@pytest.mark.django_db(transaction=True)
def test_appending_needs_the_action_s_transaction(officer):
    with pytest.raises(RuntimeError, match="transaction"):
        append(officer)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_action_leaves_no_entry(officer):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append(officer)
        1 / 0  # noqa: B018
    assert not Entry.objects.exists()
    with transaction.atomic():
        assert append(officer).sequence == 1


def test_code_cannot_change_or_delete(officer):
    entry = append(officer, subject=officer)
    entry.action = "x"
    for refused in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        EntrySubject.objects.all().delete,
        lambda: Entry.objects.update(action="x"),
        lambda: Entry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AppendOnlyError):
            refused()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record_entry SET action = 'x'",
        "DELETE FROM record_entry",
        "DELETE FROM record_entrysubject",
        "UPDATE record_paper SET name = 'x'",
        "DELETE FROM record_reading",
    ],
)
def test_the_database_refuses_too(officer, sql):
    append(officer, subject=officer)
    actions.store_paper(actor=officer, stream="case:1", name="a.txt", content=b"a")
    actions.log_reading(actor=officer, subject=officer, fields=["id_number"])
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.filter(action="test.act").exists()


def test_papers_lie_under_their_digest_and_versions_count_up(officer):
    first = actions.store_paper(
        actor=officer,
        stream="case:1",
        name="C:\\temp\\材料.txt",
        content="甲".encode(),
        kind="report",
    )
    second = actions.store_paper(
        actor=officer, stream="case:1", name="材料.txt", content="乙".encode()
    )
    again = actions.store_paper(
        actor=officer, stream="case:2", name="材料.txt", content="甲".encode()
    )
    assert (first.name, first.version, second.version, again.version) == ("材料.txt", 1, 2, 1)
    assert first.digest == hashlib.sha256("甲".encode()).hexdigest() == again.digest
    assert first.path == again.path
    assert first.path.read_text() == "甲"
    assert queries.latest_papers("case:1") == [second]
    entry = Entry.objects.get(sequence=first.entry_number)
    assert entry.action == "paper.store"
    assert entry.papers == [{"name": "材料.txt", "digest": first.digest}]


def test_papers_can_be_given_as_files(officer, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"abc")
    paper = actions.store_paper(
        actor=officer, stream="case:1", name="a.bin", content=tmp_path / "a.bin"
    )
    assert (paper.size, paper.path.read_bytes()) == (3, b"abc")
    cited = append(officer, papers=[paper])
    assert cited.papers == [{"name": "a.bin", "digest": paper.digest}]
    assert Paper.objects.count() == 1


def test_signing_with_password_and_code(officer, head, rf: RequestFactory):
    officer.password = make_password("right one")
    officer.save()
    signature = actions.sign(actor=officer, password="right one")
    assert append(officer, signature=signature).signature == "password"
    device = TOTPDevice.objects.create(user=officer, name="x", confirmed=True)
    code = f"{totp(device.bin_key):06d}"
    assert actions.sign(actor=officer, code=code).method == "totp"
    for wrong in ({"password": "wrong"}, {"code": "000000"}, {}):
        with pytest.raises(BoleError):
            actions.sign(actor=officer, **wrong)
    with pytest.raises(ValueError, match="not the actor's"):
        append(head, signature=signature)


def test_signing_through_a_page_counts_towards_the_lockout(officer, rf):
    officer.set_password("right one")
    officer.save()
    request = rf.post("/")
    assert actions.sign(actor=officer, password="right one", request=request)
    for _ in range(6):
        with pytest.raises(BoleError):
            actions.sign(actor=officer, password="wrong", request=request)
    with pytest.raises(BoleError):
        actions.sign(actor=officer, password="right one", request=request)


def test_a_correction_points_to_the_old_entry_and_needs_two(officer, head, user_with, readable):
    old = append(head, after={"votes": 12}, subject=("people.cadre:7", "李某"))
    one = actions.Signature("password", head)
    two = actions.Signature("password", officer)
    new = actions.correct(
        actor=head, entry=old, after={"votes": 21}, reason="笔误", signature=one, second=two
    )
    assert (new.corrects, new.reason, new.subjects) == (old.sequence, "笔误", old.subjects)
    assert new.after["second_signature"]["name"] == "officer"
    assert list(queries.corrections_of(old)) == [new]
    stranger = actions.Signature("password", user_with("cadre", username="stranger"))
    for options in ({"second": one}, {"reason": " "}, {"second": stranger}):
        with pytest.raises(BoleError):
            actions.correct(
                **{
                    "actor": head,
                    "entry": old,
                    "after": None,
                    "reason": "x",
                    "signature": one,
                    "second": two,
                    **options,
                }
            )
    office = append(head, "office")
    with pytest.raises(PermissionDenied):
        actions.correct(
            actor=officer, entry=office, after=None, reason="x", signature=two, second=one
        )


def test_readings_form_their_own_chain(officer, head):
    for fields in (["health"], ["id_number", "family"]):
        actions.log_reading(actor=officer, subject=head, fields=fields, reason="考察需要")
    readings = list(Reading.objects.order_by("sequence"))
    assert readings[1].fields == ["family", "id_number"]
    assert [r.reader_name for r in queries.readings_of(head)] == ["officer"] * 2
    several = actions.log_readings(
        actor=head, subjects=[officer, head], fields=["family"], reason="名册"
    )
    assert [r.sequence for r in several] == [3, 4]
    assert actions.log_readings(actor=head, subjects=[], fields=["family"]) == []
    readings = list(Reading.objects.order_by("sequence"))
    rows = [(reading_content(r), r.hash) for r in readings]
    kept = queries.head(Head.READINGS)
    assert verify_chain(rows, READINGS, size=kept.count, head=kept.hash).valid
    assert queries.head().count == 0


def test_the_calendar_learns_a_year(head, user_with):
    year = queries.calendar().last_known().year + 1
    day = datetime.date(year, 1, 1)
    actions.set_work_year(actor=head, year=year, days_off=[day], make_up=[], source="国办通知")
    assert not queries.calendar().is_working_day(day)
    actions.set_work_year(actor=head, year=year, days_off=[], make_up=[], source="更正")
    entry = Entry.objects.last()
    assert entry.before["source"] == "国办通知"
    with pytest.raises(BoleError):
        actions.set_work_year(
            actor=head, year=year, days_off=[datetime.date(2020, 1, 1)], make_up=[], source=""
        )
    with pytest.raises(PermissionDenied):
        actions.set_work_year(
            actor=user_with("cadre", username="c"), year=year, days_off=[], make_up=[], source=""
        )


def test_due_of_calendar_and_anchor(head, user_with):
    last = queries.calendar().last_known()
    soon = last - datetime.timedelta(days=30)
    assert [d.when for d in queries.due(head, soon)] == [last]
    assert queries.due(head, last - datetime.timedelta(days=90)) == []
    auditor = user_with("auditor", username="auditor")
    assert queries.due(auditor, soon) == []
    append(head)
    assert len(queries.due(auditor, soon)) == 1
