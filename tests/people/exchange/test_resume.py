"""Résumés as offices write them."""

from __future__ import annotations

import pytest

from bole.people.exchange import PartialDate, compose_resume, read_resume
from bole.people.exchange.resume import LONGEST_RESUME, settle_modes

from .build import codes


def spans(text: str) -> list[str]:
    reading = read_resume(text)
    return [f"{r.start}-{r.end or ''} {r.unit}|{r.title}" for r in reading.posts]


@pytest.mark.parametrize(
    "separator",
    [
        "--",
        "-",
        "—",
        "——",
        "－－",
        "－",
        "–",
        "~",
        "～",
        "至",
        " - ",
        "-- ",
        " —— ",
        "到",
        "―",
        "─",
    ],
)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1995.07", "1999.08"),
        ("199507", "199908"),
        ("1995年7月", "1999年8月"),
        ("1995年07月", "1999年08月"),
        ("1995/7", "1999/8"),
        ("1995-07", "1999-08"),
        ("1995.7", "1999.8"),
        ("１９９５．０７", "１９９９．０８"),
        ("1995．07", "1999．08"),
    ],
)
def test_ranges(first: str, second: str, separator: str) -> None:
    line = f"{first}{separator}{second}  安澜县委宣传部科员"
    assert spans(line) == ["1995.07-1999.08 安澜县委宣传部|科员"]


@pytest.mark.parametrize(
    "end",
    [
        "--         ",
        "-- 至今 ",
        "--现在 ",
        "至今  ",
        "—今 ",
        "－－\u3000\u3000\u3000",
        "起任",
        "--至今任",
        "--\t",
    ],
)
def test_an_open_end_is_the_present_post(end: str) -> None:
    reading = read_resume(f"1995.07--2023.10 安澜县委宣传部科员\n2023.10{end}安澜县沙岗镇党委书记")
    assert reading.posts[-1].current and reading.posts[-1].end is None
    assert (reading.posts[-1].unit, reading.posts[-1].title) == ("安澜县沙岗镇", "党委书记")
    assert reading.flags == [] and not reading.posts[0].current


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n", "\r\n  \r\n", "\u2028"])
def test_line_ends(newline: str) -> None:
    text = newline.join(["1995.07--1999.08 安澜县财政局科员", "1999.08-- 安澜县财政局副局长"])
    assert len(read_resume(text).posts) == 2


def test_a_line_without_a_date_continues_the_one_before() -> None:
    assert spans("1995.07--1999.08 安澜县住房和城\n                  乡建设局科员\n") == [
        "1995.07-1999.08 安澜县住房和城乡建设局|科员"
    ]


@pytest.mark.parametrize(
    "nested",
    [
        "（其间：2003.07--2006.05在济南大学土木工程专业大学学习）",
        "(其间:2003.07-2006.05 在济南大学土木工程专业大学学习)",
        "\n      （其间：2003.07--2006.05在济南大学土木工程专业大学学习）",
        "\r\n（期间，2003年7月至2006年5月在济南大学土木工程专业大学学习）",
        "（2003.07--2006.05在济南大学土木工程专业大学学习）",
        "\n其间：2003.07--2006.05在济南大学土木工程专业大学学习",
        "【其间：2003.07--2006.05在济南大学土木工程专业大学学习；】",
        "（其间：\n   2003.07--2006.05在济南大学土木工程专业大学学习）",
    ],
)
def test_a_nested_study(nested: str) -> None:
    reading = read_resume(f"2000.07--2009.03 安澜县信访局科员{nested}\n2009.03-- 安澜县信访局局长")
    assert reading.flags == []
    assert [(r.unit, r.title) for r in reading.posts] == [
        ("安澜县信访局", "科员"),
        ("安澜县信访局", "局长"),
    ]
    (study,) = reading.studies
    assert (study.school, study.major, study.level) == ("济南大学", "土木工程", "本科")
    assert (study.start, study.end) == (PartialDate(2003, 7), PartialDate(2006, 5))
    assert study.nested and study.mode == "in_service"


@pytest.mark.parametrize("mark", ["；", ";", "；\n      ", "。", "，"])
def test_several_nested_items(mark: str) -> None:
    reading = read_resume(
        "2000.07--2009.03 安澜县信访局科员\n"
        f"   （其间：2003.07--2006.05在济南大学土木工程专业大学学习{mark}"
        "2007.03--2008.03挂职任安澜县石桥镇镇长助理）\n2009.03-- 安澜县信访局局长"
    )
    assert [s.school for s in reading.studies] == ["济南大学"]
    nested = reading.posts[1]
    assert (nested.unit, nested.title, nested.note, nested.nested) == (
        "安澜县石桥镇",
        "镇长助理",
        "挂职",
        True,
    )
    assert reading.flags == []


def test_several_items_on_one_line() -> None:
    assert spans(
        "1995年7月至1999年8月任安澜县财政局科员；1999年8月至2003年10月任安澜县财政局办公室主任；"
        "2003年10月起任安澜县财政局副局长"
    ) == [
        "1995.07-1999.08 安澜县财政局|科员",
        "1999.08-2003.10 安澜县财政局|办公室主任",
        "2003.10- 安澜县财政局|副局长",
    ]


def test_hand_escapes() -> None:
    reading = read_resume("2000.07--2009.03 安澜县信访局科员（&1lt;试用&1gt;）")
    assert reading.posts[0].note == "<试用>"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1995.13--1999.08 安澜县财政局科员", "RESUME_UNREAD"),
        ("1995.07--1999.13 安澜县财政局科员", "RESUME_UNREAD"),
        ("1995.07 参加工作", "RESUME_UNREAD"),
        ("1995年在安澜县财政局", "RESUME_UNREAD"),
        ("1995.07 安澜县财政局科员", "RESUME_NO_END"),
        ("1999.08--1995.07 安澜县财政局科员", "RESUME_END_BEFORE_START"),
        ("1995.07-- 安澜县财政局科员\n1999.08--2003.10 安澜县财政局局长", "RESUME_OPEN_NOT_LAST"),
        ("1995.07--1999.08", "RESUME_EMPTY"),
        ("1995.07--1999.08 待业", "POST_NOT_SPLIT"),
        (
            "1995.07--1999.08 安澜县财政局科员（其间：1996.03--1996.05在省委党校学习",
            "RESUME_BRACKET",
        ),
        ("1995.07--1999.08 安澜县财政局科员（其间：任团支部书记）", "RESUME_NESTED_UNREAD"),
        ("无", "RESUME_UNREAD"),
    ],
)
def test_what_is_not_certain_is_flagged_and_kept(text: str, code: str) -> None:
    reading = read_resume(text)
    assert code in codes(reading.flags)
    kept = "".join(
        [*reading.unread, *(r.text for r in reading.posts), *(s.text for s in reading.studies)]
    )
    for piece in ("财政局", "待业", "参加工作", "党校", "团支部书记"):
        assert (piece in text) == (piece in kept)


def test_an_endless_resume_is_kept_and_not_parsed() -> None:
    reading = read_resume("1995.07--1999.08 安澜县财政局科员\n" * 3000)
    assert codes(reading.flags) == ["RESUME_TOO_LONG"] and not reading.posts
    assert len(reading.unread[0]) > LONGEST_RESUME


@pytest.mark.parametrize("hostile", ["（" * 50_000, "1995.07--" * 6_000, "其间：" * 15_000])
def test_hostile_resumes_end_quickly(hostile: str) -> None:
    read_resume(hostile)


def test_study_modes() -> None:
    studies = read_resume(
        "1991.09--1995.07 聊城大学法学专业学习\n1998.09--2001.07 山东大学会计学专业学习\n"
        "2002.09--2004.07 省委党校经济管理专业函授学习"
    ).studies
    settled = settle_modes(studies, PartialDate(1995, 7))
    assert [s.mode for s in settled] == ["full_time", None, "in_service"]


def test_back_to_text() -> None:
    text = (
        "1991.09--1995.07  聊城大学法学专业学习\n"
        "1995.07--1999.08  安澜县委宣传部科员\n"
        "                  （其间：1996.03--1998.07在济南大学土木工程专业大学学习；"
        "1998.08--1999.01 安澜县石桥镇镇长助理）\n"
        "1999.08--         安澜县委宣传部副部长"
    )
    reading = read_resume(text)
    assert compose_resume(reading.posts, reading.studies) == text
