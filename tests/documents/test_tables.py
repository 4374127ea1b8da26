"""Tables as workbooks and CSV: real dates, no formulas, nothing lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from bole.documents.tables import Column, table_to_csv, table_to_xlsx
from bole.engine.text import Text

COLUMNS = [
    Column("姓名"),
    Column("出生年月", "date"),
    Column("得票率", "percent"),
    Column("票数", "number"),
    "身份证号",
]
ROWS = [
    ("王芳", date(1985, 3, 1), Fraction(1, 4), 12, 371122197308251958),
    ("=1+1", None, Decimal("0.5"), None, "@x"),
    ("多\n行", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), None, "缺", ["甲", "乙"]),
]
NOTES = ["截至2026-11-24", "筛选：正科级 & 县直"]


def sheet(title: str = "干部名册", **options: object) -> openpyxl.worksheet.worksheet.Worksheet:
    content = table_to_xlsx(title, COLUMNS, ROWS, NOTES)
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_values_keep_their_kind() -> None:
    rows = list(sheet().iter_rows(values_only=True))
    assert rows[0][0] == "干部名册"
    assert [rows[1][0], rows[2][0]] == NOTES
    assert rows[3] == ("姓名", "出生年月", "得票率", "票数", "身份证号")
    assert rows[4] == ("王芳", datetime(1985, 3, 1), 0.25, 12, "371122197308251958")
    assert rows[5] == ("=1+1", "", 0.5, "", "@x") or rows[5] == ("=1+1", None, 0.5, None, "@x")
    assert rows[6][1] == datetime(2026, 11, 24, 9, 30)
    assert rows[6][3:] == ("缺", "甲；乙")
    assert sheet()["A6"].data_type == "s"


def test_it_prints_on_landscape_with_the_head_and_notes_on_each_page() -> None:
    page = sheet()
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:E7"
    assert page.page_setup.orientation == "landscape"
    assert int(page.page_setup.paperSize) == 9
    assert page.print_title_rows == "$4:$4"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert "截至2026-11-24" in page.oddFooter.left.text
    assert all(page.column_dimensions[c].width > 5 for c in "ABCDE")


@pytest.mark.parametrize(
    "title", ["安澜县/干部名册[1]:*?", "长" * 60, "", "'引'", "历史记录", "History", "a\x01"]
)
def test_any_title_makes_a_sheet_name(title: str) -> None:
    content = table_to_xlsx(title, COLUMNS, ROWS)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0]


def test_one_column_no_rows_and_early_dates() -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_to_xlsx("x", ["甲"], [])))
    assert book.active["A2"].value == "甲"
    content = table_to_xlsx("x", [Column("日", "date")], [(date(1899, 1, 2),)])
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A3"].value == "1899-01-02"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        table_to_xlsx("x", ["甲", "乙"], [("1",)])


def test_csv_is_read_by_spreadsheets_and_runs_nothing() -> None:
    content = table_to_csv(COLUMNS, [*ROWS, (Text("是", "yes"), True, -1.5, "-1", 'a,b"c')])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["姓名", "出生年月", "得票率", "票数", "身份证号"]
    assert rows[1][:2] == ["王芳", "1985-03-01"]
    assert rows[2][0] == "'=1+1" and rows[2][4] == "'@x"
    assert rows[4] == ["是", "是", "-1.5", "'-1", 'a,b"c']
