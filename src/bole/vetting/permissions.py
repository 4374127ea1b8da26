"""Who may vet, who may read what vetting found; registered by the app's start."""

from __future__ import annotations

from rules import add_perm

from bole.accounts.permissions import (
    is_auditor,
    is_discipline_liaison,
    is_inspector,
    is_officer,
    is_unit_liaison,
)


def register() -> None:
    """Give the names that views and actions ask for their rules."""
    add_perm("vetting.read", is_officer | is_inspector | is_discipline_liaison | is_auditor)
    # Notes, answers, contents: for those who check; each reading is logged.
    add_perm("vetting.read_content", is_officer | is_discipline_liaison | is_auditor)
    add_perm("vetting.read_reporter", is_discipline_liaison)
    add_perm("vetting.conclude", is_officer | is_inspector | is_discipline_liaison)
    add_perm("vetting.ask", is_officer)
    add_perm("vetting.answer", is_officer | is_discipline_liaison)
    add_perm("vetting.complaint", is_officer | is_discipline_liaison)
    add_perm("vetting.doubt", is_officer | is_inspector | is_discipline_liaison)
    add_perm("vetting.audit_dossier", is_officer)
    add_perm("vetting.adverse", is_officer | is_discipline_liaison)
    add_perm("vetting.bodies", is_officer)
    add_perm("vetting.report", is_officer | is_discipline_liaison | is_unit_liaison)
