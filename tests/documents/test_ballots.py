"""Ballots, count sheets and rolls: what stands on them, on which page, as pdf and docx."""

from __future__ import annotations

import io

import docx
import pytest
from pypdf import PdfReader

from bole.documents.ballots import (
    BallotPaper,
    Question,
    RunOfBallots,
    ballots,
    column_widths,
    numbers,
    paper_of,
)
from bole.documents.blocks import Document, Table
from bole.documents.docx_writer import to_docx
from bole.documents.meeting_sheets import RollMember, count_sheet, roll
from bole.documents.pdf_writer import to_pdf
from bole.engine.instruments.forms import InstrumentForm

PERSONS = tuple((f"人选{i}", f"安澜县某某局党组成员、副局长{i}") for i in range(30))


def pages(document: Document) -> list[str]:
    printed = to_pdf(document)
    assert printed.problems == ()
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages]


def word_cells(document: Document) -> list[str]:
    source = docx.Document(io.BytesIO(to_docx(document)))
    return [c.text for t in source.tables for r in t.rows for c in r.cells]


def nominate(rows: tuple[tuple[str, ...], ...] = PERSONS) -> BallotPaper:
    question = Question("nominate", "县财政局局长", rows=rows, max_picks=2, blank_rows=2)
    return BallotPaper("会议推荐票", (question,), notes=("请独立填写。",), stamp="推荐单位（盖章）")


def test_every_page_of_a_ballot_carries_its_number_class_and_heads() -> None:
    document = ballots([RunOfBallots(nominate(), numbers(1, 3, prefix="A-"), "县级领导")])
    texts = pages(document)
    assert len(texts) % 3 == 0 and len(texts) >= 6
    each = len(texts) // 3
    for i in range(3):
        for text in texts[i * each : (i + 1) * each]:
            assert f"编号：A-000{i + 1}" in text
            assert "县级领导" in text and "至多推荐 2 名" in text and "现任职务" in text
        whole = "".join(texts[i * each : (i + 1) * each])
        assert all(name in whole for name, _ in PERSONS)
        assert whole.count("□") == len(PERSONS) + 2
        assert "推荐单位（盖章）" in whole and "请独立填写。" in whole


def test_the_word_ballots_have_repeated_heads_and_rows_that_stay_whole() -> None:
    document = ballots([RunOfBallots(nominate(), numbers(8, 2))])
    content = to_docx(document)
    source = docx.Document(io.BytesIO(content))
    table = source.tables[0]
    xml = [row._tr.xml for row in table.rows]
    assert all("w:tblHeader" in x for x in xml[:3]) and "w:tblHeader" not in xml[3]
    assert all("w:cantSplit" in x for x in xml)
    texts = [t.rows[0].cells[0].text for t in source.tables if len(t.rows) > 3]
    assert texts == ["编号：0008", "编号：0009"]


def test_forms_of_several_kinds_in_one_run() -> None:
    decision = BallotPaper(
        "讨论决定表决票",
        (
            Question(
                "marks",
                columns=("姓名", "现任职务", "拟任职务"),
                rows=(("王芳", "副局长", "局长"),),
                options=("同意", "不同意", "缓议"),
                reason=True,
            ),
        ),
    )
    assessment = BallotPaper(
        "民主测评表",
        (
            Question("marks", rows=PERSONS[:2], options=("优秀", "称职", "基本称职", "不称职")),
            Question("points", rows=PERSONS[:2], options=("德（0–20分）", "能（0–20分）")),
            Question("ticks", "突出问题", options=("作风不实", "方法不多")),
            Question("text", "意见建议", blank_rows=4),
        ),
        signed=True,
    )
    texts = pages(ballots([RunOfBallots(decision, ["1"]), RunOfBallots(assessment, ["2"])]))
    assert len(texts) == 2
    assert texts[0].count("□") == 3 and "缓议" in texts[0] and "理由" in texts[0]
    assert texts[1].count("□") == 2 * 4 + 2 and "投票人签名" in texts[1]
    assert "投票人签名" not in texts[0]


def test_no_ballots_is_refused() -> None:
    with pytest.raises(ValueError, match="no ballots"):
        ballots([])


def test_numbers_run_on() -> None:
    assert numbers(9, 3, prefix="B", digits=3) == ["B009", "B010", "B011"]


def test_a_count_sheet_has_the_reconciliation_and_a_place_for_each_count() -> None:
    sheet = count_sheet(nominate(PERSONS[:3]), meeting="推荐会", entry="第一次录入")
    (text,) = pages(sheet)
    for words in (
        "第一次录入",
        "发出＝收回＋未交回",
        "收回＝有效＋无效",
        "人选2",
        "计票人",
        "监票人",
    ):
        assert words in text
    assert "人选0" in word_cells(sheet)


def test_a_roll_counts_those_due_and_repeats_its_head() -> None:
    members = [RollMember(f"代表{i}", "县委办公室", "副主任", "A类") for i in range(60)]
    document = roll("会议推荐签到册", members, about="2026年11月24日")
    texts = pages(document)
    assert len(texts) >= 2
    assert all("签到" in text and "类别" in text for text in texts)
    assert "应到 60 人" in texts[-1]
    assert "应到 61 人" in pages(roll("签到册", members, due=61))[-1]
    assert "类别" not in pages(roll("签到册", [RollMember("王芳")]))[0]


@pytest.mark.parametrize("count", [1, 3, 8])
def test_column_widths_add_up_and_are_never_too_small(count: int) -> None:
    heads = [f"标题{i}" for i in range(count)]
    rows = [["短", *["很长很长的内容" * 9] * (count - 1)]] * 3
    widths = column_widths(heads, rows, 150)
    assert sum(widths) == pytest.approx(150)
    assert all(width > 8 for width in widths)


FORMS = [
    {
        "id": "n",
        "title": {"zh": "推荐票", "en": "ballot"},
        "anonymous": True,
        "over_pick": "void_category",
        "items": [
            {
                "id": "posts",
                "kind": "nominate",
                "categories": [
                    {"id": "c", "text": {"zh": "正职", "en": "chief"}, "max_picks": 1},
                    {"id": "d", "text": {"zh": "副职", "en": "deputy"}, "max_picks": "posts"},
                ],
            }
        ],
    },
    {
        "id": "a",
        "title": {"zh": "表决票", "en": "vote"},
        "anonymous": False,
        "items": [{"id": "v", "kind": "agree", "text": {"zh": "是否同意", "en": "agree?"}}],
    },
    {
        "id": "r",
        "title": {"zh": "反向测评表", "en": "reverse form"},
        "items": [
            {"id": "x", "kind": "reverse", "text": {"zh": "党的观念淡薄", "en": "weak"}},
            {"id": "y", "kind": "reverse", "text": {"zh": "散布谣言", "en": "rumours"}},
            {"id": "t", "kind": "text", "text": {"zh": "其他", "en": "other"}},
        ],
    },
    {
        "id": "p",
        "title": {"zh": "量化测评表", "en": "points"},
        "items": [
            {"id": "x", "kind": "points", "text": {"zh": "党性修养", "en": "a"}, "max_points": 10},
            {"id": "y", "kind": "points", "text": {"zh": "政策水平", "en": "b"}, "max_points": 15},
        ],
    },
]


def test_instrument_forms_of_every_kind_are_printed() -> None:
    made = [paper_of(InstrumentForm.model_validate(f), PERSONS[:2], posts=3) for f in FORMS]
    nomination, vote, reverse, points = made
    assert [(q.title, q.max_picks) for q in nomination.questions] == [("正职", 1), ("副职", 3)]
    assert "该类无效" in nomination.notes[0]
    assert vote.signed and vote.questions[0].options == ("同意", "不同意", "弃权")
    assert [q.kind for q in reverse.questions] == ["text", "marks", "marks"]
    assert reverse.questions[1].rows == (("党的观念淡薄",), ("散布谣言",))
    assert reverse.questions[1].options == ("不存在", "一定程度存在", "存在", "不了解")
    assert points.questions[0].options == ("党性修养（0–10分）", "政策水平（0–15分）")
    text = "".join(pages(ballots([RunOfBallots(paper, ["1"]) for paper in made])))
    assert "人选0" in text and "散布谣言" in text and "量化测评表" in text
    english = paper_of(InstrumentForm.model_validate(FORMS[1]), PERSONS[:1], language="en")
    assert english.questions[0].options == ("agree", "disagree", "abstain")


def test_ballots_and_sheets_are_printed_in_english_too() -> None:
    forms = [InstrumentForm.model_validate(form) for form in FORMS]
    papers = [paper_of(f, [("Wang Fang", "deputy")], posts=2, language="en") for f in forms]
    documents = [
        ballots([RunOfBallots(paper, ["1"], "leaders") for paper in papers]),
        *(count_sheet(p, meeting="Meeting", entry="first", electorate_class="A") for p in papers),
        roll("Roll", [RollMember("Wang Fang", electorate_class="A")], language="en"),
    ]
    for document in documents:
        text = "".join(pages(document)).replace("\uff3f", "")
        assert not [c for c in text if "\u4e00" <= c <= "\u9fff"], text


def test_a_form_whose_options_are_still_open_can_be_looked_at() -> None:
    form = InstrumentForm.model_validate({"id": "o", "items": [{"id": "g", "kind": "grade"}]})
    paper = paper_of(form, PERSONS[:2])
    assert "人选1" in pages(ballots([RunOfBallots(paper, ["1"])]))[0]
    assert pages(count_sheet(paper, meeting="会", entry="一"))


def test_the_same_blocks_are_written_for_word_and_pdf() -> None:
    document = ballots([RunOfBallots(nominate(PERSONS[:4]), ["7"])])
    (text,) = pages(document)
    assert all(cell.replace(" ", "") in text.replace("\n", "").replace(" ", "")
               for cell in word_cells(document) if cell)  # fmt: skip
    assert any(isinstance(block, Table) for block in document.blocks)
