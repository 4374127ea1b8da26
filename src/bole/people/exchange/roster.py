"""Reading .xlsx rosters: find the header, propose what the columns mean, read every row.

Nothing is written anywhere: the reading carries the mapping to confirm, every bad cell with
sheet, row, column and reason, and the questions that only a person can answer.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bole.engine.errors import Problem
from bole.engine.text import Text

from .posts import UnitNames
from .roster_columns import header_key, match_header, propose, tidy_header
from .roster_header import Header, find_header, stated_date
from .roster_reading import Question, RosterReading, SheetReading
from .roster_rows import RowReader, cell_text
from .words import read_name
from .workbook import CellError, Progress, Sheet, cell_name, open_workbook

__all__ = ["Question", "RosterReading", "SheetReading", "read_roster"]

# ---- rows that are no people ---------------------------------------------------------------

_FOOTER = re.compile(
    r"^(?:填表人|制表人?|填报人|审核人?|负责人|联系人|联系电话|电话|填表(?:时间|日期|单位)|填报(?:单位|时间|日期)"
    r"|制表(?:时间|日期)|备注[:：]|注[:：]|说明[:：]|合计|总计|小计|共计|第.{1,4}页|共.{1,6}人?$)"
)


def _skip_reason(values: Sequence[Any], name: str) -> Text | None:
    """Why a row holds no person, or None if it does."""
    filled = [value for value in values if value not in (None, "")]
    if not filled:
        return Text("空行", "blank row")
    first = re.sub(r"\s", "", str(filled[0]))
    if _FOOTER.match(first) and not (name and len(filled) > 4):
        return Text("表尾“{text}”", "footer “{text}”").fill(text=first[:20])
    if "名" in name and match_header(tidy_header(name))[0] == "name":
        return Text("重复的表头", "the header again")
    if len(filled) == 1 and isinstance(filled[0], str) and (not name or len(name) > 4):
        return Text("分组标题“{text}”", "group heading “{text}”").fill(text=first[:20])
    return None


# ---- sheets --------------------------------------------------------------------------------


def _fill_down(sheet: Sheet, header: Header, keep: set[int]) -> None:
    """Give every row of a vertical merge the merged value (a unit over its people)."""
    for first_row, first_column, last_row, last_column in sheet.merges:
        if first_row <= header.last or first_column != last_column or first_column in keep:
            continue
        value = sheet.value(first_row, first_column)
        for row in range(first_row + 1, min(last_row, len(sheet.rows)) + 1):
            cells = sheet.rows[row - 1]
            if not cells:
                continue
            cells += [None] * (first_column - len(cells))
            if cells[first_column - 1] is None:
                cells[first_column - 1] = value


def _read_sheet(
    sheet: Sheet,
    saved: datetime.date | None,
    remembered: Mapping[str, Mapping[int, str | None]],
    as_of: datetime.date | None,
    answers: Mapping[str, str],
    units: UnitNames | None,
    progress: Progress | None,
) -> SheetReading | None:
    header = find_header(sheet)
    if header is None:
        return None
    reading = SheetReading(sheet.name, header_rows=(header.first, header.last))
    reading.header_key = header_key(list(header.texts.values()))
    titles = [cell_text(v) for row in sheet.rows[: header.first - 1] for v in row if v]
    reading.title = titles[0] if titles else ""
    stated = stated_date(sheet, header.first)
    for source, date in (("asked", as_of), ("title", stated), ("file_saved", saved)):
        if date:
            reading.as_of, reading.as_of_source = date, source
            break
    samples = {
        column: [
            row[column - 1]
            for row in sheet.rows[header.last : header.last + 60]
            if column <= len(row) and not isinstance(row[column - 1], CellError)
        ]
        for column in header.texts
    }
    reading.mapping = propose(header.texts, samples, remembered.get(reading.header_key))
    columns = {m.field: m.column for m in reading.mapping if m.field}
    if "name" not in columns:
        return None
    _fill_down(sheet, header, {columns[f] for f in ("name", "id_number", "number") if f in columns})
    reader = RowReader(sheet, reading, units, answers)
    total = len(sheet.rows) - header.last
    for row in range(header.last + 1, len(sheet.rows) + 1):
        if progress and (row - header.last) % 200 == 0:
            progress(row - header.last, total, sheet.name)
        values = sheet.rows[row - 1]
        name_cell = sheet.value(row, columns["name"])
        name = "" if isinstance(name_cell, CellError) else read_name(cell_text(name_cell))
        reason = _skip_reason(values, name)
        if reason:
            if any(value is not None for value in values):
                reading.skipped.append((row, reason))
            continue
        if not name:
            reading.problems.append(_no_name(sheet, row, columns["name"], name_cell))
            continue
        reading.people.append(reader.read(row, name))
    if progress:
        progress(total, total, sheet.name)
    _after_rows(sheet, reading)
    return reading


def _no_name(sheet: Sheet, row: int, column: int, value: Any) -> Problem:
    text = Text("这一行有内容但没有姓名，未读入", "this row has cells but no name; it was not read")
    if isinstance(value, CellError):
        text = value.text
    return Problem("NAME_MISSING", text, cell_name(sheet.name, row, column))


def _after_rows(sheet: Sheet, reading: SheetReading) -> None:
    """What only shows over all rows: one number for two people, years counted from a save date."""
    rows_of: dict[str, list[str]] = {}
    for person in reading.people:
        if person.id_number:
            rows_of.setdefault(person.id_number, []).append(str(person.row))
    for person in reading.people:
        rows = rows_of.get(person.id_number or "", [])
        if person.id_number and len(rows) > 1:
            person.problems.append(
                Problem(
                    "ID_TWICE",
                    Text(
                        "身份证号{number}在第{rows}行重复出现",
                        "identity number {number} stands in rows {rows}",
                    ).fill(number=person.id_number, rows="、".join(rows[:10])),
                    f"{sheet.name}!{person.row}",
                )
            )
    counted = any(
        key.startswith("appraisals.") for person in reading.people for key in person.sources
    )
    if counted and reading.as_of_source == "file_saved" and reading.as_of:
        reading.flags.append(
            Problem(
                "AS_OF_FROM_FILE",
                Text(
                    "表上没有写截至日期，“近几年”按文件保存日期{on}推算，请确认",
                    "the sheet names no date; “the last years” were counted back from {on}, the"
                    " day the file was saved; please confirm",
                ).fill(on=reading.as_of.isoformat()),
                sheet.name,
            )
        )
    if sheet.cut_off:
        reading.problems.append(
            Problem(
                "TOO_MANY_ROWS",
                Text(
                    "行数超过上限，只读入前{count}行",
                    "too many rows; only the first {count} were read",
                ).fill(count=len(sheet.rows)),
                sheet.name,
            )
        )


def read_roster(
    data: bytes,
    file: str = "",
    *,
    remembered: Mapping[str, Mapping[int, str | None]] | None = None,
    as_of: datetime.date | None = None,
    answers: Mapping[str, str] | None = None,
    units: UnitNames | None = None,
    progress: Progress | None = None,
) -> RosterReading:
    """Read all people of an .xlsx roster.

    `remembered`: by `header_key`, the field (or None) of each column (from 1) as confirmed
    before. `as_of`: the day that "近三年" counts from; else the title's date, else the day the
    file was saved (flagged). `answers`: by cell ("Sheet!F12"), the date chosen for a `Question`.
    `progress(done, total, sheet)` is called every 200 rows.

    Raises `BoleError` if the workbook cannot be opened or no sheet has a roster's header.
    """
    workbook = open_workbook(data)
    reading = RosterReading(file)
    for sheet in workbook.sheets:
        if not sheet.rows or sheet.hidden:
            if sheet.hidden and sheet.rows:
                reading.problems.append(
                    Problem(
                        "SHEET_HIDDEN",
                        Text(
                            "是隐藏的工作表，未读入；需要时请取消隐藏",
                            "is a hidden sheet and was not read; unhide it if it is needed",
                        ),
                        sheet.name,
                    )
                )
            continue
        one = _read_sheet(
            sheet, workbook.saved, remembered or {}, as_of, answers or {}, units, progress
        )
        if one is None:
            reading.problems.append(
                Problem(
                    "NO_HEADER",
                    Text(
                        "没有找到表头（至少要有“姓名”和另一列），未读入",
                        "no header was found (“姓名” and one more column at least); not read",
                    ),
                    sheet.name,
                )
            )
            continue
        for person in one.people:
            person.file = file
        reading.sheets.append(one)
    return reading
