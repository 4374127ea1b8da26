"""No-motion rules, people per post, gates, delegated plans, dispatch selection."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.engine.headcount import Line, Move, judge
from bole.engine.motion import (
    Delegated,
    DelegatedPlan,
    Dispatch,
    Execution,
    MotionCase,
    MotionGates,
    NoMotion,
    PerPost,
    Person,
    PostLine,
    check_gates,
    follow,
    gate,
    next_consent,
    per_post,
    review,
    select,
)
from bole.engine.spans import Spell

D = datetime.date

NO_MOTION = NoMotion.model_validate(
    {
        "id": "n",
        "title": "不动议",
        "rules": [
            {"id": "r", "title": "未推荐", "bar": {"recommended": False}, "missing": "m1"},
            {"id": "v", "title": "票未进前列", "votes": "votes", "within": "unit", "top": 2}
            | {"missing": "m2"},
        ],
    }
)


def person(name, votes, recommended=True, unit="甲") -> Person:
    return Person(name, {"votes": votes, "recommended": recommended, "unit": unit})


def test_everyone_tied_at_the_last_place_is_in():
    people = [
        person("a", 9),
        person("b", 5),
        person("c", 5),
        person("d", 1),
        person("e", 1, unit="乙"),
    ]
    found = {g.person: g for g in gate(NO_MOTION, people)}
    assert [found[p].state for p in "abcde"] == ["clear", "clear", "clear", "barred", "clear"]
    assert found["d"].bars == ("v_2",) and found["d"].ranks["v"] == 4


def test_a_missing_fact_bars_nobody_and_keeps_the_gate_open():
    found = gate(NO_MOTION, [person("a", None), person("b", 1, None), person("c", None, False)])
    assert [(g.state, g.bars, g.todo) for g in found] == [
        ("open", (), ("m2",)),
        ("open", (), ("m1",)),
        ("barred", ("r",), ("m2",)),
    ]


RANGE = PerPost(id="p", title="一至三人", minimum=1, maximum=3)


def test_both_ends_of_the_range_are_in():
    result = per_post(RANGE, {"A": ["x"], "B": ["x", "y", "z"], "C": list("abcd"), "D": []})
    found = {p.post: p for p in result.posts}
    assert [found[p].ok for p in "ABCD"] == [True, True, False, False]
    assert (found["C"].over_by, found["D"].short_by) == (1, 1)
    assert result.several == {"x": ("A", "B")}
    with pytest.raises(BoleError):
        per_post(RANGE, {"A": ["x", "x"]})


GATES = MotionGates.model_validate(
    {
        "id": "g",
        "title": "动议",
        "gates": [
            {"gate": "G1", "triggers": {"vacancy": "职位空缺"}},
            {"gate": "G2"},
            {"gate": "G3"},
            {"gate": "G4"},
            {"gate": "G5"},
            {"gate": "G6", "per_post": {"id": "p", "title": "人数", "maximum": 3}},
            {"gate": "G7"},
            {"gate": "G8", "checks": {"dossier": "档案审核"}},
            {"gate": "G9", "strength": "warn"},
            {"gate": "G10", "consult": {"secretary": "书记"}},
        ],
    }
)
FULL = MotionCase(
    trigger="vacancy",
    analysis_report="研判报告",
    principles_adopted=D(2021, 3, 1),
    names_first_listed=D(2021, 3, 1),
    headcount=judge([Line("副局长", 3, 2)], [Move("甲", None, "副局长")]),
    written_recommendations={"甲": True},
    candidates={"副局长": ["甲"]},
    no_motion=gate(NO_MOTION, [person("甲", 3)]),
    checks={"dossier": {"甲": "clear"}},
    risks={"risk_note": "无"},
    consulted={"secretary": D(2021, 3, 5)},
)


def states(case: MotionCase) -> list[str]:
    return [str(r.state) for r in check_gates(GATES, case)]


def test_a_full_case_passes_every_gate():
    assert states(FULL) == ["passed"] * 10


def test_an_empty_case_says_everything_that_is_missing():
    results = check_gates(GATES, MotionCase())
    assert [str(r.state) for r in results] == [
        "open",
        "open",
        "open",
        "open",
        "passed",  # nobody is named yet, so nobody lacks a recommendation
        "open",
        "passed",
        "passed",
        "open",
        "open",
    ]
    assert not results[8].holds_the_case  # a warning
    assert results[0].holds_the_case


@pytest.mark.parametrize(
    ("change", "at", "state"),
    [
        ({"trigger": "wish"}, 0, "stopped"),
        ({"names_first_listed": D(2021, 2, 28)}, 2, "stopped"),
        ({"principles_adopted": None}, 2, "stopped"),
        (
            {"headcount": judge([Line("副局长", 2, 2)], [Move("甲", None, "副局长")])},
            3,
            "stopped",
        ),
        ({"written_recommendations": {}}, 4, "open"),
        ({"candidates": {"副局长": list("甲乙丙丁")}}, 5, "stopped"),
        ({"no_motion": gate(NO_MOTION, [person("甲", 3, False)])}, 6, "stopped"),
        ({"no_motion": ()}, 6, "open"),
        ({"checks": {"dossier": {"甲": "adverse"}}}, 7, "stopped"),
        ({"checks": {}}, 7, "open"),
        ({"consulted": {}}, 9, "open"),
    ],
)
def test_each_gate(change, at, state):
    case = MotionCase(**{**FULL.__dict__, **change})
    result = check_gates(GATES, case)[at]
    assert str(result.state) == state
    assert result.reasons


DELEGATED = Delegated.model_validate(
    {
        "id": "d",
        "title": "中层",
        "steps": {"recommend": "推荐", "inspect": "考察", "decide": "决定"},
        "modes": ["competition"],
        "establishment_form": True,
    }
)


def plan(**given) -> DelegatedPlan:
    base = {
        "unit": "水利局",
        "posts": (PostLine("办公室主任", 1, 1, 1, 1),),
        "mode": "competition",
        "steps": ("recommend", "inspect", "decide"),
        "establishment_form": True,
    }
    return DelegatedPlan(**(base | given))


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, []),
        ({"posts": (PostLine("主任", 1, 1, 1),)}, ["over", "no_vacancy"]),
        ({"posts": (PostLine("主任", 2, 3, 2),)}, ["over"]),
        ({"posts": (PostLine("主任", 1, None, 1),)}, ["headcount_missing"]),
        ({"posts": (PostLine("主任", 1, 2, 1, 0, False),)}, ["against_establishment"]),
        ({"posts": (PostLine("主任", 1, 2, 1, 0, None),)}, ["against_establishment"]),
        ({"mode": None}, ["mode"]),
        ({"mode_finding": "范围过窄"}, ["mode"]),
        ({"steps": ("recommend", "decide")}, ["steps"]),
        ({"establishment_form": None}, ["establishment_form"]),
    ],
)
def test_reasons_to_refuse_a_plan(given, codes):
    assert [p.code for p in review(DELEGATED, plan(**given))] == codes


def done(started, content=None, **days) -> Execution:
    return Execution(content or plan().content, started, days)


@pytest.mark.parametrize(
    ("reply", "execution", "codes", "state"),
    [
        (D(2021, 3, 1), done(D(2021, 3, 1)), [], "executing"),
        (D(2021, 3, 2), done(D(2021, 3, 1)), ["NO_APPROVAL"], "not_approved"),
        (None, done(D(2021, 3, 1)), ["NO_APPROVAL"], "not_approved"),
        (None, done(None), [], "executing"),
        (
            D(2021, 3, 1),
            done(D(2021, 3, 1), plan(mode="leader").content),
            ["PLAN_CHANGED"],
            "change_pending",
        ),
        (
            D(2021, 3, 1),
            done(D(2021, 3, 1), recommend=D(2021, 3, 9), inspect=D(2021, 3, 8)),
            ["STEP_ORDER"],
            "executing",
        ),
        (
            D(2021, 3, 1),
            done(None, recommend=D(2021, 2, 27), inspect=D(2021, 2, 27)),
            ["NO_APPROVAL"],
            "not_approved",
        ),
    ],
)
def test_what_was_done_against_what_was_approved(reply, execution, codes, state):
    result = follow(plan(), reply, execution)
    assert ([p.code for p in result.problems], result.state) == (codes, state)


def test_the_content_hash_fixes_posts_numbers_mode_and_steps():
    same = plan(unit="另一单位", establishment_form=False)
    assert same.content_hash == plan().content_hash
    other = plan(posts=(PostLine("办公室主任", 2, 1, 1, 1),))
    assert other.content_hash != plan().content_hash
    assert plan(steps=("inspect", "recommend", "decide")).content_hash != plan().content_hash


DISPATCH = Dispatch.model_validate(
    {
        "id": "d",
        "title": "选派",
        "conditions": [
            {"id": "age", "title": "年龄", "when": {"age": {"at_most": 40}}},
            {"id": "service", "title": "工龄", "service": {"fact": "work", "years": 3}},
        ],
        "exclusions": [{"id": "poor", "title": "基本称职", "when": {"poor": True}}],
        "consents": {"person": "本人", "committee": "单位党委"},
        "prefer": [{"id": "new", "title": "无农村经历优先", "when": {"rural": False}}],
    }
)


def test_the_first_that_applies_is_the_answer_and_all_reasons_are_listed():
    people = {
        "a": {"age": 41, "work": 1, "poor": True, "rural": False},
        "b": {"age": 40, "work": 3, "poor": True, "rural": False},
        "c": {"age": None, "work": 3, "poor": False, "rural": False},
        "d": {"age": 30, "work": 3, "poor": False, "rural": True},
        "e": {"age": 30, "work": [Spell(D(2015, 1, 1), D(2017, 12, 31))], "poor": False}
        | {"rural": False},
    }
    found = select(DISPATCH, people, D(2021, 1, 1))
    assert [(r.person, str(r.standing)) for r in found] == [
        ("e", "eligible"),
        ("d", "eligible"),
        ("c", "unknown"),
        ("b", "excluded"),
        ("a", "not_eligible"),
    ]
    assert [c.id for c in found[-1].failing] == ["age", "service"]


def test_consents_are_taken_in_their_order():
    assert next_consent(DISPATCH, {}) == ("person", False)
    assert next_consent(DISPATCH, {"person": True, "committee": False}) == ("committee", True)
    assert next_consent(DISPATCH, {"person": True, "committee": True}) == (None, False)
