"""Papers that must be there: completeness of a link, certificates, filing packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bole.engine.errors import BoleError
from bole.engine.procedures.base import Id, Model, Name, When
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.vetting.base import Answer, VettingRule
from bole.engine.workdays import Calendar, count_days


class Slot(Model):
    """A paper of a link; with `when` only for some persons. `question` asks for its facts."""

    id: Id
    name: Name | None = None
    when: When | None = None
    question: Name | None = None


class Completeness(VettingRule):
    """The papers that a link needs for each person, each recorded and reviewed by two people."""

    kind: Literal["completeness"] = "completeness"
    papers: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class SlotPaper:
    """A paper as it stands: expected, received, checked, returned or accepted."""

    paper: str
    recorder: str | None
    reviewer: str | None
    state: str | None


def complete(
    rule: Completeness, person: str, facts: Mapping[str, Any], papers: Iterable[SlotPaper]
) -> Answer:
    """Required and accepted papers, what is undecided and missing, and whether the link closes.

    A condition that cannot be decided keeps the link open; it never counts as not required.
    """
    found, have = Answer(), {}
    for paper in papers:
        have[paper.paper] = paper
    required, missing, undecided, accepted = 0, [], [], 0
    for slot in rule.papers:
        wanted = slot.when.holds(facts.get) if slot.when else Verdict.MET
        if wanted is Verdict.UNKNOWN:
            undecided.append(slot.id)
            question = slot.question or Text(slot.id, slot.id)
            found.say(
                "{who}是否{q}尚不清楚，明确后本环节才能办结",
                "Not known whether {who} {q}; answer this before the link can close.",
                who=person,
                q=question,
            )
        if wanted is not Verdict.MET:
            continue
        required += 1
        filed = have.get(slot.id)
        name = slot.name or Text(slot.id, slot.id)
        if filed is not None and filed.state == "accepted" and _two(filed, name, found):
            accepted += 1
        else:
            missing.append(slot.id)
    found.values = {
        "required": required,
        "accepted": accepted,
        "undecided": undecided,
        "missing": missing,
        "link": "open" if missing or undecided else "closes",
    }
    return found


def _two(paper: SlotPaper, name: Text, found: Answer) -> bool:
    if paper.recorder and paper.reviewer and paper.recorder != paper.reviewer:
        return True
    if paper.recorder and paper.recorder == paper.reviewer:
        found.say(
            "{p}的填写人与审核人是同一人（{w}），须由他人审核",
            "Recorder and reviewer of the {p} paper are the same person ({w}); another person "
            "must review it.",
            p=name,
            w=paper.recorder,
        )
    else:
        found.say(
            "{p}缺少填写人或审核人", "The {p} paper lacks its recorder or its reviewer.", p=name
        )
    return False


class CertificateRule(VettingRule):
    """A certificate with a conclusion, signed by two different people in the stated roles."""

    kind: Literal["certificate"] = "certificate"
    first: tuple[str, ...]
    second: tuple[str, ...]
    first_name: Name
    second_name: Name


@dataclass(frozen=True, slots=True)
class CertificateSignature:
    """Who signed, in which role, when; None where the place is empty."""

    person: str | None
    role: str | None
    on: date | None


def certificate(
    rule: CertificateRule,
    concluding: bool | None,
    text_date: date | None,
    first: CertificateSignature,
    second: CertificateSignature,
) -> Answer:
    """Whether the certificate holds: `valid` True, False or cannot_compute, with every fault."""
    found = Answer()
    unknown = concluding is None or text_date is None
    if concluding is False:
        found.say(
            "只有描述，没有结论，请写明意见",
            "A description is not a conclusion; state the opinion.",
        )
    for n, signed, roles, name in (
        ("A", first, rule.first, rule.first_name),
        ("B", second, rule.second, rule.second_name),
    ):
        if signed.person is None:
            found.say(
                "缺少{n}签字，推荐不予受理",
                "Signature of the {n} missing; the recommendation is not accepted.",
                n=name,
            )
            continue
        if signed.role not in roles:
            found.say(
                "签字人{x}应为{n}，不是{r}",
                "Signer {x} must be the {n}, not {r}.",
                x=n,
                n=name,
                r=signed.role or "—",
            )
        if signed.on is None:
            found.say("{n}签字没有日期", "Signature of the {n} carries no date.", n=name)
        elif text_date is not None and signed.on < text_date:
            found.say(
                "{n}签字日期{d}早于文本日期{t}",
                "Signature of the {n} is dated {d}, before the text of {t}.",
                n=name,
                d=signed.on,
                t=text_date,
            )
    if first.person is not None and first.person == second.person:
        found.say("同一人以两个身份签字", "The same person signed in both roles.")
    if found.said:
        found.values["valid"] = False
    elif unknown:
        found.values["valid"] = "cannot_compute"
        if concluding is None:
            found.say("未填写是否有结论", "It is not stated whether the text concludes.")
        if text_date is None:
            found.say("文本没有日期", "The text carries no date.")
    else:
        found.values["valid"] = True
    return found


class FilingCheck(Model):
    """One check of a filing package, answered yes or no; with `when` only for some packages."""

    id: Id
    name: Name
    when: When | None = None


class FilingRule(VettingRule):
    """The checks of a filing package; all faults go back together. `notice_days`: at least so
    many days of notice; whether they are working days is left open by the source."""

    kind: Literal["filing"] = "filing"
    notice_days: int
    checks: tuple[FilingCheck, ...]
    notice_after: Id  # the notice is judged after this check


def file_package(
    rule: FilingRule,
    answers: Mapping[str, Any],
    notice_from: date | None,
    notice_to: date | None,
    unit: Literal["working_days", "calendar_days"] | None,
    first_day_counts: bool | None,
    calendar: Calendar | None = None,
) -> Answer:
    """`result` agreed, returned (with `faults`), open (unanswered checks) or refused."""
    found = Answer()
    faults: list[str] = []
    open_: list[str] = []
    days: int | None = None
    if notice_from and notice_to and notice_to < notice_from:
        found.values = {"result": "refused"}
        found.say(
            "公示结束日{b}早于开始日{a}",
            "The notice ends ({b}) before it starts ({a}).",
            a=notice_from,
            b=notice_to,
        )
        return found
    if notice_from and notice_to and unit and first_day_counts is not None:
        try:
            days = count_days(
                notice_from,
                notice_to,
                unit=unit,
                first_day_counts=first_day_counts,
                calendar=calendar,
            )
        except BoleError as error:
            found.said.append(error.problems[0].text)
    for check in rule.checks:
        applies = check.when.holds(answers.get) if check.when else Verdict.MET
        value = answers.get(check.id)
        if applies is Verdict.UNKNOWN or (applies is Verdict.MET and value is None):
            open_.append(check.id)
            found.say("未填写：{n}", "Not answered: {n}.", n=check.name)
        elif applies is Verdict.MET and not value:
            faults.append(check.id)
            found.say("不符合：{n}", "Not met: {n}.", n=check.name)
        if check.id == rule.notice_after:
            if days is None:
                open_.append("notice_days")
                found.say("公示天数无法计算", "The days of notice cannot be counted.")
            elif days < rule.notice_days:
                faults.append("notice_days")
                found.say(
                    "公示{d}天，少于{n}天",
                    "The notice ran {d} days, fewer than {n}.",
                    d=days,
                    n=rule.notice_days,
                )
    found.values = {
        "notice_days": days,
        "faults": faults,
        "unanswered": open_,
        "result": "returned" if faults else "open" if open_ else "agreed",
    }
    return found
