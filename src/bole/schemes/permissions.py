"""Who may install schemes, and who reads them."""

from rules import add_perm

from bole.accounts.permissions import is_auditor, is_head, is_officer

add_perm("schemes.read", is_officer | is_auditor)
add_perm("schemes.install", is_head)
