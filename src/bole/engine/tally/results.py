"""Counts with their bases: shares, means, ranks and ties, split by class where secrecy allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bole.engine.exact.figures import Base
from bole.engine.exact.numbers import exact, percent, say, share_text
from bole.engine.instruments.forms import InstrumentForm, Item, ItemKind
from bole.engine.ranking import competition_ranks, groups_by_rank
from bole.engine.tally.counting import Count
from bole.engine.tally.electorate import Electorate, Shown, by_column, columns, weighted_share
from bole.engine.tally.thresholds import Measure, Share


@dataclass(frozen=True, slots=True)
class Line:
    """One subject × item × option. `share` is of the valid ballots, exact; `by_class` follows the
    columns of the table, None where a column is hidden; `weighted` None without weights."""

    item: str
    subject: str
    option: str
    votes: int
    of: int
    by_class: tuple[int | None, ...]
    weighted: Fraction | None = None
    rank: int | None = None
    tied_with: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON output: exact share, percent and base side by side."""
        return {
            "item": self.item,
            "subject": self.subject,
            "option": self.option,
            "votes": self.votes,
            "base": Base.VALID.value,
            "of": self.of,
            "share": f"{self.votes}/{self.of}",
            "percent": percent(Fraction(self.votes, self.of)) if self.of else None,
            "by_class": list(self.by_class),
            "weighted": None if self.weighted is None else str(self.weighted),
            "rank": self.rank,
            "tied_with": list(self.tied_with),
        }


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean points of a subject under an item: over the ballots that rated it."""

    item: str
    subject: str
    mean: Fraction | None
    rated: int
    unrated: int
    full: Fraction | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON output."""
        return {
            "item": self.item,
            "subject": self.subject,
            "mean": None if self.mean is None else say(self.mean),
            "rated": self.rated,
            "unrated": self.unrated,
            "full": None if self.full is None else say(self.full),
        }


@dataclass(frozen=True)
class Table:
    """The result of one form: `columns` name the classes as shown."""

    columns: tuple[Shown, ...]
    lines: tuple[Line, ...]
    means: tuple[Mean, ...]
    valid: int

    def line(self, item: str, subject: str, option: str) -> Line | None:
        """One line."""
        return next(
            (x for x in self.lines if (x.item, x.subject, x.option) == (item, subject, option)),
            None,
        )


def tabulate(
    form: InstrumentForm,
    count: Count,
    electorate: Electorate,
    subjects: Sequence[str] | None,
    *,
    limits: Mapping[str, int] | None = None,
) -> Table:
    """Every line of a form, also those with no vote; nominations are ranked, ties shown as ties.

    `limits`: class → ballots by which small classes are merged, where the valid ballots are not
    the measure (two channels that are known apart).
    """
    shown = columns(electorate, count.valid if limits is None else limits)
    valid = sum(count.valid.values())
    lines: list[Line] = []
    means: list[Mean] = []
    for item in form.items:
        names = _subjects(item, count, subjects)
        if item.kind is ItemKind.NOMINATE:
            lines += _nominations(item, count, electorate, shown, names, valid)
        elif item.kind is ItemKind.TEXT:
            continue
        elif item.kind is not ItemKind.POINTS:
            lines += [
                _line(item.id, subject, o.id, count, electorate, shown, valid)
                for subject in names
                for o in item.options
            ]
        means += [m for s in names if (m := _mean(item, s, count, valid)) is not None]
    return Table(tuple(shown), tuple(lines), tuple(means), valid)


def _subjects(item: Item, count: Count, subjects: Sequence[str] | None) -> list[str]:
    if item.kind is not ItemKind.NOMINATE and not item.per_subject:
        return [""]
    found = count.subjects(item.id)
    return list(subjects) if subjects is not None else sorted(found)


def _line(
    item: str,
    subject: str,
    option: str,
    count: Count,
    electorate: Electorate,
    shown: Sequence[Shown],
    valid: int,
) -> Line:
    per_class = count.cells.get((item, subject, option), {})
    weighted, _ = weighted_share(electorate, per_class, count.valid)
    return Line(
        item,
        subject,
        option,
        sum(per_class.values()),
        valid,
        tuple(by_column(shown, per_class)),
        weighted,
    )


def _nominations(
    item: Item,
    count: Count,
    electorate: Electorate,
    shown: Sequence[Shown],
    names: Sequence[str],
    valid: int,
) -> list[Line]:
    out = []
    for category in item.limits(None):
        votes = {n: count.votes(item.id, n, category.id) for n in names}
        ranks = competition_ranks(votes)
        for group in groups_by_rank(votes):
            for name in group:
                line = _line(item.id, name, category.id, count, electorate, shown, valid)
                tied = tuple(other for other in group if other != name)
                out.append(
                    Line(
                        line.item,
                        line.subject,
                        line.option,
                        line.votes,
                        line.of,
                        line.by_class,
                        line.weighted,
                        ranks[name],
                        tied,
                    )
                )
    return out


def _mean(item: Item, subject: str, count: Count, valid: int) -> Mean | None:
    rated = sum(count.rated.get((item.id, subject), {}).values())
    if item.kind is ItemKind.POINTS:
        total = sum(count.points.get((item.id, subject), {}).values(), Fraction(0))
        full = None if item.max_points is None else exact(item.max_points)
    else:
        worth = {o.id: exact(o.points) for o in item.options if o.points is not None}
        if item.kind is not ItemKind.GRADE or not worth or len(worth) < len(item.options):
            return None
        votes = {o: count.votes(item.id, subject, o) for o in worth}
        total = sum((worth[o] * n for o, n in votes.items()), Fraction(0))
        full = max(worth.values())
    return Mean(item.id, subject, total / rated if rated else None, rated, valid - rated, full)


@dataclass(frozen=True, slots=True)
class TwoBases:
    """A reverse item on its two bases: all marks, and the marks of those who know."""

    problem: int
    all_marks: int
    knowing: int

    @property
    def of_all(self) -> str:
        """`10/50 = 20.00%` of all marks."""
        return share_text(self.problem, self.all_marks)

    @property
    def of_knowing(self) -> str:
        """The share among those who did not answer 不了解."""
        return share_text(self.problem, self.knowing)


def two_bases(item: Item, marks: Mapping[str, int]) -> TwoBases:
    """Count a reverse item: `marks` per option id. Counts only; nothing follows by itself."""
    return TwoBases(
        sum(marks.get(o.id, 0) for o in item.options if o.problem),
        sum(marks.get(o.id, 0) for o in item.options),
        sum(marks.get(o.id, 0) for o in item.options if o.knows),
    )


def measures(form: InstrumentForm, table: Table, subject: str) -> dict[str, Measure]:
    """What thresholds and composites may name for a subject.

    `<item>` and `<item>.<option>`: a `Share` of the valid ballots; `<option>` too when the form
    has one item; `<item>.score`: the mean points; `score`: the sum of the means of point items.
    """
    out: dict[str, Measure] = {}
    single = len(form.items) == 1
    for line in table.lines:
        if line.subject not in (subject, ""):
            continue
        share = Share(line.votes, line.of, Base.VALID)
        out[f"{line.item}.{line.option}"] = share
        if line.option == line.item:
            out[line.item] = share
        elif single:
            out[line.option] = share
    own = [m for m in table.means if m.subject in (subject, "")]
    for mean in own:
        out[f"{mean.item}.score"] = mean.mean
    if own:
        known = [m.mean for m in own if m.mean is not None]
        out["score"] = sum(known, Fraction(0)) if len(known) == len(own) else None
    return out
