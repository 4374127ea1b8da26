"""What differs between two schemes or two versions of one, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.procedures.difference import difference as procedure_difference
from bole.engine.schemes.models import SECTIONS, Scheme
from bole.engine.text import Text

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the part of the scheme, the id in it, and both values if they are short."""

    part: str
    id: str
    kind: Kind
    text: Text

    def as_dict(self) -> dict[str, object]:
        """For JSON output."""
        return {"part": self.part, "id": self.id, "kind": self.kind, "text": self.text.as_dict()}


PARTS = {
    "parameter": Text("参数", "parameter"),
    "rule": Text("规则", "rule"),
    "head": Text("基本信息", "heading"),
    "paper": Text("材料", "paper"),
}
HEAD = ("name", "place", "version", "effective_from", "effective_until", "extends", "basis")
VERBS = {
    "added": Text("新增{part}“{id}”{new}", "{part} “{id}” is new{new}"),
    "removed": Text("取消{part}“{id}”", "{part} “{id}” is gone"),
    "changed": Text("{part}“{id}”：{old} → {new}", "{part} “{id}”: {old} → {new}"),
}


def difference(a: Scheme, b: Scheme) -> list[Difference]:
    """Every difference from `a` to `b`: heading, parameters, rules, sections, procedure."""
    found: list[Difference] = []
    for key in HEAD:
        old, new = getattr(a, key), getattr(b, key)
        if old != new:
            found.append(_changed("head", key, _short(old), _short(new)))
    found += _mapping("parameter", dict(a.parameters), dict(b.parameters))
    found += _mapping("rule", {r.id: r for r in a.all_rules}, {r.id: r for r in b.all_rules})
    found += _mapping("paper", {p.id: p for p in a.papers}, {p.id: p for p in b.papers})
    for part in SECTIONS:
        found += _mapping(part, getattr(a, part), getattr(b, part))
    if a.procedure and b.procedure:
        found += [
            Difference(c.part, c.id, c.kind, c.text)
            for c in procedure_difference(a.procedure, b.procedure)
        ]
    elif a.procedure or b.procedure:
        kind: Kind = "added" if b.procedure else "removed"
        text = Text("程序", "procedure")
        found.append(Difference("procedure", "procedure", kind, text))
    return found


def _mapping(part: str, old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    found = []
    for ident, value in new.items():
        if ident not in old:
            text = VERBS["added"].fill(
                part=PARTS.get(part, Text(part, part)), id=ident, new=_said(value)
            )
            found.append(Difference(part, ident, "added", text))
        elif _plain(value) != _plain(old[ident]):
            a, b = _changes(old[ident], value)
            found.append(_changed(part, ident, a, b))
    for ident in old:
        if ident not in new:
            text = VERBS["removed"].fill(part=PARTS.get(part, Text(part, part)), id=ident)
            found.append(Difference(part, ident, "removed", text))
    return found


def _plain(value: Any) -> Any:
    if not hasattr(value, "model_dump"):
        return value
    return value.model_dump(mode="json", exclude={"origin"} if hasattr(value, "origin") else set())


def _said(value: Any) -> Text:
    said = getattr(value, "text", None) or getattr(value, "label", None)
    return Text(f"：{said.zh}", f": {said.en}") if isinstance(said, Text) else Text("", "")


def _changes(old: Any, new: Any) -> tuple[str, str]:
    """The fields that differ, old and new, short enough for one line."""
    a, b = _plain(old), _plain(new)
    if not (isinstance(a, dict) and isinstance(b, dict)):
        return _short(a), _short(b)
    keys = [k for k in {**a, **b} if a.get(k) != b.get(k)]
    return (
        ", ".join(f"{k}={_short(a.get(k))}" for k in keys),
        ", ".join(f"{k}={_short(b.get(k))}" for k in keys),
    )


def _changed(part: str, ident: str, old: str, new: str) -> Difference:
    text = VERBS["changed"].fill(part=PARTS.get(part, Text(part, part)), id=ident, old=old, new=new)
    return Difference(part, ident, "changed", text)


def _short(value: Any) -> str:
    said = "—" if value is None or value == "" else str(value)
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        said = str(value["zh"])
    return said if len(said) <= 120 else said[:119] + "…"
