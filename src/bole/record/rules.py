"""Permissions of this app, loaded by the app's start."""

from rules import add_perm

from bole.accounts.permissions import (
    is_auditor,
    is_head,
    is_officer,
    is_system_administrator,
)
from bole.record.permissions import may_read_stream

add_perm("record.read", is_auditor | is_head)
add_perm("record.read_stream", may_read_stream)
add_perm("record.correct", is_officer & may_read_stream)
add_perm("record.verify", is_auditor)
add_perm("record.make_anchor", is_auditor)
add_perm("record.read_readings", is_auditor)
add_perm("record.read_calendar", is_auditor | is_officer | is_system_administrator)
add_perm("record.edit_calendar", is_officer | is_system_administrator)
