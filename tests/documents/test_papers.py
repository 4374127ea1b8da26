"""Papers from templates that the office changes: filled, printed, faults named in a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from PIL import Image
from pypdf import PdfReader

from bole.documents import make_templates
from bole.documents.blocks import Document, Paragraph
from bole.documents.docx_writer import to_docx
from bole.documents.paper_kinds import KINDS
from bole.documents.papers import check_template, default_template, paper_docx, paper_pdf
from bole.engine.errors import BoleError


def words_of(content: bytes) -> str:
    """All text of a Word file, tables included."""
    source = docx.Document(io.BytesIO(content))
    cells = [c.text for t in source.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in source.paragraphs), *cells])


def pdf_words(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def template(*lines: str) -> bytes:
    return to_docx(Document("x", [Paragraph(line) for line in lines]))


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_default_template_can_be_used_and_printed(kind: str) -> None:
    assert check_template(kind, default_template(kind)) == []
    samples = KINDS[kind].samples()
    word, printed = paper_docx(kind, samples), paper_pdf(kind, samples)
    text = words_of(word.content)
    assert "{" not in text and "}" not in text
    assert KINDS[kind].samples()["title"] in text
    flat = pdf_words(printed.content).replace("\n", "")
    assert KINDS[kind].samples()["title"] in flat
    # What stands in the Word file stands in the PDF.
    squeezed = flat.replace(" ", "")
    for line in text.split("\n"):
        assert line.strip().replace(" ", "") in squeezed or len(line) > 20


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_shipped_templates_are_those_of_the_script(kind: str) -> None:
    fresh = to_docx(make_templates.document_of(kind))

    def body(content: bytes) -> bytes:
        return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")

    assert body(fresh) == body(default_template(kind))


@pytest.mark.parametrize("kind", list(KINDS))
def test_missing_fields_leave_lines_to_write_on_and_are_named(kind: str) -> None:
    printed = paper_docx(kind, {})
    needed = [f for f in KINDS[kind].fields if f.needed and f.name != "title"]
    assert [p.where for p in printed.problems] == [f.name for f in needed]
    assert all(f.label.zh in p.text.zh for f, p in zip(needed, printed.problems, strict=True))
    assert KINDS[kind].name.zh in words_of(printed.content)


def test_dates_none_and_hostile_values_are_text() -> None:
    data = {
        **KINDS["opinion_letter"].samples(),
        "reply_by": date(2026, 12, 1),
        "contact": "<w:p>&{{ 7*7 }}{% x %}\x00\x1b",
        "persons": [{"name": "王芳", "sex": None}],
    }
    text = words_of(paper_docx("opinion_letter", data).content)
    assert "2026年12月1日" in text
    assert "<w:p>&{{ 7*7 }}{% x %}" in text


def test_every_person_and_item_is_printed() -> None:
    persons = [{"name": f"张{i}", "present_post": f"局长{i}"} for i in range(60)]
    printed = paper_pdf("opinion_letter", {**KINDS["opinion_letter"].samples(), "persons": persons})
    text = pdf_words(printed.content)
    assert all(f"张{i}" in text for i in range(60))
    # The head of the table stands on every page that it runs over.
    assert text.count("现任职务") >= 2


def test_an_office_may_change_a_template_and_use_further_fields() -> None:
    own = template(
        "县情：{{ person.name }}，特殊字段 {{ extra }}", "{{ shortcomings | join('；') }}"
    )
    data = {**KINDS["inspection_report"].samples(), "extra": "已核"}
    assert "县情：王芳，特殊字段 已核" in words_of(
        paper_docx("inspection_report", data, own).content
    )
    assert "县情：王芳，特殊字段 已核" in pdf_words(
        paper_pdf("inspection_report", data, own).content
    )


def test_an_unknown_tag_is_named_with_its_place_and_the_likely_one() -> None:
    own = template("标题 {{ title }}", "正文 {{ shortcomngs }}", "{{ person.nmae }}")
    problems = check_template("inspection_report", own)
    assert {(p.code, p.where) for p in problems} == {
        ("TEMPLATE_TAG_UNKNOWN", "第2段"),
        ("TEMPLATE_TAG_UNKNOWN", "第3段"),
    }
    first = next(p for p in problems if p.where == "第2段")
    assert "“shortcomngs”不存在" in first.text.zh and "是否应为“shortcomings”" in first.text.zh
    assert "shortcomngs" in first.text.en and "is “shortcomings” meant?" in first.text.en
    assert "nmae" in next(p for p in problems if p.where == "第3段").text.zh
    with pytest.raises(BoleError) as refused:
        paper_docx("inspection_report", KINDS["inspection_report"].samples(), own)
    assert {p.code for p in refused.value.problems} == {"TEMPLATE_TAG_UNKNOWN"}


def test_a_tag_in_a_table_or_a_loop_is_found() -> None:
    source = docx.Document()
    table = source.add_table(2, 2)
    table.cell(1, 0).text = "{{ persn.name }}"
    source.add_paragraph("{%p for x in nothing_there %}")
    source.add_paragraph("{{ x }}")
    source.add_paragraph("{%p endfor %}")
    file = io.BytesIO()
    source.save(file)
    places = {p.where for p in check_template("talk_record", file.getvalue())}
    assert places == {"第1个表格第2行第1格", "第1段"}


@pytest.mark.parametrize(
    ("line", "code", "fact"),
    [
        ("{{ title", "TEMPLATE_TAG_OPEN", "{{ title"),
        ("{{ title } }", "TEMPLATE_TAG_OPEN", "{{ title"),
        ("{{ title + }}", "TEMPLATE_TAG_SYNTAX", "{{ title + }}"),
        ("{{ title | no_such_filter }}", "TEMPLATE_TAG_SYNTAX", "no_such_filter"),
        ("{% if title %}", "TEMPLATE_TAG_UNPAIRED", "endif"),
        ("{%p for x in items %}", "TEMPLATE_TAG_UNPAIRED", "endfor"),
        ("{%p endfor %}", "TEMPLATE_TAG_UNPAIRED", "for"),
        ("{{ title.__class__.__mro__ }}", "TEMPLATE", ""),
        ("{{ 1 / 0 }}", "TEMPLATE_FAILED", ""),
        ("{% include 'x' %}", "TEMPLATE", ""),
    ],
)
def test_a_wrong_tag_is_explained(line: str, code: str, fact: str) -> None:
    problems = check_template("talk_record", template("第一行", line))
    assert problems
    assert problems[0].code.startswith(code)
    assert fact in problems[0].text.zh and fact in problems[0].text.en
    if code.startswith("TEMPLATE_TAG"):
        assert problems[0].where == "第2段"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0" * 100])
def test_what_is_no_word_file_is_said(content: bytes) -> None:
    (problem,) = check_template("minutes", content or b"x")
    assert problem.code == "DOCX_UNREADABLE"
    assert ".docx" in problem.text.zh


def test_a_zip_that_is_no_word_file_is_said() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    assert [p.code for p in check_template("minutes", file.getvalue())] == ["DOCX_UNREADABLE"]


def test_papers_of_a_scheme_without_their_own_template_are_general() -> None:
    data = {
        "title": "县财政局领导班子综合分析研判报告",
        "sections": [{"heading": "工作需要", "paragraphs": ["缺配局长1名。"]}],
        "office": "县委组织部",
        "date": date(2026, 11, 24),
    }
    printed = paper_docx("analysis_report", data)
    assert printed.problems == ()
    text = words_of(printed.content)
    assert "工作需要" in text and "缺配局长1名。" in text and "2026年11月24日" in text


def test_what_the_pdf_cannot_take_over_is_named() -> None:
    source = docx.Document()
    source.add_paragraph("{{ title }}", style="List Number")
    file = io.BytesIO()
    source.save(file)
    printed = paper_pdf("paper", KINDS["paper"].samples(), file.getvalue())
    assert [p.code for p in printed.problems] == ["PDF_LEFT_OUT"]
    assert "自动编号" in printed.problems[0].text.zh


def test_pictures_in_a_template_are_printed_or_named() -> None:
    for kind, codes in (("PNG", []), ("GIF", ["PDF_LEFT_OUT"])):
        picture = io.BytesIO()
        Image.new("RGB", (40, 40), (200, 0, 0)).save(picture, kind)
        source = docx.Document()
        source.add_paragraph("{{ title }}")
        source.add_picture(picture)
        file = io.BytesIO()
        source.save(file)
        printed = paper_pdf("paper", KINDS["paper"].samples(), file.getvalue())
        assert [p.code for p in printed.problems] == codes
        page = PdfReader(io.BytesIO(printed.content)).pages[0]
        assert len(page.images) == (0 if codes else 1)
