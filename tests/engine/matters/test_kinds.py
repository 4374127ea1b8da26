"""Kinds of matters as packs write them: what is sound, what is refused, what is like another."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bole.accounts.models import ADMINISTRATORS, Role
from bole.engine.errors import BoleError
from bole.engine.matters import ROLES, MatterKind, read_matters
from bole.engine.matters.section import ADAPTER
from bole.engine.schemes import load

KIND = yaml.safe_load(
    """
title: 整改事项
area: record
about: person
fields:
  what: {title: 问题, required: true}
  source: {title: 来源, required: true}
  "on": {title: 日期, type: date, required: true}
  end: {title: 截止, type: date, required: true}
  reply: {title: 说明, type: long_text}
states: {draft: 草稿, told: 已告知, in_force: 有效, over: {title: 到期, final: true}}
moves:
  tell: {title: 告知, from: draft, to: told}
  reply: {title: 说明, from: told, who: person, fills: reply, needs: reply}
  confirm: {title: 确认, from: told, to: in_force, other_than: tell}
clocks:
  end: {title: 到期, since: end, states: in_force, lapses_to: over}
adverse: {source: source, date: "on", reply: reply, end: end, told: tell}
"""
)


def changed(**paths):
    """KIND with parts changed: `moves__tell__to="x"`; None takes a part out."""
    data = copy.deepcopy(KIND)
    for path, value in paths.items():
        *way, last = path.split("__")
        at = data
        for key in way:
            at = at[key]
        if value is None:
            at.pop(last)
        else:
            at[last] = value
    return data


def test_a_sound_kind():
    kind = ADAPTER.validate_python({"x": KIND})["x"]
    assert kind.initial == "draft"
    assert kind.needed(kind.moves["tell"]) == ("what", "source", "on", "end")
    assert kind.needed(kind.moves["confirm"]) == ()
    assert "person" in kind.readers


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"moves__tell__to": "nowhere"}, "没有“nowhere”"),
        ({"moves__tell__from": "nowhere"}, "没有“nowhere”"),
        ({"moves__confirm__needs": ["nothing"]}, "没有“nothing”"),
        ({"moves__confirm__who": ["king"]}, "不是角色"),
        ({"states__lost": "失联"}, "没有办理动作能到达"),
        ({"moves__confirm__judged": "clear"}, "judged"),
        ({"clocks__end__since": "tell"}, "须写长度"),
        ({"number": "无编号"}, "serial"),
        ({"fields__what__type": "choice"}, "choices"),
        ({"fields__end__required": False}, "须必填"),
        ({"adverse__end": "what"}, "end"),
        ({"clocks": {}}, "到期失效"),
        ({"moves__reply__who": ["section_officer"]}, "本人申辩"),
        ({"about": "unit"}, "具体干部"),
        ({"visible_to": ["field:what"]}, "没有“what”"),
        ({"typo": 1}, "typo"),
    ],
)
def test_what_is_refused(change, said):
    with pytest.raises(ValidationError) as refused:
        MatterKind.model_validate(changed(**change))
    assert said in str(refused.value)


def test_roles_are_those_of_accounts():
    assert set(ROLES) == set(Role.values) - {r.value for r in ADMINISTRATORS}


PACK = """
id: general
name: 通用
place: 全国
parameters: {days: {label: 期限, type: days, open: true}}
matters:
  talk:
    title: 谈话
    area: decision
    fields: {on: {title: 日期, type: date, required: true}, note: {title: 记录, required: true}}
    states: {open: 待谈, done: {title: 已谈, final: true}}
    moves: {hold: {title: 登记, from: open, to: done}}
    clocks: {time: {title: 期限, since: opened, working_days: {param: days}}}
"""
LOCAL = """
id: local
name: 某县
place: 某县
matters:
  talk:
    like: general/talk
    fields: {note: null, who: {title: 谈话人, type: person}}
    clocks: {time: {working_days: 5}}
  talk.open:
    like: general/talk
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "general.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "x" / "local.yaml").write_text(LOCAL, encoding="utf-8")
    return tmp_path


def test_a_local_kind_says_only_what_differs(packs):
    kinds = read_matters(load("local", packs))
    assert list(kinds["talk"].fields) == ["on", "who"]
    assert kinds["talk"].clocks["time"].length.amount == 5
    # a parameter that the general kind reads comes along, and stays open
    assert kinds["talk.open"].clocks["time"].is_open


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LOCAL.replace("general/talk", "nothing/talk"), "SCHEME_UNKNOWN"),
        (LOCAL.replace("general/talk", "general/walk"), "LIKE"),
        (
            LOCAL.replace("like: general/talk\n    fields", "like: local/talk.open\n    fields"),
            None,
        ),
    ],
)
def test_a_wrong_likeness_is_told_by_its_line(packs, text, code):
    (packs / "x" / "local.yaml").write_text(text, encoding="utf-8")
    if code is None:
        assert read_matters(load("local", packs))
        return
    with pytest.raises(BoleError) as refused:
        load("local", packs)
    assert refused.value.problems[0].code == code
    assert "local.yaml:7" in refused.value.problems[0].where


def test_an_unknown_judge_is_told_by_its_line(packs):
    text = LOCAL + "    judge: {name: decision.talk5}\n"
    (packs / "x" / "local.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BoleError) as refused:
        load("local", packs)
    assert [p.code for p in refused.value.problems] == ["JUDGE"]
