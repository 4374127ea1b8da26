"""Ranks, cuts and the sentence that says who stands where; a tie is shown, never broken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bole.engine.exact.numbers import exact, fixed
from bole.engine.ranking import Cut, competition_ranks, cut, groups_by_rank
from bole.engine.scoring.composite import Composite
from bole.engine.tally.thresholds import Measure, Share
from bole.engine.text import Text, join


@dataclass(frozen=True)
class Place:
    """One subject in a ranking. No rank for the barred and for those without a total."""

    subject: str
    total: Fraction | None
    rank: int | None
    tied_with: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """Everybody's place, the cut at the number of places, and the outcome in words."""

    places: tuple[Place, ...]
    cut: Cut[str] | None
    text: Text


def rank(
    totals: Mapping[str, Fraction | None],
    *,
    barred: Collection[str] = (),
    places: int | None = None,
    order: Sequence[Mapping[str, Fraction | None]] = (),
) -> Ranking:
    """Rank totals from high to low among those who are not barred.

    `order`: further scores of an explicit tie order, first to last. A total that is missing has no
    rank and keeps the cut open.
    """
    standing: dict[str, Any] = {}
    for name, value in totals.items():
        if name in barred:
            continue
        keys = [value, *(o.get(name) for o in order)]
        standing[name] = None if None in keys else tuple(keys)
    ranks = competition_ranks(standing)
    groups = groups_by_rank(standing)
    tied = {n: tuple(x for x in g if x != n) for g in groups for n in g}
    made = tuple(Place(n, v, ranks.get(n), tied.get(n, ())) for n, v in totals.items())
    line = None if places is None else cut(standing, places)
    return Ranking(made, line, outcome(line, totals, places) if line else Text("", ""))


def outcome(line: Cut[str], totals: Mapping[str, Fraction | None], places: int | None) -> Text:
    """Who is proposed, who is tied on the line, and what is still missing, in one sentence."""
    parts: list[Text] = []
    if line.sure:
        parts.append(
            Text("拟列{who}", "{who} proposed").fill(who=_names(line.sure))
            + (Text("，共1个职位", " for the one post") if places == 1 else Text("", ""))
        )
    if line.tied:
        shared = totals[line.tied[0]]
        parts.append(
            Text(
                "尚余{n}个名额，{who}同为{t}分；系统不作取舍，提请有权决定的机构研究",
                "{n} left, {who} tied at {t}."
                " The product does not choose; the deciding body is asked",
            ).fill(
                n=Text(str(line.places_left), _places(line.places_left)),
                who=_names(line.tied),
                t=fixed(shared) if shared is not None else "",
            )
        )
    if line.missing:
        parts.append(
            Text("{who}缺少分数，名单未定", "{who}: no total, the list is open").fill(
                who=_names(line.missing)
            )
        )
    if not parts:
        return Text("无人可列", "Nobody can be proposed.")
    free = (places or 0) - len(line.sure)
    if not line.tied and not line.missing and free > 0:
        parts.append(Text("尚余{n}个名额", "{n} left").fill(n=Text(str(free), _places(free))))
    return join(parts) + Text("。", ".")


def _places(n: int) -> str:
    return "1 place" if n == 1 else f"{n} places"


def _names(names: Sequence[str]) -> Text:
    return Text("、".join(names), " and ".join(names))


def tie_order(
    composite: Composite, subjects: Mapping[str, Mapping[str, Measure]]
) -> list[dict[str, Fraction | None]]:
    """The further scores of a composite's explicit tie order, or none where ties are shown."""
    if composite.ties == "show":
        return []
    return [
        {name: _value(measures.get(measure)) for name, measures in subjects.items()}
        for measure in composite.ties
    ]


def _value(measure: Measure) -> Fraction | None:
    if measure is None:
        return None
    if isinstance(measure, Share):
        return Fraction(measure.count, measure.of) if measure.of else None
    return exact(measure)
