"""Real processes on real databases: nothing forks, nothing passes twice, nothing is half done."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid

import pytest

from tests.record.processes import ROOT, count, verified, worker


def test_many_processes_and_threads_append_one_chain(installation):
    before = verified(installation)["entries"]
    started = [worker(installation, "append", n, 20, 3) for n in range(3)]
    assert [p.wait(120) for p in started] == [0, 0, 0]
    assert verified(installation)["entries"] == before + 3 * 3 * 20


def test_two_at_the_same_moment_never_both_pass_a_gate(installation):
    started = [worker(installation, "gate", n) for n in range(3)]
    assert [p.wait(120) for p in started] == [0, 0, 0]
    assert count(installation, "Entry", action="gate.pass") == 20
    assert verified(installation)["state"] == "valid"


def test_a_process_killed_in_an_action_leaves_nothing(installation):
    before = verified(installation)
    process = worker(installation, "half")
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    after = verified(installation)
    assert (after["entries"], after["papers"]) == (before["entries"], before["papers"])
    assert count(installation, "WorkYear", year=2999) == 0
    assert worker(installation, "append", "next", 1, 1).wait(60) == 0, "nothing stays locked"


def test_processes_killed_at_any_moment_leave_whole_actions(installation):
    chance = random.Random(7)
    for _ in range(4):
        process = worker(installation, "endless")
        assert process.stdout.readline() == "started\n"
        time.sleep(0.2 + chance.random() / 2)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    years = count(installation, "WorkYear", year__gt=3000)
    assert years == count(installation, "Entry", action="test.year") > 0
    assert verified(installation)["state"] == "valid"


@pytest.mark.postgresql
@pytest.mark.slow
def test_the_record_s_own_tests_pass_on_postgresql(postgresql_url):
    """Tampering, guards, packages: the same tests once more, on the server."""
    name = f"record_{uuid.uuid4().hex[:10]}"
    environment = {**os.environ, "DATABASE_URL": postgresql_url.rsplit("/", 1)[0] + f"/{name}"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    files = ["test_actions.py", "test_tampering.py", "test_packages.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, *(f"tests/record/{file}" for file in files)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
