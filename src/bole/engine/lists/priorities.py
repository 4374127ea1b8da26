"""Priorities at equal standing (同等条件下优先): an order hint among equals, ties shown as ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from bole.engine.procedures.base import FactValue, Id, Model, Name, Share, When
from bole.engine.ranking import competition_ranks
from bole.engine.text import Text, join
from bole.engine.verdict import Verdict

REFERENCE = Text(
    "仅供决策机构参考，系统不作决定", "reference for the decision body; the product decides nothing"
)


class Preference(Model):
    """People of whom `when` holds come before the others of equal standing."""

    id: Id
    title: Name
    when: When


class Priority(Model):
    """Ordered preferences for a kind of post.

    `equal` says what equal standing means: the same score, the same grade, or scores within `band`
    points of the best of the group; while it is null the scheme has not said it and nothing is
    ordered by preference. `states` are the pool states that take part.
    """

    kind: Literal["priority"] = "priority"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    posts: tuple[Id, ...] = ()
    equal: Literal["same_score", "same_grade", "band"] | None = None
    band: Share | None = None
    prefer: tuple[Preference, ...]
    states: tuple[str, ...] = ("active",)

    @model_validator(mode="after")
    def _band(self) -> Priority:
        if (self.equal == "band") != (self.band is not None):
            raise ValueError(
                "equal: band 须写 band，其他不写 / band goes with equal: band and only with it"
            )
        return self


@dataclass(frozen=True)
class Candidate:
    """An eligible person: `standing` is the score (or the number of the grade, higher = better)."""

    id: str
    standing: Fraction | None
    facts: Mapping[str, FactValue | None]
    state: str | None = "active"


@dataclass(frozen=True)
class Ordered:
    """A position: the rank, with whom it is shared, and which preference put others first."""

    id: str
    rank: int
    tied_with: tuple[str, ...]
    moved_by: tuple[Preference, ...]
    waits_for: tuple[Preference, ...] = ()

    @property
    def text(self) -> Text:
        """Why the person stands here."""
        said = [Text("第{n}位", "rank {n}").fill(n=self.rank)]
        if self.tied_with:
            names = Text("、".join(map(str, self.tied_with)), ", ".join(map(str, self.tied_with)))
            said.append(Text("与{names}并列", "tied with {names}").fill(names=names))
        said += [p.title for p in self.moved_by]
        said += [
            Text("{t}情况未登记，暂不据此排序", "{t}: not on file, not applied yet").fill(t=p.title)
            for p in self.waits_for
        ]
        return join(said)


@dataclass(frozen=True)
class Order:
    """The order, those who do not take part with the reason, and the note every screen prints."""

    positions: tuple[Ordered, ...]
    not_listed: tuple[tuple[str, Text], ...]
    note: Text = field(default=REFERENCE)


_STATES = {
    "frozen": Text(
        "调查核实未结束，结束前不列入排序", "open enquiry; not in the order until it is closed"
    ),
    "left": Text("已出库", "has left the pool"),
    "used": Text("已任用", "has been appointed"),
    "warned": Text(
        "已警示，限期内不列入排序", "warned; not in the order until the deadline is met"
    ),
    "exit_proposed": Text("已提出出库", "an exit is proposed"),
}


def order(priority: Priority, candidates: Sequence[Candidate]) -> Order:
    """Order by standing; among equals by the preferences in turn; leftover ties share a rank.

    A preference never lets anyone in or out. One that is not on file for somebody of an equal group
    is not applied there (nobody loses by a gap in the file) and is named. Missing standing, and a
    state outside `states`, puts a person apart with the reason.
    """
    apart: list[tuple[str, Text]] = []
    taking: list[Candidate] = []
    for person in candidates:
        if person.state is None or person.state not in priority.states:
            unknown = Text("在库状态未登记", "the state in the pool is not on file")
            said = _STATES.get(
                person.state or "",
                unknown
                if person.state is None
                else Text("状态为{s}，不列入排序", "state {s}: not in the order").fill(
                    s=person.state
                ),
            )
            apart.append((person.id, said))
        elif person.standing is None:
            text = Text("缺成绩，须先补齐", "the score is missing; settle it first")
            apart.append((person.id, text))
        else:
            taking.append(person)
    positions: list[Ordered] = []
    for group in _equals(priority, taking):
        positions += _inside(priority, group, len(positions))
    return Order(tuple(positions), tuple(apart))


def _equals(priority: Priority, people: Sequence[Candidate]) -> list[list[Candidate]]:
    """Groups of equal standing from high to low; a band is measured from the best of its group."""
    width = priority.band if priority.band is not None else Fraction(0)
    groups: list[list[Candidate]] = []
    for person in sorted(people, key=lambda p: p.standing or Fraction(0), reverse=True):
        top = groups[-1][0].standing if groups else None
        if top is not None and person.standing is not None and top - person.standing <= width:
            groups[-1].append(person)
        else:
            groups.append([person])
    return groups


def _inside(priority: Priority, group: Sequence[Candidate], before: int) -> list[Ordered]:
    used: list[Preference] = []
    waits: list[Preference] = []
    keys: dict[str, list[int]] = {person.id: [] for person in group}
    if priority.equal is not None and len(group) > 1:
        for preference in priority.prefer:
            verdicts = {
                p.id: preference.when.holds(lambda name, p=p: p.facts.get(name))  # type: ignore[misc]
                for p in group
            }
            if Verdict.UNKNOWN in verdicts.values():
                waits.append(preference)
                continue
            used.append(preference)
            for name, verdict in verdicts.items():
                keys[name].append(verdict is Verdict.MET)
    if priority.equal != "band":
        ranks = competition_ranks({name: tuple(key) for name, key in keys.items()})
    else:
        # Inside a band the score itself still separates those whom no preference separates.
        standing = {p.id: p.standing for p in group}
        ranks = competition_ranks({n: (*k, standing[n]) for n, k in keys.items()})
    plain = competition_ranks({p.id: p.standing for p in group})
    positions = []
    for person in sorted(group, key=lambda p: ranks[p.id]):
        rank = ranks[person.id]
        tied = tuple(p.id for p in group if ranks[p.id] == rank and p.id != person.id)
        # What moved a person is what separates the person from others of the same plain rank.
        moved = tuple(
            preference
            for i, preference in enumerate(used)
            if rank != plain[person.id]
            and any(
                keys[p.id][:i] == keys[person.id][:i] and keys[p.id][i] != keys[person.id][i]
                for p in group
            )
        )
        positions.append(Ordered(person.id, before + rank, tied, moved, tuple(waits)))
    return positions
