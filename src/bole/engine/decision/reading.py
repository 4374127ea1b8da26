"""The reading of recommendation results: sources side by side, and a sentence whenever the
conclusion departs from the votes, in either direction (votes are a reference, never a ground)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bole.engine.errors import Problem
from bole.engine.procedures.base import Name
from bole.engine.text import Text

Conclusion = Literal["inspection_target", "second_round", "not_now"]


class ReadingRule(BaseModel):
    """`sources`: what is laid beside the ballot; `never_used`: findings with which no number of
    votes carries a person; `analyse_first`: findings that call for an analysis before a person
    with few votes is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["reading"] = "reading"
    id: str = "reading"
    sources: tuple[Name, ...] = Field(min_length=1)
    never_used: tuple[Name, ...] = ()
    analyse_first: tuple[Name, ...] = ()
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonReading:
    """What the author writes for one person. `rank`: by votes; `findings`: Chinese names of
    findings of the rule that are established for the person."""

    person: str
    rank: int | None
    conclusion: Conclusion | None
    author: str
    text: str
    sources_seen: Sequence[str]
    findings: Sequence[str] = ()
    analysis: str = ""


def check_reading(
    rule: ReadingRule, places: int, readings: Sequence[PersonReading]
) -> list[Problem]:
    """Why the reading cannot be closed yet: sources not looked at, no author, no conclusion, or no
    reason where the conclusion departs from the votes. `places`: how many the votes would carry."""
    problems: list[Problem] = []
    for one in readings:
        problems += _check(rule, places, one)
    return problems


def _check(rule: ReadingRule, places: int, one: PersonReading) -> list[Problem]:
    problems: list[Problem] = []

    def add(code: str, zh: str, en: str, **values: object) -> None:
        problems.append(Problem(code, Text(zh, en).fill(p=one.person, **values), one.person))

    for source in rule.sources:
        if source.zh not in one.sources_seen:
            add("SOURCE", "{p}：未比对{s}", "{p}: {s} not looked at", s=source)
    if not one.author.strip():
        add("AUTHOR", "{p}：没有写明分析人", "{p}: no author")
    if one.conclusion is None:
        add("CONCLUSION", "{p}：尚无结论", "{p}: no conclusion yet")
        return problems
    chosen = one.conclusion == "inspection_target"
    carried = one.rank is not None and one.rank <= places
    if chosen != carried and not one.text.strip():
        rank = one.rank if one.rank is not None else "-"
        if carried:
            add(
                "HIGH_NOT_USED",
                "{p}得票第{r}而未列入，须写明理由",
                "{p} is number {r} by votes and is not used: write why",
                r=rank,
            )
        else:
            add(
                "LOW_USED",
                "{p}得票第{r}而列入，须写明理由",
                "{p} is number {r} by votes and is used: write why",
                r=rank,
            )
    barred = [n for n in rule.never_used if n.zh in one.findings]
    for name in barred:
        if chosen:
            add(
                "NEVER_USED",
                "{p}：{n}，票数再多也不用",
                "{p}: {n}, not used however many votes",
                n=name,
            )
    for name in rule.analyse_first:
        if not chosen and name.zh in one.findings and not one.analysis.strip():
            add("ANALYSE", "{p}：{n}，须先作综合分析", "{p}: {n}, an analysis comes first", n=name)
    return problems
