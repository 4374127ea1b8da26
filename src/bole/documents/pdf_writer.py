"""A `blocks.Document` as a PDF: the same page that `docx_writer` writes for Word."""

from __future__ import annotations

from typing import Any

from bole.documents import pdf
from bole.documents.blocks import Block, Cell, Document, Paragraph, Picture, Row, Table
from bole.documents.docx_reader import from_docx
from bole.documents.pictures import wrapped_svg
from bole.documents.printed import Printed


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "kind": "table",
            "widths": block.widths,
            "border": block.border,
            "inset": block.inset,
            "header_rows": block.header_rows,
            "rows": [_row(row, block.size) for row in block.rows],
        }
    if isinstance(block, Picture):
        svg = wrapped_svg(block.content, (block.width, block.height))
        return {"kind": "picture", "picture_svg": svg, "width": block.width, "height": block.height}
    return _paragraph(block)


def _paragraph(block: Paragraph) -> dict[str, Any]:
    return {
        "kind": "paragraph",
        "runs": [
            {"text": r.text, "bold": r.bold, "underline": r.underline, "size": r.size}
            for r in block.runs
        ],
        "align": block.align,
        "size": block.size,
        "bold": block.bold,
        "first_indent": block.first_indent,
        "left_indent": block.left_indent,
        "label": block.label,
        "line": block.line or block.size * 1.4,
        "before": block.before,
        "after": block.after,
        "start_page": block.start_page,
        "keep_with_next": block.keep_with_next,
    }


def _row(row: Row, size: float) -> dict[str, Any]:
    return {
        "height": row.height,
        "exact": row.exact,
        "split": row.split,
        "cells": [_cell(cell, size) for cell in row.cells],
    }


def _cell(cell: Cell, size: float) -> dict[str, Any]:
    content: dict[str, Any]
    if isinstance(cell.content, str):
        size = cell.size or size
        content = {"text": cell.content, "align": cell.align, "size": size, "bold": cell.bold}
    else:
        content = {"blocks": [_block(block) for block in cell.content]}
    return {
        **content,
        "span": cell.span,
        "rows": cell.rows,
        "valign": cell.valign,
        "hide": cell.hide,
    }


def to_pdf(document: Document) -> Printed:
    """The document as a PDF; problems: `FONT_MISSING`."""
    return pdf.render_checked("document", _data(document), tagged=document.tagged)


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "author": document.author,
        "landscape": document.landscape,
        "margins": document.margins,
        "footer": document.footer,
        "page_numbers": document.page_numbers,
        "blocks": [_block(block) for block in document.blocks],
    }


def to_pictures(document: Document) -> list[bytes]:
    """The pages of the document as SVG, for a preview on a page."""
    return pdf.pictures("document", _data(document))


def docx_to_pdf(content: bytes) -> Printed:
    """A Word file as a PDF; problems: `PDF_LEFT_OUT`, `FONT_MISSING`.

    Raises `BoleError` `DOCX_UNREADABLE`.
    """
    document, problems = from_docx(content)
    printed = to_pdf(document)
    return Printed(printed.content, (*problems, *printed.problems))
