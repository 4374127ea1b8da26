"""Anchors of the record, and the archive package of a case."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bole import __version__
from bole.accounts.models import User
from bole.accounts.permissions import require
from bole.engine.chain import (
    STREAM,
    Anchor,
    MerkleAccumulator,
    canonical,
    digest_of,
    file_digest,
    inclusion_proof,
    read_private_key,
    verify_chain,
)
from bole.engine.chain.packages import (
    ABOUT,
    FORMAT,
    INDEX,
    MANIFEST,
    RECORD,
    TAG_MANIFEST,
    statement,
)
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text
from bole.record import queries, streams
from bole.record.actions import append
from bole.record.models import AnchorRecord, Entry, Head, Paper
from bole.record.sealing import content_of
from bole.record.verification import stored_anchor
from bole.units.models import Unit

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CODES = ("step", "kind")  # codes of packs: not shown where their name stands beside them


def office_name() -> str:
    """The name of the organisation: the root of the unit tree."""
    root = Unit.objects.get_first_root_node()
    return root.name if root else "bole"


def server_key() -> Ed25519PrivateKey | None:
    """The signing key that the settings point to, if its file is there (e.g. on a stick)."""
    path = Path(settings.ANCHOR_KEY) if settings.ANCHOR_KEY else None
    if path is None or not path.is_file():
        return None
    return read_private_key(path.read_bytes(), where=str(path))


@transaction.atomic
def make_anchor(*, actor: User, key: Ed25519PrivateKey | None = None) -> AnchorRecord:
    """State how far the record has come, signed by the auditor's key if one is given.

    Only what is kept outside the database proves anything later: download or print it.
    Records: record.anchor in "office". Raises BoleError (REC_HEAD) if the head does not fit.
    """
    require(actor, "record.make_anchor")
    return _anchor(actor=actor, key=key)


def _anchor(*, actor: User | None, key: Ed25519PrivateKey | None) -> AnchorRecord:
    head, readings = queries.head(), queries.head(Head.READINGS)
    tree = MerkleAccumulator()
    last = ""
    for last in _hashes(head.count):
        tree.append(last.encode())
    if tree.size != head.count or (last and last != head.hash):
        text = Text(
            "纪实链头与最后一条不符，请先校验纪实",
            "The head does not fit the last entry: verify the record first",
        )
        raise BoleError(Problem("REC_HEAD", text))
    anchor = Anchor(
        office=office_name(),
        made_at=timezone.now().astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        size=head.count,
        head=head.hash,
        root=tree.root().hex(),
        readings=readings.count,
        readings_head=readings.hash,
    )
    if key is not None:
        anchor = anchor.signed(key)
    row = AnchorRecord.objects.create(
        office=anchor.office,
        made_at=anchor.made_at,
        size=anchor.size,
        head=anchor.head,
        root=anchor.root,
        readings=anchor.readings,
        readings_head=anchor.readings_head,
        key=anchor.key,
        signature=anchor.signature,
        made_by_name=str(actor or "bole"),
    )
    append(
        actor=actor,
        action="record.anchor",
        stream=streams.OFFICE,
        after={"size": anchor.size, "head": anchor.head, "key": anchor.fingerprint},
    )
    return row


def _hashes(upto: int) -> Iterable[str]:
    rows = Entry.objects.filter(sequence__lte=upto).order_by("sequence")
    return rows.values_list("hash", flat=True).iterator(10_000)


def archive_case(
    *,
    actor: User,
    stream: str,
    destination: Path,
    title: str = "",
    key: Ed25519PrivateKey | None = None,
) -> str:
    """Write the archive package of a case to `destination`; gives the file's SHA-256.

    Contains every entry and every version of every paper, and its place in the whole record.
    The case's part is verified first. Records: record.archive in "office".
    Raises BoleError if there is nothing to archive (REC_EMPTY) or it is broken (REC_BROKEN).
    """
    require(actor, "record.read_stream", stream)
    key = key or server_key()
    entries = list(queries.entries_of(stream))
    if not entries:
        text = Text("该事项没有纪实，无可归档", "There are no entries: nothing to archive")
        raise BoleError(Problem("REC_EMPTY", text, stream))
    report = verify_chain([(content_of(e), e.hash) for e in entries], STREAM)
    if report.broken:
        raise BoleError(Problem("REC_BROKEN", report.broken.text(), stream))
    with transaction.atomic():
        anchor = stored_anchor(_anchor(actor=actor, key=key))
    title = title or streams.title(stream)
    papers = list(
        Paper.objects.filter(stream=stream, entry_number__lte=entries[-1].sequence).order_by(
            "entry_number"
        )
    )
    about = _about(stream, title, str(actor), entries, papers, anchor, key)
    _write_bag(destination, entries, papers, about)
    digest = file_digest(destination)
    with transaction.atomic():
        append(
            actor=actor,
            action="record.archive",
            stream=streams.OFFICE,
            after={"stream": stream, "title": title, "digest": digest, "count": len(entries)},
        )
    return digest


def _about(
    stream: str,
    title: str,
    actor: str,
    entries: list[Entry],
    papers: list[Paper],
    anchor: Anchor,
    key: Ed25519PrivateKey | None,
) -> dict[str, Any]:
    """What package.json states, signed if there is a key."""
    index = entries[-1].sequence - 1
    leaves = [h.encode() for h in _hashes(anchor.size)]
    about: dict[str, Any] = {
        "format": FORMAT,
        "software": f"bole {__version__}",
        "office": anchor.office,
        "stream": stream,
        "title": title,
        "made_at": anchor.made_at,
        "made_by": actor,
        "count": len(entries),
        "head": entries[-1].hash,
        "anchor": anchor.as_dict(),
        "inclusion": {"index": index, "proof": [s.hex() for s in inclusion_proof(leaves, index)]},
        "papers": [
            {
                "path": f"data/papers/{n:03d}-{_file_name(paper)}",
                "name": paper.name,
                "version": paper.version,
                "kind": paper.kind,
                "digest": paper.digest,
                "entry": paper.entry_number,
            }
            for n, paper in enumerate(papers, 1)
        ],
    }
    if key is not None:
        signature = key.sign(statement(about)).hex()
        about |= {"key": key.public_key().public_bytes_raw().hex(), "signature": signature}
    return about


def _file_name(paper: Paper) -> str:
    """The paper's name as every file system takes it; the version in front of the suffix."""
    name = "".join("_" if c in '<>:"/\\|?*%' or ord(c) < 32 else c for c in paper.name)
    path = Path(name)
    version = f" v{paper.version}" if paper.version > 1 else ""
    return f"{path.stem[:80]}{version}{path.suffix[:20]}"


def _write_bag(
    destination: Path, entries: list[Entry], papers: list[Paper], about: dict[str, Any]
) -> None:
    # Written by hand: the bagit library changes the working directory of the whole process.
    base = _base_name(about)
    digests: dict[str, str] = {}
    size = 0
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED) as bag:

        def add(name: str, content: bytes) -> None:
            nonlocal size
            bag.writestr(f"{base}/{name}", content)
            digests[name] = digest_of(content)
            size += len(content) if name.startswith("data/") else 0

        record = io.BytesIO()
        for entry in entries:
            record.write(canonical(content_of(entry) | {"hash": entry.hash}) + b"\n")
        add(RECORD, record.getvalue())
        text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
        add(ABOUT, (text + "\n").encode())
        add(INDEX, _index(entries, about).encode())
        for paper, listed in zip(papers, about["papers"], strict=True):
            bag.write(paper.path, f"{base}/{listed['path']}")
            digests[listed["path"]] = file_digest(paper.path)
            size += paper.size
        payload = "".join(f"{d}  {n}\n" for n, d in sorted(digests.items()))
        count = len(digests)
        digests.clear()
        add(MANIFEST, payload.encode())
        add("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        add("bag-info.txt", _bag_info(about, size, count).encode())
        tags = "".join(f"{d}  {n}\n" for n, d in sorted(digests.items()))
        bag.writestr(f"{base}/{TAG_MANIFEST}", tags)


def _base_name(about: dict[str, Any]) -> str:
    return "bole-" + "".join(c if c.isalnum() else "-" for c in about["stream"])


def _bag_info(about: dict[str, Any], size: int, count: int) -> str:
    def line(value: str) -> str:
        return " ".join(value.split())

    return (
        f"Source-Organization: {line(about['office'])}\n"
        f"External-Description: {line(about['title'])}\n"
        f"External-Identifier: {line(about['stream'])}\n"
        f"Bagging-Date: {about['made_at'][:10]}\n"
        f"Payload-Oxum: {size}.{count}\n"
        f"Bag-Software-Agent: {about['software']}\n"
    )


def _index(entries: list[Entry], about: dict[str, Any]) -> str:
    """The package to read, in Chinese, without any program."""
    paths: dict[str, str] = {}
    for paper in about["papers"]:
        paths.setdefault(paper["digest"], paper["path"].removeprefix("data/"))
    rows = [
        {
            "entry": entry,
            "action": streams.action_label(entry.action),
            "changes": changes(entry),
            "papers": [{**paper, "path": paths.get(paper["digest"], "")} for paper in entry.papers],
        }
        for entry in entries
    ]
    with translation.override("zh-hans"):
        made = moment(about["made_at"])
        return render_to_string("record/package.html", {"about": about, "rows": rows, "made": made})


def changes(entry: Entry) -> list[tuple[str, str, str]]:
    """What an entry changed, as (field, before, after), for people; what is empty is left out."""
    room = entry.action.partition(".")[0]
    old, new = _flat(entry.before, room), _flat(entry.after, room)
    rows = [(key, old.get(key, ""), new.get(key, "")) for key in dict.fromkeys([*old, *new])]
    return [row for row in rows if row[1] or row[2]]


def _flat(value: Any, room: str, key: str = "", prefix: str = "") -> dict[str, str]:
    """Nested content as labelled lines; a value without a name has the empty label."""
    if value is None and not prefix:
        return {}
    if not isinstance(value, dict) or set(value) in ({"zh", "en"}, {"ref", "name"}):
        return {prefix: _words(value, room, key)}
    out: dict[str, str] = {}
    for inner_key, inner in value.items():
        if inner_key in CODES and value.get("name"):
            continue
        label = streams.field_label(inner_key, room)
        out |= _flat(inner, room, inner_key, f"{prefix} · {label}" if prefix else label)
    return out


def _words(value: Any, room: str, key: str) -> str:
    """A value in words: codes by their names, days and moments as people write them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        inner = [_words(v, room, key) for v in value]
        return ("；" if any(isinstance(v, dict) for v in value) else "、").join(filter(None, inner))
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        english = (translation.get_language() or "").startswith("en")
        return str(value["en" if english else "zh"])
    if isinstance(value, dict) and set(value) == {"ref", "name"}:
        return str(value["name"] or value["ref"])
    if isinstance(value, dict):
        pairs = [(streams.field_label(k, room), _words(v, room, k)) for k, v in value.items()]
        return " ".join(f"{label} {words}" for label, words in pairs if words)
    if isinstance(value, str):
        return moment(value) or streams.value_label(key, value, room)
    return str(value)


def moment(value: str | datetime.datetime) -> str:
    """A moment as people write it, the empty text for what is none.

    An event known by its day only was stored as the day's start, and is shown as a day.
    """
    if isinstance(value, str):
        if not MOMENT.fullmatch(value):
            return ""
        value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    local = timezone.localtime(value)
    whole_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return local.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M")
