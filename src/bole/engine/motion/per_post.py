"""How many people stand for each post at motion (1:1 to 1:3), and who stands for several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join


class PerPost(Model):
    """Both ends are included. One person means equal nomination, more also allow difference."""

    kind: Literal["per_post"] = "per_post"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    minimum: int = Field(default=1, ge=0)
    maximum: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _order(self) -> PerPost:
        if self.maximum is not None and self.maximum < self.minimum:
            raise ValueError("maximum 不得小于 minimum / maximum is not below minimum")
        return self


@dataclass(frozen=True)
class PostResult:
    """One post: fits, or over or short by so many; `modes` are the nominations possible."""

    post: str
    count: int
    ok: bool
    modes: tuple[str, ...]
    over_by: int
    short_by: int
    text: Text


@dataclass(frozen=True)
class PerPostResult:
    """All posts; `several` = people who stand for more than one, a note only."""

    posts: tuple[PostResult, ...]
    several: Mapping[str, tuple[str, ...]]
    text: Text


def per_post(rule: PerPost, candidates: Mapping[str, Sequence[str]]) -> PerPostResult:
    """Check every post. Raises `BoleError` (REC_TWICE) for a person listed twice for one post."""
    problems = [
        Problem("REC_TWICE", Text("{p}列了两次", "{p} is listed twice").fill(p=person), post)
        for post, people in candidates.items()
        for person in sorted({p for p in people if list(people).count(p) > 1})
    ]
    if problems:
        raise BoleError(problems)
    posts = tuple(_post(rule, post, len(people)) for post, people in candidates.items())
    standing: dict[str, list[str]] = {}
    for post, people in candidates.items():
        for person in people:
            standing.setdefault(person, []).append(post)
    several = {person: tuple(at) for person, at in standing.items() if len(at) > 1}
    said = [p.text for p in posts if not p.ok]
    said += [
        Text("{p}同时列为{n}个职位人选（提示）", "{p} stands for {n} posts: a note only").fill(
            p=person, n=len(at)
        )
        for person, at in several.items()
    ]
    return PerPostResult(posts, several, join(said))


def _post(rule: PerPost, post: str, n: int) -> PostResult:
    over = max(0, n - rule.maximum) if rule.maximum is not None else 0
    short = max(0, rule.minimum - n)
    ok = not over and not short
    fill = {"post": post, "n": n, "low": rule.minimum, "high": rule.maximum}
    if over:
        text = Text(
            "{post}有{n}人，至多{high}人", "{post} has {n} people, at most {high} are allowed"
        )
    elif short:
        text = Text(
            "{post}有{n}人，至少{low}人", "{post} has {n} people, at least {low} are wanted"
        )
    else:
        text = Text("{post}：{n}人", "{post}: {n}")
    modes = ("equal", "difference") if n > 1 else ("equal",)
    return PostResult(post, n, ok, modes if ok and n else (), over, short, text.fill(**fill))
