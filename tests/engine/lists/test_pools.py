"""Tiers, conditions, types, bands, priorities, records, adverse items, entries."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.lists import (
    AdverseItem,
    AgeBands,
    Arrow,
    Candidate,
    ConditionRule,
    Effect,
    Entry,
    EntryState,
    Feed,
    Lock,
    Pool,
    Possible,
    Priority,
    RecordRules,
    Reset,
    Row,
    TypeQuotas,
    about_age,
    band_of,
    change_stage,
    due_days,
    effect,
    file_entry,
    judge,
    judge_locks,
    move,
    order,
    period,
    place,
    reset_standing,
    review_member,
    take_in,
    visible,
)
from bole.engine.lists.dossier import Dossier, accept
from bole.engine.quotas import Outcome
from bole.engine.spans import Birth
from bole.engine.text import Text
from bole.engine.verdict import Verdict
from bole.engine.workdays import add_months

D = datetime.date
TODAY = D(2020, 6, 30)

POOL = Pool.model_validate(
    {
        "id": "p",
        "title": "人才库",
        "tiers": [
            {
                "id": "track_a",
                "title": "甲类",
                "conditions": [
                    {"id": "age", "title": "年龄", "when": {"age": {"at_most": 40}}},
                    {"id": "service", "title": "工龄", "service": {"fact": "work", "years": 4}},
                ],
            },
            {
                "id": "track_b",
                "title": "乙类",
                "conditions": [
                    {"id": "age", "title": "年龄", "when": {"age": {"at_most": 33}}},
                    {"id": "mode", "title": "全日制", "when": {"mode": "full_time"}},
                ],
            },
        ],
    }
)


@pytest.mark.parametrize(
    ("facts", "tiers", "outcome"),
    [
        ({"age": 33, "work": 4, "mode": "full_time"}, ["track_a", "track_b"], "met"),
        ({"age": 40, "work": 4, "mode": None}, ["track_a"], "met"),
        ({"age": 41, "work": 9, "mode": "full_time"}, [], "not met"),
        ({"age": 33, "work": "3.99", "mode": None}, [], "cannot be judged"),
        ({"age": Possible((33, 34)), "work": 1, "mode": "full_time"}, [], "cannot be judged"),
        ({"age": Possible((39, 40)), "work": 4, "mode": "other"}, ["track_a"], "met"),
    ],
)
def test_place(facts, tiers, outcome):
    placed = place(POOL, facts, TODAY)
    assert ([t.id for t in placed.tiers], placed.outcome) == (tiers, outcome)


RULE = ConditionRule.model_validate(
    {
        "id": "r",
        "title": "一线经历",
        "applies": {"age": {"at_most": 35}},
        "require": [{"id": "f", "title": "一线", "service": {"fact": "front", "years": 2}}],
        "unless": {"id": "s", "title": "特殊岗位", "when": {"special": True}},
    }
)


@pytest.mark.parametrize(
    ("age", "front", "special", "outcome"),
    [
        (36, None, None, Outcome.NOT_APPLICABLE),
        (35, 2, False, Outcome.MET),
        (None, 2, False, Outcome.MET),
        (None, 1, False, Outcome.UNKNOWN),
        (35, 1, True, Outcome.EXCEPTED),
        (35, None, True, Outcome.EXCEPTED),
        (35, 1, None, Outcome.UNKNOWN),
        (35, None, False, Outcome.UNKNOWN),
        (35, "1.99", False, Outcome.NOT_MET),
    ],
)
def test_a_rule_with_an_exception(age, front, special, outcome):
    assert judge(RULE, {"age": age, "front": front, "special": special}, TODAY).outcome is outcome


TYPES = TypeQuotas.model_validate(
    {"id": "t", "title": "四型", "types": {"a": {"title": "甲", "places": 2}, "b": {"title": "乙"}}}
)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12), st.integers(0, 2))
def test_a_full_type_takes_nobody_and_a_refused_row_changes_nothing(kinds, held):
    intake = take_in(TYPES, {"a": held, "b": 0}, [Row(i, (k,)) for i, k in enumerate(kinds)])
    assert intake.held["a"] == min(2, held + kinds.count("a"))
    assert intake.held["b"] == kinds.count("b")
    assert sum(r.entered for r in intake.rows) == intake.total - held


def test_rows_of_types_say_what_is_wrong():
    rows = [Row(1, ("a", "b")), Row(2, ()), Row(3, ("z",)), Row(4, ("a",))]
    intake = take_in(TYPES, {"a": 2}, rows)
    codes = [r.problem.code for r in intake.rows if r.problem]
    assert codes == ["TYPE_PRIMARY", "TYPE_PRIMARY", "TYPE_UNKNOWN", "TYPE_FULL"]
    with pytest.raises(BoleError):
        take_in(TYPES, {"a": 3}, [])


BANDS = AgeBands.model_validate(
    {"id": "b", "title": "年龄段", "bands": [{"maximum": 30}, {"minimum": 31, "maximum": 35}]}
)


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ("1989-07-01", "30 or under"),
        ("1989-06-15", "31-35"),
        ("1989-06-16", "30 or under"),
        ("", None),
        ("1989-06", None),
    ],
)
def test_bands(birth, band):
    known = Birth.of(birth, Text("生日", "birth")) if birth else None
    result = band_of(BANDS, known, D(2020, 6, 15))
    assert (result.band.en if result.band else None) == band


def test_overlapping_bands_are_refused():
    with pytest.raises(ValueError, match="30"):
        AgeBands.model_validate(
            {"id": "b", "title": "x", "bands": [{"maximum": 30}, {"minimum": 30}]}
        )


def priority(**given) -> Priority:
    return Priority.model_validate(
        {
            "id": "p",
            "title": "优先",
            "equal": "same_score",
            "prefer": [
                {"id": "town", "title": "town first", "when": {"town": True}},
                {"id": "head", "title": "head first", "when": {"head": True}},
            ],
        }
        | given
    )


def candidate(name, score, town=False, head=False, state="active"):
    value = None if score is None else Fraction(str(score))
    return Candidate(name, value, {"town": town, "head": head}, state)


def ranks(result):
    return [(p.id, p.rank) for p in result.positions]


def test_preferences_work_in_turn_and_only_among_equals():
    people = [
        candidate("A", 80, head=True),
        candidate("B", 80, town=True),
        candidate("C", 80, town=True, head=True),
        candidate("D", 81),
    ]
    result = order(priority(), people)
    assert ranks(result) == [("D", 1), ("C", 2), ("B", 3), ("A", 4)]
    assert [p.id for p in result.positions[3].moved_by] == ["town"]


def test_without_a_meaning_of_equal_standing_nothing_is_ordered():
    people = [candidate("A", 80), candidate("B", 80, town=True)]
    assert ranks(order(priority(equal=None), people)) == [("A", 1), ("B", 1)]


def test_a_gap_in_the_file_moves_nobody():
    people = [candidate("A", 80, town=None), candidate("B", 80, town=True)]
    result = order(priority(), people)
    assert ranks(result) == [("A", 1), ("B", 1)]
    assert [p.id for p in result.positions[0].waits_for] == ["town"]


def test_a_band_is_measured_from_the_best_of_its_group():
    people = [candidate("A", 90), candidate("B", 89, town=True), candidate("C", "87.5", town=True)]
    result = order(priority(equal="band", band=2), people)
    assert ranks(result) == [("B", 1), ("A", 2), ("C", 3)]


def test_missing_scores_and_states_stand_apart():
    people = [
        candidate("A", None),
        candidate("B", 80, state="frozen"),
        candidate("C", 1, state="x"),
    ]
    result = order(priority(), people)
    assert not result.positions
    assert [name for name, _ in result.not_listed] == ["A", "B", "C"]


RULES = RecordRules.model_validate(
    {"id": "r", "title": "记实", "negative": {"poor": "执行不力"}, "positive": {"good": "成绩突出"}}
)


def entry(**given) -> Entry:
    return Entry(
        **{
            "id": "1",
            "side": "negative",
            "circumstance": "poor",
            "cause": "work",
            "document": "文",
            "until": TODAY,
            "status": "confirmed",
        }
        | given
    )


@pytest.mark.parametrize(
    ("given_", "codes"),
    [
        ({}, []),
        ({"cause": None, "document": ""}, ["CAUSE", "DOCUMENT"]),
        ({"circumstance": "rumour", "until": None}, ["CIRCUMSTANCE", "END_DATE"]),
        ({"side": None}, ["SIDE"]),
        ({"side": "positive", "circumstance": "other"}, ["CIRCUMSTANCE"]),
        ({"side": "positive", "circumstance": "good", "cause": None, "until": None}, []),
        ({"status": "??"}, ["STATUS"]),
        ({"recorded": D(2020, 7, 1)}, ["END_DATE"]),
    ],
)
def test_entries_name_all_that_is_wrong(given_, codes):
    assert [p.code for p in file_entry(RULES, entry(**given_)).problems] == codes


@pytest.mark.parametrize(
    ("status", "day", "seen"),
    [
        ("confirmed", TODAY, True),
        ("confirmed", D(2020, 7, 1), False),
        ("notified", TODAY, False),
        ("withdrawn", TODAY, False),
        (None, TODAY, False),
    ],
)
def test_selection_views_show_confirmed_entries_until_their_last_day(status, day, seen):
    assert visible(entry(status=status), day) is seen


def item(**given) -> AdverseItem:
    return AdverseItem(
        **{
            "id": "1",
            "kind": "petition",
            "source": "信访局",
            "occurred_on": D(2020, 1, 1),
            "reported_on": D(2020, 2, 1),
            "verification": "verified",
            "notified_on": D(2020, 3, 1),
            "effective_from": None,
            "effective_until": D(2020, 12, 31),
        }
        | given
    )


@pytest.mark.parametrize(
    ("given_", "day", "wanted"),
    [
        ({}, D(2020, 12, 31), Effect.BAR),
        ({}, D(2021, 1, 1), Effect.NONE),
        ({}, D(2020, 1, 31), Effect.NONE),
        ({}, D(2020, 2, 28), Effect.INFORMATION),
        ({"verification": "unfounded"}, TODAY, Effect.NONE),
        ({"verification": "partly"}, TODAY, Effect.INFORMATION),
        ({"verification": "unverified"}, TODAY, Effect.INFORMATION),
        ({"notified_on": None}, TODAY, Effect.INFORMATION),
        ({"effective_until": None}, D(2030, 1, 1), Effect.INFORMATION),
        ({"source": None}, TODAY, Effect.INFORMATION),
    ],
)
def test_the_effect_of_an_adverse_item(given_, day, wanted):
    result = effect(item(**given_), day)
    assert result.effect is wanted
    assert result.in_selection_views == (wanted is Effect.BAR)


LOCKS = [
    Lock.model_validate(
        {
            "id": "three",
            "title": "提拔三年",
            "who": ["cadre"],
            "trigger": "promoted",
            "trigger_name": "提拔日期",
            "years": 3,
            "forbids": ["leave_town"],
        }
    ),
    Lock.model_validate(
        {
            "id": "term",
            "title": "一届",
            "who": ["cadre", "team"],
            "trigger": "term",
            "trigger_name": "任期",
            "term": True,
            "forbids": ["leave_town"],
            "strength": "soft",
        }
    ),
]
TERM = (D(2017, 1, 10), D(2022, 1, 9))


@pytest.mark.parametrize(
    ("triggers", "day", "verdict", "free"),
    [
        ({"promoted": D(2018, 5, 20), "term": TERM}, D(2021, 5, 20), "blocked", D(2022, 1, 10)),
        ({"promoted": D(2020, 2, 29), "term": TERM}, D(2023, 2, 28), "allowed", D(2023, 2, 28)),
        ({"promoted": D(2020, 2, 29)}, D(2022, 3, 1), "blocked", None),
        ({"promoted": D(2010, 2, 28)}, D(2022, 3, 1), "cannot be judged", None),
    ],
)
def test_every_lock_is_answered(triggers, day, verdict, free):
    result = judge_locks(LOCKS, "cadre", triggers, "leave_town", day)
    assert (result.verdict, result.first_free) == (verdict, free)
    assert len(result.hits) == 2


def test_other_acts_are_free_and_unknown_kinds_are_refused():
    assert judge_locks(LOCKS, "cadre", {}, "move_to_other_town", TODAY).verdict == "allowed"
    assert judge_locks(LOCKS, None, {}, "leave_town", TODAY).verdict == "cannot be judged"
    with pytest.raises(BoleError):
        judge_locks(LOCKS, "stranger", {}, "leave_town", TODAY)


def test_a_soft_lock_alone_may_be_passed_by_a_deviation():
    result = judge_locks(LOCKS, "team", {"term": TERM}, "leave_town", TODAY)
    assert result.needs_deviation


@given(st.dates(D(2000, 1, 1), D(2030, 12, 31)), st.integers(1, 24), st.integers(1, 10))
def test_reviews_never_drift(anchor, months, times):
    days = due_days(anchor, months, times)
    assert days[-1] == add_months(anchor, months * times)
    # Either the anchor's day number, or the last day of a month that is too short for it.
    assert all(d.day == anchor.day or (d + datetime.timedelta(1)).day == 1 for d in days)


@pytest.mark.parametrize(
    ("today", "last", "state"),
    [
        (D(2020, 3, 14), None, "not due"),
        (D(2020, 3, 15), None, "due"),
        (D(2021, 3, 15), None, "due"),
        (D(2021, 3, 16), None, "overdue"),
        (D(2021, 3, 16), D(2020, 9, 1), "not due"),
    ],
)
def test_reset(today, last, state):
    reset = Reset(after_years=2, by_years=3)
    assert reset_standing(reset, D(2018, 3, 15), today, last).state == state


def arrow(before, after, **given) -> Arrow:
    base = {"actor": "科长", "day": TODAY, "reason": "理由"}
    return Arrow(before, after, **(base | given))


def test_the_program_proposes_and_people_decide():
    leave = arrow("exit_proposed", "left", evidence="文", statement="本人说明")
    assert move(leave) == EntryState.LEFT
    with pytest.raises(BoleError) as refused:
        move(leave, proposed_by_program=True)
    assert refused.value.problems[0].code == "BY_PEOPLE"


def test_a_warning_needs_everything_at_once():
    with pytest.raises(BoleError) as refused:
        move(arrow("left", "warned", actor=" ", reason=""))
    codes = [p.code for p in refused.value.problems]
    assert codes == ["STATE_ARROW", "ACTOR", "REASON", "UNTIL", "EVIDENCE"]


def test_a_dossier_takes_its_items_from_those_who_may_fill_them():
    dossier = Dossier.model_validate(
        {"id": "d", "title": "档案", "fields": {"review": {"title": "鉴定", "filled_by": ["host"]}}}
    )
    assert accept(dossier, "review", "host", "鉴定表").title.zh == "鉴定"
    with pytest.raises(BoleError) as refused:
        accept(dossier, "review", "cadre", None)
    assert [p.code for p in refused.value.problems] == ["DOSSIER_AUTHOR", "DOSSIER_DOCUMENT"]
    with pytest.raises(BoleError):
        accept(dossier, "hobby", "host", "表")


STAGES = [Text("筛选", "screening"), Text("考察", "survey"), Text("比选", "comparison")]


def test_a_stage_is_not_skipped_without_a_deviation():
    assert change_stage(STAGES, None, 0, evidence="表", deviation=False).zh == "筛选"
    assert change_stage(STAGES, 2, 0, evidence="表", deviation=False).zh == "筛选"
    assert change_stage(STAGES, 0, 2, evidence="表", deviation=True).zh == "比选"
    with pytest.raises(BoleError) as refused:
        change_stage(STAGES, 0, 2, evidence=None, deviation=False)
    assert [p.code for p in refused.value.problems] == ["STAGE_SKIP", "STAGE_EVIDENCE"]
    with pytest.raises(BoleError):
        change_stage(STAGES, 2, 3, evidence="表", deviation=True)


def test_a_zero_report_is_a_report_and_the_silent_are_named():
    feed = Feed.model_validate(
        {"id": "f", "title": "月报", "bodies": {"a": "纪委", "b": "信访", "c": "审计"}}
    )
    result = period(feed, {"a": 3, "b": 0})
    assert (result.items, result.zero, result.silent) == (3, ("b",), ("c",))
    assert "审计" in result.text.zh
    with pytest.raises(BoleError):
        period(feed, {"z": 1})


@pytest.mark.parametrize(
    ("age", "around", "verdict"),
    [(33, 2, Verdict.MET), (32, 2, Verdict.NOT_MET), (35, None, Verdict.UNKNOWN)],
)
def test_about_an_age_needs_a_width(age, around, verdict):
    assert about_age(age, 35, around) is verdict


@pytest.mark.parametrize(
    ("facts", "kind", "tier"),
    [
        ({"age": 33, "work": 4, "mode": "full_time"}, "stay", "track_b"),
        ({"age": 36, "work": 4, "mode": "full_time"}, "move", "track_a"),
        ({"age": 41, "work": 4, "mode": "full_time"}, "exit", None),
        ({"age": 36, "work": None, "mode": "full_time"}, "ask", None),
    ],
)
def test_a_review_proposes_and_never_moves_silently(facts, kind, tier):
    proposal = review_member(POOL, "track_b", facts, TODAY)
    assert (proposal.kind, proposal.tier.id if proposal.tier else None) == (kind, tier)
