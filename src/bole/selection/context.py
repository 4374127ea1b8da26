"""A case as the procedure engine reads it: prefetched once, then only looked up."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from bole.ballots.queries import records as ballot_records
from bole.engine.errors import BoleError
from bole.engine.procedures import (
    AnswerRecord,
    BallotRecord,
    CaseState,
    CaseStatus,
    CheckRecord,
    Chosen,
    HeadcountRow,
    HoldRecord,
    MatterRecord,
    PaperRecord,
    Procedure,
    RuleOutcome,
    Signature,
    StepRecord,
    Suspension,
    Written,
    status,
)
from bole.engine.procedures.evaluate import Look
from bole.engine.schemes import Scheme
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import Calendar
from bole.matters.queries import records as matter_records
from bole.record.queries import calendar as working_calendar
from bole.schemes.queries import resolve
from bole.selection.models import (
    RECORD,
    REVIEW,
    Case,
    CasePaper,
    Course,
    Member,
    Outcome,
    PaperSignature,
)
from bole.vetting.queries import of_stream


def text_of(value: Mapping[str, str] | None) -> Text | None:
    """A stored sentence."""
    return Text(value["zh"], value["en"]) if value else None


def _written(course: list[Course]) -> dict[tuple[str, str], Written]:
    """The record items of each step, as written and reviewed; see `Course` for their form."""
    marked: dict[str, dict[tuple[str, str], str]] = {RECORD: {}, REVIEW: {}}
    for c in course:
        mark, _, item = c.detail.partition(":")
        if c.kind == Course.Kind.TASK and f"{mark}:" in marked:
            marked[f"{mark}:"][c.target, item] = f"u{c.by_id}"
    return {key: Written(by, marked[REVIEW].get(key)) for key, by in marked[RECORD].items()}


@dataclass
class CaseContext:
    """Implements the engine's `GateContext` for one case; about ten queries in all."""

    case: Case
    today: datetime.date
    scheme: Scheme
    course: list[Course]
    members: list[Member]
    filed: list[CasePaper]
    outcomes: list[Outcome]
    ballots: Mapping[str, BallotRecord]
    vetting: Any
    parameters: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def calendar(self) -> Calendar | None:
        """The working-day calendar, read when a clock first asks for it."""
        return working_calendar()

    @property
    def procedure(self) -> Procedure:
        assert self.scheme.procedure is not None
        return self.scheme.procedure

    @cached_property
    def state(self) -> CaseState:
        """The recorded course in the engine's words; what a return ended is left out."""
        in_force = [c for c in self.course if c.ended_on is None]
        returned: dict[tuple[str, str], int] = defaultdict(int)
        for event in self.course:
            if event.kind == Course.Kind.RETURNED:
                returned[event.target, event.detail] += 1
        kinds = Course.Kind
        return CaseState(
            started=self.case.started,
            steps={
                c.target: StepRecord(
                    c.target,
                    c.on,
                    "done" if c.kind == kinds.DONE else "skipped",
                    str(c.by),
                    c.reason,
                )
                for c in in_force
                if c.kind in (kinds.DONE, kinds.SKIPPED)
            },
            tasks=frozenset((c.target, c.detail) for c in in_force if c.kind == kinds.TASK),
            written=_written(in_force),
            accepted={c.target: c.reason for c in in_force if c.kind == kinds.ACCEPTED},
            suspensions=tuple(
                Suspension(c.on, c.reason, c.target or None, c.until)
                for c in in_force
                if c.kind == kinds.SUSPENDED
            ),
            returned=dict(returned),
        )

    @cached_property
    def status(self) -> CaseStatus:
        """Where the case stands today."""
        return status(self.procedure, self.state, self, self.parameters)

    @cached_property
    def _groups(self) -> dict[str, list[Member]]:
        groups: dict[str, list[Member]] = defaultdict(list)
        for member in self.members:
            groups[member.group].append(member)
        return groups

    def group(self, name: str) -> list[Member]:
        """The members now in a group."""
        return self._groups.get(name, [])

    def called(self, kind: str, ident: str) -> str:
        """What the scheme calls a step, task, group, paper … of the case, for the record."""
        return self.engine.name(kind, ident).zh

    @property
    def engine(self) -> Look:
        """The case as the engine's gates look at it."""
        return Look(self.procedure, self.state, self, self.parameters)

    def fact(self, name: str) -> Any:
        declared = self.procedure.facts.get(name)
        value = self.case.facts.get(name, declared.default if declared else None)
        if value is not None and declared and declared.type == "date" and isinstance(value, str):
            return datetime.date.fromisoformat(value)
        return value

    def persons(self, group: str) -> Sequence[Chosen]:
        return [Chosen(m.person, m.name, m.reason) for m in self.group(group)]

    @cached_property
    def _papers(self) -> dict[str, list[CasePaper]]:
        papers: dict[str, list[CasePaper]] = defaultdict(list)
        for paper in self.filed:
            papers[paper.code].append(paper)
        return papers

    @cached_property
    def _records(self) -> dict[str, list[PaperRecord]]:
        return {}

    def papers(self, paper: str) -> Sequence[PaperRecord]:
        if paper not in self._records:  # asked again by every gate that looks at it
            self._records[paper] = self._paper_records(paper)
        return self._records[paper]

    def _paper_records(self, paper: str) -> list[PaperRecord]:
        declared = self.procedure.paper.get(paper)
        wanted = [f.id for f in declared.fields] if declared else []
        return [
            PaperRecord(
                paper,
                p.on,
                p.cadre_id,
                tuple(
                    Signature(
                        s.role, f"u{s.user_id}" if s.user_id else s.name, s.name, s.on, s.seal
                    )
                    for s in p.signatures.all()
                ),
                # A paper brought as a file carries its fields on its own pages.
                tuple(f for f in wanted if not p.uploaded and not str(p.fields.get(f, "")).strip()),
            )
            for p in self._papers.get(paper, [])
        ]

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str], list[RuleOutcome] | None]:
        return {}

    def rules(self, rule_set: str, group: str) -> Sequence[RuleOutcome] | None:
        """The answers for the persons now in the group; None until all of them were screened."""
        key = rule_set, group
        if key not in self._verdicts:
            self._verdicts[key] = self._rule_outcomes(rule_set, group)
        return self._verdicts[key]

    def _rule_outcomes(self, rule_set: str, group: str) -> list[RuleOutcome] | None:
        wanted = {m.cadre_id for m in self.group(group)}
        mine = [o for o in self.outcomes if o.run.rule_set == rule_set and o.cadre_id in wanted]
        if not wanted or wanted - {o.cadre_id for o in mine}:
            return None
        newest: dict[tuple[int, str], Outcome] = {}
        for outcome in mine:  # in the order of the runs
            newest[outcome.cadre_id, outcome.rule] = outcome
        return [
            RuleOutcome(
                o.rule,
                o.cadre_id,
                o.cadre.name,
                Verdict(o.verdict),
                text_of(o.text) or Text("", ""),
                text_of(o.missing),
                o.strength,
                o.waiver,
            )
            for o in newest.values()
        ]

    def headcount(self) -> Sequence[HeadcountRow] | None:
        if self.case.headcount is None:
            return None
        return [
            HeadcountRow(
                r["line"],
                r["approved"],
                r["filled"],
                r["leaving"],
                r["entering"],
                tuple(r.get("others", ())),
            )
            for r in self.case.headcount["rows"]
        ]

    def ballot(self, ballot: str) -> BallotRecord | None:
        return self.ballots.get(ballot)

    @cached_property
    def _answers(self) -> dict[str, list[AnswerRecord]]:
        found: dict[str, list[AnswerRecord]] = defaultdict(list)
        for answer in self.vetting.answers:
            found[answer.body].append(answer)
        return found

    @cached_property
    def _checks(self) -> dict[str, list[CheckRecord]]:
        found: dict[str, list[CheckRecord]] = defaultdict(list)
        for check in self.vetting.checks:
            found[check.check].append(check)
        return found

    def answers(self, body: str) -> Sequence[AnswerRecord]:
        return self._answers[body]

    def checks(self, check: str) -> Sequence[CheckRecord]:
        return self._checks[check]

    def holds(self, kind: str) -> Sequence[HoldRecord]:
        return [h for h in self.vetting.holds if h.kind == kind]

    @cached_property
    def _matters(self) -> dict[str, list[MatterRecord]]:
        found: dict[str, list[MatterRecord]] = defaultdict(list)
        for record in matter_records(self.case.stream, self.today):
            found[record.kind].append(record)
        return found

    def matters(self, kind: str) -> Sequence[MatterRecord]:
        """The matters of a kind that hang on the case; read when a gate first asks."""
        return self._matters.get(kind, [])

    def changes(self, paper: str) -> Sequence[str] | None:
        """Which fields of the newest paper differ from the one first signed."""
        papers = self._papers.get(paper)
        if not papers:
            return None
        approved = next((p for p in papers if p.signatures.all()), None)
        if approved is None:
            return None
        now = papers[-1].fields
        return [k for k in {*approved.fields, *now} if approved.fields.get(k) != now.get(k)]


def load(case: Case, today: datetime.date) -> CaseContext:
    """Everything about the case that gates read, in a fixed number of queries."""
    scheme = resolve(case.scheme)
    try:
        parameters = scheme.values(case.parameters)
    except BoleError:
        parameters = scheme.values()
    members = list(
        case.members.filter(left_at=None).select_related("cadre", "user", "post__post__unit")
    )
    # A case has hundreds of papers and outcomes about a few people: each person is read once.
    people = {m.cadre_id: m.cadre for m in members if m.cadre_id}
    filed = list(
        case.papers.filter(replaced_at=None).prefetch_related(
            Prefetch("signatures", PaperSignature.objects.order_by("id"))
        )
    )
    outcomes = list(Outcome.objects.filter(run__case=case, run__current=True).select_related("run"))
    for row in (*filed, *outcomes):
        if row.cadre_id in people:
            row.cadre = people[row.cadre_id]
    course = list(case.course.select_related("by"))
    undone: dict[str, list[int]] = defaultdict(list)
    for event in course:
        for ballot, meetings in event.undone.items():
            undone[ballot] += meetings
    return CaseContext(
        case=case,
        today=today,
        scheme=scheme,
        course=course,
        members=members,
        filed=filed,
        outcomes=outcomes,
        ballots=ballot_records(case.stream, undone),
        vetting=of_stream(
            case.stream, cadres=[m.cadre_id for m in members if m.cadre_id], today=today
        ),
        parameters=parameters,
    )
