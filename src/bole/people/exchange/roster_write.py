"""Writing rosters as .xlsx, with the columns that were chosen."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from bole.engine.text import Text

from .dates import PartialDate
from .record import COMMUNIST, Education, PersonFile
from .words import grade_name


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """A column that can be chosen: its heading, its width in characters, and its text."""

    label: Text
    width: float
    text: Callable[[PersonFile], str]


def _month(date: PartialDate | None) -> str:
    return str(date.month_only()) if date else ""


def _party(person: PersonFile) -> str:
    parts = []
    for membership in person.parties:
        month = _month(membership.joined)
        alone = membership.party == COMMUNIST and month
        parts.append(month if alone else f"{membership.party}{month}")
    if not parts and person.party:
        month = _month(person.party_joined)
        return month if person.party == COMMUNIST and month else person.party
    return "；".join(parts)


def _level(education: Education | None) -> str:
    if education is None:
        return ""
    level = education.level_text or education.level or ""
    return "\n".join(filter(None, (level, education.degree_text or education.degree)))


def _school(education: Education | None) -> str:
    return f"{education.school}{education.major}" if education else ""


def _appraisals(person: PersonFile) -> str:
    return "；".join(f"{year}年{grade}" for year, grade in sorted(person.appraisals.items()))


def _text_of(name: str) -> Callable[[PersonFile], str]:
    return lambda person: getattr(person, name) or ""


def _month_of(name: str) -> Callable[[PersonFile], str]:
    return lambda person: _month(getattr(person, name))


#: Every column that can be chosen, in its usual order. Months are written as text ("1979.10"),
#: so that no spreadsheet drops their last zero.
COLUMNS: dict[str, RosterColumn] = {
    "name": RosterColumn(Text("姓名", "Name"), 9, lambda p: p.name),
    "sex": RosterColumn(Text("性别", "Sex"), 5, _text_of("sex")),
    "ethnicity": RosterColumn(Text("民族", "Ethnicity"), 8, _text_of("ethnicity")),
    "native_place": RosterColumn(Text("籍贯", "Native place"), 12, _text_of("native_place")),
    "birthplace": RosterColumn(Text("出生地", "Birthplace"), 12, _text_of("birthplace")),
    "birth": RosterColumn(Text("出生年月", "Birth"), 9, _month_of("birth")),
    "work_start": RosterColumn(Text("参加工作时间", "Work start"), 9, _month_of("work_start")),
    "party": RosterColumn(Text("入党时间", "Joined the Party"), 10, _party),
    "health": RosterColumn(Text("健康状况", "Health"), 8, _text_of("health")),
    "full_time": RosterColumn(
        Text("全日制学历学位", "Full-time education"), 10, lambda p: _level(p.full_time)
    ),
    "full_time_school": RosterColumn(
        Text("全日制毕业院校及专业", "Full-time school and major"),
        22,
        lambda p: _school(p.full_time),
    ),
    "in_service": RosterColumn(
        Text("在职学历学位", "In-service education"), 10, lambda p: _level(p.in_service)
    ),
    "in_service_school": RosterColumn(
        Text("在职毕业院校及专业", "In-service school and major"),
        22,
        lambda p: _school(p.in_service),
    ),
    "professional_title": RosterColumn(
        Text("专业技术职务", "Professional title"), 12, _text_of("professional_title")
    ),
    "post": RosterColumn(Text("工作单位及职务", "Unit and post"), 34, _text_of("post")),
    "grade": RosterColumn(
        Text("职务层次", "Grade"), 8, lambda p: p.grade_text or grade_name(p.grade) or ""
    ),
    "post_since": RosterColumn(Text("任现职时间", "Post since"), 9, _month_of("post_since")),
    "grade_since": RosterColumn(Text("任现级别时间", "Grade since"), 9, _month_of("grade_since")),
    "appraisals": RosterColumn(Text("年度考核结果", "Appraisals"), 24, _appraisals),
    "awards": RosterColumn(Text("奖惩情况", "Awards and sanctions"), 20, _text_of("awards")),
    "id_number": RosterColumn(Text("身份证号", "Identity number"), 20, _text_of("id_number")),
    "note": RosterColumn(Text("备注", "Note"), 12, _text_of("note")),
}
USUAL = (
    "name",
    "sex",
    "ethnicity",
    "native_place",
    "birth",
    "work_start",
    "party",
    "full_time",
    "full_time_school",
    "in_service",
    "post",
    "grade",
    "post_since",
    "grade_since",
    "appraisals",
    "id_number",
    "note",
)


def write_roster(
    people: Iterable[PersonFile],
    columns: Sequence[str] = USUAL,
    *,
    title: str = "干部名册",
    as_of: datetime.date | None = None,
    language: str = "zh",
) -> bytes:
    """A roster workbook: merged title, the date it stands for, header, one row a person.

    `columns` are keys of `COLUMNS` (an unknown one raises `KeyError`). All cells are texts: a
    value that begins with "=" stays a text and is never a formula.
    """
    chosen = [COLUMNS[key] for key in columns]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("名册" if language == "zh" else "Roster")
    heading = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
    )
    header = book.add_format(
        {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    )
    body = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1, "num_format": "@"})
    last = len(chosen)
    if last:
        sheet.merge_range(0, 0, 0, last, title, heading)
    row = 1
    if as_of:
        stated = Text("（截至{year}年{month}月）", "(as of {year}-{month:02d})").fill(
            year=as_of.year, month=as_of.month
        )
        sheet.write_string(row, 0, stated.say(language))
        row += 1
    first_label = Text("序号", "No.")
    sheet.write_string(row, 0, first_label.say(language), header)
    sheet.set_column(0, 0, 5)
    for i, column in enumerate(chosen, start=1):
        sheet.write_string(row, i, column.label.say(language), header)
        sheet.set_column(i, i, column.width)
    sheet.freeze_panes(row + 1, 2)
    sheet.repeat_rows(row)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    number = 0
    for number, person in enumerate(people, start=1):
        sheet.write_number(row + number, 0, number, body)
        for i, column in enumerate(chosen, start=1):
            sheet.write_string(row + number, i, column.text(person), body)
    if number and last:
        sheet.autofilter(row, 0, row + number, last)
    book.close()
    return buffer.getvalue()
