"""Imports: who is recognised, what differs, what is written, and that an undo restores exactly."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bole.engine.errors import BoleError
from bole.people import actions
from bole.people.histories import TABLES
from bole.people.imports import reading
from bole.people.imports.match import Register, recognise
from bole.people.imports.reading import Upload
from bole.people.imports.snapshot import digests
from bole.people.imports.write import undo_import, write_import
from bole.people.models import Appraisal, Cadre, HeaderMapping, ImportBatch, PostSpell
from bole.record.models import Entry, Reading

D = datetime.date
HEADER = ["姓名", "性别", "出生年月", "工作单位及职务", "任现职时间", "职级", "身份证号"]


def lrmx(name: str, birth: str, number: str = "", **tags: str) -> bytes:
    body = "".join(f"<{k}>{v}</{k}>" for k, v in tags.items())
    return (
        f"<Person><XingMing>{name}</XingMing><XingBie>男</XingBie>"
        f"<ChuShengNianYue>{birth}</ChuShengNianYue>{body}<ShenFenZheng>{number}</ShenFenZheng>"
        "</Person>"
    ).encode()


def roster(*rows: list, header=HEADER) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def officer(user_with):
    return user_with("section_officer")


def read(officer, *uploads: tuple[str, bytes], confirm: bool = True) -> ImportBatch:
    batch = reading.start_import(actor=officer, name="test", uploads=[Upload(*u) for u in uploads])
    for _n in range(50):
        if batch.state != ImportBatch.State.READING:
            return batch
        reading.step(actor=officer, batch=batch)
        if batch.files.filter(state="mapping").exists():
            if not confirm:
                return batch
            reading.accept_proposals(actor=officer, batch=batch)
    raise AssertionError(batch.state)


# ---- who it is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "match", "who"),
    [
        ({"name": "曾静", "id_number": "37112219730825194X"}, "same", "cadre"),
        ({"name": "曾静", "birth": "1973-08-01"}, "same", "cadre"),
        ({"name": "曾静", "birth": "1980-02-01"}, "same", "namesake"),
        # Another month of birth: another person, the namesakes stay untouched.
        ({"name": "曾静", "birth": "1985-01-01"}, "new", None),
        # A name alone proves nothing.
        ({"name": "曾静"}, "ask", None),
        ({"name": "曾静", "id_number": "110101199003070038"}, "ask", None),
        # The same ID number with another name, or two ID numbers, is asked.
        ({"name": "曾静倩", "id_number": "37112219730825194X"}, "ask", None),
        (
            {"name": "曾静", "birth": "1973-08-01", "id_number": "110101199003070038"},
            "ask",
            None,
        ),
        ({"name": "新人", "birth": "1990-03-01"}, "new", None),
        ({"name": "新人"}, "new", None),
    ],
)
def test_recognising(cadre, others, fields, match, who):
    found = recognise(fields, Register.load())
    assert found.match == match
    assert found.cadre == {"cadre": cadre.pk, "namesake": others["namesake"].pk, None: None}[who]
    assert found.reason.zh and found.reason.en


def test_two_with_one_name_and_month_are_asked(cadre):
    Cadre.objects.create(name="曾静", sex="女", birth=D(1973, 8, 3))
    found = recognise({"name": "曾静", "birth": "1973-08-01"}, Register.load())
    assert found.match == "ask" and len(found.candidates) == 2


def test_a_namesake_is_never_touched(officer, cadre, others):
    before = digests(Cadre.objects.filter(pk__in=[cadre.pk, others["namesake"].pk]))
    batch = read(officer, ("a.lrmx", lrmx("曾静", "1985.01", MinZu="汉")))
    write_import(actor=officer, batch=batch)
    assert digests(Cadre.objects.filter(pk__in=[cadre.pk, others["namesake"].pk])) == before
    assert Cadre.objects.filter(name="曾静").count() == 3


# ---- what differs ----------------------------------------------------------------------------


def test_differences_field_by_field(officer, cadre):
    file = lrmx(
        "曾　静",
        "1973.08",
        "37112219730825194X",
        MinZu="汉",
        JianLi="1995.07--2019.01  安澜县白鹭镇科员\n2019.01--  安澜县农业农村局局长",
        NianDuKaoHeJieGuo="2024年年度考核称职；2025年年度考核称职。",
    )
    batch = read(officer, ("a.lrmx", file))
    item = batch.items.get()
    assert (item.match, item.cadre) == ("same", cadre)
    found = {d["key"]: d for d in item.differences}
    # A month in the file does not replace the day on file; posts on file are the same.
    assert "fields.birth" not in found and not [k for k in found if k.startswith("posts")]
    assert found["fields.ethnicity"]["found"] == "汉族" and found["fields.ethnicity"]["chosen"]
    # The sex contradicts a value on file: it must be ticked by hand.
    assert found["fields.sex"] == {
        "key": "fields.sex",
        "kind": "field",
        "stored": "女",
        "found": "男",
        "chosen": False,
    }
    kinds = {d["kind"]: d for d in found.values() if d.get("table") == "appraisals"}
    assert kinds["add"]["chosen"] and "2024" in kinds["add"]["found"]
    assert not kinds["change"]["chosen"] and "称职" in kinds["change"]["found"]
    # An empty field of the file never empties ours.
    assert "fields.health" not in found


def test_only_what_is_chosen_is_written(officer, cadre):
    batch = read(
        officer,
        ("a.lrmx", lrmx("曾静", "1973.08", "37112219730825194X", MinZu="汉", JiGuan="山东")),
    )
    item = batch.items.get()
    reading.choose(actor=officer, item=item, chosen=True, keys={"fields.native_place"})
    write_import(actor=officer, batch=batch)
    cadre.refresh_from_db()
    assert (cadre.native_place, cadre.ethnicity, cadre.sex) == ("山东", "", "女")
    assert Entry.objects.filter(action="import.write").count() == 1


def test_a_new_person_becomes_dated_rows(officer, county):
    file = lrmx(
        "林一",
        "1985.03.07",
        JianLi="2003.09--2007.07  聊城大学农学专业学习\n2007.07--2019.01  安澜县白鹭镇科员\n"
        "2019.01--  安澜县农业农村局副局长",
        ZhuanYeJiShuZhiWu="农艺师",
        QuanRiZhiJiaoYu_XueLi="大学",
        QuanRiZhiJiaoYu_XueLi_BiYeYuanXiaoXi="聊城大学农学专业",
    )
    write_import(actor=officer, batch=read(officer, ("林一.lrmx", file)))
    person = Cadre.objects.get(name="林一")
    first, last = PostSpell.objects.filter(cadre=person)
    assert (first.unit, first.unit_kind, first.end) == (county["town"], "town", D(2019, 1, 1))
    # The post of the unit's list tells grade and kind; nothing is guessed where it does not.
    assert (last.post, last.grade, last.leading) == (county["deputy"], "section_deputy", True)
    assert first.grade == "" and last.source == "林一.lrmx"
    assert person.titles.get().name == "农艺师"
    assert person.educations.get().start == D(2003, 9, 1)
    assert (person.unit, person.grade) == (county["bureau"], "section_deputy")


def test_the_same_person_twice_in_one_import_is_asked(officer, cadre):
    one = lrmx("曾静", "1973.08", "37112219730825194X")
    batch = read(
        officer,
        ("a.lrmx", one),
        ("b.lrmx", one),
        ("c.lrmx", lrmx("新人", "1990.01")),
        ("d.lrmx", lrmx("新人", "1990.01")),
    )
    assert sorted(batch.items.values_list("name", "match")) == [
        ("新人", "ask"),
        ("新人", "new"),
        ("曾静", "ask"),
        ("曾静", "same"),
    ]


def test_two_files_of_one_person_are_not_written_together(officer, cadre):
    one = lrmx("曾静", "1973.08", NianDuKaoHeJieGuo="2024年年度考核称职。")
    batch = read(officer, ("a.lrmx", one), ("b.lrmx", one))
    asked = batch.items.get(match="ask")
    reading.decide(actor=officer, item=asked, answer=str(cadre.pk))
    with pytest.raises(BoleError, match="曾静"):
        write_import(actor=officer, batch=batch)
    reading.decide(actor=officer, item=asked, answer="skip")
    assert write_import(actor=officer, batch=batch) == 1


# ---- deciding, refusing ----------------------------------------------------------------------


def test_whoever_is_asked_about_is_decided_first(officer, cadre):
    batch = read(officer, ("a.lrmx", lrmx("曾静", "", MinZu="汉")))
    item = batch.items.get()
    assert (item.match, item.chosen) == ("ask", False)
    with pytest.raises(BoleError):
        reading.decide(actor=officer, item=item, answer="999")
    item = reading.decide(actor=officer, item=item, answer=str(cadre.pk))
    assert item.match == "same" and item.chosen
    assert {d["key"] for d in item.differences} >= {"fields.ethnicity"}
    write_import(actor=officer, batch=batch)
    with pytest.raises(BoleError, match="待确认"):
        write_import(actor=officer, batch=batch)


def test_an_id_number_on_file_is_not_given_twice(officer, cadre):
    batch = read(officer, ("a.lrmx", lrmx("曾静倩", "1973.08", "37112219730825194X")))
    reading.decide(actor=officer, item=batch.items.get(), answer="new")
    with pytest.raises(BoleError, match="曾静倩.*曾静"):
        write_import(actor=officer, batch=batch)
    assert not Cadre.objects.filter(name="曾静倩").exists()


def test_cadres_of_other_units_are_refused(user_with, county, cadre):
    officer = user_with("section_officer", unit=county["town"])
    batch = read(officer, ("a.lrmx", lrmx("曾静", "1973.08", MinZu="汉")))
    with pytest.raises(BoleError, match="管理范围"):
        write_import(actor=officer, batch=batch)


@pytest.mark.parametrize("role", ["auditor", "unit_liaison", "cadre", "system_administrator"])
def test_only_officers_import(user_with, role):
    with pytest.raises(PermissionDenied):
        reading.start_import(actor=user_with(role), name="x", uploads=[])


# ---- undo ------------------------------------------------------------------------------------


def everything() -> dict:
    """Every row of every history and every field but the time of the last change."""
    fields = [f.attname for f in Cadre._meta.concrete_fields if f.name != "updated_at"]
    found = {"cadres": list(Cadre.objects.order_by("pk").values(*fields))}
    for table, model in TABLES.items():
        found[table] = list(model.objects.order_by("pk").values())
    return found


def test_undo_restores_exactly(officer, cadre, others, samples):
    before = everything()
    batch = read(
        officer,
        (
            "a.lrmx",
            lrmx(
                "曾静",
                "1973.08",
                "37112219730825194X",
                MinZu="汉",
                NianDuKaoHeJieGuo="2025年年度考核称职。",
                JianLi="1995.07--2018.12  安澜县白鹭镇科员",
            ),
        ),
        *[(p.name, p.read_bytes()) for p in sorted(samples.glob("00*.lrmx"))],
    )
    item = batch.items.get(name="曾静")
    keys = {d["key"] for d in item.differences}
    assert {"posts.0", "appraisals.0"} <= keys
    reading.choose(actor=officer, item=item, chosen=True, keys=keys)
    assert write_import(actor=officer, batch=batch) == 10
    assert Appraisal.objects.get(cadre=cadre, year=2025).grade == "称职"
    assert everything() != before
    assert undo_import(actor=officer, batch=batch) == 10
    assert everything() == before
    with pytest.raises(BoleError):
        undo_import(actor=officer, batch=batch)


def test_undo_is_refused_after_later_changes(officer, cadre):
    batch = read(officer, ("a.lrmx", lrmx("曾静", "1973.08", MinZu="汉")))
    write_import(actor=officer, batch=batch)
    actions.add_row(
        actor=officer, cadre=cadre, table="awards", values={"name": "先进", "date": D(2026, 1, 1)}
    )
    with pytest.raises(BoleError) as refused:
        undo_import(actor=officer, batch=batch)
    assert "曾静" in refused.value.say("zh") and "改动" in refused.value.say("zh")
    cadre.refresh_from_db()
    assert cadre.ethnicity == "汉族"


def test_undo_is_refused_when_others_rely_on_a_new_person(officer, user_with, county):
    batch = read(officer, ("a.lrmx", lrmx("林一", "1985.03")))
    write_import(actor=officer, batch=batch)
    person = Cadre.objects.get(name="林一")
    actions.ask_correction(
        actor=_own(person, user_with),
        cadre=person,
        table="cadre",
        row=None,
        field="native_place",
        stands="",
        wanted="山东",
        reason="户口簿",
    )
    with pytest.raises(BoleError) as refused:
        undo_import(actor=officer, batch=batch)
    assert "引用" in refused.value.say("zh")
    assert Cadre.objects.filter(name="林一").exists()


def _own(person, user_with):
    person.account = user_with("cadre")
    person.save()
    return person.account


# ---- files -----------------------------------------------------------------------------------


def packed(*files: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return file.getvalue()


def test_bad_files_do_not_stop_the_others(officer, county):
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><Person>&a;</Person>'
    batch = read(
        officer,
        ("good.lrmx", lrmx("林一", "1985.03")),
        ("dtd.lrmx", bomb),
        ("empty.lrmx", b""),
        ("cut.lrmx", lrmx("林二", "1985.03")[:60]),
        ("words.docx", b"PK\x03\x04"),
        ("broken.zip", b"PK\x03\x04broken"),
        ("alone.jpg", b"\xff\xd8\xff"),
    )
    assert batch.items.count() == 1
    broken = batch.files.filter(state="broken")
    assert {f.name for f in broken} == {
        "dtd.lrmx",
        "empty.lrmx",
        "cut.lrmx",
        "words.docx",
        "broken.zip",
        "alone.jpg",
    }
    sentences = [f.problems[0]["text"]["zh"] for f in broken]
    assert len(set(sentences)) == len(sentences) and all(sentences)
    assert not batch.files.exclude(content=None).exists()


def test_a_zip_with_chinese_names_and_pictures(officer, county, samples):
    lrm = samples / "L01刘健飞.lrm"
    archive = packed(
        ("干部/L01刘健飞.lrm", lrm.read_bytes()),
        ("干部/L01刘健飞.PIC", lrm.with_suffix(".pic").read_bytes()),
        ("__MACOSX/._x.lrmx", b"junk"),
        ("干部/~$x.xlsx", b"junk"),
    )
    batch = read(officer, ("all.zip", archive))
    assert batch.files.count() == 1
    item = batch.items.get()
    assert item.name == "刘健飞" and item.found["picture"]


def test_archives_are_bounded(officer, settings):
    settings.UPLOAD_LIMIT = 1000
    batch = read(officer, ("a.zip", packed(("a.lrmx", b"x" * 2000))), ("b.lrmx", b"x"))
    large = batch.files.get(name="a.zip")
    assert large.state == "broken" and "过大" in large.problems[0]["text"]["zh"]


def test_a_reader_that_fails_stops_nothing_but_its_file(officer, county, samples, monkeypatch):
    from bole.people.exchange import batch as exchange

    form = (samples / "001赖超.lrmx").read_bytes()

    def fail(data, name, units):
        if name == "a.lrmx":
            raise RuntimeError("a bug")
        return read_lrmx(data, name, units)

    read_lrmx = exchange.read_lrmx
    monkeypatch.setattr(exchange, "read_lrmx", fail)
    batch = read(officer, ("a.lrmx", form), ("b.lrmx", form))
    assert batch.files.get(name="a.lrmx").state == "broken"
    assert batch.items.get().name == "赖超"


# ---- rosters ---------------------------------------------------------------------------------


def test_columns_are_confirmed_once_per_header(officer, county):
    row = ["林一", "男", "1985.03", "安澜县农业农村局副局长", "2020.05", "副科级", ""]
    batch = read(officer, ("a.xlsx", roster(row)), confirm=False)
    file = batch.files.get()
    assert file.state == "mapping" and batch.items.count() == 0
    columns = {c["header"]: c["field"] for c in file.mapping["sheets"][0]["columns"]}
    assert columns["工作单位及职务"] == "post" and columns["职级"] == "grade"
    key = file.mapping["sheets"][0]["key"]
    with pytest.raises(BoleError, match="姓名"):
        reading.confirm_columns(
            actor=officer, file=file, fields={key: {"1": None, "2": "sex"}}, answers={}
        )
    fields = {key: {str(i + 1): f for i, f in enumerate(columns.values())}}
    fields[key]["5"] = None  # the officer says: do not read 任现职时间
    reading.confirm_columns(actor=officer, file=file, fields=fields, answers={})
    reading.step(actor=officer, batch=batch)
    item = batch.items.get()
    spell = item.found["rows"]["posts"][0]
    assert "start" not in spell and spell["grade"] == "section_deputy"
    # The next roster with this header is read at once, as confirmed.
    again = read(officer, ("b.xlsx", roster(row)), confirm=False)
    assert again.state == "read" and HeaderMapping.objects.count() == 1
    assert "start" not in again.items.get().found["rows"]["posts"][0]


def test_a_month_that_only_a_person_can_decide(officer, county):
    row = ["林一", "男", 1979.1, "安澜县农业农村局副局长", "2020.05", "副科级", ""]
    batch = read(officer, ("a.xlsx", roster(row)), confirm=False)
    file = batch.files.get()
    (question,) = file.mapping["sheets"][0]["questions"]
    assert question["where"].endswith("!C2") and len(question["choices"]) == 2
    sheet = file.mapping["sheets"][0]
    fields = {sheet["key"]: {str(c["column"]): c["field"] for c in sheet["columns"]}}
    reading.confirm_columns(
        actor=officer, file=file, fields=fields, answers={question["where"]: "1979.10"}
    )
    reading.step(actor=officer, batch=batch)
    assert batch.items.get().found["fields"]["birth"] == "1979-10-01"


# ---- pages -----------------------------------------------------------------------------------


def test_the_way_through_the_pages(sign_in, cadre):
    client = sign_in("section_officer")
    file = SimpleUploadedFile("曾静.lrmx", lrmx("曾静", "1973.08", cadre.id_number, MinZu="汉"))
    client.post(reverse("people:import-new"), {"files": [file], "paths": ["夹/曾静.lrmx"]})
    batch = ImportBatch.objects.get()
    detail = reverse("people:import", args=[batch.pk])
    assert "hx-post" in client.get(detail).content.decode()
    done = client.post(
        reverse("people:import-step", args=[batch.pk]), headers={"HX-Request": "true"}
    )
    assert done.headers["HX-Redirect"] == detail
    item = batch.items.get()
    page = client.get(reverse("people:import-item", args=[batch.pk, item.pk]))
    assert "汉族" in page.content.decode()
    client.post(
        reverse("people:import-item", args=[batch.pk, item.pk]),
        {"chosen": "on", "keys": ["fields.ethnicity"]},
    )
    client.post(reverse("people:import-write", args=[batch.pk]))
    cadre.refresh_from_db()
    assert cadre.ethnicity == "汉族"
    undo = reverse("people:import-undo", args=[batch.pk])
    assert "1" in client.get(undo).content.decode()
    client.post(undo)
    cadre.refresh_from_db()
    assert cadre.ethnicity == ""
    assert client.get(reverse("people:imports")).status_code == 200


def test_the_report_names_file_row_and_column(sign_in, officer, county):
    row = ["林一", "男", "很久以前", "安澜县农业农村局副局长", "2020.05", "副科级", "123"]
    batch = read(officer, ("名册.xlsx", roster(row)))
    client = sign_in("section_officer")
    html = client.get(reverse("people:import-problems", args=[batch.pk])).content.decode()
    assert "名册.xlsx" in html and "!C2" in html and "很久以前" in html
    text = client.get(
        reverse("people:import-problems", args=[batch.pk]), {"export": "csv"}
    ).content.decode()
    assert "!G2" in text


def test_looking_at_sensitive_differences_is_logged(sign_in, officer, cadre):
    cadre.id_number = None
    cadre.save()
    batch = read(officer, ("a.lrmx", lrmx("曾静", "1973.08", "37112219730825194X")))
    item = batch.items.get()
    sign_in("section_officer").get(reverse("people:import-item", args=[batch.pk, item.pk]))
    assert Reading.objects.get().fields == ["id_number"]


def test_discarding_leaves_nothing(sign_in, officer, county):
    batch = read(officer, ("a.lrmx", lrmx("林一", "1985.03")))
    sign_in("section_officer").post(reverse("people:import-discard", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "discarded" and not batch.items.exists()
    assert not Cadre.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "unit_liaison", "inspector"])
def test_imports_are_closed_to_others(sign_in, officer, county, role):
    batch = read(officer, ("a.lrmx", lrmx("林一", "1985.03")))
    client = sign_in(role)
    for name in ("import", "import-problems", "import-undo"):
        assert client.get(reverse(f"people:{name}", args=[batch.pk])).status_code == 403
