"""Dates in roster cells, above all the float 1979.1: October typed without quotes, or January?"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.text import Text

from .dates import PartialDate, is_lost_zero, make_date, parse_date, plain_digits
from .record import Source
from .words import clean
from .workbook import Sheet

Style = Literal["padded", "unpadded", "mixed", "none"]

BY_FORMAT = Source(
    "number_format", Text("按单元格的两位小数格式定为10月", "October by the cell's two decimals")
)
BY_NEIGHBOURS = Source(
    "neighbours",
    Text("按邻近单元格的两位月份写法定为10月", "October, for the cells beside it write two digits"),
)
BY_ID = Source("id_number", Text("按身份证号定月份", "the month by the identity number"))


@dataclass(frozen=True, slots=True)
class DateCell:
    """A cell's date. `text` is what stood there; `undecided` are the dates to choose from."""

    date: PartialDate | None = None
    text: str = ""
    undecided: tuple[str, ...] = ()
    source: Source | None = None


def _style_of(value: Any) -> Style:
    """How a cell writes its month: "1986.09" is padded, "1986.9" is not; "1986.11" says nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return "none"
    text = plain_digits(repr(value) if isinstance(value, float) else str(value)).strip()
    found = re.fullmatch(r"(?:19|20)\d\d\.(\d{1,2})", text)
    if not found:
        return "none"
    month = found[1]
    if len(month) == 2:
        return "padded" if month.startswith("0") else "none"
    return "none" if month == "1" else "unpadded"


def _common(styles: set[Style]) -> Style:
    styles = styles - {"none"}
    if len(styles) == 1:
        return next(iter(styles))
    return "mixed" if styles else "none"


class MonthStyle:
    """How the cells beside a cell write months: its own row first, then its column.

    Numbers count before texts: a dropped zero is a matter of how numbers were typed.
    """

    def __init__(self, sheet: Sheet, columns: Sequence[int], header_last: int) -> None:
        self._sheet = sheet
        self._columns = sorted(set(columns))
        self._first = header_last + 1
        self._of_column: dict[int, Style] = {}

    def of(self, row: int, column: int) -> Style:
        """ "padded", "unpadded" or "mixed" as the neighbours write; "none" if they say nothing."""
        value = self._sheet.value(row, column)
        if not isinstance(value, float | str) or not is_lost_zero(
            repr(value) if isinstance(value, float) else str(value)
        ):
            return "none"
        row_style = _common(
            {
                _style_of(self._sheet.value(row, c))
                for c in self._columns
                if c != column and isinstance(self._sheet.value(row, c), float)
            }
        )
        if row_style != "none":
            return row_style
        if column not in self._of_column:
            cells = [
                cells[column - 1]
                for cells in self._sheet.rows[self._first - 1 :]
                if column <= len(cells)
            ]
            style = _common({_style_of(c) for c in cells if isinstance(c, float)})
            if style == "none":
                style = _common({_style_of(c) for c in cells if isinstance(c, str)})
            self._of_column[column] = style
        return self._of_column[column]


def _two_decimals(number_format: str) -> bool:
    return re.search(r"0\.0{2}(?!0)", number_format) is not None


def _from_date(value: datetime.date, number_format: str) -> DateCell:
    """A real date; a format that shows no day means that only the month was meant."""
    shows_day = "d" in re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format.lower())
    day = value.day if shows_day or value.day != 1 else None
    return DateCell(make_date(value.year, value.month, day), value.isoformat())


def read_date_cell(
    value: Any, number_format: str, style: Style, hint: PartialDate | None
) -> DateCell:
    """The month that a cell says.

    1979.1 is October if the cell shows two decimals, or if its neighbours write "1979.05";
    `hint` (the birth in a valid identity number) decides before them. With neighbours like
    "1979.5", or none, it stays undecided.
    """
    if value is None or (isinstance(value, str) and not clean(value)):
        return DateCell()
    if isinstance(value, datetime.datetime):
        return _from_date(value.date(), number_format)
    if isinstance(value, datetime.date):
        return _from_date(value, number_format)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return DateCell(None, str(value))
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() else repr(round(value, 4))
    else:
        text = clean(str(value))
    if not is_lost_zero(text):
        return DateCell(parse_date(text), text)
    year = int(plain_digits(text)[:4])
    january, october = make_date(year, 1), make_date(year, 10)
    if january is None or october is None:
        return DateCell(None, text)
    if isinstance(value, float) and _two_decimals(number_format):
        return DateCell(october, text, source=BY_FORMAT)
    if hint and hint.year == year and hint.month in (1, 10):
        return DateCell(january if hint.month == 1 else october, text, source=BY_ID)
    if style == "padded":
        return DateCell(october, text, source=BY_NEIGHBOURS)
    return DateCell(None, text, (str(january), str(october)))
