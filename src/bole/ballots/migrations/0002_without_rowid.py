from django.db import migrations

TABLES = ("ballots_credential", "ballots_unused", "ballots_ballot")


def without_rowid(apps, schema_editor, tables=TABLES):
    """SQLite numbers rows as they come; a table without these numbers is kept by its random key."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            (definition,) = cursor.fetchone()
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql <> ''",
                [table],
            )
            indexes = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"DROP TABLE {table}")
            for sql in (f"{definition} WITHOUT ROWID", *indexes):
                cursor.execute(sql)


class Migration(migrations.Migration):
    """The box keeps no order of rows."""

    dependencies = [("ballots", "0001_initial")]

    operations = [migrations.RunPython(without_rowid, migrations.RunPython.noop)]
