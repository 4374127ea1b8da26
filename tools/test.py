"""Runs the checks and the whole suite: SQLite, PostgreSQL, Chromium, Spark; in parallel.

The throw-away PostgreSQL lives in a temporary folder and ends with the run. What could not run
because something is not installed is listed by pytest as skipped, with the reason.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """A PostgreSQL server for this run, or None if it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and shutil.which("initdb"):
        found = [Path(str(shutil.which("initdb")))]
    if not found:
        yield None
        return
    programs = found[-1].parent
    home = Path(tempfile.mkdtemp(prefix="bole-pg-"))
    port = free_port()
    options: dict = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home, **options}
    data = home / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "bole", "--auth=trust", "-E", "UTF8"],
        check=True,
        **quiet,
    )
    settings = f"-p {port} -k {home} -h 127.0.0.1 -c fsync=off -c max_connections=200"
    log = ["-l", str(home / "log")]
    subprocess.run(
        [programs / "pg_ctl", "-D", data, *log, "-o", settings, "-w", "start"], check=True, **quiet
    )
    try:
        yield f"postgres://bole@127.0.0.1:{port}/postgres"
    finally:
        stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, **quiet)
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """`make check`, then pytest; the exit code is the worse of the two."""
    checked = subprocess.run(["make", "--no-print-directory", "check"], cwd=ROOT).returncode
    with postgresql() as url:
        environment = dict(os.environ)
        if url:
            environment["BOLE_TEST_POSTGRESQL"] = url
        workers = str(max(2, min(4, os.cpu_count() or 2)))
        command = [BIN / "pytest", "-n", workers, "--dist", "loadgroup", "-q", *arguments]
        tested = subprocess.run(command, cwd=ROOT, env=environment).returncode
    if checked:
        print("make check failed: see above", file=sys.stderr)
    return tested or checked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
