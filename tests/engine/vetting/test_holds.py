"""Holds, limits and clocks after the decision, at edges that the golden variants do not walk."""

from __future__ import annotations

from datetime import date

import pytest

from bole.engine.vetting.afterwards import (
    ExitCheck,
    FilingClock,
    Promotion,
    TwoReviews,
    digest,
    exit_check,
    file_in_time,
    two_reviews,
)
from bole.engine.vetting.holds import (
    BodyReply,
    Confirmation,
    Element,
    IntakeChecks,
    RestartRule,
    SilenceRule,
    confirmation,
    elements,
    restart,
    silence,
    take_paper,
)
from bole.engine.vetting.limits import (
    LimitedMatter,
    LimitFacts,
    PostLimits,
    SeekingEvent,
    SigningRule,
    post_limit,
    seeking,
    signed_by,
)
from bole.engine.vetting.routing import Routes
from bole.engine.workdays import Calendar

DAY = date(2025, 3, 6)


def test_a_body_of_the_rule_that_was_never_asked_is_reminded_and_costs_the_person_nothing():
    rule = SilenceRule(id="s", bodies=("police", "discipline"))
    found = silence(rule, "甲", [BodyReply("police", "information", None, None)])
    assert found.values["bodies"] == {"discipline": "remind"}
    assert "甲" in found.text.zh and "Nothing is concluded" in found.text.en


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Confirmation(None, True), "cannot_compute"),
        (Confirmation(True, True, gap=True), "supplement"),
        (Confirmation(True, True, gap=True, gap_resolved=True), "next"),
        (Confirmation(True, False, explained=None), "explain_first"),
    ],
)
def test_confirmation_forms(form, expected):
    assert confirmation("甲", form).values["result"] == expected


def test_an_element_with_a_strange_state_is_refused_and_no_element_is_no_doubt():
    assert elements("甲", [Element("学历", "rumour")]).values["result"] == "refused"
    assert elements("甲", []).values["result"] == "proposed"


def test_a_field_that_the_paper_does_not_state_is_not_compared():
    rule = IntakeChecks(id="i", liaison=("a",), keeper=("b",), compared=("birth",))
    found = take_paper(rule, {"a": True, "b": True}, {}, {})
    assert found.values["result"] == "accepted"


def test_a_restart_names_every_reason_at_once():
    found = restart(RestartRule(id="r"), DAY, DAY, "inspection", ["票"])
    assert found.values["result"] == "refused" and len(found.said) == 3
    assert restart(RestartRule(id="r"), DAY, None).values["earliest"] == date(2025, 3, 7)


def test_a_matter_that_is_not_listed_is_refused_and_no_matter_limits_nobody():
    rule = PostLimits(
        id="p", posts=("audit",), matters=(LimitedMatter(matter="moral", needs=("sanction",)),)
    )
    assert post_limit(rule, LimitFacts("audit", "gossip", True)).values["result"] == "refused"
    assert post_limit(rule, LimitFacts("audit", None)).values["result"] == "not_limited"
    held = LimitFacts("audit", "moral", True, holds_post=True, decided_on=DAY)
    assert post_limit(rule, held).values["move_by"] == "cannot_compute"
    assert post_limit(rule, held, 0).values["move_by"] == DAY


def test_a_helper_bears_the_same_and_a_closed_event_nothing():
    rule = Routes(id="r", routes={"canvassing": "stop"})
    helper = SeekingEvent("canvassing", "verified", True, helper=True)
    assert seeking(rule, [helper]).values["proposed"] == ["stop"]
    assert seeking(rule, [SeekingEvent("canvassing", "unfounded")]).values["result"] == "none"


def test_a_tally_without_a_team_on_file_is_not_valid():
    rule = SigningRule(id="s", all_of_team=True)
    assert signed_by(rule, [], ["a"]).values["result"] == "cannot_compute"


def test_a_clock_beyond_its_calendar_is_unknown():
    rule = FilingClock(id="f", within=2)
    short = Calendar.of([], first=date(2025, 1, 1), last=date(2025, 3, 6))
    assert file_in_time(rule, DAY, None, None, short).values == {
        "due": None,
        "result": "cannot_compute",
    }


def test_terms_scores_and_sums_that_cannot_be_right():
    rule = ExitCheck(id="e", levels=("section",))
    assert exit_check(rule, DAY, date(2025, 3, 5), []).values["result"] == "refused"
    assert exit_check(rule, None, DAY, []).values["result"] == "cannot_compute"
    found = exit_check(rule, DAY, DAY, [Promotion("甲", "section", DAY)])
    assert found.values["listed"] == ["甲"]
    assert two_reviews(TwoReviews(id="t"), "x", 90, 80).values["result"] == "refused"
    assert digest(-1, 0, 0).values["result"] == "refused"
