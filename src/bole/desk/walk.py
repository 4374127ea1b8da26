"""Drives a whole case through the same actions as the pages: for scripts, tests and the demo.

A plan says who is proposed and what was decided; the procedure says what has to be done. The
walk looks at every reason that the procedure engine gives and does what clears it, on the day
that the plan's course has reached. Nothing is done behind the gates: what an officer could not
do, the walk cannot either, and it stops with the reasons.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bole.accounts.models import User
from bole.ballots import actions as ballots
from bole.engine.errors import BoleError, Problem
from bole.engine.procedures import Reason, StepStatus
from bole.engine.procedures.gates import VoteGate
from bole.engine.procedures.vocabulary import ROLES
from bole.engine.text import Text
from bole.people.models import Cadre
from bole.selection import actions
from bole.selection.actions.members import USER_GROUPS
from bole.selection.context import CaseContext, load
from bole.selection.models import Case, Outcome
from bole.vetting import actions as vetting

DEFAULT_TEXT = "见所附材料"


@dataclass
class Plan:
    """What the walk cannot know by itself; see docs/run-case.md for the file's shape."""

    groups: Mapping[str, list[tuple[Any, str]]]  # group → (cadre or user, reason)
    facts: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ballots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    judgements: Mapping[str, bool] = field(default_factory=dict)
    signers: Mapping[str, str] = field(default_factory=dict)
    warnings: str = "经集体研究，理由充分，予以说明。"
    waivers: str = ""
    pace: int = 2


class Stuck(BoleError):
    """The walk cannot go on: the reasons say why."""


class Walk:
    """One case on its way. `actors` are users by role; `tell` is called for every step."""

    def __init__(
        self,
        case: Case,
        plan: Plan,
        actors: Mapping[str, list[User]],
        day: datetime.date,
        today: datetime.date,
        tell: Callable[[datetime.date, Text], None] = lambda day, text: None,
    ) -> None:
        self.case, self.plan, self.actors = case, plan, actors
        self.day, self.today, self.tell = day, today, tell
        self.officer = actors["section_officer"][0]

    def run(self, until: str | None = None) -> CaseContext:
        """Go on until the case is finished, `until` is to be done next, or it must wait for today.

        Raises `Stuck` when nothing that the plan allows clears what is left.
        """
        while True:
            look = self._look()
            if look.case.state != Case.State.RUNNING or look.status.finished:
                return look
            if until is not None and until in look.status.here:
                return look
            if self._advance(look):
                continue
            clocks = self._clocks(look)
            if not clocks:
                raise Stuck(
                    [
                        Problem("STUCK", r.text, s)
                        for s in look.status.here
                        for r in (*look.status.steps[s].reasons, *look.status.steps[s].remaining)
                    ]
                    or Problem("STUCK", Text("没有可办理的步骤", "No step can be done"))
                )
            if self.day >= self.today:
                return look  # the rest lies in the future
            later = [s.opens for s in clocks if s.opens is not None and s.opens > self.day]
            tomorrow = self.day + datetime.timedelta(days=1)
            self.day = min(self.today, min(later, default=tomorrow))

    def _clocks(self, look: CaseContext) -> list[StepStatus]:
        """The steps at their turn that only wait for a day to come."""
        here = [look.status.steps[s] for s in look.status.here]
        return [s for s in here if any(r.action == "wait" for r in (*s.reasons, *s.remaining))]

    def _look(self) -> CaseContext:
        self.case = Case.objects.select_related("scheme", "unit").get(pk=self.case.pk)
        return load(self.case, self.day)

    def _advance(self, look: CaseContext) -> bool:
        for step in look.status.here:
            status = look.status.steps[step]
            if status.may_finish:
                declared = look.procedure.steps[step]
                actor = self._actor(look, [a.role for a in declared.who if a.role])
                actions.finish_step(actor=actor, case=self.case, step=step, on=self.day)
                self.tell(self.day, declared.name)
                self.day = min(self.today, self.day + datetime.timedelta(days=self.plan.pace))
                return True
        for step in look.status.here:
            status = look.status.steps[step]
            seen = set()
            cleared = False
            for reason in (*status.reasons, *status.remaining, *status.warnings):
                whole = reason.action in ("sign_paper", "choose_persons")  # done for all at once
                key = (reason.action, reason.target, None if whole else reason.person)
                if key not in seen:
                    seen.add(key)
                    cleared |= self._clear(look, step, reason)
            if cleared:
                return True
        return False

    def _actor(self, look: CaseContext, roles: list[str]) -> User:
        for role in roles:
            for held in look.procedure.holders(role):
                for user in self.actors.get(held, []):
                    if user.has_perm("selection.work", self.case):
                        return user
        return self.officer

    def _person(self, reason: Reason) -> Cadre | None:
        return Cadre.objects.get(pk=reason.person) if isinstance(reason.person, int) else None

    def _clear(self, look: CaseContext, step: str, reason: Reason) -> bool:
        if reason.strength == "warn" and reason.kind != "rules":
            actions.accept_warning(
                actor=self.officer, case=self.case, key=reason.key, reason=self.plan.warnings
            )
            return True
        handler = getattr(self, f"_{reason.action}", None)
        return bool(handler and handler(look, step, reason))

    def _file_paper(self, look: CaseContext, step: str, reason: Reason) -> bool:
        declared = look.procedure.paper[reason.target]
        given = self.plan.papers.get(reason.target, {})
        fields = {f.id: given.get(f.id, DEFAULT_TEXT) for f in declared.fields}
        cadre = self._person(reason)
        common = {"actor": self.officer, "case": self.case, "paper": reason.target, "on": self.day}
        if declared.brought:
            name = f"{declared.name.zh.strip('《》')}.txt"
            content = f"{declared.name.zh}\n{given.get('text', DEFAULT_TEXT)}\n".encode()
            actions.file_paper(name=name, content=content, cadre=cadre, **common)
        else:
            actions.write_paper(fields={**given, **fields}, cadre=cadre, **common)
        return True

    def _sign_paper(self, look: CaseContext, step: str, reason: Reason) -> bool:
        declared = look.procedure.paper[reason.target]
        filed = [p for p in look.filed if p.code == reason.target]
        done = False
        for paper in filed:
            names = {s.name for s in paper.signatures.all()}
            for signer in declared.signed_by:
                if signer.all_of:
                    for member in look.group(signer.all_of):
                        if member.name not in names:
                            actions.sign_paper(
                                actor=self.officer,
                                paper=paper,
                                role=signer.all_of,
                                signer=member.user,
                                name=member.name,
                                on=self.day,
                            )
                            names.add(member.name)
                            done = True
                    continue
                role = signer.role or ""
                have = sum(s.role == role for s in paper.signatures.all())
                for number in range(have, signer.count):
                    name = self._signer(look, role, number)
                    if name not in names:
                        actions.sign_paper(
                            actor=self.officer, paper=paper, role=role, name=name, on=self.day
                        )
                        names.add(name)
                        done = True
        return done

    def _signer(self, look: CaseContext, role: str, number: int) -> str:
        given = self.plan.signers.get(role)
        if given and number == 0:
            return given
        people = [
            u.name for held in look.procedure.holders(role) for u in self.actors.get(held, [])
        ]
        word = ROLES.get(role, Text(role, role)).zh
        if role in self.actors and number < len(people):
            return people[number]
        return f"{word}{number + 1}"

    def _do_task(self, look: CaseContext, step: str, reason: Reason) -> bool:
        actor = self._actor(look, [a.role for a in look.procedure.steps[step].who if a.role])
        actions.do_task(actor=actor, case=self.case, step=step, task=reason.target, on=self.day)
        return True

    def _check_headcount(self, look: CaseContext, step: str, reason: Reason) -> bool:
        if self.case.headcount is not None:
            return False
        actions.check_headcount(actor=self.officer, case=self.case, today=self.day)
        return True

    def _choose_persons(self, look: CaseContext, step: str, reason: Reason) -> bool:
        group = reason.target
        have = {m.person for m in look.group(group)}
        done = False
        for person, why in self.plan.groups.get(group, []):
            key = f"u{person.pk}" if group in USER_GROUPS else person.pk
            if key not in have:
                actions.choose(
                    actor=self.officer,
                    case=self.case,
                    group=group,
                    reason=why,
                    on=self.day,
                    **({"user": person} if group in USER_GROUPS else {"cadre": person}),
                )
                done = True
        return done

    def _run_rules(self, look: CaseContext, step: str, reason: Reason) -> bool:
        declared = look.procedure.steps[step]
        gates = [*declared.gates, *declared.finish]
        gate = next(g for g in gates if getattr(g, "rules", None) == reason.target)
        actions.run_rules(
            actor=self.officer, case=self.case, rule_set=gate.rules, group=gate.of, as_of=self.day
        )
        return True

    def _resolve_rule(self, look: CaseContext, step: str, reason: Reason) -> bool:
        return self._answer(look, reason)

    def _supply_fact(self, look: CaseContext, step: str, reason: Reason) -> bool:
        return self._answer(look, reason)

    def _answer(self, look: CaseContext, reason: Reason) -> bool:
        """Answer the questions of rules as the plan says; write exceptions where it allows."""
        head = self.actors["department_head"][0]
        done = False
        for outcome in look.outcomes:
            if outcome.rule != reason.target or outcome.cadre_id != reason.person:
                continue
            if outcome.question and outcome.verdict == "unknown":
                met = self.plan.judgements.get(outcome.rule, True)
                actions.judge(actor=head, outcome=outcome, met=met, reason="经核查有关材料认定。")
                done = True
            elif outcome.verdict != "met" and not outcome.waiver and self._may_waive(outcome):
                reason_text = self.plan.waivers or self.plan.warnings
                actions.waive(actor=head, outcome=outcome, reason=reason_text)
                done = True
        return done

    def _may_waive(self, outcome: Outcome) -> bool:
        return outcome.strength in ("warn", "note") or bool(self.plan.waivers)

    def _state_fact(self, look: CaseContext, step: str, reason: Reason) -> bool:
        value = self.plan.facts.get(reason.target)
        if value is None or look.case.facts.get(reason.target) == value:
            return False
        actions.state_facts(actor=self.officer, case=self.case, facts={reason.target: value})
        return True

    def _set_parameter(self, look: CaseContext, step: str, reason: Reason) -> bool:
        value = self.plan.parameters.get(reason.target)
        if value is None:
            return False
        actions.set_parameters(
            actor=self.officer, case=self.case, values={reason.target: value}, reason="计划确定"
        )
        return True

    def _enter_results(self, look: CaseContext, step: str, reason: Reason) -> bool:
        return self._hold(look, reason.target)

    def _reconcile_results(self, look: CaseContext, step: str, reason: Reason) -> bool:
        return self._hold(look, reason.target)

    def _hold_vote(self, look: CaseContext, step: str, reason: Reason) -> bool:
        return self._hold(look, reason.target)

    def _hold(self, look: CaseContext, ballot: str) -> bool:
        """Hold a paper ballot: roll, two independent entries, two signatures."""
        if look.ballot(ballot) is not None:
            return False  # held already; one from before a return counts no more
        deciding = any(
            isinstance(g, VoteGate) and g.ballot == ballot
            for s in look.procedure.steps.values()
            for g in (*s.gates, *s.finish)
        )
        given = dict(self.plan.ballots.get(ballot, {}))
        due, present = given.get("due", 11), given.get("present", 11)
        officer = self.officer
        members = given.get("members") or [f"委员{n + 1}" for n in range(due)]
        meeting = actions.plan_ballot(
            actor=officer,
            case=self.case,
            ballot=ballot,
            held_on=self.day,
            channel="paper",
            classes=[{"code": "all", "name": given.get("class", "参会人员"), "due": due}],
        )
        if deciding:
            roll = [
                {
                    "cadre": None,
                    "name": n,
                    "unit": "",
                    "post": "",
                    "voter_class": "all",
                    "present": i < present,
                }
                for i, n in enumerate(members[:due])
            ]
            meeting = ballots.record_attendance(actor=officer, meeting=meeting, members=roll)
        else:
            meeting = ballots.record_attendance(
                actor=officer, meeting=meeting, attending={"all": present}
            )
        meeting = ballots.freeze_roll(actor=officer, meeting=meeting)
        meeting = ballots.open_meeting(actor=officer, meeting=meeting)
        if deciding:
            chair = members[0]
            spoken = [*members[1:present], chair]
            ballots.deliberate(
                actor=officer,
                meeting=meeting,
                principal=chair,
                present=members[:present],
                statements=[{"member": m, "position": "agree"} for m in spoken],
                secret=True,
            )
        meeting = ballots.close(actor=officer, meeting=meeting)
        counts = self._counts(meeting, given, present)
        counters = [officer, *(self.actors["inspector"])][: max(meeting.entries, 1)]
        for counter in counters:
            ballots.enter_sheet(actor=counter, meeting=meeting, counts=counts)
        for role, signer in zip(("counter", "monitor"), counters, strict=False):
            meeting = ballots.sign(actor=signer, meeting=meeting, role=role, signature="paper")
        return True

    def _counts(self, meeting: Any, given: Mapping[str, Any], present: int) -> dict[str, Any]:
        """The sheet: the votes of the plan, else nearly all for the first subject or option."""
        marks: dict[str, dict[str, dict[str, int]]] = {}
        wanted = {str(k): v for k, v in given.get("votes", {}).items()}
        for item in meeting.instrument.items:
            rows = marks.setdefault(item.id, {})
            if item.kind.value == "nominate":
                (category,) = [c.id for c in item.limits(meeting.posts)][:1]
                left = present * (meeting.posts or 1)
                for number, subject in enumerate(meeting.subjects):
                    votes = wanted.get(subject["name"])
                    if votes is None:
                        votes = max(0, min(present, left) - number) if number else present * 3 // 4
                    votes = min(votes, left, present)
                    left -= votes
                    rows[subject["key"]] = {category: votes}
                continue
            options = [o.id for o in item.options]
            for subject in meeting.subjects:
                votes = wanted.get(subject["name"])
                if isinstance(votes, Mapping):
                    rows[subject["key"]] = {o: int(votes.get(o, 0)) for o in options}
                    continue
                first = present - present // 10 if len(options) > 3 else present
                rows[subject["key"]] = dict.fromkeys(options, 0) | {options[0]: first}
                if first < present:
                    rows[subject["key"]][options[1]] = present - first
        return {
            "classes": {
                "all": {
                    "issued": present,
                    "not_returned": 0,
                    "returned": present,
                    "valid": present,
                    "void": 0,
                    "marks": marks,
                }
            }
        }

    def _ask_body(self, look: CaseContext, step: str, reason: Reason) -> bool:
        cadre = self._person(reason)
        vetting.ask_body(
            actor=self.officer,
            stream=self.case.stream,
            body=reason.target,
            cadres=[cadre] if cadre else [],
            question="有无影响任用的情况",
            sent_on=self.day,
        )
        return True

    def _record_answer(self, look: CaseContext, step: str, reason: Reason) -> bool:
        vetting.record_answer(
            actor=self.officer,
            stream=self.case.stream,
            body=reason.target,
            cadre=self._person(reason),
            answer=self.plan.answers.get(reason.target, "no_objection"),
            text="经审核，无不同意见。",
            signer="经办负责人",
            received_on=self.day,
        )
        return True

    def _conclude_check(self, look: CaseContext, step: str, reason: Reason) -> bool:
        person = reason.person
        user = None
        if isinstance(person, str) and person.startswith("u"):
            user = User.objects.get(pk=person[1:])
        vetting.conclude_check(
            actor=self.officer,
            stream=self.case.stream,
            check=reason.target,
            cadre=self._person(reason),
            user=user,
            conclusion="clear",
            note="经核查，无影响任用的情况。",
            evidence=["核查记录"],
            on=self.day,
        )
        return True
