"""Moves, signatures, two persons, clocks, values: as tables and properties."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.matters import (
    Actor,
    Done,
    Finding,
    Judgement,
    Matter,
    MatterKind,
    clocks,
    derived,
    lapse,
    natives,
    open_moves,
    read_values,
    state_on,
)
from bole.engine.text import Text

D = datetime.date
KIND = MatterKind.model_validate(
    yaml.safe_load(
        """
title: 推荐
area: finding
fields:
  text: {title: 文, required: true}
  kind: {title: 类, type: choice, choices: {a: 甲, b: 乙}}
  only_b: {title: 乙的文, when: {kind: [b]}}
  amount: {title: 数, type: number, least: 0, most: 100}
  whole: {title: 总数, type: number}
  day: {title: 日, type: date}
  rows: {title: 表, type: table, columns: {n: {title: 数, type: number, required: true}}}
  people: {title: 人, type: persons, most: 2}
  "yes": {title: 是否, type: yes_no}
states:
  {draft: 草稿, sent: 已报, done: {title: 办结, final: true}, late: {title: 过期, final: true}}
moves:
  sign: {title: 签字, from: draft, who: unit_liaison, needs: text, sign: true, once: true}
  second: {title: 另签, from: draft, who: unit_liaison, needs: [], other_than: sign, sign: true}
  send: {title: 报送, from: draft, to: sent, who: unit_liaison, after: [sign, second]}
  check: {title: 审核, from: sent, to: done, persons: 2, needs: only_b, judged: clear}
  refuse: {title: 退回, from: sent, to: draft, judged: refused, undoes: [sign, second]}
clocks:
  reply: {title: 期限, since: send, working_days: 5, states: sent, reminds_before: 2}
  end: {title: 到期, since: day, states: sent, lapses_to: late}
derived:
  total: {title: 合计, sum: rows.n}
  count: {title: 行数, count: rows}
  share: {title: 占比, share: [amount, whole]}
  left: {title: 差, difference: [whole, amount]}
judge: {name: any}
"""
    )
)
OFFICER = frozenset({"section_officer"})
ANNA, BEN = (Actor(name, frozenset({"unit_liaison"})) for name in ("anna", "ben"))
CLERK, CHIEF = (Actor(name, OFFICER) for name in ("clerk", "chief"))
DAY = D(2026, 11, 2)


def codes(matter, actor, move, **more):
    found = next(
        m for m in open_moves(KIND, matter, actor, more.pop("day", DAY), **more) if m.id == move
    )
    return [p.code for p in found.problems]


def test_signatures_by_two_persons_before_sending():
    empty = Matter("draft", DAY)
    assert codes(empty, ANNA, "sign") == ["MOVE_FIELD"]
    matter = Matter("draft", DAY, {"text": "x"})
    assert codes(matter, ANNA, "sign") == []
    assert codes(matter, CLERK, "sign") == ["MOVE_ROLE"]
    assert codes(matter, ANNA, "send") == ["MOVE_AFTER"]
    signed = Matter("draft", DAY, {"text": "x"}, [Done("sign", "anna", DAY)])
    assert codes(signed, ANNA, "sign") == ["MOVE_TWICE"]
    assert codes(signed, ANNA, "second") == ["MOVE_SAME_PERSON"]
    assert codes(signed, BEN, "second") == []
    both = [Done("sign", "anna", DAY), Done("second", "ben", DAY)]
    assert codes(Matter("draft", DAY, {"text": "x"}, both), ANNA, "send") == []
    changed = [*both, Done("", "anna", DAY, changed=True)]
    assert codes(Matter("draft", DAY, {"text": "y"}, changed), ANNA, "send") == ["MOVE_AFTER"]


def test_two_persons_act_before_it_counts():
    clear = Judgement()
    matter = Matter("sent", DAY, {"text": "x"})
    assert codes(matter, CLERK, "check", judgement=clear) == []
    once = Matter("sent", DAY, {"text": "x"}, [Done("check", "clerk", DAY, counts=False)])
    assert codes(once, CLERK, "check", judgement=clear) == ["MOVE_TWICE"]
    assert codes(once, CHIEF, "check", judgement=clear) == []
    back = [*once.done, Done("refuse", "chief", DAY)]
    assert codes(Matter("sent", DAY, {"text": "x"}, back), CLERK, "check", judgement=clear) == []


def test_the_judgement_stops_or_wants_a_reason():
    def judged(strength):
        return Judgement((Finding("X", Text("甲", "a"), strength),))

    matter = Matter("sent", DAY, {"text": "x"})
    assert codes(matter, CLERK, "check") == ["JUDGE_MISSING"]
    for strength in ("refuse", "block"):
        assert codes(matter, CLERK, "check", judgement=judged(strength)) == ["X"]
    warned = {m.id: m for m in open_moves(KIND, matter, CLERK, DAY, judged("warn"))}
    assert warned["check"].may
    assert warned["check"].reason_needed
    refused = {m.id: m for m in open_moves(KIND, matter, CLERK, DAY, judged("refuse"))}
    assert refused["refuse"].may
    assert not refused["refuse"].reason_needed
    assert warned["refuse"].reason_needed  # a refusal of what is in order needs a reason


def test_a_field_that_does_not_apply_is_not_asked():
    a = Matter("sent", DAY, {"text": "x", "kind": "a"})
    b = Matter("sent", DAY, {"text": "x", "kind": "b"})
    assert codes(a, CLERK, "check", judgement=Judgement()) == []
    assert codes(b, CLERK, "check", judgement=Judgement()) == ["MOVE_FIELD"]


def test_no_move_lies_before_an_earlier_one():
    matter = Matter("sent", DAY, {"text": "x"}, [Done("send", "anna", D(2026, 11, 4))])
    assert codes(matter, CLERK, "refuse", judgement=Judgement()) == ["MOVE_BEFORE"]


def test_clocks_and_lapse():
    matter = Matter("sent", DAY, {"day": D(2026, 11, 20)}, [Done("send", "anna", DAY)])
    found = {c.id: c for c in clocks(KIND, matter, D(2026, 11, 6))}
    assert found["reply"].due == D(2026, 11, 9)  # five working days after a Monday
    assert not found["reply"].reminds
    assert {c.id: c.reminds for c in clocks(KIND, matter, D(2026, 11, 7))}["reply"]
    assert {c.id: c.over for c in clocks(KIND, matter, D(2026, 11, 10))}["reply"]
    assert lapse(KIND, matter, DAY) == (D(2026, 11, 20), "late")
    assert state_on(KIND, matter, D(2026, 11, 20)) == "sent"
    assert state_on(KIND, matter, D(2026, 11, 21)) == "late"
    assert not clocks(KIND, Matter("draft", DAY), DAY)


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        ("amount", "07.50", "7.5"),
        ("amount", Decimal("100"), "100"),
        ("amount", 1.5, None),  # a float is never exact
        ("amount", True, None),
        ("amount", "101", None),
        ("amount", "NaN", None),
        ("day", "2026-02-30", None),
        ("day", D(2026, 2, 28), "2026-02-28"),
        ("kind", "a", "a"),
        ("kind", "c", None),
        ("people", [3, 3, "4"], [3, 4]),
        ("people", [1, 2, 3], None),
        ("people", ["x"], None),
        ("yes", "no", False),
        ("yes", "maybe", None),
        ("rows", [{"n": "1"}, {"n": ""}], [{"n": "1"}]),
        ("rows", [{"m": "1"}], None),
        ("rows", "1", None),
        ("nothing", "1", None),
    ],
)
def test_values(field, raw, kept):
    values, problems = read_values(KIND, {field: raw})
    if kept is None:
        assert problems
        assert problems[0].where.startswith(field)
    else:
        assert (values, problems) == ({field: kept}, [])


def test_false_is_an_answer_and_zero_a_number():
    values, _ = read_values(KIND, {"yes": False, "amount": 0, "text": "  "})
    assert values == {"yes": False, "amount": "0"}


@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=20))
def test_sums_are_exact(numbers):
    kept, problems = read_values(KIND, {"rows": [{"n": str(n)} for n in numbers]})
    assert not problems
    found = derived(KIND, natives(KIND, kept))
    assert found["total"] == sum(map(Fraction, numbers))
    assert found["count"] == len(numbers)


def test_an_unknown_source_makes_a_number_unknown():
    found = derived(KIND, {"amount": Decimal(1)})
    assert found["share"] is None
    assert found["left"] is None
    assert derived(KIND, {"amount": Decimal(1), "whole": Decimal(0)})["share"] is None
    known = derived(KIND, {"amount": Decimal(1), "whole": Decimal(3)})
    assert (known["share"], known["left"]) == (Fraction(1, 3), 2)
