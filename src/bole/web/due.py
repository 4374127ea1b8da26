"""One line of the first page: what is due, for whom, and the page where it is done."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Due:
    """`when` None = no date but open. `kind` names the group: deadline, paper, stuck, notice …"""

    what: Any
    url: str
    kind: str
    when: datetime.date | None = None
    detail: Any = ""
    blocked: bool = False

    def days_left(self, today: datetime.date) -> int | None:
        """Calendar days to the date; negative = overdue."""
        return (self.when - today).days if self.when else None
