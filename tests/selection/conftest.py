"""A small county with a vacant post and a case opened for it; and a smaller office."""

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


@pytest.fixture
def office(db, settings, tmp_path):
    """The accounts of `small.users`, by role."""
    from tests.selection import small

    settings.MEDIA_ROOT = tmp_path / "media"
    return small.users()


@pytest.fixture
def go(office):
    """`go(case, until=…, groups={…}, facts={…})`: a case walked by the desk's own walk."""
    from bole.accounts.models import User
    from bole.desk.walk import Plan, Walk
    from bole.engine.instruments import ItemKind
    from tests.selection import small

    class Scored(Walk):
        """Enters points, too, where a form asks for points: nearly full ones for everybody."""

        def _counts(self, meeting, given, present):
            points = [i for i in meeting.instrument.items if i.kind is ItemKind.POINTS]
            if not points:
                return super()._counts(meeting, given, present)
            figures = {"issued": present, "returned": present, "valid": present}
            scores = {
                i.id: {
                    s["key"]: {"sum": str(present * int(i.max_points) - n), "rated": present}
                    for n, s in enumerate(meeting.subjects)
                }
                for i in points
            }
            row = {**figures, "not_returned": 0, "void": 0, "marks": {}, "points": scores}
            return {"classes": {"all": row}}

    def walk(case, until=None, groups=None, facts=None, today=None, **plan):
        everybody = {
            role: list(User.objects.filter(grants__role=role).order_by("pk"))
            for role in small.ROLES
        }
        told = {
            g: [(p, "德才素质符合岗位要求") for p in people] for g, people in (groups or {}).items()
        }
        course = Plan(groups=told, facts=facts or {}, **plan)
        return Scored(case, course, everybody, case.started, today or case.started).run(until=until)

    return walk
