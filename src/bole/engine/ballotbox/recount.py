"""Recounts a ballot package offline and names the first thing that is wrong."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from bole.engine.ballotbox.lines import LineCounter
from bole.engine.ballotbox.package import (
    BALLOTS,
    FORM,
    FORMAT,
    MANIFEST,
    PAPER,
    REMARKS,
    RESULT,
    ROLL,
    check_remarks,
    check_roll,
    count_of,
    result_of,
)
from bole.engine.ballotbox.trackers import (
    NONCE_LENGTH,
    TRACKER_LENGTH,
    tracker_from,
    tracker_seed,
)
from bole.engine.chain import canonical, parse
from bole.engine.chain.anchors import check_signature, fingerprint
from bole.engine.chain.merkle import MerkleAccumulator
from bole.engine.errors import BoleError, Problem
from bole.engine.instruments.forms import InstrumentForm
from bole.engine.tally.counting import Ballot, BallotReader, Count
from bole.engine.tally.tallier import Tallier
from bole.engine.text import Text

LARGEST_TEXT = 1 << 26
LARGEST_LINE = 1 << 20
CHUNK = 1 << 20
MOST_DISTINCT = 50_000  # distinct ballots held before they are counted
_NONCE_KEY, _TRACKER_KEY = b',"nonce":"', b'","tracker":"'
# The end of every line has one length: ,"nonce":"…32…","tracker":"…12…"}
_TAIL = len(_NONCE_KEY) + NONCE_LENGTH + len(_TRACKER_KEY) + TRACKER_LENGTH + 2
_NONCE_AT = len(_NONCE_KEY)
_TRACKER_AT = _NONCE_AT + NONCE_LENGTH + len(_TRACKER_KEY)
# What a file that is no zip, or a broken one, makes zipfile raise.
UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_KEYS = {"answers", "class", "nonce", "tracker"}
_ANSWERS_KEY, _CLASS_KEY = b'{"answers":', b',"class":"'


@dataclass
class RecountReport:
    """What the recount found. `problem`: the first thing wrong, None when everything agrees."""

    meeting: str = ""
    title: str = ""
    root: str = ""
    ballots: int = 0
    on_paper: int = 0  # ballots that the package states as counted on paper
    count: Count = field(default_factory=Count)
    form: InstrumentForm | None = None
    subjects: tuple[str, ...] | None = None
    signed_by: list[str] = field(default_factory=list)
    names_only: list[str] = field(default_factory=list)
    found: dict[str, Any] | None = None  # the ballot asked for by its tracker
    problem: Problem | None = None

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.problem is None


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _wrong(code: str, zh: str, en: str, where: str = "", **values: Any) -> _Wrong:
    return _Wrong(Problem(code, Text(zh, en).fill(**values), where))


def recount(
    path: Path,
    *,
    tracker: str | None = None,
    trusted: Ed25519PublicKey | None = None,
    root: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> RecountReport:
    """Recount a package.

    Checks digests, signatures, every tracker, order and uniqueness of the ballots, the Merkle root,
    the roll, and counts every ballot anew against the stated result. `root`: the root announced in
    the meeting; `trusted`: a key that must be among the signers; `tracker`: a ballot to look for.
    Raises `BoleError` (PACKAGE_UNREADABLE) if this is no ballot package at all.
    """
    report = RecountReport()
    try:
        with zipfile.ZipFile(path) as zipped:
            manifest = _manifest(zipped)
            try:
                _recount(zipped, manifest, report, tracker, trusted, root, progress)
            except _Wrong as wrong:
                report.problem = wrong.problem
            except BoleError as error:
                report.problem = error.problems[0]
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as e:
        text = Text("无法作为选票包读取：{e}", "cannot be read as a ballot package: {e}").fill(e=e)
        raise BoleError(Problem("PACKAGE_UNREADABLE", text, path.name)) from None
    return report


def _manifest(zipped: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = parse(_content(zipped, MANIFEST))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise ValueError(FORMAT)
        files, signatures = manifest["files"], manifest["signatures"]
        if not all(isinstance(files[n], str) for n in (FORM, BALLOTS, ROLL, RESULT)):
            raise ValueError("files")
        if not all(isinstance(v, str) for s in signatures for v in s.values()):
            raise ValueError("signatures")
        if type(manifest["ballots"]) is not int or not isinstance(manifest["meeting"], str):
            raise ValueError("ballots")
    except (ValueError, KeyError, TypeError, AttributeError, _Wrong) as error:
        text = Text("清单不是本格式：{e}", "the manifest is not of this format: {e}")
        raise BoleError(Problem("PACKAGE_UNREADABLE", text.fill(e=error), MANIFEST)) from None
    return manifest


def _differs(name: str) -> _Wrong:
    return _wrong("FILE_DIFFERS", "文件与清单不符", "the file is not that of the manifest", name)


def _content(zipped: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = zipped.getinfo(name)
    except KeyError:
        raise _wrong("FILE_MISSING", "缺少文件", "the file is missing", name) from None
    if info.file_size > LARGEST_TEXT:
        raise _wrong("TOO_BIG", "文件过大", "the file is too large", name)
    return zipped.read(info)


def _json(zipped: zipfile.ZipFile, manifest: Mapping[str, Any], name: str) -> Any:
    content = _content(zipped, name)
    if sha256(content).hexdigest() != manifest["files"][name]:
        raise _differs(name)
    try:
        return parse(content)
    except ValueError as error:
        raise _wrong("FILE_FORMAT", "文件格式有误：{e}", "malformed: {e}", name, e=error) from None


def _recount(
    zipped: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    report: RecountReport,
    tracker: str | None,
    trusted: Ed25519PublicKey | None,
    root: str | None,
    progress: Callable[[int], None] | None,
) -> None:
    report.meeting, report.title = manifest["meeting"], str(manifest.get("title", ""))
    _signatures(manifest, report, trusted)
    asked = _json(zipped, manifest, FORM)
    try:
        report.form = InstrumentForm.model_validate(asked["form"])
        report.subjects = None if asked["subjects"] is None else tuple(asked["subjects"])
        posts = asked["posts"]
        if not (posts is None or type(posts) is int):
            raise TypeError("posts")
        if not all(isinstance(s, str) for s in report.subjects or ()):
            raise TypeError("subjects")
    except (ValidationError, KeyError, TypeError) as error:
        raise _wrong("FORM", "票样有误：{e}", "the form is broken: {e}", FORM, e=error) from None
    roll = _json(zipped, manifest, ROLL)
    stated = _json(zipped, manifest, RESULT)
    paper, remarks = _paper(zipped, manifest), _remarks(zipped, manifest)
    tallier = Tallier(BallotReader(report.form, report.subjects, posts))
    _ballots(zipped, manifest, report, tallier, tracker, progress)
    if report.root != manifest.get("root"):
        raise _wrong(
            "ROOT_DIFFERS",
            "选票的根为{r}，清单上为{m}",
            "the root of the ballots is {r}, the manifest says {m}",
            BALLOTS,
            r=report.root,
            m=manifest.get("root"),
        )
    if root is not None and root.strip().lower() != report.root:
        raise _wrong(
            "ROOT_NOT_ANNOUNCED",
            "选票的根为{r}，会上宣布的为{m}",
            "the root of the ballots is {r}, the one announced is {m}",
            BALLOTS,
            r=report.root,
            m=root.strip(),
        )
    try:
        problems = check_roll(roll["classes"], report.count)
    except (KeyError, TypeError, AttributeError) as error:
        raise _wrong("ROLL", "人数表有误：{e}", "the roll is broken: {e}", ROLL, e=error) from None
    if problems:
        raise _Wrong(Problem(problems[0].code, problems[0].text, ROLL))
    if paper is not None:
        report.on_paper = sum(paper.returned.values())
        report.count = report.count.plus(paper)
    words = check_remarks(report.form, remarks, report.count)
    if words:
        raise _Wrong(Problem(words[0].code, words[0].text, REMARKS))
    _compare(stated, json.loads(canonical(result_of(report.count))))


def _paper(zipped: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Count | None:
    if PAPER not in manifest["files"]:
        return None
    try:
        paper = count_of(_json(zipped, manifest, PAPER))
        per_class = [*paper.cells.values(), *paper.reasons.values(), *paper.rated.values()]
        for counts in (paper.returned, paper.valid, paper.void_reasons, *per_class):
            if any(type(n) is not int or n < 0 for n in counts.values()):
                raise ValueError("count")
        over = paper.valid - paper.returned
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as e:
        raise _wrong("PAPER", "纸质票数有误：{e}", "broken counts: {e}", PAPER, e=e) from None
    if over:
        raise _wrong("PAPER", "有效票多于收回票", "more valid than returned", PAPER)
    return paper


def _remarks(zipped: zipfile.ZipFile, manifest: Mapping[str, Any]) -> list[list[str]]:
    if REMARKS not in manifest["files"]:
        return []
    found: list[list[str]] = _json(zipped, manifest, REMARKS)
    good = isinstance(found, list) and all(
        isinstance(r, list) and len(r) == 4 and all(isinstance(x, str) for x in r) for r in found
    )
    if not good or found != sorted(found):
        raise _wrong("REMARKS", "文字未按顺序排列", "the words are not in order", REMARKS)
    return found


def _signatures(
    manifest: Mapping[str, Any], report: RecountReport, trusted: Ed25519PublicKey | None
) -> None:
    statement = canonical({k: v for k, v in manifest.items() if k != "signatures"})
    wanted = None if trusted is None else trusted.public_bytes_raw().hex()
    roles, keys = set(), set()
    for signature in manifest["signatures"]:
        name, role = signature.get("name", ""), signature.get("role", "")
        roles.add(role)
        if not signature.get("signature"):
            report.names_only.append(name)
            continue
        key = signature.get("key", "")
        problem = check_signature(statement, key, signature["signature"], None)
        if problem is not None:
            raise _wrong(
                "SIGNATURE", "{n}的签名无效", "the signature of {n} is not valid", MANIFEST, n=name
            )
        keys.add(key)
        report.signed_by.append(f"{name} ({fingerprint(bytes.fromhex(key))})")
    if not {"counter", "monitor"} <= roles:
        raise _wrong(
            "UNSIGNED",
            "缺少计票人或监票人签字",
            "the signature of a counter or a monitor is missing",
            MANIFEST,
        )
    if wanted is not None and wanted not in keys:
        raise _wrong("KEY", "没有指定密钥的签名", "not signed with the given key", MANIFEST)


def _lines(zipped: zipfile.ZipFile, hasher: Any) -> Iterator[bytes]:
    rest = b""
    with zipped.open(BALLOTS) as opened:
        while chunk := opened.read(CHUNK):
            hasher.update(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
            if len(rest) > LARGEST_LINE:
                raise _wrong("LINE", "有一行过长", "a line is too long", BALLOTS)
    if rest:
        raise _wrong("LINE", "最后一行不完整", "the last line is cut off", BALLOTS)


def _ballots(
    zipped: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    report: RecountReport,
    tallier: Tallier,
    tracker: str | None,
    progress: Callable[[int], None] | None,
) -> None:
    """One pass over the ballots. Lines are cut by position; what was seen is not parsed again."""
    if BALLOTS not in zipped.namelist():
        raise _wrong("FILE_MISSING", "缺少文件", "the file is missing", BALLOTS)
    hasher, tree = sha256(), MerkleAccumulator()
    append = tree.append
    seed = tracker_seed(manifest["meeting"])
    looked_for = tracker.encode() if tracker else None
    heads: dict[bytes, _Equal] = {}
    lines = LineCounter(tallier)
    count_line = lines.add
    last, number = b"", 0
    skip = len(_ANSWERS_KEY)
    for line in _lines(zipped, hasher):
        number += 1
        head, tail = line[:-_TAIL], line[-_TAIL:]
        nonce = tail[_NONCE_AT : _NONCE_AT + NONCE_LENGTH]
        own = tail[_TRACKER_AT : _TRACKER_AT + TRACKER_LENGTH]
        cut = head.rfind(_CLASS_KEY)
        if own != tracker_from(seed, nonce, head[skip:cut]):
            raise _tracker_wrong(line, number, own)
        if own <= last:
            raise _wrong(
                "ORDER",
                "第{n}行：查票码{t}重复或未按序排列",
                "line {n}: the tracker {t} stands twice or out of order",
                BALLOTS,
                n=number,
                t=own.decode("ascii", "replace"),
            )
        last = own
        append(line)
        if _END.fullmatch(tail) is None:
            raise _malformed(number)
        if not count_line(head, cut):
            equal = heads.get(head)
            if equal is not None:
                equal.times += 1
            elif (ballot := _ballot(line)) is None:
                raise _malformed(number)
            elif not lines.learn(head, cut, ballot):
                heads[head] = _Equal(number, ballot)
        if own == looked_for:
            report.found = parse(line)
        if len(heads) >= MOST_DISTINCT:
            _count(heads, tallier)
        if progress is not None and number % 100_000 == 0:
            progress(number)
    _count(heads, tallier)
    lines.flush()
    report.count = tallier.finish()
    report.ballots, report.root = number, tree.root().hex()
    if number != manifest["ballots"]:
        raise _wrong(
            "BALLOTS_NUMBER",
            "有{n}张票，清单上为{m}张",
            "{n} ballots, the manifest says {m}",
            BALLOTS,
            n=number,
            m=manifest["ballots"],
        )
    if hasher.hexdigest() != manifest["files"][BALLOTS]:
        raise _wrong(
            "FILE_DIFFERS", "文件与清单不符", "the file is not that of the manifest", BALLOTS
        )


class _Equal:
    """Ballots with the same class and answers: the line of the first, and how many there are."""

    __slots__ = ("ballot", "number", "times")

    def __init__(self, number: int, ballot: Mapping[str, Any]) -> None:
        self.number, self.ballot, self.times = number, ballot, 1


# Canonical JSON as one pattern: no space, whole numbers, the shortest escapes. With keys in order
# (checked while parsing) a line has one form only: any other could carry a mark.
_CANONICAL = re.compile(
    rb'(?:[{}\[\]:,]++|"(?:[^"\\\x00-\x1f]++|\\["\\bfnrt]|\\u00(?:0[1-7be-f]|1[0-9a-f]))*+"'
    rb"|0|-?[1-9][0-9]*+|true|false|null)*+"
)


_END = re.compile(rb',"nonce":"[0-9a-f]{32}","tracker":"[A-Z2-7]{12}"\}')


def _ordered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    keys = list(found)
    if len(keys) != len(pairs) or keys != sorted(keys):
        raise ValueError("keys out of order or twice")
    return found


_decode = json.JSONDecoder(object_pairs_hook=_ordered).raw_decode


def _ballot(line: bytes) -> dict[str, Any] | None:
    """The ballot of a line, or None if the line is not exactly what would be published."""
    if _CANONICAL.fullmatch(line) is None:
        return None
    try:
        text = line.decode()
        ballot, end = _decode(text)
        good = (
            end == len(text)
            and type(ballot) is dict
            and ballot.keys() == _KEYS
            and type(ballot["answers"]) is dict
            and type(ballot["class"]) is str
        )
    except (ValueError, TypeError, RecursionError):
        return None
    return ballot if good else None


def _malformed(number: int) -> _Wrong:
    return _wrong(
        "LINE", "第{n}行不是规范的选票", "line {n} is not a ballot as published", BALLOTS, n=number
    )


def _tracker_wrong(line: bytes, number: int, own: bytes) -> _Wrong:
    try:
        shown = str(parse(line)["tracker"])
    except (ValueError, TypeError, KeyError):
        return _malformed(number)
    return _wrong(
        "TRACKER_DIFFERS",
        "第{n}行：查票码{t}与选票内容不符",
        "line {n}: the tracker {t} does not fit the ballot",
        BALLOTS,
        n=number,
        t=shown or own.decode("ascii", "replace"),
    )


def _count(heads: dict[bytes, _Equal], tallier: Tallier) -> None:
    for equal in heads.values():
        ballot = equal.ballot
        try:
            tallier.add(Ballot(ballot["answers"], ballot["class"], equal.times))
        except BoleError as error:
            problem = error.problems[0]
            where = f"{BALLOTS}:{equal.number}"
            raise _Wrong(Problem(problem.code, problem.text, where)) from None
    heads.clear()


def _compare(stated: Any, counted: Any) -> None:
    """Names the first count in which statement and recount differ."""
    if not isinstance(stated, dict) or set(stated) != set(counted):
        raise _wrong("RESULT_DIFFERS", "结果文件的栏目不符", "the result has other parts", RESULT)
    for key, found in counted.items():
        said = stated[key]
        if said == found:
            continue
        if isinstance(found, list) and isinstance(said, list):
            said_by = {
                tuple(map(str, row[:-1])): row[-1] for row in said if isinstance(row, list) and row
            }
            found_by = {tuple(row[:-1]): row[-1] for row in found}
            for cell in sorted({*said_by, *found_by}):
                if said_by.get(cell) != found_by.get(cell):
                    key = f"{key}: {' · '.join(cell)}"
                    said, found = said_by.get(cell), found_by.get(cell)
                    break
        raise _wrong(
            "RESULT_DIFFERS",
            "{k}：公布的结果为{s}，重新计票为{c}",
            "{k}: the stated result is {s}, the recount gives {c}",
            RESULT,
            k=key,
            s=_words(said),
            c=_words(found),
        )


def _words(counts: Any) -> str:
    if isinstance(counts, dict):
        return ", ".join(f"{k or '-'} {v}" for k, v in counts.items()) or "0"
    return "-" if counts is None else str(counts)
