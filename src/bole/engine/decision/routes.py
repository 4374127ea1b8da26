"""Routes before a decision: who is asked, which paper follows which, who decides directly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.procedures.base import Name
from bole.engine.tally.thresholds import Outcome
from bole.engine.text import Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(_Model):
    """One body or person asked. `when`: a fact of the case (non_party …); `before`: the step that
    waits for the reply."""

    body: str
    when: str | None = None
    form: Literal["any", "individual", "collective", "written"] = "any"
    before: str


class ConsultationRule(_Model):
    """Who must be asked before which step (酝酿)."""

    kind: Literal["consultation"] = "consultation"
    id: str = "consultation"
    asked: tuple[Asked, ...] = Field(min_length=1)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsultationReading:
    """`may_go`: None when a fact that decides who is asked is not recorded."""

    may_go: bool | None
    outstanding: tuple[str, ...]
    not_written: tuple[str, ...]
    unknown: tuple[str, ...]
    text: Text


def read_consultation(
    rule: ConsultationRule,
    step: str,
    facts: Mapping[str, bool | None],
    replies: Mapping[str, str | None],
) -> ConsultationReading:
    """What still keeps `step` waiting. `replies`: body → form of its reply (null = none yet)."""
    due = [a for a in rule.asked if a.before == step]
    unknown = tuple(dict.fromkeys(a.when for a in due if a.when and facts.get(a.when) is None))
    asked = [a for a in due if a.when is None or facts.get(a.when)]
    open_ = tuple(a.body for a in asked if replies.get(a.body) is None)
    oral = tuple(
        a.body
        for a in asked
        if a.form == "written" and replies.get(a.body) not in (None, "written")
    )
    parts = []
    for zh, en, names in (
        ("尚未答复：{n}", "no reply yet: {n}", open_),
        ("须书面答复：{n}", "a written reply is needed: {n}", oral),
        ("未记载：{n}", "not recorded: {n}", unknown),
    ):
        if names:
            parts.append(Text(zh, en).fill(n="、".join(names)))
    text = Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))
    going = False if open_ or oral else (None if unknown else True)
    return ConsultationReading(going, open_, oral, unknown, text)


class Paper(_Model):
    """One paper or step of a chain. `needs`: papers before it, or events that must be recorded."""

    id: str
    text: Name
    by: str = ""
    needs: tuple[str, ...] = ()


class DocumentsRule(_Model):
    """A chain of papers or steps that turn into one another, in a locked order."""

    kind: Literal["documents"] = "documents"
    id: str
    documents: tuple[Paper, ...] = Field(min_length=1)
    reference: str = ""
    mechanisms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _order(self) -> DocumentsRule:
        ids = [d.id for d in self.documents]
        if len(set(ids)) != len(ids):
            raise ValueError("文本编号重复 / a paper stands twice")
        for i, paper in enumerate(self.documents):
            late = [n for n in paper.needs if n in ids[i:]]
            if late:
                raise ValueError(
                    f"{paper.id} 需要排在后面的 {late} / {paper.id} needs later {late}"
                )
        return self

    def missing(self, paper: str, done: Collection[str]) -> list[str]:
        """What must be there before `paper` may be made. Raises `BoleError` for an unknown one."""
        found = next((d for d in self.documents if d.id == paper), None)
        if found is None:
            text = Text("没有“{p}”这一环节", 'there is no "{p}" in the chain').fill(p=paper)
            raise BoleError(Problem("UNKNOWN_PAPER", text))
        return [n for n in found.needs if n not in done]

    def next(self, done: Collection[str]) -> list[str]:
        """Papers that may be made now."""
        return [d.id for d in self.documents if d.id not in done and not self.missing(d.id, done)]


class DirectRule(_Model):
    """Kinds of case that one body decides directly, without recommendation (313.7)."""

    kind: Literal["direct"] = "direct"
    id: str = "direct"
    cases: tuple[str, ...] = Field(min_length=1)
    body: str
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


class ApplicantsRule(_Model):
    """Enough applicants: persons who pass the review ≥ posts + `more_than_posts` (319.3)."""

    kind: Literal["applicants"] = "applicants"
    id: str = "applicants"
    more_than_posts: int | None = Field(default=1, ge=0)
    otherwise: Literal["cut_posts"] = "cut_posts"
    in_principle: bool = False
    reference: str = ""
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicantsReading:
    """`posts`: how many posts the number of persons carries."""

    outcome: Outcome
    posts: int | None
    text: Text


def read_applicants(
    rule: ApplicantsRule, posts: int | None, passed: int | None
) -> ApplicantsReading:
    """Whether enough persons passed the review; otherwise posts are cut until it holds."""
    for name, value in (
        (Text("职位数", "posts"), posts),
        (Text("审查合格人数", "persons passed"), passed),
    ):
        if value is None:
            text = Text("缺少{n}", "{n} missing").fill(n=name)
            return ApplicantsReading(Outcome.CANNOT_COMPUTE, None, text)
    if rule.more_than_posts is None or posts is None or passed is None:
        text = Text("办法未定差额人数", "the scheme does not settle the difference")
        return ApplicantsReading(Outcome.NOT_SET, None, text)
    needed = posts + rule.more_than_posts
    if passed >= needed:
        text = Text("合格{p}人，须{n}人", "{p} passed, {n} needed").fill(p=passed, n=needed)
        return ApplicantsReading(Outcome.NO_BAR, posts, text)
    carried = max(0, passed - rule.more_than_posts)
    text = Text(
        "{k}个职位须有{n}人合格，现{p}人：职位减至{c}个",
        "{k} posts need {n} persons, {p} passed: posts are cut to {c}",
    ).fill(k=posts, n=needed, p=passed, c=carried)
    effect = Outcome.BLOCKS_IN_PRINCIPLE if rule.in_principle else Outcome.BLOCKS
    return ApplicantsReading(effect, carried, text)


def decides_directly(rules: Sequence[DirectRule], case_kind: str) -> str | None:
    """The body that decides such a case directly, or None."""
    return next((r.body for r in rules if case_kind in r.cases), None)
