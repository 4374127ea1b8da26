"""Field by field, what a file says against what is stored. Plain data in, plain data out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from bole.engine.text import Text

from .dates import PartialDate, make_date, parse_date
from .record import CARRIES, PersonFile
from .words import clean

Kind = Literal["added", "changed", "only_stored"]

LABELS: dict[str, Text] = {
    "name": Text("姓名", "name"),
    "sex": Text("性别", "sex"),
    "birth": Text("出生年月", "birth"),
    "ethnicity": Text("民族", "ethnicity"),
    "native_place": Text("籍贯", "native place"),
    "birthplace": Text("出生地", "birthplace"),
    "party": Text("政治面貌", "political status"),
    "party_joined": Text("入党时间", "joined the Party"),
    "parties": Text("党派", "parties"),
    "work_start": Text("参加工作时间", "work start"),
    "health": Text("健康状况", "health"),
    "professional_title": Text("专业技术职务", "professional title"),
    "speciality": Text("熟悉专业有何专长", "speciality"),
    "full_time": Text("全日制教育", "full-time education"),
    "in_service": Text("在职教育", "in-service education"),
    "post": Text("现任职务", "present post"),
    "proposed": Text("拟任职务", "proposed post"),
    "removed": Text("拟免职务", "post to be removed from"),
    "reason": Text("任免理由", "reason"),
    "grade": Text("职务层次", "grade"),
    "post_since": Text("任现职时间", "post since"),
    "grade_since": Text("任现级别时间", "grade since"),
    "posts": Text("任职经历", "posts"),
    "studies": Text("学习经历", "studies"),
    "awards": Text("奖惩情况", "awards and sanctions"),
    "appraisals": Text("年度考核", "appraisals"),
    "family": Text("家庭成员及社会关系", "family and relations"),
    "id_number": Text("身份证号", "identity number"),
    "picture": Text("照片", "picture"),
    "reporting_unit": Text("呈报单位", "reporting unit"),
    "note": Text("备注", "note"),
}
#: Fields of the paper, not of the person: never compared.
_OF_THE_PAPER = {"proposed", "removed", "reason", "reporting_unit", "age_date", "fill_date"}


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One difference. `field` is dotted for rows: "posts.199507", "family.妻子.谭雪".

    `stored` and `read` are plain values (dates as "1995.07" or "1995.07.01"); None = nothing there.
    `kind`: the file adds it, changes it, or says nothing of a row that is stored (`only_stored`;
    such rows are shown and never taken for deletions).
    """

    field: str
    label: Text
    stored: Any
    read: Any
    kind: Kind


def plain(value: Any) -> Any:
    """A value as plain comparable data: dates as text, dataclasses as dicts, blanks as None."""
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, datetime.date):
        date = make_date(value.year, value.month, value.day)
        return str(date) if date else value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, str):
        return clean(value) or None
    return value


def _date(value: Any) -> PartialDate | None:
    return parse_date(value) if isinstance(value, str) else None


def _same(stored: Any, read: Any) -> bool:
    """Equal, or the same month where one of two dates has no day, or equal but for blanks."""
    if stored == read:
        return True
    one, other = _date(stored), _date(read)
    if one and other:
        return one.same_month(other) and (one.day is None or other.day is None or one == other)
    if isinstance(stored, str) and isinstance(read, str):
        return re.sub(r"\s+", "", stored) == re.sub(r"\s+", "", read)
    return False


def _refines(stored: Any, read: Any) -> bool:
    """True if both are one month and only the file knows the day."""
    one, other = _date(stored), _date(read)
    return bool(
        one and other and one.same_month(other) and one.day is None and other.day is not None
    )


def _difference(name: str, label: Text, stored: Any, read: Any) -> FieldDifference | None:
    if read in (None, [], {}) or (read is False and stored is None):
        return None
    if _same(stored, read) and not _refines(stored, read):
        return None
    kind: Kind = "added" if stored in (None, [], {}) else "changed"
    return FieldDifference(name, label, stored, read, kind)


def _rows(
    field: str,
    stored: Sequence[Mapping[str, Any]],
    read: Sequence[Mapping[str, Any]],
    keys: Sequence[Callable[[Mapping[str, Any]], Any]],
    parts: Sequence[str],
) -> list[FieldDifference]:
    """Differences of row tables. Rows are matched by the first key that finds exactly one."""
    left = list(stored)
    pairs: list[tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = []
    waiting = list(read)
    for key in keys:
        rest = []
        for row in waiting:
            wanted = key(row)
            found = [s for s in left if key(s) == wanted] if wanted is not None else []
            again = [r for r in waiting if key(r) == wanted]
            if len(found) == 1 and len(again) == 1:
                left.remove(found[0])
                pairs.append((found[0], row))
            else:
                rest.append(row)
        waiting = rest
    pairs += [(None, row) for row in waiting]
    out = []
    label = LABELS[field]
    for old, new in pairs:
        name = f"{field}.{_row_name(field, new)}"
        said = {part: new.get(part) for part in parts}
        if old is None:
            out.append(FieldDifference(name, label, None, said, "added"))
        elif any(_difference(name, label, old.get(part), new.get(part)) for part in parts):
            was = {part: old.get(part) for part in parts}
            out.append(FieldDifference(name, label, was, said, "changed"))
    for old in left:
        was = {part: old.get(part) for part in parts}
        name = f"{field}.{_row_name(field, old)}"
        out.append(FieldDifference(name, label, was, None, "only_stored"))
    return out


def _row_name(field: str, row: Mapping[str, Any]) -> str:
    if field == "family":
        return f"{row.get('relation') or ''}.{row.get('name') or ''}"
    return _month(row.get("start")) or str(row.get("title") or row.get("school") or "")


def _month(value: Any) -> str | None:
    date = _date(value)
    return date.yyyymm if date else None


def _start_and_unit(row: Mapping[str, Any]) -> Any:
    return (_month(row.get("start")), row.get("unit"), row.get("title"))


def _start(row: Mapping[str, Any]) -> Any:
    return _month(row.get("start"))


#: Relations that a person has one of: the row is the same though the name was corrected.
_SINGLE: set[str] = {"妻子", "丈夫", "父亲", "母亲", "岳父", "岳母", "公公", "婆婆"}
_TABLES: dict[str, tuple[list[Callable[[Mapping[str, Any]], Any]], tuple[str, ...]]] = {
    "posts": (
        [
            _start_and_unit,
            lambda row: (_month(row.get("start")), row.get("unit")),
            _start,
        ],
        ("start", "end", "unit", "title", "grade", "concurrent"),
    ),
    "studies": (
        [lambda row: (_month(row.get("start")), row.get("school")), _start],
        ("start", "end", "school", "major", "level", "mode"),
    ),
    "family": (
        [
            lambda row: (row.get("relation"), row.get("name")),
            lambda row: row.get("name"),
            lambda row: row.get("relation") if row.get("relation") in _SINGLE else None,
        ],
        ("relation", "name", "birth", "politics", "employer"),
    ),
}


def compare(stored: Mapping[str, Any], read: PersonFile) -> list[FieldDifference]:
    """Everything in which the file differs from what is stored.

    `stored` has the names of `PersonFile` (missing keys = nothing stored); dates may be
    `PartialDate`, `date` or text; rows may be dataclasses or mappings. A field that the file's
    format cannot say, or leaves empty, is no difference: nothing is proposed for deletion. A
    stored day is kept where the file knows the month only.
    """
    out: list[FieldDifference] = []
    said = plain(read)
    for field in LABELS:
        if field in _OF_THE_PAPER or field not in CARRIES[read.source_format]:
            continue
        old = plain(stored.get(field))
        new = said[field]
        if field == "picture":
            if read.picture is not None and stored.get("picture") != read.picture:
                kind: Kind = "changed" if stored.get("picture") else "added"
                size = len(read.picture)
                out.append(FieldDifference(field, LABELS[field], bool(old), size, kind))
        elif field in _TABLES:
            if new:
                keys, parts = _TABLES[field]
                out += _rows(field, old or [], new, keys, parts)
        elif field == "appraisals":
            for year, grade in new.items():
                known = (old or {}).get(year)
                found = _difference(f"appraisals.{year}", LABELS[field], known, grade)
                if found:
                    out.append(found)
        elif field in ("full_time", "in_service"):
            out += _education(field, old or {}, new or {})
        elif field == "parties":
            names = [p["party"] for p in new]
            known_names = [p["party"] if isinstance(p, dict) else p for p in old or []]
            # One party alone is the field "party".
            if len(names) > 1 and sorted(names) != sorted(known_names):
                kind = "changed" if known_names else "added"
                out.append(FieldDifference(field, LABELS[field], known_names, names, kind))
        else:
            found = _difference(field, LABELS[field], old, new)
            if found:
                out.append(found)
    return out


def _education(field: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldDifference]:
    out = []
    for part in ("level", "degree", "school", "major", "start", "end"):
        found = _difference(f"{field}.{part}", LABELS[field], old.get(part), new.get(part))
        if found:
            out.append(found)
    return out
