"""Two people enter the same paper independently; every difference is shown, none is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two entries differ; None where one of them has nothing."""

    where: tuple[str, ...]
    first: Any
    second: Any

    @property
    def text(self) -> Text:
        """Both values, for the two people to look at the paper again."""
        return Text(
            "{w}：第一次录入{a}，第二次录入{b}", "{w}: first entry {a}, second entry {b}"
        ).fill(w=" · ".join(self.where), a=_shown(self.first), b=_shown(self.second))


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def compare_entries(
    first: Mapping[str, Any], second: Mapping[str, Any], *, entered_by: tuple[str, str]
) -> list[Difference]:
    """Every place where two entries of a sheet, or of ballots by paper number, differ.

    The order of names on a nomination does not matter. Raises `BoleError` (SAME_PERSON) when both
    were entered by one person: that is no independent entry.
    """
    if entered_by[0] == entered_by[1]:
        text = Text("两次录入须由两人分别完成", "two different people must enter the sheet")
        raise BoleError(Problem("SAME_PERSON", text))
    return list(_compare(first, second, ()))


def _compare(first: Any, second: Any, where: tuple[str, ...]) -> Iterator[Difference]:
    if isinstance(first, Mapping) or isinstance(second, Mapping):
        one = first if isinstance(first, Mapping) else {}
        two = second if isinstance(second, Mapping) else {}
        if one is not first and first is not None or two is not second and second is not None:
            yield Difference(where, first, second)
            return
        for key in dict.fromkeys([*one, *two]):
            yield from _compare(one.get(key), two.get(key), (*where, str(key)))
    elif _plain(first) != _plain(second):
        yield Difference(where, first, second)


def _plain(value: Any) -> Any:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return sorted(map(str, value)) if listed else value
