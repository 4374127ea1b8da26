"""Conduct of a decision meeting: when its record can be closed, and what is still wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bole.engine.errors import Problem
from bole.engine.text import Text

POSITIONS = ("agree", "disagree", "postpone")


class ConductRule(BaseModel):
    """What the meeting must keep to. Under a secret ballot spoken opinions are minuted apart from
    the vote, so that only a statement is asked of each member, never a position."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["conduct"] = "conduct"
    id: str = "conduct"
    principal_last: bool = True
    every_member_speaks: bool = True
    one_by_one: bool = True
    no_ad_hoc: bool = True
    positions: tuple[str, ...] = POSITIONS
    must_explain: tuple[str, ...] = ()
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What one member said on one item, in the order in which they spoke."""

    member: str
    position: str | None = None
    secret: bool = False


@dataclass(frozen=True)
class ItemMinutes:
    """The minutes of one agenda item (one person)."""

    item: str
    on_agenda: bool
    present: Sequence[str]
    principal: str
    statements: Sequence[Statement]
    recused: Sequence[str] = ()
    explained: Sequence[str] = ()
    to_explain: Sequence[str] = ()


def check_minutes(rule: ConductRule, minutes: ItemMinutes) -> list[Problem]:
    """Why the record of an item cannot be closed yet; empty = it can."""
    problems: list[Problem] = []

    def add(code: str, zh: str, en: str, **values: object) -> None:
        problems.append(Problem(code, Text(zh, en).fill(**values), minutes.item))

    if rule.no_ad_hoc and not minutes.on_agenda:
        add("AD_HOC", "临时动议：该事项不在议程中", "ad-hoc motion: the item is not on the agenda")
    voters = [m for m in minutes.present if m not in minutes.recused]
    spoke = [s.member for s in minutes.statements]
    for member in dict.fromkeys(spoke):
        if member in minutes.recused:
            add("RECUSED_SPOKE", "{m}应回避，却有发言", "{m} is recused but spoke", m=member)
        elif member not in minutes.present:
            add("NOT_PRESENT", "{m}未到会，却有发言", "{m} was not present but spoke", m=member)
    if rule.every_member_speaks:
        silent = [m for m in voters if m not in spoke]
        if silent:
            add("NO_POSITION", "{m}尚未表态", "no position recorded: {m}", m="、".join(silent))
    for s in minutes.statements:
        if not s.secret and rule.positions and s.position not in rule.positions:
            add(
                "POSITION",
                "{m}的表态须为{p}之一",
                "the position of {m} must be one of {p}",
                m=s.member,
                p=", ".join(rule.positions),
            )
    others = [i for i, m in enumerate(spoke) if m != minutes.principal]
    first = spoke.index(minutes.principal) if minutes.principal in spoke else None
    if rule.principal_last and first is not None and others and first < max(others):
        add(
            "PRINCIPAL_NOT_LAST",
            "{p}应末位表态，却在{m}之前表态",
            "{p} must speak last but spoke before {m}",
            p=minutes.principal,
            m=spoke[max(others)],
        )
    for what in (*rule.must_explain, *minutes.to_explain):
        if what in minutes.to_explain and what not in minutes.explained:
            add("NOT_EXPLAINED", "未作说明：{w}", "not explained: {w}", w=what)
    return problems
