from django.db import migrations

from bole.record import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Triggers that refuse UPDATE and DELETE on everything that the record holds."""

    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
