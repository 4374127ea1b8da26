"""The vacancy ledger (空缺岗位台账): vacant and over by class; what is not on file stays apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import count_problems
from bole.engine.text import Text, join


class VacancyClasses(Model):
    """The classes of posts that a place keeps its ledger by, in the order of its ledger."""

    kind: Literal["vacancy_classes"] = "vacancy_classes"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    classes: dict[Id, Name]


@dataclass(frozen=True)
class Post:
    """Posts of one class in one unit: approved and filled; None = not on file."""

    unit: str
    class_: str
    approved: int | None
    filled: int | None


@dataclass(frozen=True)
class Over:
    """A unit above its approved number; never subtracted from other units' vacancies."""

    unit: str
    class_: str
    by: int


@dataclass(frozen=True)
class Vacancies:
    """Vacant posts by class (every class, also 0), those over, and those that cannot be told."""

    by_class: dict[str, int]
    over: tuple[Over, ...]
    unknown: tuple[Post, ...]
    text: Text

    @property
    def total(self) -> int:
        """All vacancies of known posts."""
        return sum(self.by_class.values())


def vacancies(classes: VacancyClasses, posts: Sequence[Post]) -> Vacancies:
    """vacant = approved − filled, where both are on file; below zero is "over by n".

    Raises `BoleError` (CLASS_UNKNOWN, COUNT): a class outside the ledger or an impossible figure.
    """
    problems = []
    by_class = dict.fromkeys(classes.classes, 0)
    over: list[Over] = []
    unknown: list[Post] = []
    said: list[Text] = []
    for post in posts:
        if post.class_ not in classes.classes:
            problems.append(_class_unknown(classes, post))
            continue
        wrong = count_problems(
            (
                (Text("核定职数", "approved"), post.approved),
                (Text("现配人数", "filled"), post.filled),
            ),
            post.unit,
        )
        if wrong:
            problems += wrong
            continue
        fill = {"unit": post.unit, "class_": classes.classes[post.class_]}
        if post.approved is None or post.filled is None:
            unknown.append(post)
            what = (
                Text("核定职数", "approved headcount")
                if post.approved is None
                else Text("现配人数", "the number filled")
            )
            said.append(
                Text(
                    "{unit}、{class_}：{what}未登记，未计入合计",
                    "{unit}, {class_}: {what} not recorded, left out of the totals",
                ).fill(**fill, what=what)
            )
        elif post.filled > post.approved:
            by = post.filled - post.approved
            over.append(Over(post.unit, post.class_, by))
            said.append(
                Text(
                    "{unit}、{class_}：超配{by}人，不抵减其他单位的空缺",
                    "{unit}, {class_}: over by {by}; the vacancies of other units stay",
                ).fill(**fill, by=by)
            )
        else:
            by_class[post.class_] += post.approved - post.filled
    if problems:
        raise BoleError(problems)
    return Vacancies(by_class, tuple(over), tuple(unknown), join(said))


def _class_unknown(classes: VacancyClasses, post: Post) -> Problem:
    known = Text("、".join(c.zh for c in classes.classes.values()), ", ".join(classes.classes))
    return Problem(
        "CLASS_UNKNOWN",
        Text(
            "类别“{name}”不在台账分类之内（{known}）",
            'class "{name}" is not one of the ledger ({known})',
        ).fill(name=post.class_, known=known),
        post.unit,
    )
