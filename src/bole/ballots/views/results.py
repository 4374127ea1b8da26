"""The result of a signed meeting, line by line, as its page shows it."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bole.ballots import box, queries
from bole.ballots.models import Meeting, Withdrawn
from bole.engine.exact.numbers import percent, say
from bole.engine.instruments import Item, ItemKind
from bole.engine.text import Text


def language() -> str:
    """The language of the page."""
    return get_language() or "zh"


def _title(meeting: Meeting, item: Item) -> Text:
    """The words of an item; an only item without words is what the form is called."""
    if item.text is None and len(meeting.instrument.items) == 1:
        return meeting.instrument.label
    return item.label


def tables(result: queries.Result) -> list[dict[str, Any]]:
    """The lines of each item, with every base named."""
    said, names = language(), {s["key"]: s["name"] for s in result.meeting.subjects}
    out = []
    for item in result.meeting.instrument.items:
        labels = {o.id: o.label.say(said) for o in item.options}
        for category in item.categories:
            labels[category.id] = category.text.say(said) if category.text else category.id
        rows = [
            {
                "subject": names.get(x.subject, x.subject) or "",
                "option": labels.get(x.option, ""),
                "votes": x.votes,
                "of": x.of,
                "percent": x.as_dict()["percent"],
                "by_class": x.by_class,
                "weighted": None if x.weighted is None else percent(x.weighted),
                "rank": x.rank,
                "tied": "、".join(x.tied_with),
            }
            for x in result.table.lines
            if x.item == item.id
        ]
        means = [
            {
                "subject": names.get(m.subject, m.subject),
                "mean": None if m.mean is None else say(m.mean),
                "rated": m.rated,
                "unrated": m.unrated,
                "full": None if m.full is None else say(m.full),
            }
            for m in result.table.means
            if m.item == item.id
        ]
        if item.kind is not ItemKind.TEXT:
            out.append(
                {
                    "title": _title(result.meeting, item).say(said),
                    "nominate": item.kind is ItemKind.NOMINATE,
                    "named": any(r["subject"] for r in rows),
                    "options": any(r["option"] for r in rows),
                    "weighted": any(r["weighted"] for r in rows),
                    "rows": rows,
                    "means": means,
                }
            )
    return out


def others(result: queries.Result) -> dict[str, Any] | None:
    """Names in every channel side by side: the channels of this meeting where both are large
    enough, and the other signed ballots of the case."""
    heads: list[tuple[str, str]] = []
    columns: list[dict[str, tuple[int, int]]] = []
    for found in queries.side_by_side(result.meeting.stream):
        shown = [c for c in found.channels if c.count is not None]
        if len(found.channels) > 1 and len(shown) == len(found.channels):
            for channel in shown:
                heads.append((found.meeting.title, channel.name))
                columns.append(_nominated(found, channel.count, channel.valid))
        heads.append((found.meeting.title, found.meeting.get_channel_display()))
        columns.append(_nominated(found, found.count, found.table.valid))
    if len(heads) < 2:
        return None
    names = {s["key"]: s["name"] for s in result.meeting.subjects}
    rows = [
        {
            "name": names.get(name, name),
            "cells": [
                None
                if (cell := c.get(name)) is None
                else f"{cell[0]}/{cell[1]} = {percent(Fraction(*cell))}"
                if cell[1]
                else "0/0"
                for c in columns
            ],
        }
        for name in dict.fromkeys(n for c in columns for n in c)
    ]
    return {"heads": heads, "rows": rows} if rows else None


def _nominated(result: queries.Result, count: Any, valid: int) -> dict[str, tuple[int, int]]:
    """Name → votes and valid ballots, in the order of the result."""
    return {
        x.subject: (count.votes(x.item, x.subject, x.option), valid)
        for x in result.table.lines
        if x.subject and x.rank is not None
    }


def channels(result: queries.Result) -> list[dict[str, Any]]:
    """Issued, returned, missing, valid, void: each channel by itself, and together."""
    rows = [
        {k: getattr(c, k) for k in ("name", "issued", "returned", "missing", "valid", "void")}
        for c in result.channels
    ]
    if len(rows) > 1:
        total = {k: sum(r[k] for r in rows) for k in rows[0] if k != "name"}
        rows.append({"name": _("Together"), **total})
    return rows


def slips_withdrawn(meeting: Meeting) -> list[tuple[str, int]]:
    """Why slips were withdrawn, and how many."""
    found = box.withdrawn(meeting)
    return [
        (str(Withdrawn.Why(why).label), n)
        for why, by_class in found.items()
        if (n := sum(by_class.values()))
    ]


def words(result: queries.Result) -> list[dict[str, Any]]:
    """Reasons and other words under the answer that they stand with; each group in random order."""
    said, form = language(), result.meeting.instrument
    names = {s["key"]: s["name"] for s in result.meeting.subjects}
    order = {item.id: n for n, item in enumerate(form.items)}
    rows = sorted(result.words, key=lambda w: (order.get(w[0], 99), w[1], w[2]))
    out = []
    for (item_id, subject, option), group in groupby(rows, key=lambda w: w[:3]):
        item = form.item(item_id)
        if item is None:
            continue
        label = next((o.label.say(said) for o in item.options if o.id == option), "")
        heading = [names.get(subject, subject), _title(result.meeting, item).say(said), label]
        out.append(
            {
                "title": " · ".join(dict.fromkeys(x for x in heading if x)),
                "words": [w[3] for w in group],
            }
        )
    return out
