"""Counting many ballots. A ballot without a fault is counted part by part: each part (one name, one
person's grade) is read once and remembered; only what then remains is read whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.instruments.forms import InstrumentForm, Item, ItemKind, OverPick
from bole.engine.tally.counting import Ballot, BallotReader, Count, Mark, unsettled
from bole.engine.text import Text

MOST_PARTS = 200_000  # parts of one item that are remembered
_CHOICES = (ItemKind.AGREE, ItemKind.GRADE, ItemKind.REVERSE)
_WHOLE_BALLOT = {"REQUIRED", "UNKNOWN_ITEM", "OVER_CAP", "UNDER_FLOOR", "GRADES_INCOMPLETE"}


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
    """Counts ballots one after another (a test holds the two ways of reading together)."""

    def __init__(self, reader: BallotReader) -> None:
        self.reader = reader
        self.count = Count()
        self.parts = {i.id: PartReader(reader, i) for i in reader.form.items}
        self.plain = not (reader.capped and reader.size is None)
        capped = reader.graded() if reader.capped else []
        self.required = frozenset(i.id for i in (*reader.form.items, *capped) if i.required)
        self.required |= {i.id for i in capped}
        self._counted: dict[tuple[str, str], Counter[Any]] = defaultdict(Counter)

    def add(self, ballot: Ballot) -> None:
        """Count one ballot (`times` over)."""
        if not self.plain or not self._add_parts(ballot):
            self._add_whole(ballot)

    def _add_parts(self, ballot: Ballot) -> bool:
        answers = ballot.answers
        if not self.required <= answers.keys():
            return False
        found = []
        for item, answer in answers.items():
            reader = self.parts.get(item)
            parts = None if reader is None else reader.parts(answer)
            if parts is None:
                return False
            found.append((item, parts))
        for item, parts in found:
            self.add_parts(item, parts, ballot.voter_class, ballot.times)
        self.add_valid(ballot.voter_class, ballot.times)
        return True

    def add_parts(self, item: str, parts: Iterable[Any], group: str, times: int) -> None:
        """Count parts that `parts[item]` has read."""
        counter = self._counted[item, group]
        if times == 1:
            counter.update(parts)
        else:
            for part in parts:
                counter[part] += times

    def add_valid(self, group: str, times: int) -> None:
        """Count ballots all of whose parts are counted."""
        self.count.returned[group] += times
        self.count.valid[group] += times

    def _add_whole(self, ballot: Ballot) -> None:
        result, times, group = self.count, ballot.times, ballot.voter_class
        marks, faults = self.reader.read(ballot.answers)
        result.returned[group] += times
        if faults:
            form = self.reader.form
            if form.over_pick is None:
                what = Text("填写不合规的票如何处理（", "what a faulty ballot voids (")
                raise BoleError(unsettled(form, what + faults[0].text + Text("）", ")")))
            whole = [f for f in faults if f.code in _WHOLE_BALLOT]
            if whole or form.over_pick is OverPick.VOID_BALLOT:
                result.void_reasons[(whole or faults)[0].code] += times
                return
            for fault in faults:
                result.void_categories[fault.code] += times
        result.valid[group] += times
        result.add(marks, group, times)

    def finish(self) -> Count:
        """Everything counted so far."""
        for (item, group), counter in self._counted.items():
            known = self.parts[item].known
            for part, times in counter.items():
                self.count.add(known[part], group, times)
        self._counted.clear()
        return self.count


class PartReader:
    """Reads the answers to one item part by part. `known`: part without a fault → its marks."""

    def __init__(self, reader: BallotReader, item: Item) -> None:
        self.reader, self.item = reader, item
        self.known: dict[Any, tuple[Mark, ...]] = {}
        limits = item.limits(reader.posts)
        nominate = item.kind is ItemKind.NOMINATE
        self.names = nominate and not item.categories
        self.most, self.least = limits[0].max_picks, limits[0].min_picks
        self.categories = nominate and bool(item.categories)
        self.each = item.per_subject or self.categories
        self.capped = reader.capped and item in reader.graded()
        self._verdicts: dict[tuple[str, ...], bool] = {}

    def parts(self, answer: Any) -> Collection[Any] | None:
        """The parts of an answer without a fault, for `known`; None = read the ballot whole."""
        if not answer:
            return None
        try:
            if self.names:
                return self._names(answer)
            if not self.each:
                return self._learned([("", answer)])
            if not isinstance(answer, dict):
                return None
            parts: Collection[Any] = answer.items()
            if self.item.kind not in _CHOICES or not self.known.keys() >= answer.items():
                learned = self._learned(parts)
                if learned is None:
                    return None
                parts = learned
        except TypeError:  # a list or a reason: read part by part
            learned = self._learned(answer.items() if self.each else [("", answer)])
            if learned is None:
                return None
            parts = learned
        return parts if self.together(parts) else None

    def _names(self, answer: Any) -> Collection[Any] | None:
        most = self.most if isinstance(self.most, int) else -1
        if not isinstance(answer, list) or not self.least <= len(answer) <= most:
            return None
        if self.item.reason_required or len(set(answer)) < len(answer):
            return None
        for name in answer:
            if name in self.known:
                continue
            listed = self.reader.subjects is None or name in self.reader.subjects
            if not (isinstance(name, str) and name and name == name.strip() and listed):
                return None
            if len(self.known) >= MOST_PARTS:
                return None
            self.known[name] = (Mark(self.item.id, name, self.item.id),)
        return answer

    def _learned(self, pairs: Iterable[tuple[str, Any]]) -> list[Any] | None:
        out = []
        for key, value in pairs:
            part = (key, _frozen(value))
            if part not in self.known and not self.learn(part, key, value):
                return None
            out.append(part)
        return out

    def learn(self, part: Any, key: str, value: Any) -> bool:
        """Read one part under the name `part`; False when it has a fault or nothing in it."""
        if len(self.known) >= MOST_PARTS:
            return False
        answer = {key: value} if self.each else value
        found = list(self.reader.answered(self.item, answer))
        marks = tuple(m for m in found if isinstance(m, Mark))
        if not marks or len(marks) < len(found):
            return False
        self.known[part] = marks
        return True

    def together(self, parts: Iterable[Any]) -> bool:
        """Whether parts that are right one by one are right together."""
        if self.categories:
            names = [m.subject for p in parts for m in self.known[p]]
            return len(set(names)) == len(names)  # one name in two categories is rated once
        if not self.capped:
            return True
        grades = tuple(sorted([self.known[p][0].option for p in parts]))
        verdict = self._verdicts.get(grades)
        if verdict is None:
            verdict = self._verdicts[grades] = not self.reader.over_caps(self.item, grades)
        return verdict


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return ("[", *map(_frozen, value))
    if isinstance(value, Mapping):
        return ("{", *((k, _frozen(v)) for k, v in sorted(value.items())))
    return (type(value), value) if isinstance(value, bool) else value
