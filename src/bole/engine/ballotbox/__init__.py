"""The ballot box without a database: trackers, the published package, the recount."""

from bole.engine.ballotbox.package import (
    Cast,
    Draft,
    Meeting,
    Remark,
    Signature,
    check_roll,
    count_of,
    prepare,
    result_of,
    shown_classes,
)
from bole.engine.ballotbox.recount import RecountReport, recount
from bole.engine.ballotbox.trackers import (
    ballot_line,
    is_nonce,
    new_nonce,
    read_tracker,
    show_tracker,
    tracker_of,
)

__all__ = [
    "Cast",
    "Draft",
    "Meeting",
    "RecountReport",
    "Remark",
    "Signature",
    "ballot_line",
    "check_roll",
    "count_of",
    "is_nonce",
    "new_nonce",
    "prepare",
    "read_tracker",
    "recount",
    "result_of",
    "show_tracker",
    "shown_classes",
    "tracker_of",
]
