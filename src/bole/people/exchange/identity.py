"""Resident identity numbers (GB 11643): validity, 15 → 18 digits, birth and sex."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bole.engine.errors import Problem
from bole.engine.text import Text

from .dates import PartialDate, make_date, plain_digits

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (81, 83))
    for code in range(first, last + 1)
) | {"71", "91"}
WHERE = "身份证号"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What an identity number says.

    `given` is the text as it stood; `number` is 18 digits when valid (a valid 15-digit number is
    extended), else the tidied text. `birth` and `sex` are set only when it is valid.
    """

    given: str
    number: str
    valid: bool
    birth: PartialDate | None = None
    sex: str | None = None
    extended: bool = False
    problem: Problem | None = None


def check_digit(first_seventeen: str) -> str:
    """The 18th character of a number whose first 17 digits are given (ISO 7064 MOD 11-2)."""
    total = sum(int(d) * w for d, w in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def extend(fifteen: str) -> str:
    """The 18-digit form of a 15-digit number; these were issued to people born in 19xx."""
    seventeen = f"{fifteen[:6]}19{fifteen[6:]}"
    return seventeen + check_digit(seventeen)


def _refused(given: str, tidy: str, code: str, zh: str, en: str, **values: object) -> IdNumber:
    text = Text(zh, en).fill(number=tidy, **values)
    return IdNumber(given, tidy, False, problem=Problem(code, text, WHERE))


@lru_cache(maxsize=4096)
def read_id(text: str) -> IdNumber:
    """Read an identity number; a wrong one is reported and never corrected.

    Blanks, hyphens, full-width digits and a small x are tidied first, for they change nothing.
    """
    tidy = (
        re.sub(r"[\s\-'’‘`]", "", plain_digits(text)).upper().replace("Ｘ", "X").replace("Х", "X")
    )
    if re.fullmatch(r"[0-9]{15}", tidy):
        number, extended = extend(tidy), True
    elif re.fullmatch(r"[0-9]{17}[0-9X]", tidy):
        number, extended = tidy, False
    else:
        return _refused(
            text,
            tidy,
            "ID_FORMAT",
            "“{number}”不是15位或18位身份证号，请核对原件",
            "“{number}” is not an identity number of 15 or 18 digits; check the original",
        )
    birth = make_date(int(number[6:10]), int(number[10:12]), int(number[12:14]) or 99)
    if number[:2] not in _PROVINCES or birth is None:
        return _refused(
            text,
            tidy,
            "ID_REGION_OR_DATE",
            "身份证号{number}的地区码或出生日期不存在，请核对原件",
            "identity number {number} has a region or a birth date that does not exist;"
            " check the original",
        )
    if not extended and check_digit(number[:17]) != number[17]:
        return _refused(
            text,
            tidy,
            "ID_CHECK_DIGIT",
            "身份证号{number}的校验码不对（按前17位应为{right}），未改动，请核对原件",
            "the check digit of identity number {number} is wrong (the first 17 digits ask for"
            " {right}); left as it is, check the original",
            right=check_digit(number[:17]),
        )
    sex = "男" if int(number[16]) % 2 else "女"
    return IdNumber(text, number, True, birth, sex, extended)
