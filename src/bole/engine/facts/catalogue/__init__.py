"""The fact catalogue: every name that a rule may use."""

from __future__ import annotations

from bole.engine.facts.catalogue import career, conduct, growth, person, places
from bole.engine.facts.definitions import Fact

SECTIONS = (person, career, places, growth, conduct)
FACTS: dict[str, Fact] = {}
CHINESE: dict[str, str] = {}

for _section in SECTIONS:
    for _fact in _section.FACTS:
        if _fact.name in FACTS or _fact.chinese in CHINESE:
            raise ValueError(f"two facts called {_fact.name} / {_fact.chinese}")
        FACTS[_fact.name] = _fact
        CHINESE[_fact.chinese] = _fact.name


def find(name: str) -> Fact | None:
    """The fact of an English or Chinese name."""
    return FACTS.get(CHINESE.get(name, name))
