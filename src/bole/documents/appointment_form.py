"""The appointment form (干部任免审批表): what stands in it, and how large its cells are.

Two A4 pages with a fixed grid, as a PDF (`to_pdf`) and as a Word file (`to_docx`). Both are set
from the same measures, and text that is long shrinks inside its cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bole.documents import pdf
from bole.documents.pictures import picture_svg
from bole.documents.printed import Printed

if TYPE_CHECKING:
    from bole.people.exchange.dates import PartialDate
    from bole.people.exchange.record import Education, PersonFile

TITLE = "干部任免审批表"
FAMILY_ROWS = 7
FAMILY_LABELS = ("称谓", "姓名", "出生年月", "政治面貌", "工作单位及职务")
BLANK_DATE = "　　　　年　　月　　日"

# Millimetres. Page 1: title + 4 rows + 2 education rows + 3 post rows + résumé;
# page 2: three texts + family + reporting unit + opinions + filler.
MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 18, 10, 9
WIDTH = 210 - 2 * MARGIN_X
PICTURE = (36, 49)
COLUMNS = (20, 25, 21, 25, 22, 24, 37)
TITLE_HEIGHT, ROW, EDUCATION_ROW, POST_ROW, RESUME = 13, 12.5, 12, 9.5, 161
SIDE = 12
TEXT_HEIGHTS = (38, 24, 28)
FAMILY, FAMILY_HEAD = 88, 9
FAMILY_COLUMNS = (18, 23, 22, 21, WIDTH - SIDE - 84)
REPORTING, APPROVAL, FOOTER = 32, 54, 8
RESUME_INSET = 1.5
RESUME_PITCH = 1.45  # line pitch over type size where there is room

# The type size of the résumé by its number of lines; under 12 pt as many as the cell holds.
RESUME_LADDER = ((14.0, 12), (13.5, 18), (13.0, 24), (12.5, 28), (12.0, 34))
RESUME_FLOOR = 8.0
_TIGHT_PITCH = 1.1


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One row of the family table, as printed."""

    relation: str = ""
    name: str = ""
    birth: str = ""
    politics: str = ""
    employer_and_post: str = ""


@dataclass(frozen=True, slots=True)
class ResumeItem:
    """One line of the résumé; `period` is empty for a line that continues the one above."""

    period: str
    text: str


@dataclass(frozen=True, slots=True)
class Study:
    """Full-time or in-service education: level and degree with the school of each."""

    level: str = ""
    degree: str = ""
    level_school: str = ""
    degree_school: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """Everything on the form, as it is printed (dates as the office writes them, 1973.08).

    `age` is whole years on the day that the office states; None prints the birth alone.
    `picture` is a JPEG or PNG. `resume` has one item a line, as in the exchange files.
    """

    name: str
    sex: str = ""
    birth: str = ""
    age: int | None = None
    ethnicity: str = ""
    native_place: str = ""
    birthplace: str = ""
    party_joined: str = ""
    work_start: str = ""
    health: str = ""
    professional_title: str = ""
    speciality: str = ""
    full_time: Study = Study()
    in_service: Study = Study()
    present_post: str = ""
    proposed_post: str = ""
    removed_post: str = ""
    resume: str = ""
    awards: str = ""
    appraisals: str = ""
    reason: str = ""
    family: tuple[FamilyMember, ...] = ()
    reporting_unit: str = ""
    reporting_date: date | None = None
    approval: str = ""
    approval_date: date | None = None
    administration: str = ""
    administration_date: date | None = None
    filler: str = ""
    picture: bytes | None = None


_PERIOD = re.compile(
    r"\s*(\d{4}[.\-/年]?\d{0,2}月?)\s*(?:--|——|－－|—|－|-|–|~|～|至)\s*"
    r"(\d{4}[.\-/年]?\d{0,2}月?|至今|现在)?\s*"
)


def resume_items(resume: str) -> list[ResumeItem]:
    """The résumé by lines, the period apart from the text; blank lines are left out."""
    items = []
    for line in resume.splitlines():
        if not line.strip():
            continue
        found = _PERIOD.match(line)
        if found:
            period = f"{found[1]}--{found[2] or ''}"
            items.append(ResumeItem(period, line[found.end() :].strip()))
        else:
            items.append(ResumeItem("", line.strip()))
    return items


def resume_steps() -> list[tuple[float, int]]:
    """(type size in points, most lines at that size), from 14 pt down to the floor of 8."""
    room = (RESUME - 2 * RESUME_INSET) / 25.4 * 72
    steps = list(RESUME_LADDER)
    size = steps[-1][0] - 0.5
    while size >= RESUME_FLOOR:
        steps.append((size, int(room / (size * _TIGHT_PITCH))))
        size -= 0.5
    return steps


def spaced_name(name: str) -> str:
    """A name of two characters is printed with a full-width space between them."""
    name = re.sub(r"[\s\u3000]+", "", name) if not name.isascii() else name.strip()
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and not name.isascii() else name


def printed_date(day: date | None) -> str:
    """The day as the form writes it, or blanks to fill in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK_DATE


def _month(day: PartialDate | None) -> str:
    return f"{day.year:04d}.{day.month:02d}" if day else ""


def _study(course: Education | None) -> Study:
    if course is None:
        return Study()
    school = course.school_text or f"{course.school}{course.major}"
    return Study(
        course.level_text or course.level or "",
        course.degree_text or course.degree,
        school,
        course.degree_school_text,
    )


def from_person_file(file: PersonFile, on: date | None = None) -> AppointmentForm:
    """The form of a person whose file was read; the age is that of `on`, else of the day that
    the file states, else it is left out. What the file says in words is printed word for word."""
    age = file.age(on)
    parties = [
        _month(p.joined) if p.party == "中共党员" and p.joined else p.party + _month(p.joined)
        for p in file.parties
        if p.party != "群众"
    ]
    family = tuple(
        FamilyMember(
            member.relation,
            member.name,
            _month(member.birth) or member.birth_text,
            member.politics,
            member.employer,
        )
        for member in file.family
    )
    return AppointmentForm(
        name=file.name,
        sex=file.sex or "",
        birth=_month(file.birth),
        age=age.years if age else None,
        ethnicity=file.ethnicity or "",
        native_place=file.native_place or "",
        birthplace=file.birthplace or "",
        party_joined="；".join(parties) or _month(file.party_joined),
        work_start=_month(file.work_start),
        health=file.health or "",
        professional_title=file.professional_title or "",
        speciality=file.speciality or "",
        full_time=_study(file.full_time),
        in_service=_study(file.in_service),
        present_post=file.post or "",
        proposed_post=file.proposed or "",
        removed_post=file.removed or "",
        resume=file.resume,
        awards=file.awards or "",
        appraisals=file.appraisals_text or "",
        reason=file.reason or "",
        family=family,
        reporting_unit=file.reporting_unit or "",
        reporting_date=file.fill_date.first_day() if file.fill_date else None,
        filler=file.filler or "",
        picture=file.picture,
    )


def _joined(first: str, second: str) -> str:
    """Two lines of a cell; the same school twice is printed once."""
    lines = [line.strip() for line in (first, second) if line.strip()]
    return "\n".join(dict.fromkeys(lines))


def family_rows(form: AppointmentForm) -> list[tuple[str, ...]]:
    """The family table's rows, at least seven."""
    rows = [
        (m.relation, spaced_name(m.name), m.birth, m.politics, m.employer_and_post)
        for m in form.family
    ]
    return rows + [("",) * 5] * (FAMILY_ROWS - len(rows))


def basic_cells(form: AppointmentForm) -> list[list[dict[str, str]]]:
    """The first three lines of the form: label as printed, field name, value."""
    birth = f"{form.birth}\n（{form.age}岁）" if form.age is not None else form.birth

    def cell(label: str, field: str, value: str) -> dict[str, str]:
        return {"label": label, "field": field, "value": value}

    return [
        [
            cell("姓  名", "姓名", spaced_name(form.name)),
            cell("性  别", "性别", form.sex),
            cell("出生年月\n（岁）", "出生年月", birth),
        ],
        [
            cell("民  族", "民族", form.ethnicity),
            cell("籍  贯", "籍贯", form.native_place),
            cell("出生地", "出生地", form.birthplace),
        ],
        [
            cell("入  党\n时  间", "入党时间", form.party_joined),
            cell("参加工\n作时间", "参加工作时间", form.work_start),
            cell("健康状况", "健康状况", form.health),
        ],
    ]


def study_lines(form: AppointmentForm) -> list[dict[str, str]]:
    """The two education lines: label, degree cell, school cell."""
    return [
        {
            "label": label,
            "field": field,
            "degree": _joined(study.level, study.degree),
            "school": _joined(study.level_school, study.degree_school),
        }
        for label, field, study in (
            ("全日制\n教  育", "全日制教育", form.full_time),
            ("在  职\n教  育", "在职教育", form.in_service),
        )
    ]


def post_lines(form: AppointmentForm) -> list[tuple[str, str]]:
    """Present, proposed and removed post with their labels."""
    return [
        ("现任职务", form.present_post),
        ("拟任职务", form.proposed_post),
        ("拟免职务", form.removed_post),
    ]


def text_parts(form: AppointmentForm) -> list[tuple[str, str, float]]:
    """The three texts of page 2: label, text, height in mm."""
    return [
        ("奖惩情况", form.awards, TEXT_HEIGHTS[0]),
        ("年度考核结果", form.appraisals, TEXT_HEIGHTS[1]),
        ("任免理由", form.reason, TEXT_HEIGHTS[2]),
    ]


def _geometry() -> dict[str, Any]:
    return {
        "margin_x": MARGIN_X,
        "margin_top": MARGIN_TOP,
        "margin_bottom": MARGIN_BOTTOM,
        "width": WIDTH,
        "picture": PICTURE,
        "columns": COLUMNS,
        "title": TITLE_HEIGHT,
        "row": ROW,
        "education": EDUCATION_ROW,
        "post": POST_ROW,
        "resume": RESUME,
        "side": SIDE,
        "family": FAMILY,
        "family_head": FAMILY_HEAD,
        "family_columns": FAMILY_COLUMNS,
        "reporting": REPORTING,
        "approval": APPROVAL,
        "footer": FOOTER,
        "resume_inset": RESUME_INSET,
        "resume_pitch": RESUME_PITCH,
        "resume_steps": [{"size": s, "limit": n} for s, n in resume_steps()],
    }


def to_pdf(form: AppointmentForm) -> Printed:
    """The form as a PDF of two A4 pages.

    Problems: `TEXT_CUT` (a text that even the smallest type cannot hold), `FONT_MISSING`,
    `PICTURE_UNREADABLE` (the form is printed without the picture).
    """
    svg, problems = picture_svg(form.picture, PICTURE) if form.picture else ("", ())
    stamp_dates = {
        "呈报单位": printed_date(form.reporting_date),
        "审批机关意见": printed_date(form.approval_date),
        "行政机关任免意见": printed_date(form.administration_date),
    }
    printed = pdf.render_checked(
        "appointment_form",
        {
            "geometry": _geometry(),
            "title": TITLE,
            "name": form.name,
            "picture_svg": svg,
            "basic": basic_cells(form),
            "title_held": form.professional_title,
            "speciality": form.speciality,
            "education": study_lines(form),
            "posts": [{"label": label, "value": value} for label, value in post_lines(form)],
            "resume": [{"period": i.period, "text": i.text} for i in resume_items(form.resume)],
            "texts": [
                {"label": label, "value": value, "height": height}
                for label, value, height in text_parts(form)
            ],
            "family_labels": FAMILY_LABELS,
            "family": family_rows(form),
            "reporting_unit": form.reporting_unit,
            "approval": form.approval,
            "administration": form.administration,
            "stamp_date": stamp_dates,
            "blank_date": BLANK_DATE,
            "filler": form.filler,
        },
    )
    return Printed(printed.content, (*problems, *printed.problems))
