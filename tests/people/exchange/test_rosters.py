"""Rosters: headers, dates in cells, bad cells, and what is no person."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest

from bole.engine.errors import BoleError
from bole.people.exchange import as_person, read_roster, workbook
from bole.people.exchange.identity import check_digit
from bole.people.exchange.roster_columns import match_header, propose, tidy_header

from .build import HEADER, ID_NUMBER, codes, form, lrm, picture, roster, save

POST = "安澜县财政局局长"


def row(
    name: str = "赖超",
    birth: Any = "1973.08",
    work: Any = "1995.07",
    number: Any = ID_NUMBER,
    post: Any = POST,
    sex: Any = "男",
) -> list[Any]:
    return [1, name, sex, birth, work, post, number]


def one(*rows: list[Any], **options: Any) -> Any:
    reading = read_roster(roster(rows, **options))
    assert not reading.problems
    return reading.sheets[0]


# ---- headers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓 名", "name"),
        ("出生\n年月", "birth"),
        ("出生日期（年/月）", "birth"),
        ("参加工\n作时间", "work_start"),
        ("任现职\n时间", "post_since"),
        ("任现职级\n时间", "grade_since"),
        ("任现级别时间", "grade_since"),
        ("任同职级时间", "grade_since"),
        ("现任职务", "post"),
        ("工作单位及职务", "post"),
        ("工作单位", "unit"),
        ("职务", "title"),
        ("职级", "grade"),
        ("公民身份号码", "id_number"),
        ("入党\n时间", "party"),
        ("政治面貌", "politics"),
        ("近三年年度考核结果", "appraisals"),
        ("2024年度考核结果", "appraisal_of"),
        ("2024年", "appraisal_of"),
        ("在职学历", "in_service"),
        ("全日制\n学历学位", "full_time"),
        ("联系电话", None),
        ("", None),
    ],
)
def test_header_names(header: str, field: str | None) -> None:
    assert match_header(tidy_header(header))[0] == field


def test_confidence_says_what_must_be_looked_at() -> None:
    headers = {1: "姓名", 2: "学历", 3: "毕业院校及专业", 4: "现聘岗位职务", 5: "", 6: "姓名"}
    samples = {5: [ID_NUMBER] * 3}
    found = {m.column: (m.field, m.confidence) for m in propose(headers, samples)}
    assert found[1] == ("name", 1.0)
    assert found[2] == ("full_time", 0.6), "full-time or in-service is not said"
    assert found[4][1] < 0.9
    assert found[5] == ("id_number", 0.6), "by what the cells look like"
    assert found[6] == (None, 0.0), "two columns cannot be one field"


def test_a_school_column_belongs_to_the_education_before_it() -> None:
    headers = {1: "姓名", 2: "全日制学历", 3: "毕业院校及专业", 4: "在职学历", 5: "毕业院校及专业"}
    fields = [m.field for m in propose(headers, {})]
    assert fields == ["name", "full_time", "full_time_school", "in_service", "in_service_school"]


def test_what_was_confirmed_is_remembered_by_header() -> None:
    data = roster(
        [["赖超", "安澜县财政局局长"]], header=["姓名", "现聘岗位", "性别"][:2] + ["性别"]
    )
    sheet = read_roster(data).sheets[0]
    key = sheet.header_key
    again = read_roster(data, remembered={key: {2: "post"}}).sheets[0]
    assert again.mapping[1].field == "post" and again.mapping[1].confidence == 1.0
    assert again.people[0].post == POST


def test_a_header_of_two_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["名册"])
    sheet.append(["姓名", "性别", "全日制教育", None, "在职教育", None, "出生年月"])
    sheet.append([None, None, "学历", "毕业院校及专业", "学历", "毕业院校及专业", None])
    sheet.append(["赖超", "男", "大学", "山东大学法学", "研究生", "济南大学土木工程", "1973.08"])
    for place in ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"):
        sheet.merge_cells(place)
    (reading,) = read_roster(save(book)).sheets
    assert reading.header_rows == (2, 3)
    (person,) = reading.people
    assert person.full_time and person.full_time.school == "山东大学"
    assert person.in_service and person.in_service.major == "土木工程"
    assert as_person(person)["on_job"]["level"] == "在职研究生"


def test_title_footer_group_and_repeated_header_rows_are_no_people() -> None:
    sheet = one(
        ["县委办公室（2人）"],
        row(),
        HEADER,
        [None] * 7,
        row("张三", number=None),
        ["合计", None, None, 2],
        ["填表人：李四", None, None, "联系电话：", None, None, None],
        ["备注：以上人员"],
    )
    assert [p.name for p in sheet.people] == ["赖超", "张三"]
    assert len(sheet.skipped) == 5 and not sheet.problems
    assert sheet.as_of == datetime.date(2026, 11, 1) and sheet.as_of_source == "title"


def test_several_sheets() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster([row()])))
    other = book.create_sheet("乡镇")
    other.append(["姓名", "性别", "出生年月"])
    other.append(["王五", "女", "1980.02"])
    book.create_sheet("说明").append(["填写说明"])
    hidden = book.create_sheet("隐藏")
    hidden.append(["姓名", "性别", "出生年月"])
    hidden.sheet_state = "hidden"
    reading = read_roster(save(book))
    assert [(p.name, p.sheet, p.row) for p in reading.people] == [
        ("赖超", "名册", 4),
        ("王五", "乡镇", 2),
    ]
    assert [(p.code, p.where) for p in reading.problems] == [
        ("NO_HEADER", "说明"),
        ("SHEET_HIDDEN", "隐藏"),
    ]


def test_merged_units_are_given_to_every_row() -> None:
    sheet = one(
        ["安澜县财政局", "赖超", "局长"],
        [None, "张三", "副局长"],
        header=["工作单位", "姓名", "职务"],
        merges=["A4:A5"],
    )
    assert [(p.posts[0].unit, p.posts[0].title) for p in sheet.people] == [
        ("安澜县财政局", "局长"),
        ("安澜县财政局", "副局长"),
    ]


# ---- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1973.08", "1973.08.25"),
        ("197308", "1973.08.25"),
        (197308, "1973.08.25"),
        (1973.08, "1973.08.25"),
        ("1973年8月", "1973.08.25"),
        ("1973-8", "1973.08.25"),
        ("1973/8", "1973.08.25"),
        (datetime.date(1973, 8, 25), "1973.08.25"),
        (datetime.datetime(1973, 8, 1), "1973.08.25"),
        ("19730825", "1973.08.25"),
    ],
)
def test_birth_cells(value: Any, expected: str) -> None:
    sheet = one(
        row(birth=value),
        formats={"D4": 'yyyy"年"m"月"'} if value == datetime.datetime(1973, 8, 1) else None,
    )
    assert str(sheet.people[0].birth) == expected
    assert not sheet.people[0].flags and not sheet.people[0].problems


#: Somebody born in October, by a valid number.
OCTOBER = "37112219731025195" + check_digit("37112219731025195")
PADDED = row("甲", 1986.09, 2008.07, None)
UNPADDED = row("乙", 1986.9, 2008.7, None)
TEXTS = row("丙", "1986.09", "2008.07", None)


@pytest.mark.parametrize(
    ("rows", "expected", "source"),
    [
        ([PADDED, row("丁", 1979.1, 2001.07, None)], "1979.10", "neighbours"),
        ([PADDED, row("丁", 1979.1, "2001.07", None)], "1979.10", "neighbours"),
        ([TEXTS, row("丁", 1979.1, "2001.07", None)], "1979.10", "neighbours"),
        ([UNPADDED, PADDED, row("丁", 1979.1, 2001.07, None)], "1979.10", "neighbours"),
        ([UNPADDED, row("丁", 1979.1, "2001.07", None)], None, None),
        ([UNPADDED, PADDED, row("丁", 1979.1, "2001.07", None)], None, None),
        ([row("丁", 1979.1, "2001年7月", None)], None, None),
        ([TEXTS, row("丁", "1979.1", "2001.07", None)], "1979.10", "neighbours"),
        ([UNPADDED, row("丁", 1973.1, 1995.7, OCTOBER)], "1973.10.25", "id_number"),
    ],
)
def test_the_float_that_lost_its_zero(
    rows: list[list[Any]], expected: str | None, source: str | None
) -> None:
    sheet = one(*rows)
    person = sheet.people[-1]
    assert (str(person.birth) if person.birth else None) == expected
    if source:
        assert person.sources["birth"].code == source and not sheet.questions
    else:
        (question,) = sheet.questions
        assert question.choices[0].endswith(".01") and question.choices[1].endswith(".10")
        assert question.where == f"名册!D{person.row}"
        assert codes(person.problems) == ["MONTH_UNDECIDED"]


def test_two_decimals_in_the_format_decide() -> None:
    sheet = one(UNPADDED, row("丁", 1979.1, "2001年7月", None), formats={"D5": "0.00"})
    assert str(sheet.people[1].birth) == "1979.10"
    assert sheet.people[1].sources["birth"].code == "number_format"


def test_an_answer_settles_the_question() -> None:
    data = roster([row("丁", 1979.1, "2001年7月", None)])
    (person,) = read_roster(data, answers={"名册!D4": "1979.10"}).people
    assert str(person.birth) == "1979.10" and not person.problems


# ---- bad cells -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "code", "where", "is_problem"),
    [
        (row(birth="七十年代", number=None), "DATE_UNREADABLE", "名册!D4", True),
        (row(work="1995"), "DATE_UNREADABLE", "名册!E4", True),
        (row(work=1995), "DATE_UNREADABLE", "名册!E4", True),
        (row(work="1995.13"), "DATE_UNREADABLE", "名册!E4", True),
        (row(work="#REF!"), "FORMULA_ERROR", "名册!E4", True),
        (row(post="#N/A"), "FORMULA_ERROR", "名册!F4", True),
        (row(work="=1995+0.07"), "FORMULA_NOT_COMPUTED", "名册!E4", True),
        (row(number=371122197308251958.0), "ID_AS_NUMBER", "名册!G4", True),
        (row(sex="未知"), "SEX_UNREADABLE", "名册!C4", True),
        (row(number="371122197308251957"), "ID_CHECK_DIGIT", "名册!G4", False),
        (row(birth="1974.08"), "BIRTH_CONTRADICTS_ID", "名册!D4", False),
        (row(birth="不详"), "BIRTH_RECOVERED", "名册!D4", False),
        (row(sex="女"), "SEX_CONTRADICTS_ID", "名册!C4", False),
        (row(post="自由职业"), "POST_NOT_SPLIT", "名册!F4", False),
    ],
)
def test_every_bad_cell_is_named(bad: list[Any], code: str, where: str, is_problem: bool) -> None:
    sheet = one(bad)
    (person,) = sheet.people
    found = person.problems if is_problem else person.flags
    assert [(p.code, p.where) for p in found] == [(code, where)]
    assert found[0].text.zh and found[0].text.en


def test_rows_without_a_name_and_twice_the_same_number() -> None:
    sheet = one(row(""), row("甲"), row("乙"))
    assert [(p.code, p.where) for p in sheet.problems] == [("NAME_MISSING", "名册!B4")]
    assert [codes(p.problems) for p in sheet.people] == [["ID_TWICE"], ["ID_TWICE"]]
    assert "5、6" in sheet.people[0].problems[0].text.zh


def test_recent_years_need_a_date() -> None:
    header = ["姓名", "性别", "近三年考核"]
    sheet = one(["赖超", "男", "称职、优秀、称职"], header=header)
    assert sheet.people[0].appraisals == {2023: "称职", 2024: "优秀", 2025: "称职"}
    assert sheet.people[0].sources["appraisals.2024"].code == "counted_back"
    saved = one(["赖超", "男", "称职、优秀、称职"], header=header, subtitle=None)
    assert codes(saved.flags) == ["AS_OF_FROM_FILE"] or codes(saved.people[0].flags)
    asked = read_roster(
        roster([["赖超", "男", "称职、优秀、称职"]], header=header, subtitle=None),
        as_of=datetime.date(2020, 6, 1),
    )
    assert asked.people[0].appraisals == {2017: "称职", 2018: "优秀", 2019: "称职"}


def test_one_column_a_year() -> None:
    sheet = one(["赖超", "优秀", "未考核"], header=["姓名", "2023年考核", "2024年考核"])
    assert sheet.people[0].appraisals == {2023: "优秀"}
    assert [(f.code, f.where) for f in sheet.people[0].flags] == [("APPRAISAL_UNREAD", "名册!C4")]


# ---- files that are none -------------------------------------------------------------------


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = content
    return _zip(parts)


GOOD = roster([row()])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE_EMPTY"),
        (GOOD[: len(GOOD) // 2], "FILE_TRUNCATED"),
        (form(), "WRONG_EXTENSION"),
        (lrm({}), "WRONG_EXTENSION"),
        (picture(), "WRONG_EXTENSION"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "OLD_OR_ENCRYPTED"),
        (_zip({"a.txt": b"x"}), "WRONG_EXTENSION"),
        ("姓名,性别\n赖超,男".encode(), "FILE_UNKNOWN"),
        (
            _with_part(GOOD, "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'),
            "DTD_REFUSED",
        ),
        (
            _with_part(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
            "WORKBOOK_BROKEN",
        ),
    ],
)
def test_hostile_workbooks(data: bytes, code: str) -> None:
    with pytest.raises(BoleError) as caught:
        read_roster(data)
    assert codes(caught.value.problems) == [code]


def test_a_workbook_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(BoleError) as caught:
        read_roster(_with_part(GOOD, "xl/media/big.bin", b"\0" * 1_000_001))
    assert codes(caught.value.problems) == ["ZIP_BOMB"]
