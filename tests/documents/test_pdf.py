"""The Typst helper: errors in both languages, no outside fonts, threads, the office's own font."""

from __future__ import annotations

import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from bole.documents import glyphs, pdf
from bole.documents.blocks import Cell, Document, Paragraph, Row, Run, Table
from bole.documents.docx_reader import from_docx
from bole.documents.docx_writer import to_docx
from bole.documents.pdf_writer import to_pdf
from bole.engine.errors import BoleError

CASES = [
    Document("一", [Paragraph("甲乙丙")]),
    Document(
        "二", [Paragraph((Run("粗", bold=True), Run("线", underline=True), Run("大", size=20)))]
    ),
    Document(
        "三",
        [
            Table(
                (30, 40, 50),
                (
                    Row((Cell("甲", rows=2), Cell("乙", span=2)), 8, header=True),
                    Row((Cell("丙"), Cell("丁\n戊", hide=("top",)))),
                    Row((Cell("己", span=3, align="right", valign="bottom"),), 20, exact=True),
                ),
            ),
            Paragraph("庚", start_page=True),
        ],
        landscape=True,
        footer="页脚",
    ),
]


def words(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    return "".join(p.extract_text() for p in reader.pages).replace("\n", "")


@pytest.mark.parametrize("document", CASES, ids=lambda d: d.title)
def test_a_document_read_back_from_word_prints_the_same(document: Document) -> None:
    straight = to_pdf(document)
    back, problems = from_docx(to_docx(document))
    assert problems == ()
    again = to_pdf(back)
    assert words(straight.content) == words(again.content)
    pages = [len(PdfReader(io.BytesIO(p.content)).pages) for p in (straight, again)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("name", ["nothing", "../fonts/README", "/etc/passwd", ""])
def test_an_unknown_template_is_named(name: str) -> None:
    with pytest.raises(BoleError) as error:
        pdf.render(name, {})
    (problem,) = error.value.problems
    assert problem.code == "TEMPLATE_UNKNOWN"
    assert name in problem.text.zh and name in problem.text.en


def test_a_failure_of_typesetting_says_what_and_whom_to_ask() -> None:
    with pytest.raises(BoleError) as error:
        pdf.render("slips", {"meeting": "会"})
    (problem,) = error.value.problems
    assert problem.code == "TYPESETTING_FAILED"
    assert "slips" in problem.text.en and "系统管理员" in problem.text.zh


def test_all_fonts_are_embedded_and_ours() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(CASES[1]).content))
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        assert "NotoSerifCJKsc" in font.get_object()["/BaseFont"]


def test_several_threads_print_at_once() -> None:
    documents = [Document(str(i), [Paragraph(f"第{i}号")]) for i in range(24)]
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(to_pdf, documents))
    assert [words(p.content)[: len(f"第{i}号")] for i, p in enumerate(printed)] == [
        f"第{i}号" for i in range(24)
    ]


def test_control_marks_are_dropped() -> None:
    assert pdf.clean("a\x00b\u202ec\r\nd\u200be") == "abc\nde"


def test_long_words_are_broken_and_copied_as_they_are() -> None:
    word = "ABCDEFGH" * 20 + "…" * 90
    cell = Table((30, 40), (Row((Cell(word), Cell("短")), 8),))
    printed = to_pdf(Document("x", [Paragraph(word), cell]))
    assert words(printed.content).count(word) == 2
    pieces = []
    PdfReader(io.BytesIO(printed.content)).pages[0].extract_text(
        visitor_text=lambda text, cm, tm, *_: pieces.append((text.strip(), tm[4] * cm[0] + cm[4]))
    )
    assert len([text for text, _ in pieces if text]) > 10
    assert all(60 < x < 595 - 60 for text, x in pieces if text)


def test_common_and_name_characters_are_all_in_the_font() -> None:
    hanzi = "".join(chr(c) for c in (*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FBC)))
    face = next(iter(glyphs._faces((glyphs.SHIPPED,))))
    assert all(bytes(face[0].getmask(c)) != face[1] for c in hanzi[::7])
    assert glyphs.missing_characters(hanzi) == []
    names = "𫍯𬣙𫄨𫖯𫟹𬍡𬴊𬭼𫓧𬙂𬘓𫐄𬇙𬸚"  # 通用规范汉字表, beyond the basic plane
    assert glyphs.missing_characters(names) == []


def test_an_office_may_add_a_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(glyphs.SHIPPED / "NotoSerifCJKsc-Bold.otf", tmp_path / "own.otf")
    monkeypatch.setenv("BOLE_FONT_DIR", str(tmp_path))
    assert glyphs.font_folders() == [glyphs.SHIPPED, tmp_path]
    assert words(to_pdf(CASES[0]).content).startswith("甲乙丙")
    monkeypatch.setenv("BOLE_FONT_DIR", str(tmp_path / "none"))
    assert glyphs.font_folders() == [glyphs.SHIPPED]
