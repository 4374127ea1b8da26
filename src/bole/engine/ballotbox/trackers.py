"""What a ballot looks like when it is published, and the tracker by which its voter finds it.

A published ballot is one line of canonical JSON with exactly these keys, in this order:

    {"answers":{…},"class":"…","nonce":"<32 hex digits>","tracker":"<12 letters and digits>"}

The tracker is a hash of the meeting, the nonce and the answers, so that it fixes them, and nothing
else: no voter, no code, no device, no time, no order. The nonce is drawn for the ballot (by the
voter's own device where there is one), so that equal ballots have different trackers.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bole.engine.chain import canonical
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

TRACKER_LENGTH = 12  # 60 bits, in the alphabet A–Z and 2–7: no 0, 1, 8 or 9 to confuse
NONCE_LENGTH = 32
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648 base32
_PAIRS = [(a + b).encode() for a in _ALPHABET for b in _ALPHABET]
_NONCE = re.compile(r"[0-9a-f]{32}\Z")
_TRACKER = re.compile(r"[A-Z2-7]{12}\Z")


def new_nonce() -> str:
    """A fresh nonce of 128 bits."""
    return secrets.token_hex(NONCE_LENGTH // 2)


def is_nonce(value: object) -> bool:
    """Whether a value (from a voter's device) is a nonce."""
    return isinstance(value, str) and _NONCE.match(value) is not None


def tracker_seed(meeting: str) -> bytes:
    """What is hashed before nonce and answers: binds a tracker to its meeting."""
    return b"bole-tracker/1\x00" + sha256(meeting.encode()).digest()


def tracker_of(meeting: str, nonce: str, answers: Mapping[str, Any]) -> str:
    """The tracker of a ballot: 12 letters and digits. Raises `BoleError` for a bad nonce."""
    if not is_nonce(nonce):
        raise BoleError(Problem("NONCE", Text("随机数格式有误", "the nonce is malformed")))
    return tracker_from(tracker_seed(meeting), nonce.encode(), canonical(answers)).decode()


def tracker_from(seed: bytes, nonce: bytes, answers: bytes) -> bytes:
    """The same from bytes, for recounting: the first 60 bits of
    SHA-256(seed ‖ nonce ‖ answers) in base32."""
    n = int.from_bytes(sha256(seed + nonce + answers).digest()[:8], "big") >> 4
    return (
        _PAIRS[n >> 50]
        + _PAIRS[n >> 40 & 1023]
        + _PAIRS[n >> 30 & 1023]
        + _PAIRS[n >> 20 & 1023]
        + _PAIRS[n >> 10 & 1023]
        + _PAIRS[n & 1023]
    )


def show_tracker(tracker: str) -> str:
    """For people: ABCD-EFGH-IJKL."""
    return "-".join(tracker[i : i + 4] for i in range(0, len(tracker), 4))


def read_tracker(text: str) -> str:
    """A tracker as a person types it. Raises `BoleError` (TRACKER) when it cannot be one."""
    found = re.sub(r"[\s\-–—－]", "", text).upper()
    found = found.translate(str.maketrans("018", "OIB"))  # digits that the alphabet does not have
    if not _TRACKER.match(found):
        said = Text(
            "“{t}”不是查票码：应为12位字母和数字（2–7）",
            '"{t}" is no tracker: it has 12 letters and digits (2–7)',
        ).fill(t=text)
        raise BoleError(Problem("TRACKER", said))
    return found


def ballot_line(answers: Mapping[str, Any], voter_class: str, nonce: str, tracker: str) -> bytes:
    """The published line of a ballot, without the line end."""
    return canonical({"answers": answers, "class": voter_class, "nonce": nonce, "tracker": tracker})
