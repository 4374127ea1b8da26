"""Who may read and change units, posts and headcount."""

from __future__ import annotations

from rules import add_perm, predicate

from bole.accounts.models import Role, User
from bole.accounts.permissions import is_officer, is_unit_liaison, plays
from bole.units.models import Unit

# The audit administrator keeps the record, and works with no unit.
is_auditor = plays(Role.AUDITOR)
WRITERS = (Role.SECTION_OFFICER, Role.DEPARTMENT_HEAD)


@predicate
def manages_unit(user: User, unit: Unit | None) -> bool:
    """An officer whose grant covers the unit; without a unit: any officer."""
    if not user.is_active or not user.plays(*WRITERS):
        return False
    if unit is None:
        return True
    return any(
        g.role in WRITERS and (g.unit_id is None or unit.path.startswith(g.unit.path))
        for g in user.held_grants()
    )


def register() -> None:
    """Give the names that views and actions ask for their rules."""
    add_perm("units.read", is_officer | is_auditor | is_unit_liaison)
    add_perm("units.change", manages_unit)
