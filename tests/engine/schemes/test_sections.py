"""Faults in the parts that other engines read are named with their line, too."""

from __future__ import annotations

import pytest

from bole.engine.errors import BoleError
from bole.engine.schemes import load

HEAD = "id: x\nname: 试\nplace: 县\n"
TABLE = [
    ("unknown kind of scoring", "scoring:\n  total:\n    kind: compsite\n", "5"),
    (
        "weights that do not add up",
        "scoring:\n  total:\n    kind: composite\n    parts: {a: 40%, b: 50%}\n",
        "7",
    ),
    ("unknown parameter", "scoring:\n  total:\n    parts: {a: {weight: {param: w}}}\n", "6"),
    ("unknown kind of list", "lists:\n  one:\n    kind: nmaed\n", "5"),
    (
        "unknown key of an instrument",
        "instruments:\n  form:\n    kind: form\n    anonimous: true\n",
        "7",
    ),
]


@pytest.mark.parametrize(("text", "line"), [pytest.param(*c[1:], id=c[0]) for c in TABLE])
def test_fault_by_line(tmp_path, text, line):
    pack = tmp_path / "x.yaml"
    pack.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(BoleError) as caught:
        load(pack)
    lines = {p.where.split(":")[1] for p in caught.value.problems}
    assert line in lines, caught.value.say("en")
