"""Slips to cut: one code each, in the order given, nothing else that tells them apart."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from bole.documents.slips import PER_SHEET, Slip, grouped, qr_svg, slips


def made(count: int, electorate_class: str = "") -> list[Slip]:
    return [
        Slip(f"ABCD{i:08d}", f"http://10.1.1.5:8000/vote/#{i:020d}", electorate_class)
        for i in range(count)
    ]


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (10, 1), (11, 2), (95, 10)])
def test_ten_slips_a_sheet_in_the_order_given(count: int, sheets: int) -> None:
    printed = slips("安澜县民主推荐会议", made(count), address="http://10.1.1.5:8000/vote")
    assert printed.problems == ()
    pages = PdfReader(io.BytesIO(printed.content)).pages
    assert len(pages) == sheets
    found: list[str] = []
    for page in pages:
        text = page.extract_text()
        on_page = [s for s in made(count) if grouped(s.code) in text]
        assert len(on_page) <= PER_SHEET
        found += [s.code for s in sorted(on_page, key=lambda s: text.index(grouped(s.code)))]
    assert found == [s.code for s in made(count)]


def test_a_slip_says_what_to_do_in_both_languages() -> None:
    printed = slips("会议" * 40, made(1, "县级领导"), address="http://10.1.1.5:8000/vote")
    text = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text().replace("\n", "")
    for words in (
        "类别：县级领导",
        "ABCD-0000-0000",
        "扫描二维码",
        "One code, one ballot",
        "/vote",
    ):
        assert words in text
    # The address of the single code is in the picture only: it is never printed as text.
    assert "00000000000000000000" not in text


def test_codes_keep_their_own_hyphens() -> None:
    assert grouped("ABCDEFGHJK") == "ABCD-EFGH-JK"
    assert grouped("AB-CDEFGH") == "AB-CDEFGH"


def test_a_qr_code_is_a_picture_of_its_own() -> None:
    assert qr_svg("http://a/1") != qr_svg("http://a/2")
    assert qr_svg("http://a/1").startswith("<svg")


def test_double_codes_and_no_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="two slips"):
        slips("x", made(1) * 2)
    with pytest.raises(ValueError, match="no slips"):
        slips("x", [])
