"""Checks the archive package of a case without any database.

A package is a BagIt bag (RFC 8493), as a zip file or an unpacked folder:

    data/record.ndjson   the case's entries, one canonical JSON object a line, with its "hash"
    data/package.json    what the package states about itself; signed if the office has a key
    data/papers/…        the papers, under names for people
    data/index.html      the same to read
    manifest-sha256.txt, tagmanifest-sha256.txt, bagit.txt, bag-info.txt
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bole.engine.chain.anchors import Anchor, check_signature
from bole.engine.chain.canonical import canonical, file_digest, parse
from bole.engine.chain.links import STREAM
from bole.engine.chain.merkle import verify_inclusion
from bole.engine.chain.verify import Break, Report, Sealed, verify_chain
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

FORMAT = "bole-package/1"
RECORD, ABOUT, INDEX = "data/record.ndjson", "data/package.json", "data/index.html"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
LARGEST_LINE = 1 << 24
LARGEST_TEXT = 1 << 28
STORED = "paper.store"  # the action whose papers the package must hold


@dataclass
class PackageReport:
    """What was found: the chain of entries, then everything else that is wrong, in order."""

    about: Mapping[str, Any]
    chain: Report
    problems: list[Problem] = field(default_factory=list)
    papers: int = 0
    signed_by: str = ""  # fingerprint of the key, empty when unsigned

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.chain.valid and not self.problems

    def texts(self) -> list[Text]:
        """The sentences for people, the first broken entry or paper first."""
        if not self.valid:
            first = [] if self.chain.broken is None else [self.chain.broken.text()]
            return first + [_placed(problem) for problem in self.problems]
        signature = (
            Text("由密钥 {key} 签名", "signed with the key {key}").fill(key=self.signed_by)
            if self.signed_by
            else Text(
                "未签名，请将链头与留存的锚点核对", "not signed: compare its head with an anchor"
            )
        )
        return [
            Text(
                "有效：《{title}》共{count}条纪实、{papers}份材料；链头{head}…；{signature}",
                "Valid: '{title}', {count} entries, {papers} papers; head {head}…; {signature}",
            ).fill(
                title=self.about.get("title", ""),
                count=self.chain.count,
                papers=self.papers,
                head=self.chain.head[:16],
                signature=signature,
            )
        ]


def _placed(problem: Problem) -> Text:
    return Text(problem.say("zh"), problem.say("en"))


def statement(about: Mapping[str, Any]) -> bytes:
    """The bytes of package.json that are signed: everything but key and signature."""
    return canonical({k: v for k, v in about.items() if k not in ("key", "signature")})


def verify_package(
    path: Path, *, anchors: Sequence[Anchor] = (), trusted: Ed25519PublicKey | None = None
) -> PackageReport:
    """Check a package: chain, papers, signatures, place in the anchored record, bag.

    `anchors` are kept elsewhere and must agree; `trusted` is the key that must have signed.
    Raises BoleError (PACKAGE_UNREADABLE) if this is no package at all.
    """
    with _Files.open(path) as files:
        about = files.about()
        chain = verify_chain(
            _entries(files), STREAM, size=about["count"], head=about["head"] or None
        )
        report = PackageReport(about, chain)
        if chain.valid and files.has(RECORD):
            _check_entries(files, report)
        elif not files.has(RECORD):
            report.problems.append(_problem("FILE_MISSING", MISSING, RECORD))
        _check_signature(report, trusted)
        _check_anchor(files, report, anchors, trusted)
        _check_bag(files, report)
        return report


class _Files:
    """The files of a bag by their path in it, from a zip or a folder."""

    def __init__(self, zipped: zipfile.ZipFile | None, base: str, folder: Path | None) -> None:
        self.zip, self.base, self.folder = zipped, base, folder
        if zipped is not None:
            listed = [
                i.filename[len(base) :]
                for i in zipped.infolist()
                if not i.is_dir() and i.filename.startswith(base)
            ]
            self.outside = [
                i.filename
                for i in zipped.infolist()
                if not i.is_dir() and not i.filename.startswith(base)
            ]
        else:
            assert folder is not None
            listed = [
                p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file()
            ]
            self.outside = []
        self.names = set(listed)
        self.doubled = (
            sorted({name for name in listed if listed.count(name) > 1})
            if (len(self.names) != len(listed))
            else []
        )

    @classmethod
    def open(cls, path: Path) -> _Files:
        try:
            if path.is_dir():
                if not (path / "bagit.txt").is_file():
                    raise _unreadable(path)
                return cls(None, "", path)
            zipped = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise _unreadable(path) from error
        base = next(
            (
                name[: -len("bagit.txt")]
                for name in zipped.namelist()
                if PurePosixPath(name).name == "bagit.txt" and name.count("/") <= 1
            ),
            None,
        )
        if base is None:
            zipped.close()
            raise _unreadable(path)
        return cls(zipped, base, None)

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        if self.zip is not None:
            self.zip.close()

    def has(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> IO[bytes]:
        if self.zip is not None:
            return self.zip.open(self.base + name)
        assert self.folder is not None
        return (self.folder / name).open("rb")

    def digest(self, name: str) -> str | None:
        """The file's SHA-256, or None if it is damaged and cannot be read."""
        try:
            with self.read(name) as opened:
                return file_digest(opened)  # type: ignore[arg-type]
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
            return None

    def text(self, name: str) -> str:
        """A text file, empty if it is missing or damaged."""
        if not self.has(name):
            return ""
        try:
            with self.read(name) as opened:
                return opened.read(LARGEST_TEXT).decode("utf-8", "replace")
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
            return ""

    def about(self) -> dict[str, Any]:
        where = Path(str(self.folder or (self.zip.filename if self.zip else "")))
        try:
            about = parse(self.text(ABOUT))
            if about["format"] != FORMAT or not isinstance(about["count"], int):
                raise ValueError(FORMAT)
            for key in ("stream", "title", "head"):
                if not isinstance(about[key], str):
                    raise ValueError(key)
            for paper in about["papers"]:
                if not all(isinstance(paper[key], str) for key in ("path", "name", "digest")):
                    raise ValueError("papers")
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(where) from error
        return dict(about)


def _unreadable(path: Path) -> BoleError:
    text = Text(
        "这不是伯乐的归档包，或已损坏到无法打开",
        "This is not an archive package of bole, or too damaged to be opened",
    )
    return BoleError(Problem("PACKAGE_UNREADABLE", text, str(path)))


def _entries(files: _Files) -> Iterator[Sealed]:
    """The lines of the record; a line that cannot be read is an entry without a number."""
    if not files.has(RECORD):
        return
    try:
        with files.read(RECORD) as opened:
            while line := opened.readline(LARGEST_LINE):
                try:
                    content = parse(line)
                    found = content.pop("hash")
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    content, found = {}, ""
                yield content, found
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
        yield {}, ""


MISSING = Text("文件缺失", "the file is missing")
DAMAGED = Text("文件已损坏，无法读取", "the file is damaged and cannot be read")
CHANGED = Text("文件内容被改动，与清单不符", "the file was changed: it does not fit the manifest")
EXTRA = Text("文件不在清单中，是后来加入的", "the file is not in the manifest: it was added later")


def _problem(code: str, text: Text, where: str, **values: Any) -> Problem:
    return Problem(code, text.fill(**values) if values else text, where)


def _check_entries(files: _Files, report: PackageReport) -> None:
    """Every stored paper of every entry is there, with the content that the entry sealed."""
    listed: dict[str, list[str]] = {}  # digest that package.json states → paths
    for paper in report.about["papers"]:
        listed.setdefault(paper["digest"], []).append(paper["path"])
    names = {paper["path"]: paper["name"] for paper in report.about["papers"]}
    found: dict[str, str | None] = {}  # path → real digest
    for content, _hash in _entries(files):
        if not _well_formed(content):
            detail = Text("缺少应有的内容", "it lacks what every entry has")
            _break(report, Break("changed", content["stream_sequence"], detail, content))
            return
        if content["stream"] != report.about["stream"]:
            text = Text("属于另一事项“{stream}”", "it belongs to another case, '{stream}'")
            detail = text.fill(stream=content["stream"])
            _break(report, Break("inserted", content["stream_sequence"], detail, content))
            return
        for paper in content["papers"]:
            report.papers += content["action"] == STORED
            paths = listed.get(paper["digest"], [])
            if not paths and content["action"] == STORED:
                text = Text("归档包中没有材料“{name}”", "the paper '{name}' is not in the package")
                detail = text.fill(name=paper["name"])
                _break(report, Break("paper", content["stream_sequence"], detail, content))
                return
            for path in paths:
                if path not in found:
                    found[path] = files.digest(path) if files.has(path) else ""
                if found[path] != paper["digest"]:
                    detail = _wrong_paper(paper["name"], path, found[path], listed, names)
                    _break(report, Break("paper", content["stream_sequence"], detail, content))
                    return


def _well_formed(content: Mapping[str, Any]) -> bool:
    papers = content.get("papers")
    return (
        isinstance(content.get("stream"), str)
        and isinstance(content.get("action"), str)
        and isinstance(papers, list)
        and all(
            isinstance(paper, dict)
            and isinstance(paper.get("name"), str)
            and isinstance(paper.get("digest"), str)
            for paper in papers
        )
    )


def _wrong_paper(
    name: str,
    path: str,
    real: str | None,
    listed: Mapping[str, list[str]],
    names: Mapping[str, str],
) -> Text:
    if real == "":
        return Text("材料“{name}”（{path}）缺失", "the paper '{name}' ({path}) is missing").fill(
            name=name, path=path
        )
    if real is not None and real in listed:
        return Text(
            "材料“{name}”（{path}）被调换为“{other}”的内容",
            "the paper '{name}' ({path}) was swapped: it holds the content of '{other}'",
        ).fill(name=name, path=path, other=names[listed[real][0]])
    return Text(
        "材料“{name}”（{path}）的内容被改动",
        "the content of the paper '{name}' ({path}) was changed",
    ).fill(name=name, path=path)


def _break(report: PackageReport, broken: Break) -> None:
    chain = report.chain
    report.chain = Report(chain.count, chain.head, broken, chain.anchors)


def _check_signature(report: PackageReport, trusted: Ed25519PublicKey | None) -> None:
    key, signature = report.about.get("key", ""), report.about.get("signature", "")
    if not signature:
        if trusted is not None:
            text = Text("归档包没有签名", "the package is not signed")
            report.problems.append(Problem("PACKAGE_UNSIGNED", text, ABOUT))
        return
    try:
        signed = statement(report.about)
    except BoleError as error:
        report.problems += error.problems
        return
    problem = check_signature(signed, str(key), str(signature), trusted)
    if problem:
        report.problems.append(Problem(problem.code, problem.text, ABOUT))
    else:
        report.signed_by = Anchor("", "", 0, "", "", 0, "", str(key)).fingerprint


def _check_anchor(
    files: _Files,
    report: PackageReport,
    anchors: Sequence[Anchor],
    trusted: Ed25519PublicKey | None,
) -> None:
    """The case's last entry lies in the record that the package's anchor states."""
    about = report.about
    try:
        anchor = Anchor.from_json(canonical(about["anchor"]), ABOUT)
        index, proof = about["inclusion"]["index"], about["inclusion"]["proof"]
        steps = [bytes.fromhex(step) for step in proof]
        root = bytes.fromhex(anchor.root)
    except (KeyError, TypeError, ValueError, BoleError):
        text = Text("锚点缺失或无法读取", "the anchor is missing or cannot be read")
        report.problems.append(Problem("ANCHOR_FORMAT", text, ABOUT))
        return
    if problem := anchor.problem(trusted if anchor.signature else None):
        report.problems.append(Problem(problem.code, problem.text, ABOUT))
    if about["count"] and not verify_inclusion(
        about["head"].encode(), index, anchor.size, steps, root
    ):
        text = Text(
            "最后一条纪实不在锚点所证明的记录之中",
            "the last entry is not part of the record that the anchor states",
        )
        report.problems.append(Problem("ANCHOR_PROOF", text, ABOUT))
    for own in anchors:
        if problem := own.problem(trusted):
            report.problems.append(Problem(problem.code, problem.text, "--anchor"))
        elif own.size != anchor.size:
            text = Text(
                "所给锚点（{given}条）与归档包的锚点（{found}条）不是同一时刻，无法比对；请改用 "
                "--database 核对",
                "The given anchor ({given} entries) and the package's ({found} entries) are of "
                "different moments and cannot be compared; verify it with --database",
            ).fill(given=own.size, found=anchor.size)
            report.problems.append(Problem("ANCHOR_OTHER", text, "--anchor"))
        elif (own.head, own.root) != (anchor.head, anchor.root):
            text = Text(
                "归档包的锚点与所给锚点不符：记录被整体改写",
                "The package's anchor does not agree with the given one: the record was rewritten",
            )
            report.problems.append(Problem("ANCHOR_DIFFERS", text, "--anchor"))


def _check_bag(files: _Files, report: PackageReport) -> None:
    """The bag's manifests: every file listed, none changed, none added."""
    payload = _manifest(files.text(MANIFEST))
    tags = _manifest(files.text(TAG_MANIFEST))
    for name in (MANIFEST, TAG_MANIFEST):
        if not files.has(name):
            report.problems.append(_problem("FILE_MISSING", MISSING, name))
    for name, digest in sorted((payload | tags).items()):
        if not files.has(name):
            report.problems.append(_problem("FILE_MISSING", MISSING, name))
        elif (real := files.digest(name)) is None:
            report.problems.append(_problem("FILE_DAMAGED", DAMAGED, name))
        elif real != digest:
            report.problems.append(_problem("FILE_CHANGED", CHANGED, name))
    for name in sorted(files.names):
        if name not in payload and name not in tags and name != TAG_MANIFEST:
            report.problems.append(_problem("FILE_EXTRA", EXTRA, name))
    for name in files.outside + files.doubled:
        report.problems.append(_problem("FILE_EXTRA", EXTRA, name))


def _manifest(text: str) -> dict[str, str]:
    out = {}
    for line in text.splitlines():
        digest, _space, name = line.partition(" ")
        name = name.lstrip(" *")
        for code, character in (("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            name = name.replace(code, character)
        if name:
            out[name] = digest
    return out
