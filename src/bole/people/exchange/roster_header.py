"""Where a roster's header is: below titles, over two or three rows, with merged cells."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from .dates import parse_date, plain_digits
from .roster_columns import match_header, tidy_header
from .words import clean
from .workbook import Sheet

HEADER_WITHIN = 40  # rows from the top in which a header is looked for
HEADER_ROWS = 3  # at most


@dataclass(frozen=True, slots=True)
class Header:
    first: int
    last: int
    texts: dict[int, str]
    fields: int


def _merged_text(sheet: Sheet, row: int, column: int) -> str:
    """The tidied header text at a place; a merged cell says it at all its places."""
    for first_row, first_column, last_row, last_column in sheet.merges[:2000]:
        if first_row <= row <= last_row and first_column <= column <= last_column:
            return tidy_header(sheet.value(first_row, first_column))
    return tidy_header(sheet.value(row, column))


def _header_at(sheet: Sheet, first: int, last: int) -> Header:
    width = max((len(sheet.rows[r - 1]) for r in range(first, last + 1)), default=0)
    texts = {}
    for column in range(1, width + 1):
        parts = [_merged_text(sheet, row, column) for row in range(first, last + 1)]
        distinct = [p for i, p in enumerate(parts) if p and p not in parts[:i]]
        joined = "".join(distinct)
        if len(distinct) > 1 and not match_header(joined)[0] and match_header(distinct[-1])[0]:
            joined = distinct[-1]
        texts[column] = joined
    fields = {match_header(text)[0] for text in texts.values()} - {None}
    return Header(first, last, texts, len(fields) if "name" in fields else 0)


def find_header(sheet: Sheet) -> Header | None:
    """The header: the row (or up to three) in which most columns have a known name."""
    best: Header | None = None
    for row in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 1):
        header = _header_at(sheet, row, row)
        if header.fields >= 2 and (best is None or header.fields > best.fields):
            best = header
    if best is None or best.fields < 2:
        return None
    name_column = next(c for c, t in best.texts.items() if match_header(t)[0] == "name")
    for last in range(best.first + 1, min(best.first + HEADER_ROWS, len(sheet.rows) + 1)):
        # A second header row has nothing of its own under 姓名 but names below other columns.
        if sheet.value(last, name_column) is not None:
            break
        longer = _header_at(sheet, best.first, last)
        own = [tidy_header(value) for value in sheet.rows[last - 1] if isinstance(value, str)]
        if not own or not any(match_header(text)[0] for text in own):
            break
        best = longer if longer.fields >= best.fields else best
        if longer.fields < best.fields:
            break
    return best


_AS_OF = re.compile(r"(?:截至|截止|截止到)?\s*((?:19|20)\d\d年\s?\d{1,2}月(?:\s?\d{1,2}日)?)")


def stated_date(sheet: Sheet, before: int) -> datetime.date | None:
    """The date that the title rows name ("截至2026年11月"), else None."""
    for row in sheet.rows[: before - 1]:
        for value in row:
            found = _AS_OF.search(plain_digits(clean(value))) if isinstance(value, str) else None
            date = parse_date(found[1]) if found else None
            if date:
                return date.first_day()
    return None
