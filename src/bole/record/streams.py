"""What rooms tell the record about their streams and actions, so that pages can name them.

A stream is "office" or "<kind>:<key>", e.g. "case:12". A room registers its kind once, in its
app's `ready()`; the record itself knows nothing of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bole.engine.errors import Problem
from bole.engine.text import Text

OFFICE = "office"


@dataclass(frozen=True)
class StreamKind:
    """How a kind of stream is named, where its page is, and who may read its entries."""

    title: Callable[[str], str]  # key → title
    url: Callable[[str], str]  # key → address of the page
    may_read: Callable[[Any, str], bool]  # (user, key) → bool


_kinds: dict[str, StreamKind] = {}
_actions: dict[str, Any] = {}
_fields: dict[tuple[str, str], Any] = {}  # (room or "", key) → name
_values: dict[tuple[str, str], dict[str, Any]] = {}  # (room or "", key) → code → name


def register(
    kind: str,
    *,
    title: Callable[[str], str],
    url: Callable[[str], str],
    may_read: Callable[[Any, str], bool],
) -> None:
    """Register streams "<kind>:<key>"."""
    _kinds[kind] = StreamKind(title, url, may_read)


def register_actions(labels: Mapping[str, Any]) -> None:
    """Names of action codes for pages and packages (lazy translations)."""
    _actions.update(labels)


def register_fields(labels: Mapping[str, Any], room: str = "") -> None:
    """Names of the keys in `before` and `after` for pages and packages (lazy translations).

    With `room` they hold for actions "<room>.…" only, and there go before those of all rooms.
    """
    _fields.update({(room, key): label for key, label in labels.items()})


def register_values(names: Mapping[str, Mapping[str, Any]], room: str = "") -> None:
    """What the codes under a key mean (lazy translations or `Text`): key → code → name.

    Several rooms may name codes under one key; `room` as for fields.
    """
    for key, codes in names.items():
        _values.setdefault((room, key), {}).update(codes)


def may_read(user: Any, stream: str) -> bool:
    """Whether the room that owns the stream lets the user read it; unknown kinds: no."""
    kind, _colon, key = stream.partition(":")
    return kind in _kinds and _kinds[kind].may_read(user, key)


def title(stream: str) -> str:
    """The stream's name for people; its code if no room registered the kind."""
    if stream == OFFICE:
        return str(_("The office"))
    kind, _colon, key = stream.partition(":")
    return _kinds[kind].title(key) if kind in _kinds else stream


def url(stream: str) -> str:
    """The page of what the stream is about; empty if there is none."""
    kind, _colon, key = stream.partition(":")
    return _kinds[kind].url(key) if kind in _kinds else ""


def action_label(action: str) -> str:
    """What an action code means; the code itself if nobody registered it."""
    return str(_actions.get(action, action))


def field_label(key: str, room: str = "") -> str:
    """What a key of `before`/`after` means; the key itself if nobody registered it."""
    return str(_fields.get((room, key), _fields.get(("", key), key)))


def value_label(key: str, value: str, room: str = "") -> str:
    """What a code under a key means; the value itself if it is no registered code."""
    for where in (room, ""):
        name = _values.get((where, key), {}).get(value)
        if name is not None:
            return name.say(get_language() or "zh") if isinstance(name, Text) else str(name)
    return value


def action_choices() -> list[tuple[str, str]]:
    """All registered actions, for filters."""
    return sorted((code, str(label)) for code, label in _actions.items())


_objections: list[Callable[[], Problem | None]] = []


def object_to_copies(objection: Callable[[], Problem | None]) -> None:
    """Let a room refuse backups while its data must not be copied."""
    if objection not in _objections:
        _objections.append(objection)


def against_a_copy() -> list[Problem]:
    """What rooms have to say against a copy of the database at this moment."""
    return [problem for objection in _objections if (problem := objection()) is not None]
