"""Puts a local pack on top of the one that it extends, and names every loosening.

Parameters, rules, papers and sections merge by name or id. A procedure is either written anew
(`links`) or changed step by step (`changes`). What is looser must say why (`loosens`).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.exact.numbers import exact
from bole.engine.schemes.models import SECTIONS
from bole.engine.schemes.source import Map, Seq, place
from bole.engine.text import Text

OWN = {
    "id",
    "name",
    "place",
    "version",
    "basis",
    "sources",
    "partly",
    "effective_from",
    "effective_until",
    "extends",
    "notes",
    "removes",
    "lineage",
    "deviations",
}
STRONGER = {"note": 0, "warn": 1, "hold": 2, "block": 3, "refuse": 3}


def extend(parent: Map, child: Map) -> Map:
    """`child` resolved against `parent`; both are plain data with marks and stay unchanged.

    The result has `lineage` and `deviations`. Raises BoleError for a change that loosens without
    a reason, a reference to a missing rule or step, or a change of unknown kind.
    """
    work = _Work(copy.deepcopy(parent), copy.deepcopy(child))
    work.run()
    if work.problems:
        raise BoleError(work.problems)
    return work.result


class _Work:
    def __init__(self, parent: Map, child: Map) -> None:
        self.parent, self.child = parent, child
        self.problems: list[Problem] = []
        self.deviations: list[dict[str, Any]] = list(parent.get("deviations", []))
        self.result = Map()
        self.result.mark, self.result.marks = child.mark, dict(child.marks)

    def run(self) -> None:
        parent, child, out = self.parent, self.child, self.result
        for key, value in child.items():
            out[key] = value
        for key, value in parent.items():
            if key not in OWN and key not in child:
                out[key] = value
                out.marks.setdefault(key, parent.marks.get(key, parent.mark))
        self._parameters()
        self._rules()
        self._papers()
        for key in SECTIONS:
            if isinstance(parent.get(key), Map) and isinstance(child.get(key), Map):
                out[key] = _over(parent[key], child[key])
        self._procedure()
        out.pop("removes", None)
        out["lineage"] = [*parent.get("lineage", []), str(parent.get("id", ""))]
        out["deviations"] = self.deviations

    # -- saying what is wrong ----------------------------------------------------------------

    def problem(self, path: tuple[str | int, ...], code: str, text: Text) -> None:
        self.problems.append(Problem(code, text, place(self.child, path)))

    def deviation(self, part: str, ident: str, what: Text, reason: str) -> None:
        self.deviations.append(
            {
                "part": part,
                "id": ident,
                "what": what.as_dict(),
                "reason": reason,
                "scheme": str(self.child.get("id", "")),
            }
        )

    def judge(
        self,
        part: str,
        ident: str,
        path: tuple[str | int, ...],
        change: Any,
        direction: str | None,
        what: Text,
    ) -> None:
        """Notes a loosening with its reason; refuses one that is not marked."""
        loosens, tightens = _said(change, "loosens"), _said(change, "tightens")
        if loosens:
            self.deviation(part, ident, what, loosens)
        elif direction == "loosens":
            text = Text(
                "“{id}”比上级办法宽松（{what}），须写 loosens: 理由",
                "“{id}” is looser than the scheme it extends ({what}); write loosens: the reason",
            )
            self.problem(path, "LOOSENS", text.fill(id=ident, what=what))
        elif direction is None and not tightens:
            text = Text(
                "无法判断“{id}”的修改是收紧还是放宽，请写 tightens: 或 loosens: 并说明理由",
                "Whether the change of “{id}” tightens or loosens cannot be told; "
                "write tightens: or loosens: with the reason",
            )
            self.problem(path, "DIRECTION", text.fill(id=ident))

    # -- parameters --------------------------------------------------------------------------

    def _parameters(self) -> None:
        mine, theirs = self.child.get("parameters"), self.parent.get("parameters")
        if not isinstance(mine, Map) or not isinstance(theirs, Map):
            return
        merged = _over(theirs, Map())
        for name, change in mine.items():
            old = theirs.get(name)
            if not isinstance(old, Map):
                merged[name] = change
            else:
                fields = change if isinstance(change, Map) else Map({"default": change})
                if not isinstance(change, Map):
                    fields.mark = mine.marks[name]
                    fields.marks = {"default": mine.marks[name]}
                new = _over(old, fields)
                if fields.get("default") is not None and "open" not in fields:
                    new["open"] = False
                if new.get("default") != old.get("default") and old.get("default") is not None:
                    self.judge(
                        "parameter",
                        name,
                        ("parameters", name),
                        fields,
                        _direction(old, new),
                        Text(
                            f"{old.get('default')} → {new.get('default')}",
                            f"{old.get('default')} → {new.get('default')}",
                        ),
                    )
                merged[name] = new
            merged.marks[name] = mine.marks[name]
        self.result["parameters"] = merged

    # -- rules -------------------------------------------------------------------------------

    def _removed(self, kind: str) -> dict[str, tuple[int, Any]]:
        removes = self.child.get("removes") or []
        return {
            str(r[kind]): (n, r) for n, r in enumerate(removes) if isinstance(r, Map) and kind in r
        }

    def _rules(self) -> None:
        theirs = self.parent.get("rules") or Map()
        mine = self.child.get("rules") or Map()
        removed = self._removed("rule")
        known = {str(r.get("id")) for rules in theirs.values() for r in _listed(rules)}
        for ident, (n, entry) in removed.items():
            if ident not in known:
                text = Text("上级办法没有规则“{id}”", "The extended scheme has no rule “{id}”")
                self.problem(("removes", n, "rule"), "UNKNOWN_NAME", text.fill(id=ident))
                continue
            self.judge(
                "rule",
                ident,
                ("removes", n),
                entry,
                "loosens",
                Text("不再适用", "no longer applies"),
            )
        merged = Map()
        merged.mark, merged.marks = theirs.mark if theirs else self.child.mark, {}
        for name in [*theirs, *(n for n in mine if n not in theirs)]:
            merged[name] = self._rule_set(name, theirs.get(name), mine.get(name), removed)
            merged.marks[name] = (mine if name in mine else theirs).marks[name]
        if merged:
            self.result["rules"] = merged

    def _rule_set(self, name: str, old: Any, new: Any, removed: dict[str, Any]) -> Map:
        out = Map()
        rules = Seq()
        given = {str(r.get("id")): (n, r) for n, r in enumerate(_listed(new)) if isinstance(r, Map)}
        marks = []
        for n, rule in enumerate(_listed(old)):
            ident = str(rule.get("id"))
            if ident in removed:
                continue
            if ident in given:
                at, change = given.pop(ident)
                direction = _rule_direction(rule, change)
                if direction != "same":
                    self.judge(
                        "rule",
                        ident,
                        ("rules", name, at),
                        change,
                        direction,
                        Text("规则有改动", "the rule was changed"),
                    )
                rule, mark = change, _listed(new).marks[at]
            else:
                rule.setdefault("origin", str(self.parent.get("id", "")))
                mark = _listed(old).marks[n]
            rules.append(rule)
            marks.append(mark)
        for at, rule in given.values():
            rules.append(rule)
            marks.append(_listed(new).marks[at])
        rules.marks, rules.mark = marks, marks[0] if marks else self.child.mark
        named = next((s for s in (new, old) if isinstance(s, Map) and "name" in s), None)
        if named is not None:
            out["name"] = named["name"]
        out["rules"] = rules
        out.mark = rules.mark
        out.marks = dict.fromkeys(out, rules.mark)
        return out

    # -- papers and procedure ------------------------------------------------------------------

    def _papers(self) -> None:
        if isinstance(self.parent.get("papers"), Seq) and isinstance(self.child.get("papers"), Seq):
            self.result["papers"] = _by_id(self.parent["papers"], self.child["papers"])

    def _procedure(self) -> None:
        theirs, mine = self.parent.get("procedure"), self.child.get("procedure")
        if not isinstance(mine, Map) or not isinstance(theirs, Map) or "links" in mine:
            return
        produced = _produced(theirs)
        merged = _over(theirs, Map())
        for key, value in mine.items():
            if key == "changes":
                continue
            if key == "papers" and isinstance(theirs.get(key), Seq):
                merged[key] = _by_id(theirs[key], value)
            elif isinstance(theirs.get(key), Map) and isinstance(value, Map) and key != "name":
                merged[key] = _over(theirs[key], value)
            else:
                merged[key] = value
            merged.marks[key] = mine.marks[key]
        for n, change in enumerate(mine.get("changes") or []):
            self._change(merged, change, ("procedure", "changes", n))
        _drop_papers(merged, produced - _produced(merged))
        self.result["procedure"] = merged

    def _change(self, procedure: Map, change: Any, path: tuple[str | int, ...]) -> None:
        kinds: dict[str, Callable[[Map, Map, tuple[str | int, ...]], None]] = {
            "insert": self._insert,
            "insert_link": self._insert_link,
            "replace": self._replace,
            "change": self._replace,
            "remove": self._remove,
        }
        kind = next((k for k in kinds if isinstance(change, Map) and k in change), None)
        if kind is None:
            text = Text(
                "修改须为 insert、insert_link、replace、change、remove 之一",
                "A change is one of insert, insert_link, replace, change, remove",
            )
            self.problem(path, "CHANGE", text)
            return
        kinds[kind](procedure, change, path)

    def _find(self, procedure: Map, ident: str) -> tuple[Seq, int] | None:
        for link in procedure["links"]:
            for n, step in enumerate(link["steps"]):
                if step.get("id") == ident:
                    return link["steps"], n
        return None

    def _target(
        self, procedure: Map, ident: Any, path: tuple[str | int, ...]
    ) -> tuple[Seq, int] | None:
        found = self._find(procedure, str(ident))
        if found is None:
            text = Text("上级办法没有步骤“{id}”", "The extended scheme has no step “{id}”")
            self.problem(path, "UNKNOWN_NAME", text.fill(id=ident))
        return found

    def _insert(self, procedure: Map, change: Map, path: tuple[str | int, ...]) -> None:
        key = "after" if "after" in change else "before"
        found = self._target(procedure, change.get(key), (*path, key))
        if found:
            steps, n = found
            at = n + 1 if key == "after" else n
            steps.insert(at, change["insert"])
            steps.marks.insert(at, change.marks["insert"])

    def _insert_link(self, procedure: Map, change: Map, path: tuple[str | int, ...]) -> None:
        links = procedure["links"]
        key = "after" if "after" in change else "before"
        ids = [link.get("id") for link in links]
        if change.get(key) not in ids:
            text = Text("上级办法没有环节“{id}”", "The extended scheme has no link “{id}”")
            self.problem((*path, key), "UNKNOWN_NAME", text.fill(id=change.get(key)))
            return
        at = ids.index(change[key]) + (key == "after")
        links.insert(at, change["insert_link"])
        links.marks.insert(at, change.marks["insert_link"])

    def _replace(self, procedure: Map, change: Map, path: tuple[str | int, ...]) -> None:
        key = "replace" if "replace" in change else "change"
        found = self._target(procedure, change[key], (*path, key))
        new = change.get("with")
        if not found:
            return
        if not isinstance(new, Map):
            text = Text("须写 with: 新的内容", "write with: the new content")
            self.problem(path, "CHANGE", text)
            return
        steps, n = found
        old = steps[n]
        if key == "change":
            new = _over(old, new)
        new.setdefault("id", old["id"])
        lost = _lost(old, new)
        if lost or _said(change, "loosens"):
            self.judge(
                "step",
                str(old["id"]),
                path,
                change,
                "loosens" if lost else "same",
                Text("、".join(lost) or "有改动", ", ".join(lost) or "changed"),
            )
        steps[n] = new
        steps.marks[n] = change.marks["with"]

    def _remove(self, procedure: Map, change: Map, path: tuple[str | int, ...]) -> None:
        found = self._target(procedure, change["remove"], (*path, "remove"))
        if found:
            steps, n = found
            self.judge(
                "step",
                str(change["remove"]),
                path,
                change,
                "loosens",
                Text("取消该步骤", "the step is left out"),
            )
            del steps[n], steps.marks[n]


def _said(change: Any, key: str) -> str:
    return str(change.get(key) or "").strip() if isinstance(change, dict) else ""


def _listed(value: Any) -> Seq:
    if isinstance(value, Map):
        value = value.get("rules")
    if isinstance(value, Seq):
        return value
    empty = Seq()
    empty.marks = []
    return empty


def _over(old: Map, new: Map) -> Map:
    """`old` with the keys of `new` on top, marks kept."""
    out = Map({**old, **new})
    out.mark = getattr(new, "mark", old.mark)
    out.marks = {**old.marks, **getattr(new, "marks", {})}
    return out


def _by_id(old: Seq, new: Seq) -> Seq:
    """Items of `new` replace those of `old` with the same id; the others are added."""
    given = {str(item.get("id")): n for n, item in enumerate(new) if isinstance(item, Map)}
    out, marks = Seq(), []
    for n, item in enumerate(old):
        at = given.pop(str(item.get("id")), None)
        out.append(item if at is None else new[at])
        marks.append(old.marks[n] if at is None else new.marks[at])
    for at in given.values():
        out.append(new[at])
        marks.append(new.marks[at])
    out.mark, out.marks = old.mark, marks
    return out


def _produced(procedure: Map) -> set[str]:
    """The papers that some step of the procedure writes."""
    return {
        str(paper)
        for link in procedure.get("links") or []
        for step in link.get("steps") or []
        for key in ("papers", "optional_papers")
        for paper in step.get(key) or []
    }


def _drop_papers(procedure: Map, gone: set[str]) -> None:
    """Papers of steps that were left out are left out with them."""
    papers = procedure.get("papers")
    if gone and isinstance(papers, Seq):
        kept = [n for n, p in enumerate(papers) if p.get("id") not in gone]
        rest = Seq(papers[n] for n in kept)
        rest.mark, rest.marks = papers.mark, [papers.marks[n] for n in kept]
        procedure["papers"] = rest


def _direction(old: Map, new: Map) -> str | None:
    stricter = new.get("stricter") or old.get("stricter")
    try:
        rises = exact(new.get("default")) > exact(old.get("default"))
    except BoleError:
        return None
    if stricter not in ("higher", "lower"):
        return None
    return "tightens" if rises == (stricter == "higher") else "loosens"


def _rule_direction(old: Map, new: Map) -> str | None:
    """Whether a rule that replaces another tightens or loosens it; None when it cannot be told."""
    weaker = STRONGER.get(str(new.get("strength", "block")), 3) < STRONGER.get(
        str(old.get("strength", "block")), 3
    )
    if weaker:
        return "loosens"
    same_when = (old.get("when") or "") == (new.get("when") or "")
    for key in ("require", "bar"):
        if old.get(key) is not None and new.get(key) is not None and same_when:
            return _expressions(str(old[key]), str(new[key]), bars=key == "bar")
    if same_when and old.get("judged") is not None and new.get("judged") is not None:
        return "same" if old["judged"] == new["judged"] else None
    return None


def _expressions(old: str, new: str, *, bars: bool) -> str | None:
    """Compares two expressions that differ only in the numbers of their comparisons."""
    try:
        a, b = ast.parse(old, mode="eval").body, ast.parse(new, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    if ast.dump(a) == ast.dump(b):
        return "same"
    parts_a = a.values if isinstance(a, ast.BoolOp) and isinstance(a.op, ast.And) else [a]
    parts_b = b.values if isinstance(b, ast.BoolOp) and isinstance(b.op, ast.And) else [b]
    if len(parts_a) != len(parts_b) or (bars and len(parts_a) > 1):
        return None
    found = {_comparison(x, y) for x, y in zip(parts_a, parts_b, strict=True)} - {"same"}
    if len(found) != 1 or None in found:
        return None
    (narrower,) = found
    return "tightens" if (narrower == "narrower") != bars else "loosens"


def _comparison(a: ast.expr, b: ast.expr) -> str | None:
    """Whether `b` lets fewer (narrower) or more (wider) values through than `a`."""
    if ast.dump(a) == ast.dump(b):
        return "same"
    if not (isinstance(a, ast.Compare) and isinstance(b, ast.Compare)):
        return None
    if ast.dump(a.left) != ast.dump(b.left) or len(a.ops) != 1 or len(b.ops) != 1:
        return None
    x, y = a.comparators[0], b.comparators[0]
    if type(a.ops[0]) is not type(b.ops[0]) or not (
        isinstance(x, ast.Constant) and isinstance(y, ast.Constant)
    ):
        return None
    if not isinstance(x.value, (int, float, Decimal)) or not isinstance(y.value, (int, float)):
        return None
    if isinstance(a.ops[0], (ast.GtE, ast.Gt)):
        return "narrower" if y.value > x.value else "wider"
    if isinstance(a.ops[0], (ast.LtE, ast.Lt)):
        return "narrower" if y.value < x.value else "wider"
    return None


def _lost(old: Map, new: Map) -> list[str]:
    """What the new form of a step no longer asks for."""
    lost = []
    for key in ("gates", "finish", "papers", "checks", "asks", "ballots", "tasks", "records"):
        kept = list(new.get(key) or [])
        names = [x.get("id") for x in kept if isinstance(x, Map) and "id" in x]
        for item in old.get(key) or []:
            if item in kept or (isinstance(item, Map) and item.get("id") in names):
                continue
            label = (
                item.get("id") or item.get("kind") or item.get("check")
                if isinstance(item, Map)
                else item
            )
            lost.append(f"{key}: {label}")
    if "deadline" in old and "deadline" not in new:
        lost.append("deadline")
    return lost
