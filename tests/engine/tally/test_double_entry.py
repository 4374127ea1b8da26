"""Double entry of paper."""

import pytest

from bole.engine.errors import BoleError
from bole.engine.tally.double_entry import compare_entries

BY = ("甲", "乙")


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        ({"votes": {"a": 3}}, {"votes": {"a": 3}}, []),
        ({"votes": {"a": 3}}, {"votes": {"a": 4}}, [("votes", "a")]),
        ({"votes": {"a": 3}}, {"votes": {}}, [("votes", "a")]),
        ({"valid": 0}, {"valid": None}, [("valid",)]),
        ({"7": {"names": ["x", "y"]}}, {"7": {"names": ["y", "x"]}}, []),
        ({"7": {"names": ["x", "y"]}}, {"7": {"names": ["y"]}}, [("7", "names")]),
        ({"a": {"b": 1}}, {"a": 1}, [("a",)]),
        ({"1": {}}, {"1": {}, "2": {"names": ["x"]}}, [("2", "names")]),
    ],
)
def test_differences(first, second, where):
    found = compare_entries(first, second, entered_by=BY)
    assert [d.where for d in found] == where
    assert all(d.text.zh and d.text.en for d in found)


def test_one_person_is_not_two():
    with pytest.raises(BoleError):
        compare_entries({}, {}, entered_by=("甲", "甲"))
