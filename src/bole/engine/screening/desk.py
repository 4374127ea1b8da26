"""A warm DuckDB for a handful of people: statements stay prepared, only the rows change."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import duckdb
import pyarrow.compute as pc

from bole.engine.facts.events import TABLES, Events, empty
from bole.engine.screening.compiled import Shape
from bole.engine.screening.screen import Population

MOST_STATEMENTS = 400


class Desk(Population):
    """A population of a few people, refilled for each question. One per thread: see `desk`."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        # For a few rows the optimizer takes ten times as long as the query itself.
        self.connection.execute("SET threads = 1")
        self.connection.execute("PRAGMA disable_optimizer")
        self.prepared: dict[str, str] = {}
        self.filled: set[str] = set()
        for name in TABLES:
            self.connection.register("incoming", empty(name))
            self.connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
            self.connection.unregister("incoming")
        self.shape = Shape(frozenset({"persons"}))

    def replace(self, events: Events) -> None:
        """Other people in place of the present ones."""
        for name in self.filled:
            self.connection.execute(f'DELETE FROM "{name}"')
        self.filled = {n for n, t in events.items() if t.num_rows}
        for name in self.filled:
            self.connection.register("incoming", events[name])
            self.connection.execute(f'INSERT INTO "{name}" SELECT * FROM incoming')
            self.connection.unregister("incoming")
        holes = pc.unique(events["unrecorded"].column("table")).to_pylist()
        self.shape = Shape(frozenset(self.filled | {"persons"}), frozenset(holes))

    def rows(self, sql: str, day: datetime.date) -> list[dict[str, Any]]:
        """The rows of SQL that may use `$day`, prepared when it is first asked for a day.

        With a bound day DuckDB would plan the statement again each time.
        """
        sql = sql.replace("$day", f"'{day.isoformat()}'")
        name = self.prepared.get(sql)
        if name is None:
            if len(self.prepared) >= MOST_STATEMENTS:
                for old in self.prepared.values():
                    self.connection.execute(f"DEALLOCATE {old}")
                self.prepared.clear()
            name = f"s{len(self.prepared)}"
            self.connection.execute(f"PREPARE {name} AS {sql}")
            self.prepared[sql] = name
        self.connection.execute(f"EXECUTE {name}")
        columns = [c[0] for c in self.connection.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in self.connection.fetchall()]


_local = threading.local()


def desk() -> Desk:
    """The desk of this thread."""
    if not hasattr(_local, "desk"):
        _local.desk = Desk()
    found: Desk = _local.desk
    return found
