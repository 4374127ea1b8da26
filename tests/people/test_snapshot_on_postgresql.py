"""On PostgreSQL the event tables describe one moment, and only changed people are read again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.record.conftest import fresh_installation
from tests.record.processes import run

pytestmark = pytest.mark.postgresql


def test_one_moment_and_only_what_changed(tmp_path, postgresql_url):
    with fresh_installation(tmp_path, postgresql_url) as environment:
        script = Path(__file__).with_name("on_postgresql.py")
        done = run([sys.executable, str(script)], environment)
    seen = json.loads(done.stdout.splitlines()[-1])
    # A change that was committed between two tables shows in none of them, afterwards in all.
    assert seen["titles_during"] == ["科员"] * 5
    assert seen["titles_after"] == ["局长"] * 4
    assert seen["changed"] == 1
    assert seen["refreshed"] == seen["whole"]
    assert {r["verdict"] for r in seen["whole"]} == {True, False, None}
