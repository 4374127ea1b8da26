"""Fixtures of the whole suite: people with roles, a throw-away PostgreSQL, a real browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

# A home of its own for each test process; child processes inherit it.
HOME = Path(tempfile.mkdtemp(prefix="bole-test-"))
os.environ["BOLE_HOME"] = str(HOME)
os.environ.pop("BOLE_ENV", None)

import pytest  # noqa: E402


def pytest_configure(config):
    from django.conf import settings

    # pytest-django reads the settings before this file is imported, with another home.
    settings.HOME = HOME
    settings.MEDIA_ROOT = HOME / "media"
    settings.STATIC_ROOT = HOME / "static"
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Argon2 at full cost would make every signed-in test wait; its own test uses the real one.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    let_flush_empty_the_record()


def let_flush_empty_the_record():
    """Between transactional tests Django empties all tables; the record's triggers refuse that."""
    from django.core.management.commands import flush
    from django.db import connections

    from bole.record import guards

    handle = flush.Command.handle

    def handle_without_guards(self, **options):
        connection = connections[options["database"]]
        guards.remove(connection)
        try:
            return handle(self, **options)
        finally:
            guards.install(connection)

    flush.Command.handle = handle_without_guards


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture
def user_with(db):
    """`user_with("section_officer", unit=None, username=…)`: an account that plays a role."""
    from bole.accounts.models import RoleGrant, User

    def make(*roles: str, username: str | None = None, unit=None, password: str = "correct horse"):
        username = username or "_".join(roles) or "nobody"
        user, created = User.objects.get_or_create(username=username, defaults={"name": username})
        if created:
            user.set_password(password)
            user.save()
        for role in roles:
            RoleGrant.objects.get_or_create(user=user, role=role, unit=unit)
        user.__dict__.pop("_roles", None)
        return user

    return make


@pytest.fixture
def sign_in(client, user_with):
    """`sign_in("section_officer")`: the test client, signed in with that role."""

    def enter(*roles: str, **options):
        client.force_login(user_with(*roles, **options))
        return client

    return enter


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample files of the invented county."""
    return Path(__file__).parent / "samples"


@pytest.fixture(scope="session")
def postgresql_url():
    """The address of the throw-away PostgreSQL that `make test` started; skips without one."""
    url = os.environ.get("BOLE_TEST_POSTGRESQL")
    if not url:
        pytest.skip("no PostgreSQL server: run `make test`, or set BOLE_TEST_POSTGRESQL")
    return url
