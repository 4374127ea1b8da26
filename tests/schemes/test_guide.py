"""The guide keeps its promises: what it shows loads, and its error lines are real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bole.engine.errors import BoleError
from bole.engine.procedures.gates import Gate
from bole.engine.schemes import load
from bole.engine.schemes.source import parse

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "procedures.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_every_block_is_yaml():
    assert len(BLOCKS) >= 7
    for block in BLOCKS:
        parse(re.sub(r"^  ", "", block, flags=re.MULTILINE) if block.startswith("  ") else block)


def test_every_kind_of_gate_is_in_the_table():
    union = Gate.__args__[0]  # type: ignore[attr-defined]
    for gate in union.__args__:
        (kind,) = gate.model_fields["kind"].annotation.__args__
        assert f"| `{kind}` |" in GUIDE


def test_the_inheritance_example_loads(tmp_path):
    (block,) = [b for b in BLOCKS if b.startswith("extends:")]
    pack = tmp_path / "local.yaml"
    pack.write_text("id: local\nname: 本县\nplace: 本县\n" + block, encoding="utf-8")
    scheme = load(pack, ROOT / "schemes")
    assert [d.id for d in scheme.deviations] == ["R8.4.college", "motion_consultation"]
    assert scheme.procedure is not None
    assert "early_dossier" in scheme.procedure.before["proposal"]


def test_a_wrong_role_is_named_as_the_guide_says(tmp_path):
    pack = tmp_path / "mine.yaml"
    text = (ROOT / "schemes/middle-level/justice-bureau-nine-steps.yaml").read_text("utf-8")
    pack.write_text(text.replace("who: inspector", "who: inspectr"), encoding="utf-8")
    with pytest.raises(BoleError, match="没有名为“inspectr”的角色，是否为“inspector”"):
        load(pack)
