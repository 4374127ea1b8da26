"""From ballots to counts: each ballot is read against its form, then only counts remain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import exact, say
from bole.engine.instruments.caps import check_grades
from bole.engine.instruments.forms import InstrumentForm, Item, ItemKind
from bole.engine.text import Text

Cell = tuple[str, str, str]  # item, subject ("" where the item has none), option or category
PerClass = dict[str, int]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot: a class of voter and answers, never a voter. `times` counts equal ballots once.

    Answers by item id: nominate → [names] or {category: [names]}; agree, grade, reverse → option,
    points → number, tick → [options], each inside {subject: …} where the item is per subject.
    With its reason an answer is {"option": …, "reason": …} ("points", "name" for those kinds);
    `true` says that a reason was given and is kept apart from the ballot.
    """

    answers: Mapping[str, Any]
    voter_class: str = ""
    times: int = 1


@dataclass
class Count:
    """What was counted. Every dictionary ends in class → count, so that any split can be shown."""

    returned: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    void_reasons: Counter[str] = field(default_factory=Counter)
    void_categories: Counter[str] = field(default_factory=Counter)
    cells: dict[Cell, PerClass] = field(default_factory=lambda: defaultdict(dict))
    rated: dict[tuple[str, str], PerClass] = field(default_factory=lambda: defaultdict(dict))
    points: dict[tuple[str, str], dict[str, Fraction]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    reasons: dict[Cell, PerClass] = field(default_factory=lambda: defaultdict(dict))

    @property
    def void(self) -> int:
        """Ballots that count nowhere."""
        return sum(self.void_reasons.values())

    def votes(self, item: str, subject: str, option: str) -> int:
        """Ballots that gave `option` to `subject`, over all classes."""
        return sum(self.cells.get((item, subject, option), {}).values())

    def add(self, marks: Iterable[Mark], group: str, times: int = 1) -> None:
        """Add the marks of `times` equal ballots of one class."""
        seen: set[tuple[str, str]] = set()
        for mark in marks:
            key = (mark.item, mark.subject)
            cell = (*key, mark.option)
            if mark.points is None:
                _add(self.cells[cell], group, times)
            else:
                sums = self.points[key]
                sums[group] = sums.get(group, Fraction(0)) + mark.points * times
            if mark.reason:
                _add(self.reasons[cell], group, times)
            if key not in seen:
                seen.add(key)
                _add(self.rated[key], group, times)

    def plus(self, other: Count) -> Count:
        """Both counts together, as of ballots of two channels."""
        out = self.by_names({})
        out.returned = self.returned + other.returned
        out.valid = self.valid + other.valid
        out.void_reasons = self.void_reasons + other.void_reasons
        out.void_categories = self.void_categories + other.void_categories
        out._take(other, {})
        return out

    def by_names(self, names: Mapping[str, str]) -> Count:
        """The same with the classes of one name added up."""
        out = Count(void_reasons=self.void_reasons, void_categories=self.void_categories)
        for group, n in self.returned.items():
            out.returned[names.get(group, group)] += n
        for group, n in self.valid.items():
            out.valid[names.get(group, group)] += n
        out._take(self, names)
        return out

    def _take(self, other: Count, names: Mapping[str, str]) -> None:
        """Add the cells, reasons, ratings and points of another count."""
        pairs: list[tuple[Any, Any]] = [
            (other.cells, self.cells),
            (other.reasons, self.reasons),
            (other.rated, self.rated),
            (other.points, self.points),
        ]
        for given, own in pairs:
            for key, per_class in given.items():
                for group, n in per_class.items():
                    name = names.get(group, group)
                    own[key][name] = own[key].get(name, 0) + n

    def subjects(self, item: str) -> list[str]:
        """The subjects that got anything under an item, in the order in which they appeared."""
        return list(dict.fromkeys(s for i, s, _ in (*self.cells, *_pairs(self.rated)) if i == item))


def _pairs(rated: Mapping[tuple[str, str], PerClass]) -> Iterator[Cell]:
    return ((i, s, "") for i, s in rated)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark that a ballot carries: `points` only for point items; `reason`: one was given."""

    item: str
    subject: str
    option: str
    points: Fraction | None = None
    reason: bool = False


def with_reason(answer: Any) -> tuple[Any, Any]:
    """An answer and the reason that stands with it (None = none was asked or written)."""
    if isinstance(answer, dict) and len(answer) == 2 and "reason" in answer:
        for key in ("option", "points", "name"):
            if key in answer:
                return answer[key], answer["reason"]
    return answer, None


def is_reason(reason: Any) -> bool:
    """Whether a reason was written, or is said to be kept apart."""
    return reason is True or (isinstance(reason, str) and bool(reason.strip()))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer does not count. `category` names the part that VOID_CATEGORY would void."""

    code: str
    category: str
    text: Text


class BallotReader:
    """Reads ballots of one form. `subjects`: the persons or teams on the ballot (None = names are
    free); `posts`: what `max_picks: posts` means in this campaign."""

    def __init__(
        self, form: InstrumentForm, subjects: Sequence[str] | None = None, posts: int | None = None
    ) -> None:
        self.form = form
        self.subjects = None if subjects is None else frozenset(subjects)
        self.size = None if subjects is None else len(subjects)
        self.posts = posts
        self._items = {i.id: i for i in form.items}
        self._options = {i.id: {o.id: o for o in i.options} for i in form.items}
        self._readers: dict[ItemKind, Callable[[Item, Any], Iterator[Mark | Fault]]] = {
            ItemKind.NOMINATE: self._nominate,
            ItemKind.POINTS: self._points,
            ItemKind.TICK: self._tick,
            ItemKind.TEXT: self._text,
        }

    def read(self, answers: Mapping[str, Any]) -> tuple[list[Mark], list[Fault]]:
        """The marks of a ballot and the faults that a voter or counter should be told."""
        marks: list[Mark] = []
        faults = [
            Fault(
                "UNKNOWN_ITEM",
                str(i),
                Text("票样上没有“{i}”", 'no item "{i}" on the form').fill(i=i),
            )
            for i in answers
            if i not in self._items
        ]
        for item in self.form.items:
            for found in self.answered(item, answers.get(item.id)):
                if isinstance(found, Mark):
                    marks.append(found)
                else:
                    faults.append(found)
        faults += self._caps(marks)
        return marks, faults

    def answered(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        """The marks and faults of the answer to one item."""
        if answer is None or answer in ("", [], {}):
            if item.required:
                text = Text("“{i}”为必填项", '"{i}" must be answered').fill(i=item.label)
                yield Fault("REQUIRED", item.id, text)
            return
        yield from self._readers.get(item.kind, self._choice)(item, answer)

    def _nominate(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        limits = {c.id: c for c in item.limits(self.posts)}
        by_category = answer if isinstance(answer, dict) else {next(iter(limits)): answer}
        for category, names in by_category.items():
            limit = limits.get(category)
            if limit is None or not isinstance(names, list):
                yield self._unreadable(item, category)
                continue
            given = [with_reason(n) for n in names]
            reasons = {str(n).strip(): is_reason(r) for n, r in given}
            names = [str(n).strip() for n, _ in given if str(n).strip()]
            strange = [n for n in names if self.subjects is not None and n not in self.subjects]
            if strange:
                text = Text("“{n}”不在推荐名册中", '"{n}" is not on the list').fill(
                    n="、".join(strange)
                )
                yield Fault("NOT_LISTED", category, text)
            elif len(set(names)) < len(names):
                text = Text("同一人被填写两次", "one name is written twice")
                yield Fault("NAME_TWICE", category, text)
            elif limit.max_picks is None:
                raise BoleError(unsettled(self.form, Text("可推荐人数", "names allowed")))
            elif not limit.min_picks <= len(names) <= int(limit.max_picks):
                over = len(names) > int(limit.max_picks)
                text = Text(
                    "推荐了{n}人，限{least}至{m}人"
                    if limit.min_picks
                    else "推荐了{n}人，至多{m}人",
                    "{n} names given, at most {m}" if over else "{n} names given, at least {least}",
                ).fill(n=len(names), m=limit.max_picks, least=limit.min_picks)
                yield Fault("OVER_PICKED" if over else "UNDER_PICKED", category, text)
            else:
                for name in names:
                    if item.reason_required and not reasons[name]:
                        yield self._reason_missing(category, Text(name, name), None)
                    else:
                        yield Mark(item.id, name, category, reason=reasons[name])

    def _each(self, item: Item, answer: Any) -> Iterator[tuple[str, Any]]:
        if not item.per_subject:
            yield "", answer
        elif isinstance(answer, dict):
            yield from ((str(s), a) for s, a in answer.items() if a is not None)
        elif self.subjects is not None and len(self.subjects) == 1:
            yield next(iter(self.subjects)), answer
        else:
            yield "", ...

    def _choice(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, given in self._each(item, answer):
            option, reason = with_reason(given)
            known = self._options[item.id].get(option) if isinstance(option, str) else None
            if not self._listed(item, subject) or known is None:
                yield self._unreadable(item, subject)
            elif item.needs_reason(known) and not is_reason(reason):
                where = Text(subject, subject) if subject else item.label
                yield self._reason_missing(subject or item.id, where, known.label)
            else:
                yield Mark(item.id, subject, known.id, reason=is_reason(reason))

    def _tick(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, given in self._each(item, answer):
            ticks, reason = with_reason(given)
            options = self._options[item.id]
            known = isinstance(ticks, list) and all(
                isinstance(t, str) and t in options for t in ticks
            )
            if not self._listed(item, subject) or not known:
                yield self._unreadable(item, subject)
                continue
            ticked = list(dict.fromkeys(ticks))
            lacking = next((t for t in ticked if item.needs_reason(options[t])), None)
            if lacking is not None and not is_reason(reason):
                where = Text(subject, subject) if subject else item.label
                yield self._reason_missing(subject or item.id, where, options[lacking].label)
            else:
                yield from (Mark(item.id, subject, t, reason=is_reason(reason)) for t in ticked)

    def _points(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, given in self._each(item, answer):
            value, reason = with_reason(given)
            try:
                points = exact(value)
            except BoleError:
                yield self._unreadable(item, subject)
                continue
            top = None if item.max_points is None else exact(item.max_points)
            if not self._listed(item, subject) or points < 0 or (top is not None and points > top):
                text = Text("“{i}”评了{p}分，应为0至{m}分", '"{i}": {p} points, allowed 0 to {m}')
                text = text.fill(i=item.label, p=say(points), m="?" if top is None else say(top))
                yield Fault("POINTS_RANGE", item.id, text)
            elif item.step is not None and points % exact(item.step):
                text = Text("“{i}”的分值须为{s}的倍数", '"{i}": points go in steps of {s}')
                yield Fault("POINTS_STEP", item.id, text.fill(i=item.label, s=say(item.step)))
            elif item.reason_required and not is_reason(reason):
                where = Text(subject, subject) if subject else item.label
                yield self._reason_missing(subject or item.id, where, None)
            else:
                yield Mark(item.id, subject, "", points, is_reason(reason))

    def _text(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, said in self._each(item, answer):
            if said is ... or not self._listed(item, subject):
                yield self._unreadable(item, subject)
            elif str(said).strip():
                yield Mark(item.id, subject, "text")

    def _listed(self, item: Item, subject: str) -> bool:
        return not item.per_subject or self.subjects is None or subject in self.subjects

    def _unreadable(self, item: Item, category: str) -> Fault:
        text = Text("“{i}”的填写无法辨认", '"{i}" cannot be read').fill(i=item.label)
        return Fault("UNREADABLE", category or item.id, text)

    def _reason_missing(self, category: str, where: Text, option: Text | None) -> Fault:
        if option is None:
            text = Text("“{w}”须写明理由", '"{w}" needs a reason').fill(w=where)
        else:
            text = Text("“{w}”选择“{o}”的，须写明理由", '"{w}": "{o}" needs a reason').fill(
                w=where, o=option
            )
        return Fault("REASON", category, text)

    @property
    def capped(self) -> bool:
        """Whether grades on a ballot are limited together, so that no part stands by itself."""
        return self.form.incomplete == "refuse" or any(
            c.level == "each_ballot" for c in self.form.caps
        )

    def over_caps(self, item: Item, options: Iterable[str]) -> list[Fault]:
        """The faults of all grades that a ballot gives under one item, against the caps."""
        given = Counter(dict.fromkeys(self._options[item.id], 0))
        given.update(options)
        caps = [c for c in self.form.caps if c.level == "each_ballot"]
        own = [c for c in caps if set(c.options) <= set(self._options[item.id])]
        complete = self.form.incomplete == "refuse"
        return [
            Fault(p.code, item.id, p.text)
            for p in check_grades(own, given, self.size or 0, complete=complete)
        ]

    def graded(self) -> list[Item]:
        """The items whose grades caps may limit."""
        return [i for i in self.form.items if i.kind is ItemKind.GRADE and i.per_subject]

    def _caps(self, marks: Sequence[Mark]) -> list[Fault]:
        if not self.capped:
            return []
        if self.size is None:
            raise BoleError(unsettled(self.form, Text("参评人员名单", "the persons on the ballot")))
        return [
            fault
            for item in self.graded()
            for fault in self.over_caps(item, [m.option for m in marks if m.item == item.id])
        ]


def unsettled(form: InstrumentForm, what: Text) -> Problem:
    """What a form leaves open, so that it cannot be counted."""
    return Problem(
        "FORM_UNSETTLED",
        Text("“{f}”未定{w}，不能计票", '"{f}" does not settle {w}: it cannot be counted').fill(
            f=form.label, w=what
        ),
    )


def _add(counts: PerClass, group: str, times: int) -> None:
    counts[group] = counts.get(group, 0) + times
