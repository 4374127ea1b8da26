"""Reading .xlsx rosters: find the header, propose what the columns mean, read every row.

Nothing is written anywhere: the reading carries the mapping to confirm, every bad cell with
sheet, row, column and reason, and the questions that only a person can answer.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bole.engine.errors import Problem
from bole.engine.text import Text

from .appraisals import read_appraisals, read_grade_list
from .assemble import (
    LABELS,
    add_post_grade,
    counted_back,
    read_identity,
    settle_birth_and_sex,
    settle_party,
)
from .dates import PartialDate, parse_date, plain_digits
from .education import read_education
from .identity import read_id
from .posts import UnitNames, split_post
from .record import PersonFile, PostRow
from .roster_columns import (
    FIELD_LABELS,
    ColumnMapping,
    header_key,
    match_header,
    propose,
    tidy_header,
)
from .roster_dates import DateCell, MonthStyle, read_date_cell
from .words import clean, one_line, read_grade, read_name, read_people, read_sex
from .workbook import CellError, Progress, Sheet, cell_name, open_workbook

HEADER_WITHIN = 40  # rows from the top in which a header is looked for
HEADER_ROWS = 3  # at most


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

    def needs_confirming(self) -> bool:
        """True if a column's meaning is not sure, or cells ask something."""
        return bool(self.questions) or any(m.field and m.confidence < 0.9 for m in self.mapping)


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


# ---- the header ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
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


def _header_at(sheet: Sheet, first: int, last: int) -> _Header:
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
    return _Header(first, last, texts, len(fields) if "name" in fields else 0)


def _find_header(sheet: Sheet) -> _Header | None:
    """The header: the row (or up to three) in which most columns have a known name."""
    best: _Header | None = None
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


def _as_of(sheet: Sheet, before: int) -> datetime.date | None:
    """The date that the title rows name ("截至2026年11月"), else None."""
    for row in sheet.rows[: before - 1]:
        for value in row:
            found = _AS_OF.search(plain_digits(clean(value))) if isinstance(value, str) else None
            date = parse_date(found[1]) if found else None
            if date:
                return date.first_day()
    return None


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
    if match_header(tidy_header(name))[0] == "name":
        return Text("重复的表头", "the header again")
    if len(filled) == 1 and isinstance(filled[0], str) and (not name or len(name) > 4):
        return Text("分组标题“{text}”", "group heading “{text}”").fill(text=first[:20])
    return None


# ---- cells ---------------------------------------------------------------------------------

_TEXT_FIELDS = {
    "native_place": "native_place",
    "birthplace": "birthplace",
    "health": "health",
    "professional_title": "professional_title",
    "speciality": "speciality",
    "awards": "awards",
    "note": "note",
}
_COUNT = re.compile(r"近(?P<count>[二两三四五])年")
_COUNTS = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without ".0"."""
    if value is None or isinstance(value, CellError):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))


class _RowReader:
    """Reads the rows of one sheet under one mapping."""

    def __init__(
        self,
        sheet: Sheet,
        reading: SheetReading,
        units: UnitNames | None,
        answers: Mapping[str, str],
    ) -> None:
        self.sheet = sheet
        self.reading = reading
        self.units = units
        self.answers = answers
        self.columns = {
            m.field: m for m in reading.mapping if m.field and m.field != "appraisal_of"
        }
        self.years = [m for m in reading.mapping if m.field == "appraisal_of"]
        self.style = MonthStyle(
            sheet,
            [m.column for m in reading.mapping if m.field in FIELD_LABELS],
            reading.header_rows[1],
        )
        # Problems name the form's field; in a sheet the cell is the place.
        self.cells = {
            LABELS["XingBie"]: "sex",
            LABELS["ChuShengNianYue"]: "birth",
            LABELS["MinZu"]: "ethnicity",
            LABELS["RuDangShiJian"]: "party",
            LABELS["ShenFenZheng"]: "id_number",
            LABELS["NianDuKaoHeJieGuo"]: "appraisals",
        }

    def place(self, row: int, name: str) -> str:
        """The cell's name, "sheet!F12", or the row where the field has no column."""
        mapping = self.columns.get(name)
        if mapping is None:
            return f"{self.sheet.name}!{row}"
        return cell_name(self.sheet.name, row, mapping.column)

    def _value(self, row: int, name: str, person: PersonFile) -> Any:
        mapping = self.columns.get(name)
        value = self.sheet.value(row, mapping.column) if mapping else None
        if isinstance(value, CellError):
            person.problems.append(Problem(value.code, value.text, self.place(row, name)))
            return None
        return value

    def _text(self, row: int, name: str, person: PersonFile) -> str | None:
        if name not in self.columns:
            return None
        return cell_text(self._value(row, name, person))

    def read(self, row: int, name: str) -> PersonFile:
        """The person of one row."""
        person = PersonFile(
            name=name, source_format="xlsx", sheet=self.sheet.name, row=row, file=""
        )
        for field_, attribute in _TEXT_FIELDS.items():
            text = self._text(row, field_, person)
            if text is not None:
                setattr(person, attribute, one_line(text))
        self._read_sex_and_people(row, person)
        self._read_identity_and_birth(row, person)
        self._read_dates(row, person)
        self._read_party(row, person)
        self._read_education(row, person)
        self._read_post(row, person)
        self._read_appraisals(row, person)
        person.flags = [self._at_cell(row, flag) for flag in person.flags]
        return person

    def _at_cell(self, row: int, flag: Problem) -> Problem:
        if flag.where.startswith(f"{self.sheet.name}!"):
            return flag
        return replace(flag, where=self.place(row, self.cells.get(flag.where, "")))

    def _read_sex_and_people(self, row: int, person: PersonFile) -> None:
        sex = self._text(row, "sex", person)
        if sex:
            person.sex = read_sex(sex)
            if person.sex is None:
                person.problems.append(
                    Problem(
                        "SEX_UNREADABLE",
                        Text("“{text}”不是男或女", "“{text}” is neither 男 nor 女").fill(
                            text=sex[:20]
                        ),
                        self.place(row, "sex"),
                    )
                )
        people = self._text(row, "ethnicity", person)
        if people:
            person.ethnicity, known = read_people(people)
            if not known:
                person.flag(
                    "ETHNICITY_UNKNOWN",
                    Text(
                        "“{text}”不在56个民族之列，已按原文保留",
                        "“{text}” is not one of the 56 peoples; kept as written",
                    ).fill(text=people[:20]),
                    self.place(row, "ethnicity"),
                )

    def _date(self, row: int, name: str, person: PersonFile, hint: PartialDate | None) -> DateCell:
        """The date of a cell; what is wrong with it is noted on the person."""
        if name not in self.columns:
            return DateCell()
        value = self._value(row, name, person)
        column = self.columns[name].column
        where = self.place(row, name)
        if where in self.answers:
            return DateCell(parse_date(self.answers[where]), self.answers[where])
        number_format = self.sheet.formats.get((row, column), "")
        cell = read_date_cell(value, number_format, self.style.of(row, column), hint)
        if cell.undecided:
            self.reading.questions.append(
                Question(where, row, column, _UNDECIDED.fill(text=cell.text), cell.undecided)
            )
            person.problems.append(
                Problem("MONTH_UNDECIDED", _UNDECIDED.fill(text=cell.text), where)
            )
        elif cell.source:
            person.sources[name] = cell.source
        return cell

    def _bad_date(self, row: int, name: str, text: str, person: PersonFile) -> None:
        person.problems.append(
            Problem(
                "DATE_UNREADABLE",
                Text(
                    "{label}“{text}”不是可读的年月，请改成 1979.05 或 197905 的样子",
                    "{label} “{text}” is no readable month; write it like 1979.05 or 197905",
                ).fill(label=FIELD_LABELS[name], text=text[:20]),
                self.place(row, name),
            )
        )

    def _read_identity_and_birth(self, row: int, person: PersonFile) -> None:
        raw = self._value(row, "id_number", person)
        if isinstance(raw, float) and abs(raw) >= 1e15 or isinstance(raw, int) and raw >= 10**15:
            person.problems.append(
                Problem(
                    "ID_AS_NUMBER",
                    Text(
                        "身份证号存成了数字，末几位已丢失；请把这一列改成文本格式，重新填写",
                        "the identity number is stored as a number and has lost its last digits;"
                        " make the column text and type it again",
                    ),
                    self.place(row, "id_number"),
                )
            )
            raw = None
        text = cell_text(raw)
        identity = read_id(text[:60]) if text else None
        hint = identity.birth if identity and identity.valid else None
        birth = self._date(row, "birth", person, hint)
        if birth.text and birth.date is None and not birth.undecided and hint is None:
            self._bad_date(row, "birth", birth.text, person)
        valid = read_identity(text, person)
        if birth.undecided:
            return
        if birth.date or hint:
            said = str(birth.date) if birth.date else birth.text
            settle_birth_and_sex(said, valid, person)

    def _read_dates(self, row: int, person: PersonFile) -> None:
        for name in ("work_start", "post_since", "grade_since"):
            cell = self._date(row, name, person, None)
            setattr(person, name, cell.date)
            if cell.text and cell.date is None and not cell.undecided:
                self._bad_date(row, name, cell.text, person)

    def _read_party(self, row: int, person: PersonFile) -> None:
        value = None
        if "party" in self.columns:
            mapping = self.columns["party"]
            value = self.sheet.value(row, mapping.column)
        text = cell_text(value)
        if not isinstance(value, str) or re.fullmatch(r"\d{4}\.1", plain_digits(text)):
            cell = self._date(row, "party", person, None)
            if cell.undecided:
                return
            if cell.text and cell.date is None:
                self._bad_date(row, "party", cell.text, person)
                return
            text = str(cell.date) if cell.date else ""
        politics = self._text(row, "politics", person) or ""
        settle_party(text if text else politics, person)
        if text and politics and person.party is None:
            settle_party(politics, person)

    def _read_education(self, row: int, person: PersonFile) -> None:
        for mode in ("full_time", "in_service"):
            parts = {
                part: self._text(row, f"{mode}{part}", person) or ""
                for part in ("", "_degree", "_school", "_major")
            }
            level, degree = split_level_and_degree(parts[""])
            school = one_line(parts["_school"])
            if parts["_major"]:
                school = f"{school}{one_line(parts['_major'])}专业"
            education = read_education(level, parts["_degree"] or degree, school, "")
            setattr(person, mode, education)
            if education and education.level is None and education.level_text:
                person.flag(
                    "LEVEL_UNKNOWN",
                    Text(
                        "“{text}”不是可读的学历，已按原文保留",
                        "“{text}” is no readable level of education; kept as written",
                    ).fill(text=education.level_text[:20]),
                    self.place(row, mode),
                )

    def _read_post(self, row: int, person: PersonFile) -> None:
        grade_text = self._text(row, "grade", person)
        if grade_text:
            person.grade_text, person.grade = grade_text, read_grade(grade_text)
        unit = self._text(row, "unit", person) or ""
        title = self._text(row, "title", person) or ""
        post = self._text(row, "post", person) or ""
        unit, title, post = one_line(unit), one_line(title), one_line(post)
        if not post and title and not unit:
            post, title = title, ""
        if post:
            taken = split_post(post, self.units)
            person.post = post
            rows = [(p.unit, p.title, p.concurrent) for p in taken.posts]
            note, grade, certain = taken.note, taken.grade, taken.certain
        elif unit and title:
            person.post = title if title.startswith(unit) else f"{unit}{title}"
            rows = [(unit, title.removeprefix(unit) or title, False)]
            note, grade, certain = "", None, True
        else:
            return
        if not certain:
            person.flag(
                "POST_NOT_SPLIT",
                Text(
                    "“{text}”分不清单位和职务，已按原文保留",
                    "unit and title of “{text}” cannot be told apart; kept as written",
                ).fill(text=post[:40]),
                self.place(row, "post"),
            )
        person.posts = [
            PostRow(
                person.post_since,
                None,
                unit_name,
                title_name,
                person.post,
                note,
                person.grade or grade,
                current=True,
                concurrent=concurrent,
            )
            for unit_name, title_name, concurrent in rows
        ]
        add_post_grade(person)

    def _read_appraisals(self, row: int, person: PersonFile) -> None:
        text = self._text(row, "appraisals", person)
        grades: dict[int, str] = {}
        if text:
            person.appraisals_text = text
            on = self.reading.as_of
            count = _COUNT.search(self.columns["appraisals"].header)
            if count:
                reading = read_grade_list(text, _COUNTS[count["count"]], on, person.work_start)
            else:
                reading = read_appraisals(text, on)
            grades.update(reading.grades)
            person.flags += reading.flags
            for year in reading.span_years:
                person.sources[f"appraisals.{year}"] = counted_back(on, text)
        for mapping in self.years:
            value = self.sheet.value(row, mapping.column)
            said = cell_text(value)
            if not said or mapping.year is None:
                continue
            one = read_appraisals(f"{mapping.year}年{said}", None)
            grades.update(one.grades)
            for flag in one.flags:
                place = cell_name(self.sheet.name, row, mapping.column)
                person.flags.append(replace(flag, where=place))
        person.appraisals = dict(sorted(grades.items()))


_UNDECIDED = Text(
    "“{text}”可能是1月，也可能是10月（末尾的0被去掉了），邻近单元格定不下来，请选定",
    "“{text}” may be January, or October whose last 0 was dropped; the cells beside it do not"
    " decide, please choose",
)


def split_level_and_degree(text: str) -> tuple[str, str]:
    """ "大学\\n学士" → ("大学", "学士"); a text of one part is a level, or a degree only."""
    parts = [part for part in re.split(r"[\s/、,，;；()（）]+", clean(text)) if part]
    degree = next((p for p in parts if re.search(r"(?:博士|硕士|学士)(?!研究生)", p)), "")
    if len(parts) == 1 and degree:
        found = re.fullmatch(
            r"(研究生|大学本科|本科|大学|大专)?([一-龥]{0,8}(?:博士|硕士|学士)(?:学位)?)", parts[0]
        )
        return (found[1] or "", found[2]) if found else (parts[0], "")
    return "".join(p for p in parts if p != degree), degree


# ---- sheets --------------------------------------------------------------------------------


def _fill_down(sheet: Sheet, header: _Header, keep: set[int]) -> None:
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
    header = _find_header(sheet)
    if header is None:
        return None
    reading = SheetReading(sheet.name, header_rows=(header.first, header.last))
    reading.header_key = header_key(list(header.texts.values()))
    titles = [cell_text(v) for row in sheet.rows[: header.first - 1] for v in row if v]
    reading.title = titles[0] if titles else ""
    stated = _as_of(sheet, header.first)
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
    reader = _RowReader(sheet, reading, units, answers)
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
