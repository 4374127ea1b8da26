"""Every item of every pack reads as sentences in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bole.engine.lists.words import describe
from bole.engine.schemes import files, load
from tests.engine.packs.run import SECTIONS

ROOT = Path(__file__).parents[3] / "schemes"
PACKS = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in files(ROOT)]


@pytest.mark.parametrize("path", PACKS)
def test_items_read_as_sentences(path: Path) -> None:
    scheme = load(path)
    for name, section in SECTIONS.items():
        for item in section.validate_python(getattr(scheme, name)).values():
            said = describe(item)
            assert said and item.title.zh in said[0].zh
            for text in said:
                assert "Fraction(" not in text.zh + text.en
                assert "Text(" not in text.zh + text.en


def test_a_ratio_reads_as_one_sentence() -> None:
    section = SECTIONS["quotas"].validate_python(load(ROOT / "gaoqing/project-teams.yaml").quotas)
    (said,) = describe(section["outstanding_teams"])
    assert "达到2/3（分母：同批次提拔重用人数）（原则上）" in said.zh
    assert "at least 2/3 of promotions" in said.en
