"""The examples of `docs/quotas.md` are read by the engines as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bole.engine.schemes.source import parse
from tests.engine.packs.run import SECTIONS

DOC = Path(__file__).parents[3] / "docs/quotas.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_example(block: str) -> None:
    data = parse(block)
    if "checks" in data:
        return
    for name, section in data.items():
        assert SECTIONS[name].validate_python(section)


def test_every_kind_of_the_engines_is_in_the_table() -> None:
    text = DOC.read_text(encoding="utf-8")
    for section in SECTIONS.values():
        for definition in section.json_schema()["$defs"].values():
            kind = definition.get("properties", {}).get("kind", {}).get("const")
            assert kind is None or f"`{kind}`" in text, kind
