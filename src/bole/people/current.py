"""The list copies of a cadre: where, as what, since when; taken from the histories."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from bole.people.models import Cadre, Education, GradeSpell, PostSpell
from bole.units.models import GRADE_ORDER

# High to low; what is not listed comes after them in the order of the last study.
EDUCATION_ORDER = (
    "研究生",
    "大学",
    "本科",
    "大学本科",
    "大专",
    "专科",
    "大学专科",
    "中专",
    "高中",
    "初中",
    "小学",
)
# Surnames that are read otherwise than the same character in a sentence.
SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "盖": "ge",
    "任": "ren",
    "华": "hua",
    "朴": "piao",
    "冼": "xian",
    "覃": "qin",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "乐": "yue",
    "翟": "zhai",
    "缪": "miao",
    "洗": "xian",
    "员": "yun",
    "折": "she",
    "令狐": "linghu",
}
LONG_AGO = datetime.date.min


def spelling(name: str) -> tuple[str, str]:
    """Full pinyin without tones and the initials: ("zeng jing", "zj") for 曾静.

    Surnames are read as surnames. Letters of other scripts stay as they are.
    """
    from pypinyin import lazy_pinyin  # its dictionary is large: loaded when first needed

    name = name.replace(" ", "").replace("　", "")
    surname = next((s for s in sorted(SURNAMES, key=len, reverse=True) if name.startswith(s)), "")
    parts = ([SURNAMES[surname]] if surname else []) + lazy_pinyin(name[len(surname) :])
    first = lazy_pinyin(surname) if len(surname) > 1 else parts[:1]
    initials = "".join(p[:1] for p in [*first, *parts[1:]] if p).lower()
    return "".join(parts).lower()[:200], initials[:30]


def refresh_current(cadre_ids: Iterable[int]) -> None:
    """Set unit, titles, grade, since when, education and pinyin of these cadres for the lists.

    The main post is the open one that is not concurrent (then the head's, then the newest). Who
    has no open post keeps the unit of the last one only when retired or gone. The grade is the
    open grade spell's; without any, the highest grade among the open posts, since the start of
    the unbroken run of posts at that grade or above.
    """
    ids = list(cadre_ids)
    for start in range(0, len(ids), 2000):
        _refresh(ids[start : start + 2000])


def _refresh(ids: list[int]) -> None:
    posts: dict[int, list[Any]] = defaultdict(list)
    for spell in PostSpell.objects.filter(cadre_id__in=ids).values_list(
        "id",
        "cadre_id",
        "unit_id",
        "unit_name",
        "title",
        "grade",
        "head",
        "concurrent",
        "start",
        "end",
        named=True,
    ):
        posts[spell.cadre_id].append(spell)
    grades: dict[int, list[GradeSpell]] = defaultdict(list)
    for grade in GradeSpell.objects.filter(cadre_id__in=ids, end=None):
        grades[grade.cadre_id].append(grade)
    studies: dict[int, list[str]] = defaultdict(list)
    for owner, level in (
        Education.objects.filter(cadre_id__in=ids).order_by("end").values_list("cadre_id", "level")
    ):
        studies[owner].append(level)
    rows = []
    for pk, name, status in Cadre.objects.filter(pk__in=ids).values_list("pk", "name", "status"):
        unit, title, since = _place(posts[pk], status)
        grade, grade_since = _grade(grades[pk], posts[pk])
        rows.append(
            [
                unit,
                title[:200],
                since,
                grade,
                grade_since,
                highest_education(studies[pk]),
                *spelling(name),
                pk,
            ]
        )
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Cadre._meta.db_table} SET unit_id = %s, post_title = %s, post_since = %s, "
            "grade = %s, grade_since = %s, education_level = %s, pinyin = %s, initials = %s "
            "WHERE id = %s",
            rows,
        )


def _rank(spell: Any) -> tuple:
    return (not spell.concurrent, spell.head, spell.start or LONG_AGO, spell.id)


def _place(spells: list[Any], status: str) -> tuple[int | None, str, datetime.date | None]:
    now = sorted((s for s in spells if s.end is None), key=_rank, reverse=True)
    if not now:
        if status == Cadre.Status.IN_SERVICE or not spells:
            return None, "", None
        last = max(spells, key=lambda s: (s.end, s.start or LONG_AGO, s.id))
        return last.unit_id, "", None
    titles: dict[str, list[str]] = {}
    for spell in now:
        held = titles.setdefault(spell.unit_name, [])
        if spell.title not in held:
            held.append(spell.title)
    title = "，".join(unit + "、".join(held) for unit, held in titles.items())
    return now[0].unit_id, title, now[0].start


def _grade(grades: list[GradeSpell], spells: list[Any]) -> tuple[str, datetime.date | None]:
    if grades:
        top = max(grades, key=lambda g: (GRADE_ORDER.get(g.grade, -1), g.start or LONG_AGO))
        return top.grade, top.start
    now = [s.grade for s in spells if s.end is None and s.grade in GRADE_ORDER]
    if not now:
        return "", None
    grade = max(now, key=GRADE_ORDER.__getitem__)
    since = None
    for spell in sorted(spells, key=lambda s: (s.start or LONG_AGO, s.id), reverse=True):
        if GRADE_ORDER.get(spell.grade, -1) < GRADE_ORDER[grade]:
            if spell.end is None:
                continue  # a lower post held beside it
            break
        since = spell.start or since
    return grade, since


def highest_education(levels: list[str]) -> str:
    """The highest of the levels of education; the last one when none is known."""
    known = [level for level in levels if level in EDUCATION_ORDER]
    if known:
        return min(known, key=EDUCATION_ORDER.index)
    return levels[-1] if levels else ""
