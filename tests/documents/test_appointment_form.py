"""The appointment form: two pages always, the résumé's ladder of sizes, nothing over its cell."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from bole.documents import appointment_form as layout
from bole.documents import pdf
from bole.documents.appointment_docx import resume_paragraphs, to_docx
from bole.documents.appointment_form import (
    AppointmentForm,
    FamilyMember,
    Study,
    from_person_file,
    resume_items,
    to_pdf,
)
from bole.documents.docx_reader import from_docx
from bole.documents.measure import POINTS_PER_MM, line_count
from bole.documents.pdf_writer import docx_to_pdf

PAGE_HEIGHT = 297 * POINTS_PER_MM
SAMPLES = Path(__file__).parent.parent / "samples"


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 400), (90, 120, 160)).save(file, "PNG")
    return file.getvalue()


def resume(lines: int, text: str = "安澜县委办公室科员") -> str:
    return "\n".join(f"{1960 + i}.09--{1961 + i}.07  {text}" for i in range(lines))


FORM = AppointmentForm(
    name="赖　超",
    sex="男",
    birth="1973.08",
    age=53,
    ethnicity="汉族",
    native_place="河北沧州",
    birthplace="河北沧州",
    party_joined="1994.08",
    work_start="1995.07",
    health="健康",
    professional_title="工程师",
    speciality="计算机应用",
    full_time=Study("大学", "工学学士", "聊城大学计算机专业", "聊城大学计算机专业"),
    in_service=Study("研究生", "", "省委党校经济管理专业"),
    present_post="安澜县沙岗镇党委书记",
    proposed_post="安澜县财政局党组书记",
    removed_post="安澜县沙岗镇党委书记",
    resume=resume(10),
    awards="2018年7月被评为安澜县优秀共产党员",
    appraisals="2023年年度考核称职；2024年年度考核优秀；2025年年度考核优秀。",
    reason="工作需要",
    family=(FamilyMember("妻子", "谭　雪", "1975.11", "群众", "安澜县供电公司职工"),),
    reporting_unit="中共安澜县委组织部",
    reporting_date=date(2026, 11, 21),
    filler="王芳",
    picture=picture(),
)


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def drawn(content: bytes, page: int) -> list[tuple[float, float, float, str]]:
    """(x, y from the foot, type size, text) of every piece of text on a page."""
    pieces: list[tuple[float, float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append((x, y, abs(size * tm[0] * cm[0]), text))

    PdfReader(io.BytesIO(content)).pages[page].extract_text(visitor_text=visit)
    return pieces


def resume_fit() -> dict[str, object]:
    return next(fit for fit in pdf.fits("appointment_form") if fit["field"] == "简历")


def check_measures(content: bytes) -> None:
    """Two A4 pages, every fitted text within its cell, every piece of text on the page."""
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    for fit in pdf.fits("appointment_form"):
        assert fit["height"] <= fit["room"] + 0.01, fit
    for number, page in enumerate(reader.pages):
        assert [round(float(v), 1) for v in page.mediabox[2:]] == [595.3, 841.9]
        low = (layout.MARGIN_BOTTOM - 1) * POINTS_PER_MM
        left, right = layout.MARGIN_X * POINTS_PER_MM, (210 - layout.MARGIN_X) * POINTS_PER_MM
        for x, y, _, text in drawn(content, number):
            assert left <= x <= right, text
            assert low <= y <= PAGE_HEIGHT - layout.MARGIN_TOP * POINTS_PER_MM, text


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        (1, 14), (12, 14), (13, 13.5), (18, 13.5), (19, 13), (24, 13), (25, 12.5), (28, 12.5),
        (29, 12), (34, 12), (35, 11.5), (45, 9), (50, 8),
    ],
)  # fmt: skip
def test_the_resume_shrinks_by_its_lines(lines: int, size: float) -> None:
    printed = to_pdf(dataclasses.replace(FORM, resume=resume(lines)))
    fit = resume_fit()
    assert fit["lines"] == lines
    assert (fit["size"] == size) if lines <= 35 else (8 <= fit["size"] <= size)
    assert fit["hidden"] == 0
    assert printed.problems == ()
    # What the page itself says: size and place of the drawn résumé.
    bottom = PAGE_HEIGHT - POINTS_PER_MM * (
        layout.MARGIN_TOP + layout.TITLE_HEIGHT + 4 * layout.ROW + 2 * layout.EDUCATION_ROW
        + 3 * layout.POST_ROW + layout.RESUME
    )  # fmt: skip
    pieces = [p for p in drawn(printed.content, 0) if "科员" in p[3]]
    assert len(pieces) >= 1
    assert min(y for _, y, _, _ in pieces) >= bottom
    assert {round(s, 1) for _, _, s, _ in pieces} == {fit["size"]}


@pytest.mark.parametrize("lines", [0, 1, 52, 80, 150, 400])
@pytest.mark.parametrize("words", [1, 30, 120])
def test_never_overflows_with_extreme_resumes(lines: int, words: int) -> None:
    text = ("安澜县沙岗镇党委委员、副镇长" * 9)[:words]
    printed = to_pdf(dataclasses.replace(FORM, resume=resume(lines, text)))
    check_measures(printed.content)
    hidden = resume_fit()["hidden"]
    cut = [p for p in printed.problems if p.code == "TEXT_CUT"]
    assert bool(hidden) == bool(cut)
    if cut:
        assert str(hidden) in cut[0].text.zh and "简历" in cut[0].text.en
        assert "……" in text_of(printed.content)


def test_more_lines_than_the_floor_holds_run_on_before_anything_is_cut() -> None:
    printed = to_pdf(dataclasses.replace(FORM, resume=resume(70)))
    assert printed.problems == ()
    assert "2029.09--2030.07" in text_of(printed.content).replace("\n", "")
    assert resume_fit()["size"] == layout.RESUME_FLOOR


def test_long_units_many_members_and_rare_characters_stay_in_their_cells() -> None:
    long_unit = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人民政府办公室（外事办公室）" * 3
    form = dataclasses.replace(
        FORM,
        name="阿卜杜热西提·买买提艾力江",
        native_place=long_unit,
        birthplace="A" * 120,
        party_joined="2001.08；民建；1998.03加入中国农工民主党",
        professional_title=long_unit,
        speciality=long_unit,
        full_time=Study("大学" * 20, "学士" * 20, long_unit, long_unit + "二"),
        present_post=long_unit,
        proposed_post=long_unit,
        awards="2011年获县嘉奖。" * 300,
        appraisals="2011年优秀；" * 200,
        reason=long_unit,
        family=tuple(
            FamilyMember("外祖父母", "欧阳龘龘", "1980.01", "中国民主建国会会员", long_unit)
            for _ in range(25)
        ),
        reporting_unit=long_unit,
        approval=long_unit,
        administration=long_unit,
        filler="…" * 90,
        resume=resume(30, "（" * 60 + "…" * 90),
    )
    check_measures(to_pdf(form).content)
    word = to_docx(form)
    assert len(PdfReader(io.BytesIO(docx_to_pdf(word.content).content)).pages) == 2


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",))
    | st.sampled_from("县委，。（）…—·龘㛃䶮𠅤 \n"),
    max_size=300,
)


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a form takes too long to set for shrinking
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    lines=st.lists(st.text("县委办公室主任A0，。（）—…\u3000 ", max_size=150), max_size=90),
    post=texts,
    awards=texts,
    name=texts,
    members=st.integers(0, 30),
)
def test_any_text_is_printed_on_two_pages(
    lines: list[str], post: str, awards: str, name: str, members: int
) -> None:
    form = dataclasses.replace(
        FORM,
        name=name,
        present_post=post,
        awards=awards,
        resume="\n".join(f"2001.01--2002.02 {line}" for line in lines),
        family=(FamilyMember("兄", name, "1980.01", post, awards),) * members,
    )
    check_measures(to_pdf(form).content)
    to_docx(form)


def test_data_is_never_markup() -> None:
    name = '#panic("x") *粗* $x$ <b> {{ }} \\'
    content = to_pdf(dataclasses.replace(FORM, name="王芳", awards=name)).content
    assert name in text_of(content).replace("\u200b", "")


def test_values_are_on_the_form() -> None:
    text = text_of(to_pdf(FORM).content)
    for words in (
        "干 部 任 免 审 批 表",
        "赖\u3000超",
        "1973.08",
        "（53岁）",
        "省委党校经济管理专业",
        "安澜县财政局党组书记",
        "谭\u3000雪",
        "2026年11月21日",
        "填表人：王芳",
    ):
        assert words in text, words
    # The same school twice is printed once.
    assert text.count("聊城大学计算机专业") == 1


def test_rare_name_characters_are_drawn_and_unknown_ones_reported() -> None:
    rare = "龘㛃䶮𠅤𬱖𬍛堃喆犇骉𫍽𬭎㙓㸆"
    printed = to_pdf(dataclasses.replace(FORM, reason=rare))
    assert printed.problems == ()
    assert rare in text_of(printed.content)
    printed = to_pdf(dataclasses.replace(FORM, reason="名\U0003134a"))
    (problem,) = printed.problems
    assert problem.code == "FONT_MISSING"
    assert "U+3134A" in problem.text.zh and "U+3134A" in problem.text.en


def test_the_picture_box_is_36_by_49_mm() -> None:
    page = PdfReader(io.BytesIO(to_pdf(FORM).content)).pages[0]
    (image,) = page.images
    assert image.image is not None
    assert image.image.width * 49 == image.image.height * 36
    document, _ = from_docx(to_docx(FORM).content)
    table = next(b for b in document.blocks if hasattr(b, "widths"))
    pictures = [
        b for row in table.rows for c in row.cells for b in c.content if hasattr(b, "width")
    ]
    assert [(p.width, p.height) for p in pictures] == [(36, 49)]


@pytest.mark.parametrize("broken", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_a_broken_picture_is_named_and_the_form_printed(broken: bytes) -> None:
    form = dataclasses.replace(FORM, picture=broken)
    for printed in (to_pdf(form), to_docx(form)):
        codes = [p.code for p in printed.problems]
        assert codes == (["PICTURE_UNREADABLE"] if broken else [])
        assert printed.content


def test_the_word_file_has_the_same_grid_with_exact_heights() -> None:
    document, problems = from_docx(to_docx(FORM).content)
    assert problems == ()
    first, second = (b for b in document.blocks if hasattr(b, "widths"))
    assert all(row.exact for table in (first, second) for row in table.rows)
    assert sum(first.widths) == pytest.approx(layout.WIDTH, abs=0.2)
    first_page = layout.TITLE_HEIGHT + sum(row.height or 0 for row in first.rows)
    second_page = sum(row.height or 0 for row in second.rows) + layout.FOOTER
    room = 297 - layout.MARGIN_TOP - layout.MARGIN_BOTTOM
    assert first_page <= room and second_page <= room


@pytest.mark.parametrize(
    ("lines", "size"), [(12, 14), (18, 13.5), (24, 13), (28, 12.5), (34, 12), (35, 11.5)]
)
def test_the_word_file_has_the_same_ladder(lines: int, size: float) -> None:
    width = (layout.WIDTH - layout.SIDE - 2) * POINTS_PER_MM
    height = (layout.RESUME - 2 * layout.RESUME_INSET) * POINTS_PER_MM
    paragraphs, hidden = resume_paragraphs(resume(lines), width, height)
    assert {p.size for p in paragraphs} == {size}
    assert hidden == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("县委A0，。（）—… ", min_size=1, max_size=200), max_size=120))
def test_the_word_resume_fits_by_the_safe_count(lines: list[str]) -> None:
    width = (layout.WIDTH - layout.SIDE - 2) * POINTS_PER_MM
    height = (layout.RESUME - 2 * layout.RESUME_INSET) * POINTS_PER_MM
    text = "\n".join(f"2001.01--2002.02 {line}" for line in lines)
    paragraphs, _ = resume_paragraphs(text, width, height)
    used = sum(
        (p.line or 0) * line_count(p.plain, p.size, width - p.left_indent * p.size)
        for p in paragraphs
    )
    assert used <= height + 0.01


def test_resume_lines_are_split_into_period_and_text() -> None:
    items = resume_items(
        "1991.09--1995.07  聊城大学学习\r\n2001.08—2003.07 科员\n2003.07－－2004.01科长\n"
        "2004.01至2005.02 主任\n（其间：2004.03--2004.07 培训）\n2005.02--         书记\n\n"
        "2006.01-至今 县长"
    )
    assert [(i.period, i.text) for i in items] == [
        ("1991.09--1995.07", "聊城大学学习"),
        ("2001.08--2003.07", "科员"),
        ("2003.07--2004.01", "科长"),
        ("2004.01--2005.02", "主任"),
        ("", "（其间：2004.03--2004.07 培训）"),
        ("2005.02--", "书记"),
        ("2006.01--至今", "县长"),
    ]


def test_a_file_that_was_read_is_printed() -> None:
    lrmx = pytest.importorskip("bole.people.exchange.lrmx")
    path = sorted(SAMPLES.glob("*.lrmx"))[0]
    form = from_person_file(lrmx.read_lrmx(path.read_bytes()))
    assert form.name.replace("\u3000", "") == "赖超"
    assert (form.birth, form.age, form.party_joined) == ("1973.08", 53, "1994.08")
    assert form.family[0] == FamilyMember("妻子", "谭雪", "1975.11", "群众", "安澜县供电公司职工")
    text = text_of(to_pdf(form).content)
    assert "2023.10--" in text and "安澜县沙岗镇党委书记" in text
