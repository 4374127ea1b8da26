"""Every ballot pack loads, is read by the engines, and cites what it says that it carries."""

from pathlib import Path

import pytest

from bole.engine.decision import SECTIONS, read_section
from bole.engine.instruments import InstrumentForm
from bole.engine.schemes import files, load
from bole.engine.schemes.source import read
from tests.engine.decision.pack_cases import answer
from tests.golden.harness import compare

ROOT = Path(__file__).parents[3] / "schemes"
PACKS = [p for p in files(ROOT) if p.name.startswith("ballots-")]


def _cited(value):
    """Every mechanism that a value or something inside it cites."""
    if isinstance(value, dict):
        own = set(value.get("mechanisms") or ())
        return own.union(*map(_cited, value.values()))
    return set().union(*map(_cited, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("path", PACKS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_pack(path):
    scheme = load(path)
    cited = {m for p in scheme.parameters.values() for m in p.mechanisms} | set(scheme.partly)
    for section in SECTIONS:
        for key, item in read_section(section, getattr(scheme, section), scheme.values()).items():
            assert item.mechanisms, f"{section}.{key} cites no mechanism"
            if isinstance(item, InstrumentForm):
                item.unsettled()
    cited |= _cited({s: getattr(scheme, s) for s in (*SECTIONS, "lists")})
    noted = " ".join(n.en + n.zh for n in scheme.notes)
    missing = [m for m in scheme.sources if m not in cited and m not in noted]
    assert not missing, f"{path.name} lists {missing} but nothing in it cites them"


CASES = [
    pytest.param(path, n, id=f"{path.parent.name}/{path.name.removesuffix('.cases.yaml')}-{n + 1}")
    for path in sorted(ROOT.glob("*/ballots-*.cases.yaml"))
    for n in range(len(read(path).get("cases") or []))
]


@pytest.mark.parametrize(("path", "n"), CASES)
def test_case(path, n):
    case = read(path)["cases"][n]
    scheme = load(path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml"))
    section, ident = case["item"].split(".")
    values = scheme.values(case.get("plan") or {})
    item = read_section(section, getattr(scheme, section), values)[ident]
    differences = compare(case["expect"], answer(item, case["given"]))
    assert not differences, f"{case['item']}: {differences}"
