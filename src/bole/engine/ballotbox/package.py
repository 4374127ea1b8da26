"""The ballot package: everything an observer needs to recount a meeting offline.

A zip file with

    manifest.json    format, meeting, number of ballots, Merkle root, SHA-256 of the other files,
                     signatures of counters and monitors over all of that
    form.json        the form, the subjects on it, the number of posts
    ballots.ndjson   the published ballots, one a line, sorted by tracker
    roll.json        head counts per class: due, attending, issued, used, unused; never a name
    paper.json       where paper ballots were cast too: their counts, entered twice and agreed
    remarks.json     reasons and other words, apart from their ballots, in alphabetical order
    result.json      the stated result: the ballots and the paper ballots together

All but the ballots are canonical JSON, so that digests and signatures have one reading. The root
is that of RFC 6962 over the lines of ballots.ndjson.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bole.engine.ballotbox.trackers import ballot_line, tracker_of
from bole.engine.chain import canonical
from bole.engine.chain.merkle import merkle_root
from bole.engine.errors import BoleError, Problem
from bole.engine.instruments.forms import InstrumentForm, ItemKind
from bole.engine.tally.counting import Ballot, Count
from bole.engine.tally.electorate import Electorate, columns
from bole.engine.tally.tallier import count_ballots
from bole.engine.text import Text

FORMAT = "bole-ballots/1"
MANIFEST, FORM, BALLOTS, ROLL, RESULT, PAPER, REMARKS = (
    "manifest.json",
    "form.json",
    "ballots.ndjson",
    "roll.json",
    "result.json",
    "paper.json",
    "remarks.json",
)
Remark = tuple[str, str, str, str]  # item, subject, option, words
ROLL_COUNTS = ("due", "attending", "issued", "used", "unused")
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # a package says nothing about when its files were written


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot out of the box: answers, class and nonce; `tracker` as given to the voter."""

    answers: Mapping[str, Any]
    voter_class: str
    nonce: str
    tracker: str


@dataclass(frozen=True)
class Meeting:
    """What a package states about its meeting. `held_on` is a day: nothing finer is kept."""

    id: str
    title: str
    held_on: str
    form: InstrumentForm
    electorate: Electorate = field(default_factory=Electorate)
    subjects: tuple[str, ...] | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A counter's or monitor's signature. Without a key it is a name under the statement only."""

    name: str
    role: str
    key: str = ""
    signature: str = ""

    def as_dict(self) -> dict[str, str]:
        """As the manifest carries it."""
        return {
            "name": self.name,
            "role": self.role,
            "key": self.key,
            "signature": self.signature,
        }


@dataclass(frozen=True)
class Draft:
    """A package that still lacks its signatures. `statement()` is what is signed."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def root(self) -> str:
        """The Merkle root in hexadecimal, as announced in the meeting."""
        return str(self.manifest["root"])

    def statement(self) -> bytes:
        """The bytes that counters and monitors sign."""
        return canonical(self.manifest)

    def sign(self, name: str, role: str, key: Ed25519PrivateKey | None = None) -> Signature:
        """One signature over the statement; without a key a name only."""
        if key is None:
            return Signature(name, role)
        public = key.public_key().public_bytes_raw().hex()
        return Signature(name, role, public, key.sign(self.statement()).hex())

    def write(self, path: Path, signatures: Sequence[Signature]) -> None:
        """Write the zip file at once (never half a package).

        Raises `BoleError` (UNSIGNED) without at least one counter and one monitor: nothing is
        published before they have signed.
        """
        roles = {s.role for s in signatures}
        if not {"counter", "monitor"} <= roles:
            text = Text(
                "计票人和监票人签字后方可公布", "counters and monitors sign before publication"
            )
            raise BoleError(Problem("UNSIGNED", text))
        manifest = {**self.manifest, "signatures": [s.as_dict() for s in signatures]}
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w") as zipped:
                for file, content in {MANIFEST: canonical(manifest), **self.files}.items():
                    info = zipfile.ZipInfo(file, ZIP_TIME)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    zipped.writestr(info, content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def shown_classes(electorate: Electorate, ballots: Mapping[str, int]) -> dict[str, str]:
    """Class → name under which its ballots are published; small classes share a name.

    A class that would have to stay hidden is published under an empty name with all other classes,
    because a list of ballots shows each of them.
    """
    shown = columns(electorate, ballots)
    if any(c.hidden for c in shown):
        return {name: "" for c in shown for name in c.classes}
    return {name: "+".join(c.classes) for c in shown for name in c.classes}


def prepare(
    meeting: Meeting,
    ballots: Iterable[Cast],
    roll: Mapping[str, Mapping[str, int]],
    *,
    paper: Count | None = None,
    remarks: Iterable[Remark] = (),
    limits: Mapping[str, int] | None = None,
) -> Draft:
    """Count the ballots of a closed meeting and lay out its package.

    `roll`: class → head counts (ROLL_COUNTS). `paper`: the counts of ballots cast on paper in the
    same meeting. `remarks`: the words that ballots say were given. `limits`: class → ballots by
    which classes are merged, where the ballots alone would not be safe. Raises `BoleError` for a
    ballot whose tracker does not fit it, a tracker that stands twice, a roll that does not agree
    with the box, or words that are more or fewer than the ballots say.
    """
    cast = sorted(ballots, key=lambda b: b.tracker)
    _check_trackers(meeting, cast)
    sizes: dict[str, int] = {}
    for b in cast:
        sizes[b.voter_class] = sizes.get(b.voter_class, 0) + 1
    least = sizes if limits is None else limits
    names = shown_classes(meeting.electorate, {**dict.fromkeys(roll, 0), **least})
    merged = merge_roll(roll, names)
    lines = [
        ballot_line(b.answers, names.get(b.voter_class, b.voter_class), b.nonce, b.tracker)
        for b in cast
    ]
    count = count_ballots(
        meeting.form,
        (Ballot(b.answers, names.get(b.voter_class, b.voter_class)) for b in cast),
        subjects=meeting.subjects,
        posts=meeting.posts,
    )
    problems = check_roll(merged, count)
    words = sorted(remarks)
    on_paper = None if paper is None else paper.by_names(names)
    whole = count if on_paper is None else count.plus(on_paper)
    problems += check_remarks(meeting.form, words, whole)
    if problems:
        raise BoleError(problems)
    files = {
        FORM: canonical(form_statement(meeting)),
        BALLOTS: b"".join(line + b"\n" for line in lines),
        ROLL: canonical({"classes": merged}),
        RESULT: canonical(result_of(whole)),
    }
    if on_paper is not None:
        files[PAPER] = canonical(result_of(on_paper))
    if words:
        files[REMARKS] = canonical([list(w) for w in words])
    manifest = {
        "format": FORMAT,
        "meeting": meeting.id,
        "title": meeting.title,
        "held_on": meeting.held_on,
        "anonymous": meeting.form.anonymous is True,
        "ballots": len(lines),
        "root": merkle_root(lines).hex(),
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    return Draft(manifest, files)


def _check_trackers(meeting: Meeting, cast: Sequence[Cast]) -> None:
    problems = []
    last = ""
    for b in cast:
        if b.tracker != tracker_of(meeting.id, b.nonce, b.answers):
            text = Text("查票码{t}与选票不符", "the tracker {t} does not fit its ballot")
            problems.append(Problem("TRACKER_DIFFERS", text.fill(t=b.tracker)))
        if b.tracker == last:
            text = Text("查票码{t}重复", "the tracker {t} stands twice")
            problems.append(Problem("TRACKER_TWICE", text.fill(t=b.tracker)))
        last = b.tracker
    if problems:
        raise BoleError(problems)


def form_statement(meeting: Meeting) -> dict[str, Any]:
    """form.json: what was asked."""
    return {
        "form": meeting.form.model_dump(mode="json", by_alias=True),
        "subjects": None if meeting.subjects is None else list(meeting.subjects),
        "posts": meeting.posts,
    }


def merge_roll(
    roll: Mapping[str, Mapping[str, int]], names: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """The roll under the published class names."""
    out: dict[str, dict[str, int]] = {}
    for class_id, counts in roll.items():
        row = out.setdefault(names.get(class_id, class_id), dict.fromkeys(ROLL_COUNTS, 0))
        for key in ROLL_COUNTS:
            row[key] += counts.get(key, 0)
    return out


def check_roll(roll: Mapping[str, Mapping[str, int]], count: Count) -> list[Problem]:
    """Whether box and roll agree: as many ballots as used codes in every class, no more codes used
    than issued, no more present than due."""
    problems = []

    def add(code: str, zh: str, en: str, **values: object) -> None:
        problems.append(Problem(code, Text(zh, en).fill(**values)))

    for name in dict.fromkeys([*roll, *count.returned]):
        row = {k: roll.get(name, {}).get(k, 0) for k in ROLL_COUNTS}
        shown = name or "-"
        cast = count.returned.get(name, 0)
        if cast != row["used"]:
            add(
                "ROLL_USED",
                "{c}：票箱有{b}张票，已使用的票码为{u}个",
                "{c}: {b} ballots in the box, {u} codes used",
                c=shown,
                b=cast,
                u=row["used"],
            )
        if row["used"] + row["unused"] != row["issued"]:
            add(
                "ROLL_ISSUED",
                "{c}：使用{u}加未使用{n}不等于发出{i}",
                "{c}: used {u} and unused {n} do not add to issued {i}",
                c=shown,
                u=row["used"],
                n=row["unused"],
                i=row["issued"],
            )
        if row["attending"] > row["due"]:
            add(
                "PRESENT_OVER_DUE",
                "{c}：实到{a}人，多于应到{d}人",
                "{c}: attending {a} is more than due {d}",
                c=shown,
                a=row["attending"],
                d=row["due"],
            )
        if row["used"] > row["attending"]:
            add(
                "USED_OVER_PRESENT",
                "{c}：使用票码{u}个，多于实到{a}人",
                "{c}: {u} codes used, more than {a} attending",
                c=shown,
                u=row["used"],
                a=row["attending"],
            )
    return problems


def check_remarks(
    form: InstrumentForm, remarks: Sequence[Sequence[str]], count: Count
) -> list[Problem]:
    """Whether there are as many words as the ballots say were given, for every answer."""
    said: Counter[tuple[str, str, str]] = Counter((r[0], r[1], r[2]) for r in remarks)
    given = {cell: sum(n.values()) for cell, n in count.reasons.items()}
    texts = {i.id for i in form.items if i.kind is ItemKind.TEXT}
    given |= {cell: sum(n.values()) for cell, n in count.cells.items() if cell[0] in texts}
    problems = []
    # A package of ballots that carry their words themselves has no list of them.
    for cell in sorted({*said, *given}) if remarks else ():
        if said[cell] != given.get(cell, 0):
            text = Text(
                "{c}：选票写有{g}条文字，收到{s}条", "{c}: {g} ballots have words, {s} are kept"
            )
            where = "·".join(x for x in cell if x)
            text = text.fill(c=where, g=given.get(cell, 0), s=said[cell])
            problems.append(Problem("REMARKS", text))
    return problems


def result_of(count: Count) -> dict[str, Any]:
    """result.json: every count by class; points as exact fractions in text."""
    reasons = [[*cell, _sorted(n)] for cell, n in sorted(count.reasons.items()) if n]
    return {
        "returned": _sorted(count.returned),
        "valid": _sorted(count.valid),
        "void": _sorted(count.void_reasons),
        "void_categories": _sorted(count.void_categories),
        "cells": [
            [*cell, _sorted(per_class)]
            for cell, per_class in sorted(count.cells.items())
            if per_class
        ],
        "rated": [[*pair, _sorted(n)] for pair, n in sorted(count.rated.items()) if n],
        "points": [
            [*pair, {c: str(total) for c, total in sorted(sums.items())}]
            for pair, sums in sorted(count.points.items())
            if sums
        ],
        **({"reasons": reasons} if reasons else {}),
    }


def count_of(result: Mapping[str, Any]) -> Count:
    """The counts that `result_of` wrote down."""
    count = Count()
    count.returned.update(result["returned"])
    count.valid.update(result["valid"])
    count.void_reasons.update(result["void"])
    count.void_categories.update(result["void_categories"])
    for item, subject, option, per_class in result["cells"]:
        count.cells[(item, subject, option)] = dict(per_class)
    for item, subject, option, per_class in result.get("reasons", ()):
        count.reasons[(item, subject, option)] = dict(per_class)
    for item, subject, per_class in result["rated"]:
        count.rated[(item, subject)] = dict(per_class)
    for item, subject, sums in result["points"]:
        count.points[(item, subject)] = {c: Fraction(v) for c, v in sums.items()}
    return count


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {k: n for k, n in sorted(counts.items()) if n}
