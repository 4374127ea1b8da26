"""The same expressions for a few people in plain Python.

For one person a database spends a hundred times longer on planning a statement of facts than on
answering it. `Program` turns Ibis tables into steps over columns held as lists, once; running it
takes milliseconds. It knows the operations that facts and rules are made of and refuses others;
every fact is held to DuckDB's answers on random histories (`tests/engine/facts/test_few.py`).
"""

from __future__ import annotations

import datetime
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import repeat
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

Slots = list[Any]
Step = Callable[[Slots], None]
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class _Ref:
    """Where a value lies while a program runs: one value for all rows, or a list."""

    slot: int
    single: bool = False


class Program:
    """Ibis tables over unbound event tables, ready to be run for other rows and another day.

    `day` is the literal that stands for the day of judgement in the expressions.
    Raises `NotImplementedError` for an operation that no fact has used so far.
    """

    def __init__(self, tables: Mapping[str, ir.Table], day: datetime.date) -> None:
        build = _Builder(day)
        self._outputs = {
            name: {c: build.wide(build.field(t.op(), c), t.op()) for c in t.columns}
            for name, t in tables.items()
        }
        self._initial, self._steps = build.initial, build.steps
        self._inputs, self._day = build.inputs, build.day

    @property
    def tables(self) -> set[str]:
        """The event tables that `run` needs."""
        return {name for name, _, _ in self._inputs}

    def run(
        self, events: Mapping[str, Columns], day: datetime.date
    ) -> dict[str, list[dict[str, Any]]]:
        """The rows of each table; `events` are columns of Python values by event table."""
        slots = list(self._initial)
        slots[self._day.slot] = day
        for table, column, slot in self._inputs:
            slots[slot] = events[table][column]
        for step in self._steps:
            step(slots)
        return {
            name: [
                dict(zip(columns, row, strict=True))
                for row in zip(*(slots[r.slot] for r in columns.values()), strict=True)
            ]
            for name, columns in self._outputs.items()
        }


class _Builder:
    def __init__(self, day: datetime.date) -> None:
        self.initial: Slots = []
        self.steps: list[Step] = []
        self.inputs: list[tuple[str, str, int]] = []
        self.stands_for_day = day
        self.day = _Ref(self._slot(), True)
        self._values: dict[tuple[ops.Value, ops.Relation | None], _Ref] = {}
        self._fields: dict[tuple[ops.Relation, str], _Ref] = {}
        self._picks: dict[ops.Relation, int] = {}
        self._counts: dict[ops.Relation, int] = {}
        self._wide: dict[tuple[int, ops.Relation], _Ref] = {}

    def _slot(self, value: Any = None) -> int:
        self.initial.append(value)
        return len(self.initial) - 1

    def _step(self, work: Callable[[Slots], Any]) -> int:
        out = self._slot()

        def step(slots: Slots) -> None:
            slots[out] = work(slots)

        self.steps.append(step)
        return out

    # -- relations -----------------------------------------------------------------------------

    def field(self, table: ops.Relation, name: str) -> _Ref:
        """A column of a relation; only columns that are asked for are ever computed."""
        if (table, name) not in self._fields:
            self._fields[table, name] = self._field(table, name)
        return self._fields[table, name]

    def _field(self, table: ops.Relation, name: str) -> _Ref:
        if isinstance(table, ops.UnboundTable):
            slot = self._slot()
            self.inputs.append((table.name, name, slot))
            return _Ref(slot)
        if isinstance(table, ops.Project):
            return self.value(table.values[name])
        if isinstance(table, ops.JoinChain):
            return self.value(table.values[name], table)
        if isinstance(table, ops.DropColumns):
            return self.field(table.parent, name)
        if isinstance(table, (ops.Filter, ops.Distinct)):
            whole, picks = self.field(table.parent, name), self.picks(table)
            if whole.single:
                return whole
            return _Ref(self._step(lambda s: [s[whole.slot][i] for i in s[picks]]))
        if isinstance(table, ops.Aggregate):
            if name in table.metrics:
                return self.value(table.metrics[name], table)
            key, groups = self.wide(self.value(table.groups[name]), table.parent), self.picks(table)
            return _Ref(self._step(lambda s: [s[key.slot][g[0]] for g in s[groups]]))
        if isinstance(table, ops.Union) and not table.distinct:
            a = self.wide(self.field(table.left, name), table.left)
            b = self.wide(self.field(table.right, name), table.right)
            return _Ref(self._step(lambda s: [*s[a.slot], *s[b.slot]]))
        raise NotImplementedError(type(table).__name__)

    def picks(self, table: ops.Relation) -> int:
        """What rows of its parents a relation is made of.

        Filter, Distinct: their numbers. Aggregate: a list of them for each group. JoinChain: a
        list for each table, with None where a left join found no row.
        """
        if table not in self._picks:
            self._picks[table] = self._step(self._picking(table))
        return self._picks[table]

    def _picking(self, table: ops.Relation) -> Callable[[Slots], Any]:
        if isinstance(table, ops.Filter):
            tests = [self.wide(self.value(p), table.parent).slot for p in table.predicates]
            return lambda s: [
                i for i, row in enumerate(zip(*(s[t] for t in tests), strict=True)) if all(row)
            ]
        if isinstance(table, ops.Distinct):
            parent = table.parent
            columns = [self.wide(self.field(parent, n), parent).slot for n in parent.schema.names]
            return lambda s: [g[0] for g in _groups(list(zip(*(s[c] for c in columns))))]  # noqa: B905
        if isinstance(table, ops.Aggregate):
            (key,) = table.groups.values()
            column = self.wide(self.value(key), table.parent).slot
            return lambda s: _groups(s[column])
        if isinstance(table, ops.JoinChain):
            return self._joining(table)
        raise NotImplementedError(type(table).__name__)

    def _joining(self, chain: ops.JoinChain) -> Callable[[Slots], Any]:
        first = self.count(chain.first.parent)
        places = {chain.first: 0}
        links: list[tuple[bool, int, int, int]] = []
        for number, link in enumerate(chain.rest, 1):
            (test,) = link.predicates
            if link.how not in ("left", "anti") or not isinstance(test, ops.Equals):
                raise NotImplementedError(f"{link.how} join")
            mine, other = test.left, test.right
            if mine.rel == link.table:
                mine, other = other, mine
            left = self.wide(self.field(mine.rel.parent, mine.name), mine.rel.parent)
            right = self.wide(self.field(other.rel.parent, other.name), other.rel.parent)
            links.append((link.how == "left", places[mine.rel], left.slot, right.slot))
            places[link.table] = number

        def join(s: Slots) -> list[list[int | None]]:
            picked: list[list[Any]] = [list(range(s[first]))]
            for keep, place, left, right in links:
                found: dict[Any, list[int]] = {}
                for i, key in enumerate(s[right]):
                    if key is not None:
                        found.setdefault(key, []).append(i)
                keys = [None if i is None else s[left][i] for i in picked[place]]
                if keep:
                    pairs = [(j, i) for j, k in enumerate(keys) for i in found.get(k, (None,))]
                else:
                    pairs = [(j, None) for j, k in enumerate(keys) if k not in found]
                picked = [[p[j] for j, _ in pairs] for p in picked] + [[i for _, i in pairs]]
            return picked

        return join

    def count(self, table: ops.Relation) -> int:
        """The number of rows of a relation."""
        if table not in self._counts:
            self._counts[table] = self._count(table)
        return self._counts[table]

    def _count(self, table: ops.Relation) -> int:
        if isinstance(table, ops.UnboundTable):
            column = self.field(table, "person").slot
            return self._step(lambda s: len(s[column]))
        if isinstance(table, (ops.Project, ops.DropColumns)):
            return self.count(table.parent)
        if isinstance(table, ops.Union):
            a, b = self.count(table.left), self.count(table.right)
            return self._step(lambda s: s[a] + s[b])
        picks = self.picks(table)
        if isinstance(table, ops.JoinChain):
            return self._step(lambda s: len(s[picks][0]))
        return self._step(lambda s: len(s[picks]))

    def wide(self, ref: _Ref, table: ops.Relation) -> _Ref:
        """A value that is the same for all rows of a relation, once for each of them."""
        if not ref.single:
            return ref
        if (ref.slot, table) not in self._wide:
            count = self.count(table)
            self._wide[ref.slot, table] = _Ref(self._step(lambda s: [s[ref.slot]] * s[count]))
        return self._wide[ref.slot, table]

    # -- values --------------------------------------------------------------------------------

    def value(self, op: ops.Value, scope: ops.Relation | None = None) -> _Ref:
        """A value over its relation; `scope` is the join or aggregate that it belongs to."""
        # Without recursion, since `and` may join hundreds of conditions.
        waiting = [op]
        while waiting:
            node = waiting[-1]
            if (node, scope) in self._values:
                waiting.pop()
                continue
            lacking = [a for a in _arguments(node) if (a, scope) not in self._values]
            if lacking:
                waiting.extend(lacking)
            else:
                self._values[node, scope] = self._value(node, scope)
        return self._values[op, scope]

    def _value(self, op: ops.Value, scope: ops.Relation | None) -> _Ref:
        if isinstance(op, ops.Literal):
            if op.value == self.stands_for_day and isinstance(op.value, datetime.date):
                return self.day
            return _Ref(self._slot(op.value), True)
        if isinstance(op, ops.Field):
            if isinstance(op.rel, ops.JoinReference):
                return self._joined(op, scope)
            return self.field(op.rel, op.name)
        if isinstance(op, ops.WindowFunction):
            return self._window(op)
        if isinstance(op, ops.Reduction):
            return self._reduction(op, scope)
        work = _work(op)
        refs = [self._values[a, scope] for a in _arguments(op)]
        return self._apply(work, refs)

    def _apply(self, work: Callable[..., Any], refs: list[_Ref]) -> _Ref:
        slots = [r.slot for r in refs]
        if all(r.single for r in refs):
            return _Ref(self._step(lambda s: work(*[s[a] for a in slots])), True)
        if len(refs) == 1:
            (one,) = slots
            return _Ref(self._step(lambda s: [work(x) for x in s[one]]))
        if len(refs) == 2:
            a, b = slots
            if refs[1].single:

                def with_right(s: Slots) -> list[Any]:
                    y = s[b]
                    return [work(x, y) for x in s[a]]

                return _Ref(self._step(with_right))
            if refs[0].single:

                def with_left(s: Slots) -> list[Any]:
                    x = s[a]
                    return [work(x, y) for y in s[b]]

                return _Ref(self._step(with_left))
        flags = [(r.slot, r.single) for r in refs]
        return _Ref(
            self._step(
                lambda s: list(map(work, *[repeat(s[i]) if one else s[i] for i, one in flags]))
            )
        )

    def _joined(self, op: ops.Field, scope: ops.Relation | None) -> _Ref:
        assert isinstance(scope, ops.JoinChain)
        place = [scope.first, *(link.table for link in scope.rest)].index(op.rel)
        parent = op.rel.parent
        whole, picks = self.wide(self.field(parent, op.name), parent), self.picks(scope)
        return _Ref(
            self._step(lambda s: [None if i is None else s[whole.slot][i] for i in s[picks][place]])
        )

    def _reduction(self, op: ops.Reduction, scope: ops.Relation | None) -> _Ref:
        assert isinstance(scope, ops.Aggregate)
        reduce = _REDUCE.get(type(op))
        if reduce is None or op.where is not None:
            raise NotImplementedError(type(op).__name__)
        column, groups = self.wide(self.value(op.arg), scope.parent).slot, self.picks(scope)

        def work(s: Slots) -> list[Any]:
            values = s[column]
            return [reduce([v for i in g if (v := values[i]) is not None]) for g in s[groups]]

        return _Ref(self._step(work))

    def _window(self, op: ops.WindowFunction) -> _Ref:
        if not isinstance(op.func, ops.Max) or op.func.where is not None or op.start is not None:
            raise NotImplementedError("window")
        relation = next(iter(op.group_by)).rel
        keys = [self.wide(self.value(k), relation).slot for k in op.group_by]
        column = self.wide(self.value(op.func.arg), relation).slot
        if any(not k.ascending or k.nulls_first for k in op.order_by):
            raise NotImplementedError("order")
        order = [self.wide(self.value(k.arg), relation).slot for k in op.order_by]
        before = _ends_before(op.end) if op.end is not None and order else False

        def work(s: Slots) -> list[Any]:
            values = s[column]
            out: list[Any] = [None] * len(values)
            sorting = [s[o] for o in order]
            for rows in _groups(s[keys[0]] if len(keys) == 1 else list(zip(*(s[k] for k in keys)))):  # noqa: B905
                best = None
                if op.end is None:
                    best = _highest([v for i in rows if (v := values[i]) is not None])
                    for i in rows:
                        out[i] = best
                    continue
                rows.sort(key=lambda i: [(c[i] is None, c[i]) for c in sorting])
                for i in rows:
                    if before:
                        out[i] = best
                    value = values[i]
                    if value is not None and (best is None or value > best):
                        best = value
                    if not before:
                        out[i] = best
            return out

        return _Ref(self._step(work))


def _ends_before(end: ops.WindowBoundary) -> bool:
    """Whether a frame of rows ends with the row before the present one, or with the present one."""
    rows = end.value.value if isinstance(end.value, ops.Literal) else None
    if rows == 0 or (rows == 1 and end.preceding):
        return bool(rows == 1)
    raise NotImplementedError("frame")


def _groups(keys: Sequence[Any]) -> list[list[int]]:
    found: dict[Any, list[int]] = {}
    for i, key in enumerate(keys):
        found.setdefault(key, []).append(i)
    return list(found.values())


def _highest(values: list[Any]) -> Any:
    return max(values, default=None)


_REDUCE: dict[type[ops.Reduction], Callable[[list[Any]], Any]] = {
    ops.Max: _highest,
    ops.Min: lambda values: min(values, default=None),
    ops.Sum: lambda values: sum(values) if values else None,
    ops.CountDistinct: lambda values: len(set(values)),
}

# -- single values -------------------------------------------------------------------------------


def _arguments(op: ops.Value) -> tuple[ops.Value, ...]:
    """The values that an operation is computed from, row by row."""
    if isinstance(op, (ops.Literal, ops.Field, ops.Reduction, ops.WindowFunction)):
        return ()
    if isinstance(op, (ops.InValues, ops.SimpleCase)):
        return (op.args[0],)  # the rest is looked up, see `_member` and `_looked_up`
    found: list[ops.Value] = []
    for argument in op.args:
        if isinstance(argument, ops.Value):
            found.append(argument)
        elif isinstance(argument, tuple):
            found.extend(argument)
    return tuple(found)


def _strict(work: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Null if an argument is."""
    return lambda a, b: None if a is None or b is None else work(a, b)


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def _case(*parts: Any) -> Any:
    """Conditions, then results, then what holds otherwise."""
    half = len(parts) // 2
    for i in range(half):
        if parts[i]:
            return parts[half + i]
    return parts[-1]


def _constants(values: Sequence[ops.Value]) -> list[Any]:
    if not all(isinstance(v, ops.Literal) for v in values):
        raise NotImplementedError("choices that are computed")
    return [v.value for v in values]


def _member(op: ops.InValues) -> Callable[..., Any]:
    options = frozenset(_constants(op.options))
    return lambda x: None if x is None else x in options


def _looked_up(op: ops.SimpleCase) -> Callable[..., Any]:
    found = dict(zip(_constants(op.cases), _constants(op.results), strict=True))
    (otherwise,) = _constants([op.default])
    return lambda x: found.get(x, otherwise)


def _moved(date: datetime.date, by: int, months: bool) -> datetime.date:
    """A date moved by months (clamped to the month's end) or days, kept within the calendar."""
    try:
        if not months:
            return date + datetime.timedelta(days=by)
        year, month = divmod(date.year * 12 + date.month - 1 + by, 12)
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        last = 28 + leap if month == 1 else 30 if month in (3, 5, 8, 10) else 31
        return datetime.date(year, month + 1, min(date.day, last))
    except (OverflowError, ValueError):
        return datetime.date.max if by > 0 else datetime.date.min


def _shift(op: ops.DateAdd | ops.DateSub) -> Callable[..., Any]:
    unit = op.right.dtype.unit.value
    if unit not in ("M", "D"):
        raise NotImplementedError(f"interval {unit}")
    sign = -1 if isinstance(op, ops.DateSub) else 1
    months = unit == "M"
    return lambda date, by: None if date is None else _moved(date, sign * by, months)


def _cast(op: ops.Cast) -> Callable[..., Any]:
    to, given = op.to, op.arg.dtype
    if given.copy(nullable=True) == to.copy(nullable=True) or given.is_null():
        return lambda x: x
    if to.is_integer() and (given.is_numeric() or given.is_boolean()):
        return lambda x: None if x is None else round(x)
    if to.is_floating() and (given.is_numeric() or given.is_boolean()):
        return lambda x: None if x is None else float(x)
    if isinstance(to, dt.Decimal) and given.is_numeric() and to.scale is not None:
        # As DuckDB does: scaled, and rounded once.
        scale = 10**to.scale
        return lambda x: None if x is None else Decimal(round(x * scale)) / scale
    if (to.is_date() or to.is_timestamp()) and (given.is_date() or given.is_timestamp()):
        return lambda x: x  # here a timestamp is never more than a date
    if to.is_string() and given.is_integer():
        return lambda x: None if x is None else str(x)
    raise NotImplementedError(f"cast of {given} to {to}")


def _least(*values: Any) -> Any:
    return min((v for v in values if v is not None), default=None)


def _greatest(*values: Any) -> Any:
    return max((v for v in values if v is not None), default=None)


def _coalesce(*values: Any) -> Any:
    return next((v for v in values if v is not None), None)


def _joined_text(*values: Any) -> Any:
    return None if None in values else "".join(values)


_STRICT: dict[type[ops.Value], Callable[[Any, Any], Any]] = {
    ops.Add: operator.add,
    ops.Subtract: operator.sub,
    ops.Multiply: operator.mul,
    ops.Divide: lambda a, b: a / b if b else None,
    ops.FloorDivide: lambda a, b: math.floor(a / b) if b else None,
    ops.Modulus: lambda a, b: int(math.fmod(a, b)) if b else None,
    ops.BitwiseAnd: operator.and_,
    ops.BitwiseRightShift: operator.rshift,
    ops.Equals: operator.eq,
    ops.NotEquals: operator.ne,
    ops.Less: operator.lt,
    ops.LessEqual: operator.le,
    ops.Greater: operator.gt,
    ops.GreaterEqual: operator.ge,
    ops.StringContains: lambda text, part: part in text,
}
_PLAIN: dict[type[ops.Value], Callable[..., Any]] = {
    ops.And: _and,
    ops.Or: _or,
    ops.Not: lambda a: None if a is None else not a,
    ops.IsNull: lambda a: a is None,
    ops.NotNull: lambda a: a is not None,
    ops.IfElse: lambda test, yes, no: yes if test else no,
    ops.SearchedCase: _case,
    ops.Coalesce: _coalesce,
    ops.Least: _least,
    ops.Greatest: _greatest,
    ops.NullIf: lambda a, b: None if a == b else a,
    ops.StringConcat: _joined_text,
    ops.ExtractYear: lambda d: None if d is None else d.year,
    ops.ExtractMonth: lambda d: None if d is None else d.month,
    ops.ExtractDay: lambda d: None if d is None else d.day,
}
_MADE: dict[type[ops.Value], Callable[[Any], Callable[..., Any]]] = {
    ops.Cast: _cast,
    ops.InValues: _member,
    ops.SimpleCase: _looked_up,
    ops.DateAdd: _shift,
    ops.DateSub: _shift,
}


def _work(op: ops.Value) -> Callable[..., Any]:
    """What an operation does with single values."""
    kind = type(op)
    if kind in _STRICT:
        return _strict(_STRICT[kind])
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _MADE:
        return _MADE[kind](op)
    if kind is ops.Alias:
        return lambda x: x
    if kind is ops.DateTruncate and op.unit.value == "M":
        return lambda d: None if d is None else d.replace(day=1)
    if kind is ops.DateFromYMD:
        return lambda y, m, d: datetime.date(y, m, d)
    raise NotImplementedError(kind.__name__)
