"""Recognising people: by ID number, then by name and month of birth; never by name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bole.engine.text import Text
from bole.people.models import Cadre, ImportItem


@dataclass(frozen=True)
class Known:
    """What recognising needs of a cadre on file."""

    pk: int
    name: str
    month: str  # "1973-08" or ""
    id_number: str | None


@dataclass
class Register:
    """Everybody on file, by ID number and by name."""

    by_id: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls) -> Register:
        register = cls()
        for pk, name, birth, id_number in Cadre.objects.order_by("pk").values_list(
            "pk", "name", "birth", "id_number"
        ):
            known = Known(pk, name, f"{birth:%Y-%m}" if birth else "", id_number)
            if id_number:
                register.by_id[id_number] = known
            register.by_name[name].append(known)
        return register


@dataclass(frozen=True)
class Recognised:
    """How a person of a file was recognised, in a sentence; `candidates` are keys of cadres."""

    match: str
    cadre: int | None
    reason: Text
    candidates: Sequence[int] = ()


def recognise(fields: dict[str, Any], register: Register) -> Recognised:
    """Whom on file the fields of one person mean.

    Same ID number and same name → that cadre; same ID number with another name is asked. Else
    name and month of birth: exactly one cadre, and no two different ID numbers → that cadre;
    several, or two different ID numbers → asked. A namesake with another month of birth is
    another person. A name without a month of birth and without an ID number is asked if there is
    a namesake, for a name alone proves nothing.
    """
    name, number = fields.get("name", ""), fields.get("id_number")
    month = (fields.get("birth") or "")[:7]
    namesakes = register.by_name.get(name, [])
    if number and number in register.by_id:
        known = register.by_id[number]
        if known.name == name:
            return Recognised(
                ImportItem.Match.SAME, known.pk, Text("身份证号一致", "same ID number")
            )
        text = Text(
            "身份证号与在册的{known}相同，但姓名为{name}，请核对",
            "the ID number is that of {known} on file, but the name is {name}: check it",
        )
        return Recognised(
            ImportItem.Match.ASK, None, text.fill(known=known.name, name=name), (known.pk,)
        )
    twins = [k for k in namesakes if month and k.month == month]
    contrary = [k for k in twins if number and k.id_number and k.id_number != number]
    if len(twins) == 1 and not contrary:
        return Recognised(
            ImportItem.Match.SAME,
            twins[0].pk,
            Text("姓名和出生年月一致", "same name and month of birth"),
        )
    if contrary and len(twins) == 1:
        text = Text(
            "与在册的{name}姓名、出生年月相同，但身份证号不同，请确认是否为同一人",
            "same name and month of birth as {name} on file, but another ID number: is it the "
            "same person?",
        )
        return Recognised(ImportItem.Match.ASK, None, text.fill(name=name), (twins[0].pk,))
    if twins:
        text = Text(
            "在册有{count}名{name}姓名和出生年月都相同，请选择",
            "{count} cadres on file have this name and month of birth: choose",
        )
        return Recognised(
            ImportItem.Match.ASK,
            None,
            text.fill(count=len(twins), name=name),
            [k.pk for k in twins],
        )
    unsure = [k for k in namesakes if not month or not k.month]
    if unsure and not (number and all(k.id_number for k in unsure)):
        text = Text(
            "在册有同名的{name}，但缺少出生年月或身份证号，仅凭姓名不能认定，请选择",
            "there is a namesake {name} on file, but a month of birth or an ID number is missing; "
            "a name alone proves nothing: choose",
        )
        return Recognised(ImportItem.Match.ASK, None, text.fill(name=name), [k.pk for k in unsure])
    if namesakes:
        text = Text(
            "在册有{count}名同名干部，出生年月或身份证号不同，按新人处理，不改动同名者",
            "{count} namesakes on file have another birth or ID number; taken as a new person, "
            "the namesakes stay untouched",
        )
        return Recognised(
            ImportItem.Match.NEW,
            None,
            text.fill(count=len(namesakes)),
            [k.pk for k in namesakes],
        )
    return Recognised(ImportItem.Match.NEW, None, Text("不在册", "not on file"))
