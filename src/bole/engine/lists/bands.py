"""Age bands of a base (30 or under, 31–35 …) on completed years."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.outcome import Outcome
from bole.engine.spans import Birth
from bole.engine.text import Text
from bole.engine.verdict import Verdict


class AgeBand(Model):
    """Both ends are included; an open end has no bound."""

    minimum: int | None = Field(default=None, ge=0)
    maximum: int | None = Field(default=None, ge=0)

    def holds(self, age: int) -> bool:
        """Whether a person of `age` completed years is in the band."""
        return (self.minimum is None or age >= self.minimum) and (
            self.maximum is None or age <= self.maximum
        )

    @property
    def label(self) -> Text:
        """ "31-35岁" / "31-35"."""
        if self.minimum is None:
            return Text(f"{self.maximum}岁及以下", f"{self.maximum} or under")
        if self.maximum is None:
            return Text(f"{self.minimum}岁及以上", f"{self.minimum} or over")
        return Text(f"{self.minimum}-{self.maximum}岁", f"{self.minimum}-{self.maximum}")


class AgeBands(Model):
    """The bands of a base; people outside all of them are outside the base."""

    kind: Literal["age_bands"] = "age_bands"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    bands: tuple[AgeBand, ...]

    @model_validator(mode="after")
    def _disjoint(self) -> AgeBands:
        for age in range(150):
            if sum(band.holds(age) for band in self.bands) > 1:
                raise ValueError(f"{age}岁落入两个年龄段 / age {age} lies in two bands")
        return self


OUTSIDE = Text("超出年龄范围", "outside")


@dataclass(frozen=True)
class Banding:
    """Age and band of one person; `age` is None while it is not certain."""

    age: int | None
    band: Text | None
    outcome: Outcome
    text: Text


def band_of(bands: AgeBands, birth: Birth | None, as_of: datetime.date, who: str = "") -> Banding:
    """The band on `as_of`; a birth month that leaves two bands open is not guessed."""
    name = Text(who, f"person {who}") if who else Text("本人", "the person")
    if birth is None:
        text = Text("{who}：出生日期未登记", "{who}, birth date is missing").fill(who=name)
        return Banding(None, None, Outcome.UNKNOWN, text)
    low, high = birth.ages(as_of)
    first, last = _label(bands, low), _label(bands, high)
    if first != last:
        text = Text(
            "{who}：只有出生年月，年龄为{a}或{b}岁，无法确定年龄段",
            "{who}: only the birth month is on file; the age is {a} or {b}, so the band is open",
        ).fill(who=name, a=low, b=high)
        return Banding(None, None, Outcome.UNKNOWN, text)
    text = Text("{who}：{age}岁，{band}", "{who}: {age}, {band}").fill(
        who=name, age=low if low == high else f"{low}/{high}", band=first
    )
    return Banding(low if low == high else None, first, Outcome.MET, text)


def about_age(age: int | None, centre: int, around: int | None) -> Verdict:
    """Whether an age is "about" `centre` (35岁左右): both ends of the width are included.

    UNKNOWN while the age or the width is not set; no width is ever assumed.
    """
    if age is None or around is None:
        return Verdict.UNKNOWN
    return Verdict.of(abs(age - centre) <= around)


def _label(bands: AgeBands, age: int) -> Text:
    return next((band.label for band in bands.bands if band.holds(age)), OUTSIDE)
