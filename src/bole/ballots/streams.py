"""How the record names what this room writes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bole.record import streams

KIND = "ballot"  # meetings that belong to no case have the stream "ballot:<uid>"


def _meeting(key: str) -> Any:
    from bole.ballots.models import Meeting

    return Meeting.objects.filter(uid=key).first()


def _title(key: str) -> str:
    meeting = _meeting(key)
    return meeting.title if meeting else key


def _url(key: str) -> str:
    meeting = _meeting(key)
    return reverse("ballots:detail", args=[meeting.pk]) if meeting else ""


def register() -> None:
    """Register the streams and the names of the actions."""
    streams.register(
        KIND,
        title=_title,
        url=_url,
        may_read=lambda user, _key: user.has_perm("ballots.read"),
    )
    streams.register(
        "ballot-forms",
        title=lambda _key: _("Forms"),
        url=lambda _key: reverse("ballots:forms"),
        may_read=lambda user, _key: user.has_perm("ballots.read"),
    )
    streams.register_actions(
        {
            "ballots.plan": _("Ballot planned"),
            "ballots.attendance": _("Attendance recorded"),
            "ballots.freeze": _("Roll settled"),
            "ballots.cancel": _("Ballot cancelled"),
            "ballots.open": _("Voting opened"),
            "ballots.issue": _("Voting codes issued"),
            "ballots.reissue": _("Slip replaced"),
            "ballots.paper": _("Slip changed for a paper ballot"),
            "ballots.form": _("Form saved"),
            "ballots.retire": _("Form taken out of the list"),
            "ballots.close": _("Voting closed"),
            "ballots.sheet": _("Count sheet entered"),
            "ballots.sign": _("Count signed"),
            "ballots.result": _("Result stands"),
            "ballots.deliberate": _("Conduct of the meeting minuted"),
            "ballots.read": _("Result read"),
        }
    )
    streams.register_fields(
        {
            "attending": _("Attending"),
            "ballot": _("Ballot"),
            "channel": _("Channel"),
            "chair_last": _("Principal spoke last"),
            "classes": _("Classes"),
            "conclusion": _("Conclusion"),
            "due": _("Persons due"),
            "form": _("Form"),
            "held_on": _("Held on"),
            "issued": _("Issued"),
            "result": _("Result"),
            "on_paper": _("Slips changed for paper ballots"),
            "root": _("Root of the ballots"),
            "slip_was": _("The slip was"),
            "version": _("Version"),
            "words": _("Digest of the written words"),
            "signed_as": _("Signed as"),
            "subject": _("About whom"),
            "subjects": _("Names on the ballot"),
            "turnout": _("Turnout"),
        }
    )
