"""A form as the phone shows it, and the answers that come back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact, say
from bole.engine.instruments import InstrumentForm, Item, ItemKind

WRITE_INS = 10


@dataclass(frozen=True)
class Box:
    """One thing to tick, choose or fill in."""

    value: str
    label: str
    note: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Question:
    """One fieldset of the page. `kind`: check, radio, number or text."""

    kind: str
    name: str
    title: str
    note: str = ""
    boxes: tuple[Box, ...] = ()
    at_most: int | None = None
    at_least: int = 0
    write_ins: tuple[str, ...] = ()
    value: str = ""
    limit: str = ""
    step: str = "any"


@dataclass(frozen=True)
class Page:
    """All questions of a form, filled with `answers`."""

    form: InstrumentForm
    subjects: Sequence[Mapping[str, Any]]
    posts: int | None
    free: bool
    language: str
    answers: Mapping[str, Any] = field(default_factory=dict)

    def questions(self) -> list[Question]:
        """What is shown, in order."""
        out: list[Question] = []
        for n, item in enumerate(self.form.items):
            given = self.answers.get(item.id)
            if item.kind is ItemKind.NOMINATE:
                out += self._nominations(n, item, given)
            elif item.per_subject and self.subjects:
                for j, subject in enumerate(self.subjects):
                    own = given.get(subject["key"]) if isinstance(given, dict) else None
                    out.append(self._one(f"i{n}s{j}", item, own, subject))
            else:
                out.append(self._one(f"i{n}", item, given, None))
        return out

    def _nominations(self, n: int, item: Item, given: Any) -> list[Question]:
        out = []
        limits = item.limits(self.posts)
        for k, category in enumerate(limits):
            names = given.get(category.id, []) if isinstance(given, dict) else given or []
            keys = [s["key"] for s in self.subjects]
            boxes = tuple(
                Box(str(j), s["name"], s.get("post", ""), s["key"] in names)
                for j, s in enumerate(self.subjects)
            )
            most = category.max_picks if isinstance(category.max_picks, int) else None
            written = [x for x in names if x not in keys]
            room = min(most or WRITE_INS, WRITE_INS) if self.free else 0
            blanks = [""] * max(0, room - len(written))
            title = category.text or (item.label if len(limits) == 1 else None)
            out.append(
                Question(
                    "check",
                    f"i{n}c{k}",
                    title.say(self.language) if title else category.id,
                    boxes=boxes,
                    at_most=most,
                    at_least=category.min_picks,
                    write_ins=(*written, *blanks) if room else (),
                )
            )
        return out

    def _one(
        self, name: str, item: Item, given: Any, subject: Mapping[str, Any] | None
    ) -> Question:
        label = item.label.say(self.language)
        many = len(self.form.items) > 1
        title = subject["name"] if subject else label
        note = "　".join(
            x for x in ((subject or {}).get("post", ""), label if subject and many else "") if x
        )
        if item.kind is ItemKind.POINTS:
            limit = "" if item.max_points is None else say(item.max_points)
            step = "any" if item.step is None else say(item.step)
            value = "" if given is None else str(given)
            return Question("number", name, title, note, value=value, limit=limit, step=step)
        if item.kind is ItemKind.TEXT:
            return Question("text", name, title, note, value=str(given or ""))
        tick = item.kind is ItemKind.TICK
        chosen = given if isinstance(given, list) else [given]
        boxes = tuple(
            Box(str(k), o.label.say(self.language), marked=o.id in chosen)
            for k, o in enumerate(item.options)
        )
        return Question("check" if tick else "radio", name, title, note, boxes)

    def read(self, post: QueryDict) -> dict[str, Any]:
        """The answers of a posted page; what was left open is absent."""
        answers: dict[str, Any] = {}
        for n, item in enumerate(self.form.items):
            if item.kind is ItemKind.NOMINATE:
                found = self._read_names(n, item, post)
            elif item.per_subject and self.subjects:
                each = {
                    s["key"]: self._read_one(f"i{n}s{j}", item, post)
                    for j, s in enumerate(self.subjects)
                }
                found = {k: v for k, v in each.items() if v not in (None, "", [])}
            else:
                found = self._read_one(f"i{n}", item, post)
            if found not in (None, "", [], {}):
                answers[item.id] = found
        return answers

    def _read_names(self, n: int, item: Item, post: QueryDict) -> Any:
        limits = item.limits(self.posts)
        by_category = {}
        for k, category in enumerate(limits):
            name = f"i{n}c{k}"
            names = [
                self.subjects[int(v)]["key"]
                for v in post.getlist(name)
                if v.isdecimal() and int(v) < len(self.subjects)
            ]
            if self.free:
                names += [w.strip()[:60] for w in post.getlist(f"{name}w") if w.strip()]
            if names:
                by_category[category.id] = names
        if item.categories:
            return by_category
        return by_category.get(limits[0].id, [])

    def _read_one(self, name: str, item: Item, post: QueryDict) -> Any:
        if item.kind in (ItemKind.POINTS, ItemKind.TEXT):
            return post.get(name, "").strip()
        ids = [
            item.options[int(v)].id
            for v in post.getlist(name)
            if v.isdecimal() and int(v) < len(item.options)
        ]
        return ids if item.kind is ItemKind.TICK else (ids[0] if ids else None)

    def in_words(self) -> list[tuple[str, str]]:
        """Question and answer, for reading over before the ballot is cast."""
        out = []
        for q in self.questions():
            chosen = [b.label for b in q.boxes if b.marked] + [w for w in q.write_ins if w]
            out.append(("　".join(x for x in (q.title, q.note) if x), "、".join(chosen) or q.value))
        return out


def read_answers(text: str) -> dict[str, Any]:
    """Answers that the page carried as JSON; anything else reads as an empty ballot."""
    try:
        found = json.loads(text or "{}", parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def normal(
    form: InstrumentForm, answers: Mapping[str, Any], subjects: Sequence[str] | None
) -> dict[str, Any]:
    """Answers in the one form that equal ballots share: no order of ticks, no spelling of a
    number marks a ballot. What cannot be read is left for the reader to refuse."""
    place = {key: i for i, key in enumerate(subjects or ())}

    def names(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        words = [str(v).strip() for v in value]
        return sorted(words, key=lambda w: (place.get(w, len(place)), w))

    def points(value: Any) -> Any:
        try:
            return say(exact(value))
        except BoleError:
            return value

    out: dict[str, Any] = {}
    for key, given in answers.items():
        item = form.item(str(key))
        if item is None or given in (None, "", [], {}):
            if item is None:
                out[str(key)] = given
            continue
        one = {ItemKind.NOMINATE: names, ItemKind.POINTS: points, ItemKind.TICK: names}.get(
            item.kind, lambda v: v
        )
        if isinstance(given, dict):
            out[item.id] = {str(k): one(v) for k, v in given.items()}
        else:
            out[item.id] = one(given)
    return out
