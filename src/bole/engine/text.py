"""A sentence in Chinese and English, for everything that the engine says to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages.

    >>> Text("缺少{name}", "{name} is missing").fill(name="出生年月").zh
    '缺少出生年月'
    """

    zh: str
    en: str

    def fill(self, **values: Any) -> Text:
        """Fill the places of both sentences; a value that is a `Text` is filled by language."""

        def pick(language: Language) -> dict[str, Any]:
            return {k: v.say(language) if isinstance(v, Text) else v for k, v in values.items()}

        return Text(self.zh.format(**pick("zh")), self.en.format(**pick("en")))

    def say(self, language: str) -> str:
        """The sentence in `language` ("zh", "zh-hans", "en" …); Chinese unless English is asked."""
        return self.en if language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        return self.zh

    def __add__(self, other: Text) -> Text:
        return Text(self.zh + other.zh, self.en + other.en)

    def as_dict(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`, as JSON outputs carry it."""
        return {"zh": self.zh, "en": self.en}


def join(parts: list[Text], zh: str = "；", en: str = "; ") -> Text:
    """Several sentences as one, separated as each language does it."""
    return Text(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
