"""Who screens, whom they may screen, and what of an answer they are shown."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import is_officer, plays
from bole.people import permissions as people
from bole.people.models import Cadre
from bole.screening.models import SavedCondition, SavedList

SCREENERS = (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD, Role.AUDITOR)
# Tables whose rows are sensitive fields of a cadre's file (people.permissions.SENSITIVE).
SENSITIVE_TABLES = {"relations": "family", "sanctions": "sanctions"}


def screened(user: User) -> QuerySet[Cadre]:
    """The cadres in service that the user's grants cover."""
    return people.readable(user, SCREENERS).filter(status=Cadre.Status.IN_SERVICE)


def conditions(user: User) -> QuerySet[SavedCondition]:
    """The user's own conditions and those that others share."""
    return SavedCondition.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def lists(user: User) -> QuerySet[SavedList]:
    """The user's own lists."""
    return SavedList.objects.filter(owner=user)


@predicate
def owns(user: User, row: SavedCondition | SavedList | None) -> bool:
    """Only the owner changes a saved condition or list."""
    return row is not None and row.owner_id == user.pk


add_perm("screening.use", is_officer | plays(Role.AUDITOR))
add_perm("screening.save", is_officer)
add_perm("screening.change", is_officer & owns)
