"""Delegated selection of middle-level posts: the plan, its reply, and what was done against it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bole.engine.errors import Problem
from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join

Day = datetime.date


class Authority(Model):
    """Who appoints, where it is filed, and whether the body may have such posts at all."""

    title: Name
    appointed_by: Name
    filed_with: Name | None = None
    competent: Name | None = None


class Delegated(Model):
    """A place's way: authorities by kind of post, the steps a plan must have, the modes allowed."""

    kind: Literal["delegated"] = "delegated"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    created_by_documents: tuple[Name, ...] = ()
    authority: dict[Id, Authority] = {}
    steps: dict[Id, Name] = {}
    modes: tuple[Id, ...] = ()
    papers: tuple[Name, ...] = ()
    refusals: tuple[Id, ...] = ()
    lateral_papers: tuple[Name, ...] = ()
    establishment_form: bool = False
    note: Name | None = None


@dataclass(frozen=True)
class PostLine:
    """One post of a plan: how many are wanted, and its headcount line (None = not on file).

    `established`: whether the body and post exist under an establishment document.
    """

    post: str
    number: int
    approved: int | None
    filled: int | None
    leaving: int = 0
    established: bool | None = True


@dataclass(frozen=True)
class DelegatedPlan:
    """What the unit asks for; `mode_finding` = a reviewer's finding against the mode, reasoned."""

    unit: str
    posts: tuple[PostLine, ...]
    mode: str | None
    steps: tuple[str, ...]
    establishment_form: bool | None = None
    mode_finding: str | None = None

    @property
    def content(self) -> dict[str, object]:
        """What an approval fixes: posts, numbers, mode and steps."""
        return {
            "posts": {line.post: line.number for line in self.posts},
            "mode": self.mode,
            "steps": list(self.steps),
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content; execution with another one needs a special report."""
        said = json.dumps(self.content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def review(rules: Delegated, plan: DelegatedPlan) -> list[Problem]:
    """Every reason to refuse a plan, coded as the source lists them.

    Codes: against_establishment, over (planned > approved), no_vacancy (approved − (filled −
    leaving) ≤ 0), headcount_missing, mode, steps, establishment_form.
    """
    found: list[Problem] = []
    for line in plan.posts:
        found += _post(line)
    if plan.mode_finding:
        text = Text("方式不合理：{r}", "the mode is unreasonable: {r}").fill(r=plan.mode_finding)
        found.append(Problem("mode", text))
    elif plan.mode is None or (rules.modes and plan.mode not in rules.modes):
        text = Text("方式“{m}”不在本办法之内", "mode '{m}' is not one of the scheme").fill(
            m=plan.mode or "—"
        )
        found.append(Problem("mode", text))
    missing = [title for name, title in rules.steps.items() if name not in plan.steps]
    if missing:
        text = Text("步骤不严密，缺：{zh}", "steps missing from the plan: {en}").fill(
            zh="、".join(t.zh for t in missing), en=", ".join(t.en for t in missing)
        )
        found.append(Problem("steps", text))
    if rules.establishment_form and not plan.establishment_form:
        text = Text("缺机构编制部门审核表", "the form of the establishment office is missing")
        found.append(Problem("establishment_form", text))
    return found


def _post(line: PostLine) -> list[Problem]:
    found = []
    if line.established is not True:
        text = Text("{p}：没有机构编制依据", "{p}: no establishment document stands behind it")
        found.append(Problem("against_establishment", text.fill(p=line.post)))
    if line.approved is None or line.filled is None:
        text = Text(
            "{p}：核定职数或现配人数未登记，请向机构编制部门核实",
            "{p}: approved headcount is not recorded; ask the establishment office",
        )
        found.append(Problem("headcount_missing", text.fill(p=line.post)))
        return found
    left = line.filled - line.leaving
    planned = left + line.number
    if planned > line.approved:
        text = Text("{p}：核定{a}，拟配{n}", "{p}: approved {a}, planned {n}")
        found.append(Problem("over", text.fill(p=line.post, a=line.approved, n=planned)))
    if line.approved - left <= 0:
        text = Text("{p}：核定{a}，现有{n}，没有空缺", "{p}: approved {a}, {n} in post, no vacancy")
        found.append(Problem("no_vacancy", text.fill(p=line.post, a=line.approved, n=left)))
    return found


class PlanState(StrEnum):
    """Of an approved plan while it is carried out."""

    EXECUTING = "executing"
    CHANGE_PENDING = "change_pending"
    NOT_APPROVED = "not_approved"


@dataclass(frozen=True)
class Execution:
    """What was done: the day it began and the day of each step."""

    content: Mapping[str, object]
    started: Day | None
    step_days: Mapping[str, Day | None]


@dataclass(frozen=True)
class ExecutionResult:
    """The state and every problem; steps are locked while a change waits for approval."""

    state: PlanState
    problems: tuple[Problem, ...]

    @property
    def text(self) -> Text:
        """All problems, or that it follows the plan."""
        if not self.problems:
            return Text("按批复方案执行", "carried out as approved")
        return join([p.text for p in self.problems])


def follow(plan: DelegatedPlan, reply: Day | None, done: Execution) -> ExecutionResult:
    """Compare what is done with what was approved.

    Codes: NO_APPROVAL (started before the reply; the day of the reply is in time, and a later reply
    never heals it), PLAN_CHANGED (the items that differ), STEP_ORDER (a step dated before an
    earlier one).
    """
    found: list[Problem] = []
    begun = [d for d in (done.started, *done.step_days.values()) if d is not None]
    first = min(begun, default=None)
    if first is not None and (reply is None or first < reply):
        text = (
            Text("{d}开始，尚无批复", "started on {d} without a reply").fill(d=first)
            if reply is None
            else Text("{d}开始，早于{r}的批复", "started on {d} before the reply of {r}").fill(
                d=first, r=reply
            )
        )
        found.append(Problem("NO_APPROVAL", text))
    names = {
        "posts": Text("职位和数量", "posts and numbers"),
        "mode": Text("方式", "mode"),
        "steps": Text("步骤", "steps"),
    }
    changed = [
        names.get(key, Text(key, key))
        for key, value in plan.content.items()
        if done.content.get(key) != value
    ]
    if changed:
        text = Text(
            "与批复方案不一致：{zh}，须专题报告并经批准", "differs from the approved plan: {en}"
        )
        said = text.fill(zh="、".join(t.zh for t in changed), en=", ".join(t.en for t in changed))
        found.append(Problem("PLAN_CHANGED", said))
    found += _step_order(plan, done)
    state = (
        PlanState.NOT_APPROVED
        if any(p.code == "NO_APPROVAL" for p in found)
        else PlanState.CHANGE_PENDING
        if changed
        else PlanState.EXECUTING
    )
    return ExecutionResult(state, tuple(found))


def _step_order(plan: DelegatedPlan, done: Execution) -> list[Problem]:
    found = []
    latest: tuple[str, Day] | None = None
    for step in plan.steps:
        day = done.step_days.get(step)
        if day is None:
            continue
        if latest is not None and day < latest[1]:
            text = Text("“{s}”（{d}）早于“{e}”（{f}）", "{s} ({d}) is dated before {e} ({f})").fill(
                s=step, d=day, e=latest[0], f=latest[1]
            )
            found.append(Problem("STEP_ORDER", text))
        if latest is None or day > latest[1]:
            latest = (step, day)
    return found
