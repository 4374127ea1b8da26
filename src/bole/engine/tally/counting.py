"""From ballots to counts: each ballot is read against its form, then only counts remain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import exact, say
from bole.engine.instruments.caps import check_grades
from bole.engine.instruments.forms import InstrumentForm, Item, ItemKind, OverPick
from bole.engine.text import Text

Cell = tuple[str, str, str]  # item, subject ("" where the item has none), option or category
PerClass = dict[str, int]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot: a class of voter and answers, never a voter. `times` counts equal ballots once.

    Answers by item id: nominate → [names] or {category: [names]}; agree, grade, reverse → option,
    points → number, tick → [options], each inside {subject: …} where the item is per subject.
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

    @property
    def void(self) -> int:
        """Ballots that count nowhere."""
        return sum(self.void_reasons.values())

    def votes(self, item: str, subject: str, option: str) -> int:
        """Ballots that gave `option` to `subject`, over all classes."""
        return sum(self.cells.get((item, subject, option), {}).values())

    def subjects(self, item: str) -> list[str]:
        """The subjects that got anything under an item, in the order in which they appeared."""
        return list(dict.fromkeys(s for i, s, _ in (*self.cells, *_pairs(self.rated)) if i == item))


def _pairs(rated: Mapping[tuple[str, str], PerClass]) -> Iterator[Cell]:
    return ((i, s, "") for i, s in rated)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark that a ballot carries: `points` only for point items."""

    item: str
    subject: str
    option: str
    points: Fraction | None = None


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

    def category(self, item: str) -> str | None:
        """The category of a nomination item that has only one; None for any other item."""
        found = self._items[item]
        if found.kind is not ItemKind.NOMINATE or len(found.categories) > 1:
            return None
        return found.limits(self.posts)[0].id

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
            for found in self._item(item, answers.get(item.id)):
                if isinstance(found, Mark):
                    marks.append(found)
                else:
                    faults.append(found)
        faults += self._caps(marks)
        return marks, faults

    def _item(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
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
            names = [str(n).strip() for n in names if str(n).strip()]
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
                raise BoleError(_unsettled(self.form, Text("可推荐人数", "names allowed")))
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
                yield from (Mark(item.id, n, category) for n in names)

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
        for subject, option in self._each(item, answer):
            known = isinstance(option, str) and option in self._options[item.id]
            if not self._listed(item, subject) or not known:
                yield self._unreadable(item, subject)
            else:
                yield Mark(item.id, subject, str(option))

    def _tick(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, ticks in self._each(item, answer):
            options = self._options[item.id]
            known = isinstance(ticks, list) and all(
                isinstance(t, str) and t in options for t in ticks
            )
            if not self._listed(item, subject) or not known:
                yield self._unreadable(item, subject)
            else:
                yield from (Mark(item.id, subject, t) for t in dict.fromkeys(ticks))

    def _points(self, item: Item, answer: Any) -> Iterator[Mark | Fault]:
        for subject, value in self._each(item, answer):
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
            else:
                yield Mark(item.id, subject, "", points)

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

    def _caps(self, marks: Sequence[Mark]) -> list[Fault]:
        caps = [c for c in self.form.caps if c.level == "each_ballot"]
        if not caps and self.form.incomplete != "refuse":
            return []
        if self.size is None:
            raise BoleError(
                _unsettled(self.form, Text("参评人员名单", "the persons on the ballot"))
            )
        faults = []
        for item in self.form.items:
            if item.kind is not ItemKind.GRADE or not item.per_subject:
                continue
            given = Counter(dict.fromkeys(self._options[item.id], 0))
            given.update(m.option for m in marks if m.item == item.id)
            own = [c for c in caps if set(c.options) <= set(self._options[item.id])]
            complete = self.form.incomplete == "refuse"
            faults += [
                Fault(p.code, item.id, p.text)
                for p in check_grades(own, given, self.size, complete=complete)
            ]
        return faults


def _unsettled(form: InstrumentForm, what: Text) -> Problem:
    return Problem(
        "FORM_UNSETTLED",
        Text("“{f}”未定{w}，不能计票", '"{f}" does not settle {w}: it cannot be counted').fill(
            f=form.label, w=what
        ),
    )


_WHOLE_BALLOT = {"REQUIRED", "UNKNOWN_ITEM", "OVER_CAP", "UNDER_FLOOR", "GRADES_INCOMPLETE"}
_CHOICES = (ItemKind.AGREE, ItemKind.GRADE, ItemKind.REVERSE)


def count_ballots(
    form: InstrumentForm,
    ballots: Iterable[Ballot],
    *,
    subjects: Sequence[str] | None = None,
    posts: int | None = None,
) -> Count:
    """Count ballots. What a fault voids is the form's `over_pick`; the sources give no default, so
    a faulty ballot under a form that leaves it open raises `BoleError` (FORM_UNSETTLED).

    A ballot with no mark at all is valid and blank: it counts in every base "valid".
    """
    tallier = Tallier(BallotReader(form, subjects, posts))
    for ballot in ballots:
        tallier.add(ballot)
    return tallier.finish()


class Tallier:
    """Counts ballots one after another. Most ballots are plain choices or names without a fault;
    they take a short way that counts the same (a test holds the two together)."""

    def __init__(self, reader: BallotReader) -> None:
        self.reader = reader
        self.count = Count()
        self._plain: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
        self._allowed = _plain_items(reader)

    def add(self, ballot: Ballot) -> None:
        """Count one ballot (`times` over)."""
        if self._allowed is None or not self._add_plain(ballot, self._allowed):
            self._add_slowly(ballot)

    def _add_plain(self, ballot: Ballot, allowed: Mapping[str, tuple[Any, int]]) -> bool:
        try:
            found = [(i, _plain_marks(a, *allowed[i])) for i, a in ballot.answers.items()]
        except (KeyError, TypeError, ValueError):  # unknown item, unhashable mark, fault: read it
            return False
        group, times = ballot.voter_class, ballot.times
        for item, marks in found:
            counter = self._plain[item, group]
            if times == 1:
                counter.update(marks)
            else:
                for mark in marks:
                    counter[mark] += times
        self.count.returned[group] += times
        self.count.valid[group] += times
        return True

    def _add_slowly(self, ballot: Ballot) -> None:
        result, times, group = self.count, ballot.times, ballot.voter_class
        result.returned[group] += times
        marks, faults = self.reader.read(ballot.answers)
        if faults:
            form = self.reader.form
            if form.over_pick is None:
                what = Text("填写不合规的票如何处理（", "what a faulty ballot voids (")
                raise BoleError(_unsettled(form, what + faults[0].text + Text("）", ")")))
            whole = [f for f in faults if f.code in _WHOLE_BALLOT]
            if whole or form.over_pick is OverPick.VOID_BALLOT:
                result.void_reasons[(whole or faults)[0].code] += times
                return
            for fault in faults:
                result.void_categories[fault.code] += times
        result.valid[group] += times
        seen: set[tuple[str, str]] = set()
        for mark in marks:
            key = (mark.item, mark.subject)
            if mark.points is None:
                _add(result.cells[(*key, mark.option)], group, times)
            else:
                sums = result.points[key]
                sums[group] = sums.get(group, Fraction(0)) + mark.points * times
            if key not in seen:
                seen.add(key)
                _add(result.rated[key], group, times)

    def finish(self) -> Count:
        """Everything counted so far."""
        for (item, group), counter in self._plain.items():
            category = self.reader.category(item)
            for mark, times in counter.items():
                subject, option = (mark, category) if category is not None else mark
                _add(self.count.cells[(item, subject, option)], group, times)
                _add(self.count.rated[(item, subject)], group, times)
        self._plain.clear()
        return self.count


def _plain_marks(answer: Any, known: frozenset[Any], most: int) -> Iterable[Any]:
    """The marks of a plain answer. Raises ValueError or TypeError for anything else."""
    if not most:
        marks: Any = answer.items() if isinstance(answer, dict) else (("", answer),)
        if answer and known.issuperset(marks):
            return cast(Iterable[Any], marks)
    elif (
        answer
        and isinstance(answer, list)
        and len(answer) <= most
        and known.issuperset(answer)
        and len(set(answer)) == len(answer)
    ):
        return answer
    raise ValueError


def _plain_items(reader: BallotReader) -> dict[str, tuple[Any, int]] | None:
    """Item → (what may be marked, most names), for forms whose ballots can be counted plainly:
    choices for listed subjects and names of one category, nothing required, no caps on ballots."""
    form = reader.form
    capped = form.incomplete == "refuse" or any(c.level == "each_ballot" for c in form.caps)
    if capped or any(i.required for i in form.items) or reader.subjects is None:
        return None
    allowed: dict[str, tuple[Any, int]] = {}
    for item in form.items:
        if item.kind in _CHOICES:
            names = reader.subjects if item.per_subject else ("",)
            allowed[item.id] = (frozenset((s, o.id) for s in names for o in item.options), 0)
        elif item.kind is ItemKind.NOMINATE and reader.category(item.id) is not None:
            (limit,) = item.limits(reader.posts)
            if isinstance(limit.max_picks, int) and limit.max_picks > 0 and not limit.min_picks:
                allowed[item.id] = (reader.subjects, limit.max_picks)
    return allowed


def _add(counts: PerClass, group: str, times: int) -> None:
    counts[group] = counts.get(group, 0) + times
