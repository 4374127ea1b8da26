"""The remedy ladder below a ratio: which step comes next, and which paper closes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import model_validator

from bole.engine.procedures.base import Id, Model, Name
from bole.engine.quotas.counts import need_counts
from bole.engine.quotas.models import Quota
from bole.engine.quotas.outcome import Check, Outcome
from bole.engine.quotas.shares import check
from bole.engine.text import Text, join


class Remedy(Model):
    """One rung: taken when the count `when` is above zero; the last rung has none.

    `paper` is what closes the step (a reviewed own-unit list, a seat held until a day …).
    """

    id: Id
    title: Name
    when: Id | None = None
    paper: Name | None = None


class Ladder(Model):
    """A ratio with the steps that follow when it is not kept."""

    kind: Literal["ladder"] = "ladder"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    ratio: Quota
    steps: tuple[Remedy, ...]
    none: Name

    @model_validator(mode="after")
    def _last(self) -> Ladder:
        if not self.steps or self.steps[-1].when is not None:
            raise ValueError("最后一步不设条件 / the last step has no condition")
        return self


@dataclass(frozen=True)
class Climbed:
    """The check of the ratio and the next step; `step` is None while it cannot be told."""

    check: Check
    step: Text | None
    remedy: Remedy | None
    text: Text


def next_remedy(
    ladder: Ladder, counts: Mapping[str, int | None], ratio: Quota | None = None, where: str = ""
) -> Climbed:
    """The step that the ladder asks for before a post is filled.

    `counts`: the ratio's group and denominator (posts after filling), and the candidates that the
    rungs look at. `ratio` replaces the pack's while that is open. A rung whose count is missing
    stops the climb: whoever supplies it is asked, no later rung is taken on a guess.
    """
    need_counts(((Text(name, name), value) for name, value in counts.items()), where)
    result = check(ratio or ladder.ratio, counts, where=where)
    if result.outcome is not Outcome.NOT_MET:
        done = result.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
        return Climbed(result, ladder.none if done else None, None, result.text)
    for remedy in ladder.steps:
        count = counts.get(remedy.when) if remedy.when else 1
        if count is None:
            text = Text(
                "{title}：能否采取该步未知，请先报{when}人数",
                "{title}: whether this step applies is not known; the number {when} is missing",
            ).fill(title=remedy.title, when=remedy.when)
            return Climbed(result, None, None, join([result.text, text]))
        if count > 0:
            return Climbed(
                result,
                remedy.title,
                remedy,
                join([result.text, Text("下一步：{t}", "next: {t}").fill(t=remedy.title)]),
            )
    raise AssertionError("the last step has no condition")
