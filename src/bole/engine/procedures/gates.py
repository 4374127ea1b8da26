"""The kinds of gate: what must be there before a step may begin or be finished."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bole.engine.procedures.base import Bounds, Count, Id, Model, Name, Needed, Param, Ratio, When

Strength = Literal["refuse", "block", "hold", "warn", "note"]
Unit = Literal["working_days", "calendar_days", "weeks", "months", "years"]


class Event(Model):
    """A dated event: a step finished, a paper issued, a ballot held, or a date the case states."""

    step: Id | None = None
    paper: Id | None = None
    ballot: Id | None = None
    fact: Id | None = None

    def model_post_init(self, _: Any) -> None:
        if sum(v is not None for v in (self.step, self.paper, self.ballot, self.fact)) != 1:
            raise ValueError(
                "事件须且只须写 step、paper、ballot、fact 之一 / "
                "an event is exactly one of step, paper, ballot, fact"
            )

    @property
    def target(self) -> tuple[str, str]:
        """Kind and id of the event."""
        for kind in ("step", "paper", "ballot", "fact"):
            value = getattr(self, kind)
            if value is not None:
                return kind, value
        raise AssertionError


class BaseGate(Model):
    """What every gate may say. `strength` block stops; warn goes on with a written reason."""

    clears: ClassVar[str]
    id: Id | None = None
    text: Name | None = None
    when: When | None = None
    strength: Strength = "block"
    clear: str | None = None
    reference: str = ""
    mechanisms: list[str] = []

    @property
    def stops(self) -> bool:
        """Whether the gate stops the step until it is cleared."""
        return self.strength in ("refuse", "block", "hold")


class RulesGate(BaseGate):
    """Every person of the group meets the rule set; a failing rule needs a written deviation."""

    clears = "run_rules"
    kind: Literal["rules"]
    rules: Id
    of: Id = "candidates"
    exceptions: bool = False


class PapersGate(BaseGate):
    """The papers are filed; papers kept per person are filed for each person of their group."""

    clears = "file_paper"
    kind: Literal["papers"]
    papers: list[Id] = Field(min_length=1)


class SignaturesGate(BaseGate):
    """The paper carries every signature that it asks for, by different persons."""

    clears = "sign_paper"
    kind: Literal["signatures"]
    papers: list[Id] = Field(min_length=1)


class HeadcountGate(BaseGate):
    """No row of the headcount sheet is over or unknown after all moves of the plan."""

    clears = "check_headcount"
    kind: Literal["headcount"]


class ResultsGate(BaseGate):
    """The ballots are counted: entered independently by different persons and reconciled."""

    clears = "enter_results"
    kind: Literal["results"]
    ballots: list[Id] = Field(min_length=1)


class VoteGate(BaseGate):
    """A ballot decided: the meeting was valid and each person reached the threshold.

    `recused_stay_due`: whether who recuses for a person still counts among those due for that
    person. `secret`: only a ballot without names counts.
    """

    clears = "hold_vote"
    kind: Literal["vote"]
    ballot: Id
    of: Id | None = "candidates"
    option: str = "agree"
    present: Needed | None = None
    passes: Needed
    chair_last: bool = False
    secret: bool = False
    recused_stay_due: bool | Param = False


class AnswersGate(BaseGate):
    """Every body asked has answered; silence counts as agreement only after the stated time.

    `wanted` answered: any answer; no_objection: an objection holds the step.
    """

    clears = "record_answer"
    kind: Literal["answers"]
    bodies: list[Id] = Field(min_length=1)
    wanted: Literal["answered", "no_objection"] = "no_objection"
    of: Id | None = None
    silence_after: Count | None = None
    silence_unit: Unit = "months"


class ChecksGate(BaseGate):
    """Every check is concluded for every person with one of the accepted conclusions."""

    clears = "conclude_check"
    kind: Literal["checks"]
    checks: list[Id] = Field(min_length=1)
    of: Id | None = "candidates"
    accept: list[str] = ["clear", "clear_with_note", "not_applicable"]


class ClockGate(BaseGate):
    """At least so much time has passed since the event (the day of the event is day 0)."""

    clears = "wait"
    kind: Literal["clock"]
    elapsed: Count
    unit: Unit
    since: Event


class ValidGate(BaseGate):
    """Not more than so much time has passed since the event: a result is used while valid."""

    clears = "renew"
    kind: Literal["valid"]
    within: Count
    unit: Unit
    since: Event


class StepsGate(BaseGate):
    """Other steps are done; a skipped step does not count unless `or_skipped`."""

    clears = "finish_step"
    kind: Literal["steps"]
    steps: list[Id] = Field(min_length=1)
    or_skipped: bool = False


class PersonsGate(BaseGate):
    """A group of persons stands: so many, each with a reason, none of them in another group.

    `per_post_*`: bounds of persons ÷ posts (1:1 to 1:3 is 1 and 3); `more_than_posts`: more
    persons than posts, with `unless` (a case fact) allowing one person a post.
    """

    clears = "choose_persons"
    kind: Literal["persons"]
    group: Id
    min: Count | None = None
    max: Count | None = None
    per_post_min: Ratio | None = None
    per_post_max: Ratio | None = None
    more_than_posts: bool = False
    unless: When | None = None
    reasons: bool = False
    apart_from: list[Id] = []


class FactGate(BaseGate):
    """A case fact is stated and, if `is` is given, has one of the values or lies in bounds."""

    clears = "state_fact"
    kind: Literal["fact"]
    fact: Id
    wanted: bool | int | str | Bounds | list[bool | int | str] | None = Field(
        default=None, alias="is"
    )


class HoldsGate(BaseGate):
    """Nothing of these kinds is open: complaints during a notice, doubts, an effect period."""

    clears = "resolve_hold"
    kind: Literal["no_holds"]
    holds: list[Id] = Field(min_length=1)


class UnchangedGate(BaseGate):
    """What was approved is what is carried out: the paper's content has not changed since."""

    clears = "report_change"
    kind: Literal["unchanged"]
    paper: Id


class MattersGate(BaseGate):
    """Matters of the case stand in a state: `{consultation: done}`, or one of several states.

    With `of` there is one for each person of the group.
    """

    clears = "open_matter"
    kind: Literal["matters"]
    matters: dict[Id, Id | list[Id]] = Field(min_length=1)
    of: Id | None = None


Gate = Annotated[
    RulesGate
    | PapersGate
    | SignaturesGate
    | HeadcountGate
    | ResultsGate
    | VoteGate
    | AnswersGate
    | ChecksGate
    | ClockGate
    | ValidGate
    | StepsGate
    | PersonsGate
    | FactGate
    | HoldsGate
    | UnchangedGate
    | MattersGate,
    Field(discriminator="kind"),
]
