"""Writing .lrmx back. What was not changed since it was read is written word for word."""

from __future__ import annotations

import base64
from collections.abc import Callable

from lxml import etree

from .appraisals import read_appraisals
from .assemble import DATES, EDUCATION, EDUCATION_PARTS, PLAIN, same_date
from .dates import PartialDate, parse_date
from .education import split_school
from .identity import read_id
from .lrmx import FAMILY, FAMILY_PARTS, PICTURE, ROOT, TAGS
from .record import COMMUNIST, Education, FamilyRow, PersonFile
from .resume import compose_resume, read_resume
from .words import (
    clean,
    one_line,
    pad_name,
    read_degree,
    read_level,
    read_name,
    read_party,
    read_people,
    read_sex,
    unescape_by_hand,
)

VERSION = "3.2.1.6"
_LEVEL_ON_FORM = {"本科": "大学", "专科": "大专"}


def _birth(person: PersonFile) -> str:
    return person.birth.yyyymm if person.birth else ""


def _compact(date: PartialDate | None) -> str:
    if date is None:
        return ""
    return date.yyyymm if date.day is None else f"{date.yyyymm}{date.day:02d}"


def _compose_party(person: PersonFile) -> str:
    """ "200108；民建"; a date alone is the Communist Party's."""
    parts = []
    for membership in person.parties:
        joined = _compact(membership.joined)
        if membership.party == COMMUNIST and joined:
            parts.append(joined)
        else:
            parts.append(f"{membership.party}{joined}")
    if not parts and person.party:
        joined = _compact(person.party_joined)
        parts.append(joined if person.party == COMMUNIST and joined else person.party)
    return "；".join(parts)


def _party_kept(text: str, person: PersonFile) -> bool:
    memberships = read_party(unescape_by_hand(text)).memberships
    return memberships == person.parties


def _appraisals_kept(text: str, person: PersonFile) -> bool:
    stated = person.fill_date or person.age_date
    on = stated.first_day() if stated else None
    return read_appraisals(unescape_by_hand(text), on).grades == person.appraisals


def _compose_appraisals(person: PersonFile) -> str:
    if not person.appraisals:
        return person.appraisals_text or ""
    return (
        "；".join(f"{year}年年度考核{grade}" for year, grade in sorted(person.appraisals.items()))
        + "。"
    )


def _resume_kept(text: str, person: PersonFile) -> bool:
    reading = read_resume(clean(unescape_by_hand(text)))

    def rows(posts: list, studies: list) -> tuple[list, list]:  # type: ignore[type-arg]
        return (
            [(p.start, p.end, p.text, p.nested) for p in posts],
            [(s.start, s.end, s.text, s.nested) for s in studies],
        )

    return rows(reading.posts, reading.studies) == rows(person.posts, person.studies)


def _education_text(part: str, education: Education | None) -> str:
    if education is None:
        return ""
    composed = f"{education.school}{education.major}{'专业' if education.major else ''}"
    if part == "XueLi":
        said = education.level_text
        if said and read_level(said) == education.level:
            return said
        return _LEVEL_ON_FORM.get(education.level or "", education.level or "")
    if part == "XueWei":
        said = education.degree_text
        return said if said and read_degree(said) == education.degree else education.degree
    if part == "XueLi_BiYeYuanXiaoXi":
        said = education.school_text
        if split_school(said) == (education.school, education.major):
            return said
        # The school may stand with the degree only.
        other = split_school(education.degree_school_text)
        return "" if not said and other == (education.school, education.major) else composed
    said = education.degree_school_text
    return said if said or not education.degree or education.school_text else composed


def _texts(person: PersonFile) -> dict[str, str]:
    """Every text of the form: the words that were read where they still say the value."""
    kept = person.texts
    out: dict[str, str] = {}

    def put(tag: str, still: Callable[[str], bool], fresh: Callable[[], str]) -> None:
        text = kept.get(tag, "")
        out[tag] = text if text and still(text) else fresh()

    def put_plain(tag: str, value: str | None) -> None:
        put(tag, lambda text: clean(unescape_by_hand(text)) == value, lambda: value or "")

    put(
        "XingMing",
        lambda text: read_name(unescape_by_hand(text)) == person.name,
        lambda: pad_name(person.name),
    )
    put("XingBie", lambda t: person.sex in (read_sex(t), None), lambda: person.sex or "")
    put(
        "ChuShengNianYue",
        lambda t: same_date(t, person.birth) or _birth_is_recovered(t, person),
        lambda: _birth(person),
    )
    put("MinZu", lambda t: read_people(t)[0] == person.ethnicity, lambda: person.ethnicity or "")
    put("RuDangShiJian", lambda t: _party_kept(t, person), lambda: _compose_party(person))
    for tag, attribute in DATES.items():
        date: PartialDate | None = getattr(person, attribute)

        def still(text: str, date: PartialDate | None = date) -> bool:
            return same_date(text, date)

        def fresh(date: PartialDate | None = date) -> str:
            return _compact(date)

        put(tag, still, fresh)
    for tag, attribute in PLAIN.items():
        put_plain(tag, getattr(person, attribute))
    for prefix, attribute in EDUCATION.items():
        education: Education | None = getattr(person, attribute)
        for part in EDUCATION_PARTS:
            tag = f"{prefix}_{part}"
            text = _education_text(part, education)
            kept_text = kept.get(tag, "")
            out[tag] = kept_text if one_line(unescape_by_hand(kept_text)) == text else text
    put(
        "JianLi",
        lambda t: _resume_kept(t, person),
        lambda: compose_resume(person.posts, person.studies),
    )
    put(
        "NianDuKaoHeJieGuo",
        lambda t: _appraisals_kept(t, person),
        lambda: _compose_appraisals(person),
    )
    put("ShenFenZheng", lambda t: _id_kept(t, person), lambda: person.id_number or "")
    if not out["Version"]:
        out["Version"] = "" if person.tag_order else VERSION
    return out


def _birth_is_recovered(text: str, person: PersonFile) -> bool:
    """True if the form's text is no date and the birth still is the identity number's."""
    return parse_date(text) is None and read_id(person.id_number or "").birth == person.birth


def _id_kept(text: str, person: PersonFile) -> bool:
    return read_id(text[:60]).number == person.id_number


def _family(rows: list[FamilyRow]) -> etree._Element:
    holder = etree.Element(FAMILY)
    for row in rows:
        item = etree.SubElement(holder, "Item")
        birth = row.birth_text
        if not birth or not same_date(birth, row.birth):
            birth = _compact(row.birth) or row.birth_text
        texts = (row.relation, pad_name(row.name), birth, row.politics, row.employer)
        for tag, text in zip(FAMILY_PARTS, texts, strict=True):
            etree.SubElement(item, tag).text = text
        for tag, text in row.extra:
            etree.SubElement(item, tag).text = text
    return holder


def _order(person: PersonFile, texts: dict[str, str]) -> list[str | int]:
    """Tags in the order of the file (or the usual one); integers are unknown tags by index."""
    if person.tag_order:
        order: list[str | int] = []
        unknown: dict[str, list[int]] = {}
        for i, kept in enumerate(person.unknown_tags):
            unknown.setdefault(kept.name, []).append(i)
        seen: set[str] = set()
        for name in person.tag_order:
            # The first of a known name is the known one unless it was kept as unknown itself.
            if unknown.get(name) and (name not in TAGS or name in seen or _is_kept(name, person)):
                order.append(unknown[name].pop(0))
            else:
                order.append(name)
            seen.add(name)
        placed = {x for x in order if isinstance(x, str)}
        for tag in TAGS:
            if tag not in placed and _has_value(tag, person, texts):
                before = [t for t in TAGS[: TAGS.index(tag)] if t in placed]
                order.insert(order.index(before[-1]) + 1 if before else 0, tag)
                placed.add(tag)
        left = [i for indexes in unknown.values() for i in indexes]
        return order + left
    order = list(TAGS)
    for i, kept in enumerate(person.unknown_tags):
        names = [t if isinstance(t, str) else person.unknown_tags[t].name for t in order]
        at = len(order)
        if kept.after in names:
            at = len(names) - names[::-1].index(kept.after)
        order.insert(at, i)
    return order


def _is_kept(name: str, person: PersonFile) -> bool:
    """True if the only tag of this known name was not understood and kept as unknown."""
    kept = sum(tag.name == name for tag in person.unknown_tags)
    return kept >= person.tag_order.count(name)


def _has_value(tag: str, person: PersonFile, texts: dict[str, str]) -> bool:
    if tag == FAMILY:
        return bool(person.family)
    if tag == PICTURE:
        return person.picture is not None
    return bool(texts[tag])


def _unknown(xml: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


def write_lrmx(person: PersonFile) -> bytes:
    """The person as an .lrmx form (UTF-8 with BOM, CRLF, as the form's own program writes).

    Reading it again gives an equal `PersonFile`: texts that still say their value stay word for
    word, unknown tags and the order of tags are kept. A person that was not read from a form
    gets the usual tags in the usual order; a résumé is composed from posts and studies.
    """
    texts = _texts(person)
    root = etree.Element(ROOT, person.attributes.get(ROOT, {}))
    for entry in _order(person, texts):
        if isinstance(entry, int):
            root.append(_unknown(person.unknown_tags[entry].xml))
            continue
        if entry == FAMILY:
            element = _family(person.family)
        else:
            element = etree.Element(entry)
            if entry == PICTURE:
                element.text = base64.b64encode(person.picture or b"").decode("ascii")
            else:
                element.text = texts.get(entry, "")
        for name, value in person.attributes.get(entry, {}).items():
            element.set(name, value)
        root.append(element)
    _indent(root)
    body = etree.tostring(root, encoding="unicode")
    return f'\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n{body}'.encode()


def _indent(root: etree._Element) -> None:
    """One tag a line; only the blanks between tags are touched, never a text."""
    root.text = "\r\n  "
    for element in root:
        last = element.getnext() is None
        element.tail = "\r\n" if last else "\r\n  "
    if not len(root):
        root.text = None
