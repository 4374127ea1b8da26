"""Writing .lrmx back. What was not changed since it was read is written word for word."""

from __future__ import annotations

import base64

from lxml import etree

from .appraisals import read_appraisals
from .assemble import DATES, EDUCATION, EDUCATION_PARTS, PLAIN, assemble, same_date
from .dates import PartialDate
from .education import split_school
from .lrmx import FAMILY, FAMILY_PARTS, PICTURE, ROOT, TAGS
from .record import COMMUNIST, Education, FamilyRow, PersonFile
from .resume import compose_resume
from .words import pad_name, read_degree, read_level, unescape_by_hand

VERSION = "3.2.1.6"
_LEVEL_ON_FORM = {"本科": "大学", "专科": "大专"}


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


#: The values that each tag says; a tag whose values were not changed keeps its words.
_SAYS: dict[str, tuple[str, ...]] = {
    "XingMing": ("name",),
    "XingBie": ("sex",),
    "ChuShengNianYue": ("birth",),
    "MinZu": ("ethnicity",),
    "RuDangShiJian": ("parties",),
    "ShenFenZheng": ("id_number",),
    **{tag: (attribute,) for tag, attribute in DATES.items()},
    **{tag: (attribute,) for tag, attribute in PLAIN.items()},
}


def _texts(person: PersonFile) -> dict[str, str]:
    """Every text of the form: the words that were read where they still say the value."""
    kept = person.texts
    read = assemble(kept, [], "lrmx")  # what the kept words say
    fresh: dict[str, str] = {
        "XingMing": pad_name(person.name),
        "XingBie": person.sex or "",
        "ChuShengNianYue": person.birth.yyyymm if person.birth else "",
        "MinZu": person.ethnicity or "",
        "RuDangShiJian": _compose_party(person),
        "ShenFenZheng": person.id_number or "",
        **{tag: _compact(getattr(person, attribute)) for tag, attribute in DATES.items()},
        **{tag: getattr(person, attribute) or "" for tag, attribute in PLAIN.items()},
    }
    out: dict[str, str] = {}
    for tag, attributes in _SAYS.items():
        # A value derived from another field ("sex" from the number) leaves its own tag empty.
        same = all(getattr(read, a) == getattr(person, a) for a in attributes)
        out[tag] = kept.get(tag, "") if same else fresh[tag]
    for prefix, attribute in EDUCATION.items():
        before: Education | None = getattr(read, attribute)
        now: Education | None = getattr(person, attribute)
        for part in EDUCATION_PARTS:
            tag = f"{prefix}_{part}"
            same = _course(before) == _course(now)
            out[tag] = kept.get(tag, "") if same else _education_text(part, now)
    if "JianLi" in kept and _rows(read) == _rows(person):
        out["JianLi"] = kept["JianLi"]
    else:
        out["JianLi"] = compose_resume(person.posts, person.studies)
    text = kept.get("NianDuKaoHeJieGuo", "")
    if text and _appraisals_kept(text, person):
        out["NianDuKaoHeJieGuo"] = text
    else:
        out["NianDuKaoHeJieGuo"] = _compose_appraisals(person)
    if not out["Version"] and not person.tag_order:
        out["Version"] = VERSION
    return out


def _course(education: Education | None) -> tuple[str | None, ...] | None:
    """What an education says, without the months, which are the résumé's."""
    if education is None:
        return None
    return (
        education.level,
        education.degree,
        education.school,
        education.major,
        education.level_text,
        education.degree_text,
    )


def _rows(person: PersonFile) -> tuple[list[tuple[object, ...]], ...]:
    """Posts and studies as the résumé text says them; how units were split does not matter."""
    return (
        [(p.start, p.end, p.text, p.nested) for p in person.posts],
        [(s.start, s.end, s.text, s.nested) for s in person.studies],
    )


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
