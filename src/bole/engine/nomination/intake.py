"""Intake of recommendations (推荐件受理): every failing at once, in the order of the form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join

Day = datetime.date
Scope = Literal["whole_area", "own_unit", "own_system", "own_unit_or_system", "other_unit"]

SCOPES: dict[str, Text] = {
    "whole_area": Text("全区范围", "the whole area"),
    "own_unit": Text("本单位（{unit}）", "{unit}"),
    "own_system": Text("本系统（{unit}）", "the system of {unit}"),
    "own_unit_or_system": Text("本单位、本系统（{unit}）", "{unit} and its system"),
    "other_unit": Text("本单位（{unit}）以外", "units other than {unit}"),
}


class RecommenderClass(Model):
    """Offices with one right: whom they may recommend."""

    title: Name
    offices: tuple[Id, ...]
    scope: Scope = "whole_area"


class IntakeRules(Model):
    """What a recommendation must carry to be accepted.

    `classes` empty = anyone may recommend. `fields`: the form's required items. `signatures`: the
    roles that sign; with `two_people` they are different persons. `kin`: relations that bar, by the
    words of the declaration form. `names`: how many names a form gives (`exact`, or at most).
    `joint_least`: fewest people who sign a joint nomination, the nominee not counted. `outside`: at
    least so many from outside the recommender's unit, in principle (a warning).
    """

    kind: Literal["intake"] = "intake"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    written: bool = True
    classes: dict[Id, RecommenderClass] = {}
    fields: dict[Id, Name] = {}
    signatures: dict[Id, Name] = {}
    two_people: bool = False
    seal: bool = False
    minutes: bool = False
    kin: dict[Id, Name] = {}
    names: int | None = Field(default=None, ge=1)
    names_at_most: bool = False
    joint_least: int | None = Field(default=None, ge=2)
    outside: int = Field(default=0, ge=0)
    sole_reference: bool = False
    types: tuple[Name, ...] = ()
    note: Name | None = None


@dataclass(frozen=True)
class Recommender:
    """Who recommends. `suspended`: first and last day of a suspension of the right."""

    id: str
    office: str | None
    unit: str | None
    system: str | None = None
    suspended: tuple[Day, Day] | None = None


@dataclass(frozen=True)
class Form:
    """A recommendation as it came in. `fields` are the items that are filled; `signatures` by role.

    `relation` is what was declared or found: None = nobody has said. `names` are all nominees of
    the form with their units; `signers` those of a joint nomination.
    """

    id: str
    written: bool
    fields: frozenset[str]
    signatures: Mapping[str, str | None] = field(default_factory=dict)
    seal: bool = False
    minutes: bool = False
    by: Recommender | None = None
    candidate: str | None = None
    candidate_unit: str | None = None
    candidate_system: str | None = None
    relation: str | None = None
    names: tuple[tuple[str, str | None], ...] = ()
    signers: tuple[str, ...] = ()
    received: Day | None = None
    due: Day | None = None


REMARKS = frozenset({"REC_KIN_UNKNOWN", "REC_UNIT_UNKNOWN", "REC_OUTSIDE"})


@dataclass(frozen=True)
class Examined:
    """Accepted or refused with every code; remarks do not refuse, but the review may wait."""

    form: str
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses the form."""
        return all(p.code in REMARKS for p in self.problems)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the checks."""
        return tuple(p.code for p in self.problems)

    @property
    def review_waits(self) -> bool:
        """Whether the review waits for a declaration or a unit that is not on file."""
        return self.accepted and any(c in REMARKS - {"REC_OUTSIDE"} for c in self.codes)

    @property
    def text(self) -> Text:
        """What the sender is told."""
        state = Text("受理", "accepted") if self.accepted else Text("不予受理", "refused")
        said = join([state, *(p.text for p in self.problems)])
        return Text("{f}：{s}", "{f}: {s}").fill(f=self.form, s=said)


def examine(rules: IntakeRules, form: Form) -> Examined:
    """Run the checks in their order; an oral recommendation is refused and nothing else is asked.

    Order: written form → fields → signatures → seal and minutes → recommender entitled, in scope,
    not suspended → kinship → names and quota → window.
    """
    if rules.written and not form.written:
        text = Text("只受理书面署名推荐", "only a written, signed form can be accepted")
        return Examined(form.id, (Problem("REC_ORAL", text),))
    problems = [
        *_fields(rules, form),
        *_signatures(rules, form),
        *_proof(rules, form),
        *_right(rules, form),
        *_kinship(rules, form),
        *_names(rules, form),
        *_window(form),
    ]
    return Examined(form.id, tuple(problems))


def may_review(form: Form, reviewer: str) -> Problem | None:
    """REVIEW_SAME when the reviewer recommended or signed for the same name; else None."""
    own = {form.by.id if form.by else None, *form.signers, *form.signatures.values()}
    if reviewer not in own:
        return None
    text = Text(
        "{r}参与了推荐，不能再审核同一人选", "{r} recommended this name and cannot review it"
    ).fill(r=reviewer)
    return Problem("REVIEW_SAME", text)


def _fields(rules: IntakeRules, form: Form) -> list[Problem]:
    missing = [title for name, title in rules.fields.items() if name not in form.fields]
    if not missing:
        return []
    text = Text("缺：{zh}", "missing: {en}").fill(
        zh="、".join(t.zh for t in missing), en=", ".join(t.en for t in missing)
    )
    return [Problem("REC_FIELD", text)]


def _signatures(rules: IntakeRules, form: Form) -> list[Problem]:
    found = [
        Problem("REC_SIGN", Text("缺{r}签字", "signature of the {r} missing").fill(r=title))
        for role, title in rules.signatures.items()
        if not form.signatures.get(role)
    ]
    # One code however many signatures are missing; the sentence names them all.
    if len(found) > 1:
        found = [Problem("REC_SIGN", join([p.text for p in found]))]
    signed = [form.signatures.get(role) for role in rules.signatures]
    given = [name for name in signed if name]
    if rules.two_people and len(set(given)) < len(given):
        roles = list(rules.signatures.values())
        text = Text("{zh}不能由同一人签字", "one person cannot sign in both roles: {en}").fill(
            zh="、".join(r.zh for r in roles), en=" and ".join(r.en for r in roles)
        )
        found.append(Problem("SIG_SAME", text))
    if rules.joint_least is not None and form.signers:
        people = {name for name in form.signers if name != form.candidate}
        if len(people) < rules.joint_least:
            text = Text(
                "联名{n}人（不含被推荐人），须{m}人以上，还缺{d}人",
                "{n} people signed (the nominee not counted), at least {m} are wanted: {d} missing",
            ).fill(n=len(people), m=rules.joint_least, d=rules.joint_least - len(people))
            found.append(Problem("REC_JOINT", text))
    return found


def _proof(rules: IntakeRules, form: Form) -> list[Problem]:
    found = []
    if rules.seal and not form.seal:
        found.append(Problem("REC_SEAL", Text("缺党组织印章", "the organisation seal is missing")))
    if rules.minutes and not form.minutes:
        text = Text("缺会议记录", "the minutes of the meeting are missing")
        found.append(Problem("REC_MINUTES", text))
    return found


def _right(rules: IntakeRules, form: Form) -> list[Problem]:
    if not rules.classes:
        return []
    by = form.by
    office = by.office if by else None
    right = next((c for c in rules.classes.values() if office in c.offices), None)
    if by is None or right is None:
        text = Text(
            "{office}不在本办法规定的推荐主体之内",
            "{office} is not among the recommenders of this scheme",
        ).fill(office=office or (by.id if by else "—"))
        return [Problem("REC_ENTITLED", text)]
    found = []
    if right.scope != "whole_area":
        found += _scope(right.scope, by, form)
    if by.suspended and form.received and by.suspended[0] <= form.received <= by.suspended[1]:
        text = Text("推荐权暂停至{d}", "the right to recommend is suspended until {d}").fill(
            d=by.suspended[1]
        )
        found.append(Problem("REC_SUSPENDED", text))
    return found


def _scope(scope: Scope, by: Recommender, form: Form) -> list[Problem]:
    if form.candidate_unit is None or by.unit is None:
        text = Text(
            "被推荐人单位未填，推荐范围待核", "the candidate's unit is missing; scope is open"
        )
        return [Problem("REC_UNIT_UNKNOWN", text)]
    same_unit = form.candidate_unit == by.unit
    same_system = by.system is not None and form.candidate_system == by.system
    fits = {
        "own_unit": same_unit,
        "own_system": same_unit or same_system,
        "own_unit_or_system": same_unit or same_system,
        "other_unit": not same_unit,
    }[scope]
    if fits:
        return []
    text = Text(
        "只能在{scope}推荐，被推荐人在{unit}工作",
        "you may recommend within {scope}; the candidate works in {unit}",
    ).fill(scope=SCOPES[scope].fill(unit=by.unit), unit=form.candidate_unit)
    return [Problem("REC_SCOPE", text)]


def _kinship(rules: IntakeRules, form: Form) -> list[Problem]:
    if not rules.kin:
        return []
    if form.relation is None:
        text = Text(
            "请声明与被推荐人的关系，审核待声明后进行",
            "please declare your relation before the review",
        )
        return [Problem("REC_KIN_UNKNOWN", text)]
    if form.relation in rules.kin:
        text = Text(
            "推荐人与被推荐人系{k}，不予受理",
            "recommender and candidate are {k}; this form cannot be accepted",
        ).fill(k=rules.kin[form.relation])
        return [Problem("REC_KIN", text)]
    return []


def _names(rules: IntakeRules, form: Form) -> list[Problem]:
    found = []
    people = [name for name, _ in form.names]
    twice = sorted({name for name in people if people.count(name) > 1})
    if twice:
        names = Text("、".join(twice), ", ".join(twice))
        found.append(
            Problem("REC_TWICE", Text("{n}被推荐两次", "{n} is named twice").fill(n=names))
        )
    if rules.names is not None and people:
        wrong = len(people) > rules.names if rules.names_at_most else len(people) != rules.names
        if wrong:
            text = Text("推荐{n}人，{word}{m}人", "{n} names given, {word} {m}").fill(
                n=len(people),
                m=rules.names,
                word=Text("至多", "at most") if rules.names_at_most else Text("须为", "wanted"),
            )
            found.append(Problem("REC_QUOTA", text))
    if rules.outside and people and form.by is not None:
        units = [unit for _, unit in form.names]
        outside = sum(unit is not None and unit != form.by.unit for unit in units)
        if outside < rules.outside and None not in units:
            text = Text(
                "没有推荐足够的本单位以外人选（{n}/{m}），原则上应有，继续须说明理由",
                "{n} of {m} from outside your unit is named; in principle wanted, give the reason",
            ).fill(n=outside, m=rules.outside)
            found.append(Problem("REC_OUTSIDE", text))
    return found


def _window(form: Form) -> list[Problem]:
    if form.due is None or form.received is None or form.received <= form.due:
        return []
    text = Text("{d}截止，{r}收到", "due {d}, received {r}").fill(d=form.due, r=form.received)
    return [Problem("REC_LATE", text)]
