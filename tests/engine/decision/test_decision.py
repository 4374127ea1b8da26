"""Votes, gates, conduct, notices, complaints, probation, routes, tests before the post."""

import datetime

import pytest
from pydantic import ValidationError

from bole.engine.decision import (
    Complaint,
    ConductRule,
    GateSet,
    ItemMinutes,
    NoticeRule,
    ProbationRule,
    Statement,
    VoteRule,
    check_minutes,
    may_issue,
    merged,
    next_opening,
    places,
    probation_dates,
    read_complaints,
    read_conclusion,
    read_differential,
    read_gates,
    read_vote,
    run_notice,
)
from bole.engine.decision.before_office import (
    AchievementForm,
    AchievementRule,
    LetterRule,
    TestRule,
    check_achievement,
    check_letter,
    read_test,
)
from bole.engine.decision.routes import (
    ApplicantsRule,
    ConsultationRule,
    DirectRule,
    DocumentsRule,
    decides_directly,
    read_applicants,
    read_consultation,
)
from bole.engine.errors import BoleError
from bole.engine.workdays import Calendar, Suspension

Day = datetime.date
VOTE = VoteRule.model_validate({"quorum": {"op": "ge", "share": "2/3"}})


@pytest.mark.parametrize(
    ("due", "present", "agree", "result"),
    [
        (11, 9, 6, "passed"),
        (12, 11, 6, "not_passed"),
        (13, 9, 6, "not_passed"),
        (12, 12, 7, "passed"),
        (12, 7, 7, "does_not_open"),
        (None, 9, 6, "cannot_compute"),
        (12, None, 7, "cannot_compute"),
        (12, 9, None, "cannot_compute"),
    ],
)
def test_votes(due, present, agree, result):
    assert read_vote(VOTE, base=due, present=present, counts={"agree": agree}).result == result


@pytest.mark.parametrize(
    ("due", "present", "counts"),
    [(11, 12, {"agree": 1}), (11, 9, {"agree": 6, "against": 4}), (11, 9, {"agree": -1})],
)
def test_votes_that_cannot_be_right(due, present, counts):
    with pytest.raises(BoleError):
        read_vote(VOTE, base=due, present=present, counts=counts)


def test_an_open_pass_figure_decides_nothing():
    rule = VoteRule(share=None)
    assert read_vote(rule, base=45, present=45, counts={"agree": 45}).result == "cannot_compute"


def test_a_differential_vote_leaves_a_tie_to_the_body():
    rule = VoteRule()
    found = read_differential(rule, base=11, votes={"a": 9, "b": 7, "c": 7, "d": 2}, places=2)
    assert found.needed == 6 and found.over == ("a", "b", "c")
    assert found.cut.sure == ("a",) and set(found.cut.tied) == {"b", "c"}
    assert read_differential(rule, base=None, votes={"a": 9}, places=1).result == "cannot_compute"
    open_ = read_differential(VoteRule(share=None), base=11, votes={"a": 9}, places=1)
    assert open_.result == "cannot_compute"
    with pytest.raises(BoleError):
        read_differential(rule, base=11, votes={"a": 12}, places=1)


GATES = GateSet.model_validate(
    {
        "id": "g",
        "gates": [
            {"no": 1, "text": "inspected", "holds": "inspected"},
            {"no": 2, "text": "attendance", "attendance": {"op": "ge", "share": "2/3"}},
            {"no": 3, "text": "cleared", "clear": "problem"},
            {"no": 4, "text": "opinions", "required": "asked", "received": "came"},
            {"no": 5, "text": "empty", "slot": True},
        ],
    }
)
GOOD = {"inspected": True, "problem": "none", "asked": ["discipline"], "came": ["discipline"]}


def test_all_gates_are_read_at_once():
    assert read_gates(GATES, GOOD, due=11, present=8).submitted
    bad = {"inspected": False, "problem": "open", "asked": ["discipline", "petition"], "came": []}
    found = read_gates(GATES, bad, due=11, present=7)
    assert found.not_met == [1, 2, 3, 4] and found.missing == ["discipline", "petition"]
    assert all(w in found.text.en for w in ("inspected", "8", "petition"))


def test_what_is_not_recorded_is_neither_met_nor_failed():
    found = read_gates(GATES, {}, due=None, present=None)
    assert not found.submitted and found.not_met == [] and found.cannot_tell == [1, 2, 3, 4]


def test_what_one_more_member_would_change():
    present, found = next_opening(GATES, GOOD, due=11, present=7)
    assert present == 8 and found.submitted
    assert next_opening(GATES, GOOD, due=11, present=11) is None


@pytest.mark.parametrize(
    "gate",
    [
        {"no": 1, "text": "x"},
        {"no": 1, "text": "x", "holds": "a", "clear": "b"},
        {"no": 1, "text": "x", "received": "a"},
    ],
)
def test_a_gate_says_exactly_one_thing(gate):
    with pytest.raises(ValidationError):
        GateSet.model_validate({"id": "g", "gates": [gate]})


def minutes(*statements, **changes):
    given = {
        "item": "甲",
        "on_agenda": True,
        "present": ["书记", "委员", "部长"],
        "principal": "书记",
        "statements": [Statement(m, p) for m, p in statements],
    }
    return ItemMinutes(**{**given, **changes})


ALL = (("委员", "agree"), ("部长", "postpone"), ("书记", "agree"))


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (minutes(*ALL), []),
        (minutes(ALL[2], *ALL[:2]), ["PRINCIPAL_NOT_LAST"]),
        (minutes(ALL[0], ALL[2]), ["NO_POSITION"]),
        (minutes(*ALL, on_agenda=False), ["AD_HOC"]),
        (minutes(("委员", "perhaps"), *ALL[1:]), ["POSITION"]),
        (minutes(*ALL, recused=["部长"]), ["RECUSED_SPOKE"]),
        (minutes(ALL[0], ALL[2], recused=["部长"]), []),
        (minutes(("外人", "agree"), *ALL), ["NOT_PRESENT"]),
        (minutes(*ALL, to_explain=["破格理由"]), ["NOT_EXPLAINED"]),
        (minutes(*ALL, to_explain=["破格理由"], explained=["破格理由"]), []),
    ],
)
def test_when_the_record_can_be_closed(made, codes):
    assert [p.code for p in check_minutes(ConductRule(), made)] == codes


HOLIDAY = Calendar.of([Day(2024, 10, 1) + datetime.timedelta(i) for i in range(7)], ["2024-09-29"])
NOTICE = NoticeRule(days=5, unit="working_days", count_from="day_after_posting")


def test_a_notice_runs_its_full_length():
    clock = run_notice(NOTICE, Day(2024, 9, 25), HOLIDAY)
    assert clock.due == Day(2024, 10, 8)
    assert may_issue(clock, Day(2024, 10, 8), [], NOTICE).allowed is False
    assert may_issue(clock, Day(2024, 10, 9), [], NOTICE).allowed is True
    assert may_issue(clock, Day(2024, 10, 9), [Complaint(True, False)], NOTICE).allowed is False


def test_open_values_of_a_notice_are_named():
    missing = run_notice(NoticeRule(days=7), Day(2024, 9, 25), HOLIDAY)
    assert len(missing) == 2
    assert may_issue(missing, Day(2024, 12, 1), [], NoticeRule()).allowed is None
    assert run_notice(NOTICE, None)[0].en == "the day of posting"
    stop = [Suspension(Day(2024, 9, 27), Day(2024, 9, 30))]
    assert "restart" in run_notice(NOTICE, Day(2024, 9, 25), HOLIDAY, stop)[0].en
    again = NOTICE.model_copy(update={"on_suspension": "restart"})
    assert run_notice(again, Day(2024, 9, 25), HOLIDAY, stop).due > Day(2024, 10, 8)


def test_the_longer_of_merged_notices_rules():
    short = run_notice(NOTICE.model_copy(update={"days": 3}), Day(2024, 9, 25), HOLIDAY)
    long = run_notice(NOTICE, Day(2024, 9, 25), HOLIDAY)
    assert merged([short, long]).due == long.due


def test_places_are_the_union_of_what_fits():
    rule = NoticeRule(
        places={"always": ("本单位",), "seconded": ("本单位", "挂职单位"), "town": ("镇",)}
    )
    assert places(rule, ["seconded"]) == ["本单位", "挂职单位"]


@pytest.mark.parametrize(
    ("complaints", "state"),
    [
        ([], "formalities_may_start"),
        ([Complaint(True, False)], "suspended"),
        ([Complaint(False, False)], "suspended"),
        ([Complaint(True, True, "unfounded")], "formalities_may_start"),
        ([Complaint(True, True, "verified_affects_post")], "sent_back_to_deciding_body"),
        (
            [Complaint(True, True, "verified_affects_post"), Complaint(True, False)],
            "sent_back_to_deciding_body",
        ),
        ([Complaint(True, True, "serious")], "sent_back_to_deciding_body"),
        ([Complaint(True, True, "temporarily_unclear")], "suspended"),
        ([Complaint(True, True, "verified_no_effect")], "formalities_may_start"),
        ([Complaint(True, True, None)], "cannot_compute"),
        ([Complaint(True, None)], "cannot_compute"),
    ],
)
def test_complaints(complaints, state):
    assert read_complaints(complaints, NOTICE).state == state


def test_probation_dates():
    rule = ProbationRule(months=12, touchpoints=(3, 6))
    found = probation_dates(rule, Day(2024, 11, 30))
    assert found.touchpoints == {3: Day(2025, 2, 28), 6: Day(2025, 5, 30)}
    assert found.due == Day(2025, 11, 30)
    for broken in ((rule, None), (ProbationRule(), Day(2024, 1, 1))):
        with pytest.raises(BoleError):
            probation_dates(*broken)


def test_conclusions():
    def state(conclusion, **given):
        given = {"over": True, **given}
        return read_conclusion([ProbationRule(months=12)], conclusion, **given).state

    assert state("confirm") == "may_be_recorded"
    assert state("confirm", over=False) == "refused"
    assert state("confirm", over=None) == "cannot_compute"
    assert state("extend") == "refused"
    assert state("extend", extension_months=0) == "refused"
    assert state("extend", extension_months=3) == "may_be_recorded"
    assert state("end_probation_post") == "prepared_for_deciding_body"
    assert state(None) == "refused"
    extended = read_conclusion([], "extend", over=True, due=Day(2024, 8, 31), extension_months=6)
    assert extended.new_due == Day(2025, 2, 28)
    ended = read_conclusion([], "end_probation_post", over=True, attached=["ground"])
    assert ended.needs == ("assessment", "the person's reply")


ROUTE = ConsultationRule.model_validate(
    {
        "asked": [
            {"body": "政府", "before": "meeting"},
            {"body": "统战部", "when": "non_party", "form": "written", "before": "meeting"},
            {"body": "五人小组", "before": "later"},
        ]
    }
)


@pytest.mark.parametrize(
    ("facts", "replies", "going"),
    [
        ({"non_party": False}, {"政府": "individual"}, True),
        ({"non_party": True}, {"政府": "individual"}, False),
        ({"non_party": True}, {"政府": "individual", "统战部": "individual"}, False),
        ({"non_party": True}, {"政府": "individual", "统战部": "written"}, True),
        ({}, {"政府": "individual"}, None),
        ({}, {}, False),
    ],
)
def test_consultation(facts, replies, going):
    assert read_consultation(ROUTE, "meeting", facts, replies).may_go is going


def test_papers_follow_one_another():
    chain = DocumentsRule.model_validate(
        {
            "id": "c",
            "documents": [
                {"id": "a", "text": "一"},
                {"id": "b", "text": "二", "needs": ["a", "consent"]},
            ],
        }
    )
    assert chain.next([]) == ["a"] and chain.missing("b", ["a"]) == ["consent"]
    assert chain.next(["a", "consent"]) == ["b"]
    with pytest.raises(BoleError):
        chain.missing("z", [])
    with pytest.raises(ValidationError):
        DocumentsRule.model_validate(
            {"id": "c", "documents": [{"id": "a", "text": "一", "needs": ["a"]}]}
        )


def test_enough_applicants():
    rule = ApplicantsRule()
    assert read_applicants(rule, 2, 3).outcome == "no_bar"
    cut = read_applicants(rule, 3, 3)
    assert (cut.outcome, cut.posts) == ("blocks", 2)
    assert read_applicants(rule, None, 3).outcome == "cannot_compute"
    assert decides_directly([DirectRule(cases=("transfer",), body="党组")], "transfer") == "党组"
    assert decides_directly([], "transfer") is None


def test_the_test_before_the_post():
    rule = TestRule(pass_line=60)
    assert read_test(rule, [80])[0] == "passed"
    assert read_test(rule, [59])[0] == "talk_and_retest"
    assert read_test(rule, [59, 60])[0] == "passed"
    assert read_test(rule, [59, 58])[0] == "suspension_prepared"
    assert read_test(rule, [None])[0] == "not_tested"
    assert read_test(TestRule(), [59])[0] == "cannot_compute"


def test_reminder_letter_and_achievement_form():
    letter = LetterRule(least_shortcomings=2)
    assert check_letter(letter, ["急躁", "少调研"]) == []
    assert [p.code for p in check_letter(letter, ["急躁", "急躁 "])] == ["TOO_FEW"]
    assert [p.code for p in check_letter(letter, None)] == ["MISSING"]
    rule = AchievementRule(most_characters=10, fields=("work",), signatures=("person",))
    assert check_achievement(rule, AchievementForm({"work": "十个字以内的实绩"}, ["person"])) == []
    codes = [p.code for p in check_achievement(rule, AchievementForm({"x": "字" * 11}, []))]
    assert codes == ["FIELD_MISSING", "TOO_LONG", "NOT_SIGNED"]
