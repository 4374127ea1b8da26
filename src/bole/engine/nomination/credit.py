"""Recommender credit (推荐信用积分): points of events, single and average accuracy, exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import not_a_count
from bole.engine.exact.numbers import percent
from bole.engine.procedures.base import Id, Model, Name, Share
from bole.engine.quotas.counts import is_count, need_counts
from bole.engine.ranking import groups_by_rank
from bole.engine.text import Text, join

Maximum = Literal["slots", "outcomes"]
Events = Literal["outcome_only", "all"]


class Credit(Model):
    """Points by event. The readings that the source leaves open stay null until chosen.

    `outcome` points come from the round itself, `later` ones from what follows. `vote_event` is the
    later event that counts when so large a share of the valid votes is unfavourable.
    """

    kind: Literal["credit"] = "credit"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    outcome: dict[Id, int]
    later: dict[Id, int]
    vote_event: Id | None = None
    vote_share: Share | None = Field(default=None, ge=0, le=1)
    maximum: Maximum | None = None
    accuracy_events: Events | None = None
    blank_ballot_counts_zero: bool | None = None
    absent_round: Literal["not_counted", "zero"] = "not_counted"
    note: Name | None = None


@dataclass(frozen=True)
class CreditRound:
    """One round: the outcome of each person, and the names on each recommender's ballot.

    `picks`: recommender → names; None = absent; empty = a blank ballot.
    """

    id: str
    names_allowed: int
    outcomes: Mapping[str, str]
    picks: Mapping[str, Sequence[str] | None]


@dataclass(frozen=True)
class LaterEvent:
    """What happened to a person afterwards; a review brings its votes."""

    person: str
    event: str
    valid_votes: int | None = None
    unfavourable: int | None = None


@dataclass(frozen=True)
class CreditResult:
    """All by recommender; accuracies are None where the scheme's readings are not chosen."""

    outcome_points: Mapping[str, Mapping[str, int]]
    file_points: Mapping[str, int]
    maximum: Mapping[Maximum, Mapping[str, int]]
    average: Mapping[Maximum, Mapping[str, Fraction]] | None
    text: Text

    def rank(self, reading: Maximum) -> list[list[str]]:
        """From high to low; those who share a rank stand together."""
        return groups_by_rank(self.average[reading]) if self.average else []


def account(
    credit: Credit, rounds: Sequence[CreditRound], later: Sequence[LaterEvent] = ()
) -> CreditResult:
    """Points and accuracies of every recommender.

    Single accuracy = points of the picks ÷ the maximum of the round: `slots` = names allowed × the
    best points, `outcomes` = the best that any ballot could have earned. The average runs over the
    rounds attended (over all, absent ones as 0, where `absent_round` says so). A round with maximum
    0 is not counted; points below 0 are kept.
    Raises `BoleError`: REC_QUOTA (too many names), REC_TWICE, EVENT_UNKNOWN, BAL_IMPOSSIBLE.
    """
    _check_input(credit, rounds, later)
    best = max(credit.outcome.values())
    said: list[Text] = []
    points: dict[str, dict[str, int]] = {}
    slots: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    files: dict[str, int] = {}
    recommended: dict[str, dict[str, None]] = {}
    for a_round in rounds:
        earned = {p: credit.outcome[event] for p, event in a_round.outcomes.items()}
        slots[a_round.id] = a_round.names_allowed * best
        # A ballot is free to name fewer, so that a costly outcome never belongs to the best ballot.
        top = sorted((n for n in earned.values() if n > 0), reverse=True)
        outcomes[a_round.id] = sum(top[: a_round.names_allowed])
        points[a_round.id] = {}
        for name, picks in a_round.picks.items():
            files.setdefault(name, 0)
            if picks is None:
                continue
            total = sum(earned.get(person, 0) for person in picks)
            points[a_round.id][name] = total
            files[name] += total
            recommended.setdefault(name, {}).update(dict.fromkeys(picks))
    gained: dict[str, int] = {}
    for event in later:
        worth = _worth(credit, event, said)
        gained[event.person] = gained.get(event.person, 0) + worth
    for name, people in recommended.items():
        files[name] += sum(gained.get(person, 0) for person in people)
    maximum: dict[Maximum, Mapping[str, int]] = {"slots": slots, "outcomes": outcomes}
    average = _average(credit, rounds, points, gained, maximum)
    if credit.maximum is None or average is None:
        said.insert(
            0,
            Text(
                "“该次可得最大值”的口径及计入准确率的事项须先选定，否则不显示准确率",
                "the reading of the maximum, and the events that count, must be chosen before any "
                "accuracy is shown",
            ),
        )
    return CreditResult(points, files, maximum, average, join(said))


def _average(
    credit: Credit,
    rounds: Sequence[CreditRound],
    points: Mapping[str, Mapping[str, int]],
    gained: Mapping[str, int],
    maximum: Mapping[Maximum, Mapping[str, int]],
) -> dict[Maximum, dict[str, Fraction]] | None:
    if credit.accuracy_events is None:
        return None
    blanks = any(picks is not None and not picks for r in rounds for picks in r.picks.values())
    if credit.blank_ballot_counts_zero is None and blanks:
        return None
    out: dict[Maximum, dict[str, Fraction]] = {"slots": {}, "outcomes": {}}
    for reading, averages in out.items():
        singles: dict[str, list[Fraction]] = {}
        for a_round in rounds:
            top = maximum[reading][a_round.id]
            for name, total in points[a_round.id].items():
                picks = a_round.picks[name] or ()
                if top == 0 or (not picks and not credit.blank_ballot_counts_zero):
                    continue
                if credit.accuracy_events == "all":
                    total += sum(gained.get(person, 0) for person in picks)
                singles.setdefault(name, []).append(Fraction(total, top))
            if credit.absent_round == "zero" and top:
                for name, named in a_round.picks.items():
                    if named is None:
                        singles.setdefault(name, []).append(Fraction(0))
        averages.update({n: sum(s, Fraction(0)) / len(s) for n, s in singles.items()})
    return out


def _worth(credit: Credit, event: LaterEvent, said: list[Text]) -> int:
    if event.event != credit.vote_event or credit.vote_share is None:
        return credit.later[event.event]
    if event.valid_votes is None or event.unfavourable is None:
        text = Text("{p}：票数未登记，不计分", "{p}: the votes are missing; no points").fill(
            p=event.person
        )
        said.append(text)
        return 0
    if event.valid_votes == 0:
        return 0
    reached = Fraction(event.unfavourable, event.valid_votes) >= credit.vote_share
    said.append(
        Text(
            "{p}：{v}票中{u}票不利，{w}{share}",
            "{p}: {u} of {v} votes, {w} {share}",
        ).fill(
            p=event.person,
            u=event.unfavourable,
            v=event.valid_votes,
            w=Text("达到", "which reaches") if reached else Text("未达到", "below"),
            share=percent(credit.vote_share),
        )
    )
    return credit.later[event.event] if reached else 0


def _check_input(
    credit: Credit, rounds: Sequence[CreditRound], later: Sequence[LaterEvent]
) -> None:
    problems = []
    for a_round in rounds:
        if not is_count(a_round.names_allowed):
            allowed = Text("名额", "names allowed")
            raise BoleError(not_a_count(allowed, a_round.names_allowed, a_round.id))
        for person, event in a_round.outcomes.items():
            if event not in credit.outcome:
                problems.append(_unknown(person, event))
        for name, picks in a_round.picks.items():
            if picks is None:
                continue
            where = f"{a_round.id} {name}"
            if len(picks) > a_round.names_allowed:
                text = Text("推荐{n}人，至多{m}人", "{n} names given, {m} allowed").fill(
                    n=len(picks), m=a_round.names_allowed
                )
                problems.append(Problem("REC_QUOTA", text, where))
            for person in sorted({p for p in picks if list(picks).count(p) > 1}):
                text = Text("{p}被推荐两次", "{p} is named twice").fill(p=person)
                problems.append(Problem("REC_TWICE", text, where))
    for later_event in later:
        if later_event.event not in credit.later:
            problems.append(_unknown(later_event.person, later_event.event))
        votes, bad = later_event.valid_votes, later_event.unfavourable
        votes_words = Text("有效票", "valid votes"), Text("不利票", "unfavourable votes")
        need_counts(zip(votes_words, (votes, bad), strict=True), later_event.person)
        if votes is not None and bad is not None and not 0 <= bad <= votes:
            text = Text("{b}票多于有效票{v}", "{b} votes exceed {v} valid ballots").fill(
                b=bad, v=votes
            )
            problems.append(Problem("BAL_IMPOSSIBLE", text, later_event.person))
    if problems:
        raise BoleError(problems)


def _unknown(person: str, event: str) -> Problem:
    text = Text("没有“{e}”这类积分事项", "'{e}' is no event of this credit scheme").fill(e=event)
    return Problem("EVENT_UNKNOWN", text, person)
