"""How the record names what this room writes; the streams belong to the rooms of the cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bole.engine.procedures.vocabulary import BODIES, CHECKS
from bole.record import streams


def register() -> None:
    """Register the names of the actions, of the fields they write, and of the codes in them."""
    from bole.vetting.models import Complaint, Conclusion, Opinion

    streams.register_actions(
        {
            "vetting.check": _("Check concluded"),
            "vetting.ask": _("Body asked for its opinion"),
            "vetting.answer": _("Answer of a body recorded"),
            "complaint.receive": _("Complaint registered"),
            "complaint.conclude": _("Complaint concluded"),
            "doubt.raise": _("Doubt raised"),
            "doubt.clear": _("Doubt closed"),
            "dossier.first": _("Dossier: first check"),
            "dossier.second": _("Dossier: re-check"),
            "dossier.sign": _("Dossier: confirmed by the person"),
            "adverse.report": _("Adverse item reported"),
            "adverse.notify": _("Adverse item made known to the person"),
            "adverse.reply": _("Reply to an adverse item recorded"),
            "adverse.confirm": _("Adverse item confirmed"),
            "adverse.lift": _("Adverse item lifted"),
            "body.add": _("Reporting body added"),
            "body.end": _("Reporting body left"),
            "report.file": _("Monthly report recorded"),
        }
    )
    streams.register_fields(
        {
            "check": _("Check"),
            "conclusion": _("Conclusion"),
            "on": _("Date"),
            "valid_until": _("Valid until"),
            "body": _("Body"),
            "number": _("Number"),
            "sent_on": _("Sent on"),
            "due_on": _("Due on"),
            "answer": _("Answer"),
            "signer": _("Signed by"),
            "received_on": _("Received on"),
            "channel": _("Source channel"),
            "concrete": _("Concrete and verifiable"),
            "finding": _("Finding"),
            "effect": _("Effect"),
            "state": _("State"),
            "routes": _("Routes"),
            "deadline": _("To be settled by"),
            "facts": _("Facts audited"),
            "zero": _("Zero report"),
            "items": _("Number of items"),
            "month": _("Month"),
            "category": _("Category"),
            "row": _("Number of the item"),
            "status": _("Status"),
        }
    )
    for room in ("vetting", "complaint"):
        streams.register_values(
            {
                "check": CHECKS,
                "body": BODIES,
                "conclusion": dict(Conclusion.choices),
                "answer": dict(Opinion.Answer.choices),
                "channel": dict(Complaint.Channel.choices),
                "finding": dict(Complaint.Finding.choices),
                "effect": dict(Complaint.Effect.choices),
            },
            room=room,
        )
