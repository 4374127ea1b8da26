"""Screening, its counts, explanations, comparisons and the snapshot."""

from __future__ import annotations

import datetime
import json

import pytest

from bole.cli import main
from bole.engine.errors import BoleError
from bole.engine.facts.events import from_people, only
from bole.engine.screening import (
    Population,
    Rule,
    Snapshot,
    becomes_eligible,
    compare,
    compile_rules,
    compiled,
    explain,
    screen,
)
from bole.engine.verdict import Verdict

Day = datetime.date
DAY = Day(2020, 6, 30)
RULES = [
    {"id": "age", "text": "35岁以下", "require": "age <= max_age"},
    {"id": "R24.3", "text": "上年考核", "bar": "appraisal(last_year) in ['基本称职', '不称职']"},
    {
        "id": "towns",
        "text": "机关人员须有2年乡镇经历",
        "when": "unit_kind == 'department'",
        "require": "months_in_towns >= 24",
    },
    {"id": "degree", "text": "学位", "require": "has_degree('学士')", "strength": "warn"},
    {"id": "old", "text": "旧规则", "require": "age <= 20", "until": "2019-12-31"},
]


def person(number, name, birth, towns, grade="称职", unit_kind="department", **more):
    return {
        "person": number,
        "name": name,
        "birth": birth,
        "work_start": "2008-07-01",
        "unit_kind": unit_kind,
        "posts": [
            {
                "unit_kind": "town",
                "unit_name": "河口镇",
                "title": "副镇长",
                "start": "2015-07-01",
                "end": towns,
                "document": "任字7号",
            },
            {
                "unit_kind": "department",
                "unit_name": "甲局",
                "title": "科员",
                "start": "2018-01-01",
            },
        ],
        "appraisals": [{"year": 2019, "grade": grade}] if grade else [],
        "education": [{"level": "本科", "degree": "学士", "mode": "full_time"}],
        **more,
    }


PEOPLE = [
    person(1, "甲", "1990-01-01", "2017-06-30"),
    person(2, "乙", "1990-01-01", "2017-06-29"),
    person(3, "丙", "1980-01-01", "2017-06-30"),
    person(4, "丁", "1990-01-01", "2017-06-30", grade=None),
    person(5, "戊", "1980-01-01", "2016-06-30", grade="不称职"),
    person(6, "己", "1990-01-01", "2016-06-30", unit_kind="town"),
]


@pytest.fixture(scope="module")
def events():
    return from_people(PEOPLE)[0]


def rules(max_age=35):
    return compile_rules([Rule.from_mapping(r) for r in RULES], {"max_age": max_age})


def test_verdicts_and_funnel(events):
    result = screen(rules(), events, DAY)
    verdicts = dict(zip(range(1, 7), result.table.column("verdict").to_pylist(), strict=True))
    assert verdicts == {1: True, 2: False, 3: False, 4: None, 5: False, 6: True}
    assert result.ids == ["age", "R24.3", "towns", "degree"]
    counts = {c.rule_id: c for c in result.funnel}
    towns = counts["towns"]
    assert (towns.met, towns.not_met, towns.unknown, towns.not_applicable) == (3, 2, 0, 1)
    assert [c.remaining for c in result.funnel] == [4, 3, 2, 2]
    assert result.one_rule_only == {"age": [3], "towns": [2]}
    assert result.people(None) == [4]
    assert result.table.column("fact:appraisal(last_year)").to_pylist()[4] == "不称职"


def test_one_person_and_all_are_judged_alike(events, monkeypatch):
    table = screen(rules(), events, DAY).table.to_pylist()
    monkeypatch.setattr(compiled, "A_FEW", 1)
    together = explain(rules(), events, DAY)
    over_a_population = explain(rules(), Population(events), DAY, [4, 2])
    assert [a.person for a in over_a_population] == [4, 2]
    for row, answer in zip(table, together, strict=True):
        (alone,) = explain(rules(), events, DAY, [row["person"]])
        assert alone == answer
        assert Verdict.of(row["verdict"]) is answer.verdict
        for rule in answer.rules:
            assert Verdict.of(row[rule.rule_id]) is rule.verdict


def test_explanation_has_value_threshold_rows_and_documents(events):
    (answer,) = explain(rules(), events, DAY, [2])
    assert answer.failing == ("towns",)
    towns = answer.rules[2]
    assert towns.applies is True
    assert "23个月" in towns.sentence.zh and "24个月" in towns.sentence.zh
    assert "23 months" in towns.sentence.en and "24 months" in towns.sentence.en
    (fact,) = [f for f in towns.facts if f.key == "months_in_towns"]
    (row,) = fact.evidence
    assert (row.table, row.row, row.document) == ("posts", 1, "任字7号")
    assert "河口镇" in row.text.zh


def test_what_is_missing_is_named(events):
    (answer,) = explain(rules(), events, DAY, [4])
    assert answer.verdict is Verdict.UNKNOWN
    (missing,) = answer.rules[1].missing
    assert missing.zh == "2019年度考核结果"
    assert "2019" in answer.rules[1].sentence.en
    (town,) = explain(rules(), events, DAY, [6])
    assert town.rules[2].as_dict()["verdict"] == "not_applicable"


def test_an_open_parameter_leaves_the_rule_unknown(events):
    answers = explain(rules(None), events, DAY)
    assert {a.rules[0].verdict for a in answers} == {Verdict.UNKNOWN}
    assert "max_age" in answers[0].rules[0].missing[0].en


def test_a_question_for_a_person_is_never_answered_by_the_program(events):
    rule = Rule.from_mapping(
        {"id": "j", "text": "口碑", "judged": {"zh": "是否认可", "en": "Known?"}}
    )
    answer = explain(compile_rules([rule]), events, DAY, [1])[0].rules[0]
    assert answer.verdict is Verdict.UNKNOWN
    assert "是否认可" in answer.sentence.zh


def test_compare_two_rule_sets_and_two_days(events):
    changes = compare(screen(rules(35), events, DAY), screen(rules(45), events, DAY))
    assert [c.person for c in changes.enter] == [3]
    assert changes.enter[0].rules == {"age": (False, True)}
    later = compare(screen(rules(), events, DAY), screen(rules(), events, Day(2026, 1, 1)))
    assert {c.person for c in later.leave} == {1, 6}
    assert later.only_before == ()


def test_rules_of_the_same_words_are_told_apart(events):
    def verdicts(**rule):
        compiled_rules = compile_rules([Rule.from_mapping({"id": "r", "text": "r", **rule})])
        table = screen(compiled_rules, events, DAY).table
        alone = [a.verdict for a in explain(compiled_rules, events, DAY)]
        assert [Verdict.of(v) for v in table.column("verdict").to_pylist()] == alone
        return table.column("verdict").to_pylist()

    assert verdicts(require="age <= 35") == [True, True, False, True, False, True]
    assert verdicts(bar="age <= 35") == [False, False, True, False, True, False]
    assert verdicts(bar="age <= 35", strength="warn") == [True] * 6


def test_who_becomes_eligible_and_on_which_day():
    people = [
        person(1, "甲", "1990-01-01", None),
        person(2, "乙", "1990-01-01", "2016-01-01"),
    ]
    events, _ = from_people(people)
    found = becomes_eligible(
        compile_rules([Rule.from_mapping(RULES[2])]), events, Day(2017, 1, 15), 12
    )
    assert found == {1: Day(2017, 6, 30)}


def test_rules_with_errors_are_all_named():
    bad = [
        {"id": "a", "text": "a", "require": "agee < 1"},
        {"id": "a", "text": "a", "bar": "age <"},
        {"id": "verdict", "text": "a", "require": "age < 1", "when": "sex"},
    ]
    with pytest.raises(BoleError) as caught:
        compile_rules([Rule.from_mapping(r) for r in bad])
    assert {p.where for p in caught.value.problems} == {
        "a",
        "a.require",
        "a.bar",
        "verdict",
        "verdict.when",
    }
    with pytest.raises(BoleError):
        Rule.from_mapping({"id": "x", "text": "x", "require": "age < 1", "bar": "age < 1"})


def test_snapshot_answers_like_the_events_and_follows_changes(events, tmp_path):
    compiled = rules()
    snapshot = Snapshot.build(compiled, events, DAY, tmp_path / "facts.duckdb", version=7)
    assert (snapshot.stamp.version, snapshot.stamp.people) == (7, 6)
    plain = screen(compiled, events, DAY, facts=False)
    key = [("person", "ascending")]
    assert snapshot.screen(compiled).table.sort_by(key) == plain.table.sort_by(key)
    moved, _ = from_people([person(2, "乙", "1990-01-01", "2017-06-30")])
    snapshot.refresh(compiled, moved, [2, 5], version=8)
    assert (snapshot.stamp.version, snapshot.stamp.people) == (8, 5)
    assert 2 in snapshot.screen(compiled).people(True)
    snapshot.close()
    again = Snapshot.open(tmp_path / "facts.duckdb")
    assert again.screen(rules(25)).people(True) == []
    with pytest.raises(BoleError, match="快照中没有"):
        again.screen(
            compile_rules(
                [Rule.from_mapping({"id": "x", "text": "x", "require": "promotions > 1"})]
            )
        )


def test_an_unknown_person_is_refused(events):
    with pytest.raises(BoleError, match="没有这个人"):
        explain(rules(), events, DAY, [99])
    assert only(events, [1])["posts"].num_rows == 2


def test_command(tmp_path, capsys):
    people, scheme = tmp_path / "people.json", tmp_path / "rules.yaml"
    people.write_text(json.dumps([{**PEOPLE[1], "person": "乙-2"}], default=str), encoding="utf-8")
    scheme.write_text(json.dumps({"rules": RULES, "parameters": {"max_age": 35}}), encoding="utf-8")
    call = ["screen", "--scheme", str(scheme), "--as-of", "2020-06-30", "--people", str(people)]
    assert main([*call, "--json", "--rules", "towns,age"]) == 0
    document = json.loads(capsys.readouterr().out)
    (answer,) = document["people"]
    assert (answer["person"], answer["verdict"]) == ("乙-2", "not_met")
    by_rule = {r["rule"]: r for r in answer["rules"]}
    assert by_rule["towns"]["verdict"] == "not_met"
    assert by_rule["towns"]["facts"][1]["evidence"][0]["document"] == "任字7号"
    assert document["rules"][0]["met"] == 1
    assert main([*call, "--param", "max_age=20", "--lang", "en"]) == 0
    assert "at most 20" in capsys.readouterr().out
    people.write_text('[{"person": 1, "birth": "1990-02-30"}]', encoding="utf-8")
    assert main(call) == 2
    assert "1990-02-30" in capsys.readouterr().err
    assert main([*call[:2], str(tmp_path / "no.yaml"), *call[3:]]) == 2
