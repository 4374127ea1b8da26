"""The ballot box: codes, casting, sealing. Nothing here knows or asks who votes."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, connection, transaction

from bole.ballots.models import Ballot, Credential, Meeting, Remark, Unused, Withdrawn
from bole.ballots.voting import apart, normal
from bole.engine.ballotbox import Cast, is_nonce, tracker_of
from bole.engine.chain import canonical
from bole.engine.errors import BoleError, Problem
from bole.engine.tally import BallotReader
from bole.engine.text import Text

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1 to confuse
CODE_LENGTH = 12  # 60 bits
NUMBER_LENGTH = 8  # 40 bits: the number on the stub of a slip
LARGEST_BALLOT = 100_000  # characters of JSON
Words = tuple[str, str, str, str]  # item, subject, option, what was written
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter takes along."""

    meeting: str
    tracker: str


def new_code() -> str:
    """A fresh code of 60 random bits."""
    return "".join(_random.choices(ALPHABET, k=CODE_LENGTH))


def read_code(text: str) -> str:
    """A code as a person types it. Raises `BoleError` (CODE_SHAPE)."""
    found = re.sub(r"[\s\-–—－]", "", text).upper()
    if len(found) != CODE_LENGTH or not set(found) <= set(ALPHABET):
        said = Text(
            "投票码应为12位字母和数字，请对照票条再输一次",
            "A voting code has 12 letters and digits. Please compare with your slip",
        )
        raise BoleError(Problem("CODE_SHAPE", said))
    return found


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return sha256(b"bole-code/1\x00" + code.encode()).hexdigest()


def number_of(hashed: str) -> str:
    """The number on the stub of a slip, by which it is replaced when it is lost: the first 40 bits
    of the hash in the letters of codes. It does not lead back to the code."""
    n = int(hashed[:10], 16)
    return "".join(ALPHABET[n >> shift & 31] for shift in range(35, -1, -5))


def find_slip(meeting: Meeting, text: str) -> str:
    """The hash of a slip of this meeting by its code or by the number on its stub.

    Raises `BoleError`: SLIP_SHAPE, CODE_UNKNOWN, SLIP_WITHDRAWN.
    """
    found = re.sub(r"[\s\-–—－]", "", text).upper()
    if not set(found) <= set(ALPHABET) or len(found) not in (NUMBER_LENGTH, CODE_LENGTH):
        said = Text(
            "请填写票条上的投票码（12位）或存根上的票条号（8位）",
            "Enter the code on the slip (12 letters) or the number on its stub (8)",
        )
        raise BoleError(Problem("SLIP_SHAPE", said))
    if len(found) == CODE_LENGTH:
        prefix = hash_of(found)
    else:
        n = 0
        for letter in found:
            n = n << 5 | ALPHABET.index(letter)
        prefix = f"{n:010x}"
    rows = Credential.objects.filter(pk__startswith=prefix, meeting=meeting).values_list("pk")
    if hashed := next((pk for (pk,) in rows), None):
        return hashed
    gone = Withdrawn.objects.filter(pk__startswith=prefix, meeting=meeting).first()
    if gone is not None:
        raise _withdrawn(gone.why)
    text_ = Text("本次会议没有这张票条", "This meeting has no such slip")
    raise BoleError(Problem("CODE_UNKNOWN", text_))


def withdraw(meeting: Meeting, hashed: str, why: str) -> str:
    """Take an unused code out for good; its class. Raises `BoleError` (CODE_USED) after voting."""
    taken, _rows = Unused.objects.filter(pk=hashed).delete()
    if not taken:
        text = Text(
            "这张票条已投过票，不能补发，也不能换领纸质票",
            "This slip has voted: it cannot be replaced or changed for paper",
        )
        raise BoleError(Problem("CODE_USED", text))
    row = Credential.objects.get(pk=hashed)
    row.delete()
    Withdrawn.objects.create(hash=hashed, meeting=meeting, voter_class=row.voter_class, why=why)
    return row.voter_class


def withdrawn(meeting: Meeting) -> dict[str, Counter[str]]:
    """Why → class → slips withdrawn."""
    out: dict[str, Counter[str]] = {why: Counter() for why in Withdrawn.Why.values}
    rows = Withdrawn.objects.filter(meeting=meeting).values_list("why", "voter_class")
    for why, group in rows:
        out[why][group] += 1
    return out


def _new_codes(number: int) -> list[str]:
    """New codes whose stubs have different numbers."""
    by_number: dict[str, str] = {}
    while len(by_number) < number:
        code = new_code()
        by_number.setdefault(number_of(hash_of(code)), code)
    return list(by_number.values())


def issue(meeting: Meeting, voter_class: str, number: int) -> list[str]:
    """New codes for one class, in random order; only their hashes are kept."""
    codes = _new_codes(number)
    rows = [(hash_of(code), meeting.pk, voter_class) for code in sorted(codes, key=hash_of)]
    for model in (Credential, Unused):
        model.objects.bulk_create(
            [model(hash=h, meeting_id=m, voter_class=c) for h, m, c in rows], batch_size=200
        )
    return codes


def open_ballot(code: str) -> tuple[Meeting, str]:
    """The meeting and class for which a code may vote now.

    Raises `BoleError`: CODE_SHAPE, CODE_UNKNOWN, NOT_OPEN, CLOSED, CODE_USED.
    """
    hashed = hash_of(read_code(code))
    credential = Credential.objects.select_related("meeting").filter(pk=hashed).first()
    if credential is None:
        raise _unknown(hashed)
    _require_open(credential.meeting.state)
    if not Unused.objects.filter(pk=hashed).exists():
        raise _used()
    return credential.meeting, credential.voter_class


def cast(*, code: str, nonce: str, answers: Mapping[str, Any]) -> Receipt:
    """Put one ballot into the box: the code goes, the ballot comes, in one transaction.

    Casting again with the same code, nonce and answers gives the same receipt, so that a phone
    may repeat after a lost connection; nothing connects code and nonce but the phone itself.
    Raises `BoleError`: CODE_*, NOT_OPEN, CLOSED, NONCE, and every fault of the ballot.
    """
    hashed = hash_of(read_code(code))
    if not is_nonce(nonce):
        raise BoleError(Problem("NONCE", Text("随机数格式有误", "the nonce is malformed")))
    credential = Credential.objects.filter(pk=hashed).first()
    if credential is None:
        raise _unknown(hashed)
    meeting = credential.meeting_id
    uid, reader = _reader(meeting)
    answers = normal(reader.form, answers, reader.subjects_in_order)
    check(reader, answers)
    answers, words = apart(reader.form, answers)
    tracker = tracker_of(uid, nonce, answers)
    _write_through()
    try:
        with transaction.atomic():
            # The code first: whoever closes the meeting waits for this row, then no one casts.
            taken, _rows = Unused.objects.filter(pk=hashed).delete()
            if not taken:
                same = Ballot.objects.filter(
                    pk=UUID(nonce),
                    meeting=meeting,
                    voter_class=credential.voter_class,
                    tracker=tracker,
                )
                if same.exists():
                    return Receipt(uid, tracker)
                _require_open(_state(meeting))
                raise _used()
            _require_open(_state(meeting))
            Ballot(
                id=UUID(nonce),
                meeting_id=meeting,
                voter_class=credential.voter_class,
                answers=answers,
                tracker=tracker,
            ).save(force_insert=True)
            if words:
                Remark.objects.bulk_create(_remarks(meeting, words))
    except IntegrityError:
        said = Text("请重新打开投票页", "Please open the voting page again")
        raise BoleError(Problem("NONCE", said)) from None
    return Receipt(uid, tracker)


def _remarks(meeting: int, words: Iterable[Words]) -> list[Remark]:
    rows = [
        Remark(meeting_id=meeting, item=i, subject=s, option=o, words=w) for i, s, o, w in words
    ]
    return sorted(rows, key=lambda r: r.id)  # random numbers: no order of the questions


def check(reader: BallotReader, answers: Mapping[str, Any]) -> None:
    """Refuse a ballot that would not count. Raises `BoleError` with every fault."""
    written = json.dumps(answers, ensure_ascii=False)
    if len(written) > LARGEST_BALLOT or not _is_text(written):
        text = Text("填写的文字太长或无法辨认", "The text is too long or cannot be read")
        raise BoleError(Problem("BALLOT_TEXT", text))
    _marks, faults = reader.read(answers)
    if faults:
        raise BoleError([Problem(f.code, f.text) for f in faults])


def _is_text(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:  # half a character, which no database keeps
        return False
    return "\x00" not in written and "\\u0000" not in written


class _Reader(BallotReader):
    """A reader that also knows the order of the names."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting.instrument, meeting.keys, meeting.posts)
        self.subjects_in_order = meeting.keys


@lru_cache(maxsize=16)
def _reader_of(pk: int, uid: str) -> _Reader:
    return _Reader(Meeting.objects.get(pk=pk))


def _reader(pk: int) -> tuple[str, _Reader]:
    """A form never changes once its codes are out, so that it is read once a process."""
    uid = Meeting.objects.values_list("uid", flat=True).get(pk=pk)
    return uid, _reader_of(pk, uid)


def reader_of(meeting: Meeting) -> _Reader:
    """The reader of a meeting's ballots."""
    return _reader_of(meeting.pk, meeting.uid)


def _state(meeting: int) -> str:
    return Meeting.objects.values_list("state", flat=True).get(pk=meeting)


def turnout(meeting: Meeting) -> dict[str, tuple[int, int]]:
    """Class → codes issued, codes used."""
    issued = _by_class(Credential, meeting)
    unused = _by_class(Unused, meeting)
    return {c: (n, n - unused[c]) for c, n in issued.items()}


def _by_class(model: type, meeting: Meeting) -> Counter[str]:
    from django.db.models import Count

    rows = model.objects.filter(meeting=meeting).values_list("voter_class").annotate(n=Count("pk"))
    return Counter(dict(rows.order_by()))


def ballots(meeting: Meeting) -> Iterable[Cast]:
    """The ballots, in the order of their random numbers."""
    for b in Ballot.objects.filter(meeting=meeting).order_by("pk").iterator():
        yield Cast(b.answers, b.voter_class, b.id.hex, b.tracker)


def remarks(meeting: Meeting) -> list[Words]:
    """The words that came with the ballots, in alphabetical order."""
    rows = Remark.objects.filter(meeting=meeting)
    return sorted(rows.values_list("item", "subject", "option", "words"))


def digest_of_words(words: Iterable[Words]) -> str:
    """What the closing fixes of the words."""
    return sha256(canonical([list(w) for w in words])).hexdigest()


def seal(meeting: Meeting) -> None:
    """Wait for whoever is casting, then write the ballots anew in random order.

    Called inside the transaction that closes the meeting. A database keeps new rows where there
    is room, that is in the order of casting; after this their places tell nothing.
    """
    list(Unused.objects.select_for_update().filter(meeting=meeting).values_list("pk"))
    rows = list(Ballot.objects.filter(meeting=meeting))
    _random.shuffle(rows)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    Ballot.objects.filter(meeting=meeting).delete()
    Ballot.objects.bulk_create(rows, batch_size=150)
    words = list(Remark.objects.filter(meeting=meeting))
    Remark.objects.filter(meeting=meeting).delete()
    for word in words:
        word.id = uuid4()
    Remark.objects.bulk_create(sorted(words, key=lambda w: w.id), batch_size=150)


def scrub() -> None:
    """After the closing transaction: drop the dead rows and the journal, which keep an order."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
            return
        for model in (Ballot, Unused, Remark, Withdrawn):
            table = model._meta.db_table
            cursor.execute("SET lock_timeout = '10s'")
            try:
                cursor.execute(f"VACUUM (FULL) {table}")
            except DatabaseError:  # another meeting is voting without a pause
                cursor.execute(f"VACUUM {table}")
            finally:
                cursor.execute("RESET lock_timeout")


def _write_through() -> None:
    """A receipt on a screen must outlive a power cut: SQLite writes to disk at this commit."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _require_open(state: str) -> None:
    if state == Meeting.State.OPEN:
        return
    if state in (Meeting.State.PLANNED, Meeting.State.FROZEN):
        text = Text(
            "投票尚未开始，请听会议主持人安排，稍后再试",
            "Voting has not begun. Please wait for the chair and try again",
        )
        raise BoleError(Problem("NOT_OPEN", text))
    raise BoleError(Problem("CLOSED", Text("投票已经结束", "Voting is closed")))


def _unknown(hashed: str) -> BoleError:
    gone = Withdrawn.objects.filter(pk=hashed).first()
    if gone is not None:
        return _withdrawn(gone.why)
    text = Text(
        "没有这个投票码，请对照票条再输一次；仍不行的，请找工作人员",
        "There is no such code. Please compare with your slip, or ask the staff",
    )
    return BoleError(Problem("CODE_UNKNOWN", text))


def _withdrawn(why: str) -> BoleError:
    if why == Withdrawn.Why.PAPER:
        text = Text(
            "这张票条已换领纸质选票，请投纸质票",
            "This slip was changed for a paper ballot. Please vote on paper",
        )
    else:
        text = Text(
            "这张票条已作废并补发，请用新票条",
            "This slip is void and was replaced. Please use the new slip",
        )
    return BoleError(Problem("SLIP_WITHDRAWN", text))


def _used() -> BoleError:
    text = Text(
        "这个投票码已经投过票，每码只投一次",
        "This code has voted already. Each code votes once",
    )
    return BoleError(Problem("CODE_USED", text))
