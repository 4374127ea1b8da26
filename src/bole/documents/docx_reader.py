"""A Word file as a `blocks.Document`: paragraphs, tables and pictures.

So that the PDF of a paper is printed from the same file that the office edits. What a PDF cannot
take over (text boxes, floating pictures, automatic numbers) is named in the problems.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from bole.documents.blocks import (
    Align,
    Block,
    Cell,
    Document,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
    Valign,
)
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

_TWIPS_PER_MM = 56.6929
_EMU_PER_MM = 36000
_ALIGN: dict[str, Align] = {
    "left": "left",
    "start": "left",
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
}
_VALIGN: dict[str, Valign] = {"top": "top", "center": "center", "bottom": "bottom"}
_BAD_FILE = Text(
    "不是可读取的 Word 文件（.docx）：{reason}；请用 Word 或 WPS 另存为 .docx 后再上传",
    "not a readable Word file (.docx): {reason}. Save it as .docx in Word or WPS and try again",
)
_LEFT_OUT = Text(
    "{what}无法印入 PDF，已略去；需要时请直接打印 Word 文件",
    "{what} cannot be printed in the PDF and is left out. Print the Word file if it is needed",
)
_NAMES = {
    "textbox": Text("文本框", "a text box"),
    "anchor": Text("浮动图片或图形", "a floating picture or shape"),
    "format": Text("不是 JPG 或 PNG 的图片", "a picture that is neither JPG nor PNG"),
    "numbering": Text("自动编号", "automatic numbering"),
}


def open_docx(content: bytes) -> Any:
    """The file opened by python-docx. Raises `BoleError` `DOCX_UNREADABLE`."""
    try:
        return docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError) as error:
        reason = str(error) or type(error).__name__
        raise BoleError(Problem("DOCX_UNREADABLE", _BAD_FILE.fill(reason=reason))) from error


class _Reader:
    def __init__(self, source: Any) -> None:
        self.source = source
        self.left_out: dict[str, None] = {}
        self.page_break = False
        styles = source.styles.element
        defaults = styles.find(qn("w:docDefaults"))
        self.defaults = [] if defaults is None else list(defaults.iter(qn("w:rPr"), qn("w:pPr")))
        self.styles = {s.get(qn("w:styleId")): s for s in styles.iter(qn("w:style"))}
        self.normal = next(
            (
                name
                for name, s in self.styles.items()
                if s.get(qn("w:default")) == "1" and s.get(qn("w:type")) == "paragraph"
            ),
            None,
        )
        self.inherited: dict[tuple[str | None, str, str], str | None] = {}

    # Looks are taken from the element itself, else from its style and the styles under that.

    def _style_chain(self, name: str | None) -> Iterator[Any]:
        name = name or self.normal
        seen: set[str | None] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            yield style.find(qn("w:pPr"))
            yield style.find(qn("w:rPr"))
            based = style.find(qn("w:basedOn"))
            name = None if based is None else based.get(qn("w:val"))

    @staticmethod
    def _value(properties: Any, tag: str, attribute: str) -> str | None:
        found = None if properties is None else properties.find(qn(f"w:{tag}"))
        if found is None:
            return None
        value = found.get(qn(f"w:{attribute}"))
        return "on" if value is None and attribute == "val" else value

    def _look(self, own: list[Any], style: str | None, tag: str, attribute: str) -> str | None:
        """The first value of `w:tag/@w:attribute` in own properties, styles, defaults."""
        for properties in own:
            value = self._value(properties, tag, attribute)
            if value is not None:
                return value
        key = (style, tag, attribute)
        if key not in self.inherited:
            values = (
                self._value(properties, tag, attribute)
                for properties in (*self._style_chain(style), *self.defaults)
            )
            self.inherited[key] = next((v for v in values if v is not None), None)
        return self.inherited[key]

    def paragraph(self, element: Any) -> list[Block]:
        """A paragraph, with its pictures after it."""
        own = element.find(qn("w:pPr"))
        style_element = None if own is None else own.find(qn("w:pStyle"))
        style = None if style_element is None else style_element.get(qn("w:val"))
        mark = None if own is None else own.find(qn("w:rPr"))

        def of(tag: str, attribute: str) -> str | None:
            return self._look([own], style, tag, attribute)

        runs, pictures = self._runs(element, style)
        sized = [run.size for run in runs if run.size and run.text.strip()]
        plain = float(self._look([mark, own], style, "sz", "val") or 21) / 2
        size = max(sized, default=plain)
        line = of("spacing", "line")
        exact = of("spacing", "lineRule") in ("exact", "atLeast")
        distance = None
        if line:
            distance = float(line) / 20 if exact else float(line) / 240 * size * 1.3
        chars = of("ind", "firstLineChars")
        first = float(chars) / 100 if chars else float(of("ind", "firstLine") or 0) / 20 / size
        left = float(of("ind", "left") or of("ind", "start") or 0) / 20 / size
        label = ""
        if float(of("ind", "hanging") or 0) and runs and "\t" in runs[0].text:
            label, rest = runs[0].text.split("\t", 1)
            runs = [Run(rest, runs[0].bold, runs[0].underline, runs[0].size), *runs[1:]]
        number = element.find(f".//{qn('w:numId')}")
        if of("numPr", "val") and (number is None or number.get(qn("w:val")) != "0"):
            self.left_out["numbering"] = None
        starts = self.page_break or of("pageBreakBefore", "val") is not None
        self.page_break = any(br.get(qn("w:type")) == "page" for br in element.iter(qn("w:br")))
        paragraph = Paragraph(
            tuple(run for run in runs if run.text),
            align=_ALIGN.get(of("jc", "val") or "left", "left"),
            size=size,
            first_indent=first,
            left_indent=left,
            label=label,
            line=distance,
            before=float(of("spacing", "before") or 0) / 20,
            after=float(of("spacing", "after") or 0) / 20,
            start_page=starts,
            keep_with_next=of("keepNext", "val") is not None,
        )
        return [*pictures] if pictures and not paragraph.plain.strip() else [paragraph, *pictures]

    def _runs(self, element: Any, style: str | None) -> tuple[list[Run], list[Picture]]:
        runs: list[Run] = []
        pictures: list[Picture] = []
        for run in element.iter(qn("w:r")):
            if any(a.tag == qn("w:txbxContent") for a in run.iterancestors()):
                continue
            own = run.find(qn("w:rPr"))
            text = ""
            for part in run:
                if part.tag == qn("w:t"):
                    text += part.text or ""
                elif part.tag == qn("w:tab"):
                    text += "\t"
                elif part.tag == qn("w:br") and part.get(qn("w:type")) is None:
                    text += "\n"
                elif part.tag == qn("w:drawing"):
                    pictures += self._pictures(part)
                elif part.tag in (qn("w:pict"), qn("w:object")):
                    self.left_out["anchor"] = None
            if run.find(f".//{qn('w:txbxContent')}") is not None:
                self.left_out["textbox"] = None
            if text:
                bold = self._look([own], style, "b", "val")
                underline = self._look([own], style, "u", "val")
                size = self._look([own], style, "sz", "val")
                runs.append(
                    Run(
                        text,
                        bold=bold not in (None, "0", "false"),
                        underline=underline not in (None, "none"),
                        size=float(size) / 2 if size else None,
                    )
                )
        return runs, pictures

    def _pictures(self, drawing: Any) -> Iterator[Picture]:
        inline = drawing.find(qn("wp:inline"))
        blip = drawing.find(f".//{qn('a:blip')}")
        if inline is None or blip is None:
            self.left_out["anchor"] = None
            return
        extent = inline.find(qn("wp:extent"))
        part = self.source.part.related_parts.get(blip.get(qn("r:embed")))
        if part is None or not part.blob.startswith((b"\xff\xd8", b"\x89PNG")):
            self.left_out["format"] = None
            return
        width, height = int(extent.get("cx")) / _EMU_PER_MM, int(extent.get("cy")) / _EMU_PER_MM
        yield Picture(part.blob, width, height)

    def table(self, element: Any) -> Table:
        """A table; nested tables are read as the paragraphs in them."""
        widths = tuple(
            int(c.get(qn("w:w")) or 0) / _TWIPS_PER_MM for c in element.iter(qn("w:gridCol"))
        )
        properties = element.find(qn("w:tblPr"))
        borders = properties.find(qn("w:tblBorders"))
        styled = properties.find(qn("w:tblStyle"))
        if borders is not None:
            top = borders.find(qn("w:top"))
            border = top is not None and top.get(qn("w:val")) not in ("nil", "none")
        else:
            border = styled is not None
        margin = properties.find(f"{qn('w:tblCellMar')}/{qn('w:left')}")
        inset = 1.9 if margin is None else int(margin.get(qn("w:w"))) / _TWIPS_PER_MM
        trs = list(element.iterchildren(qn("w:tr")))
        deep = self._depths(trs)
        rows = tuple(self._row(tr, deep) for tr in trs)
        return Table(widths, rows, border=border, inset=inset)

    @staticmethod
    def _columns(tr: Any) -> Iterator[tuple[int, Any, int]]:
        """(first column, cell, columns wide) of a row."""
        column = 0
        for tc in tr.iterchildren(qn("w:tc")):
            span = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            wide = 1 if span is None else int(span.get(qn("w:val")))
            yield column, tc, wide
            column += wide

    def _depths(self, trs: list[Any]) -> dict[Any, int]:
        """How many rows each cell that begins a merge is deep; 0 for cells that go on."""
        depth: dict[Any, int] = {}
        above: dict[int, Any] = {}
        for tr in trs:
            for column, tc, _ in self._columns(tr):
                merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if merge is not None and merge.get(qn("w:val")) != "restart" and column in above:
                    depth[above[column]] += 1
                    depth[tc] = 0
                else:
                    depth[tc] = 1
                    above[column] = tc
        return depth

    def _row(self, tr: Any, depth: dict[Any, int]) -> Row:
        properties = tr.find(qn("w:trPr"))
        height = exact = None
        if properties is not None and properties.find(qn("w:trHeight")) is not None:
            element = properties.find(qn("w:trHeight"))
            height = int(element.get(qn("w:val"))) / _TWIPS_PER_MM
            exact = element.get(qn("w:hRule")) == "exact"
        cells = []
        for _, tc, wide in self._columns(tr):
            if depth[tc] == 0:
                continue
            look = tc.find(qn("w:tcPr"))
            valign = None if look is None else look.find(qn("w:vAlign"))
            borders = None if look is None else look.find(qn("w:tcBorders"))
            hidden = (
                ()
                if borders is None
                else tuple(
                    side
                    for side in ("top", "bottom", "left", "right")
                    if (b := borders.find(qn(f"w:{side}"))) is not None
                    and b.get(qn("w:val")) in ("nil", "none")
                )
            )
            content = tuple(
                block
                for p in tc.iter(qn("w:p"))
                for block in self.paragraph(p)
                if not isinstance(block, Table)
            )
            position = _VALIGN.get("top" if valign is None else valign.get(qn("w:val")), "top")
            cells.append(
                Cell(content, span=wide, rows=depth[tc], valign=position, hide=hidden)  # type: ignore[arg-type]
            )

        def has(tag: str) -> bool:
            return properties is not None and properties.find(qn(f"w:{tag}")) is not None

        return Row(
            tuple(cells),
            height,
            exact=bool(exact),
            header=has("tblHeader"),
            split=not has("cantSplit"),
        )

    def blocks(self) -> Iterator[Block]:
        """The body in order."""
        for element in self.source.element.body.iterchildren():
            if element.tag == qn("w:p"):
                yield from self.paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield self.table(element)
            elif element.tag == qn("w:sdt"):
                for paragraph in element.iter(qn("w:p")):
                    yield from self.paragraph(paragraph)


def from_docx(content: bytes) -> tuple[Document, tuple[Problem, ...]]:
    """The Word file as a document, and what of it was left out (`PDF_LEFT_OUT`).

    Raises `BoleError` `DOCX_UNREADABLE`.
    """
    source = open_docx(content)
    reader = _Reader(source)
    blocks = list(reader.blocks())
    section = source.sections[0]
    margins = tuple(
        (getattr(section, f"{side}_margin") or 0) / _EMU_PER_MM
        for side in ("top", "right", "bottom", "left")
    )
    page_numbers = any(
        "PAGE" in (t.text or "") for t in section.footer._element.iter(qn("w:instrText"))
    )
    footer = "".join(p.text for p in section.footer.paragraphs).strip()
    problems = tuple(
        Problem("PDF_LEFT_OUT", _LEFT_OUT.fill(what=_NAMES[kind])) for kind in reader.left_out
    )
    document = Document(
        source.core_properties.title or "",
        blocks,
        landscape=(section.page_width or 0) > (section.page_height or 1),
        margins=margins,  # type: ignore[arg-type]
        footer=footer,
        page_numbers=page_numbers,
    )
    return document, problems
