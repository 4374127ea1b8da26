"""The appointment form as a Word file: the same grid with exact row heights.

Word cannot be asked how text falls, so type sizes are chosen with `measure`, which counts on the
safe side; a row is never higher than the form says.
"""

from __future__ import annotations

from collections.abc import Iterator

from bole.documents import appointment_form as layout
from bole.documents import measure
from bole.documents.appointment_form import AppointmentForm, resume_items
from bole.documents.blocks import Align, Cell, Document, Paragraph, Picture, Row, Run, Table, Valign
from bole.documents.docx_writer import to_docx as write
from bole.documents.measure import POINTS_PER_MM, fit, line_count
from bole.documents.pdf import TEXT_CUT, clean
from bole.documents.pictures import PICTURE_UNREADABLE, fitted_jpeg
from bole.documents.printed import Printed
from bole.engine.errors import Problem

_INSET = 1.0
_FLOOR_SIZES = (*measure.SIZES, 5.5, 5)


class _Form:
    """Makes cells and collects what had to be cut."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def cell(
        self,
        field: str,
        text: str,
        width: float,
        height: float,
        *,
        align: Align = "center",
        valign: Valign = "center",
        span: int = 1,
        rows: int = 1,
        pitch: float = 1.2,
        inset: float = _INSET,
    ) -> Cell:
        """A cell of `width` × `height` mm whose text shrinks to fit."""
        text = clean(text)
        room_x, room_y = (width - 2 * inset) * POINTS_PER_MM, height * POINTS_PER_MM - 1
        fitted = fit(text, room_x, room_y, sizes=_FLOOR_SIZES, pitch=pitch)
        if fitted.hidden:
            self.cut(field, fitted.hidden)
        blocks = tuple(
            Paragraph(line, align=align, size=fitted.size, line=fitted.size * pitch)
            for line in fitted.text.split("\n")
        )
        return Cell(blocks, span=span, rows=rows, valign=valign)

    def line(self, field: str, text: str, width: float, height: float) -> Paragraph:
        """One line under the grid, `height` mm high."""
        one = " ".join(clean(text).split("\n"))
        sizes = (12, 11, 10, 9, 8)
        fitted = fit(one, width * POINTS_PER_MM, 12, sizes=sizes, pitch=1)
        if fitted.hidden:
            self.cut(field, fitted.hidden)
        return Paragraph(fitted.text, size=fitted.size, line=height * POINTS_PER_MM)

    def cut(self, field: str, hidden: int) -> None:
        """Remember that the last `hidden` characters of `field` are not on the form."""
        self.problems.append(Problem("TEXT_CUT", TEXT_CUT.fill(field=field, hidden=hidden), field))


def _label(text: str, *, span: int = 1, rows: int = 1) -> Cell:
    lines = tuple(Paragraph(line, align="center", size=13, line=15) for line in text.split("\n"))
    return Cell(lines, span=span, rows=rows)


def _upright(text: str, height: float, *, span: int = 1, rows: int = 1) -> Cell:
    """Characters one below the other; in pairs where the row is too low for that."""
    most = int(height * POINTS_PER_MM / 15.6)
    step = 1 if len(text) <= most else 2

    lines = "\n".join(text[i : i + step] for i in range(0, len(text), step))
    return _label(lines, span=span, rows=rows)


def resume_paragraphs(resume: str, width: float, height: float) -> tuple[list[Paragraph], int]:
    """The résumé set for a cell of `width` × `height` points: paragraphs, and characters cut."""
    items = resume_items(clean(resume))
    dated = any(item.period for item in items)
    for size, limit in layout.resume_steps():
        indent = 8.7 if dated else 0.0
        lines = sum(line_count(item.text, size, width - indent * size) for item in items)
        if lines <= limit:
            pitch = min(layout.RESUME_PITCH, height / limit / size)
            return [
                Paragraph(
                    item.text,
                    label=item.period or (" " if dated else ""),
                    left_indent=indent,
                    size=size,
                    line=pitch * size,
                )
                for item in items
            ], 0
    size, limit = layout.resume_steps()[-1]
    pitch = height / limit / size
    run_on = "；".join(f"{item.period} {item.text}".strip() for item in items)
    fitted = fit(run_on, width, height, sizes=(size,), pitch=pitch)
    return [Paragraph(fitted.text, size=size, line=pitch * size)], fitted.hidden


def _first_page(form: AppointmentForm, make: _Form, picture: Cell) -> Table:
    c = layout.COLUMNS
    edges = sorted({layout.SIDE, *(round(sum(c[:i]), 2) for i in range(len(c) + 1))})
    widths = tuple(b - a for a, b in zip(edges, edges[1:], strict=False))
    two = 2  # the first column of the form is two of the grid: the résumé's label is narrower

    rows = []
    for i, line in enumerate(layout.basic_cells(form)):
        cells = []
        for j, pair in enumerate(line):
            cells.append(_label(pair["label"], span=two if j == 0 else 1))
            cells.append(make.cell(pair["field"], pair["value"], c[2 * j + 1], layout.ROW))
        rows.append(Row((*cells, picture) if i == 0 else tuple(cells), layout.ROW, exact=True))
    rows.append(
        Row(
            (
                _label("专业技\n术职务", span=two),
                make.cell("专业技术职务", form.professional_title, c[1] + c[2], layout.ROW, span=2),
                _label("熟悉专业\n有何专长"),
                make.cell("熟悉专业有何专长", form.speciality, c[4] + c[5], layout.ROW, span=2),
            ),
            layout.ROW,
            exact=True,
        )
    )
    height = layout.EDUCATION_ROW
    for i, study in enumerate(layout.study_lines(form)):
        head = (_label("学历\n学位", span=two, rows=2),) if i == 0 else ()
        school = study["field"] + "院校系及专业"
        cells = [
            *head,
            _label(study["label"]),
            make.cell(study["field"], study["degree"], c[2] + c[3], height, span=2),
            _label("毕业院校\n系及专业"),
            make.cell(school, study["school"], c[5] + c[6], height, span=2),
        ]
        rows.append(Row(tuple(cells), height, exact=True))
    for label, value in layout.post_lines(form):
        post = make.cell(label, value, sum(c[2:]), layout.POST_ROW, align="left", span=5, pitch=1.1)
        rows.append(Row((_label(label, span=3), post), layout.POST_ROW, exact=True))
    paragraphs, hidden = resume_paragraphs(
        form.resume,
        (layout.WIDTH - layout.SIDE - 2 * _INSET) * POINTS_PER_MM,
        (layout.RESUME - 2 * layout.RESUME_INSET) * POINTS_PER_MM,
    )
    if hidden:
        make.cut("简历", hidden)
    resume = Cell(tuple(paragraphs), span=7, valign="top")
    rows.append(Row((_upright("简历", layout.RESUME), resume), layout.RESUME, exact=True))
    return Table(widths, tuple(rows), size=13, inset=_INSET)


def _opinions(form: AppointmentForm, make: _Form, spans: tuple[int, int, int]) -> Iterator[Row]:
    """Reporting unit and opinions: a text above, seal and date below without a line between."""
    body = layout.WIDTH - layout.SIDE
    half = (layout.WIDTH - 2 * layout.SIDE) / 2
    seal = 18.0

    def pair(
        height: float, parts: list[tuple[str, int, str, str, float, int, bool]]
    ) -> Iterator[Row]:
        top: list[Cell] = []
        bottom: list[Cell] = []
        for label, label_span, text, day, width, span, sealed in parts:
            top.append(_upright(label, height, span=label_span, rows=2))
            words = make.cell(label, text, width, height - seal, span=span)
            top.append(Cell(words.content, span=span, hide=("bottom",)))
            stamp = "（盖章）\u3000\u3000\n" if sealed else ""
            lines = tuple(
                Paragraph(t, align="right", size=14, line=18) for t in f"{stamp}{day}".split("\n")
            )
            bottom.append(Cell(lines, span=span, valign="center", hide=("top",)))
        yield Row(tuple(top), height - seal, exact=True)
        yield Row(tuple(bottom), seal, exact=True)

    dates = [
        layout.printed_date(day)
        for day in (form.reporting_date, form.approval_date, form.administration_date)
    ]
    left, middle, right = spans
    yield from pair(
        layout.REPORTING,
        [("呈报单位", 1, form.reporting_unit, dates[0], body, sum(spans), False)],
    )
    yield from pair(
        layout.APPROVAL,
        [
            ("审批机关意见", 1, form.approval, dates[1], half, left, True),
            ("行政机关任免意见", middle, form.administration, dates[2], half, right, True),
        ],
    )


def _second_page(form: AppointmentForm, make: _Form) -> Table:
    body = layout.WIDTH - layout.SIDE
    half = (layout.WIDTH - 2 * layout.SIDE) / 2
    family = [0.0]
    for width in layout.FAMILY_COLUMNS:
        family.append(family[-1] + width)
    start = float(layout.SIDE)
    edges = sorted(
        round(x, 3)
        for x in {0.0, start, *(start + x for x in family), start + half, 2 * start + half}
    )
    widths = tuple(b - a for a, b in zip(edges, edges[1:], strict=False))

    def span(left: float, right: float) -> int:
        return sum(1 for edge in edges if left - 0.01 < edge < right - 0.01)

    def place(i: int) -> int:
        return span(start + family[i], start + family[i + 1])

    rows = []
    for label, text, height in layout.text_parts(form):
        words = make.cell(label, text, body, height, align="left", pitch=1.35, span=len(widths) - 1)
        rows.append(Row((_upright(label, height), words), height, exact=True))
    members = layout.family_rows(form)
    side = _upright("家庭主要成员及重要社会关系", layout.FAMILY, rows=len(members) + 1)
    heads = tuple(_label(text, span=place(i)) for i, text in enumerate(layout.FAMILY_LABELS))
    rows.append(Row((side, *heads), layout.FAMILY_HEAD, exact=True))
    height = (layout.FAMILY - layout.FAMILY_HEAD) / len(members)
    for number, member in enumerate(members, 1):
        cells = tuple(
            make.cell(
                f"家庭成员第{number}行{layout.FAMILY_LABELS[i]}",
                text,
                layout.FAMILY_COLUMNS[i],
                height,
                align="left" if i == 4 else "center",
                span=place(i),
                pitch=1.1,
            )
            for i, text in enumerate(member)
        )
        rows.append(Row(cells, height, exact=True))
    spans = (
        span(start, start + half),
        span(start + half, 2 * start + half),
        span(2 * start + half, layout.WIDTH),
    )
    rows.extend(_opinions(form, make, spans))
    return Table(widths, tuple(rows), size=13, inset=_INSET)


def to_docx(form: AppointmentForm) -> Printed:
    """The form as a Word file of two A4 pages; problems as of `appointment_form.to_pdf`, without
    `FONT_MISSING` (Word takes the fonts of the machine it runs on)."""
    make = _Form()
    picture = Cell((Paragraph("照片", align="center", size=12),), rows=4)
    if form.picture:
        try:
            jpeg = fitted_jpeg(form.picture, layout.PICTURE)
        except ValueError as error:
            text = PICTURE_UNREADABLE.fill(reason=str(error))
            make.problems.append(Problem("PICTURE_UNREADABLE", text, "照片"))
        else:
            picture = Cell((Picture(jpeg, *layout.PICTURE),), rows=4)
    title = Paragraph(
        (Run("\u2002".join(layout.TITLE), bold=True),),
        align="center",
        size=22,
        line=layout.TITLE_HEIGHT * POINTS_PER_MM,
    )
    document = Document(
        f"{layout.TITLE} {form.name}",
        [
            title,
            _first_page(form, make, picture),
            Paragraph("", size=1, line=1, start_page=True),
            _second_page(form, make),
            make.line("填表人", f"填表人：{form.filler}", layout.WIDTH, layout.FOOTER),
        ],
        # Word may count the borders of rows in; the foot of the page gives the room for them.
        margins=(layout.MARGIN_TOP, layout.MARGIN_X, layout.MARGIN_BOTTOM - 3, layout.MARGIN_X),
        page_numbers=False,
    )
    return Printed(write(document), tuple(make.problems))
