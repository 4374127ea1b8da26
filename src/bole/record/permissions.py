"""Who may read which part of the record.

Auditors and department heads read all of it. Everything else depends on the case: the room that
owns a kind of stream says who may read it (`streams.register`).
"""

from __future__ import annotations

from rules import predicate

from bole.accounts.models import User
from bole.accounts.permissions import is_auditor, is_head
from bole.record import streams


@predicate
def reads_the_case(user: User, stream: str | None) -> bool:
    """Whether the room that owns the stream lets the user read it."""
    return bool(stream) and streams.may_read(user, stream)


may_read_stream = is_auditor | is_head | reads_the_case
