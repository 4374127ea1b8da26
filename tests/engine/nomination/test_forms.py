"""Intake, matrices, rounds, notices, channels."""

from __future__ import annotations

import datetime

import pytest

from bole.engine.errors import BoleError
from bole.engine.nomination import (
    Channels,
    Form,
    IntakeRules,
    NamedPerson,
    NominationMatrix,
    Notice,
    Recommender,
    Round,
    announce,
    check_form,
    cross_check,
    examine,
    may_review,
    permit,
    received,
    window,
)
from bole.engine.workdays import Calendar

D = datetime.date
RULES = IntakeRules.model_validate(
    {
        "id": "r",
        "title": "实名推荐",
        "classes": {
            "leaders": {"title": "区级领导", "offices": ["leader"]},
            "heads": {"title": "单位正职", "offices": ["head"], "scope": "own_unit_or_system"},
        },
        "fields": {"reasons": "推荐理由", "integrity": "廉洁情况"},
        "signatures": {"recommender": "推荐人"},
        "kin": {"spouse": "夫妻"},
        "outside": 1,
        "names": 2,
    }
)
LEADER = Recommender("张", "leader", "区委")
HEAD = Recommender("李", "head", "东镇", "乡镇", (D(2020, 1, 1), D(2020, 12, 31)))


def form(**given) -> Form:
    return Form(
        **{
            "id": "f",
            "written": True,
            "fields": frozenset({"reasons", "integrity"}),
            "signatures": {"recommender": "张"},
            "by": LEADER,
            "candidate_unit": "水利局",
            "relation": "none",
            "names": (("甲", "水利局"), ("乙", "东镇")),
        }
        | given
    )


@pytest.mark.parametrize(
    ("given", "codes", "accepted"),
    [
        ({}, [], True),
        ({"written": False, "fields": frozenset(), "relation": "spouse"}, ["REC_ORAL"], False),
        (
            {"fields": frozenset(), "signatures": {}, "by": HEAD, "relation": "spouse"},
            ["REC_FIELD", "REC_SIGN", "REC_SCOPE", "REC_KIN"],
            False,
        ),
        ({"by": Recommender("王", "clerk", "东镇")}, ["REC_ENTITLED"], False),
        ({"by": None}, ["REC_ENTITLED"], False),
        ({"by": HEAD, "candidate_unit": "东镇"}, [], True),
        ({"by": HEAD, "candidate_unit": "西镇", "candidate_system": "乡镇"}, [], True),
        ({"by": HEAD, "candidate_unit": None}, ["REC_UNIT_UNKNOWN"], True),
        (
            {"by": HEAD, "candidate_unit": "东镇", "received": D(2020, 12, 31)},
            ["REC_SUSPENDED"],
            False,
        ),
        ({"by": HEAD, "candidate_unit": "东镇", "received": D(2021, 1, 1)}, [], True),
        ({"relation": None}, ["REC_KIN_UNKNOWN"], True),
        ({"names": (("甲", "区委"), ("甲", "区委"))}, ["REC_TWICE", "REC_OUTSIDE"], False),
        ({"names": (("甲", "东镇"),)}, ["REC_QUOTA"], False),
        ({"names": (("甲", "区委"), ("乙", None))}, [], True),
        ({"received": D(2020, 2, 2), "due": D(2020, 2, 1)}, ["REC_LATE"], False),
        ({"received": D(2020, 2, 1), "due": D(2020, 2, 1)}, [], True),
    ],
)
def test_all_failings_at_once_in_the_order_of_the_form(given, codes, accepted):
    result = examine(RULES, form(**given))
    assert (list(result.codes), result.accepted) == (codes, accepted)


def test_a_missing_declaration_lets_the_review_wait():
    result = examine(RULES, form(relation=None))
    assert result.accepted and result.review_waits
    assert "请声明" in result.text.zh


def test_two_roles_are_two_people_and_the_papers_follow():
    rules = IntakeRules.model_validate(
        {
            "id": "c",
            "title": "集体推荐",
            "signatures": {"secretary": "书记", "discipline": "纪委书记"},
            "two_people": True,
            "seal": True,
            "minutes": True,
        }
    )
    same = examine(rules, form(signatures={"secretary": "何", "discipline": "何"}))
    assert same.codes == ("SIG_SAME", "REC_SEAL", "REC_MINUTES")
    missing = examine(rules, form(signatures={}, seal=True, minutes=True))
    assert missing.codes == ("REC_SIGN",)
    assert "书记" in missing.text.zh and "纪委书记" in missing.text.zh


def test_a_joint_nomination_counts_distinct_people_without_the_nominee():
    rules = IntakeRules.model_validate({"id": "j", "title": "联名", "joint_least": 3})
    few = examine(rules, form(candidate="甲", signers=("甲", "乙", "乙", "丙")))
    assert few.codes == ("REC_JOINT",)
    assert "还缺1人" in few.text.zh
    assert examine(rules, form(candidate="甲", signers=("丁", "乙", "丙"))).accepted


MATRIX = NominationMatrix.model_validate(
    {
        "id": "m",
        "title": "矩阵",
        "modes": {"leader": "领导提名", "mass": "群众推荐", "open": "公开选拔"},
        "rows": {"town": {"head": ["leader"], "deputy": ["leader", "mass"]}},
        "structural_extra": ["open"],
    }
)


@pytest.mark.parametrize(
    ("unit", "level", "mode", "structural", "accepted", "code"),
    [
        ("town", "head", "leader", False, True, None),
        ("town", "head", "mass", False, False, "MODE_NOT_ALLOWED"),
        ("town", "head", None, False, False, "MODE_NOT_ALLOWED"),
        ("town", "head", "open", True, True, None),
        ("town", "head", "open", None, None, "STRUCTURAL_UNKNOWN"),
        ("town", "third", "leader", False, False, "NO_MATRIX_ROW"),
        ("firm", "head", "leader", False, False, "NO_MATRIX_ROW"),
        (None, None, None, None, False, "NO_MATRIX_ROW"),
    ],
)
def test_matrix(unit, level, mode, structural, accepted, code):
    result = permit(MATRIX, unit, level, mode, structural)
    assert result.accepted is accepted
    assert (result.problem.code if result.problem else None) == code


def a_round(**given) -> Round:
    return Round.model_validate({"id": "r", "title": "推荐"} | given)


def names(*rows) -> list[NamedPerson]:
    return [NamedPerson(**row) for row in rows]


def test_categories_are_exact_unless_a_range_is_given():
    rules = a_round(
        categories={
            "head": {"title": "正职", "number": 2},
            "deputy": {"title": "副职", "minimum": 1, "maximum": 3},
            "young": {"title": "年轻", "open": True},
        }
    )
    rows = [{"person": p, "category": "head"} for p in "甲乙丙"]
    found = check_form(rules, names(*rows))
    assert [p.code for p in found] == ["REC_QUOTA", "REC_QUOTA"]
    assert "推荐3人，须为2人" in found[0].text.zh and "须为1至3人" in found[1].text.zh


def test_a_multiple_is_exact_and_bands_answer_for_the_unit():
    twice = a_round(multiple=2)
    assert not check_form(twice, names({"person": "甲"}, {"person": "乙"}), places=1)
    assert check_form(twice, names({"person": "甲"}), places=1)[0].code == "REC_QUOTA"
    bands = a_round(bands={"id": "b", "title": "名额", "bands": [{"kinds": ["town"], "number": 1}]})
    assert (
        check_form(bands, names({"person": "甲"}), unit_kind="school")[0].code == "BAND_UNDEFINED"
    )


def test_rankings_are_complete_orders_on_each_key():
    rules = a_round(rank_by={"excellence": "优秀度", "maturity": "成熟度"})
    rows = names(
        {"person": "甲", "ranks": {"excellence": 1, "maturity": 1}},
        {"person": "乙", "ranks": {"excellence": 1, "maturity": 2}},
    )
    assert [p.code for p in check_form(rules, rows)] == ["RANK_DUP", "RANK_GAP"]


@pytest.mark.parametrize(
    ("young", "codes"),
    [
        ([True, False], []),
        ([False, False], ["REC_MINIMUM"]),
        ([None, False], ["REC_MINIMUM_UNKNOWN"]),
    ],
)
def test_minimums(young, codes):
    rules = a_round(minimums={"young": {"title": "年轻干部", "minimum": 1}})
    rows = [NamedPerson(p, properties={"young": y}) for p, y in zip("甲乙", young, strict=True)]
    assert [p.code for p in check_form(rules, rows)] == codes


NOTICE = Notice.model_validate(
    {"id": "n", "title": "预告", "amount": 5, "items": {"post": "岗位", "scope": "范围"}}
)
CALENDAR = Calendar.of([], [], first=D(2025, 1, 1), last=D(2025, 12, 31))


def test_a_notice_lacks_its_empty_items():
    assert announce(NOTICE, {"post", "scope"}) is None
    assert "范围" in announce(NOTICE, {"post"}).text.zh


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (D(2025, 3, 3), "on_time"),
        (D(2025, 3, 10), "on_time"),
        (D(2025, 3, 11), "late"),
        (D(2025, 3, 1), "refused"),
    ],
)
def test_the_fifth_working_day_counts_to_its_end(day, state):
    due = window(NOTICE, D(2025, 3, 3), CALENDAR)
    assert due.due == D(2025, 3, 10)
    assert received(due, day, CALENDAR).state == state


def test_without_a_calendar_or_a_length_nothing_is_computed():
    assert window(NOTICE, D(2025, 12, 30), CALENDAR).problem.code == "CAL_MISSING"
    open_ = NOTICE.model_copy(update={"amount": None})
    assert window(open_, D(2025, 3, 3), CALENDAR).problem.code == "LENGTH_OPEN"
    assert received(window(open_, D(2025, 3, 3)), D(2025, 3, 4)).state == "not_computed"


def channels(k) -> Channels:
    return Channels.model_validate(
        {"id": "c", "title": "印证", "channels": dict.fromkeys("abc", "渠道"), "consistent": k}
    )


def test_consistent_is_at_least_k_and_a_silent_channel_may_still_decide():
    lists = {"a": ["甲", "乙"], "b": ["甲"], "c": None}
    found = {n.person: n for n in cross_check(channels(2), lists)}
    assert (found["甲"].consistent, found["乙"].consistent) == (True, None)
    assert found["甲"].ranks == {"a": 1, "b": 1} and found["乙"].not_by == ("b",)
    assert not any(n.consistent for n in cross_check(channels(3), {"a": ["甲"], "b": []}))
    assert cross_check(channels(None), lists)[0].consistent is None


def test_unknown_channels_and_double_names_are_refused():
    with pytest.raises(BoleError) as refused:
        cross_check(channels(2), {"z": [], "a": ["甲", "甲"]})
    assert [p.code for p in refused.value.problems] == ["CHANNEL_UNKNOWN", "REC_TWICE"]


def test_nobody_reviews_what_he_or_she_recommended():
    assert may_review(form(), "张").code == "REVIEW_SAME"
    assert may_review(form(signers=("赵", "钱")), "钱").code == "REVIEW_SAME"
    assert may_review(form(), "孙") is None
