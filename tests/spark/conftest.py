"""One local Spark for all tests here."""

from __future__ import annotations

import os
import sys

import ibis
import pytest


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    pyspark = pytest.importorskip("pyspark")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    home = tmp_path_factory.mktemp("spark")
    session = (
        pyspark.sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.warehouse.dir", str(home))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    ibis.pyspark.connect(session)  # makes the options of that backend known to Ibis
    yield session
    session.stop()


def rows(spark, expression):
    sql = str(ibis.to_sql(expression, dialect="pyspark"))
    return sorted((r.asDict() for r in spark.sql(sql).collect()), key=lambda r: r["person"])
