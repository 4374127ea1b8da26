"""What people do with a case. Each action checks, changes and records in one transaction."""

from bole.selection.actions.cases import (
    accept_warning,
    do_task,
    finish_step,
    move_version,
    open_batch,
    open_case,
    resume_case,
    return_step,
    review_record,
    set_parameters,
    skip_step,
    state_facts,
    suspend_case,
    withdraw_case,
    write_record,
)
from bole.selection.actions.headcount import check_headcount
from bole.selection.actions.meetings import plan_ballot
from bole.selection.actions.members import choose, judge, leave, run_rules, waive
from bole.selection.actions.papers import file_paper, sign_paper, write_paper
from bole.selection.actions.templates import set_template

__all__ = [
    "accept_warning",
    "check_headcount",
    "choose",
    "do_task",
    "file_paper",
    "finish_step",
    "judge",
    "leave",
    "move_version",
    "open_batch",
    "open_case",
    "plan_ballot",
    "resume_case",
    "return_step",
    "review_record",
    "run_rules",
    "set_parameters",
    "set_template",
    "sign_paper",
    "skip_step",
    "state_facts",
    "suspend_case",
    "waive",
    "withdraw_case",
    "write_paper",
    "write_record",
]
