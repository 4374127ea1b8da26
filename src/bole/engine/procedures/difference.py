"""What differs between two versions of a procedure, for moving a running case on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bole.engine.procedures.context import CaseState
from bole.engine.procedures.models import Procedure
from bole.engine.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind of thing (step, paper, fact …), its id, what became of it."""

    part: str
    id: str
    kind: Literal["added", "removed", "changed", "moved"]
    text: Text
    fields: tuple[str, ...] = ()


PARTS = {
    "step": Text("步骤", "step"),
    "link": Text("环节", "link"),
    "paper": Text("材料", "paper"),
    "fact": Text("事项情况", "case fact"),
    "ballot": Text("投票", "ballot"),
}
VERBS = {
    "added": Text("新增{part}“{name}”", "{part} “{name}” is new"),
    "removed": Text("取消{part}“{name}”", "{part} “{name}” is gone"),
    "changed": Text("{part}“{name}”有变：{fields}", "{part} “{name}” changed: {fields}"),
    "moved": Text("{part}“{name}”的次序有变", "{part} “{name}” stands elsewhere in the order"),
}


def difference(a: Procedure, b: Procedure) -> list[Change]:
    """Every change from `a` to `b`, in the order of `b`, what is gone last."""
    result: list[Change] = []
    for part, old, new in (
        ("link", {x.id: x for x in a.links}, {x.id: x for x in b.links}),
        ("step", a.steps, b.steps),
        ("paper", a.paper, b.paper),
        ("fact", a.facts, b.facts),
        ("ballot", a.ballots, b.ballots),
    ):
        result += _compare(part, dict(old), dict(new))
    common = [i for i in a.steps if i in b.steps]
    both = frozenset(common)
    result += [
        _change("step", i, "moved", b.steps[i].name)
        for i in common
        if a.ancestors[i] & both != b.ancestors[i] & both or a.link_of[i] != b.link_of[i]
    ]
    return result


def _compare(part: str, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    result = []
    for ident, value in new.items():
        if ident not in old:
            result.append(_change(part, ident, "added", value.name))
            continue
        ignored = {"steps"} if part == "link" else set()
        fields = tuple(
            f
            for f in type(value).model_fields
            if f not in ignored and getattr(value, f) != getattr(old[ident], f)
        )
        if fields:
            result.append(_change(part, ident, "changed", value.name, fields))
    result += [_change(part, i, "removed", v.name) for i, v in old.items() if i not in new]
    return result


def _change(
    part: str,
    ident: str,
    kind: Literal["added", "removed", "changed", "moved"],
    name: Text,
    fields: tuple[str, ...] = (),
) -> Change:
    text = VERBS[kind].fill(part=PARTS[part], name=name, fields=", ".join(fields))
    return Change(part, ident, kind, text, fields)


@dataclass(frozen=True, slots=True)
class Move:
    """What moving a running case to another version means for what is already done.

    `kept` steps stay done; `lost` done steps no longer exist; `reopened` done steps changed in
    what they require and must be looked at again; `new_before` steps that were never done and
    now stand before steps that are.
    """

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    reopened: tuple[str, ...]
    new_before: tuple[str, ...]


def move(a: Procedure, b: Procedure, state: CaseState) -> Move:
    """The consequences of moving a case in `state` from version `a` to version `b`."""
    requirements = {"gates", "finish", "papers", "tasks", "checks", "asks", "ballots", "when"}
    done = [i for i in a.steps if i in state.steps]
    lost = tuple(i for i in done if i not in b.steps)
    reopened = tuple(
        i
        for i in done
        if i in b.steps
        and any(getattr(a.steps[i], f) != getattr(b.steps[i], f) for f in requirements)
    )
    last = max((n for n, i in enumerate(b.steps) if i in state.steps), default=-1)
    new_before = tuple(i for n, i in enumerate(b.steps) if n < last and i not in a.steps)
    kept = tuple(i for i in done if i not in lost and i not in reopened)
    return Move(tuple(difference(a, b)), kept, lost, reopened, new_before)
