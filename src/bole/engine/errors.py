"""What is wrong, where, and what to do: the one shape of every refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bole.engine.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `code` is stable and for programs (`ID_CHECK_DIGIT`); `text` is for the person;
    `where` names the place: a file, sheet and cell, a line and column, or a field.
    """

    code: str
    text: Text
    where: str = ""

    def say(self, language: str) -> str:
        """The sentence with its place in front."""
        separator = ": " if language.lower().startswith("en") else "："
        return (
            f"{self.where}{separator}{self.text.say(language)}"
            if self.where
            else (self.text.say(language))
        )

    def as_dict(self) -> dict[str, object]:
        """The problem as JSON outputs carry it."""
        return {"code": self.code, "where": self.where, "text": self.text.as_dict()}


class BoleError(Exception):
    """Refused, with every reason at once. `problems` is never empty."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        if not self.problems:
            raise ValueError("a BoleError needs at least one problem")
        super().__init__("；".join(p.say("zh") for p in self.problems))

    def say(self, language: str) -> str:
        """All problems, one a line."""
        return "\n".join(p.say(language) for p in self.problems)
