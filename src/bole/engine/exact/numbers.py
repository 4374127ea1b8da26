"""Exact numbers for counts, shares and scores; rounding only for display or where named."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

Number = int | Decimal | Fraction | str
_FORM = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?)|([%％‰])|(成))?\s*$")


def exact(value: Any) -> Fraction:
    """A number of a file or form as an exact fraction.

    Reads integers, decimals, `"1/4"`, `"30%"`, `"5‰"` and `"8成"`. A float is read as it was
    written (0.3 is three tenths). Raises `BoleError` (NUMBER) for anything else.
    """
    if isinstance(value, bool):
        raise _not_a_number(value)
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, (float, Decimal)):
        if not Decimal(str(value)).is_finite():
            raise _not_a_number(value)
        return Fraction(str(value))
    match = _FORM.match(value) if isinstance(value, str) else None
    if match is None:
        raise _not_a_number(value)
    number, below, mark, tenths = match.groups()
    if below is not None and not Fraction(below):
        raise _not_a_number(value)
    divisor = Fraction(below or {"%": 100, "％": 100, "‰": 1000}.get(mark or "", 1))
    return Fraction(number) / divisor / (10 if tenths else 1)


def _not_a_number(value: Any) -> BoleError:
    return BoleError(
        Problem(
            "NUMBER",
            Text(
                "“{value}”不是可精确计算的数（可写 3、74.5、1/4、30%）",
                '"{value}" is not a number that can be counted exactly (write 3, 74.5, 1/4 or 30%)',
            ).fill(value=value),
        )
    )


def _quantity(value: Any) -> Any:
    if isinstance(value, float):
        value = Decimal(str(value))
    try:
        exact(value)
    except BoleError as error:
        said = error.problems[0].text
        raise ValueError(f"{said.zh} / {said.en}") from None
    return value


Quantity = Annotated[
    int | Decimal | Fraction | str,
    BeforeValidator(_quantity),
    PlainSerializer(lambda v: v if isinstance(v, int) else str(v), return_type=int | str),
]
"""A pydantic field that keeps a number as its author wrote it; `exact()` gives its value."""


class Rounding(StrEnum):
    """How a rule that asks for rounding rounds. Nothing rounds unless a rule names it."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


def rounded(value: Fraction, places: int, how: Rounding = Rounding.HALF_UP) -> Fraction:
    """`value` rounded to `places` decimals, away from zero for HALF_UP and UP, exactly."""
    scale = 10**places
    magnitude = abs(value) * scale
    whole, rest = divmod(magnitude.numerator, magnitude.denominator)
    twice = 2 * rest
    up = {
        Rounding.HALF_UP: twice >= magnitude.denominator,
        Rounding.HALF_EVEN: twice > magnitude.denominator
        or (twice == magnitude.denominator and whole % 2 == 1),
        Rounding.UP: rest > 0,
        Rounding.DOWN: False,
    }[how]
    return Fraction((whole + up) * (1 if value >= 0 else -1), scale)


def fixed(value: Fraction, places: int = 2) -> str:
    """For display: rounded half up, with exactly `places` decimals."""
    number = rounded(value, places)
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number).numerator * 10**places // abs(number).denominator, 10**places)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def percent(share: Fraction, places: int = 2) -> str:
    """For sentences: 48%, 31.82% (half up, no trailing zeros)."""
    text = fixed(share * 100, places)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def share_text(part: int, whole: int) -> str:
    """For tables: `10/50 = 20.00%`, not reduced, so that the figures stay those of the sheet."""
    return f"{part}/{whole} = {fixed(Fraction(part, whole) * 100)}%" if whole else f"{part}/0"


def say(value: Number) -> str:
    """A number as its author wrote it; a computed fraction as a decimal when that is exact."""
    if not isinstance(value, Fraction):
        return str(value)
    denominator = value.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    return fixed(value, places) if denominator == 1 and places <= 6 else str(value)
