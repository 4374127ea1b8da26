"""`bole read`: exit codes, JSON, and the table for people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bole.cli import OK, PROBLEMS, USAGE, main

from .build import LRM, form, lrm, roster


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["read", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "赖超.lrmx").write_bytes(form())
    (tmp_path / "L01.lrm").write_bytes(lrm(LRM))
    (tmp_path / "名册.xlsx").write_bytes(
        roster([[1, "王五", "女", "1980.02", "2002.07", "安澜县财政局科员", ""]])
    )
    (tmp_path / "说明.txt").write_text("请查收", encoding="utf-8")
    return tmp_path


def test_all_fine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(str(folder), "--json", capsys=capsys)
    assert code == OK and "说明.txt" in err
    files = {entry["file"]: entry for entry in json.loads(out)}
    assert set(files) == {"赖超.lrmx", "L01.lrm", "名册.xlsx"}
    entry = files["赖超.lrmx"]
    assert entry["ok"] and entry["flags"] == [] and entry["problems"] == []
    assert entry["person"]["name"] == "赖超" and entry["person"]["birth"] == "197308"
    assert entry["person"]["sources"]["birth_day"]["code"] == "id_number"
    people = files["名册.xlsx"]["people"]
    assert [(p["sheet"], p["row"], p["person"]["name"]) for p in people] == [("名册", 4, "王五")]
    assert files["名册.xlsx"]["person"] is None
    assert files["名册.xlsx"]["sheets"][0]["mapping"][1]["field"] == "name"


def test_a_problem_in_one_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "坏.lrmx").write_bytes(form()[:100])
    code, out, _ = run(str(folder), "--json", capsys=capsys)
    assert code == PROBLEMS
    (bad,) = [entry for entry in json.loads(out) if not entry["ok"]]
    assert bad["file"] == "坏.lrmx" and bad["person"] is None
    assert bad["problems"][0]["code"] == "FILE_TRUNCATED"
    assert set(bad["problems"][0]["text"]) == {"zh", "en"}


@pytest.mark.parametrize("name", ["坏.lrmx", "没有.lrmx", "坏.zip"])
def test_nothing_readable(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if name.startswith("坏"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 junk")
    code, out, err = run(str(tmp_path / name), "--json", capsys=capsys)
    assert code == USAGE and err
    (entry,) = json.loads(out)
    assert entry["ok"] is False and entry["problems"][0]["text"]["zh"]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "没有写入任何内容"), ("en", "Nothing was written")]
)
def test_the_table(
    folder: Path, language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "坏.lrmx").write_bytes(form(ShenFenZheng="371122197308251957", ZhaoPian="??"))
    code, out, _ = run("--lang", language, str(folder), capsys=capsys)
    assert code == PROBLEMS and words in out
    assert "赖超" in out and "名册.xlsx:4" in out
    assert "✗" in out and "?" in out and "371122197308251957" in out


def test_unit_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.lrmx").write_bytes(form(JianLi="1995.07--  安澜县融媒体首席策划"))
    units = tmp_path / "units.txt"
    units.write_text("安澜县融媒体\n", encoding="utf-8-sig")
    _, out, _ = run(str(tmp_path / "a.lrmx"), "--json", "--units", str(units), capsys=capsys)
    assert json.loads(out)[0]["person"]["posts"][0]["unit"] == "安澜县融媒体"
    missing = str(tmp_path / "none.txt")
    code, out, _ = run(str(tmp_path / "a.lrmx"), "--json", "--units", missing, capsys=capsys)
    assert code == USAGE and json.loads(out)[0]["problems"][0]["code"] == "UNITS_UNREADABLE"


def test_it_starts_without_django(folder: Path) -> None:
    program = (
        "import sys; from bole.cli import main; code = main(['read', sys.argv[1], '--json']);"
        "sys.exit(9 if 'django' in sys.modules else code)"
    )
    source = str(Path(__file__).parents[3] / "src")
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == OK, done.stderr.decode()
