"""A procedure as a pack writes it: links → steps → tasks, with gates, papers and deadlines."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bole.engine.procedures.base import Count, Id, Model, Name, When
from bole.engine.procedures.gates import Event, Gate, Unit
from bole.engine.procedures.vocabulary import HOUSE, SAME_AS


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _several(value: Any) -> Any:
    return [] if value is None else _listed(value)


class Role(Model):
    """Who can act or sign, in the words of the place."""

    name: Name
    # the roles of the house whose holders act for it in the program; one or several
    same_as: Annotated[list[Id], BeforeValidator(_several)] = []


class CaseFact(Model):
    """Something that a case states and that branches, gates or deadlines read."""

    name: Name
    type: Literal["choice", "bool", "int", "date", "text"]
    choices: dict[str, Name] = {}
    default: bool | int | str | None = None

    def model_post_init(self, _: Any) -> None:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError(
                "choice 类型须列出 choices，其他类型不写 / choices belong to type choice only"
            )


class Group(Model):
    """A group of persons that steps choose and gates look at."""

    name: Name


class Signer(Model):
    """A signature that a paper needs: `count` persons of a role, or all of a group."""

    role: Id | None = None
    all_of: Id | None = None
    count: int = Field(default=1, ge=1)
    seal: bool = False

    def model_post_init(self, _: Any) -> None:
        if (self.role is None) == (self.all_of is None):
            raise ValueError("签字人写 role 或 all_of 之一 / a signer is a role or all_of a group")


def _signer(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


class Field_(Model):
    """A field of a paper's template."""

    id: Id
    name: Name
    required: bool = True


def _field(value: Any) -> Any:
    return {"id": value, "name": value} if isinstance(value, str) else value


class Paper(Model):
    """A paper that a step produces or that is brought in: name, template, fields, signatures."""

    id: Id
    name: Name
    template: str = ""
    fields: list[Annotated[Field_, BeforeValidator(_field)]] = []
    signed_by: list[Annotated[Signer, BeforeValidator(_signer)]] = []
    distinct_signers: bool = True
    for_each: Id | None = None  # one paper for each person of this group
    count: int = Field(default=1, ge=1)
    brought: bool = False  # comes from outside; no step of the procedure writes it
    conditional: When | None = None
    keep: str = ""  # how long and by whom the original is kept
    reference: str = ""
    mechanisms: list[str] = []


class Task(Model):
    """A piece of work inside a step that is ticked off by who did it."""

    id: Id
    name: Name
    who: list[Id] = []
    required: bool = True
    when: When | None = None


class RecordItem(Model):
    """A matter that must be written into the process record at this step (纪实项).

    With a `reviewer` another person reads and signs what the recorder wrote.
    """

    id: Id
    name: Name
    required: bool = True
    recorder: Id | None = None
    reviewer: Id | None = None
    when: When | None = None


class Deadline(Model):
    """When the step is due: so many working or calendar days, months or years from an event."""

    within: Count
    unit: Unit
    after: Event | None = None
    before: Event | None = None
    reference: str = ""

    def model_post_init(self, _: Any) -> None:
        if (self.after is None) == (self.before is None):
            raise ValueError("期限写 after 或 before 之一 / a deadline is after or before an event")


class Skip(Model):
    """Who may leave the step out, for which reasons; the reason is written by a named person."""

    by: list[Id] = Field(min_length=1)
    reason: Name
    when: When | None = None


class Return(Model):
    """A declared loop: the case goes back to an earlier step, with a written reason.

    What follows is done again, with new papers and ballots unless `keep_papers`; `also` names
    other steps to do again, such as the parallel one.
    """

    to: Id
    also: list[Id] = []
    keep_papers: bool = False
    reason: Name
    by: list[Id] = []
    most: int | None = Field(default=None, ge=1)  # how often; None = as often as needed


class Actor(Model):
    """Who acts: a role, a unit (whoever acts for it), or a named person.

    The section that keeps the case records what others did on paper; `alone`: it may not, they
    act in the program themselves.
    """

    role: Id | None = None
    unit: Name | None = None
    named: Name | None = None
    alone: bool = False

    def model_post_init(self, _: Any) -> None:
        if sum(v is not None for v in (self.role, self.unit, self.named)) != 1:
            raise ValueError("承办人写 role、unit、named 之一 / who is one of role, unit, named")


def _actor(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


class Ask(Model):
    """A body asked for its opinion, in writing or at a joint meeting."""

    body: Id
    form: Literal["written", "joint_meeting", "oral"] = "written"
    for_each: Id | None = None
    when: When | None = None


def _ask(value: Any) -> Any:
    return {"body": value} if isinstance(value, str) else value


class Check(Model):
    """A check concluded for each person of a group, with evidence."""

    check: Id
    for_each: Id | None = "candidates"
    evidence: list[Id] = []
    when: When | None = None


def _check(value: Any) -> Any:
    return {"check": value} if isinstance(value, str) else value


class Writes(Model):
    """What a finished step writes into people's histories: they hold the post from that day."""

    appointment_of: Id
    since: Event


class Step(Model):
    """One step: who does what, what must stand before, what it brings about, by when."""

    id: Id
    name: Name
    text: Name | None = None
    who: Annotated[list[Annotated[Actor, BeforeValidator(_actor)]], BeforeValidator(_listed)] = []
    when: When | None = None
    after: list[Id] | None = None  # None: after the step or parallel block before it
    parallel: str | None = None  # consecutive steps with the same word run side by side
    gates: list[Gate] = []
    finish: list[Gate] = []
    tasks: list[Task] = []
    papers: list[Id] = []
    optional_papers: list[Id] = []
    asks: list[Annotated[Ask, BeforeValidator(_ask)]] = []
    checks: list[Annotated[Check, BeforeValidator(_check)]] = []
    ballots: list[Id] = []
    chooses: list[Id] = []
    states: list[Id] = []
    deadline: Deadline | None = None
    informs: list[Id] = []
    records: list[RecordItem] = []
    writes: Writes | None = None
    skip: Skip | None = None
    returns: list[Return] = []
    risks: list[Name] = []
    key_node: bool = False
    reference: str = ""
    verified: bool = True
    mechanisms: list[str] = []


class Link(Model):
    """A link (环节) of the case: steps in order."""

    id: Id
    name: Name
    steps: list[Step] = Field(min_length=1)
    reference: str = ""
    mechanisms: list[str] = []


class Span(Model):
    """So many working or calendar days, months or years; counted by who knows the event."""

    within: Count
    unit: Unit
    reference: str = ""


class BallotUse(Model):
    """A ballot that a step holds; `instrument` names the pack's own description of it."""

    name: Name
    instrument: Id | None = None
    entries: int = Field(default=2, ge=1)  # independent entries that must agree
    reference_only: bool = False


class Counted(Model):
    """What the source says it counts; the page shows "n of m defined" when slots are empty."""

    links: int | None = None
    steps: int | None = None
    items: int | None = None
    tasks: int | None = None
    papers: int | None = None
    risks: int | None = None
    requirements: int | None = None


class Procedure(Model):
    """A whole procedure. Ids of steps and papers are unique in it."""

    name: Name
    links: list[Link] = Field(min_length=1)
    facts: dict[Id, CaseFact] = {}
    roles: dict[Id, Role] = {}
    groups: dict[Id, Group] = {}
    bodies: dict[Id, Name] = {}
    checks: dict[Id, Name] = {}
    holds: dict[Id, Name] = {}
    ballots: dict[Id, BallotUse] = {}
    papers: list[Paper] = []
    special_events: list[RecordItem] = []
    # how long a complaint may be verified, from its receipt; null = the source does not say
    verification: Span | None = None
    counted: Counted | None = None
    mechanisms: list[str] = []

    @cached_property
    def defined(self) -> dict[str, tuple[int, int]]:
        """For each thing that the source counts: how many are written here, and how many it counts.

        A source that counts more than it prints leaves slots that stay open.
        """
        if self.counted is None:
            return {}
        steps = [s for link in self.links for s in link.steps]
        here = {
            "links": len(self.links),
            "steps": len(steps),
            "items": sum(len(s.records) for s in steps),
            "tasks": sum(len(s.tasks) for s in steps),
            "papers": len(self.papers),
            "risks": sum(len(s.risks) for s in steps),
            "requirements": sum(len(s.gates) + len(s.finish) for s in steps),
        }
        wanted = self.counted.model_dump(exclude_none=True)
        return {name: (here[name], count) for name, count in wanted.items()}

    def holders(self, role: str) -> tuple[str, ...]:
        """The roles of the house whose holders act for a role of this procedure.

        The pack's `same_as` comes first, then the common sense of the vocabulary. Empty: nobody
        in the program holds it.
        """
        found: dict[str, None] = {}
        todo, seen = [role], set()
        while todo:
            one = todo.pop(0)
            if one in seen:
                continue
            seen.add(one)
            own = self.roles.get(one)
            if own is not None and own.same_as:
                if one in own.same_as:
                    found[one] = None
                todo += own.same_as
            elif one in HOUSE:
                found[one] = None
            else:
                todo += SAME_AS.get(one, ())
        return tuple(found)

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Every step by id, in the order of the procedure (the first of two equal ids)."""
        found: dict[str, Step] = {}
        for link in self.links:
            for step in link.steps:
                found.setdefault(step.id, step)
        return found

    @cached_property
    def link_of(self) -> dict[str, str]:
        """The link id of each step id."""
        return {step.id: link.id for link in self.links for step in link.steps}

    @cached_property
    def paper(self) -> dict[str, Paper]:
        """Every paper by id."""
        return {paper.id: paper for paper in self.papers}

    @cached_property
    def before(self) -> dict[str, tuple[str, ...]]:
        """For each step the steps that must be passed first.

        A step waits for everything written before it, unless it says `after`; the steps of a
        parallel block wait for what stands before the block. A step written earlier that says
        `after` this one is not waited for. Only the nearest are listed.
        """

        def follows(later: str, step: str) -> bool:
            todo, seen = [later], {later}
            while todo:
                named = self.steps[todo.pop()].after or ()
                if step in named:
                    return True
                new = [i for i in named if i in self.steps and i not in seen]
                seen.update(new)
                todo += new
            return False

        result: dict[str, tuple[str, ...]] = {}
        ends: list[str] = []  # steps that nothing waits for yet, in order
        for link in self.links:
            block, waits = None, tuple(ends)
            for step in link.steps:
                if step.parallel is None or step.parallel != block:
                    block, waits = step.parallel, tuple(ends)
                result[step.id] = (
                    tuple(i for i in waits if not follows(i, step.id))
                    if step.after is None
                    else tuple(step.after)
                )
                ends = [i for i in ends if i not in result[step.id]] + [step.id]
        return result

    @cached_property
    def ancestors(self) -> dict[str, frozenset[str]]:
        """For each step every step that must be passed before it, near and far."""
        result: dict[str, frozenset[str]] = {}
        for ident in self.steps:
            seen: set[str] = set()
            todo = [i for i in self.before[ident] if i in self.steps]
            while todo:
                one = todo.pop()
                if one not in seen:
                    seen.add(one)
                    todo += [i for i in self.before[one] if i in self.steps]
            result[ident] = frozenset(seen)
        return result

    @cached_property
    def in_turn(self) -> tuple[str, ...]:
        """Step ids so that each comes after those it waits for; else in the order written.

        Steps of a ring (which `validate` refuses) come last.
        """
        left = {i: {b for b in self.before[i] if b in self.steps} for i in self.steps}
        order: list[str] = []
        placed: set[str] = set()
        while left:
            ready = next((i for i, waits in left.items() if waits <= placed), None)
            if ready is None:
                return (*order, *left)
            order.append(ready)
            placed.add(ready)
            del left[ready]
        return tuple(order)
