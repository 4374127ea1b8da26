"""Puts a general kind of matter under the local one that says `like: <pack>/<kind>`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.schemes.source import Map, place
from bole.engine.text import Text


def alike(data: Map, fetch: Callable[[str], Map]) -> Map:
    """`data` with every kind under `matters:` that is like another one completed.

    What the local kind says wins, part by part at any depth; a part that it sets to null is left
    out. Parameters that the general kind reads and the pack lacks come with it. `fetch` gives
    the resolved pack of a name. Raises BoleError (LIKE) at the line of the reference.
    """
    matters = data.get("matters")
    if isinstance(matters, Map):
        for ident in matters:
            _complete(data, matters, ident, fetch, ())
    return data


def _complete(
    data: Map, matters: Map, ident: str, fetch: Callable[[str], Map], seen: tuple[str, ...]
) -> None:
    item = matters[ident]
    if not isinstance(item, Map) or "like" not in item:
        return
    pack, _slash, name = str(item["like"]).partition("/")
    where = place(data, ("matters", ident, "like"))
    if pack == data.get("id"):
        other = data
        if name in (ident, *seen):
            text = Text("事项互相引用：{s}", "Matters are like each other: {s}")
            raise BoleError(Problem("LIKE", text.fill(s=" → ".join((*seen, ident, name))), where))
        if name in matters:
            _complete(data, matters, name, fetch, (*seen, ident))
    else:
        try:
            other = fetch(pack)
        except BoleError as error:
            raise BoleError([Problem(p.code, p.text, where) for p in error.problems]) from None
    general = (other.get("matters") or {}).get(name)
    if not isinstance(general, Map):
        text = Text("办法“{p}”没有事项“{n}”", "The scheme “{p}” has no matter “{n}”")
        raise BoleError(Problem("LIKE", text.fill(p=pack, n=name), where))
    merged = _under(copy.deepcopy(general), item)
    merged.pop("like", None)
    matters[ident] = merged
    _bring_parameters(data, other, merged)


def _under(general: Map, local: Map) -> Map:
    out = Map(general)
    out.mark, out.marks = local.mark, {**general.marks, **local.marks}
    for key, value in local.items():
        old = general.get(key)
        if value is None:
            out.pop(key, None)
        elif isinstance(value, Map) and isinstance(old, Map) and not set(value) <= {"zh", "en"}:
            out[key] = _under(old, value)
        else:
            out[key] = value
    return out


def _bring_parameters(data: Map, other: Map, kind: Map) -> None:
    theirs = other.get("parameters")
    if not isinstance(theirs, Map):
        return
    for name in _named(kind):
        if name not in theirs:
            continue
        if "parameters" not in data:
            data["parameters"] = empty = Map()
            data.marks["parameters"] = empty.mark = data.mark
            empty.marks = {}
        if name not in data["parameters"]:
            data["parameters"][name] = theirs[name]
            data["parameters"].marks[name] = data.mark


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"param"}:
            yield str(value["param"])
        for inner in value.values():
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)
