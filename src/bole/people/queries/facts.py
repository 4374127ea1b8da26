"""The facts that rules use, for one cadre, each with the rows that it comes from."""

from __future__ import annotations

import datetime

from bole.people.models import Cadre


def derived_facts(cadre: Cadre, day: datetime.date) -> list:
    return []
