"""A `blocks.Document` as a Word file (.docx) that Word and WPS lay out alike."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bole.documents.blocks import Block, Cell, Document, Paragraph, Picture, Row, Table

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TWIPS_PER_MM = 56.6929
_SIDES = ("top", "left", "bottom", "right")


def _element(name: str, **attributes: object) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _fonts(properties: Any, font: str) -> None:
    properties.insert(0, _element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))


def _run(paragraph: Any, text: str, *, size: float, bold: bool, underline: bool, font: str) -> None:
    run = paragraph.add_run(_ILLEGAL.sub("", text))
    run.font.size = Pt(size)
    run.bold = bold or None
    run.underline = underline or None
    if font:
        _fonts(run._r.get_or_add_rPr(), font)


def _fill_paragraph(target: Any, block: Paragraph) -> None:
    size = block.size
    target.alignment = {"left": 0, "center": 1, "right": 2, "justify": 3}[block.align]
    layout = target.paragraph_format
    layout.line_spacing = Pt(block.line or size * 1.4)
    layout.space_before, layout.space_after = Pt(block.before), Pt(block.after)
    layout.page_break_before = block.start_page or None
    layout.keep_with_next = block.keep_with_next or None
    if block.label:
        layout.left_indent = Pt(block.left_indent * size)
        layout.first_line_indent = Pt(-block.left_indent * size)
        layout.tab_stops.add_tab_stop(Pt(block.left_indent * size))
        label = f"{block.label}\t"
        _run(target, label, size=size, bold=block.bold, underline=False, font=block.font)
    else:
        layout.left_indent = Pt(block.left_indent * size) if block.left_indent else None
        layout.first_line_indent = Pt(block.first_indent * size) if block.first_indent else None
    for run in block.runs:
        _run(
            target,
            run.text,
            size=run.size or size,
            bold=run.bold,
            underline=run.underline,
            font=block.font,
        )
    if not block.runs and not block.label:
        # An empty paragraph is as high as its mark.
        mark = target._p.get_or_add_pPr()
        properties = _element("rPr")
        properties.append(_element("sz", val=round(size * 2)))
        mark.append(properties)


def _fill_cell(target: Any, cell: Cell, size: float) -> None:
    blocks = cell.blocks(size) or (Paragraph("", size=size),)
    for i, block in enumerate(blocks):
        paragraph = target.paragraphs[0] if i == 0 else target.add_paragraph()
        if isinstance(block, Picture):
            paragraph.alignment = 1
            paragraph.paragraph_format.space_after = Pt(0)
            _picture(paragraph, block)
        else:
            _fill_paragraph(paragraph, block)


def _picture(paragraph: Any, picture: Picture) -> None:
    paragraph.add_run().add_picture(
        io.BytesIO(picture.content), Mm(picture.width), Mm(picture.height)
    )


def _placed(rows: tuple[Row, ...], columns: int) -> Iterator[list[tuple[int, Cell, bool]]]:
    """Each row as (first column, cell, starts here); covered places carry the cell above."""
    covered: dict[int, tuple[Cell, int]] = {}  # first column → cell and rows still to cover
    for row in rows:
        line: list[tuple[int, Cell, bool]] = []
        column, waiting = 0, list(row.cells)
        while column < columns:
            if column in covered:
                cell, left = covered.pop(column)
                line.append((column, cell, False))
                if left > 1:
                    covered[column] = (cell, left - 1)
            elif waiting:
                cell = waiting.pop(0)
                line.append((column, cell, True))
                if cell.rows > 1:
                    covered[column] = (cell, cell.rows - 1)
            else:
                raise ValueError(f"row ends at column {column} of {columns}")
            column += cell.span
        if waiting or column != columns:
            raise ValueError(f"row is {column} columns wide, not {columns}, with {waiting} left")
        yield line


def _borders(name: str, sides: dict[str, str]) -> Any:
    element = _element(name)
    for side, style in sides.items():
        element.append(_element(side, val=style, sz=6, space=0, color="000000"))
    return element


def _table(document: Any, block: Table, built: dict[Any, Any]) -> None:
    twips = [round(width * _TWIPS_PER_MM) for width in block.widths]
    body = document.element.body
    element = _element("tbl")
    properties = _element("tblPr")
    properties.append(_element("tblW", w=sum(twips), type="dxa"))
    properties.append(_element("jc", val="center"))
    style = "single" if block.border else "nil"
    sides = dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), style)
    properties.append(_borders("tblBorders", sides))
    properties.append(_element("tblLayout", type="fixed"))
    margins = _element("tblCellMar")
    inset = round(block.inset * _TWIPS_PER_MM)
    for side in _SIDES:
        width = inset if side in ("left", "right") else 0
        margins.append(_element(side, w=width, type="dxa"))
    properties.append(margins)
    element.append(properties)
    grid = _element("tblGrid")
    for width in twips:
        grid.append(_element("gridCol", w=width))
    element.append(grid)
    body.insert_element_before(element, "w:sectPr")
    for row, line in zip(block.rows, _placed(block.rows, len(twips)), strict=True):
        # Thousands of ballots share their rows: each is built once and copied.
        key = (row, block.widths, block.size) if all(start for _, _, start in line) else None
        if key not in built:
            built[key] = _row(document, block, row, line, twips)
        element.append(copy.deepcopy(built[key]) if key else built.pop(key))


def _row(
    document: Any, block: Table, row: Row, line: list[tuple[int, Cell, bool]], twips: list[int]
) -> Any:
    element = _element("tr")
    properties = _element("trPr")
    if not row.split:
        properties.append(_element("cantSplit"))
    if row.height is not None:
        rule = "exact" if row.exact else "atLeast"
        properties.append(_element("trHeight", val=round(row.height * _TWIPS_PER_MM), hRule=rule))
    if row.header:
        properties.append(_element("tblHeader"))
    element.append(properties)
    for column, cell, starts in line:
        target = _element("tc")
        look = _element("tcPr")
        look.append(_element("tcW", w=sum(twips[column : column + cell.span]), type="dxa"))
        if cell.span > 1:
            look.append(_element("gridSpan", val=cell.span))
        if cell.rows > 1:
            look.append(_element("vMerge", **({"val": "restart"} if starts else {})))
        if cell.hide:
            look.append(_borders("tcBorders", {s: "nil" for s in _SIDES if s in cell.hide}))
        look.append(_element("vAlign", val=cell.valign))
        target.append(look)
        target.append(_element("p"))
        element.append(target)
        if starts:
            _fill_cell(docx.table._Cell(target, document), cell, block.size)
    return element


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = 1
    run = paragraph.add_run()
    run.font.size = Pt(10.5)
    for part in ("begin", None, "end"):
        if part:
            run._r.append(_element("fldChar", fldCharType=part))
        else:
            instruction = _element("instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)


def to_docx(document: Document) -> bytes:
    """The document as .docx bytes. Raises `ValueError` for a table whose rows do not fit."""
    target = docx.Document()
    normal = target.styles["Normal"]
    normal.font.name = document.font
    normal.font.size = Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), document.font)
    normal.paragraph_format.space_after = Pt(0)
    for side in ("autoSpaceDN", "autoSpaceDE"):
        # No air between hanzi and digits: Word would add it, and fitted text would overflow.
        normal.element.get_or_add_pPr().insert(0, _element(side, val=0))
    target.core_properties.title = _ILLEGAL.sub("", document.title)[:255]
    target.core_properties.author = document.author
    target.core_properties.created = datetime(2000, 1, 1, tzinfo=UTC)
    section = target.sections[0]
    width, height = (Mm(297), Mm(210)) if document.landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
        Mm(m) for m in document.margins
    )
    section.header_distance = section.footer_distance = Mm(min(12, document.margins[2] / 2))
    if document.footer:
        _run(
            section.footer.paragraphs[0],
            document.footer,
            size=9,
            bold=False,
            underline=False,
            font="",
        )
    if document.page_numbers:
        foot = section.footer.paragraphs[0]
        _page_number(section.footer.add_paragraph() if document.footer else foot)
    built: dict[Any, Any] = {}
    for block in document.blocks:
        _add(target, block, built)
    if document.blocks and isinstance(document.blocks[-1], Table):
        # Word wants a paragraph after a table; it must not open another page.
        _fill_paragraph(target.add_paragraph(), Paragraph("", size=1, line=1))
    file = io.BytesIO()
    target.save(file)
    return file.getvalue()


def _add(target: Any, block: Block, built: dict[Any, Any]) -> None:
    if isinstance(block, Table):
        _table(target, block, built)
    elif isinstance(block, Picture):
        _picture(target.add_paragraph(), block)
    else:
        _fill_paragraph(target.add_paragraph(), block)
