"""Reading YAML: exact values, the place of every key, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.errors import BoleError
from bole.engine.schemes.source import parse, place

BOMB = "a: &a [x]\nb: [*a, *a]\n"
REFUSED = [
    ("key twice", "a: 1\nb: 2\na: 3\n", "YAML_TWICE", "t.yaml:3:1"),
    ("nested key twice", "a:\n  b: 1\n  b: 2\n", "YAML_TWICE", "t.yaml:3:3"),
    ("anchor", BOMB, "YAML_ALIAS", "t.yaml:1:4"),
    ("tag", "a: !!python/object:os.system x\n", "YAML_TAG", "t.yaml:1:4"),
    ("not closed", "a: {b: 1\n", "YAML", "t.yaml:2:1"),
    ("tab", "a:\n\t- b\n", "YAML", "t.yaml:2:1"),
    ("no mapping", "- a\n", "YAML_TOP", "t.yaml:1:1"),
    ("too deep", "a: " + "[" * 60 + "]" * 60, "TOO_BIG", "t.yaml:1:43"),
    ("no such day", "a: 2024-02-30\n", "DATE", "t.yaml:1:4"),
    ("key that is a list", "? [a]\n: b\n", "YAML_KEY", "t.yaml:1:3"),
    ("control character", "a: \x07\n", "YAML", "t.yaml"),
]


@pytest.mark.parametrize(
    ("text", "code", "where"), [pytest.param(*c[1:], id=c[0]) for c in REFUSED]
)
def test_refused(text, code, where):
    with pytest.raises(BoleError) as caught:
        parse(text, "t.yaml")
    problem = caught.value.problems[0]
    assert (problem.code, problem.where) == (code, where)
    assert problem.text.zh and problem.text.en


def test_values_are_exact_and_words_stay_words():
    data = parse("a: 0.3\nb: on\nc: true\nd: 2024-03-04\ne: 12:30\nf: '5'\ng: ~\nh: 007\n")
    assert dict(data) == {
        "a": Decimal("0.3"),
        "b": "on",
        "c": True,
        "d": date(2024, 3, 4),
        "e": "12:30",
        "f": "5",
        "g": None,
        "h": "007",
    }


def test_place_of_a_value_and_of_what_is_missing():
    data = parse("a:\n  - b: 1\n    c: 2\n", "t.yaml")
    assert place(data, ("a", 0, "c")) == "t.yaml:3:5"
    assert place(data, ("a", 0, "tag", "d")) == "t.yaml:2:5"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        parse(text)
    except BoleError as error:
        assert all(p.text.zh and p.text.en for p in error.problems)
