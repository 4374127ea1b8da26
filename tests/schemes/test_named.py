"""Every named scheme of chapters 2 and 5 ships as packs, and each of them is run by a test.

`named.yaml` lists them. A pack is run when its procedure is walked to the end on every branch
(test_pack_cases.py), when it has cases of its own beside it, when a golden case of one of its
mechanisms reads it, or when its matters are walked (tests/engine/matters).

`python -m tests.schemes.test_named` prints the table of docs/named-schemes.md.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bole.engine.schemes import Scheme, files, load
from bole.engine.schemes.coverage import coverage, general, mechanisms
from bole.engine.schemes.source import read
from bole.engine.vetting.routing import Routes, route
from bole.engine.vetting.section import VettingSection

ROOT = Path(__file__).parents[2]
NAMED: dict[str, dict[str, Any]] = read(Path(__file__).with_name("named.yaml"))
DOC = ROOT / "docs" / "named-schemes.md"
# Lists of prohibitions: their routes are run below.
HERE = {"linyi-village-prohibitions", "longkou-petition-secondees"}


WORDS = {
    "walk": "走完每个分支",
    "cases": "自带例子",
    "golden": "黄金用例",
    "matters": "事项走通",
    "here": "test_named",
}


@cache
def packs() -> dict[str, list[tuple[Scheme, Path]]]:
    """Every shipped scheme with its file; two versions of one scheme stand under one id."""
    found: dict[str, list[tuple[Scheme, Path]]] = {}
    for path in files(ROOT / "schemes"):
        scheme = load(path)
        found.setdefault(scheme.id, []).append((scheme, path))
    return found


@cache
def carriers() -> dict[str, list[str]]:
    """Mechanism → the packs that cite it."""
    schemes = [scheme for versions in packs().values() for scheme, _path in versions]
    rows = coverage(schemes, general(), mechanisms())
    return {r.mechanism.id: [b for b in r.by if b in packs()] for r in rows}


@cache
def _golden() -> str:
    tests = Path(__file__).parents[1]
    found = [*(tests / "cases").glob("*.yaml"), *(tests / "golden" / "variants").glob("*.yaml")]
    return "\n".join(p.read_text(encoding="utf-8") for p in found)


def runs(pack: str) -> list[str]:
    """By which tests a pack is run: walk, cases, golden, matters, here; all of its versions."""
    return [
        name for name in WORDS if all(name in _runs(scheme, path) for scheme, path in packs()[pack])
    ]


def _runs(scheme: Scheme, path: Path) -> set[str]:
    found = {"here"} if scheme.id in HERE else set()
    if scheme.procedure is not None:
        found.add("walk")
    if path.with_name(f"{path.stem}.cases.yaml").is_file():
        found.add("cases")
    if any(re.search(rf"(?<![\d.]){re.escape(i)}(?!\d)", _golden()) for i in scheme.sources):
        found.add("golden")
    if "\nmatters:" in path.read_text(encoding="utf-8"):
        found.add("matters")  # tests/engine/matters/test_shipped.py
    return found


def of(named: str) -> list[str]:
    """The packs of a named scheme, in the order of its mechanisms."""
    ids = NAMED[named]["mechanisms"]
    return list(dict.fromkeys(p for i in ids for p in carriers()[i]))


def test_all_named_schemes_of_both_chapters_are_listed():
    assert [k for k in NAMED if k.startswith("S-")] == [f"S-{n}" for n in range(1, 44)]
    assert [k for k in NAMED if k.startswith("2-")] == [f"2-{n}" for n in range(1, 39)]


@pytest.mark.parametrize("named", NAMED)
def test_a_named_scheme_ships_and_is_run(named):
    for mechanism in NAMED[named]["mechanisms"]:
        assert carriers()[mechanism], f"no pack carries {mechanism} of {named}"
    for pack in of(named):
        assert runs(pack), f"no test runs {pack} of {named}"


def test_field_rules_lead_to_what_they_say():
    path = packs()["longkou-petition-secondees"][0][1]
    section = TypeAdapter(VettingSection).validate_python(load(path).vetting)
    rule = section["outcomes"]
    assert isinstance(rule, Routes)
    assert route(rule, ["outstanding"], {}).values["governs"] == "annual_grade_excellent"
    assert route(rule, ["floating_style"], {}).values["governs"] == "admonition_talk"
    unknown = route(rule, ["something else"], {})
    assert unknown.values["governs"] == "cannot_compute", "never forced into a route"
    village = packs()["linyi-village-prohibitions"][0][0]
    assert len(village.lists["ten"]["items"]) == village.lists["ten"]["counted"] == 10


def table() -> str:
    """The table of docs/named-schemes.md."""
    lines = [
        "# 点名办法与测试 / Named schemes and their tests",
        "",
        "由 `python -m tests.schemes.test_named` 生成。“走完每个分支”是 "
        "`tests/schemes/test_pack_cases.py`，“自带例子”是办法旁边的 `.cases.yaml`，"
        "“黄金用例”是 `tests/cases`，“事项走通”是 "
        "`tests/engine/matters/test_shipped.py`。",
        "",
        "Made by `python -m tests.schemes.test_named`. Each named scheme of the specification's "
        "chapters 2 and 5, the packs that carry it, and what runs each pack.",
        "",
        "| 编号 | 办法 | 承载的办法文件 | 由什么测试 |",
        "|---|---|---|---|",
    ]
    for named, row in NAMED.items():
        found = of(named)
        said = "；".join(f"{p}：{'、'.join(WORDS[w] for w in runs(p))}" for p in found)
        names = "、".join(f"`{p}`" for p in found)
        lines.append(f"| {named} | {row['name']} | {names} | {said} |")
    return "\n".join(lines) + "\n"


def test_the_table_in_the_docs_names_every_scheme():
    text = DOC.read_text(encoding="utf-8")
    for named in NAMED:
        assert f"| {named} |" in text


if __name__ == "__main__":
    DOC.write_text(table(), encoding="utf-8")
