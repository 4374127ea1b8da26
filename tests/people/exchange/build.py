"""Making files for the tests: forms from a few texts, rosters from rows of cells."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from PIL import Image

ID_NUMBER = "371122197308251958"

FORM = {
    "XingMing": "赖\u3000超",
    "XingBie": "男",
    "ChuShengNianYue": "1973.08",
    "MinZu": "汉",
    "JiGuan": "河北沧州",
    "RuDangShiJian": "1994.08",
    "CanJiaGongZuoShiJian": "1995.07",
    "JianKangZhuangKuang": "健康",
    "XianRenZhiWu": "安澜县沙岗镇党委书记",
    "JianLi": "1995.07--2023.10  安澜县委宣传部科员\n2023.10--         安澜县沙岗镇党委书记",
    "JiSuanNianLingShiJian": "20261121",
    "TianBiaoShiJian": "20261121",
    "ShenFenZheng": ID_NUMBER,
    "Version": "3.2.1.6",
}


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 42)) -> bytes:
    """A small picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (120, 30, 30)).save(buffer, kind)
    return buffer.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def form(*, extra: str = "", family: str = "", **texts: str | None) -> bytes:
    """An .lrmx form: FORM with `texts` over it (None drops a tag) and `extra` XML at the end."""
    tags = {**FORM, **texts}
    body = "".join(
        f"<{tag}>{escape(text)}</{tag}>" for tag, text in tags.items() if text is not None
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Person>{body}'
        f"<JiaTingChengYuan>{family}</JiaTingChengYuan>{extra}</Person>"
    ).encode()


def item(relation: str, name: str, birth: str = "", politics: str = "", employer: str = "") -> str:
    """One family Item."""
    return (
        f"<Item><ChengWei>{relation}</ChengWei><XingMing>{name}</XingMing>"
        f"<ChuShengRiQi>{birth}</ChuShengRiQi><ZhengZhiMianMao>{politics}</ZhengZhiMianMao>"
        f"<GongZuoDanWeiJiZhiWu>{employer}</GongZuoDanWeiJiZhiWu></Item>"
    )


def lrm(fields: dict[int, str], encoding: str = "gb18030", count: int = 33) -> bytes:
    """An .lrm record of `count` fields."""
    texts = [fields.get(i, "") for i in range(count)]
    return ('"' + '","'.join(texts) + '"').encode(encoding)


LRM = {
    0: "刘健飞",
    1: "男",
    2: "199704",
    3: "汉族",
    4: "山东齐河",
    8: "201907",
    9: "大学#学士@#",
    10: "山东财经大学会计学专业#山东财经大学会计学专业@#",
    17: "2015.09—2019.07  山东财经大学会计学专业学习\n2019.07—  安澜县财政局科员",
    25: "安澜县财政局科员",
    30: "20261121",
    32: "20261121",
}

HEADER = ["序号", "姓 名", "性别", "出生\n年月", "参加工作\n时间", "工作单位及职务", "身份证号"]


def roster(
    rows: Sequence[Sequence[Any]],
    header: Sequence[Any] = HEADER,
    title: str = "干部名册",
    subtitle: str | None = "（截至2026年11月）",
    formats: dict[str, str] | None = None,
    merges: Sequence[str] = (),
) -> bytes:
    """A roster workbook of one sheet: title, perhaps a second line, header, rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append([title])
    if subtitle:
        sheet.append([subtitle])
    if header:
        sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    for place in merges:
        sheet.merge_cells(place)
    return save(book)


def save(book: openpyxl.Workbook) -> bytes:
    """A workbook as bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def codes(problems: Sequence[Any]) -> list[str]:
    """The codes of problems or flags, in order."""
    return [problem.code for problem in problems]
