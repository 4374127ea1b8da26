"""Checks the parts of a pack that other engines read, with the line of every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bole.engine.errors import Problem
from bole.engine.schemes.faults import problems_of
from bole.engine.schemes.models import SECTIONS, Scheme
from bole.engine.schemes.source import Map, place
from bole.engine.text import Text


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    """One adapter a section. Imported when first used: the engines use this package's base."""
    from bole.engine.lists.section import ListSection, LockSection, PoolSection
    from bole.engine.motion.section import MotionSection
    from bole.engine.nomination.section import NominationSection
    from bole.engine.quotas.section import QuotaSection
    from bole.engine.vetting.section import VettingSection

    found: dict[str, Any] = {
        "quotas": QuotaSection,
        "pools": PoolSection,
        "lists": ListSection,
        "locks": LockSection,
        "motion": MotionSection,
        "nomination": NominationSection,
        "vetting": VettingSection,
    }
    return {name: TypeAdapter(section) for name, section in found.items()}


def section_problems(scheme: Scheme, data: Map) -> Iterator[Problem]:
    """Every item that its engine cannot read, and every parameter that the scheme lacks."""
    from bole.engine.decision.section import SECTIONS as RULED
    from bole.engine.decision.section import read_section, resolved
    from bole.engine.matters.section import ADAPTER as KINDS
    from bole.engine.matters.section import use_faults

    values = {name: parameter.default for name, parameter in scheme.parameters.items()}
    for section in SECTIONS:
        items: Mapping[str, Any] = getattr(scheme, section)
        yield from _parameters(items, set(values), (section,), data)
        for ident, item in items.items():
            try:
                if section == "matters":
                    kind = KINDS.validate_python({ident: resolved(item, values)})[ident]
                    for key, text in use_faults(scheme, kind):
                        where = place(data, (section, ident, "judge", key))
                        yield Problem("JUDGE", text, where)
                elif section in RULED:
                    read_section(section, {ident: item}, values)
                elif section in _adapters():
                    _adapters()[section].validate_python({ident: item})
            except ValidationError as error:
                # `read_section` locates below the item, the adapters below the section.
                below = (section, ident) if section in RULED else (section,)
                yield from problems_of(error, data, below)


def read_item(scheme: Scheme, section: str, ident: str) -> Any:
    """One item of a section as its engine's model, the scheme's parameters put in.

    Raises KeyError where the pack has no such item.
    """
    from bole.engine.decision.section import SECTIONS as RULED
    from bole.engine.decision.section import read_section, resolved

    values = {name: parameter.default for name, parameter in scheme.parameters.items()}
    item = getattr(scheme, section)[ident]
    if section in RULED:
        return read_section(section, {ident: item}, values)[ident]
    return _adapters()[section].validate_python({ident: resolved(item, values)})[ident]


def _parameters(
    value: Any, known: set[str], path: tuple[str | int, ...], data: Map
) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        if set(value) == {"param"} and value["param"] not in known:
            text = Text("没有名为“{p}”的参数", "There is no parameter “{p}”")
            yield Problem(
                "UNKNOWN_NAME", text.fill(p=value["param"]), place(data, (*path, "param"))
            )
        for key, inner in value.items():
            yield from _parameters(inner, known, (*path, key), data)
    elif isinstance(value, (list, tuple)):
        for n, inner in enumerate(value):
            yield from _parameters(inner, known, (*path, n), data)
