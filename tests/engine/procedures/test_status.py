"""Order, branches, parallel steps, returns, deadlines, skips and suspension."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.procedures import (
    CaseState,
    Procedure,
    Recorded,
    StepRecord,
    Suspension,
    Written,
    again,
    difference,
    layout,
    move,
    return_to,
    status,
    steps_after,
)

DAY = date(2024, 3, 4)


def made(*steps: dict, **rest: object) -> Procedure:
    links = [{"id": "l", "name": "环节", "steps": [{"name": s["id"], **s} for s in steps]}]
    return Procedure.model_validate({"name": "试", "links": links, **rest})


def done(*ids: str, on: date = DAY, outcome: str = "done") -> CaseState:
    return CaseState(DAY, {i: StepRecord(i, on, outcome) for i in ids})  # type: ignore[arg-type]


def states(procedure: Procedure, state: CaseState, **context: object) -> dict[str, str]:
    now = status(procedure, state, Recorded(today=DAY, **context), {})  # type: ignore[arg-type]
    return {i: s.state for i, s in now.steps.items()}


FACT = {"kind": {"name": "类型", "type": "choice", "choices": {"a": "甲", "b": "乙"}}}


def test_steps_follow_each_other_and_parallel_steps_run_side_by_side():
    p = made({"id": "a"}, {"id": "b", "parallel": "x"}, {"id": "c", "parallel": "x"}, {"id": "d"})
    assert states(p, done()) == {"a": "ready", "b": "waiting", "c": "waiting", "d": "waiting"}
    assert states(p, done("a")) == {"a": "done", "b": "ready", "c": "ready", "d": "waiting"}
    found = status(p, done("a", "b"), Recorded(today=DAY), {}).steps["d"]
    assert [r.text.zh for r in found.reasons] == ["先完成“c”"]


def test_a_branch_that_does_not_apply_passes_on_what_it_waits_for():
    p = made({"id": "a"}, {"id": "b", "when": {"kind": "b"}}, {"id": "c"}, facts=FACT)
    assert states(p, done(), facts={"kind": "a"}) == {
        "a": "ready",
        "b": "not_applicable",
        "c": "waiting",
    }
    assert states(p, done("a"), facts={"kind": "a"})["c"] == "ready"
    assert states(p, done("a"), facts={"kind": "b"})["c"] == "waiting"


def test_an_undecided_branch_blocks_and_asks():
    p = made({"id": "a", "when": {"kind": "b"}}, facts=FACT)
    found = status(p, done(), Recorded(today=DAY), {}).steps["a"]
    assert (found.state, found.reasons[0].action) == ("blocked", "state_fact")


def test_a_step_may_wait_for_a_later_one():
    p = made({"id": "a", "after": ["c"]}, {"id": "b", "after": []}, {"id": "c"})
    assert states(p, done()) == {"a": "waiting", "b": "ready", "c": "waiting"}
    assert states(p, done("b", "c"))["a"] == "ready"


def test_a_return_undoes_what_follows_and_can_be_used_up():
    back = {"to": "a", "reason": "再来", "most": 1}
    p = made({"id": "a"}, {"id": "b"}, {"id": "side", "after": []}, {"id": "c", "returns": [back]})
    state = done("a", "b", "side", "c")
    assert again(p, "c", "a").steps == ("a", "b", "c")
    state = return_to(p, state, "c", "a")
    assert set(state.steps) == {"side"}
    with pytest.raises(ValueError, match="used up"):
        return_to(p, state, "c", "a")
    with pytest.raises(ValueError, match="no return"):
        return_to(p, state, "c", "b")
    now = status(p, state, Recorded(today=DAY), {})
    assert now.steps["c"].may_return == ()


def test_papers_and_ballots_of_steps_done_again_stop_to_count():
    p = made(
        {"id": "a", "papers": ["x"], "ballots": ["v"]},
        {"id": "b", "returns": [{"to": "a", "reason": "再来"}]},
        papers=[{"id": "x", "name": "表"}],
        ballots={"v": {"name": "票"}},
    )
    assert (again(p, "b", "a").papers, again(p, "b", "a").ballots) == (("x",), ("v",))


def test_a_skip_needs_a_role_and_passes():
    skip = {"by": ["department_head"], "reason": "按规定"}
    p = made({"id": "a", "skip": skip}, {"id": "b"})
    assert status(p, done(), Recorded(today=DAY), {}).steps["a"].may_skip == ("department_head",)
    assert states(p, done("a", outcome="skipped"))["b"] == "ready"


def test_who_writes_the_record_does_not_review_it():
    item = {"id": "r", "name": "动议情况", "recorder": "recorder", "reviewer": "reviewer"}
    p = made({"id": "a", "records": [item]})
    for entry, said in (
        (None, "纪实未填写：动议情况"),
        (Written("甲"), "纪实未审核：动议情况"),
        (Written("甲", "甲"), "纪实的填写人与审核人不能是同一人：动议情况"),
        (Written("甲", "乙"), None),
    ):
        state = CaseState(DAY, written={("a", "r"): entry} if entry else {})
        found = status(p, state, Recorded(today=DAY), {}).steps["a"]
        assert [r.text.zh for r in found.remaining] == ([said] if said else [])


def test_what_the_source_counts_and_does_not_print_stays_open():
    p = made({"id": "a", "risks": ["超职数"]}, counted={"steps": 44, "risks": 61})
    assert p.defined == {"steps": (1, 44), "risks": (1, 61)}


def test_suspension_of_the_case_and_of_a_step():
    p = made({"id": "a", "after": []}, {"id": "b", "after": []})
    whole = CaseState(DAY, suspensions=(Suspension(DAY, "机构改革"),))
    assert states(p, whole) == {"a": "suspended", "b": "suspended"}
    one = CaseState(DAY, suspensions=(Suspension(DAY, "机构改革", "a"),))
    assert states(p, one) == {"a": "suspended", "b": "ready"}


@pytest.mark.parametrize(
    ("deadline", "today", "finished", "expected"),
    [
        ({"within": 5, "unit": "working_days"}, date(2024, 3, 11), None, ("2024-03-11", "running")),
        ({"within": 5, "unit": "working_days"}, date(2024, 3, 12), None, ("2024-03-11", "overdue")),
        (
            {"within": 2, "unit": "weeks"},
            date(2024, 5, 1),
            date(2024, 3, 18),
            ("2024-03-18", "met"),
        ),
        (
            {"within": 2, "unit": "weeks"},
            date(2024, 5, 1),
            date(2024, 3, 19),
            ("2024-03-18", "late"),
        ),
        ({"within": 1, "unit": "months"}, DAY, None, ("2024-04-04", "running")),
        ({"within": {"param": "n"}, "unit": "months"}, DAY, None, (None, "unknown")),
    ],
)
def test_deadline(deadline, today, finished, expected):
    p = made({"id": "a"}, {"id": "b", "deadline": {**deadline, "after": {"step": "a"}}})
    records = {"a": StepRecord("a", DAY)}
    if finished:
        records["b"] = StepRecord("b", finished)
    due = status(p, CaseState(DAY, records), Recorded(today=today), {}).steps["b"].due
    assert due is not None
    assert (due.on.isoformat() if due.on else None, due.state) == expected


def test_a_deadline_before_an_event_and_one_not_begun():
    p = made(
        {"id": "a"},
        {
            "id": "b",
            "deadline": {"within": 3, "unit": "calendar_days", "before": {"fact": "meeting"}},
        },
        facts={"meeting": {"name": "会期", "type": "date"}},
    )
    context = Recorded(today=DAY, facts={"meeting": date(2024, 3, 20)})
    due = status(p, done(), context, {}).steps["b"].due
    assert due is not None and due.on == date(2024, 3, 17)
    assert status(p, done(), Recorded(today=DAY), {}).steps["b"].due is None


def test_layout_puts_links_across_and_steps_down():
    p = Procedure.model_validate(
        {
            "name": "试",
            "links": [
                {
                    "id": "l",
                    "name": "一",
                    "steps": [
                        {"id": "a", "name": "a"},
                        {"id": "b", "name": "b", "parallel": "x"},
                        {"id": "c", "name": "c", "parallel": "x"},
                    ],
                },
                {
                    "id": "m",
                    "name": "二",
                    "steps": [{"id": "d", "name": "d", "returns": [{"to": "a", "reason": "再来"}]}],
                },
            ],
        }
    )
    picture = layout(p)
    assert [(n.id, n.column, n.row) for n in picture.nodes] == [
        ("a", 0, 0),
        ("b", 0, 1),
        ("c", 1, 1),
        ("d", 2, 0),
    ]
    assert {(e.source, e.target, e.kind) for e in picture.edges} == {
        ("a", "b", "next"),
        ("a", "c", "next"),
        ("b", "d", "next"),
        ("c", "d", "next"),
        ("d", "a", "return"),
    }
    assert (picture.columns, picture.rows) == (3, 2)


def test_difference_and_move_to_another_version():
    old = made({"id": "a"}, {"id": "b", "tasks": [{"id": "t", "name": "t"}]}, {"id": "c"})
    new = made({"id": "a"}, {"id": "n"}, {"id": "b"}, {"id": "d"})
    changes = {(c.part, c.id, c.kind) for c in difference(old, new)}
    assert changes == {
        ("step", "n", "added"),
        ("step", "d", "added"),
        ("step", "c", "removed"),
        ("step", "b", "changed"),
    }
    assert difference(old, old) == []
    moved = move(old, new, done("a", "b", "c"))
    assert (moved.kept, moved.lost, moved.reopened, moved.new_before) == (
        ("a",),
        ("c",),
        ("b",),
        ("n",),
    )


@given(
    st.lists(st.sampled_from(["x", "y", None]), min_size=1, max_size=12),
    st.sets(st.integers(0, 11)),
)
def test_a_finished_prefix_always_leaves_a_way_on(blocks, finished):
    """Any set of finished steps leaves the rest reachable, and finishing in turn ends the case."""
    p = made(*({"id": f"s{n}", "parallel": b} for n, b in enumerate(blocks)))
    state = CaseState(DAY, {f"s{n}": StepRecord(f"s{n}", DAY) for n in finished if n < len(blocks)})
    for _ in blocks:
        now = status(p, state, Recorded(today=DAY), {})
        if now.finished:
            break
        assert now.here
        state = CaseState(DAY, {**state.steps, now.here[0]: StepRecord(now.here[0], DAY)})
    assert status(p, state, Recorded(today=DAY), {}).finished
    assert steps_after(p, "s0")[0] == "s0"
