"""How a target stands on a day: its phases, its due day, and a missed phase that stays visible."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bole.engine.errors import BoleError, Problem
from bole.engine.quotas.outcome import Check, Outcome
from bole.engine.text import Text, join

Day = datetime.date


class TargetState(StrEnum):
    """States of spec chapter 1 §2.3; `UNKNOWN` while the target itself cannot be judged."""

    NOT_DUE = "not due"
    ON_TRACK = "on track"
    BEHIND = "behind"
    MET = "met"
    MISSED = "missed"
    UNKNOWN = "cannot be judged"


_WORDS = {
    TargetState.NOT_DUE: Text("未到期", "not due"),
    TargetState.ON_TRACK: Text("进度正常", "on track"),
    TargetState.BEHIND: Text("进度滞后", "behind"),
    TargetState.MET: Text("已达到", "met"),
    TargetState.MISSED: Text("逾期未达到", "missed"),
    TargetState.UNKNOWN: Text("无法判断", "cannot be judged"),
}


@dataclass(frozen=True)
class Phase:
    """By the end of `due`, at least `count` people; `measured` is the count taken on that day."""

    due: Day
    count: int
    measured: int | None = None


@dataclass(frozen=True)
class Progress:
    """The state, and the phases that were missed whatever came later."""

    state: TargetState
    missed: tuple[Phase, ...]
    text: Text


def progress(check: Check, due: Day | None, today: Day, phases: Sequence[Phase] = ()) -> Progress:
    """How a checked target stands on `today`; the due day itself still counts.

    Without phases a target that is not yet met is "not due" until its day. With phases it is behind
    when the last phase that has ended asks for more people than are there now. Raises `BoleError`
    (PHASE_ORDER) for phases that are not in the order of their days or end after the target.
    """
    days = [phase.due for phase in phases]
    if days != sorted(days) or (due is not None and days and days[-1] > due):
        text = Text(
            "各阶段须按日期先后，且不晚于完成日期",
            "phases follow each other and end by the due day",
        )
        raise BoleError(Problem("PHASE_ORDER", text))
    ended = [phase for phase in phases if phase.due < today]
    missed = tuple(p for p in ended if p.measured is not None and p.measured < p.count)
    state = _state(check, due, today, ended, bool(phases))
    said = [_WORDS[state]]
    said += [
        Text("{d}应达{c}人，实为{m}人", "{c} were due by {d}, {m} were there").fill(
            d=p.due, c=p.count, m=p.measured
        )
        for p in missed
    ]
    return Progress(state, missed, join([check.text, *said]))


def _state(
    check: Check, due: Day | None, today: Day, ended: Sequence[Phase], phased: bool
) -> TargetState:
    if check.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE, Outcome.EXCEPTED):
        return TargetState.MET
    if check.outcome is not Outcome.NOT_MET:
        return TargetState.UNKNOWN
    if due is not None and today > due:
        return TargetState.MISSED
    if ended:
        enough = (check.have or 0) >= ended[-1].count
        return TargetState.ON_TRACK if enough else TargetState.BEHIND
    return TargetState.ON_TRACK if phased else TargetState.NOT_DUE
