"""Screening at scale: bole beside hand-written SQL, OpenFisca-core and a Python rule package.

    python benchmarks/screening/run.py 10000 100000 1000000 [--others PYTHON]

Each size: people with 6 posts, 10 appraisals and 3 trainings; 12 facts, 15 rules, all 33 columns
returned. `--others` is a Python in which `benchmarks/screening/requirements.txt` is installed; the
facts are handed to its packages as Parquet. Times are the best of three, warm, with the tables in
a DuckDB file; memory is the peak of the process. Every engine's answers are compared with bole's.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bole.engine.facts.events import from_people
from bole.engine.screening import (
    Population,
    Rule,
    Screening,
    Snapshot,
    compile_rules,
    explain,
    screen,
)
from bole.engine.screening.compiled import facts_statement

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
DAY = datetime.date(2024, 6, 30)
MEMORY = "1600MB"
PARAMETERS = {"odd_days": "drop"}
# id, condition, and the same over columns of given facts for packages that only judge.
RULES = [
    ("age", "age <= 45", "age <= 45"),
    ("young", "age >= 25", "age >= 25"),
    ("service", "years_of_work >= 5", "service >= 5"),
    ("deputy", "years_at_grade('section_deputy') >= 3", "deputy >= 36"),
    ("chief", "years_at_grade('section_chief') >= 2", "chief >= 24"),
    ("towns", "months_in_towns >= 24", "towns >= 24"),
    ("leading", "months_in_leading_posts >= 12", "leading >= 12"),
    ("roots", "years_at_grass_roots >= 2", "roots >= 24"),
    ("variety", "posts_held('section_deputy') >= 2", "variety >= 2"),
    ("excellent", "appraisals_graded('优秀', 3) >= 1", "excellent >= 1"),
    ("competent", "appraisals_at_least('称职', 3) >= 3", "competent >= 3"),
    ("last", "appraisal(last_year) >= '称职'", "last >= 2"),
    ("trained", "training_days(60) >= 30", "trained >= 30"),
    ("recent", "age <= 35 or months_in_towns >= 36", "age <= 35 or towns >= 36"),
    (
        "all",
        "years_at_grade('section_chief') >= 2 and months_in_towns >= 24 and age <= 50",
        "chief >= 24 and towns >= 24 and age <= 50",
    ),
]
FACTS = [
    "age",
    "service",
    "deputy",
    "chief",
    "towns",
    "leading",
    "roots",
    "variety",
    "excellent",
    "competent",
    "last",
    "trained",
]


def fill(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    """Event tables of invented people, the same for the same number."""
    empty, _ = from_people([])
    for name in ("persons", "posts", "appraisals", "trainings"):
        connection.register("shape", empty[name])
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM shape")
        connection.unregister("shape")
    connection.execute(
        f"""
        INSERT INTO persons BY NAME SELECT i AS person, 'P' || i AS name,
          CASE WHEN hash(i) % 3 = 0 THEN '女' ELSE '男' END AS sex,
          DATE '1966-01-01' + CAST(hash(i, 1) % 12000 AS INTEGER) AS birth,
          DATE '1990-01-01' + CAST(hash(i, 2) % 11000 AS INTEGER) AS work_start
        FROM range({people}) t(i)"""
    )
    # Posts follow one another; every seventh begins early, so that it overlaps the one before.
    connection.execute(
        f"""
        INSERT INTO posts BY NAME SELECT i AS person, k + 1 AS row,
          CASE hash(i, k, 3) % 4 WHEN 0 THEN 'town' ELSE 'department' END AS unit_kind,
          'U' || (hash(i, k, 4) % 500) AS unit_name, 'T' || (hash(i, k, 5) % 20) AS title,
          CASE WHEN k < 2 THEN 'staff' WHEN k < 4 THEN 'section_deputy'
               ELSE 'section_chief' END AS grade,
          hash(i, k, 6) % 2 = 0 AS leading, hash(i, k, 7) % 3 = 0 AS grass_roots,
          DATE '2004-01-01' + CAST(hash(i, 8) % 900 AS INTEGER) + CAST(k * 1150 AS INTEGER)
            - CASE WHEN hash(i, k, 9) % 7 = 0 THEN 200 ELSE 0 END AS "start",
          CASE WHEN k < 5 THEN
            DATE '2003-12-31' + CAST(hash(i, 8) % 900 AS INTEGER) + CAST((k + 1) * 1150 AS INTEGER)
          END AS "end"
        FROM range({people}) t(i), range(6) u(k)"""
    )
    connection.execute(
        f"""
        INSERT INTO appraisals BY NAME SELECT i AS person, k + 1 AS row, 2014 + k AS year,
          CASE WHEN hash(i, k, 10) % 10 < 2 THEN '优秀' WHEN hash(i, k, 10) % 10 < 9 THEN '称职'
               ELSE '基本称职' END AS grade, 'annual' AS kind
        FROM range({people}) t(i), range(10) u(k)"""
    )
    connection.execute(
        f"""
        INSERT INTO trainings BY NAME SELECT i AS person, k + 1 AS row,
          DATE '2016-01-01' + CAST(hash(i, k, 11) % 3000 AS INTEGER) AS "start",
          DATE '2016-01-10' + CAST(hash(i, k, 11) % 3000 AS INTEGER) AS "end",
          CAST(5 + hash(i, k, 12) % 20 AS DOUBLE) AS days
        FROM range({people}) t(i), range(3) u(k)"""
    )
    connection.execute("ANALYZE")


def best(work, times: int = 3) -> tuple[float, object]:
    """Seconds of the quickest of several runs, and the last result."""
    seconds, result = [], None
    for _ in range(times):
        result = None
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return min(seconds), result


def row(label: str, people: int, seconds: float, note: str = "") -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = people / seconds
    print(
        f"| {people:,} | {label} | {seconds:.3f} | {rate:,.0f} | {peak:,.0f} | {note} |", flush=True
    )


def given_facts(screening: Screening, path: Path) -> None:
    """The 12 facts as plain columns, unknown ones as -1, for packages that only judge."""
    keys = [
        "age",
        "years_of_work",
        "months_at_grade('副科级')",
        "months_at_grade('正科级')",
        "months_in_towns",
        "months_in_leading_posts",
        "months_at_grass_roots",
        "posts_held('副科级')",
        "appraisals_graded('优秀', 3)",
        "appraisals_at_least('称职', 3)",
        "appraisal(last_year)",
        "training_days(60, '')",
    ]
    table = screening.table
    columns = {"person": table.column("person")}
    for name, key in zip(FACTS, keys, strict=True):
        column = table.column(f"fact:{key}")
        if name == "last":
            words = ["不称职", "基本称职", "称职", "优秀"]
            column = pc.index_in(column, pa.array(words))
        columns[name] = pc.fill_null(pc.cast(column, "float64"), -1.0)
    pq.write_table(pa.table(columns), path)


def measure(people: int, others: str | None) -> None:
    with tempfile.TemporaryDirectory() as home:
        # A file, as a nation's tables would be; DuckDB may hold so much of it in memory.
        connection = duckdb.connect(str(Path(home) / "events.duckdb"))
        connection.execute(f"SET threads = {os.cpu_count()}")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        fill(connection, people)
        connection.execute("CHECKPOINT")
        compare(connection, people, others)
        connection.close()


def compare(connection: duckdb.DuckDBPyConnection, people: int, others: str | None) -> None:
    # The years of a grade are floored from its months, so the packages get the months.
    extra = [
        ("m1", "months_at_grade('section_deputy') >= 0"),
        ("m2", "months_at_grade('section_chief') >= 0"),
        ("m3", "months_at_grass_roots >= 0"),
    ]
    rules = compile_rules(
        [Rule.from_mapping({"id": i, "text": i, "require": e}) for i, e, _ in RULES], PARAMETERS
    )
    with_months = compile_rules(
        [
            Rule.from_mapping({"id": i, "text": i, "require": e})
            for i, e in [(i, e) for i, e, _ in RULES] + extra
        ],
        PARAMETERS,
    )
    population = Population.over(connection)
    if people <= 10_000:
        began = time.perf_counter()
        screen(rules, population, DAY)
        row("bole, the first time", people, time.perf_counter() - began, "compiled and planned")
    seconds, screening = best(lambda: screen(rules, population, DAY))
    assert isinstance(screening, Screening)
    row("bole, from events", people, seconds, f"{screening.table.num_columns} columns")
    sql = (HERE / "by_hand.sql").read_text(encoding="utf-8")
    by_hand, table = best(lambda: connection.sql(sql).to_arrow_table())
    row("DuckDB by hand, from events", people, by_hand, f"bole ÷ by hand = {seconds / by_hand:.2f}")
    same(screening, table)
    del table
    whole, _ = best(
        lambda: population.run(facts_statement(rules.facts, population.shape, rules.settings), DAY),
        1,
    )
    began = time.perf_counter()
    snapshot = Snapshot.build(rules, population, DAY, version=1)
    row("bole, snapshot built", people, time.perf_counter() - began)
    snapshot.screen(rules)
    judged, kept = best(lambda: snapshot.screen(rules))
    row("bole, from the snapshot", people, judged, "15 rules and the verdict")
    assert kept.funnel == screening.funnel
    changed = list(range(0, people, 100))
    snapshot.refresh(rules, population, changed, version=2)
    refreshed, _ = best(lambda: snapshot.refresh(rules, population, changed, version=3))
    row("bole, refresh of 1 %", people, refreshed, f"{refreshed / whole:.0%} of a full derivation")
    person = people // 2
    one = {
        n: connection.sql(f"SELECT * FROM {n} WHERE person = {person}").to_arrow_table()
        for n in ("persons", "posts", "appraisals", "trainings")
    }
    single("the first time", people, lambda: explain(rules, one, DAY), 1)
    single("with the rows given", people, lambda: explain(rules, one, DAY), 30)
    single("out of everybody", people, lambda: explain(rules, population, DAY, [person]), 10)
    if others:
        with tempfile.TemporaryDirectory() as home:
            path = Path(home) / "facts.parquet"
            given_facts(screen(with_months, population, DAY), path)
            del snapshot, kept
            spec = json.dumps({"rules": [(i, e) for i, _, e in RULES], "path": str(path)})
            expected = {c.rule_id: c.met for c in screening.funnel}
            for package in ("openfisca", "rule_engine"):
                done = subprocess.run(
                    [others, str(HERE / "others.py"), package, spec],
                    capture_output=True,
                    text=True,
                )
                if done.returncode:
                    print(f"| {people:,} | {package} | | | | {done.stderr.strip()[-200:]} |")
                    continue
                got = json.loads(done.stdout.splitlines()[-1])
                agrees = all(got["met"][i] == expected[i] for i in expected)
                note = f"facts given; loading {got['loading']:.2f} s; same answers: {agrees}"
                if got["sample"] < people:
                    note = f"facts given; {got['sample']:,} people"
                print(
                    f"| {got['sample']:,} | {got['label']} | {got['seconds']:.3f} | "
                    f"{got['sample'] / got['seconds']:,.0f} | {got['memory']:,.0f} | {note} |",
                    flush=True,
                )


def single(label: str, people: int, work, times: int) -> None:
    """Prints the median time of one person's explanation."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    median = statistics.median(taken)
    print(f"| {people:,} | one person explained, {label} | {median:.4f} | | | median |", flush=True)


def same(screening: Screening, table) -> None:
    """The hand-written query gives the answers of every rule."""
    mine = screening.table.select(["person", *screening.ids]).sort_by("person")
    theirs = table.drop_columns(["name"]).sort_by("person")
    for rule_id in screening.ids:
        name = f"{rule_id}_" if f"{rule_id}_" in theirs.column_names else rule_id
        if mine.column(rule_id).combine_chunks() != theirs.column(name).combine_chunks():
            raise SystemExit(f"the hand-written query disagrees on {rule_id}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int, nargs="+")
    parser.add_argument("--others", metavar="PYTHON")
    arguments = parser.parse_args()
    if len(arguments.people) == 1:
        measure(arguments.people[0], arguments.others)
        sys.exit()
    print(
        "| people | what | seconds | people/s | peak MiB | |\n|---|---|---|---|---|---|", flush=True
    )
    for size in arguments.people:
        # A process of its own for each size, so that its peak memory is its own.
        command = [sys.executable, __file__, str(size)]
        command += ["--others", arguments.others] if arguments.others else []
        subprocess.run(command, check=True)
