"""Arrows go down only: docs/architecture.md as a test, over the imports of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "bole"

# From the ground up. A room imports the floors below its own, and inside its floor what
# ALLOWED names.
FLOORS = [
    {"engine"},
    {"web", "documents", "accounts", "record", "units", "people", "schemes"},  # shared rooms
    {"screening", "ballots", "vetting", "matters"},  # activities that know no case
    {"selection"},
    {"desk", "api", "demo", "cli", "config"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
SHARED = FLOORS[1]
# What an activity or a shared room may use of another: its verbs, its reads, its shapes.
DOORS = {
    "accounts": {"models", "permissions", "middleware"},
    "record": {"actions", "queries", "models", "streams", "archive"},
    "units": {"models", "queries", "actions"},
    "people": {
        "models",
        "permissions",
        "queries",
        "actions",
        "dossier",
        "files",
        "exchange",
        "fields",
    },
    "schemes": {"models", "queries", "actions"},
    "web": None,  # components: all of it
    "documents": None,
    "screening": {"queries"},
    "ballots": {"queries", "actions", "models"},
    "vetting": {"queries", "actions", "models", "plans"},
    "matters": {"queries", "actions", "models", "answers", "kinds", "permissions"},
}


def imports(file: Path) -> Iterator[str]:
    """Dotted names of the bole modules and of Django that a file imports, at any depth."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.count(".") <= 1 and node.module.startswith("bole"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


@cache
def edges() -> list[tuple[str, str, str, str]]:
    """(room, file, other room, door) for every import from one room into another."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        place = file.relative_to(SOURCE)
        room = place.parts[0]
        if len(place.parts) == 1 or "migrations" in place.parts:
            continue
        for name in imports(file):
            parts = name.split(".")
            if (
                parts[0] == "bole"
                and len(parts) > 1
                and parts[1] in FLOOR.keys() - {room, "engine"}
            ):
                door = parts[2] if len(parts) > 2 else ""
                found.append((room, str(place), parts[1], door))
    return found


def test_every_room_has_a_floor():
    rooms = {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    assert rooms == set(FLOOR)


def test_the_engine_knows_no_django_and_no_room():
    wrong = []
    for file in sorted((SOURCE / "engine").rglob("*.py")):
        for name in imports(file):
            if name.split(".")[0] == "django" or (
                name.startswith("bole.") and name.split(".")[1] != "engine"
            ):
                wrong.append(f"{file.relative_to(SOURCE)} imports {name}")
    assert not wrong


def test_nothing_imports_a_floor_above():
    wrong = [
        f"{file} imports {other}.{door}"
        for room, file, other, door in edges()
        if FLOOR[other] > FLOOR[room]
    ]
    assert not wrong


def test_activities_do_not_import_each_other():
    activities = FLOORS[2]
    wrong = [
        f"{file} imports {other}.{door}"
        for room, file, other, door in edges()
        if room in activities and other in activities
    ]
    assert not wrong


def test_rooms_are_entered_by_their_doors():
    wrong = [
        f"{file} imports {other}.{door}"
        for room, file, other, door in edges()
        if FLOOR[room] < FLOOR["desk"] and DOORS[other] is not None and door not in DOORS[other]
    ]
    assert not wrong


@pytest.mark.parametrize("room", sorted(SHARED - {"web", "documents"}))
def test_rooms_keep_their_order(room):
    """actions.py never imports views; models.py imports neither actions nor views."""
    wrong = []
    for file in sorted((SOURCE / room).rglob("*.py")):
        place = file.relative_to(SOURCE / room)
        names = {n for n in imports(file) if n.startswith(f"bole.{room}.")}
        for name in names:
            target = name.split(".")[2]
            if place.parts[0].removesuffix(".py") == "models" and target in {"actions", "views"}:
                wrong.append(f"{place} imports {name}")
            if place.parts[0].removesuffix(".py") in {"actions", "queries"} and target == "views":
                wrong.append(f"{place} imports {name}")
    assert not wrong
