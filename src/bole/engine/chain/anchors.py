"""Anchors: signed statements of how far the record had come and what its head was.

An anchor is kept outside the database (printed, or as a small file with the auditor). A chain that
was cut off or rewritten as a whole no longer agrees with it, whoever did it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bole.engine.chain.canonical import canonical, digest_of, parse
from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

FORMAT = "bole-anchor/1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The state of the record at one moment.

    `size` entries with head hash `head` and Merkle root `root` (over the entry hashes, as text);
    the log of readings had `readings` rows with head `readings_head`. `made_at` is ISO time (UTC).
    `key` (public key) and `signature` are hexadecimal, empty when unsigned.
    """

    office: str
    made_at: str
    size: int
    head: str
    root: str
    readings: int
    readings_head: str
    key: str = ""
    signature: str = ""

    def statement(self) -> bytes:
        """The bytes that are signed: canonical JSON of everything but key and signature."""
        return canonical({"format": FORMAT} | self._content())

    def _content(self) -> dict[str, Any]:
        names = [f.name for f in fields(self) if f.name not in ("key", "signature")]
        return {name: getattr(self, name) for name in names}

    def signed(self, key: Ed25519PrivateKey) -> Anchor:
        """The same anchor with a signature."""
        return replace(
            self,
            key=key.public_key().public_bytes_raw().hex(),
            signature=key.sign(self.statement()).hex(),
        )

    @property
    def fingerprint(self) -> str:
        """A short name of the key, to compare with the one on paper; empty when unsigned."""
        return fingerprint(bytes.fromhex(self.key)) if self.key else ""

    def problem(self, trusted: Ed25519PublicKey | None = None) -> Problem | None:
        """What is wrong with the signature; None if it is good.

        With `trusted` the anchor must be signed by that key; without it an unsigned anchor is
        accepted and a signed one must agree with the key that it names.
        """
        if not self.signature:
            if trusted is None:
                return None
            text = Text("锚点没有签名", "The anchor is not signed")
            return Problem("ANCHOR_UNSIGNED", text)
        return check_signature(self.statement(), self.key, self.signature, trusted)

    def as_dict(self) -> dict[str, Any]:
        """The anchor as its file carries it."""
        signature = {"key": self.key, "signature": self.signature} if self.signature else {}
        return {"format": FORMAT} | self._content() | signature

    def to_json(self) -> str:
        """The anchor file (indented, for reading and printing)."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, where: str = "") -> Anchor:
        """Read an anchor file. Raises BoleError (ANCHOR_FORMAT) if it is none."""
        try:
            data = parse(text)
            if data.pop("format") != FORMAT:
                raise ValueError(FORMAT)
            anchor = cls(**data)
            for field in fields(cls):
                wanted = int if field.name in ("size", "readings") else str
                if type(getattr(anchor, field.name)) is not wanted:
                    raise ValueError(field.name)
            bytes.fromhex(anchor.key + anchor.signature)
        except (ValueError, TypeError, KeyError, AttributeError):
            text_ = Text("这不是伯乐的锚点文件", "This is not an anchor file of bole")
            raise BoleError(Problem("ANCHOR_FORMAT", text_, where)) from None
        return anchor


def check_signature(
    statement: bytes, key: str, signature: str, trusted: Ed25519PublicKey | None
) -> Problem | None:
    """What is wrong with an Ed25519 signature in hexadecimal; None if it is good."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        text = Text(
            "签名与内容不符：内容在签名之后被改动，或签名是伪造的",
            "The signature does not fit: the content was changed after signing, or it is forged",
        )
        return Problem("SIGNATURE_BAD", text)
    if trusted is not None and public.public_bytes_raw() != trusted.public_bytes_raw():
        text = Text(
            "签名所用密钥（{found}）不是指定的密钥（{wanted}）",
            "Signed with the key {found}, not with the expected key {wanted}",
        )
        return Problem(
            "SIGNATURE_KEY",
            text.fill(
                found=fingerprint(bytes.fromhex(key)),
                wanted=fingerprint(trusted.public_bytes_raw()),
            ),
        )
    return None


def fingerprint(public_key: bytes) -> str:
    """The first 80 bits of the key's SHA-256 in groups of four, as people compare it."""
    digest = digest_of(public_key)[:20]
    return "-".join(digest[i : i + 4] for i in range(0, 20, 4))


def new_key(password: str | None = None) -> tuple[bytes, bytes]:
    """A new Ed25519 key pair as PEM: (private, public). The private part may carry a password."""
    key = Ed25519PrivateKey.generate()
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def read_private_key(pem: bytes, password: str | None = None, where: str = "") -> Ed25519PrivateKey:
    """The auditor's key. Raises BoleError (KEY_FORMAT) for a wrong file or password."""
    try:
        key = serialization.load_pem_private_key(pem, password.encode() if password else None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    text = Text(
        "无法读取签名密钥：需要 Ed25519 私钥（PEM），口令须正确",
        "The signing key cannot be read: an Ed25519 private key (PEM) and its password are needed",
    )
    raise BoleError(Problem("KEY_FORMAT", text, where))


def read_public_key(pem: bytes, where: str = "") -> Ed25519PublicKey:
    """The public part, for checking. Raises BoleError (KEY_FORMAT)."""
    try:
        key = serialization.load_pem_public_key(pem)
        if isinstance(key, Ed25519PublicKey):
            return key
    except (ValueError, UnsupportedAlgorithm):
        pass
    text = Text("需要 Ed25519 公钥（PEM）", "An Ed25519 public key (PEM) is needed")
    raise BoleError(Problem("KEY_FORMAT", text, where))


def read_anchor_files(paths: Iterable[Path]) -> list[Anchor]:
    """Anchors from files. Raises BoleError, also for a file that cannot be read."""
    anchors = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            text = Text("无法读取锚点文件：{error}", "The anchor file cannot be read: {error}")
            problem = Problem("FILE_UNREADABLE", text.fill(error=error.strerror), str(path))
            raise BoleError(problem) from error
        anchors.append(Anchor.from_json(content, str(path)))
    return anchors
