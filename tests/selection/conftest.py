"""A small county with a vacant post and a case opened for it."""

from __future__ import annotations

import datetime

import pytest

START = datetime.date(2025, 3, 3)


@pytest.fixture
def county(db, settings, tmp_path):
    """60 cadres, accounts by role, the default scheme."""
    from bole.demo import county
    from bole.schemes.actions import install

    settings.MEDIA_ROOT = tmp_path / "media"
    county.load(today=datetime.date(2026, 11, 24), cadres=420)
    install(actor=None, name_or_path="regulation-2019")
    return county.by_role()


@pytest.fixture
def case(county):
    """A case for a vacant deputy post, nothing done yet."""
    from bole.demo.cases import open_posts, start

    (post,) = open_posts(datetime.date(2026, 11, 24), 1)
    return start(county, post, START)


@pytest.fixture
def walk(case, county, monkeypatch):
    """The case's walk, ready to go."""
    from bole.demo import cases

    return cases.walk(case, county, START, datetime.date(2026, 11, 24))
