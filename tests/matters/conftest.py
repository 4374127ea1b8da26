"""A town, a bureau, cadres of both, and the accounts that handle matters."""

from __future__ import annotations

import datetime

import pytest

from bole.people.models import Cadre
from bole.schemes.actions import install
from bole.units.models import Unit

D = datetime.date


@pytest.fixture
def units(db):
    root = Unit.objects.add_root(instance=Unit(code="A", name="安澜县", kind="group"))
    found = {}
    for code, name, kind, staff in (
        ("A1", "安澜县财政局", "department", 46),
        ("A2", "青石镇", "town", 120),
    ):
        unit = Unit(code=code, name=name, kind=kind, establishment=staff)
        root.refresh_from_db()
        found[kind] = Unit.objects.add_child(root, instance=unit)
    return found


@pytest.fixture
def people(units):
    """zeng leads the bureau, he works there, wang in the town."""
    make = Cadre.objects.create
    return {
        "zeng": make(name="曾静", sex="女", birth=D(1973, 8, 25), unit=units["department"]),
        "he": make(name="贺伟", sex="男", birth=D(1990, 2, 1), unit=units["department"]),
        "wang": make(name="王芳", sex="女", birth=D(1988, 5, 1), unit=units["town"]),
    }


@pytest.fixture
def officer(user_with):
    return user_with("section_officer", username="officer")


@pytest.fixture
def head(user_with):
    return user_with("department_head", username="head")


@pytest.fixture
def liaison(user_with, units):
    return user_with("unit_liaison", username="liaison", unit=units["town"])


@pytest.fixture
def pack(db):
    """`pack("matters-finding")`: installs a shipped pack."""
    return lambda name: install(actor=None, name_or_path=name)


def a_case() -> str:
    """The stream of a running case, for matters that hang on one."""
    from bole.accounts.models import User
    from bole.schemes.models import SchemeVersion
    from bole.selection.models import Case

    unit = Unit.objects.first() or Unit.objects.add_root(
        instance=Unit(code="Z", name="安澜县教育局", kind="department")
    )
    case, _created = Case.objects.get_or_create(
        number="A-1",
        defaults={
            "title": "选拔任用副局长",
            "scheme": SchemeVersion.objects.first(),
            "unit": unit,
            "started": D(2026, 11, 2),
            "opened_by": User.objects.first(),
        },
    )
    return case.stream
