"""What a pack may say about ratios, minimums, targets and batch shares."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bole.engine.exact.comparators import Comparator
from bole.engine.procedures.base import Id, Model, Name, Share
from bole.engine.text import Text

Strength = Literal["hard", "soft", "preference"]


class Quota(Model):
    """One quantity that a team, batch, plan or unit keeps.

    `group` is counted; `of` is the denominator and is always written out (members in post, approved
    posts, all adjusted …). Exactly one of `share` (of `of`), `count` (people) or `multiple`
    (times `of`) is given, or none while the source leaves the value `open`. `about` marks
    左右: without the width `around` the figure is shown and not judged. `within` names the count
    that the group is a part of, when that is not the denominator. `who` says in the rule language
    who belongs to the group; `missing_fact` what is asked for when that cannot be told, and `ask`
    who supplies a denominator that is not on file. `moves` limits a batch rule to those moves.
    """

    kind: Literal["quota"] = "quota"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    scope: Literal["team", "unit", "batch", "plan", "year", "county", "pool"] = "team"
    units: str | None = None
    group: Id
    group_name: Name
    of: Id | None = None
    of_name: Name | None = None
    within: Id | None = None
    who: str | None = None
    op: Comparator = Comparator.AT_LEAST
    share: Share | None = None
    count: int | None = Field(default=None, ge=0)
    multiple: Share | None = None
    about: bool = False
    around: Share | None = Field(default=None, ge=0)
    open: bool = False
    strength: Strength = "hard"
    moves: tuple[Id, ...] = ()
    missing_fact: Name | None = None
    ask: Name | None = None
    remedy: tuple[Id, ...] = ()
    due: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Quota:
        given = [n for n in ("share", "count", "multiple") if getattr(self, n) is not None]
        if len(given) != (0 if self.open else 1):
            raise ValueError(
                "share、count、multiple 须且只须写一个；来源未定的写 open: true / write exactly "
                "one of share, count, multiple, or open: true where the source leaves it open"
            )
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("比例应在0与1之间 / a share lies between 0 and 1")
        if self.multiple is not None and self.multiple < 0:
            raise ValueError("倍数不能为负 / a multiple is not negative")
        if (self.share is not None or self.multiple is not None) and self.of is None:
            raise ValueError("比例和倍数须写明分母 of / a share or multiple needs its `of`")
        return self

    @property
    def base_name(self) -> Text:
        """The denominator in words."""
        return self.of_name or Text(self.of or "", self.of or "")


class Plan(Model):
    """Targets measured together: `sums` are totals of other counts; nested ones stand apart."""

    kind: Literal["plan"] = "plan"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    horizon: Name | None = None
    sums: dict[Id, tuple[Id, ...]] = {}
    targets: tuple[Quota, ...]


class Reservation(Model):
    """Seats kept for a group until a day; others may take them only after a release with reason."""

    kind: Literal["reservation"] = "reservation"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    group: Id
    group_name: Name
    who: str | None = None
    seats: int | None = Field(default=None, ge=0)
    share: Share | None = None
    of_name: Name | None = None
    open: bool = False
    until: str | None = None

    @model_validator(mode="after")
    def _size(self) -> Reservation:
        if self.seats is None and self.share is None and not self.open:
            raise ValueError(
                "保留名额须写 seats 或 share；来源未定的写 open: true / reserved seats need "
                "seats or share, or open: true"
            )
        return self
