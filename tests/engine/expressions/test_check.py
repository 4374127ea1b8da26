"""What the language takes and refuses, and that no text crashes, hangs or escapes."""

from __future__ import annotations

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.expressions import check, tree, words
from bole.engine.facts.catalogue import FACTS

PARAMETERS = {"max_age": 35, "words": ["优秀", "称职"], "open_one": None}


@pytest.mark.parametrize(
    "text",
    [
        "age <= 35",
        "年龄() <= max_age",
        "30 <= age <= 35",
        "age <= param('max_age') and not under_sanction",
        "appraisal(last_year) in words",
        "appraisal(2019) not in ['不称职', '基本称职']",
        "grade >= 'section_deputy' or grade == '正股级'",
        "birth_date >= '1985-01-01'",
        "last_promotion <= as_of - years(1)",
        "years_at_grade(grade='正科级') / 2 + 1 >= 2/3",
        "best_recommendation(12) >= 2/3",
        "count(appraisals, grade == '优秀', last=3) >= 1",
        "months(posts, unit_kind == 'town' and not acting) >= 24",
        "latest(talks, date, kind == '谈心') >= as_of - months(6)",
        "total(points, points, account == '年度') >= -1.5",
        "exists(awards, level >= '省级', within=36)",
        "age\n  <= 35",
    ],
)
def test_taken(text):
    node = check(text, PARAMETERS)
    said = words.condition(node)
    assert said.zh and said.en


@pytest.mark.parametrize(
    ("text", "code", "column", "hint"),
    [
        ("agee <= 35", "EXPR_NAME", 1, "age"),
        ("age <= max_agee", "EXPR_NAME", 8, "max_age"),
        ("years_at_grade('正科及') >= 2", "EXPR_WORD", 16, "正科级"),
        ("years_at_grade() >= 2", "EXPR_ARGUMENTS", 1, "grade"),
        ("years_at_grade('正科级', 3) >= 2", "EXPR_ARGUMENTS", 1, "at most 1"),
        ("years_at_grade(grad='正科级') >= 2", "EXPR_ARGUMENTS", 21, "grade"),
        ("age <= '三十五'", "EXPR_TYPE", 8, "number"),
        ("age", "EXPR_NOT_CONDITION", 1, "condition"),
        ("age and under_sanction", "EXPR_NOT_CONDITION", 1, "conditions"),
        ("年龄 ≤ 35", "EXPR_SYNTAX", 4, "<="),
        ("age = 35", "EXPR_SYNTAX", None, "=="),
        ("age.real > 1", "EXPR_FORBIDDEN", 1, "dot"),
        ("age[0] > 1", "EXPR_FORBIDDEN", 1, "brackets"),
        ("__import__('os')", "EXPR_NAME", 1, "no fact"),
        ("(lambda: 1)() == 1", "EXPR_FORBIDDEN", None, ""),
        ("[x for x in [1]] == 1", "EXPR_FORBIDDEN", 1, ""),
        ("age ** 9 > 1", "EXPR_FORBIDDEN", 1, "+ - * /"),
        ("age / 0 > 1", "EXPR_ZERO", 7, "zero"),
        ("birth_date > '1985-13-01'", "EXPR_DATE", 14, "2019-01-31"),
        ("age <= open_one", "PARAMETER_OPEN", 8, "open_one"),
        ("sex < '男'", "EXPR_TYPE", 1, "order"),
        ("grade == '副课'", "EXPR_WORD", 10, "known"),
        ("age in []", "EXPR_SET", 8, "empty"),
        ("count(appraisal, True) > 1", "EXPR_TABLE", 1, "appraisals"),
        ("count(appraisals, grad == '优秀') > 1", "EXPR_NAME", 19, "grade"),
        ("count(appraisals, age > 1) > 1", "EXPR_NAME", 19, "column"),
        ("f'{age}' == 'x'", "EXPR_FORBIDDEN", 1, ""),
        ("", "EXPR_EMPTY", 1, "empty"),
        ("(" * 30 + "age" + ")" * 30 + " > 1", "EXPR_DEEP", 25, "split"),
        ("age > 1 and " * 200 + "age > 1", "EXPR_LONG", 1, "2000"),
        ("not " * 40 + "under_sanction", "EXPR_DEEP", None, "split"),
        ("age > 1e300", "EXPR_NUMBER", 7, "large"),
    ],
)
def test_refused(text, code, column, hint):
    with pytest.raises(BoleError) as caught:
        check(text, PARAMETERS)
    (problem,) = caught.value.problems
    assert problem.code == code
    if column is not None:
        assert f"column {column}:" in problem.text.en
        assert f"第{column}列" in problem.text.zh
    assert hint in problem.text.en


def test_facts_and_parameters_of_an_expression():
    node = check("age <= max_age and (age > 20 or under_sanction)", PARAMETERS)
    assert [b.key for b in tree.facts(node)] == ["age", "under_sanction('any')"]
    assert tree.parameters(node) == ["max_age"]
    assert len(tree.conditions(node)) == 3


def test_an_aggregate_with_another_parameter_is_another_fact():
    text = "count(appraisals, year >= since) >= 1"
    first, second = (tree.facts(check(text, {"since": year}))[0].key for year in (2018, 2019))
    assert first != second


_PIECES = [
    *list(FACTS)[:12],
    *("and", "or", "not", "in", "==", "<=", "(", ")", "[", "]", ",", ".", "'", "+", "-", "*", "/"),
    *("lambda", "if", "else", "for", ":", "=", "**", "@", "{}", "%", "~", "True", "None", "1"),
    *("2.5", "1e400", "'x'", "'优秀'", "count", "posts", "grade", "start", "as_of", "last_year"),
    *("__class__", "__import__", "eval", "f'{1}'", "\\", "\n", "\x00", "；", "（", "年龄"),
    chr(0xD800),
]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join),
        st.lists(st.sampled_from("([{)]}'\"\\-~not "), max_size=300).map("".join),
    )
)
def test_no_text_crashes_hangs_or_escapes(text):
    try:
        node = check(text, PARAMETERS)
    except BoleError as error:
        assert error.say("zh") and error.say("en")
    else:
        allowed = {n.__name__ for n in vars(tree).values() if isinstance(n, type)}
        assert {type(n).__name__ for n in tree.walk(node)} <= allowed


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(
        st.sampled_from(["age", "1", "'x'", "grade", "birth_date", "under_sanction", "as_of"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from([" and ", " <= ", " == ", " + ", " in "]), inner).map(
                lambda t: f"({''.join(t)})"
            ),
            inner.map(lambda t: f"(not {t})"),
        ),
        max_leaves=10,
    )
)
def test_whatever_is_taken_compiles(text):
    from bole.engine.screening import Rule, compile_rules
    from bole.engine.screening.compiled import Shape, statement

    ast.parse(text, mode="eval")
    try:
        rules = compile_rules([Rule.from_mapping({"id": "r", "text": "r", "require": text})])
    except BoleError:
        return
    assert statement(rules, Shape(frozenset({"persons"}))).sql
