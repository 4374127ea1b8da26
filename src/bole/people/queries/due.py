"""What is due in the cadres' room for one user."""

from __future__ import annotations

import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bole.accounts.models import Role, User
from bole.people import permissions
from bole.people.models import Correction, ImportBatch, Sanction
from bole.web.due import Due

DECIDE_WITHIN_DAYS = 30  # a correction is decided within a month of being asked


def due(user: User, today: datetime.date) -> list[Due]:
    """Corrections to decide, imports to confirm, adverse items to reply to."""
    items: list[Due] = []
    if user.plays(*permissions.WRITERS):
        items += _corrections(user) + _imports(user)
    if user.plays(Role.CADRE):
        items += _own(user)
    return items


def _corrections(user: User) -> list[Due]:
    reach = permissions.readable(user, permissions.WRITERS)
    asked = Correction.objects.filter(state=Correction.State.ASKED, cadre__in=reach).aggregate(
        count=Count("pk"), oldest=Min("asked_at")
    )
    if not asked["count"]:
        return []
    when = asked["oldest"].date() + datetime.timedelta(days=DECIDE_WITHIN_DAYS)
    what = _("%(count)s corrections to decide") % {"count": asked["count"]}
    return [Due(what, reverse("people:corrections") + "?state=asked", "correction", when)]


def _imports(user: User) -> list[Due]:
    open_states = (ImportBatch.State.READING, ImportBatch.State.READ)
    return [
        Due(
            _("Import “%(name)s” waits for your confirmation") % {"name": batch.name},
            reverse("people:import", args=[batch.pk]),
            "import",
        )
        for batch in ImportBatch.objects.filter(created_by=user, state__in=open_states)[:10]
    ]


def _own(user: User) -> list[Due]:
    """Items that the cadre may reply to, and the own corrections that wait for a decision."""
    unanswered = Sanction.objects.filter(cadre__account=user, reply="").exclude(
        status=Sanction.Status.LIFTED
    )
    asked = Correction.objects.filter(cadre__account=user, state=Correction.State.ASKED)
    return [
        Due(
            _("You may reply to an item in your file: %(kind)s") % {"kind": item.kind},
            reverse("people:reply", args=[item.pk]),
            "reply",
        )
        for item in unanswered
    ] + [
        Due(
            _("Your correction waits for the office's decision"),
            reverse("people:own"),
            "correction",
            timezone.localdate(item.asked_at) + datetime.timedelta(days=DECIDE_WITHIN_DAYS),
            f"{item.stands} → {item.wanted}",
        )
        for item in asked
    ]
