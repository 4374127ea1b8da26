"""Dates as personnel files write them: a year and a month, sometimes a day.

Forms and rosters say "1973.08", "197308", "1973年8月", "1973-8-25"; a date without a day is
never given one. What cannot be read gives None, and the caller keeps the text.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

EARLIEST_YEAR = 1900
LATEST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose day may be unknown (`day=None`: precision "month")."""

    year: int
    month: int
    day: int | None = None

    def __post_init__(self) -> None:
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            raise ValueError(f"year {self.year}")
        datetime.date(self.year, self.month, self.day or 1)

    @property
    def precision(self) -> Literal["day", "month"]:
        """Whether the day is known, as the event tables call it."""
        return "month" if self.day is None else "day"

    @property
    def yyyymm(self) -> str:
        """The month as six digits: "197308"."""
        return f"{self.year:04d}{self.month:02d}"

    def first_day(self) -> datetime.date:
        """The day; a month-only date is the first of its month (event tables)."""
        return datetime.date(self.year, self.month, self.day or 1)

    def iso(self) -> str:
        """`YYYY-MM-DD`; a month-only date is the first of its month."""
        return self.first_day().isoformat()

    def month_only(self) -> PartialDate:
        """The same month without the day."""
        return self if self.day is None else PartialDate(self.year, self.month)

    def same_month(self, other: PartialDate) -> bool:
        """True if both lie in one month."""
        return (self.year, self.month) == (other.year, other.month)

    def __lt__(self, other: PartialDate) -> bool:
        return self.first_day() < other.first_day()

    def __str__(self) -> str:
        day = "" if self.day is None else f".{self.day:02d}"
        return f"{self.year:04d}.{self.month:02d}{day}"


_SEPARATOR = r"[.。/\-–—·、_]"
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SPLIT = re.compile(
    rf"(\d{{4}})(?:年|{_SEPARATOR})(\d{{1,2}})月?份?(?:{_SEPARATOR}?(?<=[月{_SEPARATOR[1:-1]}])"
    r"(\d{1,2})[日号]?)?"
)
_AGE = re.compile(r"[(]\d{1,3}(?:周)?岁[)]$")  # rosters print the age below the birth
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def plain_digits(text: str) -> str:
    """Full-width digits and letters as ordinary ones; nothing else is changed in meaning."""
    return unicodedata.normalize("NFKC", text)


def make_date(year: int, month: int, day: int | None = None) -> PartialDate | None:
    """The date, or None if there is no such day or it lies outside 1900–2099."""
    try:
        return PartialDate(year, month, day)
    except ValueError:
        return None


def _chinese_numerals(text: str) -> str:
    """ "一九七三年十二月" with Arabic digits."""
    text = text.translate(_NUMERALS)
    text = re.sub(r"(?<!\d)十(\d)", r"1\1", text)
    text = re.sub(r"(\d)十(\d)", r"\1\2", text)
    text = re.sub(r"(\d)十", r"\g<1>0", text)
    return text.replace("十", "10")


@lru_cache(maxsize=8192)
def parse_date(text: str) -> PartialDate | None:
    """The date that the whole of `text` says, or None if it says none with certainty.

    Read: yyyyMM, yyyyMMdd, yyyy.M, yyyy.MM.dd, the same with - / 、 and 年月日, full-width or
    Chinese digits, blanks anywhere, a trailing clock time. A day of 00 means "month only".
    """
    plain = plain_digits(text).strip().strip("'\"“”")
    plain = _CLOCK.sub("", plain)
    plain = _AGE.sub("", re.sub(r"\s+", "", plain)).rstrip("。.,，;；")
    if not 6 <= len(plain) <= 16:
        return None
    if "年" in plain and not plain[0].isdigit():
        plain = _chinese_numerals(plain)
    found = _COMPACT.fullmatch(plain) or _SPLIT.fullmatch(plain)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None and month is not None
    return make_date(year, month, day or None)


def is_lost_zero(text: str) -> bool:
    """True for "1979.1": January, or October whose zero a spreadsheet dropped."""
    return len(text) < 12 and re.fullmatch(r"\d{4}\.1", plain_digits(text).strip()) is not None


@dataclass(frozen=True, slots=True)
class Age:
    """Full years on a stated day. `against` says which day, `source` where that day is from."""

    years: int
    against: datetime.date
    source: str


def age_on(birth: PartialDate, on: datetime.date, source: str = "asked") -> Age:
    """Age in full years on `on`; a month that is the birth month counts as reached.

    The organisation departments' rule counts by month: born 1973.08, 53 from 2026-08-01 on.
    """
    years = on.year - birth.year - (on.month < birth.month)
    return Age(years, on, source)
