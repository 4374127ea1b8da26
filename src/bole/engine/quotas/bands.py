"""Quotas by kind and size of a unit: the first band that fits; an open band is never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import is_count
from bole.engine.text import Text


class QuotaBand(Model):
    """Which units, and how many names: `number`, or at least/at most; null = open in the source.

    A band with only `kinds` needs no size. Bounds are whole people: `at_least`/`at_most` include
    their number, `more_than`/`fewer_than` do not.
    """

    kinds: tuple[Id, ...] = ()
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    more_than: int | None = Field(default=None, ge=0)
    fewer_than: int | None = Field(default=None, ge=0)
    exactly: int | None = Field(default=None, ge=0)
    number: int | None = Field(default=None, ge=0)
    minimum: int | None = Field(default=None, ge=0)
    maximum: int | None = Field(default=None, ge=0)

    @property
    def sized(self) -> bool:
        """Whether the band looks at the unit's size."""
        return any(
            v is not None
            for v in (self.at_least, self.at_most, self.more_than, self.fewer_than, self.exactly)
        )

    @property
    def is_open(self) -> bool:
        """Whether the source gives the band no number."""
        return self.number is None and self.minimum is None and self.maximum is None

    def fits(self, size: int) -> bool:
        """Whether a unit of `size` people lies in the band."""
        return (
            (self.at_least is None or size >= self.at_least)
            and (self.at_most is None or size <= self.at_most)
            and (self.more_than is None or size > self.more_than)
            and (self.fewer_than is None or size < self.fewer_than)
            and (self.exactly is None or size == self.exactly)
        )


class QuotaBands(Model):
    """How many names a unit may give, by its kind and number of staff."""

    kind: Literal["bands"] = "bands"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    size_name: Name = Field(default=Text("编制内人数", "staff"))
    bands: tuple[QuotaBand, ...]
    note: Name | None = None

    @model_validator(mode="after")
    def _some(self) -> QuotaBands:
        if not self.bands:
            raise ValueError("至少写一档 / at least one band is needed")
        return self


@dataclass(frozen=True)
class Banded:
    """The quota of one unit: `number` (or `minimum`/`maximum`), or None with a code and reason."""

    number: int | None
    minimum: int | None
    maximum: int | None
    code: str | None
    text: Text

    @property
    def computed(self) -> bool:
        """Whether the scheme gives this unit a quota."""
        return self.code is None


def banded(bands: QuotaBands, kind: str | None, size: int | None, unit: str = "") -> Banded:
    """The first band that fits the unit's `kind` and `size` (people).

    Codes when nothing is computed: KIND_MISSING, STAFF_MISSING (a size is needed), STAFF_INVALID
    (negative or not whole), BAND_UNDEFINED (no band, or one that the source leaves open).
    """
    wrong = size is not None and not is_count(size)
    name = Text(unit, unit) if unit else Text("该单位", "the unit")
    for band in bands.bands:
        if band.kinds and kind is None:
            return _no("KIND_MISSING", _KIND, name, bands, size)
        if band.kinds and kind not in band.kinds:
            continue
        if band.sized:
            if wrong:
                return _no("STAFF_INVALID", _INVALID, name, bands, size)
            if size is None:
                return _no("STAFF_MISSING", _MISSING, name, bands, size)
            if not band.fits(size):
                continue
        if band.is_open:
            return _no("BAND_UNDEFINED", _UNDEFINED, name, bands, size)
        return Banded(band.number, band.minimum, band.maximum, None, _said(band, name))
    return _no("BAND_UNDEFINED", _UNDEFINED, name, bands, size)


_KIND = Text("{unit}：单位类别未登记", "{unit}: the kind of unit is not recorded")
_MISSING = Text(
    "{unit}：{size_name}未登记，请单位补报", "{unit}: {size_name} number not recorded; ask the unit"
)
_INVALID = Text("{unit}：{size}不是有效的{size_name}", "{unit}: {size} is not a {size_name} number")
_UNDEFINED = Text(
    "{unit}（{size_name}{size}）：办法未规定名额，请先设定",
    "{unit} has {size} {size_name}: the scheme does not say how many it may name; set it first",
)


def _no(code: str, text: Text, unit: Text, bands: QuotaBands, size: int | None) -> Banded:
    said = text.fill(unit=unit, size_name=bands.size_name, size="—" if size is None else size)
    return Banded(None, None, None, code, said)


def _said(band: QuotaBand, unit: Text) -> Text:
    if band.number is not None:
        return Text("{unit}：{n}名", "{unit}: {n}").fill(unit=unit, n=band.number)
    if band.maximum is None:
        return Text("{unit}：至少{n}名", "{unit}: at least {n}").fill(unit=unit, n=band.minimum)
    if band.minimum is None:
        return Text("{unit}：至多{n}名", "{unit}: at most {n}").fill(unit=unit, n=band.maximum)
    return Text("{unit}：{a}至{b}名", "{unit}: {a} to {b}").fill(
        unit=unit, a=band.minimum, b=band.maximum
    )
