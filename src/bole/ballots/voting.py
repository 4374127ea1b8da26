"""A form as the phone shows it, and the answers that come back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bole.engine.errors import BoleError
from bole.engine.exact.numbers import exact, say
from bole.engine.instruments import InstrumentForm, Item, ItemKind
from bole.engine.tally import with_reason

WRITE_INS = 10
LONGEST_REASON = 500


@dataclass(frozen=True)
class Box:
    """One thing to tick, choose or fill in."""

    value: str
    label: str
    note: str = ""
    marked: bool = False
    why: bool = False  # whoever marks it must say why
    reason: str = ""


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
    write_in_reasons: tuple[str, ...] = ()
    value: str = ""
    reason: str | None = None  # what is written where a reason may be asked; None = never asked
    must: bool = False  # a reason is asked whatever is answered
    limit: str = ""
    step: str = "any"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The lines for other names, each with its reason."""
        reasons = self.write_in_reasons or ("",) * len(self.write_ins)
        return list(zip(self.write_ins, reasons, strict=True))


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
            picked = given.get(category.id, []) if isinstance(given, dict) else given or []
            pairs = [with_reason(p) for p in picked] if isinstance(picked, list) else []
            reasons = {str(n): str(r or "") for n, r in pairs}
            names, why = list(reasons), item.reason_required
            keys = [s["key"] for s in self.subjects]
            boxes = tuple(
                Box(
                    str(j),
                    s["name"],
                    s.get("post", ""),
                    s["key"] in names,
                    why,
                    reasons.get(s["key"], ""),
                )
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
                    write_in_reasons=tuple(reasons.get(w, "") for w in (*written, *blanks))
                    if room and why
                    else (),
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
        given, reason = with_reason(given)
        asked = item.reason_required or any(o.reason_required for o in item.options)
        more: dict[str, Any] = {
            "reason": str(reason or "") if asked else None,
            "must": item.reason_required,
        }
        if item.kind is ItemKind.POINTS:
            limit = "" if item.max_points is None else say(item.max_points)
            step = "any" if item.step is None else say(item.step)
            value = "" if given is None else str(given)
            return Question(
                "number", name, title, note, value=value, limit=limit, step=step, **more
            )
        if item.kind is ItemKind.TEXT:
            return Question("text", name, title, note, value=str(given or ""))
        tick = item.kind is ItemKind.TICK
        chosen = given if isinstance(given, list) else [given]
        boxes = tuple(
            Box(
                str(k),
                o.label.say(self.language),
                marked=o.id in chosen,
                why=item.needs_reason(o),
            )
            for k, o in enumerate(item.options)
        )
        return Question("check" if tick else "radio", name, title, note, boxes, **more)

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
                _with(self.subjects[int(v)]["key"], post.get(f"{name}r{v}"), "name")
                for v in post.getlist(name)
                if v.isdecimal() and int(v) < len(self.subjects)
            ]
            if self.free:
                written = post.getlist(f"{name}w")
                reasons = [*post.getlist(f"{name}wr"), *[""] * len(written)]
                names += [
                    _with(w.strip()[:60], r, "name")
                    for w, r in zip(written, reasons, strict=False)
                    if w.strip()
                ]
            if names:
                by_category[category.id] = names
        if item.categories:
            return by_category
        return by_category.get(limits[0].id, [])

    def _read_one(self, name: str, item: Item, post: QueryDict) -> Any:
        if item.kind is ItemKind.TEXT:
            return post.get(name, "").strip()
        reason = post.get(f"{name}r", "")[:LONGEST_REASON]
        if item.kind is ItemKind.POINTS:
            points = post.get(name, "").strip()
            return _with(points, reason if item.reason_required else "", "points") or None
        ids = [
            item.options[int(v)].id
            for v in post.getlist(name)
            if v.isdecimal() and int(v) < len(item.options)
        ]
        if not any(item.needs_reason(o) for o in item.options if o.id in ids):
            reason = ""
        if item.kind is ItemKind.TICK:
            return _with(ids, reason, "option") if ids else None
        return _with(ids[0], reason, "option") if ids else None

    def in_words(self) -> list[tuple[str, str, list[str]]]:
        """Question, answer and reasons, for reading over before the ballot is cast; words that are
        kept apart from the ballot read as given."""
        out = []
        for q in self.questions():
            marked = [b for b in q.boxes if b.marked]
            written = [w for w in q.write_ins if w]
            chosen = [b.label for b in marked] + written
            reasons = [f"{b.label}：{_said(b.reason)}" for b in marked if b.reason]
            reasons += [
                f"{w}：{_said(r)}"
                for w, r in zip(q.write_ins, q.write_in_reasons, strict=False)
                if w and r
            ]
            reasons += [_said(q.reason)] if q.reason else []
            heading = "　".join(x for x in (q.title, q.note) if x)
            out.append((heading, "、".join(chosen) or _said(q.value), reasons))
        return out


def apart(
    form: InstrumentForm, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    """Answers without their words, and the words as (item, subject, option, words).

    A ballot says only that words were given: `true` stands for them. Its reader, its tracker and
    the published list go by that; who recognises a sentence learns nothing of the other answers.
    """
    words: list[tuple[str, str, str, str]] = []

    def taken(item: Item, subject: str, answer: Any) -> Any:
        if item.kind is ItemKind.TEXT:
            if isinstance(answer, str):
                words.append((item.id, subject, "text", answer))
                return True
            return answer
        value, reason = with_reason(answer)
        if not isinstance(reason, str):
            return answer
        option = {ItemKind.POINTS: "", ItemKind.NOMINATE: subject}.get(item.kind, value)
        about = str(value) if item.kind is ItemKind.NOMINATE else subject
        for each in option if isinstance(option, list) else [option]:
            words.append((item.id, about, str(each), reason))
        return {**answer, "reason": True}

    out: dict[str, Any] = {}
    for key, given in answers.items():
        item = form.item(key)
        if item is None:
            out[key] = given
        elif item.kind is ItemKind.NOMINATE:
            if isinstance(given, dict):
                out[key] = {
                    c: [taken(item, c, n) for n in names] if isinstance(names, list) else names
                    for c, names in given.items()
                }
            else:
                out[key] = [taken(item, item.id, n) for n in given]
        elif item.per_subject and isinstance(given, dict):
            out[key] = {s: taken(item, s, a) for s, a in given.items()}
        else:
            out[key] = taken(item, "", given)
    return out, words


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
        pairs = [(str(n).strip(), r) for n, r in map(with_reason, value)]
        pairs.sort(key=lambda p: (place.get(p[0], len(place)), p[0]))
        return [_with(n, r, "name") for n, r in pairs]

    def points(value: Any) -> Any:
        value, reason = with_reason(value)
        try:
            return _with(say(exact(value)), reason, "points")
        except BoleError:
            return value

    def choice(value: Any) -> Any:
        value, reason = with_reason(value)
        return _with(value, reason, "option")

    def ticks(value: Any) -> Any:
        value, reason = with_reason(value)
        return _with(names(value), reason, "option")

    def words(value: Any) -> Any:
        return value.strip() if isinstance(value, str) else ""

    out: dict[str, Any] = {}
    for key, given in answers.items():
        item = form.item(str(key))
        if item is None or given in (None, "", [], {}):
            if item is None:
                out[str(key)] = given
            continue
        one = {ItemKind.NOMINATE: names, ItemKind.POINTS: points, ItemKind.TICK: ticks}.get(
            item.kind, words if item.kind is ItemKind.TEXT else choice
        )
        if isinstance(given, dict) and (item.per_subject or item.categories):
            found: Any = {str(k): one(v) for k, v in given.items()}
            if item.kind is ItemKind.TEXT:
                found = {k: v for k, v in found.items() if v}
        else:
            found = one(given)
        if found not in ("", {}):
            out[item.id] = found
    return out


def _said(words: str) -> str:
    """Words for reading over; `True` stands for those that are kept apart."""
    return _("given") if words == "True" else words


def _with(value: Any, reason: Any, key: str) -> Any:
    """An answer with its reason, if there is one."""
    if not isinstance(reason, str) or not reason.strip():
        return value  # words are written, not claimed
    return {key: value, "reason": reason.strip()}
