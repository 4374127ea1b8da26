"""Running bole in processes of their own, on an installation of its own."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(command, environment, **options):
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, **options
    )


def worker(environment, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.record.worker", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def bole(environment, *arguments, **options):
    """One `bole` command; gives the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "bole", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        **options,
    )


def verified(environment):
    """What `bole verify --database` says; the record must be valid."""
    done = bole(environment, "verify", "--database", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def count(environment, model, **where):
    code = (
        "import django; django.setup(); from bole.record import models;"
        f"print(models.{model}.objects.filter(**{where!r}).count())"
    )
    options = {**environment, "DJANGO_SETTINGS_MODULE": "bole.config.settings"}
    return int(run([sys.executable, "-c", code], options).stdout)
