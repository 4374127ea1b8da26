"""Triggers that refuse changing or deleting what the record holds, whoever asks.

They stop mistakes and casual tampering. A database administrator can drop them; then the chain and
the anchors show what was done, and the verifier says that the guards are missing.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "record_entry",
    "record_entrysubject",
    "record_paper",
    "record_anchorrecord",
    "record_reading",
)
MESSAGE = "the process record is append-only"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guards on every table of the record; those that stand are left."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$BEGIN RAISE EXCEPTION '{MESSAGE}'; END$$"
            )
        for table in TABLES:
            for name, sql in _triggers(connection.vendor, table).items():
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(sql)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away (a schema change, a test that tampers)."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in _triggers(connection.vendor, table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of guards that should stand and do not, or are switched off."""
    wanted = [name for table in TABLES for name in _triggers(connection.vendor, table)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE pg_class.relnamespace = current_schema()::regnamespace "
                "AND tgenabled IN ('O', 'A')"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        standing = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in standing]


def _triggers(vendor: str, table: str) -> dict[str, str]:
    if vendor == "postgresql":
        call = "EXECUTE FUNCTION record_refuse()"
        return {
            f"{table}_rows": f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW {call}",
            f"{table}_all": f"CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {call}",
        }
    return {
        f"{table}_{verb.lower()}": f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} "
        f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for verb in ("UPDATE", "DELETE")
    }
