"""Who is related to whom, and which posts or tasks they may not hold together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from bole.engine.procedures.context import PersonId
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.vetting.kinship import CLASSES, Kin, back, joined, kin_class, path

SUPERVISING = ("组织", "人事", "纪检", "纪委", "监察", "审计", "财务")

# What may follow for two relatives: an inspector leaves the group; two posts are barred.
Rule = Literal["leaves_group", "superior", "same_superior", "supervises", "related"]


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place: the unit, and what the post is there."""

    unit: int | None
    title: str = ""
    leading: bool = False
    head: bool = False


@dataclass(frozen=True, slots=True)
class Someone:
    """A person whose relations are looked at. `file` False: no cadre file, so nothing is known."""

    person: PersonId
    name: str
    seat: Seat | None = None
    inspects: bool = False
    file: bool = True


@dataclass(frozen=True, slots=True)
class Relative:
    """One recorded relation of `of`; `to` None when the relative has no cadre file."""

    of: PersonId
    kinship: str
    name: str
    to: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Two persons (or one, with nothing on file), how they are related, what follows."""

    persons: tuple[PersonId, ...]
    verdict: Verdict  # NOT_MET: avoidance; UNKNOWN: cannot be told; MET: related, not barred
    text: Text
    kin: Kin | None = None
    rule: Rule | None = None
    relation: Text | None = None


def bar(a: Seat | None, b: Seat | None) -> tuple[Verdict, Rule | None]:
    """Whether relatives may hold both posts: never one above the other, nor under one superior.

    Without a unit on file, or among posts without leadership in one unit, it is UNKNOWN.
    """
    if a is None or b is None or a.unit is None or b.unit is None:
        return Verdict.UNKNOWN, None
    if a.unit != b.unit:
        return Verdict.MET, None
    for one, other in ((a, b), (b, a)):
        if one.head:
            return Verdict.NOT_MET, "superior"
        if one.leading and any(word in other.title for word in SUPERVISING):
            return Verdict.NOT_MET, "supervises"
    if a.leading and b.leading:
        return Verdict.NOT_MET, "same_superior"
    return Verdict.UNKNOWN, "same_superior"


def findings(people: Sequence[Someone], relatives: Iterable[Relative]) -> list[Finding]:
    """Every relation among the people, direct or over one common relative, and what follows.

    Persons without a file or without recorded relatives are UNKNOWN: silence is no clearance. A
    relative of the same name without a file is UNKNOWN until somebody says who it is.
    """
    rows = list(relatives)
    by_person: dict[PersonId, list[Relative]] = {}
    for row in rows:
        by_person.setdefault(row.of, []).append(row)
    found: list[Finding] = []
    for one in people:
        if not one.file:
            found.append(_nothing(one, _NO_FILE))
        elif not by_person.get(one.person):
            found.append(_nothing(one, _NO_ROWS))
    for a, b in combinations(people, 2):
        found += _pair(a, b, by_person)
    order = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}
    return sorted(found, key=lambda f: order[f.verdict])


_NO_FILE = Text(
    "{name}没有关联的干部档案，亲属关系无法核对，请由本人书面报告",
    "{name} has no cadre file; relations cannot be checked: ask for a written statement",
)
_NO_ROWS = Text(
    "{name}没有登记家庭成员，亲属关系无法核对，请补充",
    "no relatives of {name} are on file; relations cannot be checked: complete the file",
)
_SAME_NAME = Text(
    "{a}的{k}与{b}同名，是否同一人尚未确认",
    "the {k} of {a} has the same name as {b}: it is not confirmed whether they are one person",
)
_STRANGE = Text(
    "{a}与{b}之间登记的称谓“{k}”无法归类，请人工判断",
    "“{k}”, recorded between {a} and {b}, belongs to no known kinship: a person decides",
)
_OUTSIDE = Text(
    "{a}与{b}有亲属关系（{r}），不属于应当回避的范围",
    "{a} and {b} are related ({r}), outside the classes of avoidance",
)
_WHY: dict[Rule, Text] = {
    "leaves_group": Text("考察组成员应当回避", "the member leaves the inspection group"),
    "superior": Text("不得有直接上下级领导关系", "not as direct superior and subordinate"),
    "same_superior": Text(
        "不得同在一个领导班子、由同一领导直接领导", "not under the same direct superior"
    ),
    "supervises": Text(
        "一方任领导职务的，另一方不得从事组织人事、纪检监察、审计、财务工作",
        "where one leads, the other does no personnel, discipline, audit or finance work",
    ),
    "related": Text("不在同一单位任职", "they do not serve in one unit"),
}
_UNKNOWN_SEAT = Text(
    "任职单位或领导关系未登记，能否同时任职请人工判断",
    "unit or line of command is not on file: a person decides whether both may serve",
)


def _nothing(one: Someone, text: Text) -> Finding:
    return Finding((one.person,), Verdict.UNKNOWN, text.fill(name=one.name))


def _pair(
    a: Someone, b: Someone, by_person: Mapping[PersonId, Sequence[Relative]]
) -> list[Finding]:
    ties, strange = _ties(a, b, by_person)
    found = [Finding((a.person, b.person), Verdict.UNKNOWN, text) for text in strange]
    classed = [(steps, said, kin_class(steps)) for steps, said in ties]
    near = next((t for t in classed if t[2]), None)
    if near:
        found.append(_judged(a, b, near[2] or "spouse", near[1]))
    elif classed:
        said = classed[0][1]
        text = _OUTSIDE.fill(a=a.name, b=b.name, r=said)
        found.append(Finding((a.person, b.person), Verdict.MET, text, None, None, said))
    return found


def _judged(a: Someone, b: Someone, kin: Kin, said: Text) -> Finding:
    rule: Rule | None
    if a.inspects != b.inspects:
        verdict, rule = Verdict.NOT_MET, "leaves_group"
    else:
        verdict, rule = bar(a.seat, b.seat)
    why = _UNKNOWN_SEAT if verdict is Verdict.UNKNOWN else _WHY[rule or "related"]
    text = Text("{a}与{b}为{c}（{r}）：{w}", "{a} and {b}: {c} ({r}); {w}").fill(
        a=a.name, b=b.name, c=CLASSES[kin], r=said, w=why
    )
    return Finding((a.person, b.person), verdict, text, kin, rule, said)


def _ties(
    a: Someone, b: Someone, by_person: Mapping[PersonId, Sequence[Relative]]
) -> tuple[list[tuple[str, Text]], list[Text]]:
    """Paths from a to b with the words for them, and what could not be classed."""
    ties: list[tuple[str, Text]] = []
    strange: list[Text] = []
    for one, other in ((a, b), (b, a)):
        for row in by_person.get(one.person, ()):
            if row.to == other.person:
                steps = path(row.kinship)
                if steps is None:
                    strange.append(_STRANGE.fill(a=one.name, b=other.name, k=row.kinship))
                else:
                    said = Text("{b}是{a}的{k}", "{b} is {k} of {a}")
                    said = said.fill(a=one.name, b=other.name, k=row.kinship)
                    ties.append((steps if one is a else back(steps), said))
            elif row.to is None and row.name == other.name:
                strange.append(_SAME_NAME.fill(a=one.name, b=other.name, k=row.kinship))
    if not ties:
        for mine in by_person.get(a.person, ()):
            for theirs in by_person.get(b.person, ()):
                if mine.to is None or mine.to != theirs.to:
                    continue
                first, second = path(mine.kinship), path(theirs.kinship)
                if first is None or second is None:
                    continue
                said = Text("{x}是{a}的{k}、{b}的{l}", "{x} is {k} of {a} and {l} of {b}").fill(
                    x=mine.name, a=a.name, k=mine.kinship, b=b.name, l=theirs.kinship
                )
                ties.append((joined(first, back(second)), said))
    return ties, strange
