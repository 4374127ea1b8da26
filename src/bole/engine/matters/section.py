"""The `matters:` section of a pack: kinds by id, with the scheme's parameters put in."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from bole.engine.matters.models import MatterKind
from bole.engine.procedures.base import Id
from bole.engine.text import Text

if TYPE_CHECKING:
    from bole.engine.matters.judgement import Judge
    from bole.engine.schemes.models import Scheme

MatterSection = dict[Id, MatterKind]
ADAPTER: TypeAdapter[MatterSection] = TypeAdapter(MatterSection)


def read_matters(scheme: Scheme) -> dict[str, MatterKind]:
    """The kinds of a scheme. Raises pydantic's ValidationError; packs are checked before use."""
    return _read(scheme.digest, _Held(scheme))


class _Held:
    """Carries a scheme past the cache, which goes by its digest alone."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _read(_digest: str, held: _Held) -> dict[str, MatterKind]:
    scheme = held.scheme
    values = {name: p.default for name, p in scheme.parameters.items()}
    return kinds_of(scheme.matters, values, {s: getattr(scheme, s) for s in judged_sections()})


def judged_sections() -> list[str]:
    """The sections of a pack in which judges look up their items."""
    return sorted({j.section for j in every_judge().values() if j.section})


def kinds_of(
    matters: Mapping[str, Any],
    values: Mapping[str, Any],
    sections: Mapping[str, Mapping[str, Any]],
) -> dict[str, MatterKind]:
    """Kinds as data, with the scheme's parameters and the choices of the judges' items put in."""
    from bole.engine.decision.section import resolved

    kinds = resolved(matters, values)
    return ADAPTER.validate_python({n: _with_choices(k, sections) for n, k in kinds.items()})


def _with_choices(
    kind: Mapping[str, Any], sections: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The kind with the choices of its columns put in that its judge's item names."""
    use = kind.get("judge") or {}
    found = every_judge().get(str(use.get("name")))
    item = (sections.get(found.section) or {}).get(str(use.get("use"))) if found else None

    def filled(column: Mapping[str, Any]) -> dict[str, Any]:
        out = dict(column)
        if "columns" in out:
            out["columns"] = {n: filled(c) for n, c in out["columns"].items()}
        key = out.pop("choices_of", None)
        if key is not None:
            out["choices"] = _named(item or {}, key) or out.get("choices") or {}
            if not out["choices"]:
                out["type"] = "text"
        return out

    fields = {n: filled(f) for n, f in (kind.get("fields") or {}).items()}
    return {**kind, "fields": fields}


def _named(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What an item, or the parts of its lists, name under a key: id → title."""
    named: dict[str, Any] = {}
    parts = [p for v in item.values() if isinstance(v, (list, tuple)) for p in v]
    for part in [item, *(p for p in parts if isinstance(p, Mapping))]:
        given = part.get(key)
        if isinstance(given, Mapping):
            for name, value in given.items():
                named[str(name)] = name if isinstance(value, (int, float)) else value
                if isinstance(value, Mapping):
                    named[str(name)] = value.get("title", value)
        elif isinstance(given, (list, tuple)):
            for one in given:
                if isinstance(one, Mapping) and "id" in one:
                    named[str(one["id"])] = one.get("title") or one.get("text") or one["id"]
                elif isinstance(one, str):
                    named[one] = one
    return named


def every_judge() -> dict[str, Judge]:
    """Every judge by name."""
    from bole.engine.matters.judges import REGISTERED

    return REGISTERED


def item_of(scheme: Scheme, kind: MatterKind) -> Any:
    """The item of the pack that the kind's judge uses, as its engine's model; None without one."""
    from bole.engine.schemes.sections import read_item

    if kind.judge is None or kind.judge.use is None:
        return None
    return read_item(scheme, every_judge()[kind.judge.name].section, kind.judge.use)


def use_faults(scheme: Scheme, kind: MatterKind) -> Iterator[tuple[str, Text]]:
    """What is wrong with the kind's judge: (key below `judge`, sentence)."""
    if kind.judge is None:
        return
    found = every_judge().get(kind.judge.name)
    if found is None:
        near = difflib.get_close_matches(kind.judge.name, every_judge(), n=1)
        text = Text("没有名为“{n}”的核对；可用：{k}", "there is no judge “{n}”; there are: {k}")
        yield "name", text.fill(n=kind.judge.name, k=", ".join(near or sorted(every_judge())))
        return
    if found.section:
        items = getattr(scheme, found.section)
        item = items.get(kind.judge.use) if kind.judge.use else None
        said = item.get("kind") if isinstance(item, dict) else None
        if kind.judge.use is not None and (
            item is None or (found.item_kind and said not in (None, found.item_kind))
        ):
            text = Text("{s} 中没有可供核对的“{u}”", "there is no “{u}” in {s} for this judge")
            yield "use", text.fill(s=found.section, u=kind.judge.use)
    for word, target in kind.judge.fields.items():
        if word not in found.words:
            text = Text("核对不读“{w}”；可用：{k}", "the judge reads no “{w}”; it reads: {k}")
            yield "fields", text.fill(w=word, k=", ".join(found.words))
        if target not in kind.fields:
            text = Text("没有字段“{t}”", "there is no field “{t}”")
            yield "fields", text.fill(t=target)
