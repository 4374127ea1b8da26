"""Any table of a screen as .xlsx or .csv, as it is seen: columns, order, filter and day."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import xlsxwriter

from bole.documents.measure import em_width

Kind = Literal["text", "number", "date", "percent"]
_MOST_CHARACTERS = 32_767  # of an Excel cell
_WIDEST = 46.0
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and what stands in it. `width` in characters; None fits the content."""

    title: str
    kind: Kind = "text"
    width: float | None = None


def _columns(columns: Iterable[Column | str]) -> list[Column]:
    return [c if isinstance(c, Column) else Column(c) for c in columns]


def _text(value: Any) -> str:
    """The value as text: dates 2026-11-21, booleans 是/否, a bilingual text in Chinese."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return "；".join(_text(item) for item in value)
    return str(value)


def _sheet_name(title: str) -> str:
    """What Excel allows: 31 characters without []:*?/\\ and not begun or ended by '."""
    name = "".join("_" if c in "[]:*?/\\" or ord(c) < 32 else c for c in title)[:31].strip("'")
    return "_" if not name.strip() or name.casefold() in ("history", "历史记录") else name


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base: dict[str, Any] = {"border": 1, "valign": "vcenter", "font_size": 11}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.note = book.add_format({"font_size": 10, "font_color": "#555555"})
        self.head = book.add_format(
            {**base, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EAF0F8"}
        )
        self.text = book.add_format({**base, "text_wrap": True})
        self.number = book.add_format(base)
        self.percent = book.add_format({**base, "num_format": "0.00%"})
        self.day = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "center"})
        self.moment = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm", "align": "center"})

    def cell(self, sheet: Any, row: int, column: int, kind: Kind, value: Any) -> None:
        """Write one value: dates and numbers as such, everything else as text, never a formula."""
        if isinstance(value, datetime) and kind != "text":
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, date) and kind != "text" and value.year >= 1900:
            sheet.write_datetime(row, column, value, self.day)
        elif kind in ("number", "percent") and _is_number(value):
            look = self.percent if kind == "percent" else self.number
            sheet.write_number(row, column, float(value), look)
        else:
            sheet.write_string(row, column, _text(value)[:_MOST_CHARACTERS], self.text)


def _is_number(value: Any) -> bool:
    """A number that Excel keeps exactly: an ID number of 18 digits must stay text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        return False
    return math.isfinite(value) and abs(value) < 10**15


def table_to_xlsx(
    title: str,
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
) -> bytes:
    """A workbook with one sheet: title, `notes` (as of which day, which filter), head, rows.

    Dates are real dates, `percent` columns hold shares 0–1, text is never a formula. The head is
    frozen and filtered, widths fit the content, and it prints on A4 landscape, one page wide, the
    head on each page and the notes in the foot. A date value in a text column is written as text.
    """
    columns = _columns(columns)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title})
    sheet = book.add_worksheet(_sheet_name(title))
    look = _Writer(book)
    last = max(len(columns) - 1, 0)
    if last:
        sheet.merge_range(0, 0, 0, last, title, look.title)
    else:
        sheet.write_string(0, 0, title, look.title)
    sheet.set_row(0, 26)
    for i, note in enumerate(notes, 1):
        sheet.write_string(i, 0, note, look.note)
    head = len(notes) + 1
    widths = [em_width(c.title) for c in columns]
    for i, column in enumerate(columns):
        sheet.write_string(head, i, column.title, look.head)
    at = head
    for at, row in enumerate(rows, head + 1):
        for i, (column, value) in enumerate(zip(columns, row, strict=True)):
            look.cell(sheet, at, i, column.kind, value)
            if at - head <= 500:
                longest = max((em_width(line) for line in _text(value).split("\n")), default=0)
                widths[i] = max(widths[i], longest)
    for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(i, i, column.width or min(max(width * 2 + 2.5, 6), _WIDEST))
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, at, last)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    foot = "；".join(notes).replace("&", "&&")[:200]
    sheet.set_footer(f"&L&9{foot}&R&9&P / &N")
    book.close()
    return file.getvalue()


def table_to_csv(columns: Sequence[Column | str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The table as CSV (UTF-8 with BOM, so that Excel reads Chinese; lines end in CRLF).

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_guarded(c.title) for c in _columns(columns)])
    for row in rows:
        writer.writerow([value if _is_number(value) else _guarded(_text(value)) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
