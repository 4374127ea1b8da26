"""Two cadres of one bureau, and the stream of a case."""

from __future__ import annotations

import datetime

import pytest

from bole.people.models import Cadre
from bole.units.models import Unit

D = datetime.date
STREAM = "case:12"


@pytest.fixture
def bureau(db):
    root = Unit.objects.add_root(instance=Unit(code="A", name="安澜县", kind="group"))
    unit = Unit.objects.add_child(
        root, instance=Unit(code="A1", name="安澜县农业农村局", kind="department")
    )
    unit.refresh_from_db()
    return unit


@pytest.fixture
def zeng(bureau):
    return Cadre.objects.create(
        name="曾静", sex="女", birth=D(1973, 8, 25), unit=bureau, post_title="局长"
    )


@pytest.fixture
def he(bureau):
    return Cadre.objects.create(
        name="贺伟", sex="男", birth=D(1980, 2, 1), unit=bureau, post_title="副局长"
    )


@pytest.fixture
def officer(user_with):
    return user_with("section_officer", username="officer")


@pytest.fixture
def second(user_with):
    return user_with("section_officer", username="second")


@pytest.fixture
def discipline(user_with):
    return user_with("discipline_liaison", username="discipline")
