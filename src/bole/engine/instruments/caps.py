"""Caps and floors on grades: on one ballot, on the unit's result, and before a form is used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bole.engine.errors import Problem
from bole.engine.exact.figures import Base, is_count, not_a_count
from bole.engine.exact.numbers import exact, percent, say
from bole.engine.instruments.forms import CountCap
from bole.engine.text import Text, join


@dataclass(frozen=True, slots=True)
class Room:
    """The freedom that a cap leaves among `persons`: maximum = floor(p·n), minimum = ceil(p·n)."""

    cap: CountCap
    persons: int
    at_most: int | None
    at_least: int | None


def room(cap: CountCap, persons: int) -> Room:
    """The whole numbers behind the shares of a cap, for `persons` rated."""
    return Room(
        cap,
        persons,
        None if cap.at_most is None else math.floor(exact(cap.at_most) * persons),
        None if cap.at_least is None else math.ceil(exact(cap.at_least) * persons),
    )


def check_grades(
    caps: Sequence[CountCap], grades: Mapping[str, Any], persons: int, *, complete: bool = True
) -> list[Problem]:
    """What is wrong with the number of each grade given to `persons` persons.

    `complete`: every person must have a grade. Used for one ballot, and for the unit result with
    the number of persons per resulting grade. Empty = accepted.
    """
    broken = [
        not_a_count(Text(o, o), n) for o, n in grades.items() if n is not None and not is_count(n)
    ]
    if not is_count(persons):
        broken.append(not_a_count(Base.PERSONS.words, persons))
    absent = [o for o, n in grades.items() if n is None]
    absent += [o for cap in caps for o in cap.options if o not in grades]
    if broken:
        return broken
    if absent:
        return [
            Problem(
                "GRADE_MISSING",
                Text("未填写“{o}”的人数", 'The number of "{o}" is missing.').fill(
                    o="、".join(absent)
                ),
            )
        ]
    problems = []
    given = sum(grades.values())
    if given > persons or (complete and given < persons):
        problems.append(_incomplete(given, persons))
    for cap in caps:
        problems += _against(room(cap, persons), grades)
    return problems


def _incomplete(given: int, persons: int) -> Problem:
    if given > persons:
        text = Text("共{p}人，却评了{g}个等次。", "{g} grades are given for {p} persons.")
        return Problem("GRADES_TOO_MANY", text.fill(g=given, p=persons))
    lacks = persons - given
    text = Text(
        "{p}人中评了{g}人，缺{l}人的等次。",
        "{g} of {p} persons are graded; one grade is missing."
        if lacks == 1
        else "{g} of {p} persons are graded; {l} grades are missing.",
    )
    return Problem("GRADES_INCOMPLETE", text.fill(g=given, p=persons, l=lacks))


def _names(options: Sequence[str]) -> Text:
    if len(options) == 1:
        return Text(options[0], options[0])
    return Text(
        "、".join(options) + "合计",
        ", ".join(options[:-1]) + f" and {options[-1]} together",
    )


def _against(limits: Room, grades: Mapping[str, int]) -> list[Problem]:
    given = sum(grades.get(o, 0) for o in limits.cap.options)
    figures = {"names": _names(limits.cap.options), "g": given, "n": limits.persons}
    out = []
    if limits.at_most is not None and given > limits.at_most:
        text = Text(
            "{names}评了{g}个，{n}人中至多{k}个。", "{names}: {g} given, at most {k} of {n}."
        )
        out.append(Problem("OVER_CAP", text.fill(k=limits.at_most, **figures)))
    if limits.at_least is not None and given < limits.at_least:
        text = Text(
            "{names}评了{g}个，{n}人中至少{k}个。", "{names}: {g} given, at least {k} of {n}."
        )
        out.append(Problem("UNDER_FLOOR", text.fill(k=limits.at_least, **figures)))
    return out


def describe(caps: Sequence[CountCap], grades: Mapping[str, int], persons: int) -> Text:
    """How the grades given stand to every cap, in a sentence with its figures."""
    parts = []
    for cap in caps:
        limits = room(cap, persons)
        given = sum(grades.get(o, 0) for o in cap.options)
        text = Text("{names}{g}个，占{n}人的{p}", "{names}: {g} of {n} is {p}").fill(
            names=_names(cap.options), g=given, n=persons, p=percent(Fraction(given, persons))
        )
        if cap.at_most is not None:
            text += Text("，至多{k}个（{s}）", ", at most {k} ({s})").fill(
                k=limits.at_most, s=say(cap.at_most)
            )
        if cap.at_least is not None:
            text += Text("，至少{k}个（{s}）", ", at least {k} ({s})").fill(
                k=limits.at_least, s=say(cap.at_least)
            )
        parts.append(text)
    return join(parts)


def editor_warnings(caps: Sequence[CountCap], persons: int) -> list[Problem]:
    """Warns the editor of a form when the caps leave a unit of `persons` no freedom.

    A cap that allows nobody, a floor that forces somebody where the share is below one person, and
    caps that contradict each other. How small units are treated is the organisation's decision.
    """
    parts: list[Text] = []
    for cap in caps:
        limits = room(cap, persons)
        names = Text("、".join(cap.options), " or ".join(cap.options))
        if limits.at_most == 0 and cap.at_most is not None and exact(cap.at_most) > 0:
            parts.append(Text("无人可评{o}", "nobody may get {o}").fill(o=names))
        if cap.at_least is not None and 0 < exact(cap.at_least) * persons < 1:
            parts.append(Text("须有1人评为{o}", "one person must get {o}").fill(o=names))
    if not parts:
        return []
    text = Text("{n}人时", "With {n} persons ").fill(n=persons) + join(parts, "，且", " and ")
    text += Text(
        "。请先定人数少的单位如何处理，再使用本表。",
        ". Decide how small units are treated before the form is used.",
    )
    return [Problem("CAPS_LEAVE_NO_ROOM", text)]
