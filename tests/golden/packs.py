"""The items of the shipped packs by the mechanism that they cite."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bole.engine.lists.section import ListSection, LockSection, PoolSection
from bole.engine.motion.section import MotionSection
from bole.engine.nomination.section import NominationSection
from bole.engine.quotas.section import QuotaSection
from bole.engine.schemes import files, load
from bole.engine.vetting.section import VettingSection

SECTIONS: dict[str, TypeAdapter[Any]] = {
    "quotas": TypeAdapter(QuotaSection),
    "pools": TypeAdapter(PoolSection),
    "lists": TypeAdapter(ListSection),
    "locks": TypeAdapter(LockSection),
    "nomination": TypeAdapter(NominationSection),
    "motion": TypeAdapter(MotionSection),
    "vetting": TypeAdapter(VettingSection),
}
Item = TypeVar("Item")


@cache
def _texts() -> dict[str, str]:
    return {str(path): path.read_text(encoding="utf-8") for path in files()}


@cache
def _items(path: str, section: str) -> tuple[Any, ...]:
    return tuple(SECTIONS[section].validate_python(getattr(load(path), section)).values())


def items(section: str, mechanism: str, kind: type[Item]) -> list[Item]:
    """The items of `kind` that cite the mechanism, from whichever pack holds them."""
    found = [
        item
        for path, text in _texts().items()
        if f'"{mechanism}"' in text
        for item in _items(path, section)
        if isinstance(item, kind) and mechanism in item.mechanisms  # type: ignore[attr-defined]
    ]
    assert found, f"no pack holds a {kind.__name__} that cites {mechanism}"
    return found


def item(section: str, kind: type[Item], *mechanisms: str) -> Item:
    """The first item of `kind` that cites one of the case's mechanisms, in their order."""
    for mechanism in mechanisms:
        try:
            return items(section, mechanism, kind)[0]
        except AssertionError:
            continue
    raise AssertionError(f"no pack holds a {kind.__name__} that cites one of {mechanisms}")
