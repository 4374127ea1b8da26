"""Forms as data: what a ballot, questionnaire or rating form asks, and how it may be filled."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from bole.engine.exact.numbers import Quantity, exact, say
from bole.engine.procedures.base import Model, Name
from bole.engine.text import Text


class ItemKind(StrEnum):
    """The item kinds of BAL-1."""

    NOMINATE = "nominate"
    AGREE = "agree"
    GRADE = "grade"
    POINTS = "points"
    REVERSE = "reverse"
    TICK = "tick"
    TEXT = "text"


class OverPick(StrEnum):
    """What an over-picked, unreadable or contradictory answer voids. No default in the sources."""

    VOID_BALLOT = "void_ballot"
    VOID_CATEGORY = "void_category"


class Option(Model):
    """One box. `points`: its worth; `knows`: false for 不了解; `problem`: marks a problem."""

    id: str
    text: Name | None = None
    points: Quantity | None = None
    knows: bool = True
    problem: bool = False
    reason_required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"id": value, "text": value} if isinstance(value, str) else value

    @property
    def label(self) -> Text:
        """The words on the form."""
        return self.text or Text(self.id, self.id)


REVERSE = (
    Option(id="absent", text=Text("不存在", "absent")),
    Option(id="to_some_extent", text=Text("一定程度存在", "to some extent"), problem=True),
    Option(id="present", text=Text("存在", "present"), problem=True),
    Option(id="do_not_know", text=Text("不了解", "do not know"), knows=False),
)
AGREE = (
    Option(id="agree", text=Text("同意", "agree")),
    Option(id="disagree", text=Text("不同意", "disagree")),
    Option(id="abstain", text=Text("弃权", "abstain")),
)


class Category(Model):
    """A category of a nomination ballot, such as 正职 1 and 副职 3. `max_picks: posts` follows the
    number of posts of the campaign; null is open."""

    id: str
    text: Name | None = None
    max_picks: int | Literal["posts"] | None = None
    min_picks: int = 0


class Item(Model):
    """One question. `per_subject`: answered for each person or team that the ballot lists."""

    id: str
    kind: ItemKind
    text: Name | None = None
    options: tuple[Option, ...] = ()
    categories: tuple[Category, ...] = ()
    max_picks: int | Literal["posts"] | None = None
    min_picks: int = 0
    max_points: Quantity | None = None
    step: Quantity | None = None
    required: bool = False
    per_subject: bool = True
    applies_to: Literal["teams", "persons", "both"] = "both"
    reason_required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        if isinstance(value, dict) and not value.get("options"):
            standard = {"reverse": REVERSE, "agree": AGREE}.get(str(value.get("kind")))
            # A list that a parameter still leaves open is empty until it is filled in.
            return {**value, "options": standard or ()}
        return value

    @model_validator(mode="after")
    def _whole(self) -> Item:
        _unique("option", self.id, [o.id for o in self.options])
        _unique("category", self.id, [c.id for c in self.categories])
        if self.kind is ItemKind.GRADE and len(self.options) == 1:
            raise ValueError("等次项至少两个选项 / a grade item needs two options or more")
        if self.categories and self.kind is not ItemKind.NOMINATE:
            raise ValueError("仅推荐项可分类别 / only a nominate item has categories")
        if self.max_points is not None and exact(self.max_points) < 0:
            raise ValueError("max_points 小于0 / max_points is below 0")
        return self

    @property
    def label(self) -> Text:
        """The words of the question."""
        return self.text or Text(self.id, self.id)

    def needs_reason(self, option: Option) -> bool:
        """Whether whoever chooses `option` must say why."""
        return self.reason_required or option.reason_required

    def limits(self, posts: int | None) -> tuple[Category, ...]:
        """The categories with `max_picks` as numbers; one nameless category if there are none."""
        categories = self.categories or (
            Category(id=self.id, max_picks=self.max_picks, min_picks=self.min_picks),
        )
        return tuple(
            c.model_copy(update={"max_picks": posts}) if c.max_picks == "posts" else c
            for c in categories
        )


class CountCap(Model):
    """How many of the persons rated may (`at_most`) or must (`at_least`) get one of `options`.

    `level` each_ballot: on every ballot; unit_result: on the grades that result for the unit. Not
    stated by 373.2, so null must be settled before use.
    """

    options: tuple[str, ...] = Field(min_length=1)
    at_most: Quantity | None = None
    at_least: Quantity | None = None
    level: Literal["each_ballot", "unit_result"] | None = None

    @model_validator(mode="after")
    def _shares(self) -> CountCap:
        for value in (self.at_most, self.at_least):
            if value is not None and not 0 <= exact(value) <= 1:
                raise ValueError("须为0至100%的比例 / a share from 0 to 100%")
        return self


class InstrumentForm(Model):
    """A form of one version. Anonymous and signed forms are different forms, clearly marked.

    `over_pick`, `blank_item`: null = the scheme must settle it. `points_total`: what the points of
    all indicators must add to. `open_lists`: item or option lists that the source does not print;
    the organisation fills them in, the pack never invents them.
    """

    kind: Literal["form"] = "form"
    id: str
    version: str = "1"
    title: Name | None = None
    anonymous: bool | None = None
    applies_to: Literal["teams", "persons", "both"] = "persons"
    items: tuple[Item, ...] = ()
    caps: tuple[CountCap, ...] = ()
    over_pick: OverPick | None = None
    incomplete: Literal["refuse", "count_blank"] | None = None
    points_total: Quantity | None = None
    classes_shown: bool = True
    open_lists: tuple[str, ...] = ()
    text_before: Name | None = None
    effect_note: Name | None = None
    rhythm: str | None = None
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> InstrumentForm:
        _unique("item", self.id, [i.id for i in self.items])
        known = {o.id for i in self.items for o in i.options}
        for cap in self.caps:
            strange = [o for o in cap.options if o not in known]
            if strange:
                raise ValueError(
                    f"限额写了不存在的选项 {strange} / cap on unknown options {strange}"
                )
        points = [i.max_points for i in self.items if i.kind is ItemKind.POINTS]
        given = [exact(p) for p in points if p is not None]
        if self.points_total is not None and points and len(given) == len(points):
            total = sum(given, Fraction(0))
            if total != exact(self.points_total):
                raise ValueError(
                    f"各项指标分值合计{say(total)}，总分设定为{say(self.points_total)} / "
                    f"indicator points add to {say(total)}, the total is {say(self.points_total)}"
                )
        return self

    @property
    def label(self) -> Text:
        """The title of the form."""
        return self.title or Text(self.id, self.id)

    def item(self, id_: str) -> Item | None:
        """The item of that id."""
        return next((i for i in self.items if i.id == id_), None)

    def unsettled(self) -> list[Text]:
        """Everything that the source leaves open and that must be entered before use."""
        out = [
            Text("开放清单“{n}”尚未填写", 'the open list "{n}" is not filled in').fill(n=name)
            for name in self.open_lists
            if name == self.id
            and not self.items
            or (found := self.item(name)) is not None
            and not (found.options or found.kind in (ItemKind.NOMINATE, ItemKind.TEXT))
            or (name == "items" and not self.items)
        ]
        if self.anonymous is None:
            out.append(Text("未定无记名或署名", "anonymous or signed is not settled"))
        nominates = [i for i in self.items if i.kind is ItemKind.NOMINATE]
        if nominates and self.over_pick is None:
            out.append(Text("未定超选票如何处理", "what over-picking voids is not settled"))
        for item in nominates:
            out += [
                Text("“{i}”未定可推荐人数", '"{i}": names allowed are not settled').fill(i=c.id)
                for c in item.limits(None)
                if c.max_picks is None and "posts" not in (item.max_picks, _picks(item, c.id))
            ]
        out += [
            Text("“{i}”未定分值", '"{i}": points are not settled').fill(i=item.label)
            for item in self.items
            if item.kind is ItemKind.POINTS and item.max_points is None
        ]
        if any(c.level is None for c in self.caps):
            out.append(
                Text("未定限额按票还是按结果", "caps: each ballot or unit result is not settled")
            )
        return out


def _picks(item: Item, category: str) -> int | str | None:
    return next((c.max_picks for c in item.categories if c.id == category), None)


def _unique(what: str, where: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise ValueError(f'{where}：“{id_}”重复 / {where}: {what} "{id_}" twice')
        seen.add(id_)


class FormPackage(Model):
    """Several forms that belong together; a meeting is complete only when all are present."""

    kind: Literal["package"] = "package"
    id: str
    title: Name | None = None
    forms: tuple[str, ...] = Field(min_length=1)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    def missing(self, present: Iterable[str]) -> list[str]:
        """The forms of the package that are not among `present`, in the package's order."""
        here = set(present)
        return [f for f in self.forms if f not in here]
