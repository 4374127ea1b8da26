"""Every kind of every shipped pack: its judge answers for an empty form and for a filled one."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from bole.engine.matters import Look, MatterKind, every_judge, item_of, judged, read_matters
from bole.engine.matters.models import Column
from bole.engine.schemes import Scheme, load

ROOT = Path(__file__).parents[3] / "schemes"
DAY = datetime.date(2026, 3, 2)
PACKS = [
    path
    for path in sorted(ROOT.glob("*/*.yaml"))
    if not path.name.endswith(".cases.yaml") and "\nmatters:" in path.read_text(encoding="utf-8")
]


@cache
def scheme_of(path: Path) -> Scheme:
    return load(path)


def sample(column: Column):
    """Some value of the column's type."""
    if column.choices:
        first = next(iter(column.choices))
        return [first] if column.type == "choices" else first
    columns = getattr(column, "columns", {})
    return {
        "number": Decimal(max(1, int(column.least or 1))),
        "date": DAY,
        "yes_no": True,
        "person": 1,
        "persons": [1, 2],
        "unit": 1,
        "post": 1,
        "file": [1],
        "choices": [],
        "table": [{n: sample(c) for n, c in columns.items()}],
    }.get(column.type, "文字")


def look(scheme: Scheme, kind: MatterKind, values, state: str) -> Look:
    return Look(
        kind=kind,
        values=values,
        scheme=scheme,
        item=item_of(scheme, kind),
        day=DAY,
        person=1,
        unit=1,
        state=state,
        opened=DAY,
        options=kind.judge.options,
    )


@pytest.mark.parametrize("path", PACKS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_judges_answer(path):
    scheme = scheme_of(path)
    for name, kind in read_matters(scheme).items():
        if kind.judge is None:
            continue
        full = {n: sample(f) for n, f in kind.fields.items()}
        for values in ({}, full):
            for state in kind.states:
                found = judged(every_judge()[kind.judge.name], look(scheme, kind, values, state))
                for finding in found.findings:
                    assert finding.text.zh and finding.text.en, (name, finding.code)
                for sheet in found.sheets:
                    assert all(len(row) == len(sheet.head) for row in sheet.rows), name
