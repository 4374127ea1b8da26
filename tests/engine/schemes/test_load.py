"""Loading, inheritance with its deviations, versions by date, and errors by line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from bole.engine.errors import BoleError
from bole.engine.schemes import Scheme, in_force, load, load_all
from bole.engine.schemes.difference import difference
from bole.engine.schemes.words import as_text

PARENT = """\
id: parent
name: {zh: 上级办法, en: Parent}
place: 省
effective_from: 2019-01-01
parameters:
  days: {label: 公示期, type: days, default: 5, least: 1, stricter: higher}
  share: {label: 比例, type: fraction, default: 1/2}
  free: {label: 自定, type: int, open: true, least: 1}
rules:
  eligibility:
    - {id: A, text: 工龄满5年, require: years_of_work >= 5}
    - {id: B, text: 受处分不得, bar: under_sanction}
procedure:
  name: 程序
  papers: [{id: plan, name: 方案}]
  links:
    - id: l
      name: 环节
      steps:
        - {id: a, name: 甲, papers: [plan]}
        - {id: b, name: 乙, gates: [{id: g, kind: headcount}]}
"""
HEAD = "id: child\nname: 下级办法\nplace: 县\nextends: parent\n"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "schemes" / "x"
    folder.mkdir(parents=True)
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    return folder


def child(packs: Path, text: str, name: str = "child.yaml") -> Scheme:
    (packs / name).write_text(HEAD + text, encoding="utf-8")
    return load(packs / name)


def problems(packs: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(BoleError) as caught:
        child(packs, text)
    for p in caught.value.problems:
        assert p.text.zh and p.text.en
    return [
        (p.code, p.where.removeprefix("child.yaml:").split(":")[0]) for p in caught.value.problems
    ]


def test_what_is_not_said_is_inherited(packs):
    scheme = child(packs, "parameters: {days: 7}\n")
    assert scheme.lineage == ["parent"]
    assert scheme.values() == {"days": 7, "share": Fraction(1, 2), "free": None}
    assert scheme.open_parameters({"free": 3}) == []
    assert [r.id for r in scheme.rule_set("eligibility")] == ["A", "B"]
    assert scheme.all_rules[0].origin == "parent"
    assert scheme.procedure is not None and list(scheme.procedure.steps) == ["a", "b"]
    assert scheme.deviations == []


@pytest.mark.parametrize(
    ("text", "deviations"),
    [
        ("rules: {eligibility: [{id: A, text: 满6年, require: years_of_work >= 6}]}", []),
        (
            "rules: {eligibility: [{id: A, text: 满4年, require: years_of_work >= 4, "
            "loosens: 人少}]}",
            [("rule", "A", "人少")],
        ),
        ("removes: [{rule: B, loosens: 试点}]", [("rule", "B", "试点")]),
        ("parameters: {days: {default: 3, loosens: 应急}}", [("parameter", "days", "应急")]),
        ("parameters: {share: {default: 2/3, tightens: 更严}}", []),
        ("procedure: {changes: [{insert: {id: n, name: 新}, after: a}]}", []),
        ("procedure: {changes: [{remove: b, loosens: 无编制事项}]}", [("step", "b", "无编制事项")]),
        (
            "procedure: {changes: [{change: b, with: {gates: []}, loosens: 已核}]}",
            [("step", "b", "已核")],
        ),
        ("procedure: {changes: [{change: b, with: {name: 乙二}}]}", []),
        (
            "procedure: {changes: [{insert_link: {id: m, name: 新环节, "
            "steps: [{id: z, name: 末}]}, after: l}]}",
            [],
        ),
    ],
)
def test_changes_and_deviations(packs, text, deviations):
    scheme = child(packs, text + "\n")
    assert [(d.part, d.id, d.reason) for d in scheme.deviations] == deviations
    for _, _, reason in deviations:
        assert reason in as_text(scheme)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "rules: {eligibility: [{id: A, text: 满4年, require: years_of_work >= 4}]}",
            [("LOOSENS", "5")],
        ),
        ("rules: {eligibility: [{id: A, text: 换, require: age >= 4}]}", [("DIRECTION", "5")]),
        (
            "rules: {eligibility: [{id: A, text: 弱, require: years_of_work >= 5, "
            "strength: warn}]}",
            [("LOOSENS", "5")],
        ),
        ("removes:\n  - {rule: B}", [("LOOSENS", "6")]),
        ("removes:\n  - {rule: Z, loosens: x}", [("UNKNOWN_NAME", "6")]),
        ("parameters:\n  days: 3", [("LOOSENS", "6")]),
        ("parameters:\n  days: 0", [("LOOSENS", "6")]),
        ("procedure:\n  changes:\n    - {remove: b}", [("LOOSENS", "7")]),
        ("procedure:\n  changes:\n    - {change: b, with: {gates: []}}", [("LOOSENS", "7")]),
        (
            "procedure:\n  changes:\n    - {insert: {id: n, name: n}, after: zz}",
            [("UNKNOWN_NAME", "7")],
        ),
        ("procedure:\n  changes:\n    - {delete: b}", [("CHANGE", "7")]),
        ("paramters: {}", [("PACK_EXTRA_FORBIDDEN", "5")]),
        ("parameters:\n  new: {label: 新, type: int}", [("PACK_VALUE_ERROR", "6")]),
        ("parameters:\n  new: {label: 新, type: int, default: many}", [("PACK_VALUE_ERROR", "6")]),
        ("rules:\n  more:\n    - {id: C, text: 缺}", [("PACK_VALUE_ERROR", "7")]),
        ("rules:\n  more:\n    - {id: A, text: 重, bar: x()}", [("ID_TWICE", "7")]),
        ("effective_from: 2024-01-02\neffective_until: 2024-01-01", [("DATES", "6")]),
        (
            "procedure:\n  changes:\n    - insert:\n        id: n\n        name: n\n"
            "        gates: [{kind: steps, steps: [q]}]\n      after: a",
            [("UNKNOWN_NAME", "10")],
        ),
        (
            "procedure:\n  changes:\n    - insert:\n        id: n\n        name: n\n"
            "        gates: [{kind: stps}]\n      after: a",
            [("PACK_UNION_TAG_INVALID", "10")],
        ),
    ],
)
def test_errors_by_line(packs, text, expected):
    assert problems(packs, text + "\n") == expected


def test_a_fact_that_does_not_exist_is_named_with_its_line_and_column(packs):
    text = "rules:\n  more:\n    - {id: C, text: 缺, when: days > 3, bar: yers_of_work > 3}\n"
    child(packs, text)
    with pytest.raises(BoleError) as caught:
        load(packs / "child.yaml", expressions=True)
    (problem,) = caught.value.problems
    assert problem.where.startswith("child.yaml:7:")
    assert "第1列" in problem.text.zh and "years_of_work" in problem.text.en


def test_schemes_must_not_extend_each_other(packs):
    (packs / "one.yaml").write_text(
        "id: one\nname: 一\nplace: 县\nextends: two\n", encoding="utf-8"
    )
    (packs / "two.yaml").write_text(
        "id: two\nname: 二\nplace: 县\nextends: one\n", encoding="utf-8"
    )
    with pytest.raises(BoleError, match="互相继承"):
        load(packs / "one.yaml")


def test_a_missing_parent_is_named_with_its_line(packs):
    (packs / "lost.yaml").write_text(
        "id: l\nname: 一\nplace: 县\nextends: prent\n", encoding="utf-8"
    )
    with pytest.raises(BoleError) as caught:
        load(packs / "lost.yaml")
    assert caught.value.problems[0].where == "lost.yaml:4:1"
    assert "parent" in caught.value.problems[0].text.en


def test_all_packs_and_their_problems_by_file(packs):
    child(packs, "")
    (packs / "bad.yaml").write_text("id: bad\n", encoding="utf-8")
    (packs / "child.cases.yaml").write_text("walks: []\n", encoding="utf-8")
    schemes, found = load_all(packs.parent)
    assert [s.id for s in schemes] == ["child", "parent"]
    assert list(found) == [str(Path("x") / "bad.yaml")]


def test_of_two_versions_the_day_decides(packs):
    first = child(packs, "version: '1'\neffective_from: 2020-01-01\n", "child-1.yaml")
    second = child(packs, "version: '2'\neffective_from: 2022-01-01\n", "child-2.yaml")
    on = {2019: [], 2021: ["1"], 2023: ["2"]}
    for year, versions in on.items():
        found = in_force([second, first], "县", date(year, 6, 1))
        assert [s.version for s in found] == versions
    assert first.digest != second.digest


def test_a_change_of_the_parent_is_seen_at_once(packs):
    scheme = child(packs, "")
    (packs / "parent.yaml").write_text(PARENT.replace("default: 5", "default: 6"), encoding="utf-8")
    assert load(packs / "child.yaml").digest != scheme.digest


def test_difference_says_what_changed(packs):
    a, b = load(packs / "parent.yaml"), child(packs, "parameters: {days: 7}\n")
    said = {(d.part, d.id, d.kind): d.text.zh for d in difference(a, b)}
    assert said[("parameter", "days", "changed")] == "参数“days”：default=5 → default=7"
    assert not any(part in ("rule", "step") for part, _, _ in said)


def test_values_of_a_plan_are_checked(packs):
    scheme = load(packs / "parent.yaml")
    assert scheme.values({"free": 2, "share": "30%"})["share"] == Fraction(3, 10)
    with pytest.raises(BoleError) as caught:
        scheme.values({"nope": 1, "free": 0, "days": "five"})
    assert [p.code for p in caught.value.problems] == [
        "PARAM_UNKNOWN",
        "PARAM_VALUE",
        "PARAM_VALUE",
    ]
