import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from bole.engine.chain import Anchor, new_key
from bole.engine.chain.packages import verify_package
from bole.record import actions, queries, runs, streams
from bole.record.models import AnchorRecord, Entry, VerificationRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(user_with):
    officer = user_with("section_officer", username="officer")
    for i in range(4):
        actions.append(
            actor=officer,
            action="test.act",
            stream=f"case:{i % 2}",
            subject=("people.cadre:7", "李某"),
            before={"步骤": "动议"},
            after={"步骤": "推荐"},
            reason="理由甲" if i else "",
            signature="totp" if i else None,
        )
    actions.store_paper(actor=officer, stream="case:1", name="材料.txt", content=b"<b>x</b>")
    return officer


def page(client, name, *args, **query):
    response = client.get(reverse(f"record:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_whole_record_for_auditors(entries, sign_in):
    client = sign_in("auditor")
    html = page(client, "list")
    assert "动议 → 推荐" in html
    assert "存入材料" in html
    assert "officer" in html
    assert "理由甲" not in page(client, "list", signed="no", columns=["reason", "sequence"])
    html = page(client, "list", action="paper.store")
    assert "材料.txt" in html
    assert "李某" not in html


def test_the_list_exports_what_is_seen(entries, sign_in):
    response = sign_in("auditor").get(
        reverse("record:list"), {"export": "csv", "action": "paper.store"}
    )
    text = response.content.decode("utf-8-sig")
    assert "材料.txt" in text
    assert "李某" not in text


def test_one_case_with_its_papers(entries, sign_in):
    html = page(sign_in("department_head"), "stream", "case:1")
    assert html.count("动议 → 推荐") == 2
    assert "材料.txt" in html


def test_one_entry_and_its_corrections(entries, sign_in, user_with):
    client = sign_in("auditor")
    head = user_with("department_head", username="head")
    old = Entry.objects.get(sequence=2)
    new = actions.correct(
        actor=head,
        entry=old,
        after="更正内容",
        reason="笔误",
        signature=actions.Signature("password", head),
        second=actions.Signature("password", user_with("department_head", username="vice")),
    )
    html = page(client, "entry", 2)
    assert old.hash in html
    assert reverse("record:entry", args=[new.sequence]) in html
    assert reverse("record:entry", args=[2]) in page(client, "entry", new.sequence)
    assert client.get(reverse("record:entry", args=[99])).status_code == 404


def test_correcting_on_the_page_with_two_signatures(entries, sign_in, user_with):
    vice = user_with("department_head", username="vice", password="second horse")
    client = sign_in("department_head", username="head", password="correct horse")
    url = reverse("record:correct", args=[2])
    assert url in page(client, "entry", 2)
    page(client, "correct", 2)
    data = {
        "content": "同意票应为37",
        "reason": "笔误",
        "password": "correct horse",
        "second": "vice",
        "second_password": "second horse",
    }
    for wrong in ({"password": "x"}, {"second_password": ""}, {"second": "head"}):
        before = Entry.objects.count()
        assert client.post(url, data | wrong).status_code == 409
        assert Entry.objects.count() == before
    assert client.post(url, data | {"second": "nobody"}).status_code == 200
    assert client.post(url, data).status_code == 302
    entry = Entry.objects.last()
    assert (entry.corrects, entry.signature) == (2, "password")
    assert entry.after["second_signature"]["name"] == str(vice)
    assert "同意票应为37" in page(client, "entry", entry.sequence)
    auditor = sign_in("auditor")
    assert auditor.get(url).status_code == 403
    assert url not in page(auditor, "entry", 2)


def test_papers_are_downloads(entries, sign_in):
    paper = queries.papers_of("case:1").get()
    response = sign_in("auditor").get(reverse("record:paper", args=[paper.pk]))
    assert b"".join(response.streaming_content) == b"<b>x</b>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    paper.path.unlink()


@pytest.mark.parametrize("role", ["section_officer", "cadre", "system_administrator"])
def test_others_see_only_their_cases(entries, sign_in, role):
    client = sign_in(role, username="someone")
    paper = queries.papers_of("case:1").get()
    for name, args in [
        ("list", []),
        ("stream", ["case:1"]),
        ("entry", [1]),
        ("paper", [paper.pk]),
        ("audit", []),
        ("readings", []),
    ]:
        assert client.get(reverse(f"record:{name}", args=args)).status_code == 403
    assert client.post(reverse("record:archive", args=["case:1"])).status_code == 403
    assert client.post(reverse("record:verify")).status_code == 403


def test_a_room_opens_its_cases_to_its_people(entries, sign_in):
    streams.register(
        "case",
        title=lambda key: f"镇长选任{key}",
        url=lambda key: f"/cases/{key}/",
        may_read=lambda user, key: key == "1" and user.plays("section_officer"),
    )
    client = sign_in("section_officer", username="officer")
    assert "镇长选任1" in page(client, "stream", "case:1")
    assert client.get(reverse("record:stream", args=["case:0"])).status_code == 403


def test_verifying_one_case(entries, sign_in):
    client = sign_in("auditor")
    url = reverse("record:stream-verify", args=["case:1"])
    html = client.post(url, headers={"hx-request": "true"}).content.decode()
    assert "alert-success" in html
    queries.papers_of("case:1").get().path.unlink()
    html = client.post(url, headers={"hx-request": "true"}).content.decode()
    assert "材料.txt" in html
    assert "alert-danger" in html


def test_the_package_of_a_case(entries, sign_in, tmp_path):
    actions.store_paper(actor=entries, stream="case:1", name="材料.txt", content=b"<b>x</b>")
    response = sign_in("auditor").post(reverse("record:archive", args=["case:1"]))
    content = b"".join(response.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    (tmp_path / "a.zip").write_bytes(content)
    assert verify_package(tmp_path / "a.zip").valid


class TestAudit:
    @pytest.fixture
    def inline(self, monkeypatch):
        """Verifies at once: a thread would not see the test's transaction."""

        class Now:
            def __init__(self, target, args, daemon):
                self.call = lambda: runs.perform(*args)

            def start(self):
                self.call()

        monkeypatch.setattr(runs.threading, "Thread", Now)

    def test_verify_now(self, entries, sign_in, inline):
        client = sign_in("auditor")
        assert "尚未" in page(client, "audit")
        html = client.post(
            reverse("record:verify"), headers={"hx-request": "true"}
        ).content.decode()
        assert "有效" in html
        run = VerificationRun.objects.get()
        assert (run.state, run.done) == ("valid", 5)
        assert "有效" in page(client, "audit")
        assert client.post(reverse("record:verify")).status_code == 302

    def test_a_running_one_shows_how_far_it_is(self, entries, sign_in):
        client = sign_in("auditor")
        run = VerificationRun.objects.create(by_name="x", done=3, total=5)
        url = reverse("record:progress", args=[run.pk])
        html = client.get(url, headers={"hx-request": "true"}).content.decode()
        assert "3 / 5" in html
        assert url in html, "it asks again"
        assert runs.start(actor=client_user(client)) == run, "one at a time"

    def test_one_that_was_cut_off_is_closed(self, entries, sign_in):
        run = VerificationRun.objects.create(by_name="x")
        long_ago = timezone.now() - datetime.timedelta(hours=1)
        VerificationRun.objects.update(seen_at=long_ago)
        client = sign_in("auditor")
        url = reverse("record:progress", args=[run.pk])
        html = client.get(url, headers={"hx-request": "true"}).content.decode()
        assert "中断" in html

    def test_anchors_with_a_key_and_without(self, entries, sign_in):
        client = sign_in("auditor")
        private, _public = new_key("口令")
        file = SimpleUploadedFile("auditor.pem", private)
        wrong = client.post(reverse("record:audit"), {"key": file, "password": "x"})
        assert wrong.status_code == 200
        assert "密钥" in wrong.content.decode()
        assert not AnchorRecord.objects.exists()
        file.seek(0)
        response = client.post(reverse("record:audit"), {"key": file, "password": "口令"})
        row = AnchorRecord.objects.get()
        assert response.url == reverse("record:anchor", args=[row.pk])
        assert row.head in page(client, "anchor", row.pk)
        anchor = Anchor.from_json(client.get(response.url + "?file").content)
        assert anchor.signature
        assert anchor.problem() is None
        client.post(reverse("record:audit"), {})
        assert AnchorRecord.objects.first().signature == ""
        assert "未签名" in page(client, "audit")


def client_user(client):
    return client.get("/record/audit/").wsgi_request.user


def test_readings(entries, sign_in, user_with):
    cadre = user_with("cadre", username="cadre")
    actions.log_reading(actor=entries, subject=cadre, fields=["health", "family"], reason="考察")
    html = page(sign_in("auditor"), "readings")
    for words in ("officer", "cadre", "family、health", "考察"):
        assert words in html


class TestCalendar:
    def data(self, **changes):
        year = queries.calendar().last_known().year + 1
        return {
            "year": year,
            "days_off": f"{year}-01-01 至 {year}-01-03，{year}-5-1",
            "make_up": "",
            "source": "国办发明电",
            **changes,
        }

    def test_entering_a_year(self, sign_in):
        client = sign_in("department_head")
        data = self.data()
        page(client, "calendar")
        assert client.post(reverse("record:calendar"), data).status_code == 302
        calendar = queries.calendar()
        assert calendar.last_known().year == data["year"]
        assert not calendar.is_working_day(datetime.date(data["year"], 1, 1))
        assert f"?year={data['year']}" in page(client, "calendar")
        assert f"{data['year']}-05-01" in page(client, "calendar", year=data["year"])

    @pytest.mark.parametrize("days", ["1月1日", "2027-13-01", "2027-01-03 至 2027-01-01"])
    def test_days_that_cannot_be_read(self, sign_in, days):
        html = sign_in("department_head").post(reverse("record:calendar"), self.data(days_off=days))
        assert days in html.content.decode()
        assert html.status_code == 200

    def test_auditors_only_read_it(self, sign_in):
        client = sign_in("auditor")
        page(client, "calendar")
        assert client.post(reverse("record:calendar"), self.data()).status_code == 403


def test_pages_ask_few_queries_with_many_entries(entries, sign_in, django_assert_max_num_queries):
    client = sign_in("auditor")
    for _ in range(60):
        actions.append(actor=entries, action="test.act", stream="case:1", after={"a": 1})
    with django_assert_max_num_queries(10):
        page(client, "stream", "case:1")
