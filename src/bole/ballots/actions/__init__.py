"""What officers, counters and monitors do with a meeting. Voters cast in `box.cast`."""

from bole.ballots.actions.counting import enter_sheet, read_result, sign
from bole.ballots.actions.holding import close, deliberate, open_meeting
from bole.ballots.actions.planning import cancel_meeting, plan_meeting
from bole.ballots.actions.roll import attendance_of, freeze_roll, record_attendance
from bole.ballots.actions.slips import issue_credentials, reissue

__all__ = [
    "attendance_of",
    "cancel_meeting",
    "close",
    "deliberate",
    "enter_sheet",
    "freeze_roll",
    "issue_credentials",
    "open_meeting",
    "plan_meeting",
    "read_result",
    "record_attendance",
    "reissue",
    "sign",
]
