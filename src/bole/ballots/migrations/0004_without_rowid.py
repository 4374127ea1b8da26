from functools import partial
from importlib import import_module

from django.db import migrations

without_rowid = import_module("bole.ballots.migrations.0002_without_rowid").without_rowid
TABLES = ("ballots_withdrawn", "ballots_remark")


class Migration(migrations.Migration):
    """Neither withdrawn codes nor words apart from their ballots keep an order of rows."""

    dependencies = [("ballots", "0003_channels_words_and_forms")]

    operations = [
        migrations.RunPython(partial(without_rowid, tables=TABLES), migrations.RunPython.noop)
    ]
