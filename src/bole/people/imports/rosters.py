"""Rosters for the importer: the columns and open questions to confirm, the rows once confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.people.exchange.posts import UnitNames
from bole.people.exchange.roster import RosterReading, SheetReading, read_roster
from bole.people.exchange.roster_columns import SURE
from bole.people.models import HeaderMapping

EXAMPLES = 3


def key_of(header: str) -> str:
    """The headers of a sheet as a short key for remembering."""
    return hashlib.sha256(header.encode()).hexdigest()


class Remembered(Mapping[str, Mapping[int, str | None]]):
    """What officers confirmed for headers, looked up when a header is met."""

    def __init__(self, confirmed: dict[str, dict[str, str | None]] | None = None) -> None:
        self.confirmed = confirmed or {}
        self.met: set[str] = set()

    def __getitem__(self, header: str) -> Mapping[int, str | None]:
        key = key_of(header)
        found = self.confirmed.get(key)
        if found is None:
            row = HeaderMapping.objects.filter(header=key).first()
            if row is None:
                raise KeyError(header)
            found = row.mapping
        self.met.add(header)
        return {int(column): field for column, field in found.items()}

    def __bool__(self) -> bool:
        return True  # the reader takes an empty mapping for none

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return len(self.confirmed)


def read(
    content: bytes, name: str, confirmed: dict[str, Any], units: UnitNames
) -> tuple[RosterReading, dict[str, Any] | None]:
    """Read a roster; the second value is what must be confirmed first, or None.

    `confirmed` is empty, or what `confirm` made of an earlier proposal. A header that nobody has
    confirmed before is asked about, and so are cells that may be January or October.
    Raises BoleError if the workbook cannot be read or no sheet has a header.
    """
    remembered = Remembered(confirmed.get("columns"))
    reading = read_roster(
        content, name, remembered=remembered, answers=confirmed.get("answers", {}), units=units
    )
    if not reading.sheets:
        raise BoleError(reading.problems or _no_sheet())
    if confirmed:
        return reading, None
    new = [s for s in reading.sheets if s.header_key not in remembered.met]
    if not new and not any(s.questions for s in reading.sheets):
        return reading, None
    return reading, {"sheets": [_sheet(s) for s in reading.sheets if s in new or s.questions]}


def _no_sheet() -> Problem:
    return Problem("ROSTER_EMPTY", Text("工作簿中没有名册", "the workbook holds no roster"))


def _sheet(sheet: SheetReading) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "key": key_of(sheet.header_key),
        "header_row": sheet.header_rows[0],
        "people": len(sheet.people),
        "columns": [
            {
                "column": m.column,
                "letter": m.letter,
                "header": m.header,
                "field": m.field,
                "sure": m.confidence >= SURE or not m.header,
                "reason": m.reason.as_dict(),
            }
            for m in sheet.mapping
        ],
        "questions": [
            {"where": q.where, "text": q.text.as_dict(), "choices": list(q.choices)}
            for q in sheet.questions
        ],
    }


def confirm(
    proposal: dict[str, Any],
    fields: dict[str, dict[str, str | None]],
    answers: dict[str, str],
) -> dict[str, Any]:
    """What an officer confirmed: the field of each column by sheet key, the answers by cell.

    Raises BoleError if a sheet has no column for the name, or two columns for one field.
    """
    problems = []
    for sheet in proposal["sheets"]:
        chosen = [f for f in fields[sheet["key"]].values() if f]
        if "name" not in chosen:
            text = Text(
                "没有一列是姓名，无法认人", "no column is the name: nobody could be recognised"
            )
            problems.append(Problem("COLUMN_NAME", text, sheet["name"]))
        twice = {f for f in chosen if chosen.count(f) > 1 and f != "appraisal_of"}
        if twice:
            text = Text(
                "有两列对应同一项（{fields}）", "two columns mean the same field ({fields})"
            )
            problems.append(
                Problem("COLUMN_TWICE", text.fill(fields="、".join(sorted(twice))), sheet["name"])
            )
    if problems:
        raise BoleError(problems)
    return {"columns": fields, "answers": {k: v for k, v in answers.items() if v}}
