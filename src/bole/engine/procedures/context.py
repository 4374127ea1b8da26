"""What a running case gives the gates to look at: plain records behind one protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from bole.engine.procedures.base import FactValue
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import Calendar

PersonId = int | str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A person of a group, with the written reason for which the person was chosen."""

    person: PersonId
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, in which role, when."""

    role: str
    person: PersonId
    name: str = ""
    on: date | None = None
    seal: bool = False


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A filed paper; `person` for papers kept per person; `fields` the ids that are filled."""

    paper: str
    on: date
    person: PersonId | None = None
    signatures: tuple[Signature, ...] = ()
    missing_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """The verdict of one rule for one person; `waiver` is the written reason for an exception."""

    rule: str
    person: PersonId
    name: str
    verdict: Verdict
    text: Text
    missing: Text | None = None
    strength: str = "block"
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class HeadcountRow:
    """One line of the headcount sheet, in posts; `approved` None when it is not recorded."""

    line: str
    approved: int | None
    filled: int
    leaving: int
    entering: int
    others: tuple[str, ...] = ()  # numbers of other cases whose moves are counted

    @property
    def planned(self) -> int:
        """Posts filled after all moves of the plan."""
        return self.filled - self.leaving + self.entering

    @property
    def verdict(self) -> Literal["ok", "over", "still_over", "unknown"]:
        """`still_over` does not block: nobody enters the line."""
        if self.approved is None:
            return "unknown"
        if self.planned <= self.approved:
            return "ok"
        return "over" if self.entering >= 1 else "still_over"


@dataclass(frozen=True, slots=True)
class BallotRecord:
    """A ballot as counted. `votes`: person → option → number; counts are people or ballots."""

    ballot: str
    on: date | None = None
    entries: int = 0
    entered_by: tuple[PersonId, ...] = ()
    differences: tuple[Text, ...] = ()
    reconciled: bool = False
    due: int | None = None
    attending: int | None = None
    issued: int | None = None
    returned: int | None = None
    valid: int | None = None
    votes: Mapping[PersonId, Mapping[str, int]] = field(default_factory=dict)
    chair_last: bool | None = None
    secret: bool | None = None  # without names
    # persons recused and their part of `due`: due of a subject is `due` minus its recused
    recused: Mapping[PersonId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """A body asked, and what it said. `answer`: no_objection, information, objection, None."""

    body: str
    asked: date | None = None
    answered: date | None = None
    answer: str | None = None
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """A check of a person, concluded or not."""

    check: str
    person: PersonId | None = None
    conclusion: str | None = None
    on: date | None = None
    evidence: bool = True
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """Something open that holds the case: a complaint in verification, a doubt, a sanction."""

    kind: str
    text: Text
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """A matter of the case (see `engine.matters`) in its state today."""

    kind: str
    state: str
    person: PersonId | None = None
    title: Text | None = None
    state_title: Text | None = None


class GateContext(Protocol):
    """What the selection app answers; every method is a plain look-up, prefetched for the case.

    `calendar` None means the published working-day calendar.
    """

    @property
    def today(self) -> date: ...
    @property
    def calendar(self) -> Calendar | None: ...
    def fact(self, name: str) -> FactValue | None: ...
    def persons(self, group: str) -> Sequence[Chosen]: ...
    def papers(self, paper: str) -> Sequence[PaperRecord]: ...
    def rules(self, rule_set: str, group: str) -> Sequence[RuleOutcome] | None: ...
    def headcount(self) -> Sequence[HeadcountRow] | None: ...
    def ballot(self, ballot: str) -> BallotRecord | None: ...
    def answers(self, body: str) -> Sequence[AnswerRecord]: ...
    def checks(self, check: str) -> Sequence[CheckRecord]: ...
    def holds(self, kind: str) -> Sequence[HoldRecord]: ...
    def changes(self, paper: str) -> Sequence[str] | None: ...
    def matters(self, kind: str) -> Sequence[MatterRecord]: ...


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step that is done or skipped, in its current run."""

    step: str
    on: date
    outcome: Literal["done", "skipped"] = "done"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A record item as written: who wrote it, who reviewed it."""

    recorder: PersonId
    reviewer: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """The case (or one step) stands still until it is resumed."""

    since: date
    reason: str
    step: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CaseState:
    """The recorded course of a case: what is done, ticked, written, accepted, suspended."""

    started: date
    steps: Mapping[str, StepRecord] = field(default_factory=dict)
    tasks: frozenset[tuple[str, str]] = frozenset()
    written: Mapping[tuple[str, str], Written] = field(default_factory=dict)  # (step, item)
    accepted: Mapping[str, str] = field(default_factory=dict)  # warning key → written reason
    suspensions: tuple[Suspension, ...] = ()
    returned: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (from, to) → times


@dataclass(slots=True)
class Recorded:
    """A `GateContext` over plain tables: for case files, tests, and a dry run of a new pack."""

    today: date
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    groups: Mapping[str, Sequence[Chosen]] = field(default_factory=dict)
    filed: Sequence[PaperRecord] = ()
    outcomes: Mapping[str, Sequence[RuleOutcome]] = field(default_factory=dict)
    rows: Sequence[HeadcountRow] | None = None
    ballots: Mapping[str, BallotRecord] = field(default_factory=dict)
    replies: Sequence[AnswerRecord] = ()
    concluded: Sequence[CheckRecord] = ()
    open_holds: Sequence[HoldRecord] = ()
    differing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opened: Sequence[MatterRecord] = ()
    calendar: Calendar | None = None

    def fact(self, name: str) -> FactValue | None:
        return self.facts.get(name)

    def persons(self, group: str) -> Sequence[Chosen]:
        return self.groups.get(group, ())

    def papers(self, paper: str) -> Sequence[PaperRecord]:
        return [p for p in self.filed if p.paper == paper]

    def rules(self, rule_set: str, group: str) -> Sequence[RuleOutcome] | None:
        return self.outcomes.get(rule_set)

    def headcount(self) -> Sequence[HeadcountRow] | None:
        return self.rows

    def ballot(self, ballot: str) -> BallotRecord | None:
        return self.ballots.get(ballot)

    def answers(self, body: str) -> Sequence[AnswerRecord]:
        return [a for a in self.replies if a.body == body]

    def checks(self, check: str) -> Sequence[CheckRecord]:
        return [c for c in self.concluded if c.check == check]

    def holds(self, kind: str) -> Sequence[HoldRecord]:
        return [h for h in self.open_holds if h.kind == kind]

    def changes(self, paper: str) -> Sequence[str] | None:
        return self.differing.get(paper)

    def matters(self, kind: str) -> Sequence[MatterRecord]:
        return [m for m in self.opened if m.kind == kind]
