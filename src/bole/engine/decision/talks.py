"""Talks before the post: who talks with whom, about what, and who is still to be talked with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bole.engine.errors import Problem
from bole.engine.procedures.base import Name
from bole.engine.text import Text


class TalkRule(BaseModel):
    """A talk that every person of a group has before office. `contents`: what must be spoken of;
    `record`: what the note must hold, such as the person's view on the move."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["talk"] = "talk"
    id: str = "talk"
    who: Name | None = None
    by: tuple[Name, ...] = ()
    form: Literal["individual", "collective", "any"] = "any"
    contents: tuple[Name, ...] = ()
    record: tuple[Name, ...] = ()
    feeds_next_motion: bool = False
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """One talk: who was there, who led it (Chinese names of the rule), what was spoken of."""

    persons: Sequence[str]
    by: str
    collective: bool
    contents: Sequence[str] = ()
    recorded: Sequence[str] = ()


def check_talks(rule: TalkRule, persons: Sequence[str], talks: Sequence[Talk]) -> list[Problem]:
    """What is still missing before office: persons not talked with (by each who must), contents
    not covered, notes not taken. All at once."""
    problems: list[Problem] = []
    leaders: list[Name | None] = list(rule.by) or [None]
    for person in persons:
        own = [
            t
            for t in talks
            if person in t.persons
            and (rule.form == "any" or t.collective == (rule.form == "collective"))
        ]
        for leader in leaders:
            if not any(leader is None or t.by == leader.zh for t in own):
                who = leader or Text("领导", "a leader")
                text = Text("{p}：{w}尚未谈话", "{p}: no talk by {w} yet").fill(p=person, w=who)
                problems.append(Problem("NO_TALK", text, person))
        if not own:
            continue
        for wanted, kind, seen in (
            (rule.contents, Text("未谈及", "not spoken of"), {c for t in own for c in t.contents}),
            (rule.record, Text("未记录", "not recorded"), {r for t in own for r in t.recorded}),
        ):
            for name in wanted:
                if name.zh not in seen:
                    text = Text("{p}：{k}{n}", "{p}: {k}: {n}").fill(p=person, k=kind, n=name)
                    problems.append(Problem("TALK_INCOMPLETE", text, person))
    return problems
