"""What officers, counters and monitors do with a meeting. Voters cast in `box.cast`."""

from bole.ballots.actions.counting import enter_sheet, read_result, sign
from bole.ballots.actions.forms import retire_form, save_form, save_package
from bole.ballots.actions.holding import close, deliberate, open_meeting
from bole.ballots.actions.planning import cancel_meeting, plan_meeting, plan_with
from bole.ballots.actions.roll import attendance_of, freeze_roll, record_attendance
from bole.ballots.actions.slips import change_for_paper, issue_credentials, reissue

__all__ = [
    "attendance_of",
    "cancel_meeting",
    "change_for_paper",
    "close",
    "deliberate",
    "enter_sheet",
    "freeze_roll",
    "issue_credentials",
    "open_meeting",
    "plan_meeting",
    "plan_with",
    "read_result",
    "record_attendance",
    "reissue",
    "retire_form",
    "save_form",
    "save_package",
    "sign",
]
