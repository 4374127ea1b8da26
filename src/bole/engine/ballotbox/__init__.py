"""The ballot box without a database: trackers, the published package, the recount."""

from bole.engine.ballotbox.package import (
    Cast,
    Draft,
    Meeting,
    Signature,
    check_roll,
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
    "Signature",
    "ballot_line",
    "check_roll",
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
