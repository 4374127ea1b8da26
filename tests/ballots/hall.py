"""A hall with a real server: gunicorn as a process of its own over a database of its own.

Used by the browser test, the linkage test and `benchmarks/ballots.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

PREPARE = """
import json, sys
import django; django.setup()
from bole.accounts.models import RoleGrant, User
from bole.ballots import actions
from tests.ballots.conftest import DAY, FORM, REASONED, SUBJECTS
officer, _ = User.objects.get_or_create(username="officer", defaults={"name": "officer"})
RoleGrant.objects.get_or_create(user=officer, role="section_officer")
for name in ("counter", "monitor"):
    user, _ = User.objects.get_or_create(username=name, defaults={"name": name})
    RoleGrant.objects.get_or_create(user=user, role="inspector")
sizes = json.loads(sys.argv[1])
classes = [{"code": c, "name": c, "due": n} for c, n in sizes.items()]
meeting = actions.plan_meeting(
    actor=officer, ballot="hall", title="会议推荐", subjects=SUBJECTS, classes=classes,
    form=REASONED if "mixed" in sys.argv else FORM, held_on=DAY,
    channel="mixed" if "mixed" in sys.argv else "paperless",
    parameters={"posts": 2, "minimum_size": 5},
)
actions.record_attendance(actor=officer, meeting=meeting, attending=sizes)
actions.freeze_roll(actor=officer, meeting=meeting)
codes = {}
for code, group in actions.issue_credentials(actor=officer, meeting=meeting):
    codes.setdefault(group, []).append(code)
if "frozen" not in sys.argv:
    actions.open_meeting(actor=officer, meeting=meeting)
print(json.dumps({"meeting": meeting.pk, "uid": meeting.uid, "codes": codes}))
"""

FINISH = """
import json, sys
from pathlib import Path
import django; django.setup()
from bole.accounts.models import User
from bole.ballots import actions, box, counting
from bole.ballots.models import Meeting
from bole.record.actions import Signature
meeting = Meeting.objects.get(pk=sys.argv[1])
meeting = actions.close(actor=User.objects.get(username="officer"), meeting=meeting)
if meeting.on_paper:  # every paper came back blank
    papers = counting.changed(meeting)
    counts = {"classes": {c["code"]: {
        "issued": (n := papers.get(c["code"], 0)), "not_returned": 0, "returned": n, "valid": n,
        "void": 0} for c in meeting.classes}}
    for name in ("counter", "monitor"):
        user = User.objects.get(username=name)
        actions.enter_sheet(actor=user, meeting=meeting, counts=counts)
for name in ("counter", "monitor"):
    user = User.objects.get(username=name)
    actions.sign(actor=user, meeting=meeting, role=name, signature=Signature("password", user))
meeting.refresh_from_db()
Path(sys.argv[2]).write_bytes(counting.package(meeting, list(meeting.signings.all())))
ballots = [[b.voter_class, b.answers, b.tracker, b.nonce] for b in box.ballots(meeting)]
print(json.dumps({"result": meeting.result, "root": meeting.root, "ballots": ballots}))
"""

SLIP = """
import json, sys
import django; django.setup()
from bole.accounts.models import User
from bole.ballots import actions, box
from bole.ballots.models import Meeting
meeting, officer = Meeting.objects.get(pk=sys.argv[1]), User.objects.get(username="officer")
new = []
for what, code in json.loads(sys.argv[2]):
    if what == "paper":
        actions.change_for_paper(actor=officer, meeting=meeting, slip=code)
    else:
        stub = box.number_of(box.hash_of(code))
        new.append(actions.reissue(actor=officer, meeting=meeting, slip=stub, why="lost")[0])
print(json.dumps(new))
"""

DUMP = """
import json, sys
import django; django.setup()
from django.db import connection
out = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names():
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [c[0] for c in cursor.description]
        out[table] = [dict(zip(names, map(str, row))) for row in cursor.fetchall()]
    if connection.vendor == "postgresql":
        for table in ("ballots_ballot", "ballots_unused", "ballots_credential", "ballots_remark"):
            cursor.execute(f"SELECT xmin::text, ctid::text, * FROM {table}")
            out["raw_" + table] = [list(map(str, row)) for row in cursor.fetchall()]
            cursor.execute("SELECT pg_relation_filepath(%s)", [table])
            out["path_" + table] = cursor.fetchone()[0]
print(json.dumps(out))
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Hall:
    """A server with its database. `url` is its address while it runs."""

    def __init__(
        self, environment: Mapping[str, str], home: Path, threads: int, workers: int
    ) -> None:
        self.environment = {**environment, "DJANGO_SETTINGS_MODULE": "tests.ballots.plain_settings"}
        self.home, self.threads, self.workers = home, threads, workers
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start gunicorn, with every log that it can write, and wait for the first page."""
        command = [sys.executable, "-m", "gunicorn", "bole.config.wsgi", "--bind"]
        command += [f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        command += ["--workers", str(self.workers), "--threads", str(self.threads)]
        command += ["--backlog", "4096", "--log-level", "warning"]
        command += ["--error-logfile", "-", "--worker-tmp-dir", str(self.home)]
        command += ["--keep-alive", "5", "--worker-connections", "6000"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/ballots/v/", timeout=2).close()
                return
            time.sleep(0.1)
        raise RuntimeError(self.log.read_text())

    def kill(self) -> None:
        """SIGKILL to the server and its worker, as a power cut would."""
        assert self.process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, program: str, *arguments: str) -> Any:
        """Run a program over the same database and read its JSON."""
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def prepare(self, sizes: Mapping[str, int], *, opened: bool = True, mixed: bool = False) -> Any:
        """A meeting with its codes; `mixed`: paper beside phones, and a form that asks reasons."""
        options = [] if opened else ["frozen"]
        return self.ask(PREPARE, json.dumps(dict(sizes)), *options, *(["mixed"] if mixed else []))

    def slips(self, meeting: int, what: Sequence[tuple[str, str]]) -> list[str]:
        """Take slips for paper ("paper", code) or replace lost ones ("lost", code): new codes."""
        found: list[str] = self.ask(SLIP, str(meeting), json.dumps(what))
        return found

    def finish(self, meeting: int, package: Path) -> Any:
        """Close, sign, count."""
        return self.ask(FINISH, str(meeting), str(package))

    def dump(self) -> Any:
        """Every table, row by row as the database returns them."""
        return self.ask(DUMP)


@contextlib.contextmanager
def hall(
    home: Path, server: str | None = None, *, threads: int = 16, workers: int = 1
) -> Iterator[Hall]:
    """A migrated installation on SQLite, or on a database of its own on the given server."""
    import psycopg

    url, name = f"sqlite:///{home}/bole.sqlite3", f"hall_{uuid.uuid4().hex[:10]}"
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
    environment.pop("BOLE_ENV", None)
    place = Hall(environment, home, threads, workers)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=place.environment, check=True)
    place.start()
    try:
        yield place
    finally:
        place.kill()
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rank_correlation(order: Sequence[Any], other: Sequence[Any]) -> float:
    """Spearman's ρ of two orders of the same things."""
    place = {x: i for i, x in enumerate(other)}
    n = len(order)
    d2 = sum((i - place[x]) ** 2 for i, x in enumerate(order))
    return 1 - 6 * d2 / (n * (n * n - 1))
