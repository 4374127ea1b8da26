"""Run inside an installation of its own by `test_snapshot_on_postgresql`; prints what it saw."""

from __future__ import annotations

import datetime
import importlib
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bole.config.settings")
django.setup()

import psycopg  # noqa: E402
from django.utils import timezone  # noqa: E402

from bole.engine.screening import Rule, Snapshot, compile_rules, screen  # noqa: E402
from bole.people.models import Cadre, PostSpell  # noqa: E402
from bole.people.queries import events as reading  # noqa: E402

DAY = datetime.date(2026, 11, 24)


def between_two_tables(change):
    """The event tables, with a change that somebody else commits after the first was read."""
    module = importlib.import_module("bole.people.queries.events")
    read = module._read

    def first_then_change(name, *arguments):
        found = read(name, *arguments)
        if name == "persons":
            change()
        return found

    module._read = first_then_change
    try:
        return reading()
    finally:
        module._read = read


def main():
    people = [
        Cadre.objects.create(name=f"人{i}", sex="男", birth=datetime.date(1980 + i, 1, 1))
        for i in range(5)
    ]
    for cadre in people:
        PostSpell.objects.create(
            cadre=cadre, unit_name="甲局", title="科员", start=datetime.date(2015, 1, 1)
        )
    elsewhere = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def change():
        elsewhere.execute("UPDATE people_postspell SET title = '局长'")
        elsewhere.execute("DELETE FROM people_postspell WHERE cadre_id = %s", [people[4].pk])

    consistent = between_two_tables(change)
    afterwards = reading()
    rules = compile_rules(
        [
            Rule.from_mapping({"id": "head", "text": "x", "require": "has_held_title('局长')"}),
            Rule.from_mapping({"id": "age", "text": "x", "require": "age <= 43"}),
        ]
    )
    # Incremental: only those whose files changed since are read and derived again.
    taken = timezone.now()
    snapshot = Snapshot.build(rules, afterwards, DAY, version=1)
    late = people[1]
    late.birth = datetime.date(1999, 1, 1)
    late.save()
    changed = list(Cadre.objects.filter(updated_at__gt=taken).values_list("pk", flat=True))
    snapshot.refresh(rules, reading(changed), changed, version=2)
    key = [("person", "ascending")]
    whole = screen(rules, reading(), DAY, facts=False)
    print(
        json.dumps(
            {
                "titles_during": consistent["posts"].column("title").to_pylist(),
                "titles_after": afterwards["posts"].column("title").to_pylist(),
                "changed": len(changed),
                "refreshed": snapshot.screen(rules).table.sort_by(key).to_pylist(),
                "whole": whole.table.sort_by(key).to_pylist(),
            }
        )
    )


if __name__ == "__main__":
    main()
