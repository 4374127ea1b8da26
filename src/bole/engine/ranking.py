"""Competition ranking (1, 2, 2, 4) with ties and missing scores shown, never broken silently."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


def competition_ranks(scores: Mapping[Key, Any]) -> dict[Key, int]:
    """Rank = 1 + number with a higher score; a missing score (None) has no rank.

    Scores may be anything that compares: votes, fractions, tuples of an order of preferences.
    """
    known = sorted((s for s in scores.values() if s is not None), reverse=True)
    first: dict[Any, int] = {}
    for position, score in enumerate(known, start=1):
        first.setdefault(score, position)
    return {key: first[score] for key, score in scores.items() if score is not None}


def groups_by_rank(scores: Mapping[Key, Any]) -> list[list[Key]]:
    """From high to low, the keys that share each rank; in a group, the order of the input."""
    ranks = competition_ranks(scores)
    grouped: dict[int, list[Key]] = {}
    for key, rank in ranks.items():
        grouped.setdefault(rank, []).append(key)
    return [grouped[rank] for rank in sorted(grouped)]


@dataclass(frozen=True)
class Cut(Generic[Key]):
    """A list cut after `places`: who is in, who is tied on the line, who is out, who lacks a score.

    `tied` is empty unless a tie straddles the line; then `places_left` of them could enter and
    people decide. `missing` must be settled before the cut closes.
    """

    places: int
    sure: tuple[Key, ...]
    tied: tuple[Key, ...]
    places_left: int
    below: tuple[Key, ...]
    missing: tuple[Key, ...]

    @property
    def chosen_when_settled(self) -> tuple[Key, ...]:
        """All who are in or on the line, in order."""
        return (*self.sure, *self.tied)


def cut(scores: Mapping[Key, Any], places: int) -> Cut[Key]:
    """The first `places` by score; a tie across the line is given back undecided."""
    sure: list[Key] = []
    tied: tuple[Key, ...] = ()
    below: list[Key] = []
    left = 0
    for group in groups_by_rank(scores):
        free = places - len(sure)
        if tied or free <= 0:
            below += group
        elif len(group) <= free:
            sure += group
        else:
            tied, left = tuple(group), free
    return Cut(
        places,
        tuple(sure),
        tied,
        left,
        tuple(below),
        tuple(key for key, score in scores.items() if score is None),
    )


def order_faults(ranks: Sequence[int | None]) -> tuple[list[int], list[int]]:
    """What keeps a ranking given by people from being a complete order 1…n.

    Returns (ranks given more than once, ranks of 1…n that nobody has); never repairs them.
    """
    given = [rank for rank in ranks if rank is not None]
    twice = sorted({rank for rank in given if given.count(rank) > 1})
    missing = sorted(set(range(1, len(ranks) + 1)) - set(given))
    return twice, missing
