"""Aggregates over a person's own rows: `count(appraisals, grade == '优秀', last=3)`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from bole.engine.expressions import tree
from bole.engine.expressions.errors import near, refuse
from bole.engine.facts import sources
from bole.engine.facts.dates import Moment
from bole.engine.facts.definitions import Bound, Fact
from bole.engine.facts.events import COLUMN_LABELS, IBIS_SCHEMAS, TABLE_LABELS
from bole.engine.facts.kinds import (
    APPRAISAL,
    AWARD,
    BOOL,
    DATE,
    DEGREE,
    EDUCATION,
    GRADE,
    MONTHS,
    NUMBER,
    TEXT,
    TIMES,
    TITLE,
    YEARS,
    Type,
)
from bole.engine.facts.sources import Args
from bole.engine.facts.views import SPELL_VIEWS
from bole.engine.text import Text

if TYPE_CHECKING:
    from bole.engine.expressions.check import _Checker

AGGREGATES = ("count", "exists", "total", "years", "months", "latest", "earliest")
_TABLES = [name for name in TABLE_LABELS if name != "persons"]
_SCALES = {
    ("posts", "grade"): GRADE,
    ("grades", "grade"): GRADE,
    ("appraisals", "grade"): APPRAISAL,
    ("education", "level"): EDUCATION,
    ("education", "degree"): DEGREE,
    ("titles", "level"): TITLE,
    ("awards", "level"): AWARD,
}
# The column by which `within` (months) picks rows; appraisals go by calendar years (`last`).
_DATED = {
    "awards": "date",
    "sanctions": "date",
    "trainings": "end",
    "recommendations": "meeting_date",
    "talks": "date",
    "pools": "entered",
    "points": "date",
    "titles": "date",
    "checks": "date",
    "posts": "start",
    "grades": "start",
    "ranks": "start",
    "secondments": "start",
    "education": "end",
}
_OPEN = {"posts", "education", "relations"}


@dataclass(frozen=True)
class RowScope:
    """The table of an aggregate and the types of its columns."""

    table: str
    columns: dict[str, Type]


def is_aggregate(part: ast.Call) -> bool:
    """`months(posts, …)` is an aggregate, `months(12)` a duration."""
    first = part.args[0] if part.args else None
    return not (
        isinstance(part.func, ast.Name)
        and part.func.id in ("years", "months")
        and not (isinstance(first, ast.Name) and first.id in _TABLES)
    )


def _columns(table: str) -> dict[str, Type]:
    out: dict[str, Type] = {}
    for name, dtype in IBIS_SCHEMAS[table].items():
        if name in ("person", "row") or name.endswith("_precision"):
            continue
        if (table, name) in _SCALES:
            out[name] = Type("scale", _SCALES[table, name])
        elif dtype.is_boolean():
            out[name] = BOOL
        elif dtype.is_date():
            out[name] = DATE
        else:
            out[name] = NUMBER if dtype.is_numeric() else TEXT
    return out


def aggregate(checker: _Checker, part: ast.Call, column: int, depth: int) -> Bound:
    """The aggregate as a fact of its own; its name is the text of the call."""
    assert isinstance(part.func, ast.Name)
    function = part.func.id
    first = part.args[0] if part.args else None
    if not isinstance(first, ast.Name) or first.id not in _TABLES:
        zh, en = near(first.id if isinstance(first, ast.Name) else "", _TABLES)
        raise refuse(
            "EXPR_TABLE",
            column,
            f"{function}的第一项应是表：{'、'.join(_TABLES)}{zh}",
            f"{function} starts with a table: {', '.join(_TABLES)}{en}",
        )
    table = first.id
    scope = RowScope(table, _columns(table))
    rest = list(part.args[1:])
    named = function in ("total", "latest", "earliest")
    target = _target(checker, scope, function, rest, column) if named else ""
    windows: dict[str | None, int] = {}
    for keyword in part.keywords:
        allowed = ("last",) if table == "appraisals" else ("within",)
        if keyword.arg not in allowed:
            raise refuse(
                "EXPR_ARGUMENTS",
                checker.column(keyword.value),
                f"这里只能写 {allowed[0]}=",
                f"only {allowed[0]}= may stand here",
            )
        windows[keyword.arg] = checker.whole(keyword.value, depth)
    if len(rest) > 1:
        raise refuse(
            "EXPR_ARGUMENTS", column, "几个条件请用 and 连起来", "join the conditions with and"
        )
    condition: tree.Node | None = None
    if rest:
        checker.scope = scope
        try:
            condition = checker.condition(rest[0], depth + 1)
        finally:
            checker.scope = None
    source, kind = _source(function, table, target, condition, windows, column)
    text = ast.unparse(part)
    if condition is not None and tree.parameters(condition):
        # The same words with another value of a parameter are another fact.
        used = {n.name: n.value for n in tree.walk(condition) if isinstance(n, tree.Constant)}
        text += " " + ", ".join(f"{k}={v}" for k, v in sorted(used.items()) if k)
    label = _label(function, table, target, ast.unparse(part))
    return Bound(Fact(text, text, label, kind, source, reference="docs/rules.md"))


def _target(
    checker: _Checker, scope: RowScope, function: str, rest: list[ast.expr], column: int
) -> str:
    part = rest.pop(0) if rest else None
    wanted = "number" if function == "total" else "date"
    fitting = [n for n, t in scope.columns.items() if t.kind == wanted]
    if not isinstance(part, ast.Name) or part.id not in fitting:
        shown = ", ".join(fitting) or "—"
        raise refuse(
            "EXPR_ARGUMENTS",
            checker.column(part) if part is not None else column,
            f"{function}({scope.table}, …)的第二项应是列：{shown}",
            f"the second value of {function}({scope.table}, …) is a column: {shown}",
        )
    return part.id


def _source(
    function: str,
    table: str,
    target: str,
    condition: tree.Node | None,
    windows: dict[str | None, int],
    column: int,
) -> tuple[sources.Source, Type]:
    from bole.engine.expressions.compile import row_condition

    def where(m: Moment, t: ir.Table, args: Args) -> ir.BooleanValue:
        hit = row_condition(condition, m, t) if condition is not None else ibis.literal(True)
        if "last" in windows:
            hit = hit & (t.year >= m.year(-windows["last"])) & (t.year <= m.year(-1))
        if "within" in windows:
            hit = hit & (t[_DATED[table]] >= m.months_back(windows["within"]))
        return hit

    named = (
        [n.name for n in tree.walk(condition) if isinstance(n, tree.RowColumn)] if condition else []
    )
    needs = tuple(dict.fromkeys([*named, *([target] if target else [])]))
    is_open = table in _OPEN
    if function == "count":
        return sources.Count(table, where, needs, is_open), Type("number", unit=TIMES)
    if function == "exists":
        return sources.Exists(table, where, needs, is_open), BOOL
    if function == "total":
        return sources.Total(table, target, where, needs, rising=False), NUMBER
    if function in ("years", "months"):
        if table not in SPELL_VIEWS and table != "grades":
            raise refuse(
                "EXPR_TABLE",
                column,
                f"{function}只能用于任职一类的表：posts、grades、ranks、secondments",
                f"{function} needs a table of spells: posts, grades, ranks, secondments",
            )
        kind = Type("number", unit=YEARS if function == "years" else MONTHS)
        return sources.Spells(table, where, function, (*needs, "start"), is_open), kind

    def of(m: Moment, t: ir.Table, args: Args) -> Any:
        return t[target]

    return sources.Extreme(table, of, where, needs, lowest=function == "earliest"), DATE


def _label(function: str, table: str, target: str, text: str) -> Text:
    name = TABLE_LABELS[table]
    inside = text.partition(",")[2].rstrip(")").strip()
    of = f"（{inside}）" if inside else ""
    of_en = f" ({inside})" if inside else ""
    column = COLUMN_LABELS.get(target, Text(target, target))
    zh = {
        "count": f"{name.zh}条数{of}",
        "exists": f"有{name.zh}{of}",
        "total": f"{name.zh}{column.zh}合计{of}",
        "years": f"{name.zh}年限{of}",
        "months": f"{name.zh}月数{of}",
        "latest": f"最近{name.zh}{column.zh}{of}",
        "earliest": f"最早{name.zh}{column.zh}{of}",
    }[function]
    en = {
        "count": f"number of {name.en}{of_en}",
        "exists": f"has {name.en}{of_en}",
        "total": f"total {column.en} of {name.en}{of_en}",
        "years": f"years of {name.en}{of_en}",
        "months": f"months of {name.en}{of_en}",
        "latest": f"latest {column.en} of {name.en}{of_en}",
        "earliest": f"earliest {column.en} of {name.en}{of_en}",
    }[function]
    # Braces in a quoted word must survive `Text.fill`.
    return Text(zh.replace("{", "{{").replace("}", "}}"), en.replace("{", "{{").replace("}", "}}"))
