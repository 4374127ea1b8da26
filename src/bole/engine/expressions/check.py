"""From text to a checked expression: only what is listed here is allowed, everything else refused.

No attribute, no subscript, no lambda, no comprehension, no call but facts and the few functions
below; length, nesting and the number of parts are bounded before anything is looked at.
"""

from __future__ import annotations

import ast
import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bole.engine.errors import BoleError
from bole.engine.expressions import rows, tree
from bole.engine.expressions.errors import near, refuse
from bole.engine.facts import catalogue
from bole.engine.facts.definitions import Argument, Fact, YearBack
from bole.engine.facts.kinds import BOOL, DATE, NUMBER, TEXT, Type

LONGEST = 2000  # characters
DEEPEST = 24
MOST_PARTS = 300
LARGEST = 10**12

_YEARS = {"this_year": 0, "last_year": 1, "year_before_last": 2, "本年度": 0, "上一年度": 1}
_DAY = {"as_of", "当日"}
_COMPARE = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
FUNCTIONS = ("param", "date", "years", "months", "days", *rows.AGGREGATES)


def check(text: str, parameters: Mapping[str, Any] | None = None) -> tree.Node:
    """The checked condition of a rule. `parameters` are the values of the scheme and the plan.

    Raises `BoleError` whose problem names the column and what may be meant.
    """
    node = _Checker(text, parameters or {}).run()
    if node.type.kind != "bool":
        raise refuse(
            "EXPR_NOT_CONDITION",
            node.column,
            f"应是一个条件，得到的是{node.type.label.zh}；请写出比较，如 >= 2",
            f"a condition is expected, this is a {node.type.label.en}; write a comparison: >= 2",
        )
    return node


class _Checker:
    def __init__(self, text: str, parameters: Mapping[str, Any]) -> None:
        self.text = text
        self.parameters = parameters
        self.scope: rows.RowScope | None = None
        self.parts = 0

    def run(self) -> tree.Node:
        if not isinstance(self.text, str) or not self.text.strip():
            raise refuse("EXPR_EMPTY", 1, "条件为空", "the condition is empty")
        if len(self.text) > LONGEST:
            raise refuse(
                "EXPR_LONG", 1, f"条件超过{LONGEST}字", f"longer than {LONGEST} characters"
            )
        # A YAML block may fold over lines; the rule is still one expression.
        self.text = " ".join(self.text.split())
        self._brackets()
        try:
            parsed = ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            raise self._syntax(error) from None
        except (ValueError, RecursionError, MemoryError, OverflowError):
            raise refuse("EXPR_SYNTAX", 1, "无法读懂的写法", "cannot be read") from None
        return self.node(parsed, 0)

    def _brackets(self) -> None:
        depth = 0
        for column, letter in enumerate(self.text, 1):
            depth += (letter in "([{") - (letter in ")]}")
            if depth > DEEPEST:
                raise self._too_deep(column)

    def _too_deep(self, column: int) -> BoleError:
        return refuse(
            "EXPR_DEEP",
            column,
            f"嵌套超过{DEEPEST}层，请拆成几条规则",
            f"nested deeper than {DEEPEST}; split it into several rules",
        )

    def _syntax(self, error: SyntaxError) -> BoleError:
        column = max(1, min(error.offset or 1, len(self.text)))
        hints = {
            "＝": "==",
            "＞": ">",
            "＜": "<",
            "≥": ">=",
            "≤": "<=",
            "≠": "!=",
            "（": "(",
            "）": ")",
            "，": ",",
            "“": "'",
            "”": "'",
            "‘": "'",
            "’": "'",
        }
        for at, letter in enumerate(self.text, 1):
            if letter in hints:
                return refuse(
                    "EXPR_SYNTAX",
                    at,
                    f"请把 {letter} 写成 {hints[letter]}",
                    f"write {hints[letter]} instead of {letter}",
                )
        if "=" in self.text and "invalid syntax" in str(error):
            return refuse(
                "EXPR_SYNTAX", column, "写法有误；相等写 ==", "cannot be read; equality is =="
            )
        return refuse("EXPR_SYNTAX", column, "写法有误", f"cannot be read: {error.msg}")

    def column(self, part: ast.AST) -> int:
        # `ast` counts bytes of UTF-8; people count letters.
        offset: int = getattr(part, "col_offset", 0)
        return len(self.text.encode()[:offset].decode(errors="ignore")) + 1

    def node(self, part: ast.expr, depth: int) -> tree.Node:
        column = self.column(part)
        self.parts += 1
        if depth > DEEPEST:
            raise self._too_deep(column)
        if self.parts > MOST_PARTS:
            raise refuse(
                "EXPR_PARTS",
                column,
                f"超过{MOST_PARTS}个部分，请拆成几条规则",
                f"more than {MOST_PARTS} parts; split it into several rules",
            )
        if isinstance(part, ast.BoolOp):
            operator = "and" if isinstance(part.op, ast.And) else "or"
            items = tuple(self.condition(v, depth + 1) for v in part.values)
            return tree.Logic(BOOL, column, operator, items)
        if isinstance(part, ast.UnaryOp):
            return self.unary(part, column, depth)
        if isinstance(part, ast.Compare):
            return self.compare(part, column, depth)
        if isinstance(part, ast.BinOp):
            return self.arithmetic(part, column, depth)
        if isinstance(part, ast.Constant):
            return self.constant(part.value, column)
        if isinstance(part, ast.Name):
            return self.name(part.id, column)
        if isinstance(part, ast.Call):
            return self.call(part, column, depth)
        what = {
            ast.Attribute: ("不能用点号取属性", "a dot for an attribute is not allowed"),
            ast.Subscript: ("不能用方括号取项", "brackets after a name are not allowed"),
            ast.List: ("集合只能写在 in 后面", "a list may only stand after in"),
            ast.Tuple: ("集合只能写在 in 后面", "a list may only stand after in"),
            ast.Set: ("集合只能写在 in 后面", "a list may only stand after in"),
        }.get(type(part), ("规则中不允许这种写法", "this is not allowed in a rule"))
        raise refuse("EXPR_FORBIDDEN", column, *what)

    def condition(self, part: ast.expr, depth: int) -> tree.Node:
        node = self.node(part, depth)
        if node.type.kind != "bool":
            raise refuse(
                "EXPR_NOT_CONDITION",
                node.column,
                f"and、or、not 的两边应是条件，这里是{node.type.label.zh}",
                f"and, or, not join conditions; this is a {node.type.label.en}",
            )
        return node

    def unary(self, part: ast.UnaryOp, column: int, depth: int) -> tree.Node:
        if isinstance(part.op, ast.Not):
            return tree.Not(BOOL, column, self.condition(part.operand, depth + 1))
        if isinstance(part.op, ast.USub):
            item = self.number(part.operand, depth + 1)
            if isinstance(item, tree.Constant) and isinstance(item.value, Fraction):
                return tree.Constant(NUMBER, column, -item.value)
            return tree.Arithmetic(
                NUMBER, column, "-", tree.Constant(NUMBER, column, Fraction(0)), item
            )
        raise refuse("EXPR_FORBIDDEN", column, "不允许的运算符", "operator not allowed")

    def number(self, part: ast.expr, depth: int) -> tree.Node:
        node = self.node(part, depth)
        if node.type.kind != "number":
            raise refuse(
                "EXPR_TYPE",
                node.column,
                f"运算要用数，这里是{node.type.label.zh}",
                f"arithmetic needs numbers; this is a {node.type.label.en}",
            )
        return node

    def constant(self, value: Any, column: int, name: str = "") -> tree.Constant:
        if isinstance(value, bool):
            return tree.Constant(BOOL, column, value, name)
        if isinstance(value, (int, float, Decimal, Fraction)):
            try:
                number = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
            except (ValueError, OverflowError):
                raise refuse("EXPR_NUMBER", column, "不是有限的数", "not a finite number") from None
            if abs(number) > LARGEST or number.denominator > LARGEST:
                raise refuse("EXPR_NUMBER", column, "数太大或太细", "number too large or too fine")
            return tree.Constant(NUMBER, column, number, name)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return tree.Constant(DATE, column, value, name)
        if isinstance(value, str):
            if "\x00" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
                raise refuse("EXPR_TEXT", column, "文字中有不可用的字符", "unusable characters")
            return tree.Constant(TEXT, column, value, name)
        if value is None and name:
            raise refuse(
                "PARAMETER_OPEN",
                column,
                f"参数{name}尚未确定，请先填写",
                f"the parameter {name} is still open; set it first",
            )
        raise refuse("EXPR_FORBIDDEN", column, "不允许的值", "value not allowed")

    def name(self, name: str, column: int) -> tree.Node:
        if self.scope is not None and name in self.scope.columns:
            return tree.RowColumn(self.scope.columns[name], column, name)
        if name in _DAY:
            return tree.Day(DATE, column)
        if name in _YEARS:
            return tree.Year(NUMBER, column, YearBack(_YEARS[name]))
        if name in self.parameters:
            return self.constant(self.parameters[name], column, name)
        fact = None if self.scope is not None else catalogue.find(name)
        if fact is not None:
            return self.fact(fact, {}, column)
        raise self.unknown(name, column)

    def unknown(self, name: str, column: int) -> BoleError:
        if self.scope is not None:
            zh, en = near(name, [*self.scope.columns, *self.parameters])
            columns = "、".join(self.scope.columns)
            return refuse(
                "EXPR_NAME",
                column,
                f"{self.scope.table}没有{name}这一列{zh or f'；可用：{columns}'}",
                f"{self.scope.table} has no column {name}"
                + (en or f"; known: {columns.replace('、', ', ')}"),
            )
        zh, en = near(
            name, [*catalogue.FACTS, *catalogue.CHINESE, *self.parameters, *FUNCTIONS, *_YEARS]
        )
        return refuse(
            "EXPR_NAME",
            column,
            f"没有名为 {name} 的事实或参数{zh}",
            f"there is no fact or parameter called {name}{en}",
        )

    # -- comparisons ---------------------------------------------------------------------------

    def compare(self, part: ast.Compare, column: int, depth: int) -> tree.Node:
        left = self.node(part.left, depth + 1)
        found: list[tree.Node] = []
        for operator, right_part in zip(part.ops, part.comparators, strict=True):
            if isinstance(operator, (ast.In, ast.NotIn)):
                negated = isinstance(operator, ast.NotIn)
                values = self.values(right_part, left, depth + 1)
                found.append(tree.Member(BOOL, left.column, left, values, negated))
                continue
            if type(operator) not in _COMPARE:
                raise refuse("EXPR_FORBIDDEN", column, "请用 == 或 !=", "use == or !=")
            right = self.node(right_part, depth + 1)
            found.append(self.pair(_COMPARE[type(operator)], left, right, column))
            left = right
        return found[0] if len(found) == 1 else tree.Logic(BOOL, column, "and", tuple(found))

    def pair(self, operator: str, left: tree.Node, right: tree.Node, column: int) -> tree.Node:
        if isinstance(left, tree.Constant) and not isinstance(right, tree.Constant):
            left, right, operator = right, left, _TURNED[operator]
        if isinstance(right, tree.Constant):
            right = self.fit(right, left)
        if left.type.kind != right.type.kind or left.type.scale is not right.type.scale:
            raise refuse(
                "EXPR_TYPE",
                right.column,
                f"不能拿{left.type.label.zh}与{right.type.label.zh}比较",
                f"a {left.type.label.en} cannot be compared with a {right.type.label.en}",
            )
        if operator not in ("==", "!=") and left.type.kind in ("bool", "text"):
            raise refuse(
                "EXPR_TYPE",
                column,
                f"{left.type.label.zh}没有大小，只能用 == 或 !=",
                f"a {left.type.label.en} has no order; use == or !=",
            )
        return tree.Compare(BOOL, column, operator, left, right)

    def fit(self, constant: tree.Constant, to: tree.Node) -> tree.Constant:
        """A text beside a step of a scale or a date becomes one."""
        if constant.type.kind != "text" or not isinstance(constant.value, str):
            return constant
        if to.type.scale is not None:
            code = to.type.scale.code(constant.value)
            if code is None:
                words = to.type.scale.words()
                zh, en = near(constant.value, words)
                raise refuse(
                    "EXPR_WORD",
                    constant.column,
                    f"{to.type.scale.name.zh}没有“{constant.value}”"
                    + (zh or f"；可用：{'、'.join(words)}"),
                    f"{to.type.scale.name.en} has no “{constant.value}”"
                    + (en or f"; known: {', '.join(words)}"),
                )
            return tree.Constant(to.type, constant.column, Fraction(code), constant.name)
        if to.type.kind == "date":
            return self.date(constant.value, constant.column, constant.name)
        return constant

    def date(self, text: str, column: int, name: str = "") -> tree.Constant:
        try:
            value = datetime.date.fromisoformat(text)
        except ValueError:
            raise refuse(
                "EXPR_DATE",
                column,
                f"“{text}”不是日期，应写作 '2019-01-31'",
                f"“{text}” is no date; write '2019-01-31'",
            ) from None
        return tree.Constant(DATE, column, value, name)

    def values(self, part: ast.expr, item: tree.Node, depth: int) -> tuple[tree.Constant, ...]:
        given = self.parameters.get(part.id) if isinstance(part, ast.Name) else None
        if isinstance(given, (list, tuple)) and isinstance(part, ast.Name):
            nodes: list[tree.Node] = [self.constant(v, self.column(part), part.id) for v in given]
        elif isinstance(part, (ast.List, ast.Tuple, ast.Set)):
            nodes = [self.node(e, depth) for e in part.elts]
        else:
            raise refuse(
                "EXPR_SET",
                self.column(part),
                "in 后面应是集合，如 ['优秀', '称职']",
                "after in a list is expected, such as ['优秀', '称职']",
            )
        out: list[tree.Constant] = []
        for node in nodes:
            if not isinstance(node, tree.Constant):
                raise refuse("EXPR_SET", node.column, "集合中只能写固定值", "only fixed values")
            fitted = self.fit(node, item)
            if fitted.type.kind != item.type.kind:
                raise refuse(
                    "EXPR_TYPE",
                    node.column,
                    f"{item.type.label.zh}不能与{node.type.label.zh}比较",
                    f"a {item.type.label.en} cannot be compared with a {node.type.label.en}",
                )
            out.append(fitted)
        if not out:
            raise refuse("EXPR_SET", self.column(part), "集合是空的", "the list is empty")
        return tuple(out)

    # -- arithmetic ----------------------------------------------------------------------------

    def arithmetic(self, part: ast.BinOp, column: int, depth: int) -> tree.Node:
        operator = _ARITHMETIC.get(type(part.op))
        if operator is None:
            raise refuse("EXPR_FORBIDDEN", column, "只能用 + - * /", "only + - * / are allowed")
        left, right = self.node(part.left, depth + 1), self.node(part.right, depth + 1)
        if isinstance(right, tree.Duration) and operator in "+-":
            if isinstance(left, tree.Constant):
                left = self.fit(left, tree.Day(DATE, column))
            if left.type.kind == "date" and not isinstance(left, tree.Duration):
                return tree.Shift(DATE, column, left, right, 1 if operator == "+" else -1)
        for side in (left, right):
            if side.type.kind != "number":
                raise refuse(
                    "EXPR_TYPE",
                    side.column,
                    f"运算要用数，这里是{side.type.label.zh}",
                    f"arithmetic needs numbers; this is a {side.type.label.en}",
                )
        if isinstance(left, tree.Constant) and isinstance(right, tree.Constant):
            return self.fold(operator, left, right, column)
        if operator == "/" and isinstance(right, tree.Constant) and right.value == 0:
            raise refuse("EXPR_ZERO", right.column, "不能除以零", "division by zero")
        kind = left.type if left.type.unit == right.type.unit and operator in "+-" else NUMBER
        return tree.Arithmetic(kind, column, operator, left, right)

    def fold(
        self, operator: str, left: tree.Constant, right: tree.Constant, column: int
    ) -> tree.Constant:
        a, b = left.value, right.value
        assert isinstance(a, Fraction) and isinstance(b, Fraction)
        if operator == "/" and b == 0:
            raise refuse("EXPR_ZERO", right.column, "不能除以零", "division by zero")
        value = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[
            operator
        ]()
        return self.constant(value, column, left.name or right.name)

    # -- calls ---------------------------------------------------------------------------------

    def call(self, part: ast.Call, column: int, depth: int) -> tree.Node:
        if not isinstance(part.func, ast.Name):
            raise refuse("EXPR_FORBIDDEN", column, "只能调用事实", "only facts can be called")
        name = part.func.id
        if any(k.arg is None for k in part.keywords) or any(
            isinstance(a, ast.Starred) for a in part.args
        ):
            raise refuse("EXPR_FORBIDDEN", column, "不允许用 *", "* is not allowed")
        if name in rows.AGGREGATES and rows.is_aggregate(part):
            if self.scope is not None:
                raise refuse("EXPR_FORBIDDEN", column, "汇总不能嵌套", "aggregates do not nest")
            bound = rows.aggregate(self, part, column, depth)
            return tree.FactNode(bound.type, column, bound)
        if name in ("years", "months", "days"):
            n = self.whole(self.only(part, name, column), depth)
            if name == "days":
                return tree.Duration(_DURATION, column, days=n)
            return tree.Duration(_DURATION, column, months=n * 12 if name == "years" else n)
        if name == "param":
            return self.parameter(self.only(part, name, column), column)
        if name == "date":
            only = self.only(part, name, column)
            if not isinstance(only, ast.Constant) or not isinstance(only.value, str):
                raise refuse("EXPR_DATE", column, "写作 date('2019-01-31')", "date('2019-01-31')")
            return self.date(only.value, self.column(only))
        fact = catalogue.find(name)
        if fact is None:
            raise self.unknown(name, column)
        if self.scope is not None:
            raise refuse("EXPR_FORBIDDEN", column, "汇总条件中不能用事实", "no facts in here")
        return self.fact(fact, self.arguments(fact, part, column, depth), column)

    def only(self, part: ast.Call, name: str, column: int) -> ast.expr:
        if len(part.args) != 1 or part.keywords:
            raise refuse("EXPR_ARGUMENTS", column, f"{name}要一个参数", f"{name} takes one value")
        return part.args[0]

    def whole(self, part: ast.expr, depth: int) -> int:
        """A constant whole number from 0 to 1200."""
        node = self.node(part, depth + 1)
        value = node.value if isinstance(node, tree.Constant) else None
        if not isinstance(value, Fraction) or value.denominator != 1 or not 0 <= value <= 1200:
            raise refuse(
                "EXPR_WHOLE", node.column, "应是0至1200的整数", "a whole number 0–1200 is expected"
            )
        return int(value)

    def parameter(self, part: ast.expr, column: int) -> tree.Constant:
        if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
            raise refuse("EXPR_PARAMETER", column, "写作 param('名称')", "write param('name')")
        if part.value not in self.parameters:
            zh, en = near(part.value, self.parameters)
            raise refuse(
                "EXPR_PARAMETER",
                column,
                f"没有参数{part.value}{zh}",
                f"there is no parameter {part.value}{en}",
            )
        return self.constant(self.parameters[part.value], column, part.value)

    def arguments(
        self, fact: Fact, part: ast.Call, column: int, depth: int
    ) -> dict[str, tuple[Any, int]]:
        names = [a.name for a in fact.arguments]
        if len(part.args) > len(names):
            raise refuse(
                "EXPR_ARGUMENTS",
                column,
                f"{fact.name}最多{len(names)}个参数：{_signature(fact)}",
                f"{fact.name} takes at most {len(names)} values: {_signature(fact)}",
            )
        given: dict[str, ast.expr] = dict(zip(names, part.args, strict=False))
        for keyword in part.keywords:
            assert keyword.arg is not None
            if keyword.arg not in names or keyword.arg in given:
                zh, en = near(keyword.arg, names)
                raise refuse(
                    "EXPR_ARGUMENTS",
                    self.column(keyword.value),
                    f"{fact.name}没有参数{keyword.arg}（或写了两次）{zh}：{_signature(fact)}",
                    f"{fact.name} has no value {keyword.arg} (or it is given twice){en}: "
                    f"{_signature(fact)}",
                )
            given[keyword.arg] = keyword.value
        by_name = {a.name: a for a in fact.arguments}
        return {
            name: (self.argument(by_name[name], value, depth), self.column(value))
            for name, value in given.items()
        }

    def argument(self, argument: Argument, part: ast.expr, depth: int) -> Any:
        node = self.node(part, depth + 1)
        column = node.column
        if argument.kind == "year":
            if isinstance(node, tree.Year):
                return node.year
            return self._whole_value(node, 1949, 2200, argument)
        if argument.kind == "whole":
            return self._whole_value(node, 1, 1200, argument)
        value = node.value if isinstance(node, tree.Constant) else None
        if not isinstance(value, str):
            raise refuse(
                "EXPR_ARGUMENTS",
                column,
                f"{argument.label.zh}应写成文字，如 '…'",
                f"{argument.label.en} is written as text: '…'",
            )
        known: tuple[str, ...] = ()
        if argument.scale is not None:
            code = argument.scale.code(value)
            if code is not None and code >= 0:
                return code
            known = argument.scale.words()
        elif argument.choices is not None:
            if value in argument.choices:
                return value
            for code_word, text in argument.choices.items():
                if value in (text.zh, text.en):
                    return code_word
            known = tuple(argument.choices)
        else:
            return value[:200]
        zh, en = near(value, known)
        raise refuse(
            "EXPR_WORD",
            column,
            f"{argument.label.zh}没有“{value}”" + (zh or f"；可用：{'、'.join(known)}"),
            f"{argument.label.en} has no “{value}”" + (en or f"; known: {', '.join(known)}"),
        )

    def _whole_value(self, node: tree.Node, least: int, most: int, argument: Argument) -> int:
        value = node.value if isinstance(node, tree.Constant) else None
        if not isinstance(value, Fraction) or value.denominator != 1 or not least <= value <= most:
            raise refuse(
                "EXPR_WHOLE",
                node.column,
                f"{argument.label.zh}应是{least}至{most}的整数",
                f"{argument.label.en} must be a whole number {least}–{most}",
            )
        return int(value)

    def fact(self, fact: Fact, given: dict[str, tuple[Any, int]], column: int) -> tree.Node:
        missing = [a.name for a in fact.arguments if a.required and a.name not in given]
        if missing:
            raise refuse(
                "EXPR_ARGUMENTS",
                column,
                f"{fact.name}缺少{'、'.join(missing)}：{_signature(fact)}",
                f"{fact.name} lacks {', '.join(missing)}: {_signature(fact)}",
            )
        bound = fact.bind(**{k: v for k, (v, _) in given.items()})
        return tree.FactNode(fact.type, column, bound)


_DURATION = Type("duration")


def _signature(fact: Fact) -> str:
    shown = ", ".join(a.name if a.required else f"{a.name}=…" for a in fact.arguments)
    return f"{fact.name}({shown})"
