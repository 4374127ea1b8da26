"""Who is it? By identity number, then by name and birth month; never by name alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.text import Text

from .dates import PartialDate, parse_date
from .identity import read_id
from .record import PersonFile
from .words import read_name

Outcome = Literal["id_number", "name_and_birth", "ambiguous", "new"]


@dataclass(frozen=True, slots=True)
class Match:
    """`outcome` and the keys of the stored people it means.

    "id_number" and "name_and_birth": exactly one key, the same person. "ambiguous": a person must
    choose among `keys` (or say that it is somebody new). "new": nobody stored; `namesakes` bear
    the same name and are other people.
    """

    outcome: Outcome
    keys: tuple[Any, ...]
    text: Text
    namesakes: tuple[Any, ...] = ()


def _birth(value: Any) -> PartialDate | None:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, datetime.date):
        return PartialDate(value.year, value.month, value.day)
    return parse_date(value) if isinstance(value, str) else None


def _valid_id(value: Any) -> str | None:
    identity = read_id(value) if isinstance(value, str) and value else None
    return identity.number if identity and identity.valid else None


def _label(read: PersonFile) -> str:
    return read.name or "？"


def match(read: PersonFile, candidates: Iterable[Mapping[str, Any]]) -> Match:
    """Find the stored person that `read` is about.

    `candidates`: mappings with `key` (anything), `name`, `birth` (date, text or `PartialDate`)
    and `id_number`; those that share the name or the number suffice, so that a caller with many
    people asks its index for them. Valid 15- and 18-digit numbers of one person are equal. A
    namesake with another birth month, or with another valid number, is another person and is
    never touched.
    """
    people = list(candidates)
    number = _valid_id(read.id_number)
    same_name = [c for c in people if read_name(str(c.get("name") or "")) == read.name]
    if number:
        by_number = [c for c in people if _valid_id(c.get("id_number")) == number]
        if by_number:
            return _by_number(read, number, by_number)
    birth = read.birth
    same_birth = []
    for candidate in same_name:
        stored_birth = _birth(candidate.get("birth"))
        if birth and stored_birth and stored_birth.same_month(birth):
            same_birth.append(candidate)
    # Two different valid numbers are two people, however much else agrees.
    possible = [c for c in same_birth if not (number and _valid_id(c.get("id_number")))]
    if len(possible) == 1:
        return Match(
            "name_and_birth",
            (possible[0]["key"],),
            Text(
                "按姓名{name}和出生年月{birth}认定", "recognised by name {name} and birth {birth}"
            ).fill(name=_label(read), birth=birth and birth.month_only()),
        )
    if possible:
        return Match(
            "ambiguous",
            tuple(c["key"] for c in possible),
            Text(
                "库中有{count}人同名{name}且同为{birth}出生，请选定",
                "{count} stored people are named {name} and born {birth}; please choose",
            ).fill(count=len(possible), name=_label(read), birth=birth and birth.month_only()),
        )
    unclear = [c for c in same_name if birth is None or _birth(c.get("birth")) is None]
    unclear = [c for c in unclear if not (number and _valid_id(c.get("id_number")))]
    if unclear:
        return Match(
            "ambiguous",
            tuple(c["key"] for c in unclear),
            Text(
                "库中有同名的{name}，但出生年月不全，仅凭姓名不能认定，请选定或作为新人",
                "there is a stored {name}, but a birth month is missing; nobody is recognised by"
                " name alone, please choose or add a new person",
            ).fill(name=_label(read)),
        )
    return _new(read, same_name)


def _by_number(read: PersonFile, number: str, found: list[Mapping[str, Any]]) -> Match:
    keys = tuple(c["key"] for c in found)
    if len(found) > 1:
        return Match(
            "ambiguous",
            keys,
            Text(
                "库中有{count}人身份证号同为{number}，请选定",
                "{count} stored people have identity number {number}; please choose",
            ).fill(count=len(found), number=number),
        )
    name = read_name(str(found[0].get("name") or ""))
    if name != read.name:
        return Match(
            "ambiguous",
            keys,
            Text(
                "身份证号{number}相同，姓名却不同（文件：{read}，库中：{stored}），请确认是否同一人",
                "identity number {number} is the same, but the names differ (file: {read}, stored:"
                " {stored}); please say whether it is one person",
            ).fill(number=number, read=_label(read), stored=name),
        )
    return Match(
        "id_number",
        keys,
        Text("按身份证号{number}认定", "recognised by identity number {number}").fill(
            number=number
        ),
    )


def _new(read: PersonFile, same_name: list[Mapping[str, Any]]) -> Match:
    if not same_name:
        text = Text("库中没有{name}，将作为新人", "{name} is not stored yet and would be added")
    else:
        text = Text(
            "库中有{count}个同名的{name}，出生年月或身份证号不同，是另外的人；将作为新人",
            "{count} stored people are named {name} but differ in birth month or identity number:"
            " other people; this one would be added",
        )
    return Match(
        "new",
        (),
        text.fill(name=_label(read), count=len(same_name)),
        tuple(c["key"] for c in same_name),
    )
