"""A page as plain values: paragraphs, tables, pictures. Written as .docx or .pdf alike.

Lengths are millimetres, type sizes points, indents multiples of the type size (em).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right", "justify"]
Valign = Literal["top", "center", "bottom"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. `size` None takes the paragraph's."""

    text: str
    bold: bool = False
    underline: bool = False
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    `label` stands in the hanging part of the indent (a period, a number). `line` is the exact
    distance of lines in points; None is 1.4 × size. `start_page` begins a new page.
    """

    text: str | tuple[Run, ...] = ""
    align: Align = "left"
    size: float = 12
    bold: bool = False
    first_indent: float = 0
    left_indent: float = 0
    label: str = ""
    line: float | None = None
    before: float = 0
    after: float = 0
    font: str = ""
    start_page: bool = False
    keep_with_next: bool = False

    @property
    def runs(self) -> tuple[Run, ...]:
        """The text as runs."""
        if isinstance(self.text, str):
            return (Run(self.text, bold=self.bold),) if self.text else ()
        return self.text

    @property
    def plain(self) -> str:
        """The text without looks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG at a size in millimetres."""

    content: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `span` columns wide, `rows` rows deep. `hide` names borders not drawn."""

    content: str | tuple[Paragraph | Picture, ...] = ""
    span: int = 1
    rows: int = 1
    align: Align = "left"
    valign: Valign = "center"
    bold: bool = False
    size: float | None = None
    hide: tuple[Literal["top", "bottom", "left", "right"], ...] = ()

    def blocks(self, size: float) -> tuple[Paragraph | Picture, ...]:
        """The content as blocks; plain text takes the cell's look."""
        if isinstance(self.content, str):
            return tuple(
                Paragraph(line, align=self.align, size=self.size or size, bold=self.bold)
                for line in self.content.split("\n")
            )
        return self.content


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `height` is the least height, or the exact one with `exact`; `header` rows stand
    again on each page; `split` lets a long row go on over the page. A cell that a `rows` cell
    above covers is left out."""

    cells: tuple[Cell, ...]
    height: float | None = None
    exact: bool = False
    header: bool = False
    split: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of fixed column widths in millimetres."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    border: bool = True
    size: float = 11
    inset: float = 1.5

    @property
    def header_rows(self) -> int:
        """How many rows at the top stand again on each page, with all that their cells cover."""
        count = 0
        for i, row in enumerate(self.rows):
            if i >= count and not row.header:
                break
            count = max(count, i + max((cell.rows for cell in row.cells), default=1))
        return min(count, len(self.rows))


Block = Paragraph | Picture | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. Margins: top, right, bottom, left. `page_numbers` stand in the foot.

    `tagged` PDFs can be read aloud; what is only ever printed is a tenth of the size without.
    """

    title: str
    blocks: Sequence[Block]
    landscape: bool = False
    margins: tuple[float, float, float, float] = (25, 22, 22, 24)
    footer: str = ""
    page_numbers: bool = True
    font: str = "宋体"
    author: str = "bole"
    tagged: bool = True
