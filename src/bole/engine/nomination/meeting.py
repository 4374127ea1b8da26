"""The recommendation meeting (会议推荐): quorum, passing, difference ratio, nominees with ties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.comparators import Comparator, fewest
from bole.engine.exact.figures import Base, Figures, not_a_count
from bole.engine.exact.numbers import percent
from bole.engine.procedures.base import Id, Model, Name, Share
from bole.engine.quotas.counts import is_count, need_counts
from bole.engine.ranking import cut, groups_by_rank
from bole.engine.text import Text, join


class Part(Model):
    """A share of a named base: `{op: ">", share: 2/3, of: due}`."""

    op: Comparator
    share: Share = Field(ge=0, le=1)
    of: Base

    def needed(self, base: int) -> int:
        """The fewest of `base` people that satisfy it."""
        return fewest(self.op, self.share, base)


class Meeting(Model):
    """How a place's meeting counts. `difference` = (nominees − places) ÷ places (or ÷ nominees).

    `identity` is printed on the ballot. A tie across the last place is shown and never resolved.
    """

    kind: Literal["meeting"] = "meeting"
    id: Id
    title: Name
    mechanisms: tuple[str, ...] = ()
    identity: Literal["secret", "real_name"] | None = None
    voters: tuple[Name, ...] = ()
    posts: tuple[Name, ...] = ()
    quorum: Part | None = None
    passes: Part | None = None
    difference: Share | None = Field(default=None, ge=0, lt=1)
    difference_base: Literal["places", "nominees"] = "places"
    slips: tuple[Name, ...] = ()
    open_slips: int = 0
    every_months: int | None = None
    note: Name | None = None

    def required(self, places: int) -> int:
        """How many nominees `places` posts need: ceil(places × (1 + difference)) on places.

        Raises `BoleError` (COUNT) for a negative number of places.
        """
        if not is_count(places):
            raise BoleError(not_a_count(Text("职位数", "places"), places))
        difference = self.difference or Fraction(0)
        if self.difference_base == "nominees":
            return math.ceil(places / (1 - difference))
        return math.ceil(places * (1 + difference))


@dataclass(frozen=True)
class Quorum:
    """Whether the meeting counts; `valid` is None while a figure is missing."""

    valid: bool | None
    needed: int | None
    text: Text


def quorum(meeting: Meeting, figures: Figures, name: str = "") -> Quorum:
    """Present against the share of those due. Raises `BoleError` (PRESENT_EXCEEDS_DUE)."""
    _possible(figures, name)
    part, present = meeting.quorum, figures.of(Base.ATTENDING)
    if part is None:
        return Quorum(True, None, Text("未规定到会人数", "no quorum is set"))
    base = figures.of(part.of)
    if base is None or present is None:
        missing = part.of.words if base is None else Base.ATTENDING.words
        text = Text("{name}缺{m}，无法判断", "{name}: {m} is missing").fill(name=name, m=missing)
        return Quorum(None, None if base is None else part.needed(base), text)
    needed = part.needed(base)
    text = Text(
        "{name}：应到{base}人，实到{present}人，须{op}{share}，即至少{needed}人",
        "{name}: {present} of {base}; {op} {share} must be present, at least {needed}",
    ).fill(
        name=name,
        base=base,
        present=present,
        op=part.op.words,
        share=str(part.share),
        needed=needed,
    )
    return Quorum(present >= needed, needed, text)


@dataclass(frozen=True)
class Nominated:
    """Who passed, who is nominated, and what a tie or too few people leave open.

    While a tie straddles the cut `nominees` is empty; `sure`, `tied`, `places_left` say the rest.
    """

    votes_needed: int
    required: int
    passed: tuple[str, ...]
    not_passed: tuple[str, ...]
    sure: tuple[str, ...]
    tied: tuple[str, ...]
    places_left: int
    missing: tuple[str, ...]
    text: Text

    @property
    def nominees(self) -> tuple[str, ...]:
        """The nominees once no tie is open."""
        return () if self.tied else self.sure

    @property
    def difference_reached(self) -> bool:
        """Whether at least as many passed as are required; the threshold is never lowered."""
        return len(self.passed) >= self.required

    @property
    def short_by(self) -> int:
        """How many more would have to pass."""
        return max(0, self.required - len(self.passed))


def threshold(meeting: Meeting, figures: Figures) -> int:
    """The votes that pass, on the base that the scheme names.

    Raises `BoleError` (FIGURE_MISSING) when that base was not entered.
    """
    part = meeting.passes
    if part is None:
        return 0
    base = figures.of(part.of)
    if base is None:
        text = Text("缺{b}，无法计算得票要求", "{b} is missing: the threshold cannot be computed")
        raise BoleError(Problem("FIGURE_MISSING", text.fill(b=part.of.words)))
    return part.needed(base)


def nominate(
    meeting: Meeting, votes: Mapping[str, int | None], figures: Figures, places: int
) -> Nominated:
    """From high to low, the first `required(places)` of those who pass.

    Raises `BoleError`: PRESENT_EXCEEDS_DUE, BAL_IMPOSSIBLE (votes above the ballots or the people
    present), FIGURE_MISSING.
    """
    _possible(figures, "")
    need_counts((Text(name, name), n) for name, n in votes.items())
    most = next(
        (
            (base, n)
            for base in (Base.VALID, Base.RETURNED, Base.ISSUED, Base.ATTENDING)
            if (n := figures.of(base)) is not None
        ),
        None,
    )
    wrong = [
        _impossible(name, n, most[0].words, most[1])
        for name, n in votes.items()
        if most is not None and n is not None and n > most[1]
    ]
    if wrong:
        raise BoleError(wrong)
    needed, required = threshold(meeting, figures), meeting.required(places)
    known = {name: n for name, n in votes.items() if n is not None}
    passed = {name: n for name, n in known.items() if n >= needed}
    chosen = cut(passed, required)
    order = tuple(name for group in groups_by_rank(known) for name in group)
    said = _said(meeting, figures, known, needed)
    if len(passed) < required:
        said.append(difference_text(required, places, len(passed)))
    if chosen.tied:
        names = Text("、".join(chosen.tied), " and ".join(chosen.tied))
        said.append(
            Text(
                "{names}均为{n}票，尚余{left}个名额（第{place}名起），由会议决定",
                "{names} have {n} votes each for {left} place(s) left from number {place}; "
                "the meeting must decide",
            ).fill(
                names=names,
                n=known[chosen.tied[0]],
                left=chosen.places_left,
                place=len(chosen.sure) + 1,
            )
        )
    missing = tuple(name for name, n in votes.items() if n is None)
    if missing:
        names = Text("、".join(missing), ", ".join(missing))
        said.append(Text("{n}得票数未填", "votes of {n} are missing").fill(n=names))
    return Nominated(
        needed,
        required,
        tuple(name for name in order if name in passed),
        tuple(name for name in order if name not in passed),
        chosen.sure,
        chosen.tied,
        chosen.places_left,
        missing,
        join(said),
    )


def difference_text(required: int, places: int, passed: int) -> Text:
    """The sentence of a difference ratio that was or was not reached."""
    if passed >= required:
        return Text("{places}个职位须提名{r}人", "{places} places need {r} nominees").fill(
            places=places, r=required
        )
    return Text(
        "过线{p}人，{places}个职位须提名{r}人，差额未达到；请按办法规定的方式处理，得票要求不降低",
        "{p} people passed, {r} nominees are needed for {places} places; choose the way out that "
        "the scheme allows, the threshold is not lowered",
    ).fill(p=passed, r=required, places=places)


def _said(
    meeting: Meeting,
    figures: Figures,
    votes: Mapping[str, int],
    needed: int,
) -> list[Text]:
    said = []
    part = meeting.passes
    base = figures.of(part.of) if part else None
    if part is not None and base is not None:
        for name, n in votes.items():
            if n >= needed:
                continue
            others = [
                Text("{w}{v}人的{p}", "{p} of the {v} {w}").fill(
                    w=b.words, v=v, p=percent(_share(n, v))
                )
                for b in figures
                if b is not part.of
                and (v := figures.of(b))
                and part.op.holds(_share(n, v), part.share)
            ]
            text = Text(
                "{name}得{n}票，未{op}{of}{base}人的{share}（须{needed}票）",
                "{name} has {n} votes ({n} of {base}), not {op} {share} of the {base} {of}; "
                "{needed} needed",
            ).fill(
                name=name,
                n=n,
                op=part.op.words,
                of=part.of.words,
                base=base,
                share=str(part.share),
                needed=needed,
            )
            said.append(join([text, *others], "，虽达", ", although "))
    return said


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole)


def _impossible(name: str, n: int, words: Text, most: int) -> Problem:
    text = Text(
        "{name}得{n}票，与{words}{most}不符，请核对计票",
        "{name}: {n} votes exceed {most} {words}; check the count",
    ).fill(name=name, n=n, words=words, most=most)
    return Problem("BAL_IMPOSSIBLE", text)


def _possible(figures: Figures, name: str) -> None:
    due, present = figures.of(Base.DUE), figures.of(Base.ATTENDING)
    if due is not None and present is not None and present > due:
        text = Text(
            "{name}：应到{due}人，实到{present}人，不可能，请更正到会人数",
            "{name}: {present} present of {due} due is impossible; correct the attendance",
        ).fill(name=name, due=due, present=present)
        raise BoleError(Problem("PRESENT_EXCEEDS_DUE", text))
    order = (Base.VALID, Base.RETURNED, Base.ISSUED, Base.ATTENDING)
    known = [(b, n) for b in order if (n := figures.of(b)) is not None]
    wrong = [
        _impossible(name or a.words.en, n, b.words, m)
        for (a, n), (b, m) in zip(known, known[1:], strict=False)
        if n > m
    ]
    if wrong:
        raise BoleError(wrong)
