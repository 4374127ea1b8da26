"""What an entry seals, and how chains number and link their entries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bole.engine.chain.canonical import canonical, fast

GENESIS = "0" * 64  # "the hash before the first entry"


@dataclass(frozen=True, slots=True)
class Numbering:
    """Which keys of an entry hold its number in a chain and the hash of the one before."""

    number: str
    previous: str


ENTRIES = Numbering("sequence", "previous")  # the one global chain of the process record
STREAM = Numbering("stream_sequence", "stream_previous")  # the entries of one case
READINGS = Numbering("sequence", "previous")  # the log of sensitive readings


def seal(content: Mapping[str, Any]) -> str:
    """The hash of a new entry: SHA-256 of its canonical JSON (everything but the hash itself).

    Raises BoleError (REC_VALUE) for values without a single written form.
    """
    return hashlib.sha256(canonical(content)).hexdigest()


def seal_of(content: Mapping[str, Any]) -> str:
    """The hash that a stored entry should have (values come from JSON, so no check is needed)."""
    return hashlib.sha256(fast(content)).hexdigest()
