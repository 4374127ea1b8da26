"""Nobody edits or deletes the record unnoticed, not even who runs the server."""

from __future__ import annotations

import sqlite3

import pytest
from django.urls import reverse

from bole.record.models import Entry
from tests.record.conftest import fresh_installation
from tests.record.processes import bole, verified, worker


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An installation on SQLite with a few entries."""
    with fresh_installation(tmp_path_factory.mktemp("home")) as environment:
        assert worker(environment, "append", "a", 1, 3).wait(60) == 0
        assert verified(environment)["entries"] >= 3
        yield environment


@pytest.fixture
def file(whole, tmp_path):
    """A copy of its database, and the environment that works on the copy."""
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(whole["DATABASE_URL"].removeprefix("sqlite:///")) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    return copy, {**whole, "DATABASE_URL": f"sqlite:///{copy}"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE record_entry SET reason = 'never said' WHERE sequence = 2", "changed"),
        ("DELETE FROM record_entry WHERE sequence = 2", "removed"),
        ("UPDATE record_entry SET actor_name = '另一人' WHERE sequence = 2", "changed"),
    ],
)
def test_the_system_administrator_with_the_file_itself(file, change, kind):
    """With the service's own account on the server: the triggers are dropped, the row changed."""
    path, environment = file
    with sqlite3.connect(path) as database:
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            database.execute(change)
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(change)
    done = bole(environment, "verify", "--database", "--lang", "en")
    said = (done.stdout + done.stderr).lower()
    assert done.returncode == 1
    assert kind in said and "2" in said, said


@pytest.mark.django_db
def test_no_page_changes_the_record_for_an_administrator(sign_in, user_with):
    """The three administrators cannot correct, store or delete anything in it."""
    from bole.record.actions import append

    officer = user_with("section_officer", username="officer")
    entry = append(actor=officer, action="test.act", stream="case:1", after={"step": 1})
    before = list(Entry.objects.values_list("sequence", "hash"))
    for role in ("system_administrator", "security_administrator", "audit_administrator"):
        client = sign_in(role)
        address = reverse("record:correct", args=[entry.sequence])
        data = {"content": "{}", "reason": "x", "password": "correct horse"}
        assert client.post(address, data).status_code in (403, 404)
        for name in ("record:entry", "record:stream"):
            key = entry.sequence if name == "record:entry" else entry.stream
            for method in (client.post, client.put, client.delete):
                assert method(reverse(name, args=[key])).status_code in (200, 403, 404, 405)
    assert list(Entry.objects.values_list("sequence", "hash")) == before
