"""What every vetting rule of a pack carries, and how one answer is given back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bole.engine.procedures.base import Id, Model, Name
from bole.engine.text import Text, join


class VettingRule(Model):
    """The head of an item of the `vetting:` section."""

    id: Id
    title: Name | None = None
    mechanisms: tuple[str, ...] = ()
    reference: str = ""


@dataclass(slots=True)
class Answer:
    """Values by name, and the sentences for the person who must do something."""

    values: dict[str, Any] = field(default_factory=dict)
    said: list[Text] = field(default_factory=list)

    def say(self, zh: str, en: str, **values: Any) -> None:
        """Adds a sentence."""
        self.said.append(Text(zh, en).fill(**values))

    @property
    def text(self) -> Text:
        """All sentences as one."""
        return join(self.said)
