"""Every named scheme of chapter 3 ships as packs, each with cases that are run.

A pack's own cases are run by `test_packs.py`; its kinds of matters by `tests/engine/matters` and
`tests/matters`. docs/decision.md shows the same table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bole.engine.schemes import files, load

ROOT = Path(__file__).parents[3]
# Number in the specification → packs that carry it.
NAMED: dict[int, tuple[str, ...]] = {
    1: ("some-county-ballots-two-agree",),
    2: ("changyi-ballots-five-gates",),
    3: ("decheng-ballots-quota", "decheng-ballots-informed-voters"),
    4: ("dongming-ballots-talk-first",),
    5: ("jimo-ballots-layered",),
    6: ("laixi-ballots-virtue",),
    7: ("laixi-ballots-open-recommendation",),
    8: ("laizhou-ballots-three-years",),
    9: ("penglai-ballots-two-pushes",),
    10: ("penglai-ballots-indicators",),
    11: ("licang-ballots-applicant-gate",),
    12: ("licang-ballots-four-twos",),
    13: ("tancheng-ballots-middle-level",),
    14: ("tancheng-ballots-jingtui",),
    15: ("tancheng-ballots-yishu-shuangtui",),
    16: ("fushan-ballots-capped-rating",),
    17: ("daotuo-ballots-village-rating",),
    18: ("guangrao-ballots-five-documents",),
    19: ("lingcheng-ballots-written-reply",),
    20: ("hedong-ballots-middle-level",),
    21: ("qingyun-ballots-rules-of-procedure", "qingyun-ballots-norm"),
    22: ("daiyue-ballots-five-no-discussions",),
    23: ("zoucheng-ballots-four-no-studies",),
    24: ("zibo-ballots-full-committee",),
    25: ("yantai-health-ballots-pre-approval",),
    26: ("anqiu-ballots-middle-level",),
    27: ("licang-ballots-seven-links",),
    28: ("laixi-ballots-pre-post-test",),
    29: ("feixian-ballots-reminder-letter",),
    30: ("kuiwen-ballots-achievement-notice",),
    31: ("longkou-ballots-last-speaker",),
}
# The kind of matter that each kind of rule needs to be worked with in the pages.
CARRIED = {
    "gates": "agenda_check",
    "consultation": "consultation",
    "talk": "_talk",
    "test": "pre_post_test",
    "letter": "reminder_letter",
    "achievement": "achievement_notice",
    "direct": "direct_decision",
    "applicants": "enough_applicants",
    "notice": "notice",
}
PACKS = {load(p).id: p for p in files(ROOT / "schemes") if p.name.startswith("ballots-")}


@pytest.mark.parametrize("number", NAMED)
def test_a_named_scheme_ships_and_is_run(number):
    packs = NAMED[number]
    assert all(p in PACKS for p in packs)
    paths = [PACKS[p] for p in packs]
    assert any(p.with_name(p.stem + ".cases.yaml").exists() for p in paths), packs
    document = (ROOT / "docs" / "decision.md").read_text(encoding="utf-8")
    assert all(f"`{p}`" in document for p in packs)


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_of_decision_and_appointment_has_a_kind_to_work_with(name):
    scheme = load(PACKS[name])
    uses = {}
    for code, kind in scheme.matters.items():
        judge = kind.get("judge") or {}
        for ident in (judge.get("use"), (judge.get("options") or {}).get("notice")):
            uses.setdefault(ident, []).append(code)
    for section in ("decision", "notices"):
        for ident, item in getattr(scheme, section).items():
            said = item.get("kind") or {"decision": "vote", "notices": "notice"}[section]
            if said in CARRIED:
                assert any(CARRIED[said] in c for c in uses.get(ident, [])), f"{section}.{ident}"
            elif said in ("vote", "probation", "documents"):
                assert uses.get(ident), f"{section}.{ident}"
