"""One byte sequence for one value: canonical JSON, and digests.

The form is a subset of RFC 8785: UTF-8, no space, keys sorted by code point, only null, true,
false, whole numbers, strings, lists and mappings with string keys. There are no fractions: a score
or share is written as a string ("84.5", "2/3"), so that no two programs print it differently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode
CHUNK = 1 << 20


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value.

    Raises BoleError (REC_VALUE) for what has no single written form: floats, other types, keys
    that are not strings, NUL characters (PostgreSQL cannot keep them), broken surrogates.
    """
    _check(value, "")
    return _encode(value).encode()


def fast(value: Any) -> bytes:
    """As `canonical`, for values that were parsed from JSON: no checks, same bytes."""
    return _encode(value).encode("utf-8", "surrogatepass")


def parse(line: str | bytes) -> Any:
    """JSON as the record keeps it; a fraction or a repeated key is refused (ValueError)."""
    return json.loads(line, parse_float=_no_float, object_pairs_hook=_unique)


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal, lower case."""
    return hashlib.sha256(content).hexdigest()


def file_digest(file: BinaryIO | Path) -> str:
    """SHA-256 of a file, read in pieces."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return file_digest(opened)
    hasher = hashlib.sha256()
    while piece := file.read(CHUNK):
        hasher.update(piece)
    return hasher.hexdigest()


def _no_float(text: str) -> Any:
    raise ValueError(f"a fraction ({text}) has no place in the record")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _check(value: Any, where: str) -> None:
    if value is None or isinstance(value, (bool, int)):
        return
    if isinstance(value, str):
        if "\0" in value or not _encodable(value):
            text = Text(
                "文字中含有无法保存的字符", "The text holds a character that cannot be kept"
            )
            raise BoleError(Problem("REC_VALUE", text, where))
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                text = Text("键必须是文字：{key}", "A key must be text: {key}")
                raise BoleError(Problem("REC_VALUE", text.fill(key=repr(key)), where))
            _check(key, where)
            _check(inner, f"{where}.{key}" if where else key)
        return
    if isinstance(value, (list, tuple)):
        for i, inner in enumerate(value):
            _check(inner, f"{where}[{i}]")
        return
    text = Text(
        "纪实内容不能直接保存{kind}类型的值：{value}；小数、日期请写成文字",
        "The record cannot keep a value of type {kind}: {value}; write fractions and dates as text",
    )
    raise BoleError(
        Problem("REC_VALUE", text.fill(kind=type(value).__name__, value=repr(value)), where)
    )


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
