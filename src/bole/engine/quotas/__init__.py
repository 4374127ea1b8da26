"""Ratios, minimums, batch shares, targets, caps and size bands: exact, with every number said.

Nothing here knows a place: thresholds, denominators and roundings come from packs.
"""

from bole.engine.quotas.bands import QuotaBand, QuotaBands, banded
from bole.engine.quotas.counts import count_problems, is_count, need_counts
from bole.engine.quotas.deviation import Deviation, pass_over
from bole.engine.quotas.indicator import Indicator, Measured, measure
from bole.engine.quotas.ladder import Ladder, Remedy, next_remedy
from bole.engine.quotas.models import Plan, Quota, Reservation
from bole.engine.quotas.outcome import Check, Outcome
from bole.engine.quotas.progress import Phase, Progress, TargetState, progress
from bole.engine.quotas.seats import Seat, may_fill
from bole.engine.quotas.shares import check, check_batch, check_plan, need
from bole.engine.quotas.take import Take, taken

__all__ = [
    "Check",
    "Deviation",
    "Indicator",
    "Ladder",
    "Measured",
    "Outcome",
    "Phase",
    "Plan",
    "Progress",
    "Quota",
    "QuotaBand",
    "QuotaBands",
    "Remedy",
    "Reservation",
    "Seat",
    "Take",
    "TargetState",
    "banded",
    "check",
    "check_batch",
    "check_plan",
    "count_problems",
    "is_count",
    "may_fill",
    "measure",
    "need",
    "need_counts",
    "next_remedy",
    "pass_over",
    "progress",
    "taken",
]
