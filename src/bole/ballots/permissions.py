"""Who prepares meetings, enters sheets and signs; voters need no account."""

from rules import add_perm

from bole.accounts.permissions import (
    is_auditor,
    is_discipline_liaison,
    is_inspector,
    is_member,
    is_officer,
)

_signers = is_officer | is_inspector | is_discipline_liaison | is_member


def register() -> None:
    """Give the names that views and actions ask for their rules."""
    add_perm("ballots.read", _signers | is_auditor)
    add_perm("ballots.manage", is_officer)
    add_perm("ballots.count", is_officer | is_inspector | is_discipline_liaison)
    add_perm("ballots.sign", _signers)
