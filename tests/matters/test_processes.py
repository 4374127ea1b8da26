"""Two at the same moment on one matter, on SQLite and on PostgreSQL."""

import subprocess
import sys

from tests.record.conftest import installation  # noqa: F401
from tests.record.processes import ROOT, run, verified


def worker(environment, what):
    command = [sys.executable, "-m", "tests.matters.worker", what]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_no_move_is_done_twice_and_no_number_given_twice(installation):  # noqa: F811
    run([sys.executable, "-m", "tests.matters.worker", "prepare"], installation)
    started = [
        worker(installation, what) for what in ("accept", "accept", "open_many", "open_many")
    ]
    told = [p.communicate(timeout=240)[0] for p in started]
    assert [p.returncode for p in started] == [0, 0, 0, 0]
    assert int(told[0]) + int(told[1]) == 10
    said = run([sys.executable, "-m", "tests.matters.worker", "facts"], installation).stdout
    assert said.split()[:4] == ["30", "30", "10", "10"]
    assert verified(installation)["state"] == "valid"
