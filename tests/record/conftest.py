"""Installations of bole on real databases."""

import contextlib
import os
import sys
import uuid

import psycopg
import pytest

from bole.record import streams
from tests.record.processes import ROOT, run


@contextlib.contextmanager
def fresh_installation(home, server=None):
    """The environment of a home with a migrated database, on SQLite or on the given server."""
    url, name = f"sqlite:///{home}/bole.sqlite3", f"record_{uuid.uuid4().hex[:10]}"
    if server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.rsplit("/", 1)[0] + f"/{name}"
    environment = {
        **os.environ,
        "BOLE_HOME": str(home),
        "DATABASE_URL": url,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    try:
        run(command, environment)
        yield environment
    finally:
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=BOTH)
def installation(request, tmp_path_factory):
    """The environment of a fresh installation."""
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_url")
    with fresh_installation(tmp_path_factory.mktemp("home"), server) as environment:
        yield environment


@pytest.fixture(autouse=True)
def no_rooms(monkeypatch):
    """Streams here belong to no room, unless a test registers one."""
    monkeypatch.setattr(streams, "_kinds", {})
