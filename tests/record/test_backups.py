"""`bole backup` and `bole restore`, for real, on both databases."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.record.conftest import BOTH, fresh_installation
from tests.record.processes import bole, count, verified, worker


@pytest.fixture(params=BOTH)
def installation(request, tmp_path):
    """A fresh one for each test: restoring changes everything."""
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_url")
    with fresh_installation(tmp_path / "home", server) as environment:
        yield environment


def work(environment, *arguments):
    assert worker(environment, *arguments).wait(60) == 0


def papers(environment):
    root = Path(environment["BOLE_HOME"]) / "media" / "papers"
    return {p.name: p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_backup_brings_everything_back(installation, tmp_path):
    work(installation, "append", "a", 5, 1)
    work(installation, "paper", "甲.txt", "甲")
    file = tmp_path / "backup.zip"
    done = bole(installation, "backup", file)
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0
    before, kept = verified(installation), papers(installation)
    assert before["entries"] == 7, "five, the paper, and the backup itself"

    work(installation, "append", "b", 9, 1)
    work(installation, "paper", "乙.txt", "乙")
    done = bole(installation, "restore", file, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    after = verified(installation)
    assert after["entries"] == 8, "and the restore itself"
    assert papers(installation) == kept
    assert count(installation, "Paper", name="乙.txt") == 0
    assert count(installation, "Entry", action="record.restore") == 1
    aside = Path(outcome["aside"])
    assert {p.name for p in aside.iterdir()} >= {"media"}
    assert len(list((aside / "media").rglob("*"))) > len(kept)
    assert any(p.name.startswith("database.") and p.stat().st_size for p in aside.iterdir())
    work(installation, "append", "c", 1, 1)
    assert verified(installation)["entries"] == 9


def test_a_backup_moves_to_another_machine(tmp_path):
    file = tmp_path / "backup.zip"
    with fresh_installation(tmp_path / "home") as installation:
        work(installation, "paper", "甲.txt", "甲")
        assert bole(installation, "backup", file).returncode == 0
    with fresh_installation(tmp_path / "other") as other:
        assert bole(other, "restore", file, "--yes").returncode == 0
        assert verified(other)["papers"] == 1


def test_what_is_refused_changes_nothing(installation, tmp_path):
    work(installation, "append", "a", 3, 1)
    file = tmp_path / "backup.zip"
    assert bole(installation, "backup", file).returncode == 0
    before = verified(installation)

    assert bole(installation, "backup", file).returncode == 2, "never overwrites"
    assert bole(installation, "backup", tmp_path / "no" / "such.zip").returncode == 2
    done = bole(installation, "restore", file, input="")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    (tmp_path / "text.zip").write_text("x")
    for name in ("text.zip", "absent.zip"):
        assert bole(installation, "restore", tmp_path / name, "--yes").returncode == 2

    def altered(name, change):
        with (
            zipfile.ZipFile(file) as source,
            zipfile.ZipFile(tmp_path / name, "w") as target,
        ):
            for entry in source.namelist():
                target.writestr(entry, change(entry, source.read(entry)))
        return bole(installation, "restore", tmp_path / name, "--yes")

    def about(**changes):
        def change(entry, content):
            if entry != "backup.json":
                return content
            return json.dumps(json.loads(content) | changes)

        return change

    def damage(entry, content):
        return content + b"x" if entry.startswith("database") else content

    other = {"database.sqlite3": "postgresql"}.get(
        next(n for n in zipfile.ZipFile(file).namelist() if n.startswith("database")), "sqlite"
    )
    for name, change, code in [
        ("damaged.zip", damage, "database."),
        ("other.zip", about(database=other), other),
        ("newer.zip", about(migrations=[["record", "9999_future"]]), "9999_future"),
    ]:
        done = altered(name, change)
        assert done.returncode == 2
        assert code in done.stderr
    after = verified(installation)
    assert after["head"] == before["head"]
    assert not list(Path(installation["BOLE_HOME"]).glob("before-restore-*"))


def test_a_tampered_backup_is_restored_with_a_warning(tmp_path):
    """Its files fit their digests, but its record is broken: code 1, and the old state is kept."""
    import hashlib
    import sqlite3

    with fresh_installation(tmp_path / "home") as installation:
        work(installation, "append", "a", 5, 1)
        file = tmp_path / "backup.zip"
        assert bole(installation, "backup", file).returncode == 0
        with zipfile.ZipFile(file) as source:
            source.extractall(tmp_path / "open")
        with sqlite3.connect(tmp_path / "open" / "database.sqlite3") as database:
            database.execute("DROP TRIGGER record_entry_update")
            database.execute("UPDATE record_entry SET action = 'x' WHERE sequence = 3")
        database.close()
        content = (tmp_path / "open" / "database.sqlite3").read_bytes()
        about = json.loads((tmp_path / "open" / "backup.json").read_text())
        about["files"]["database.sqlite3"] = hashlib.sha256(content).hexdigest()
        with zipfile.ZipFile(tmp_path / "forged.zip", "w") as target:
            target.writestr("backup.json", json.dumps(about))
            target.writestr("database.sqlite3", content)
        done = bole(installation, "restore", tmp_path / "forged.zip", "--yes")
        assert done.returncode == 1
        assert "第3条" in done.stderr
