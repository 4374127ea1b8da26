"""Derived facts kept in DuckDB: rules run on them at once; only changes are derived anew."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa

from bole.engine.errors import BoleError, Problem
from bole.engine.expressions.compile import over_facts
from bole.engine.facts.dates import Moment, Settings
from bole.engine.facts.definitions import Bound
from bole.engine.facts.events import complete, only
from bole.engine.facts.plan import Columns
from bole.engine.screening import compiled
from bole.engine.screening.rules import CompiledRules
from bole.engine.screening.screen import Population, Screening
from bole.engine.text import Text


@dataclass(frozen=True)
class Stamp:
    """How fresh a snapshot is: the day of its facts, when it was taken, and up to which change.

    `version` is the caller's number of the last committed change; equal numbers mean that the
    snapshot shows everything that the database holds.
    """

    as_of: datetime.date
    taken_at: datetime.datetime
    version: int
    people: int


class Snapshot:
    """Facts of a population as of one day, for the rules that were given when it was built."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        about = json.loads(connection.execute("SELECT content FROM about").fetchall()[0][0])
        self.columns = {k: Columns(*v) for k, v in about["columns"].items()}
        self.settings = Settings(**about["settings"])
        self._sql: dict[tuple[object, ...], str] = {}

    @classmethod
    def build(
        cls,
        rules: CompiledRules,
        events: Mapping[str, pa.Table] | Population,
        as_of: datetime.date,
        path: Path | None = None,
        *,
        version: int = 0,
        now: datetime.datetime | None = None,
    ) -> Snapshot:
        """Derive every fact of the rules for everybody; kept in memory without `path`.

        An existing file at `path` is replaced. `now` is the time of the stamp (UTC).
        """
        if path is not None:
            path.unlink(missing_ok=True)
        population = events if isinstance(events, Population) else Population(events)
        connection = duckdb.connect(str(path) if path is not None else ":memory:")
        statement = compiled.facts_statement(rules.facts, population.shape, rules.settings)
        table = population.run(statement, as_of)
        connection.register("derived", table)
        connection.execute("CREATE TABLE facts AS SELECT * FROM derived")
        connection.unregister("derived")
        connection.execute("CREATE TABLE about (content VARCHAR)")
        about = {
            "columns": {k: (c.low, c.high) for k, c in statement.columns.items()},
            "settings": asdict(rules.settings),
        }
        connection.execute("INSERT INTO about VALUES (?)", [json.dumps(about)])
        connection.execute("CREATE TABLE stamp (as_of DATE, taken_at TIMESTAMP, version BIGINT)")
        connection.execute("INSERT INTO stamp VALUES (?, ?, ?)", [as_of, now or _now(), version])
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """A snapshot built before. Raises `BoleError` if there is none."""
        try:
            return cls(duckdb.connect(str(path)))
        except duckdb.Error as error:
            raise BoleError(
                Problem("SNAPSHOT", Text(f"快照不可用：{error}", f"unusable: {error}"), str(path))
            ) from None

    @property
    def stamp(self) -> Stamp:
        """How fresh the snapshot is."""
        rows = self.connection.execute(
            "SELECT as_of, taken_at, version, (SELECT count(*) FROM facts) FROM stamp"
        ).fetchall()
        return Stamp(*rows[0])

    def refresh(
        self,
        rules: CompiledRules,
        events: Mapping[str, pa.Table] | Population,
        changed: Sequence[int],
        *,
        version: int,
        now: datetime.datetime | None = None,
    ) -> None:
        """Derive the changed people anew from their present rows, in one transaction.

        `events` needs to hold no others; a changed person who is not among its persons is dropped.
        `rules` must be those of the snapshot: other facts raise `BoleError`.
        """
        self._covers(rules)
        day = self.stamp.as_of
        if isinstance(events, Population):
            events = _rows_of(events, changed)
        population = Population(only(complete(events), changed), complete_already=True)
        bounds = {b.key: b for b in rules.facts}
        wanted: tuple[Bound, ...] = tuple(bounds[k] for k in self.columns)
        statement = compiled.facts_statement(wanted, population.shape, self.settings)
        table = population.run(statement, day)
        ids = pa.table({"person": pa.array(list(changed), pa.int64())})
        self.connection.register("derived", table)
        self.connection.register("gone", ids)
        self.connection.begin()
        try:
            self.connection.execute("DELETE FROM facts WHERE person IN (SELECT person FROM gone)")
            names = ", ".join(f'"{n}"' for n in table.column_names)
            self.connection.execute(f"INSERT INTO facts ({names}) SELECT {names} FROM derived")
            self.connection.execute(
                "UPDATE stamp SET taken_at = ?, version = ?", [now or _now(), version]
            )
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            self.connection.unregister("derived")
            self.connection.unregister("gone")

    def screen(self, rules: CompiledRules) -> Screening:
        """The rules on the kept facts: `person`, `name`, `verdict` and one column per rule.

        Rules may differ from those of the build in thresholds, not in the facts that they use.
        """
        self._covers(rules)
        day = self.stamp.as_of
        active = rules.in_force(day)
        sql = self._sql.get((active.key, day)) or self._compile(active, day)
        return Screening(active, day, self.connection.execute(sql).to_arrow_table())

    def _compile(self, rules: CompiledRules, day: datetime.date) -> str:
        schema = {r[0]: r[1] for r in self.connection.execute("DESCRIBE facts").fetchall()}
        t = ibis.table(
            {n: ibis.dtype(_IBIS.get(k, k.lower())) for n, k in schema.items()}, name="facts"
        )
        compiler = over_facts(Moment(ibis.literal(day), rules.settings), t, self.columns)
        columns = compiled.verdict_expressions(rules, compiler)
        expression = t.select(person=t.person, name=t["name"], **columns)
        sql = str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
        self._sql[rules.key, day] = sql
        return sql

    def _covers(self, rules: CompiledRules) -> None:
        lacking = [b.key for b in rules.facts if b.key not in self.columns]
        if lacking or rules.settings != self.settings:
            names = "、".join(lacking) or "conventions"
            raise BoleError(
                Problem(
                    "SNAPSHOT_FACTS",
                    Text(
                        f"快照中没有：{names}，请重新生成快照",
                        f"the snapshot lacks {names}; build it again",
                    ),
                )
            )

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


_IBIS = {"BIGINT": "int64", "INTEGER": "int32", "DOUBLE": "float64", "VARCHAR": "string"}


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def _rows_of(population: Population, people: Sequence[int]) -> dict[str, pa.Table]:
    ids = pa.table({"person": pa.array(list(people), pa.int64())})
    connection = population.connection
    connection.register("changed", ids)
    try:
        return {
            n: connection.sql(
                f'SELECT t.* FROM "{n}" t WHERE t.person IN (SELECT person FROM changed)'
            ).to_arrow_table()
            for n in population.shape.tables
        }
    finally:
        connection.unregister("changed")
