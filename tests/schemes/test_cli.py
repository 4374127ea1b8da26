"""`bole scheme`: exit codes, what stands on which stream, and both languages."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from bole.cli import OK, PROBLEMS, USAGE, main
from bole.engine.schemes import files
from bole.engine.schemes.schema import to_json_schema
from bole.engine.schemes.source import read

PACK = "id: x\nname: 试\nplace: 县\nparameters:\n  a: {label: 甲, type: int}\n  b: {lable: 乙}\n"


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.yaml"
    path.write_text(PACK, encoding="utf-8")
    return str(path)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["scheme", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_check_names_every_error_by_line_in_both_languages(capsys, bad):
    code, out, err = run(capsys, "check", bad)
    assert code == PROBLEMS and out == ""
    assert "bad.yaml:5:3：缺少 default" in err
    assert "bad.yaml:6:7：不认识的键“lable”，是否为“label”？" in err
    code, _, err = run(capsys, "check", bad, "--lang", "en")
    assert "bad.yaml:6:7: The key “lable” is not known; is “label” meant?" in err


def test_check_json_and_good_packs(capsys, bad):
    code, out, _ = run(capsys, "check", bad, "regulation-2019", "--json")
    found = json.loads(out)
    assert code == PROBLEMS and found["valid"] == 1
    assert {p["where"].split(":")[1] for p in found["problems"][bad]} == {"5", "6"}
    assert run(capsys, "check")[0] == OK


def test_check_of_a_file_that_is_not_there(capsys):
    code, _, err = run(capsys, "check", "nowhere.yaml", "--lang", "en")
    assert code == PROBLEMS and "nowhere.yaml" in err


def test_show_reads_like_a_document(capsys):
    code, out, _ = run(capsys, "show", "regulation-2019")
    assert code == OK
    assert "### 4. 讨论决定" in out and "同意票超过应到人数的1/2" in out and "（待核）" in out
    assert (
        "agreement more than 1/2 of those due"
        in run(capsys, "show", "regulation-2019", "--lang", "en")[1]
    )
    shown = json.loads(run(capsys, "show", "regulation-2019", "--json")[1])
    assert shown["id"] == "regulation-2019" and len(shown["digest"]) == 64


def test_diff_of_two_versions(capsys):
    folder = Path(__file__).parents[2] / "schemes" / "longkou"
    a, b = (str(folder / f"selection-flow-{n}.yaml") for n in (207, 216))
    code, out, _ = run(capsys, "diff", a, b)
    assert code == OK and "version" in out and "步骤“动议”有变" in out
    assert "没有不同" in run(capsys, "diff", a, a)[2]


def test_walk_to_the_end_and_where_it_is_stuck(capsys):
    code, out, err = run(capsys, "walk", "company-middle-level", "--from", "2024-04-01")
    assert code == OK and out.splitlines()[0] == "2024-04-01  发出推荐会通知"
    assert "10步办结，1步不适用" in err
    code, _, err = run(capsys, "walk", "justice-bureau-nine-steps")
    assert code == PROBLEMS and "办法未定“majority_base”" in err
    code, out, _ = run(
        capsys, "walk", "justice-bureau-nine-steps", "--set", "majority_base=due", "--json"
    )
    assert code == OK and json.loads(out)["finished"] is True
    assert run(capsys, "walk", "boshan-priorities")[0] == USAGE


def test_list_by_place(capsys):
    code, out, _ = run(capsys, "list", "--place", "莱西", "--json")
    assert code == OK
    found = json.loads(out)
    assert found and all("莱西" in s["place"] for s in found)


def test_schema_accepts_every_pack_and_refuses_a_slip(capsys):
    code, out, _ = run(capsys, "schema")
    schema = json.loads(out)
    assert code == OK and schema == json.loads(json.dumps(to_json_schema(), default=str))
    validator = jsonschema_rs.validator_for(schema)
    for path in files():
        data = json.loads(json.dumps(read(path), default=str))
        errors = [
            f"{path.name} {e.instance_path}: {e.message}" for e in validator.iter_errors(data)
        ]
        assert not errors, errors[:3]
    assert not validator.is_valid({"id": "x", "name": "试", "place": "县", "ruels": {}})
