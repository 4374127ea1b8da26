"""A tally as one plain file: form, electorate, ballots or counts, thresholds, composites → result.

`docs/tally.md` describes every key. Nothing is shown of a sheet that cannot be right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.figures import Base, Figures, is_count, not_a_count
from bole.engine.exact.numbers import Quantity, exact
from bole.engine.instruments.caps import check_grades
from bole.engine.instruments.forms import InstrumentForm, ItemKind
from bole.engine.scoring.composite import Composite, total
from bole.engine.scoring.ranking import rank, tie_order
from bole.engine.tally.attendance import Attendance, AttendanceRule, attendance
from bole.engine.tally.counting import Ballot, Count
from bole.engine.tally.electorate import Electorate
from bole.engine.tally.reconcile import Sheet, missing_figures, reconcile
from bole.engine.tally.results import Table, measures, tabulate
from bole.engine.tally.rounds import RoundRule, read_round
from bole.engine.tally.tallier import count_ballots
from bole.engine.tally.thresholds import (
    Measure,
    Outcome,
    Share,
    Subject,
    Threshold,
    evaluate_all,
    together,
)
from bole.engine.text import Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BallotLine(_Model):
    """One ballot, or `times` equal ones."""

    voter_class: str = Field(default="", alias="class")
    answers: dict[str, Any]
    times: int = Field(default=1, ge=1)


class Points(_Model):
    """The points of a subject under an item, summed over the ballots that rated it."""

    sum: Quantity
    rated: int = Field(ge=0)


class Counts(_Model):
    """A counting sheet. A count is a number, or a number per class."""

    classes: dict[str, int | None] = {}
    votes: dict[str, dict[str, int | None | dict[str, int | None]]] = {}
    grades: dict[str, dict[str, dict[str, int | None | dict[str, int | None]]]] = {}
    points: dict[str, dict[str, Points]] = {}


class Other(_Model):
    """A result of another channel for one subject: votes on a base."""

    votes: int | None
    base: Base

    @field_validator("base", mode="before")
    @classmethod
    def _base(cls, value: Any) -> Any:
        return Base(value) if isinstance(value, str) else value


class TallyFile(_Model):
    """The file. Exactly one of `ballots` and `counts`; `other`: results of other channels."""

    form: InstrumentForm
    subjects: tuple[str, ...] | None = None
    posts: int | None = Field(default=None, ge=1)
    electorate: Electorate = Electorate()
    figures: dict[str, int | None] = {}
    attendance: AttendanceRule | None = None
    ballots: tuple[BallotLine, ...] | None = None
    counts: Counts | None = None
    other: dict[str, dict[str, Other | Quantity | None]] = {}
    thresholds: tuple[Threshold, ...] = ()
    composites: tuple[Composite, ...] = ()
    round: RoundRule | None = None

    @field_validator("figures")
    @classmethod
    def _known(cls, value: dict[str, int | None]) -> dict[str, int | None]:
        for key in value:
            try:
                Base(key)
            except ValueError:
                known = ", ".join(Base)
                raise ValueError(
                    f"“{key}”应为 {known} 之一 / “{key}” must be one of {known}"
                ) from None
        return value

    def model_post_init(self, _: Any) -> None:
        if (self.ballots is None) == (self.counts is None):
            raise ValueError("ballots、counts 须且只写一个 / write one of ballots and counts")


def tally(file: TallyFile) -> dict[str, Any]:
    """Count, check and read a tally file; the result is ready for JSON.

    `problems` non-empty: the sheet cannot be right, and there is no result at all. `missing`:
    figures that were not entered; what depends on them is `cannot_compute`.
    """
    figures = Figures.read({Base(k).value: v for k, v in file.figures.items()})
    out: dict[str, Any] = {"form": file.form.id, "version": file.form.version}
    if file.attendance is not None:
        state = attendance(
            file.attendance, figures.of(file.attendance.base), figures.of(Base.ATTENDING)
        )
        out["attendance"] = {
            "state": state.state.value,
            "needed": state.needed,
            "text": state.text.as_dict(),
        }
        if state.state is Attendance.NOT_MET:
            out["problems"] = [Problem("ATTENDANCE", state.text).as_dict()]
            return out
    count, sheet, problems = (
        _from_ballots(file, figures) if file.ballots is not None else (_from_counts(file, figures))
    )
    problems += reconcile(sheet)
    if file.counts is not None and not problems:
        problems += _unit_caps(file, count)
    out["problems"] = [p.as_dict() for p in problems]
    if problems:
        return out
    if not sum(count.valid.values()):
        count.valid.clear()
        count.valid[""] = sheet.figures.of(Base.VALID) or 0
    missing = missing_figures(sheet) if file.counts is not None else []
    out["missing"] = [m.as_dict() for m in missing]
    out["figures"] = {b.value: sheet.figures.of(b) for b in sheet.figures}
    if missing:
        return out
    out |= _results(file, count, sheet.figures)
    return out


def _from_ballots(file: TallyFile, figures: Figures) -> tuple[Count, Sheet, list[Problem]]:
    lines = [Ballot(b.answers, b.voter_class, b.times) for b in file.ballots or ()]
    count = count_ballots(file.form, lines, subjects=file.subjects, posts=file.posts)
    counted = {
        Base.RETURNED: sum(count.returned.values()),
        Base.VALID: sum(count.valid.values()),
        Base.VOID: count.void,
    }
    problems = [
        Problem(
            "FIGURE_DIFFERS",
            Text("{b}填写为{e}，按票计得{c}。", "{b}: {e} entered, {c} counted.").fill(
                b=base.words, e=figures.of(base), c=number
            ),
        )
        for base, number in counted.items()
        if figures.of(base) not in (None, number)
    ]
    known = {c.id for c in file.electorate.classes}
    problems += [
        Problem(
            "CLASS_UNKNOWN",
            Text("票上的类别“{c}”不在名册中", '"{c}" is no class of the electorate').fill(c=c),
        )
        for c in count.returned
        if known and c not in known
    ]
    figures = figures.with_(**{b.value: n for b, n in counted.items()})
    return count, Sheet(figures), problems


def _from_counts(file: TallyFile, figures: Figures) -> tuple[Count, Sheet, list[Problem]]:
    counts = file.counts or Counts()
    count, problems = Count(), []
    votes: dict[str, int | None] = {}
    grades: dict[str, dict[str, int | None]] = defaultdict(dict)
    items = {i.id: i for i in file.form.items}
    for where in (*counts.votes, *counts.grades, *counts.points):
        if where not in items and not any(
            where == c.id for i in file.form.items for c in i.categories
        ):
            text = Text("票样上没有“{i}”", 'no item "{i}" on the form').fill(i=where)
            problems.append(Problem("UNKNOWN_ITEM", text))
    if problems:
        return count, Sheet(figures), problems
    picks: list[int | None] = []
    for item in file.form.items:
        for category in item.limits(file.posts):
            given = counts.votes.get(category.id)
            if given is None or item.kind is not ItemKind.NOMINATE:
                continue
            most = category.max_picks
            picks.append(most if isinstance(most, int) else None)
            for name, number in given.items():
                votes[name if len(counts.votes) == 1 else f"{category.id}·{name}"] = _put(
                    count, (item.id, name, category.id), number, problems
                )
    for item_id, subjects in counts.grades.items():
        known = {o.id for o in items[item_id].options} | {"blank"}
        for name, options in subjects.items():
            for option, number in options.items():
                if option not in known:
                    text = Text("没有选项“{o}”", 'no option "{o}"').fill(o=option)
                    problems.append(Problem("UNKNOWN_OPTION", text, f"{item_id}.{name}"))
                key = name if len(counts.grades) == 1 else f"{item_id}·{name}"
                cell = (item_id, name, option)
                grades[key][option] = _put(count, cell, number, problems)
                _rated(count, cell, number)
    for item_id, scored in counts.points.items():
        for name, points in scored.items():
            count.points[(item_id, name)][""] = exact(points.sum)
            count.rated[(item_id, name)][""] = points.rated
    most_picks = None if not picks or None in picks else sum(p for p in picks if p is not None)
    sheet = Sheet(figures, most_picks, dict(counts.classes), votes, dict(grades))
    valid = figures.of(Base.VALID)
    whole = counts.classes and sum(c or 0 for c in counts.classes.values()) == valid
    if whole:
        count.valid.update({c: n for c, n in counts.classes.items() if n is not None})
    elif valid is not None:
        count.valid[""] = valid
    return count, sheet, problems


def _put(
    count: Count,
    cell: tuple[str, str, str],
    number: int | None | Mapping[str, int | None],
    problems: list[Problem],
) -> int | None:
    by_class = number if isinstance(number, Mapping) else {"": number}
    if any(n is None for n in by_class.values()):
        return None
    for name, n in by_class.items():
        if is_count(n):
            count.cells[cell][name] = n
        else:
            problems.append(not_a_count(Text(cell[1], cell[1]), n))
    return sum(n for n in by_class.values() if is_count(n))


def _rated(
    count: Count, cell: tuple[str, str, str], number: int | None | Mapping[str, int | None]
) -> None:
    if cell[2] == "blank":
        return
    rated = count.rated[cell[:2]]
    for name, n in (number if isinstance(number, Mapping) else {"": number}).items():
        rated[name] = rated.get(name, 0) + (n or 0)


def _unit_caps(file: TallyFile, count: Count) -> list[Problem]:
    caps = [c for c in file.form.caps if c.level == "unit_result"]
    if not caps or file.subjects is None:
        return []
    problems = []
    for item in file.form.items:
        if item.kind is not ItemKind.GRADE:
            continue
        given: dict[str, int] = {o.id: 0 for o in item.options}
        for subject in file.subjects:
            votes = {o.id: count.votes(item.id, subject, o.id) for o in item.options}
            top = max(votes.values())
            first = [o for o, n in votes.items() if n == top]
            if top and len(first) == 1:
                given[first[0]] += 1
        own = [c for c in caps if set(c.options) <= set(given)]
        problems += check_grades(own, given, len(file.subjects), complete=False)
    return problems


def _results(file: TallyFile, count: Count, figures: Figures) -> dict[str, Any]:
    table = tabulate(file.form, count, file.electorate, file.subjects)
    subjects = _subjects(file, table)
    read = {
        s: Subject({**measures(file.form, table, s), **_other(file, figures, s)}, figures)
        for s in subjects
    }
    out: dict[str, Any] = {
        "columns": [
            {"classes": list(c.classes), "ballots": None if c.hidden else c.ballots}
            for c in table.columns
        ],
        "lines": [line.as_dict() for line in table.lines],
        "means": [m.as_dict() for m in table.means],
        "void": dict(count.void_reasons),
        "void_categories": dict(count.void_categories),
    }
    barred: set[str] = set()
    if file.thresholds:
        out["thresholds"] = {}
        for name, subject in read.items():
            results = evaluate_all(file.thresholds, subject)
            outcome = together(results)
            if outcome is Outcome.BLOCKS:
                barred.add(name)
            out["thresholds"][name] = {
                "outcome": outcome.value,
                "rules": [r.as_dict() for r in results],
            }
    if file.composites:
        out["composites"] = {c.id: _composite(c, read, barred, file.posts) for c in file.composites}
    if file.round is not None:
        out["round"] = _round(file, table)
    return out


def _subjects(file: TallyFile, table: Table) -> list[str]:
    if file.subjects is not None:
        return list(file.subjects)
    found = [x.subject for x in table.lines] + [m.subject for m in table.means]
    found += list(file.other)
    return list(dict.fromkeys(found))


def _other(file: TallyFile, figures: Figures, subject: str) -> dict[str, Measure]:
    out: dict[str, Measure] = {}
    for name, value in file.other.get(subject, {}).items():
        if not isinstance(value, Other):
            out[name] = value
        elif value.votes is None:
            out[name] = None
        else:
            of = figures.of(value.base)
            if of is not None and value.votes > of:
                text = Text("{s}的{n}得{v}票，多于{b}{d}", "{s}, {n}: {v} is more than {d} {b}")
                said = text.fill(s=subject, n=name, v=value.votes, b=value.base.words, d=of)
                raise BoleError(Problem("VOTES_OVER_VALID", said))
            out[name] = Share(value.votes, of, value.base)
    return out


def _composite(
    composite: Composite, read: Mapping[str, Subject], barred: set[str], posts: int | None
) -> dict[str, Any]:
    totals = {n: total(composite, s) for n, s in read.items()}
    vetoed = {n for n, t in totals.items() if any(v.outcome is Outcome.BLOCKS for v in t.vetoes)}
    places = composite.cut * (posts or 1) if isinstance(composite.cut, int) else posts
    values: dict[str, Fraction | None] = {n: t.value for n, t in totals.items()}
    order = tie_order(composite, {n: s.measures for n, s in read.items()})
    ranking = rank(values, barred=barred | vetoed, places=places, order=order)
    return {
        "totals": {n: t.as_dict() for n, t in totals.items()},
        "ranks": [
            {"subject": p.subject, "rank": p.rank, "tied_with": list(p.tied_with)}
            for p in ranking.places
        ],
        "outcome": ranking.text.as_dict(),
    }


def _round(file: TallyFile, table: Table) -> list[dict[str, Any]]:
    out = []
    nominate = [i for i in file.form.items if i.kind is ItemKind.NOMINATE]
    for item in nominate:
        for category in item.limits(file.posts):
            votes = {
                x.subject: x.votes
                for x in table.lines
                if x.item == item.id and x.option == category.id
            }
            assert file.round is not None
            reading = read_round(file.round, votes, table.valid, file.posts or 1)
            names: Sequence[str] = reading.next_round.sure if reading.next_round else ()
            tied: Sequence[str] = reading.next_round.tied if reading.next_round else ()
            out.append(
                {
                    "category": category.id,
                    "outcome": reading.outcome.value,
                    "text": reading.text.as_dict(),
                    "next_round": list(names),
                    "tied_for_the_last_place": list(tied),
                }
            )
    return out
