"""`bole run-case` on the example folder that ships, and what it says when it cannot go on."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest
import yaml

from bole.cli import OK, PROBLEMS, USAGE, main
from bole.people.models import PostSpell
from bole.selection.models import Case

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "run-case"


@pytest.fixture
def county(db, settings, tmp_path):
    """The demo county with its accounts, small, without its cases."""
    from bole.demo import county
    from bole.schemes.actions import install

    settings.MEDIA_ROOT = tmp_path / "media"
    county.load(today=datetime.date(2026, 11, 24), cadres=420)
    install(actor=None, name_or_path="regulation-2019")


@pytest.fixture
def folder(tmp_path):
    """A copy of the example; `change(key=value)` changes its case.yaml."""
    copy = tmp_path / "case"
    shutil.copytree(EXAMPLE, copy)
    file = copy / "case.yaml"

    def change(**values):
        data = yaml.safe_load(file.read_text(encoding="utf-8")) | values
        file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return copy

    change()
    return change


@pytest.mark.slow
def test_the_example_runs_to_a_package_that_verifies(county, tmp_path, capsys):
    package = tmp_path / "archive.zip"
    assert main(["run-case", str(EXAMPLE), "-o", str(package), "--json"]) == OK
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["state"] == "finished" and report["package"] == str(package)
    assert report["stuck"] == [] and len(report["steps"]) == 25
    assert "3人" in err and "试用期满决定" in err  # progress goes to standard error
    case = Case.objects.get()
    appointed = PostSpell.objects.get(post=case.posts.get().post, end=None).cadre
    assert appointed.name == "林知远"
    assert main(["verify", str(package)]) == OK
    assert "有效" in capsys.readouterr().out


def test_it_stops_where_it_is_told(county, folder, capsys):
    assert main(["run-case", str(folder()), "--until", "proposal", "--lang", "en"]) == OK
    out, err = capsys.readouterr()
    assert "Analysis" in err and "Initial proposal" not in err and "2 steps" in out
    assert Case.objects.get().state == "running"


def test_a_case_that_is_stuck_says_why(county, folder, capsys):
    assert main(["run-case", str(folder(groups={"proposed": []})), "--json"]) == PROBLEMS
    report = json.loads(capsys.readouterr().out)
    assert report["package"] is None
    assert any("动议人选" in reason for reason in report["stuck"])
    assert Case.objects.get().state == "running"  # an officer may go on with it


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"post": {"unit": "安澜县民政局", "title": "没有的职位"}}, "没有的职位"),
        ({"groups": {"proposed": ["无此人"]}}, "无此人"),
        ({"actors": {"inspector": "nobody"}}, "nobody"),
        ({"started": "soon"}, "started"),
        ({"scheme": "no-such-scheme"}, "no-such-scheme"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(county, folder, capsys, change, said):
    assert main(["run-case", str(folder(**change))]) == PROBLEMS
    assert said in capsys.readouterr().err
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", [None, "a: [", "- a list"])
def test_a_folder_without_a_readable_plan(tmp_path, capsys, text):
    if text is not None:
        (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert main(["run-case", str(tmp_path)]) == USAGE
    assert "case.yaml" in capsys.readouterr().err


def test_the_example_is_what_the_guide_shows():
    data = yaml.safe_load((EXAMPLE / "case.yaml").read_text(encoding="utf-8"))
    guide = (EXAMPLE.parents[1] / "docs" / "run-case.md").read_text(encoding="utf-8")
    for key in data:
        assert f"`{key}`" in guide, key
    names = {p["name"] for group in data["groups"].values() for p in group}
    assert names == {p.stem for p in EXAMPLE.glob("*.lrmx")}
