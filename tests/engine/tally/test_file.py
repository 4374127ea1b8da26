"""`bole tally`: the example of the documentation, bad files, both ways of entry."""

import copy
import json
import re
from pathlib import Path

import pytest
import yaml

from bole.cli import main

DOC = Path(__file__).parents[3] / "docs" / "tally.md"
EXAMPLE = re.search(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)[1]


@pytest.fixture
def run(tmp_path, capsys):
    def run(content, name="sheet.yaml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        code = main(["tally", str(path), "--lang", "en"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return run


def test_the_example_of_the_documentation(run):
    code, result, _ = run(EXAMPLE)
    assert code == 0
    total = result["composites"]["total"]
    assert [total["totals"][n]["shown"] for n in "贾易邴丁"] == ["73.50", "64.40", "64.40", "59.30"]
    assert result["thresholds"]["丁"]["outcome"] == "blocks"
    assert "贾 proposed" in total["outcome"]["en"] and "64.40" in total["outcome"]["en"]
    assert result["lines"][0]["share"] == "26/40"
    assert result["attendance"]["needed"] == 36


def test_a_sheet_that_cannot_be_right_has_no_result(run):
    code, result, said = run(EXAMPLE.replace("贾: 26", "贾: 36"))
    assert code == 1
    assert "90" in said and "80" in said and "lines" not in result


def test_a_meeting_that_may_not_open_has_no_result(run):
    code, result, _ = run(EXAMPLE.replace("attending: 42", "attending: 35"))
    assert code == 1 and "lines" not in result


def test_a_missing_figure_is_named(run):
    code, result, _ = run(EXAMPLE.replace("interviewees: 20", "interviewees: null"))
    assert code == 0
    assert result["composites"]["total"]["totals"]["贾"]["total"] is None
    assert "interview" in json.dumps(result["thresholds"]["丁"]) or (
        result["thresholds"]["丁"]["outcome"] == "cannot_compute"
    )


def test_a_broken_file_names_the_line(run):
    code, result, said = run(EXAMPLE.replace("kind: nominate", "kind: nominat"))
    assert code == 2 and result is None
    assert re.search(r"sheet\.yaml:\d+:\d+", said)


@pytest.mark.parametrize("content", ["", "- 1", "form: [", "form: {id: x}\nextra: 1"])
def test_what_is_no_tally_file_is_refused(run, content):
    assert run(content)[0] == 2


BALLOTS = """
form:
  id: agree
  anonymous: true
  over_pick: void_ballot
  items: [{id: opinion, kind: agree}]
subjects: [甲, 乙]
figures: {returned: %s, members: 9}
electorate: {minimum_size: 3, classes: [{id: a}, {id: b}]}
ballots:
- {class: a, answers: {opinion: {甲: agree, 乙: disagree}}, times: 4}
- {class: b, answers: {opinion: {甲: disagree}}, times: 2}
- {class: b, answers: {opinion: {甲: perhaps}}}
thresholds:
- {id: objection, measure: disagree, base: members, op: gt, value: 1/2}
"""


def test_ballots_are_counted_and_small_classes_merged(run):
    code, result, _ = run(BALLOTS % 7)
    assert code == 0
    assert result["figures"]["valid"] == 6 and result["void"] == {"UNREADABLE": 1}
    assert result["columns"] == [{"classes": ["a", "b"], "ballots": 6}]
    votes = {(x["subject"], x["option"]): x["votes"] for x in result["lines"]}
    assert votes[("甲", "agree")] == 4 and votes[("乙", "disagree")] == 4
    assert result["thresholds"]["乙"]["outcome"] == "no_bar"


def test_a_figure_that_differs_from_the_ballots_is_refused(run):
    code, _, said = run(BALLOTS % 8)
    assert code == 1 and "8" in said and "7" in said


def test_json_and_scheme(run):
    content = {
        "scheme": "laixi-ballots-virtue",
        "form": "virtue_reverse_v1",
        "subjects": ["甲"],
        "figures": {"returned": 2, "valid": 2},
        "counts": {"grades": {"rumours": {"甲": {"absent": 1, "present": 1}}}},
    }
    code, result, said = run(json.dumps(content, ensure_ascii=False), "sheet.json")
    assert code == 0, said
    assert {x["option"]: x["votes"] for x in result["lines"] if x["item"] == "rumours"} == {
        "absent": 1,
        "to_some_extent": 0,
        "present": 1,
        "do_not_know": 0,
    }


def _places(value, path=()):
    yield path
    inner = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, below in inner:
        yield from _places(below, (*path, key))


@pytest.mark.parametrize("broken", [None, -1, 10**9, "many", [], {}, [1], {"x": 1}, True, 0.5])
def test_whatever_stands_in_a_file_is_answered(tmp_path, capsys, broken):
    data = yaml.safe_load(EXAMPLE)
    path = tmp_path / "sheet.json"
    for where in _places(data):
        changed = copy.deepcopy(data)
        inner = changed
        for step in where[:-1]:
            inner = inner[step]
        if where:
            inner[where[-1]] = broken
        else:
            changed = broken
        path.write_text(json.dumps(changed), encoding="utf-8")
        assert main(["tally", str(path), "--lang", "en"]) in (0, 1, 2)
    capsys.readouterr()
