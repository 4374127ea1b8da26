"""Reading .lrm, the appointment form 2.0: quoted texts in GB18030, its picture beside it."""

from __future__ import annotations

import codecs
import re
from itertools import zip_longest

from lxml import etree

from bole.engine.errors import Problem
from bole.engine.text import Text

from .assemble import LABELS, add_post_grade, assemble, read_family_row
from .dates import parse_date
from .lrmx import MOST_BYTES, refuse, refuse_kind, sniff
from .pictures import check_picture
from .posts import UnitNames
from .record import PersonFile, UnknownTag
from .words import clean, read_sex

FIELDS = 33
_PLACES = {
    0: "XingMing",
    1: "XingBie",
    2: "ChuShengNianYue",
    3: "MinZu",
    4: "JiGuan",
    5: "RuDangShiJian",
    6: "JianKangZhuangKuang",
    7: "ChuShengDi",
    8: "CanJiaGongZuoShiJian",
    11: "ZhuanYeJiShuZhiWu",
    16: "ShuXiZhuanYeYouHeZhuanChang",
    17: "JianLi",
    18: "JiangChengQingKuang",
    19: "NianDuKaoHeJieGuo",
    25: "XianRenZhiWu",
    26: "NiRenZhiWu",
    27: "NiMianZhiWu",
    28: "RenMianLiYou",
    29: "ChengBaoDanWei",
    30: "JiSuanNianLingShiJian",
    31: "TianBiaoRen",
    32: "TianBiaoShiJian",
}
_EDUCATION, _SCHOOLS = 9, 10
_FAMILY = range(20, 25)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _decode(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "gb18030"
        try:
            as_utf8 = data.decode("utf-8")
        except UnicodeDecodeError:
            as_utf8 = ""
        # GB18030 text is almost never valid UTF-8; Chinese that is, was saved in the wrong one.
        if re.search(r"[\u4e00-\u9fff]", as_utf8):
            raise refuse(
                "WRONG_ENCODING",
                "编码不对：.lrm 应为 GB18030，这个文件是 UTF-8；请用任免表软件重新导出",
                "wrong encoding: an .lrm is GB18030, this file is UTF-8; export the form again",
            )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(
            "WRONG_ENCODING",
            "编码不对：.lrm 应为 GB18030，第{at}字节起不是；请用任免表软件重新导出",
            "wrong encoding: an .lrm is GB18030, this file is not from byte {at} on;"
            " export the form again",
            at=error.start + 1,
        ) from None


def _split(text: str) -> list[str]:
    """The record's fields, or a refusal that says how many are there."""
    whole = text.strip("\x00\x1a \t\r\n")
    fields = whole[1:-1].split('","') if len(whole) >= 2 else []
    if not whole.endswith('"') or len(fields) < FIELDS:
        raise refuse(
            "FILE_TRUNCATED",
            "文件不完整：应有{want}项，只有{have}项；可能传输中断，请重新导出或重新拷贝",
            "the file is cut off: it should have {want} fields and has {have}; export or copy it"
            " again",
            want=FIELDS,
            have=len(fields),
        )
    return fields


def _pairs(text: str) -> list[list[str]]:
    """ "大学#学士@大专#" → [[大学, 学士], [大专, ""]]: full-time, then in-service."""
    halves = (text.split("@") + ["", ""])[:2]
    return [(half.split("#") + ["", ""])[:2] for half in halves]


def _check_shift(fields: list[str], person: PersonFile) -> None:
    """Flag a record in which a text that holds `","` has moved the later fields."""
    sex, age_date, fill_date = clean(fields[1]), clean(fields[30]), clean(fields[32])
    shifted = (sex and not read_sex(sex)) or any(
        text and parse_date(text) is None for text in (age_date, fill_date)
    )
    if len(fields) > FIELDS and (shifted or any(clean(f) for f in fields[FIELDS:])):
        person.problems.append(
            Problem(
                "LRM_FIELDS",
                Text(
                    '有{have}项，应为{want}项，某项文字里可能含有 ","，各项可能错位，请核对',
                    'it has {have} fields instead of {want}; some text may hold "," and later'
                    " fields may be shifted, please check",
                ).fill(have=len(fields), want=FIELDS),
            )
        )


def read_lrm(
    data: bytes,
    file: str = "",
    picture: bytes | None = None,
    units: UnitNames | None = None,
) -> PersonFile:
    """Read one .lrm form; `picture` is the .pic or .jpg that lies beside it.

    Raises `BoleError` if nothing can be read: empty or too large, wrong encoding, cut off,
    another kind of file.
    """
    if len(data) > MOST_BYTES:
        raise refuse(
            "FILE_TOO_LARGE",
            "文件有 {size} MB，超过 {limit} MB 的上限，不予读取",
            "the file has {size} MB, more than the limit of {limit} MB, and is refused",
            size=f"{len(data) / 1_048_576:.1f}",
            limit=MOST_BYTES // 1_048_576,
        )
    kind = sniff(data)
    if kind not in ("lrm", "unknown") and not data.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        raise refuse_kind(kind, ".lrm")
    text = _decode(data)
    if not text.strip().startswith('"'):
        raise refuse_kind("unknown", ".lrm")
    control = _CONTROL.search(text.strip("\x00\x1a \t\r\n")) is not None
    fields = [_CONTROL.sub(" ", part) for part in _split(text)]
    texts = {tag: fields[i] for i, tag in _PLACES.items()}
    schools = _pairs(fields[_SCHOOLS])
    for i, prefix in enumerate(("QuanRiZhiJiaoYu", "ZaiZhiJiaoYu")):
        level, degree = _pairs(fields[_EDUCATION])[i]
        texts[f"{prefix}_XueLi"], texts[f"{prefix}_XueWei"] = level, degree
        texts[f"{prefix}_XueLi_BiYeYuanXiaoXi"] = schools[i][0]
        texts[f"{prefix}_XueWei_BiYeYuanXiaoXi"] = schools[i][1]
    columns = [fields[i].split("@") for i in _FAMILY]
    family = [
        row
        for parts in zip_longest(*columns, fillvalue="")
        if (row := read_family_row(list(parts))) is not None
    ]
    person = assemble(texts, family, "lrm", units)
    person.file = file
    # Every row has a relation and a name; politics or unit may be blank, but never beyond them.
    rows = [
        max((i for i, text in enumerate(column, start=1) if clean(text)), default=0)
        for column in columns
    ]
    if rows[0] != rows[1] or max(rows) > rows[0]:
        person.flag(
            "FAMILY_COLUMNS",
            Text(
                "家庭成员各列的行数不一致（{counts}），可能错行，请核对",
                "the family columns differ in length ({counts}); rows may be mixed up,"
                " please check",
            ).fill(counts="、".join(map(str, rows))),
            LABELS["JiaTingChengYuan"],
        )
    if control:
        person.flag(
            "CONTROL_CHARACTERS",
            Text(
                "文件里有不可见的控制字符，已换成空格",
                "the file holds control characters; they were replaced by blanks",
            ),
            "",
        )
    for i, text_ in enumerate(fields):
        if i not in _PLACES and i not in (_EDUCATION, _SCHOOLS, *_FAMILY) and clean(text_):
            element = etree.Element("LrmField", index=str(i))
            element.text = text_
            xml = etree.tostring(element, encoding="unicode")
            person.unknown_tags.append(UnknownTag("LrmField", xml))
    _check_shift(fields, person)
    _take_picture(picture, person)
    add_post_grade(person)
    return person


def _take_picture(picture: bytes | None, person: PersonFile) -> None:
    if picture is None:
        return
    checked = check_picture(picture)
    if isinstance(checked, Problem):
        person.problems.append(checked)
    else:
        person.picture, person.picture_kind = picture, checked
