"""Schools, majors and studies: "聊城大学计算机科学与技术专业" → 聊城大学 | 计算机科学与技术."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .record import Education
from .words import clean, read_degree, read_level, unescape_by_hand

_SCHOOL_WORD = (
    r"大学|学院|党校|行政学校|干部学校|专科学校|职业学校|中等专业学校|技工学校|师范学校|卫生学校|农业学校|学校"
    r"|中学|小学|电大|夜大|函大|师专|农校|卫校|技校|研究所|研究院|科学院|管理学院|进修校"
)
#: A department of a school, kept with the school as forms do (毕业院校系).
_DEPARTMENT = r"(?:[一-龥]{1,12}?(?:学院|分校|校区|研究生院|学部)|[一-龥]{1,8}?系(?!统|列))"
_SCHOOL = re.compile(
    rf"(?P<school>[^\s,，;；]*?(?:{_SCHOOL_WORD})(?:大学|学院)?(?:[（(][^（()）]{{1,10}}[）)])?"
    rf"(?:{_DEPARTMENT})?)(?P<rest>.*)",
    re.DOTALL,
)
_LEVEL = (
    r"(?:在职|脱产|函授|自考|自学考试|业余|全日制|党校|同等学力|攻读)*"
    r"(?:硕士研究生|博士研究生|研究生班|研究生课程班|研究生|硕士|博士|大学本科|本科|大学专科|大学|大专|专科|中专)"
    r"(?:函授|班)?"
)
_STUDY = re.compile(r"学习|就读|进修|攻读|读书|深造|在读|毕业|培训|研修")
_TRAINING = re.compile(r"培训|研修|进修班|轮训|班次|(?:青|干|英|主体)[一-龥]{0,4}班")
_IN_SERVICE = re.compile(r"在职|函授|自考|自学考试|业余|夜大|电大|党校|远程|网络教育|同等学力")
_FULL_TIME = re.compile(r"全日制|脱产")


@dataclass(frozen=True, slots=True)
class Study:
    """One study of a résumé: where, what, to which level, and whether beside the work."""

    school: str
    major: str
    level: str | None
    mode: Literal["full_time", "in_service"] | None
    kind: Literal["study", "training"]


def split_school(text: str) -> tuple[str, str]:
    """School and major; a text that names no school is returned whole as the school.

    >>> split_school("聊城大学计算机科学与技术专业")
    ('聊城大学', '计算机科学与技术')
    """
    plain = clean(unescape_by_hand(text))
    parts = plain.split()
    if len(parts) == 2 and re.search(rf"(?:{_SCHOOL_WORD}|系)$", parts[0]):
        return parts[0], parts[1].removesuffix("专业")
    plain = "".join(parts) if all(ord(c) > 127 for c in plain if not c.isspace()) else plain
    found = _SCHOOL.fullmatch(plain[:300])
    if not found:
        return plain, ""
    major = found["rest"].strip(" \u3000,，、:：").removesuffix("毕业").removesuffix("专业")
    return found["school"], major


@lru_cache(maxsize=4096)
def read_study(text: str) -> Study | None:
    """The study that a résumé item tells, or None if it tells a post."""
    plain = clean(text)
    core = re.sub(r"[（(\[【][^（()）\]】]*[）)\]】]", "", plain)
    core = re.sub(r"^(?:在|于|考入|就读于|到|赴|参加)", "", core).strip("。；;，, ")
    if len(core) > 200:
        return None
    verbs = list(_STUDY.finditer(core))
    school_named = re.search(_SCHOOL_WORD, core) is not None
    if verbs:
        # The verb must close the item ("…学习"), else it is part of a unit's name or of a title.
        last = next(
            (v for v in verbs if re.match(r"$|[，,；;。、]|[一-龥]{0,2}生?$", core[v.end() :])),
            None,
        )
        if last is None:
            return None
        head = core[: last.start()]
    elif school_named and re.search(r"(?:专业|学生|本科生|研究生)$", core):
        head = re.sub(r"(?:本科生|研究生|学生)$", "", core)
    else:
        return None
    training = _TRAINING.search(core) is not None
    if not school_named and not training:
        return None
    level_text = ""
    if "专业" in head:
        stem, _, tail = head.rpartition("专业")
        if re.fullmatch(rf"{_LEVEL}", tail.strip("，, ")):
            level_text = tail
    else:
        stem = head
        tail_match = re.search(rf"{_LEVEL}$", stem)
        if tail_match and re.search(_SCHOOL_WORD, stem[: tail_match.start()]):
            level_text, stem = tail_match[0], stem[: tail_match.start()]
    school, major = split_school(stem)
    mode: Literal["full_time", "in_service"] | None = None
    if _FULL_TIME.search(core):
        mode = "full_time"
    elif _IN_SERVICE.search(core.replace(school, "") if "党校" not in school else core):
        mode = "in_service"
    return Study(school, major, read_level(level_text), mode, "training" if training else "study")


@lru_cache(maxsize=4096)
def read_education(
    level_text: str, degree_text: str, school_text: str, degree_school_text: str
) -> Education | None:
    """One course of the form from its four fields; None if all are empty."""
    texts = [clean(t) for t in (level_text, degree_text, school_text, degree_school_text)]
    if not any(texts):
        return None
    level, degree, school, degree_school = texts
    school_name, major = split_school(school or degree_school)
    return Education(
        level=read_level(level),
        # Some exporters write both into one field: "大学\n农学学士".
        degree=read_degree(degree or re.sub(r"(?:博士|硕士)研究生", "", level)),
        school=school_name,
        major=major,
        level_text=level,
        degree_text=degree,
        school_text=school,
        degree_school_text=degree_school,
    )
