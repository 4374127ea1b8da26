"""Everything that changes the vetting of a case."""

from bole.vetting.actions.adverse import confirm, lift, notify, reply, report_adverse
from bole.vetting.actions.checks import clear_doubt, conclude_check, raise_doubt
from bole.vetting.actions.complaints import conclude_complaint, receive_complaint
from bole.vetting.actions.dossiers import Fact, audit_dossier, recheck_dossier, sign_dossier
from bole.vetting.actions.opinions import ask_body, record_answer
from bole.vetting.actions.reports import add_body, end_body, file_report

__all__ = [
    "Fact",
    "add_body",
    "ask_body",
    "audit_dossier",
    "clear_doubt",
    "conclude_check",
    "conclude_complaint",
    "confirm",
    "end_body",
    "file_report",
    "lift",
    "notify",
    "raise_doubt",
    "receive_complaint",
    "recheck_dossier",
    "record_answer",
    "reply",
    "report_adverse",
    "sign_dossier",
]
