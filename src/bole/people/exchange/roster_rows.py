"""One row of a roster as a person; every bad cell is named by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
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
from .roster_columns import FIELD_LABELS
from .roster_dates import DateCell, MonthStyle, read_date_cell
from .roster_reading import Question, SheetReading
from .words import clean, one_line, read_grade, read_people, read_sex
from .workbook import CellError, Sheet, cell_name

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


class RowReader:
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
