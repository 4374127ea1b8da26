"""Permissions of this app, loaded by the app's start."""

from rules import add_perm

from bole.accounts.permissions import is_security_administrator, is_system_administrator

add_perm("accounts.manage_users", is_system_administrator)
add_perm("accounts.grant_roles", is_security_administrator)
add_perm("accounts.read_users", is_system_administrator | is_security_administrator)
