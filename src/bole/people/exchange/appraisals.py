"""Yearly appraisal sentences: "2017、2018年优秀" → {2017: 优秀, 2018: 优秀}."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from bole.engine.errors import Problem
from bole.engine.text import Text

from .dates import PartialDate, plain_digits
from .words import clean

WHERE = "年度考核结果"
LONGEST = 5_000  # characters

#: Longest first: 基本称职 and 不称职 contain 称职.
GRADES = (
    "不定等次",
    "不确定等次",
    "未定等次",
    "基本称职",
    "基本合格",
    "不称职",
    "不合格",
    "优秀",
    "称职",
    "合格",
)
_SAME = {"不确定等次": "不定等次", "未定等次": "不定等次"}
_COUNTS = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_GRADE = "|".join(GRADES)
_TOKEN = re.compile(
    r"(?P<span>(?:近|最近|前|过去)(?P<count>[二两三四五2-5])(?:个)?年(?:来)?"
    rf"(?:[^优称基不未合\d]{{0,12}}(?P<each>(?:{_GRADE})(?:[、,，](?:{_GRADE}))+))?)"
    r"|(?P<from>(?:19|20)\d\d)年?度?\s?(?:至|到|-|—|–|~)+\s?(?P<to>(?:19|20)?\d\d)(?=\D|$)"
    r"|(?P<year>(?:19|20)\d\d)(?=\D|$)"
    r"|(?<=[、,，和及])\s?(?P<short>\d\d)(?=年|、|,|，|和|及)"
    rf"|(?P<grade>{_GRADE})"
)


@dataclass(slots=True)
class AppraisalReading:
    """Grades by year, as one text says them. `against` is the date that "近三年" counts from."""

    grades: dict[int, str] = field(default_factory=dict)
    against: datetime.date | None = None
    flags: list[Problem] = field(default_factory=list)
    _derived: set[int] = field(default_factory=set)
    _contradicted: set[int] = field(default_factory=set)

    def flag(self, code: str, zh: str, en: str, **values: object) -> None:
        """Note one thing that is not certain."""
        self.flags.append(Problem(code, Text(zh, en).fill(**values), WHERE))

    def put(self, year: int, grade: str, derived: bool = False) -> None:
        """Set a year's grade. A named year outweighs "近三年"; two named grades cancel out."""
        grade = _SAME.get(grade, grade)
        known = self.grades.get(year)
        if year in self._contradicted or (derived and known):
            return
        if known is None or known == grade or year in self._derived:
            self.grades[year] = grade
            (self._derived.add if derived else self._derived.discard)(year)
            return
        del self.grades[year]
        self._contradicted.add(year)
        self.flag(
            "APPRAISAL_TWICE",
            "{year}年写了两个不同的等次（{one}、{two}），未采用，请核对",
            "{year} has two different grades ({one}, {two}); neither was taken, please check",
            year=year,
            one=known,
            two=grade,
        )

    @property
    def span_years(self) -> tuple[int, ...]:
        """Years whose number was counted back from `against`, not written."""
        return tuple(sorted(self._derived))


def recent_years(count: int, on: datetime.date | None) -> tuple[int, ...] | None:
    """The last `count` appraised years before `on`, oldest first; None if that is not certain.

    The appraisal of a year is closed in the first months of the next one, so that up to March
    nobody can say from the date alone whether last year is among them.
    """
    if on is None or on.month <= 3:
        return None
    return tuple(range(on.year - count, on.year))


def _say_span_unknown(reading: AppraisalReading, text: str, on: datetime.date | None) -> None:
    if on is None:
        reading.flag(
            "APPRAISAL_YEARS_UNKNOWN",
            "“{text}”没有写明年份，也没有填表时间可推算，请补充是哪几年",
            "“{text}” names no years and there is no date of filling to count from;"
            " please say which years",
            text=text,
        )
    else:
        reading.flag(
            "APPRAISAL_YEARS_UNKNOWN",
            "“{text}”没有写明年份；截至{on}，上一年度考核可能尚未完成，请补充是哪几年",
            "“{text}” names no years; on {on} last year's appraisal may not have been closed;"
            " please say which years",
            text=text,
            on=on.isoformat(),
        )


def read_appraisals(text: str, on: datetime.date | None = None) -> AppraisalReading:
    """Read an appraisal text; years said as "近三年" are counted back from `on`.

    `on` is the date of filling (else the date for ages). What names no year is flagged.
    """
    reading = AppraisalReading(against=on)
    plain = plain_digits(clean(text))
    if not plain or plain in ("无", "—", "-", "/"):
        return reading
    plain = re.sub(r"[ \t\u3000]+", "", plain)[:LONGEST]
    years: list[int] = []
    recent: list[int] = []
    read_something = False
    for found in _TOKEN.finditer(plain):
        if found["each"]:
            read_something = True
            _read_each(found["each"], int(_COUNTS.get(found["count"], found["count"])), reading)
        elif found["span"]:
            last = recent_years(int(_COUNTS.get(found["count"], found["count"])), on)
            if last is None:
                _say_span_unknown(reading, plain[found.start() :][:40], on)
                read_something = True
                break
            recent += last
        elif found["grade"]:
            read_something = True
            for year in recent:
                reading.put(year, found["grade"], derived=True)
            for year in years:
                reading.put(year, found["grade"])
            if not recent and not years:
                reading.flag(
                    "APPRAISAL_NO_YEAR",
                    "“{text}”没有写明年份，已按原文保留",
                    "“{text}” names no year; kept as written",
                    text=found["grade"],
                )
            years, recent = [], []
        elif found["from"]:
            first, last_text = int(found["from"]), found["to"]
            final = int(last_text) if len(last_text) == 4 else first // 100 * 100 + int(last_text)
            if first <= final <= first + 40:
                years += range(first, final + 1)
        elif found["year"]:
            years.append(int(found["year"]))
        else:
            years.append((years[-1] // 100 if years else 20) * 100 + int(found["short"]))
    if years or recent or not read_something:
        reading.flag(
            "APPRAISAL_UNREAD",
            "“{text}”没有可读的考核等次，已按原文保留",
            "“{text}” has no readable appraisal grade; kept as written",
            text=plain if len(plain) <= 40 else f"{plain[:40]}…",
        )
    return reading


def _read_each(
    text: str, count: int, reading: AppraisalReading, work_start: PartialDate | None = None
) -> None:
    """Read "称职、称职、优秀" as one grade a year of the last `count`, oldest first.

    Fewer grades are those of the last years if the person only began to work before them.
    """
    parts = [part for part in re.split(r"[、,，;；/\s]+", text) if part]
    years = recent_years(count, reading.against)
    if (
        years
        and 0 < len(parts) < count
        and work_start
        and work_start.year >= years[-len(parts)] - 1
    ):
        years, count = years[-len(parts) :], len(parts)
    if any(part not in GRADES for part in parts) or len(parts) != count:
        reading.flag(
            "APPRAISAL_UNREAD",
            "“{text}”不是{count}个年度的考核等次，已按原文保留",
            "“{text}” is not a grade for each of {count} years; kept as written",
            text=text[:40],
            count=count,
        )
    elif years is None:
        _say_span_unknown(reading, text[:40], reading.against)
    else:
        for year, grade in zip(years, parts, strict=True):
            reading.put(year, grade, derived=True)


def read_grade_list(
    text: str, count: int, on: datetime.date | None, work_start: PartialDate | None = None
) -> AppraisalReading:
    """Read a roster cell of the last `count` years without years ("称职、称职、优秀").

    Oldest first; a cell that names years is read as a sentence instead. `work_start` explains a
    shorter list of someone who has not worked so long.
    """
    plain = plain_digits(clean(text))
    if not plain or re.search(r"(?:19|20)\d\d|近.年", plain):
        return read_appraisals(text, on)
    reading = AppraisalReading(against=on)
    if re.search(r"[均都全]", plain):
        plain = "、".join([re.sub(r"^.*?[均都全]部?[为是]?", "", plain)] * count)
    _read_each(plain, count, reading, work_start)
    return reading
