"""Settings of a server whose day a test sets: the file `day` in BOLE_HOME holds it."""

import datetime

from django.utils import timezone

from bole.config.settings import HOME
from tests.ballots.plain_settings import *  # noqa: F403

SESSION_COOKIE_AGE = 5 * 366 * 24 * 3600  # nobody is signed out when a year passes at once
_real_now = timezone.now


def now() -> datetime.datetime:
    """Nine in the morning in Shanghai on the day of the file, and on from when it was written."""
    file = HOME / "day"
    written = datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)
    day = datetime.date.fromisoformat(file.read_text())
    morning = datetime.datetime.combine(day, datetime.time(1), datetime.UTC)
    return morning + max(_real_now() - written, datetime.timedelta())


timezone.now = now
