"""Pydantic's errors as sentences for the person who writes the pack."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bole.engine.errors import Problem
from bole.engine.schemes.source import Map, place
from bole.engine.text import Text

SAID: dict[str, Text] = {
    "missing": Text("缺少“{key}”", "“{key}” is missing"),
    "extra_forbidden": Text("不认识的键“{key}”", "The key “{key}” is not known"),
    "literal_error": Text("“{value}”应为 {expected} 之一", "“{value}” must be one of {expected}"),
    "union_tag_invalid": Text(
        "kind “{tag}”应为 {expected_tags} 之一", "kind “{tag}” must be one of {expected_tags}"
    ),
    "union_tag_not_found": Text("缺少 kind", "kind is missing"),
    "int_type": Text("“{value}”应为整数", "“{value}” must be a whole number"),
    "int_parsing": Text("“{value}”应为整数", "“{value}” must be a whole number"),
    "string_type": Text("“{value}”应为文字", "“{value}” must be a text"),
    "bool_type": Text("“{value}”应为 true 或 false", "“{value}” must be true or false"),
    "bool_parsing": Text("“{value}”应为 true 或 false", "“{value}” must be true or false"),
    "list_type": Text("应为列表（每行以 - 开头）", "A list is wanted (lines that begin with -)"),
    "dict_type": Text("应为“键: 值”", "A mapping of keys is wanted"),
    "model_type": Text("应为“键: 值”", "A mapping of keys is wanted"),
    "dataclass_type": Text("应为名称", "A name is wanted"),
    "date_type": Text("“{value}”应为日期，如 2019-03-03", "“{value}” must be a date: 2019-03-03"),
    "date_from_datetime_parsing": Text(
        "“{value}”应为日期，如 2019-03-03", "“{value}” must be a date: 2019-03-03"
    ),
    "too_short": Text("至少写{min_length}项", "At least {min_length} item(s)"),
    "greater_than_equal": Text("“{value}”不得小于{ge}", "“{value}” must not be below {ge}"),
    "string_too_short": Text("不能为空", "must not be empty"),
}


def problems_of(
    error: ValidationError, data: Map, below: tuple[str | int, ...] = ()
) -> list[Problem]:
    """Pydantic's errors as sentences, each with the line where it stands.

    `below` is the path inside `data` of the value that was checked.
    """
    found: dict[str, Problem] = {}
    for e in error.errors():
        path = (*below, *e["loc"])
        where = place(data, path)
        ctx: dict[str, Any] = dict(e.get("ctx") or {})
        key = str(path[-1]) if path else ""
        if e["type"] == "value_error":
            said = str(ctx.get("error", e["msg"]))
            zh, _, en = said.partition(" / ")
            text = Text(zh, en or zh)
        elif e["type"] in SAID:
            value = e["input"]
            shown = type(value).__name__ if isinstance(value, (dict, list)) else value
            text = SAID[e["type"]].fill(**{**ctx, "key": key, "value": shown})
        else:
            text = Text(f"不合要求：{e['msg']}", e["msg"])
        if e["type"] == "extra_forbidden":
            near = difflib.get_close_matches(key, _keys(), n=1)
            if near:
                text += Text(f"，是否为“{near[0]}”？", f"; is “{near[0]}” meant?")
        # Several readings of one value (a number or {param: …}) fail at one place: say it once.
        found.setdefault(
            where + (key if e["type"] == "missing" else ""),
            Problem(f"PACK_{e['type'].upper()}", text, where),
        )
    return list(found.values())


@lru_cache(maxsize=1)
def _keys() -> tuple[str, ...]:
    """Every key that a pack may use, for suggestions."""
    seen: set[type[BaseModel]] = set()
    names: set[str] = set()

    def walk(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen:
                return
            seen.add(kind)
            for name, field in kind.model_fields.items():
                names.add(field.alias or name)
                walk(field.annotation)
                for m in field.metadata:
                    walk(m)
        else:
            for part in get_args(kind):
                walk(part)

    from bole.engine.schemes.models import Scheme

    walk(Scheme)
    return tuple(sorted(names))
