"""Stages and stars of pool members: one step at a time, with evidence."""

from __future__ import annotations

from collections.abc import Sequence

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text


def change_stage(
    stages: Sequence[Text], now: int | None, to: int, *, evidence: str | None, deviation: bool
) -> Text:
    """The stage that is reached; `now` is None for a member who has none yet (stages count from 0).

    Raises `BoleError` with every failing: STAGE (no such stage), STAGE_SKIP (more than one step up
    without a Deviation; going down is one decision), STAGE_EVIDENCE.
    """
    found = []
    if not 0 <= to < len(stages):
        text = Text("没有第{n}个阶段，共{m}个", "there is no stage {n} of {m}").fill(
            n=to + 1, m=len(stages)
        )
        found.append(Problem("STAGE", text))
    elif to - (-1 if now is None else now) > 1 and not deviation:
        skipped = stages[(-1 if now is None else now) + 1]
        text = Text("跳过了“{s}”，须经批准", "{s} would be skipped: a Deviation is needed").fill(
            s=skipped
        )
        found.append(Problem("STAGE_SKIP", text))
    if not evidence:
        found.append(Problem("STAGE_EVIDENCE", Text("须附依据", "attach the evidence")))
    if found:
        raise BoleError(found)
    return stages[to]
