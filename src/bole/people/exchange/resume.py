"""A résumé (简历) as dated posts and studies, and back to text.

One item a line: a range of months, blanks, a text. Ends may be missing; items may hold nested
ones (其间：…); a line that begins with no date continues the one before. What has no certain
reading stays in `unread` and is flagged; nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bole.engine.errors import Problem
from bole.engine.text import Text

from .dates import PartialDate, make_date
from .education import read_study
from .posts import UnitNames, split_post
from .record import PostRow, StudyRow
from .words import clean, unescape_by_hand

WHERE = "简历"
LONGEST_RESUME = 60_000  # characters; a résumé of a life has about 1,500
_WIDE = str.maketrans("０１２３４５６７８９．／", "0123456789./")


@dataclass(slots=True)
class ResumeReading:
    """What a résumé says. `unread` keeps the lines that are neither post nor study."""

    posts: list[PostRow] = field(default_factory=list)
    studies: list[StudyRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    flags: list[Problem] = field(default_factory=list)

    def flag(self, code: str, line: int, zh: str, en: str, **values: object) -> None:
        """Note one thing that is not certain, with its line (from 1)."""
        self.flags.append(Problem(code, Text(zh, en).fill(**values), f"{WHERE} {line}"))


# ---- ranges --------------------------------------------------------------------------------

_YEAR = r"(?P<{0}y>(?:19|20)\d\d)"
_MONTH = r"(?P<{0}m>1[0-2]|0?[1-9])"
_DATE = (
    rf"(?:{_YEAR}\s?[.。/、·\-－年]\s?{_MONTH}(?!\d)\s?月?份?"
    r"(?:(?<!月)[./\-－](?P<{0}d>[0-3]?\d)(?!\d)|(?P<{0}e>[0-3]?\d)日)?"
    r"|(?P<{0}Y>(?:19|20)\d\d)(?P<{0}M>0[1-9]|1[0-2])(?P<{0}D>[0-3]\d)?(?!\d))"
)
_TO = r"[ \t\u3000]*(?:[-－—–―─━~～〜至到−][ \t\u3000]?)+[ \t\u3000]*"
_NOW = r"(?:至今|现在|目前|今|迄今)(?=$|[\s：:，,、一-龥])"
_RANGE = re.compile(
    rf"{_DATE.format('a')}(?:(?P<to>{_TO})(?:{_DATE.format('b')}|(?P<now>{_NOW}))?"
    rf"|[ \t\u3000]*(?P<since>{_NOW}|起(?!草)|以来))"
)
_POINT = re.compile(_DATE.format("a"))
_LINE_START = re.compile(r"\s*(?:\d{1,2}[.、)）]\s*)?(?=(?:19|20)\d\d\s?[.。/、·\-－年]?\s?\d)")


@dataclass(frozen=True, slots=True)
class _Range:
    start: PartialDate | None
    end: PartialDate | None
    open: bool
    says_now: bool
    length: int


def _date(found: re.Match[str], side: str) -> PartialDate | None:
    groups = found.groupdict()
    year = groups[f"{side}y"] or groups[f"{side}Y"]
    if not year:
        return None
    month = groups[f"{side}m"] or groups[f"{side}M"]
    day = groups[f"{side}d"] or groups[f"{side}e"] or groups[f"{side}D"]
    return make_date(int(year), int(month), int(day) if day and int(day) else None)


def _range_at(text: str) -> _Range | None:
    """The range that `text` begins with."""
    found = _RANGE.match(text)
    if not found:
        return None
    end = _date(found, "b")
    stated_end = found["by"] or found["bY"]
    if not stated_end and re.match(r"(?:19|20)\d\d", text[found.end() :]):
        stated_end = "unreadable"  # "2001.07--2005.13": an end is there, but it is no month
    says_now = bool(found["now"] or found["since"])
    return _Range(_date(found, "a"), end, not stated_end, says_now, found.end())


# ---- lines → items -------------------------------------------------------------------------


@dataclass(slots=True)
class _Item:
    line: int
    text: str
    nested: list[tuple[int, str]] = field(default_factory=list)


_OPEN = "（([【"
_CLOSE = "）)]】"
_NESTED = re.compile(r"(?:其间|期间|其中)\s*[:：,，]?")


def _balance(text: str) -> int:
    """Opening minus closing brackets."""
    return sum(text.count(b) for b in _OPEN) - sum(text.count(b) for b in _CLOSE)


def _closes_later(lines: list[str], index: int) -> bool:
    """True if an open bracket before `lines[index]` is closed by a surplus in it or soon after."""
    depth = 0
    for line in lines[index : index + 8]:
        for char in line:
            if char in _OPEN:
                depth += 1
            elif char in _CLOSE:
                depth -= 1
                if depth < 0:
                    return True
    return False


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", text)


def _items(text: str) -> tuple[list[_Item], list[tuple[int, str]]]:
    """Lines joined to items: a dated line begins one, anything else continues it."""
    items: list[_Item] = []
    before: list[tuple[int, str]] = []
    lines = [line.translate(_WIDE) for line in _lines(text)]
    for index, raw in enumerate(lines):
        line = clean(raw)
        if not line:
            continue
        start = _LINE_START.match(line)
        dated = start is not None and (
            _RANGE.match(line, start.end()) or _POINT.match(line, start.end())
        )
        if start and dated:
            if items and _balance(items[-1].text) > 0 and _closes_later(lines, index):
                items[-1].text += f"；{line}"
            else:
                items.append(_Item(index + 1, line[start.end() :]))
        elif items:
            # A date that is none ("2009.13--") begins an item too, so that it is seen.
            if re.match(r"(?:19|20)\d{2}[.\-/年]\d", line) and _balance(items[-1].text) <= 0:
                before.append((index + 1, line))
            else:
                items[-1].text += line
        else:
            before.append((index + 1, line))
    return items, before


def _cut_same_line(item: _Item) -> list[_Item]:
    """An item that holds further ranges outside of brackets, as one item each."""
    text, depth, cuts = item.text, 0, [0]
    first = _RANGE.match(text)
    for i, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth > 0 or i < (first.end() if first else 1) or not char.isdigit():
            continue
        if text[i - 1] in " \t\u3000；;。" and _RANGE.match(text, i):
            cuts.append(i)
    cuts.append(len(text))
    return [_Item(item.line, text[a:b]) for a, b in zip(cuts, cuts[1:], strict=False)]


def _take_nested(item: _Item, reading: ResumeReading) -> None:
    """Move 其间 brackets (and brackets that hold a range) out of the item's text."""
    text = item.text
    kept, i = "", 0
    while i < len(text):
        if text[i] not in _OPEN:
            bare = _NESTED.match(text, i)
            if bare and _POINT.match(text, _skip_blanks(text, bare.end())):
                item.nested.append((item.line, text[bare.end() :]))
                text = text[:i]
                break
            kept += text[i]
            i += 1
            continue
        end, depth = i, 0
        while end < len(text):
            depth += (text[end] in _OPEN) - (text[end] in _CLOSE)
            end += 1
            if depth == 0:
                break
        inside = text[i + 1 : end - 1] if depth == 0 else text[i + 1 :]
        is_nested = _NESTED.match(inside.lstrip()) or _RANGE.search(inside)
        if depth != 0 and is_nested:
            reading.flag(
                "RESUME_BRACKET",
                item.line,
                "括号没有结束：“{text}”，已按到行末理解，请核对",
                "a bracket is not closed: “{text}”; read to the end of the item, please check",
                text=_short(inside),
            )
        if is_nested:
            item.nested.append((item.line, _NESTED.sub("", inside.lstrip(), count=1)))
        else:
            kept += text[i:end]
        i = end
    item.text = kept


def _skip_blanks(text: str, i: int) -> int:
    while i < len(text) and text[i].isspace():
        i += 1
    return i


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else f"{text[:40]}…"


# ---- items → rows --------------------------------------------------------------------------

_LEAD = re.compile(r"^[\s:：,，、;；.。]+")


def _read_dates(
    text: str, line: int, last: bool, nested: bool, reading: ResumeReading
) -> _Range | None:
    """The dates of an item, with what is wrong about them noted."""
    span = _range_at(text)
    if span is None:
        point = _POINT.match(text)
        start = _date(point, "a") if point else None
        if point is None or start is None:
            return None
        reading.flag(
            "RESUME_NO_END",
            line,
            "“{text}”只有一个日期，止于何时没有写明",
            "“{text}” has one date only; when it ended is not said",
            text=_short(text),
        )
        return _Range(start, None, False, False, point.end())
    if span.start is None or (not span.open and span.end is None):
        return None
    if span.end and span.end < span.start.month_only():
        reading.flag(
            "RESUME_END_BEFORE_START",
            line,
            "“{text}”的结束时间早于开始时间，请核对",
            "“{text}” ends before it starts; please check",
            text=_short(text),
        )
    elif span.open and not last and not (nested and span.says_now):
        reading.flag(
            "RESUME_OPEN_NOT_LAST",
            line,
            "“{text}”没有结束时间，却不是最后一项，请核对",
            "“{text}” has no end but is not the last item; please check",
            text=_short(text),
        )
    return span


def _add_rows(
    text: str,
    line: int,
    nested: bool,
    last: bool,
    units: UnitNames | None,
    reading: ResumeReading,
) -> bool:
    """Read one dated text into `reading`; False if it has no readable date."""
    span = _read_dates(text, line, last, nested, reading)
    if span is None:
        return False
    said = _LEAD.sub("", text[span.length :]).strip()
    current = span.says_now or (span.open and last)
    if not said:
        reading.unread.append(text.strip())
        reading.flag(
            "RESUME_EMPTY",
            line,
            "“{text}”只有时间，没有内容",
            "“{text}” has dates but says nothing",
            text=_short(text),
        )
        return True
    study = read_study(said)
    if study:
        reading.studies.append(
            StudyRow(
                span.start,
                span.end,
                study.school,
                study.major,
                study.level,
                study.mode or ("in_service" if nested and study.kind == "study" else None),
                study.kind,
                said,
                nested,
            )
        )
        return True
    taken = split_post(said, units)
    if not taken.certain and not span.open and span.end is None:
        reading.flags.pop()
        return False  # an event ("2005.05 参加工作"), not a post
    if not taken.certain:
        reading.flag(
            "POST_NOT_SPLIT",
            line,
            "“{text}”分不清单位和职务，已按原文保留",
            "unit and title of “{text}” cannot be told apart; kept as written",
            text=_short(said),
        )
    for post in taken.posts:
        reading.posts.append(
            PostRow(
                span.start,
                span.end,
                post.unit,
                post.title,
                said,
                taken.note,
                taken.grade,
                current,
                nested,
                post.concurrent,
            )
        )
    return True


def _pieces_of_nested(text: str) -> list[str]:
    """Nested items apart: "2004.09--2007.07在…；2010.03--2011.03挂职…"."""
    pieces: list[str] = []
    for piece in re.split(r"[；;。](?!$)|[,，、](?=\s*(?:19|20)\d\d\s?[.年/\-]?\s?\d)", text):
        if not piece.strip():
            continue
        start = _skip_blanks(piece, 0)
        if pieces and not _POINT.match(piece, start):
            pieces[-1] += f"；{piece.strip()}"
        else:
            pieces.append(piece.strip())
    return pieces


def read_resume(text: str, units: UnitNames | None = None) -> ResumeReading:
    """Read a résumé into posts and studies, in its own order; nested ones after their item.

    Whether a top-level study was full-time is left open (`mode=None`) unless the text says so;
    `settle_modes` decides it against the work start.
    """
    reading = ResumeReading()
    plain = unescape_by_hand(text)
    if len(plain) > LONGEST_RESUME:
        reading.unread.append(plain)
        reading.flag(
            "RESUME_TOO_LONG",
            1,
            "简历有{count}字，超过{limit}字，未解析",
            "the résumé has {count} characters, more than {limit}; it was not read",
            count=len(plain),
            limit=LONGEST_RESUME,
        )
        return reading
    items, loose = _items(plain)
    items = [part for item in items for part in _cut_same_line(item)]
    for line, words in loose:
        _note_unread(words, line, reading)
    for item in items:
        _take_nested(item, reading)
    # An open end is the present post; concurrent present posts may follow one another.
    last_closed = max((i for i, item in enumerate(items) if not _is_open(item.text)), default=-1)
    for i, item in enumerate(items):
        if not _add_rows(item.text, item.line, False, i > last_closed, units, reading):
            _note_unread(item.text, item.line, reading)
        for line, words in item.nested:
            for piece in _pieces_of_nested(words):
                if not _add_rows(piece, line, True, False, units, reading):
                    _note_unread(piece, line, reading, nested=True)
    return reading


def _is_open(text: str) -> bool:
    span = _range_at(text)
    return span is not None and span.open


def _note_unread(text: str, line: int, reading: ResumeReading, nested: bool = False) -> None:
    reading.unread.append(text.strip())
    reading.flag(
        "RESUME_NESTED_UNREAD" if nested else "RESUME_UNREAD",
        line,
        "“{text}”没有可读的起止时间，已按原文保留",
        "“{text}” has no readable dates; kept as written",
        text=_short(text),
    )


def settle_modes(studies: Iterable[StudyRow], work_start: PartialDate | None) -> list[StudyRow]:
    """Studies with `mode` decided: one begun before the work start was full-time."""
    settled = []
    for study in studies:
        if (
            study.mode is None
            and not study.nested
            and study.kind == "study"
            and study.start
            and work_start
            and study.start.month_only() < work_start.month_only()
        ):
            study = replace(study, mode="full_time")
        settled.append(study)
    return settled


# ---- back to text --------------------------------------------------------------------------


def _months(start: PartialDate | None, end: PartialDate | None, current: bool) -> str:
    first = f"{start}" if start else ""
    if end:
        return f"{first}--{end}"
    return f"{first}--       " if current else first


def compose_resume(posts: Iterable[PostRow], studies: Iterable[StudyRow]) -> str:
    """A résumé text as forms print it: one item a line, nested items in 其间 brackets below."""
    lines: list[tuple[PartialDate, int, str, list[str]]] = []
    nested: list[tuple[PartialDate, str]] = []
    rows: list[PostRow | StudyRow] = [*studies, *posts]
    for order, row in enumerate(rows):
        if row.start is None or (isinstance(row, PostRow) and row.concurrent and row.text):
            continue
        said = row.text or _row_text(row)
        current = isinstance(row, PostRow) and row.current
        if row.nested:
            joint = "" if isinstance(row, StudyRow) and said.startswith("在") else " "
            nested.append((row.start, f"{_months(row.start, row.end, current)}{joint}{said}"))
        else:
            lines.append((row.start, order, f"{_months(row.start, row.end, current)}  {said}", []))
    lines.sort(key=lambda line: (line[0].first_day(), line[1]))
    for start, said in nested:
        # Below the last item that had begun by then, where a reader expects it.
        owner = next((x for x in reversed(lines) if not start < x[0]), lines[0] if lines else None)
        if owner:
            owner[3].append(said)
        else:
            lines.append((start, 0, said, []))
    out = []
    for _, _, said, inner in lines:
        out.append(said)
        if inner:
            out.append(f"{' ' * 18}（其间：{'；'.join(inner)}）")
    return "\n".join(out)


def _row_text(row: PostRow | StudyRow) -> str:
    if isinstance(row, PostRow):
        note = f"（{row.note}）" if row.note else ""
        return f"{row.unit or ''}{row.title}{note}"
    major = f"{row.major}专业" if row.major else ""
    level = f"{row.level}" if row.level and row.major else ""
    return f"{row.school}{major}{level}学习"
