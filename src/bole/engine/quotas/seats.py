"""Reserved seats (预留职位): others may take one only after a release that gives its reason."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from bole.engine.errors import Problem
from bole.engine.quotas.models import Reservation
from bole.engine.text import Text
from bole.engine.verdict import Verdict

Day = datetime.date


@dataclass(frozen=True)
class Seat:
    """One reserved seat. `until` is the last day it is kept; `released` the reason of a release."""

    reservation: Reservation
    until: Day | None = None
    filled_by: str | None = None
    released: str | None = None

    def state(self, day: Day) -> Literal["open", "filled", "released", "lapsed"]:
        """The seat's state on a day; a release or a lapse stays visible on the board."""
        if self.filled_by is not None:
            return "filled"
        if self.released:
            return "released"
        return "lapsed" if self.until is not None and day > self.until else "open"


def may_fill(seat: Seat, in_group: bool | None, day: Day) -> tuple[Verdict, Problem | None]:
    """Whether a person may take the seat on `day`: (MET, NOT_MET or UNKNOWN, the reason).

    `in_group` is None while it is not on file whether the person belongs to the group. Codes:
    SEAT_FILLED, SEAT_RESERVED, SEAT_GROUP_UNKNOWN.
    """
    fill = {"t": seat.reservation.title, "g": seat.reservation.group_name}
    state = seat.state(day)
    if state == "filled":
        text = Text("{t}：已配备{p}", "{t}: filled by {p}").fill(**fill, p=seat.filled_by)
        return Verdict.NOT_MET, Problem("SEAT_FILLED", text)
    if state != "open" or in_group:
        return Verdict.MET, None
    if in_group is None:
        text = Text("{t}：是否属{g}未登记", "{t}: whether the person is one of {g} is not on file")
        return Verdict.UNKNOWN, Problem("SEAT_GROUP_UNKNOWN", text.fill(**fill))
    text = Text(
        "{t}：为{g}预留，须写明理由释放后方可另用",
        "{t}: kept for {g}; others may take it only after a release with its reason",
    )
    return Verdict.NOT_MET, Problem("SEAT_RESERVED", text.fill(**fill))
