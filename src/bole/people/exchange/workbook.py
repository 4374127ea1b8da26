"""Opening .xlsx workbooks safely: plain cells, merges, formats, and what is wrong with a cell."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter

from bole.engine.errors import BoleError
from bole.engine.text import Text

from .lrmx import refuse, refuse_kind, sniff

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 120
MOST_PARTS = 5_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that holds no value but an error: "#REF!", or a formula never computed."""

    code: str
    text: Text


@dataclass(slots=True)
class Sheet:
    """One sheet as rows of plain values (from row 1, column 1).

    `formats` holds the number format of numeric and date cells that are not "General".
    `merges` are (first row, first column, last row, last column), from 1.
    """

    name: str
    hidden: bool
    rows: list[list[Any]] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    cut_off: bool = False

    def value(self, row: int, column: int) -> Any:
        """The value at a place counted from 1; None outside of the sheet."""
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]


@dataclass(slots=True)
class Workbook:
    """All sheets, and the day the file says it was last saved (None if it does not say)."""

    sheets: list[Sheet]
    saved: datetime.date | None


def cell_name(sheet: str, row: int, column: int) -> str:
    """ "科级干部名册!F12": how people name a cell."""
    return f"{sheet}!{get_column_letter(column)}{row}"


def _check_archive(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise refuse(
            "FILE_TRUNCATED",
            "工作簿不完整或已损坏，无法打开；请用 Excel 或 WPS 打开后另存一份",
            "the workbook is cut off or damaged; open it in Excel or WPS and save it again",
        ) from None
    names = {part.filename for part in parts}
    if not any(name.startswith("xl/workbook") for name in names):
        raise refuse_kind("zip", ".xlsx")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refuse(
            "ZIP_BOMB",
            "工作簿解开后过大（超过 {limit} MB），不予读取",
            "the workbook unpacks to more than {limit} MB and is refused",
            limit=MOST_UNPACKED // 1_048_576,
        )
    return archive


_NO_VALUE = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_MERGE = re.compile(rb'<mergeCell\b[^>]*?\bref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def _places(found: re.Match[bytes], column: int, row: int) -> tuple[int, int]:
    return int(found[row]), column_index_from_string(found[column].decode("ascii"))


_NEVER_COMPUTED = CellError(
    "FORMULA_NOT_COMPUTED",
    Text(
        "是公式，但文件里没有计算结果；请用 Excel 或 WPS 打开保存一次",
        "is a formula whose result is not in the file; open it in Excel or WPS and save it",
    ),
)


def _formula_error(value: object) -> CellError:
    return CellError(
        "FORMULA_ERROR",
        Text(
            "公式出错（{value}）；请在表中改正后再导入",
            "holds a formula error ({value}); correct it in the sheet and import again",
        ).fill(value=value),
    )


def _read_sheet(worksheet: Any, raw: bytes, hidden: bool) -> Sheet:
    sheet = Sheet(str(worksheet.title), hidden)
    for found in _MERGE.finditer(raw):
        sheet.merges.append((*_places(found, 1, 2), *_places(found, 3, 4)))
        if len(sheet.merges) > 50_000:
            break
    uncomputed = (
        {_places(found, 1, 2) for found in _NO_VALUE.finditer(raw)} if b"<f" in raw else set()
    )
    worksheet.reset_dimensions()  # the stated dimension may lie
    for number, cells in enumerate(worksheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            sheet.cut_off = True
            break
        row: list[Any] = []
        for column, cell in enumerate(cells, start=1):
            value = cell.value
            if value is None:
                row.append(_NEVER_COMPUTED if (number, column) in uncomputed else None)
                continue
            if cell.data_type == "e" or (
                isinstance(value, str)
                and re.fullmatch(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)", value)
            ):
                value = _formula_error(value)
            elif isinstance(value, int | float | datetime.date | datetime.time):
                number_format = cell.number_format
                if number_format and number_format != "General":
                    sheet.formats[number, column] = number_format
            row.append(value)
        while row and row[-1] is None:
            row.pop()
        sheet.rows.append(row)
    while sheet.rows and not sheet.rows[-1]:
        sheet.rows.pop()
    return sheet


def open_workbook(data: bytes) -> Workbook:
    """All sheets of an .xlsx workbook as plain cells.

    Raises `BoleError` if it cannot be read: another kind of file, old or encrypted, damaged, too
    large, with a DTD in it. Errors of single cells become `CellError` values.
    """
    if len(data) > MOST_BYTES:
        raise refuse(
            "FILE_TOO_LARGE",
            "文件有 {size} MB，超过 {limit} MB 的上限，不予读取",
            "the file has {size} MB, more than the limit of {limit} MB, and is refused",
            size=f"{len(data) / 1_048_576:.1f}",
            limit=MOST_BYTES // 1_048_576,
        )
    kind = sniff(data)
    if kind == "ole":
        raise refuse(
            "OLD_OR_ENCRYPTED",
            "是旧版 .xls 或加了密码的工作簿；请去掉密码，另存为 .xlsx 后再导入",
            "it is an old .xls or has a password; remove the password, save it as .xlsx and import"
            " again",
        )
    if kind != "zip":
        raise refuse_kind(kind, ".xlsx")
    archive = _check_archive(data)
    try:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    head = stream.read(65_536).replace(b"\x00", b"")  # UTF-16 too
                    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", head, re.IGNORECASE):
                        raise refuse(
                            "DTD_REFUSED",
                            "工作簿内部带有 DTD 或实体声明，有安全风险，不予读取",
                            "the workbook declares a DTD or entities inside, which is not safe,"
                            " and is refused",
                        )
        workbook = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheets = []
        for worksheet in workbook.worksheets:
            path = str(getattr(worksheet, "_worksheet_path", "")).lstrip("/")
            raw = archive.read(path) if path in archive.namelist() else b""
            sheets.append(_read_sheet(worksheet, raw, worksheet.sheet_state != "visible"))
        saved = workbook.properties.modified
    except BoleError:
        raise
    except Exception:  # openpyxl raises many kinds for what it cannot read
        raise refuse(
            "WORKBOOK_BROKEN",
            "工作簿内部有错误，无法读取；请用 Excel 或 WPS 打开后另存一份",
            "the workbook is broken inside; open it in Excel or WPS and save it again",
        ) from None
    return Workbook(sheets, saved.date() if saved else None)
