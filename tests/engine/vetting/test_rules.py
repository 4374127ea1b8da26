"""Edges of the vetting rules that the golden cases do not walk."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.procedures import When
from bole.engine.vetting.clocks import ArchiveClock, Window, answers_for, archive, still_valid
from bole.engine.vetting.counts import (
    Band,
    BodyReport,
    CatalogueItem,
    CreditList,
    PointEvent,
    PointRules,
    RemovalGround,
    balance,
    credit_places,
    match_grades,
    monthly,
    removal,
)
from bole.engine.vetting.desks import DeskStep, IntegrityDesk, Measure, opinion, track
from bole.engine.vetting.papers import Completeness, Slot, SlotPaper, complete
from bole.engine.vetting.routing import Outcome, PetitionRules, Routes, petition, route

DAY = date(2024, 3, 4)
CLOCK = ArchiveClock(id="c", filing_working_days=15, report_working_days=5)
YEAR = Window(id="w", use="event", months=12)
ROUTES = Routes(id="r", routes={"a": "go_a", "b": "go_b"})


def test_an_archive_not_yet_filed_is_open_and_a_report_before_the_document_is_refused():
    found = archive(CLOCK, DAY, None, date(2024, 3, 1))
    assert (found.values["archive"], found.values["report"]) == ("open", "refused")
    assert "2024-03-01" in found.text.zh and "2024-03-04" in found.text.en


@pytest.mark.parametrize(
    ("promoted", "sanctioned", "scope", "expected"),
    [
        (DAY, None, True, "cannot_compute"),
        (None, DAY, True, "cannot_compute"),
        (DAY, DAY, None, "cannot_compute"),
        (DAY, date(2026, 1, 1), None, "does_not_apply"),
        (None, None, False, "does_not_apply"),
        (DAY, DAY, True, "applies"),
    ],
)
def test_what_one_missing_date_leaves_open(promoted, sanctioned, scope, expected):
    assert answers_for(YEAR, promoted, sanctioned, scope).values["result"] == expected


def test_a_paper_used_before_its_date_is_not_valid():
    assert still_valid(YEAR, DAY, date(2024, 3, 3)).values["result"] is False


@pytest.mark.parametrize(
    ("findings", "order", "routes", "governs"),
    [
        (["b", "a"], (), ["go_b", "go_a"], "cannot_compute"),
        (["b", "a"], ("a", "b"), ["go_a", "go_b"], "go_a"),
        (["a", "a"], (), ["go_a"], "go_a"),
        (["a", "x"], ("a", "b"), ["go_a"], "cannot_compute"),
        (None, (), [], "cannot_compute"),
    ],
)
def test_dossier_routes(findings, order, routes, governs):
    found = route(ROUTES, findings, {}, order)
    assert (found.values["routes"], found.values["governs"]) == (routes, governs)


def test_a_petition_line_with_a_missing_fact_is_not_passed_over():
    rule = PetitionRules(
        id="p",
        outcomes=(
            Outcome(when=When.model_validate({"status": "x", "strong": True}), result="caution"),
            Outcome(when=When.model_validate({"status": "x"}), result="go_on"),
        ),
    )
    assert petition(rule, [], "K", {"status": "x"}).values["result"] == "cannot_compute"
    assert petition(rule, [], "K", {"status": "x", "strong": False}).values["result"] == "go_on"
    assert petition(rule, [], "K", {"status": "y"}).values["result"] == "no_rule"


def test_a_paper_without_a_reviewer_does_not_count():
    rule = Completeness(id="c", papers=(Slot(id="x"),))
    for paper in (SlotPaper("x", "a", None, "accepted"), SlotPaper("x", "a", "b", "returned")):
        assert complete(rule, "甲", {}, [paper]).values["link"] == "open"
    assert (
        complete(rule, "甲", {}, [SlotPaper("x", "a", "b", "accepted")]).values["link"] == "closes"
    )


RULES = PointRules(id="p", bands=(Band(least=2, most=5, level="low"), Band(least=6, level="high")))


@pytest.mark.parametrize(
    ("points", "told", "total", "level"),
    [
        (1, True, 1, "none"),
        (6, True, 6, "high"),
        (2.0, True, 2, "low"),
        (-1, True, 0, "none"),
        (True, True, 0, "none"),
        (None, True, 0, "none"),
        (5, None, 0, "none"),
    ],
)
def test_points(points, told, total, level):
    event = PointEvent(DAY, points, "confirmed", told)
    found = balance(RULES, [event], date(2024, 6, 1), [date(2023, 1, 1)])
    assert (found.values["balance"], found.values["level"]) == (total, level)


def test_a_bad_grade_decides_even_beside_a_missing_year():
    item = CatalogueItem(number=2, grades=("bad",))
    years = [2022, 2023]
    assert match_grades(item, "甲", {2022: "bad"}, years).values["result"] == "match"
    assert match_grades(item, "甲", {2022: "good"}, years).values["result"] == "cannot_compute"


@given(st.integers(1, 400), st.integers(0, 400))
def test_one_third_is_exact(base, votes):
    rule = RemovalGround(id="r", above=Fraction(1, 3), appraisal="bad")
    found = removal(rule, "甲", base, votes, "bad").values["result"]
    if votes > base:
        assert found == "refused"
    else:
        assert (found == "propose_removal") == (3 * votes > base)


@given(st.lists(st.integers(0, 6), min_size=5, max_size=30))
def test_places_are_never_given_twice(scores):
    rule = CreditList(id="c", first=3, last=2)
    found = credit_places(rule, {f"N{n}": s for n, s in enumerate(scores)}).values
    first, last = found["first"], found["last"]
    assert len(first["firm"]) + first["places_left"] == 3
    assert len(last["firm"]) + last["places_left"] == 2
    assert len(first["tie_at_cut"]) > first["places_left"] or not first["tie_at_cut"]
    best = [scores[int(k[1:])] for k in first["firm"]]
    assert all(b >= scores[int(k[1:])] for b in best for k in first["tie_at_cut"])


def test_a_body_that_sends_nothing_is_missing_and_one_without_items_is_contradictory():
    reports = [BodyReport("a", False, 0, DAY), BodyReport("b", True, 0, date(2024, 3, 31))]
    found = monthly(2024, 3, reports, ["a", "b", "c"]).values
    assert (found["contradictory"], found["zero_on_time"], found["missing"]) == (
        ["a"],
        ["b"],
        ["c"],
    )


def test_the_desk_waits_for_what_is_not_known():
    steps = tuple(DeskStep(id=s, name=s) for s in ("slip", "reply"))
    desk = IntegrityDesk(id="d", triggers=("promotion",), steps=steps, years=5)
    dates = {"slip": DAY, "reply": DAY}
    assert opinion(desk, None, "promotion", {}, None).values["act"] == "locked"
    assert opinion(desk, True, "promotion", dates, None).values["act"] == "locked"
    assert opinion(desk, True, "promotion", dates, "no_objection").values["act"] == "open"
    assert opinion(desk, True, "leave", {}, None).values["needed"] is False


def test_the_project_closes_only_with_its_evaluation_and_names_strange_problems():
    measures = [Measure("W1", "m1", "u", "a", DAY, "accepted")]
    assert track(["W1"], measures, DAY, True).values["project"] == "closed"
    assert track(["W1"], measures, DAY, None).values["project"] == "open"
    assert "W9" in track([], [Measure("W9", "m", "u", "a", DAY, "open")], DAY, True).text.en
