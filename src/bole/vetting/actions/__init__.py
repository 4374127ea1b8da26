"""Everything that changes the vetting of a case."""

from bole.vetting.actions.checks import clear_doubt, conclude_check, raise_doubt
from bole.vetting.actions.complaints import conclude_complaint, receive_complaint
from bole.vetting.actions.opinions import ask_body, record_answer

__all__ = [
    "ask_body",
    "clear_doubt",
    "conclude_check",
    "conclude_complaint",
    "raise_doubt",
    "receive_complaint",
    "record_answer",
]
