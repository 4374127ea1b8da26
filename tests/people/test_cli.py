"""`bole import` and `bole export`: exit codes, JSON, and that nothing is written without --yes."""

from __future__ import annotations

import json
import zipfile

import openpyxl
import pytest

from bole.cli import OK, PROBLEMS, USAGE, main
from bole.people.models import Cadre, ImportBatch
from tests.people.test_imports import lrmx


@pytest.fixture
def officer(user_with):
    return user_with("section_officer")


def test_without_yes_nothing_is_written(officer, county, samples, capsys):
    file = str(samples / "001赖超.lrmx")
    assert main(["import", file, "--json"]) == OK
    report = json.loads(capsys.readouterr().out)
    assert (report["new"], report["written"], report["state"]) == (1, 0, "read")
    assert report["persons"][0]["name"] == "赖超"
    assert not Cadre.objects.filter(name="赖超").exists()


def test_write_and_undo(officer, county, samples, capsys):
    assert main(["import", str(samples / "001赖超.lrmx"), "--yes", "--json"]) == OK
    batch = json.loads(capsys.readouterr().out)["import"]
    assert Cadre.objects.filter(name="赖超").exists()
    assert main(["import", "--undo", str(batch)]) == OK
    assert not Cadre.objects.exists()
    assert main(["import", "--undo", str(batch)]) == PROBLEMS  # already undone
    assert main(["import", "--undo", "999"]) == USAGE


def test_a_folder_with_a_bad_file(officer, county, samples, tmp_path, capsys):
    (tmp_path / "a.lrmx").write_bytes((samples / "001赖超.lrmx").read_bytes())
    (tmp_path / "b.lrmx").write_bytes(b"<Person>")
    assert main(["import", str(tmp_path), "--yes", "--lang", "en"]) == PROBLEMS
    said = capsys.readouterr()
    assert "b.lrmx" in said.err and "1 written" in said.out
    assert Cadre.objects.count() == 1


def test_who_needs_a_decision_is_left_out(officer, cadre, tmp_path, capsys):
    (tmp_path / "a.lrmx").write_bytes(lrmx("曾静", "", MinZu="汉"))  # a name alone
    assert main(["import", str(tmp_path / "a.lrmx"), "--yes"]) == PROBLEMS
    assert "? 曾静" in capsys.readouterr().out
    assert Cadre.objects.get().ethnicity == ""


@pytest.mark.parametrize("arguments", [["import"], ["import", "/no/such/file"]])
def test_misuse(officer, arguments, capsys):
    assert main(arguments) == USAGE
    assert capsys.readouterr().err


def test_the_acting_account_is_named(user_with, county, samples, capsys):
    file = str(samples / "001赖超.lrmx")
    assert main(["import", file]) == PROBLEMS  # nobody can act
    user_with("section_officer", username="one")
    user_with("section_officer", username="two")
    assert main(["import", file]) == PROBLEMS
    assert "one" in capsys.readouterr().err
    assert main(["import", file, "--user", "two"]) == OK
    assert ImportBatch.objects.get().created_by.username == "two"
    assert main(["import", file, "--user", "three"]) == PROBLEMS


def test_exports(officer, cadre, others, tmp_path, capsys):
    roster = tmp_path / "r.xlsx"
    assert main(["export", "roster", "-o", str(roster), "--columns", "name,post"]) == OK
    cells = [c for row in openpyxl.load_workbook(roster).active.iter_rows() for c in row]
    assert "安澜县农业农村局局长" in {c.value for c in cells}
    forms = tmp_path / "f.zip"
    assert main(["export", "lrmx", "-o", str(forms)]) == OK
    assert len(zipfile.ZipFile(forms).namelist()) == 4  # in service
    one = tmp_path / "one.lrmx"
    assert main(["export", "lrmx", "单国强", "-o", str(one)]) == OK
    assert "单国强" in one.read_text(encoding="utf-8-sig")
    assert main(["export", "lrmx", "没有此人", "-o", str(one)]) == USAGE
    assert main(["export", "roster", "--columns", "nope", "-o", str(roster)]) == USAGE
    assert "nope" in capsys.readouterr().err
