"""What reading a roster gives: per sheet the mapping, the people, the questions, the problems."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from bole.engine.errors import Problem
from bole.engine.text import Text

from .record import PersonFile
from .roster_columns import ColumnMapping


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can decide; answers are given by `where`."""

    where: str
    row: int
    column: int
    text: Text
    choices: tuple[str, ...]


@dataclass(slots=True)
class SheetReading:
    """One sheet: its header, the mapping to confirm, the people, what was skipped and why."""

    name: str
    title: str = ""
    as_of: datetime.date | None = None
    as_of_source: str = ""
    header_rows: tuple[int, int] = (0, 0)
    header_key: str = ""
    mapping: list[ColumnMapping] = field(default_factory=list)
    people: list[PersonFile] = field(default_factory=list)
    skipped: list[tuple[int, Text]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    flags: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class RosterReading:
    """All sheets of one workbook."""

    file: str
    sheets: list[SheetReading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def people(self) -> list[PersonFile]:
        """Everybody, sheet by sheet, row by row."""
        return [person for sheet in self.sheets for person in sheet.people]
